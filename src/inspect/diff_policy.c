/* diff_policy: see diff_policy.h (RFC 9989 4.7, 4.10.1; RFC 7489 6.3, 6.6.4).
 *
 *     p=reject; pct=50     half of the mail reject, half quarantine     250
 *     p=reject; pct=0      all of it quarantine                         200
 *     p=quarantine         all of it quarantine                         200     the same
 */
#include "inspect/diff_policy.h"

#include "inspect/diff_networks.h"

unsigned diff_policy_strength(const struct diff_policy *policy)
{
	if (!policy->applies)
		return 0;
	switch (policy->policy) {
	case DMARC_NONE:
		return 100;
	case DMARC_QUARANTINE:
		return 100 + policy->pct;
	case DMARC_REJECT:
		return 200 + policy->pct;
	}
	return 0;
}

static enum diff_direction compare_policies(const struct diff_policy *before, const struct diff_policy *after)
{
	if (!before->known || !after->known)
		return DIFF_SAME;
	unsigned was = diff_policy_strength(before), is = diff_policy_strength(after);
	if (was == is)
		return DIFF_SAME;
	return is > was ? DIFF_STRONGER : DIFF_WEAKER;
}

static enum diff_direction compare_strict(bool before, bool after)
{
	if (before == after)
		return DIFF_SAME;
	return after ? DIFF_STRONGER : DIFF_WEAKER;
}

static void compare_alignment(struct diff *out)
{
	const struct diff_alignment *before = &out->before->alignment, *after = &out->after->alignment;
	if (!before->known || !after->known)
		return;
	out->strict_dkim = compare_strict(before->strict_dkim, after->strict_dkim);
	out->strict_spf = compare_strict(before->strict_spf, after->strict_spf);
	out->organization_changed = before->organization_known && after->organization_known &&
				    !name_equal(before->organization, after->organization);
}

void diff_policy_compare(struct arena *arena, struct diff *out)
{
	const struct diff_side *before = out->before, *after = out->after;
	for (size_t r = 0; r < DIFF_READINGS; r++)
		for (size_t l = 0; l < DIFF_LEVELS; l++)
			out->policies[r][l] =
				compare_policies(&before->policies[r][l], &after->policies[r][l]);
	compare_alignment(out);
	out->reports_known = before->reports_known && after->reports_known;
	if (!out->reports_known)
		return;
	diff_networks_lists(arena, before->rua, before->rua_count, after->rua, after->rua_count, &out->rua);
	diff_networks_lists(arena, before->ruf, before->ruf_count, after->ruf, after->ruf_count, &out->ruf);
}

bool diff_policy_has(const struct diff *diff, enum diff_direction direction)
{
	for (size_t r = 0; r < DIFF_READINGS; r++)
		for (size_t l = 0; l < DIFF_LEVELS; l++)
			if (diff->policies[r][l] == direction)
				return true;
	return false;
}

bool diff_policy_differs(const struct diff *diff)
{
	bool reports = diff->rua.gained_count > 0 || diff->rua.lost_count > 0 || diff->ruf.gained_count > 0 ||
		       diff->ruf.lost_count > 0;
	return diff_policy_has(diff, DIFF_WEAKER) || diff_policy_has(diff, DIFF_STRONGER) || reports ||
	       diff->strict_dkim != DIFF_SAME || diff->strict_spf != DIFF_SAME || diff->organization_changed;
}
