/* diff: see diff.h. */
#include "inspect/diff_changes.h"
#include "inspect/diff_findings.h"
#include "inspect/diff_networks.h"
#include "inspect/diff_policy.h"

static void conclude(struct diff *out)
{
	bool costs_differ = out->spf_known && (out->before->lookups != out->after->lookups ||
						      out->before->void_lookups != out->after->void_lookups);
	out->on_mail = diff_networks_differ(out) || diff_policy_differs(out) || out->explanation_changed;
	out->changed =
		out->on_mail || costs_differ || out->new_findings.count > 0 || out->fixed_findings.count > 0;
}

void diff_compare(struct arena *arena, struct name domain, const struct diff_side *before,
	const struct diff_side *after, unsigned deny, struct diff *out)
{
	*out = (struct diff){.domain = domain, .before = before, .after = after};
	out->spf_known = before->spf_known && after->spf_known;
	out->dmarc_known = before->dmarc_known && after->dmarc_known;
	diff_networks_compare(arena, out);
	out->explanation_changed = before->explanation_known && after->explanation_known &&
				   !slice_equal(before->explanation, after->explanation);
	diff_policy_compare(arena, out);
	diff_findings_compare(arena, out);
	conclude(out);
	diff_changes_list(arena, deny, out);
}

bool diff_is_incomplete(const struct diff *diff)
{
	return diff->before->incomplete_count > 0 || diff->after->incomplete_count > 0 || !diff->spf_known ||
	       !diff->dmarc_known;
}
