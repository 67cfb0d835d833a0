/* write_diff_words: see write_diff_words.h. */
#include "report/write_diff_words.h"

#include "report/text_finding.h"

static int size_of(struct slice text)
{
	return (int)text.len;
}

/* `list` and `more` with `separator` between them. */
struct slice write_diff_words_join(
	const struct text *text, struct slice list, const char *separator, struct slice more)
{
	if (list.len == 0 || more.len == 0)
		return list.len == 0 ? more : list;
	return arena_printf(
		text->arena, "%.*s%s%.*s", size_of(list), list.ptr, separator, size_of(more), more.ptr);
}

/* --- counts --------------------------------------------------------------------------------------- */

/* "256 more IPv4 addresses": of IPv6 large networks are counted as such, for nobody reads their numbers. */
struct slice write_diff_words_addresses(const struct text *text, struct ipset set, const char *more)
{
	static const char *const families[] = {[IP_V4] = "IPv4", [IP_V6] = "IPv6"};
	const char *family = families[set.family];
	struct slice digits = ipset_count_text(text->arena, set);
	size_t count = 0;
	if (ipset_is_all(set))
		return arena_printf(text->arena, "all %s addresses", family);
	if (set.family == IP_V4 || digits.len <= 5) {
		bool one = slice_equal(digits, SLICE("1"));
		return arena_printf(text->arena, "%.*s %s%s %s", size_of(digits), digits.ptr, more, family,
			one ? "address" : "addresses");
	}
	ipset_prefixes(text->arena, set, &count);
	return arena_printf(
		text->arena, "%zu %s%s %s", count, more, family, count == 1 ? "network" : "networks");
}

bool write_diff_words_networks_differ(const struct diff_networks *networks)
{
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		if (!ipset_is_empty(networks->gained[f]) || !ipset_is_empty(networks->lost[f]))
			return true;
	return false;
}

static bool lists_differ(const struct diff_list *list)
{
	return list->gained_count + list->lost_count > 0;
}

/* --- the summary ---------------------------------------------------------------------------------- */

static void sum_up(const struct text *text, struct slice *list, struct slice phrase)
{
	*list = write_diff_words_join(text, *list, "; ", phrase);
}

static void sum_up_pass(const struct text *text, const struct diff *diff, struct slice *list)
{
	const struct diff_networks *pass = &diff->networks[SPF_PASS];
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		if (ipset_is_empty(pass->gained[f]))
			continue;
		struct slice count = write_diff_words_addresses(text, pass->gained[f], "more ");
		bool one = slice_starts(count, SLICE("1 "));
		sum_up(text, list,
			arena_printf(
				text->arena, "%.*s %s", size_of(count), count.ptr, one ? "passes" : "pass"));
	}
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		if (ipset_is_empty(pass->lost[f]))
			continue;
		struct slice count = write_diff_words_addresses(text, pass->lost[f], "");
		bool one = slice_starts(count, SLICE("1 "));
		sum_up(text, list,
			arena_printf(text->arena, "%.*s no longer %s", size_of(count), count.ptr,
				one ? "passes" : "pass"));
	}
}

static void sum_up_may_pass(const struct text *text, const struct diff *diff, struct slice *list)
{
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		struct slice more = write_diff_words_addresses(text, diff->may_pass[f], "more ");
		struct slice less = write_diff_words_addresses(text, diff->may_fail[f], "");
		if (!ipset_is_empty(diff->may_pass[f]))
			sum_up(text, list,
				arena_printf(text->arena, "%.*s may pass", size_of(more), more.ptr));
		if (!ipset_is_empty(diff->may_fail[f]))
			sum_up(text, list,
				arena_printf(
					text->arena, "%.*s can no longer pass", size_of(less), less.ptr));
	}
}

static void sum_up_results(const struct text *text, const struct diff *diff, struct slice *list)
{
	size_t others = 0;
	sum_up_pass(text, diff, list);
	sum_up_may_pass(text, diff, list);
	if (list->len > 0) /* who passes is what counts; the other results only mirror it */
		return;
	for (size_t i = 0; i < SPF_RESULTS; i++)
		others += write_diff_words_networks_differ(&diff->networks[i]);
	if (others > 0)
		sum_up(text, list, SLICE("other SPF results"));
	if (write_diff_words_networks_differ(&diff->unresolved) || lists_differ(&diff->unresolved_terms))
		sum_up(text, list, SLICE("other terms that depend on the message"));
	else if (diff->otherwise_changed)
		sum_up(text, list, SLICE("other results where they depend on the message"));
}

static void sum_up_number(
	const struct text *text, struct slice *list, unsigned before, unsigned after, const char *what)
{
	unsigned by = after > before ? after - before : before - after;
	if (by > 0)
		sum_up(text, list,
			arena_printf(text->arena, "%u %s %s%s", by, after > before ? "more" : "fewer", what,
				by == 1 ? "" : "s"));
}

static void sum_up_spf(const struct text *text, const struct diff *diff, struct slice *list)
{
	if (!diff->spf_known)
		return;
	sum_up_results(text, diff, list);
	sum_up_number(text, list, diff->before->lookups, diff->after->lookups, "lookup");
	sum_up_number(text, list, diff->before->void_lookups, diff->after->void_lookups, "void lookup");
	if (diff->explanation_changed)
		sum_up(text, list, SLICE("another explanation"));
}

static bool same_policy(const struct diff_policy *a, const struct diff_policy *b)
{
	if (!a->known || !b->known || !a->applies || !b->applies)
		return !a->known || !b->known || a->applies == b->applies;
	return a->policy == b->policy && (a->pct == b->pct || a->policy == DMARC_NONE);
}

bool write_diff_words_level_differs(const struct diff *diff, size_t reading, size_t level)
{
	return !same_policy(&diff->before->policies[reading][level], &diff->after->policies[reading][level]);
}

static void sum_up_dmarc(const struct text *text, const struct diff *diff, struct slice *list)
{
	bool weaker = false, stronger = false, differs = false;
	for (size_t r = 0; r < DIFF_READINGS; r++) {
		for (size_t l = 0; l < DIFF_LEVELS; l++) {
			weaker = weaker || diff->policies[r][l] == DIFF_WEAKER;
			stronger = stronger || diff->policies[r][l] == DIFF_STRONGER;
			differs = differs || write_diff_words_level_differs(diff, r, l);
		}
	}
	if (weaker)
		sum_up(text, list, SLICE("policy weaker"));
	if (stronger)
		sum_up(text, list, SLICE("policy stronger"));
	if (differs && !weaker && !stronger)
		sum_up(text, list, SLICE("another policy"));
	if (diff->strict_dkim != DIFF_SAME || diff->strict_spf != DIFF_SAME || diff->organization_changed)
		sum_up(text, list, SLICE("alignment changes"));
	if (lists_differ(&diff->rua) || lists_differ(&diff->ruf))
		sum_up(text, list, SLICE("other report addresses"));
}

static void sum_up_findings(
	const struct text *text, struct slice *list, const char *what, const struct findings *findings)
{
	struct slice counts = text_finding_counts(text, findings);
	if (counts.len > 0)
		sum_up(text, list, arena_printf(text->arena, "%s: %.*s", what, size_of(counts), counts.ptr));
}

struct slice write_diff_words_summary(const struct text *text, const struct diff *diff)
{
	struct slice list = SLICE("");
	sum_up_spf(text, diff, &list);
	sum_up_dmarc(text, diff, &list);
	sum_up_findings(text, &list, "new", &diff->new_findings);
	sum_up_findings(text, &list, "fixed", &diff->fixed_findings);
	return list;
}

struct slice write_diff_words_denials(const struct text *text, unsigned denials)
{
	struct slice list = SLICE("");
	for (unsigned bit = DIFF_DENY_WIDEN; bit <= DIFF_DENY_NEW_WARNINGS; bit *= 2)
		if ((denials & bit) != 0)
			list = write_diff_words_join(
				text, list, ", ", slice_cstr(write_diff_denial_text((enum diff_denial)bit)));
	return list;
}

/* --- the run -------------------------------------------------------------------------------------- */

struct slice write_diff_words_total(const struct text *text, const struct write_diff_total *total)
{
	struct slice domains = text_count(text, total->domains, "domain", "domains");
	struct slice line;
	if (total->on_mail == 0 && total->incomplete == 0)
		line = arena_printf(
			text->arena, "no effect on mail: %.*s compared", size_of(domains), domains.ptr);
	else
		line = arena_printf(text->arena, "%.*s compared, %zu with an effect on mail",
			size_of(domains), domains.ptr, total->on_mail);
	if (total->on_mail == 0 && total->incomplete > 0)
		line = arena_printf(
			text->arena, "%.*s compared, no effect found", size_of(domains), domains.ptr);
	if (total->incomplete > 0)
		line = arena_printf(
			text->arena, "%.*s; %zu incomplete", size_of(line), line.ptr, total->incomplete);
	if (total->denied > 0) {
		struct slice denials = write_diff_words_denials(text, total->denials);
		line = arena_printf(text->arena, "%.*s; %zu denied (%.*s)", size_of(line), line.ptr,
			total->denied, size_of(denials), denials.ptr);
	}
	return line;
}
