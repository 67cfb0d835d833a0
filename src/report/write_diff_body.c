/* write_diff_body: see write_diff_body.h. */
#include "report/write_diff_body.h"

#include "report/text_finding.h"
#include "report/write_diff_words.h"
#include "rules/message.h"
#include "spf/spf_partition.h"

#define LABEL	  7  /* column of what a line is about */
#define VALUE	  21 /* column of what is said about it */
#define MAX_PASS  10 /* networks shown, without -v, that pass or no longer do */
#define MAX_OTHER 3  /* of other results */

static int size_of(struct slice text)
{
	return (int)text.len;
}

static const char *const level_names[DIFF_LEVELS] = {
	[DIFF_OWN] = "policy",
	[DIFF_SUBDOMAIN] = "subdomains",
	[DIFF_NONEXISTENT] = "nonexistent",
};

static const char *const reading_names[DIFF_READINGS] = {
	[DIFF_RFC9989] = "RFC 9989",
	[DIFF_RFC7489] = "RFC 7489",
};

/* --- lines ---------------------------------------------------------------------------------------- */

/* The left side of the next line: "SPF" once, a label once for the lines below it. */
struct lines {
	const struct text *text;
	const char *section;
	const char *label;
};

static struct slice margin_of(struct lines *lines)
{
	struct slice margin = arena_printf(
		lines->text->arena, "%-*s%-*s", LABEL, lines->section, VALUE - LABEL, lines->label);
	lines->section = lines->label = "";
	return margin;
}

static void put(struct lines *lines, enum text_style style, struct slice shown)
{
	struct slice margin = margin_of(lines);
	text_wrap(lines->text, style, margin, text_blanks(lines->text, VALUE), shown);
}

static void put_signed(struct lines *lines, char sign, struct slice shown)
{
	struct slice first = arena_printf(lines->text->arena, "%.*s%c ", VALUE, margin_of(lines).ptr, sign);
	text_wrap(lines->text, sign == '+' ? TEXT_GOOD : TEXT_BAD, first, text_blanks(lines->text, VALUE + 2),
		shown);
}

static void put_more(struct lines *lines, size_t count, const char *one, const char *many)
{
	if (count > 0)
		put(lines, TEXT_FAINT,
			arena_printf(lines->text->arena, "  and %zu more %s (-v shows %s)", count,
				count == 1 ? one : many, count == 1 ? "it" : "them"));
}

/* "+256 IPv4 addresses, -1 IPv6 network" */
static struct slice signed_addresses(const struct text *text, const struct diff_networks *networks)
{
	struct slice list = SLICE("");
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		struct ipset sets[] = {networks->gained[f], networks->lost[f]};
		for (size_t i = 0; i < 2; i++) {
			if (ipset_is_empty(sets[i]))
				continue;
			struct slice one = write_diff_words_addresses(text, sets[i], "");
			list = write_diff_words_join(text, list, ", ",
				arena_printf(text->arena, "%c%.*s", "+-"[i], size_of(one), one.ptr));
		}
	}
	return list;
}

/* --- SPF ------------------------------------------------------------------------------------------ */

/* Networks of one sign, as far as *left goes; returns how many were left out. */
static size_t put_networks(struct lines *lines, char sign, struct ipset set, size_t *left)
{
	struct arena_mark mark = arena_mark(lines->text->arena);
	size_t count;
	const struct prefix *prefixes = ipset_prefixes(lines->text->arena, set, &count);
	size_t shown = count < *left ? count : *left;
	for (size_t i = 0; i < shown; i++)
		put_signed(lines, sign, prefix_text(lines->text->arena, prefixes[i]));
	*left -= shown;
	arena_rewind(lines->text->arena, mark);
	return count - shown;
}

static void put_result(
	struct lines *lines, const char *label, const struct diff_networks *networks, size_t max)
{
	size_t hidden = 0, left = lines->text->options->verbose ? SIZE_MAX : max;
	if (!write_diff_words_networks_differ(networks))
		return;
	lines->label = label;
	put(lines, TEXT_STRONG, signed_addresses(lines->text, networks));
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		hidden += put_networks(lines, '+', networks->gained[f], &left);
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		hidden += put_networks(lines, '-', networks->lost[f], &left);
	put_more(lines, hidden, "network", "networks");
}

static void put_list(struct lines *lines, const char *label, const struct diff_list *list)
{
	lines->label = label;
	for (size_t i = 0; i < list->gained_count; i++)
		put_signed(lines, '+', text_raw(lines->text, list->gained[i]));
	for (size_t i = 0; i < list->lost_count; i++)
		put_signed(lines, '-', text_raw(lines->text, list->lost[i]));
	lines->label = "";
}

static void put_number(
	struct lines *lines, const char *label, unsigned before, unsigned after, unsigned limit)
{
	if (before == after)
		return;
	lines->label = label;
	put(lines, after > limit ? TEXT_BAD : TEXT_PLAIN,
		arena_printf(lines->text->arena, "%u -> %u (at most %u)", before, after, limit));
}

static void put_explanation(struct lines *lines, const struct diff *diff)
{
	if (!diff->explanation_changed)
		return;
	lines->label = "explanation";
	if (diff->after->explanation.len > 0)
		put_signed(lines, '+', text_raw(lines->text, diff->after->explanation));
	if (diff->before->explanation.len > 0)
		put_signed(lines, '-', text_raw(lines->text, diff->before->explanation));
	lines->label = "";
}

static void put_status(struct lines *lines, enum section_status before, enum section_status after)
{
	static const char *const words[] = {
		[STATUS_VALID] = "valid",
		[STATUS_INVALID] = "broken",
		[STATUS_NONE] = "no record",
		[STATUS_UNKNOWN] = "not known",
	};
	if (before == after)
		return;
	lines->label = "record";
	put(lines, TEXT_PLAIN, arena_printf(lines->text->arena, "%s -> %s", words[before], words[after]));
}

static void put_otherwise(struct lines *lines, const struct diff *diff)
{
	if (!diff->otherwise_changed)
		return;
	if (!write_diff_words_networks_differ(&diff->unresolved))
		lines->label = "unresolved";
	put(lines, TEXT_PLAIN, SLICE("another result when no term that depends on the message matches"));
}

static void put_spf(const struct text *text, const struct diff *diff)
{
	const struct diff_side *before = diff->before, *after = diff->after;
	struct lines lines = {text, "SPF", ""};
	if (!diff->spf_known) {
		text_labelled(text, TEXT_WARNING, 0, "SPF", LABEL, SLICE("not compared for now"));
		return;
	}
	put_status(&lines, before->spf_status, after->spf_status);
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		enum spf_result result = spf_partition_order(i);
		put_result(&lines, spf_result_text(result), &diff->networks[result],
			result == SPF_PASS ? MAX_PASS : MAX_OTHER);
	}
	struct diff_networks may_pass;
	memcpy(may_pass.gained, diff->may_pass, sizeof may_pass.gained);
	memcpy(may_pass.lost, diff->may_fail, sizeof may_pass.lost);
	put_result(&lines, "may pass", &may_pass, MAX_OTHER);
	put_result(&lines, "unresolved", &diff->unresolved, MAX_OTHER);
	put_otherwise(&lines, diff);
	put_list(&lines, "terms", &diff->unresolved_terms);
	put_number(&lines, "lookups", before->lookups, after->lookups, SPF_LOOKUP_LIMIT);
	put_number(&lines, "void lookups", before->void_lookups, after->void_lookups, SPF_VOID_LIMIT);
	put_explanation(&lines, diff);
}

/* --- DMARC ---------------------------------------------------------------------------------------- */

static struct slice policy_text(const struct text *text, const struct diff_policy *policy)
{
	if (!policy->known)
		return SLICE("not known");
	if (!policy->applies)
		return SLICE("no policy");
	const char *word = dmarc_policy_text(policy->policy);
	return policy->pct < 100 && policy->policy != DMARC_NONE
		       ? arena_printf(text->arena, "%s for %u%%", word, policy->pct)
		       : slice_cstr(word);
}

/* "reject -> none (weaker)"; empty when nothing differs. */
static struct slice level_text(const struct text *text, const struct diff *diff, size_t reading, size_t level)
{
	static const char *const directions[] = {
		[DIFF_SAME] = "", [DIFF_STRONGER] = " (stronger)", [DIFF_WEAKER] = " (weaker)"};
	enum diff_direction direction = diff->policies[reading][level];
	if (direction == DIFF_SAME && !write_diff_words_level_differs(diff, reading, level))
		return SLICE("");
	struct slice before = policy_text(text, &diff->before->policies[reading][level]);
	struct slice after = policy_text(text, &diff->after->policies[reading][level]);
	return arena_printf(text->arena, "%.*s -> %.*s%s", size_of(before), before.ptr, size_of(after),
		after.ptr, directions[direction]);
}

/* Both readings are told only where they differ. */
static void put_level(struct lines *lines, const struct diff *diff, size_t level)
{
	const struct text *text = lines->text;
	struct slice said[DIFF_READINGS];
	for (size_t r = 0; r < DIFF_READINGS; r++)
		said[r] = level_text(text, diff, r, level);
	bool agree = slice_equal(said[DIFF_RFC9989], said[DIFF_RFC7489]);
	lines->label = level_names[level];
	for (size_t r = 0; r < DIFF_READINGS; r++) {
		if (said[r].len == 0 || (agree && r > 0))
			continue;
		bool weaker = diff->policies[r][level] == DIFF_WEAKER;
		put(lines, weaker ? TEXT_BAD : TEXT_PLAIN,
			agree ? said[r]
			      : arena_printf(text->arena, "%.*s by %s", size_of(said[r]), said[r].ptr,
					reading_names[r]));
	}
	lines->label = "";
}

static void put_alignment(
	struct lines *lines, const char *what, bool before, bool after, enum diff_direction direction)
{
	static const char *const words[] = {"relaxed", "strict"};
	if (direction == DIFF_SAME)
		return;
	put(lines, TEXT_PLAIN,
		arena_printf(lines->text->arena, "%s %s -> %s", what, words[before], words[after]));
}

static void put_alignments(struct lines *lines, const struct diff *diff)
{
	const struct diff_alignment *before = &diff->before->alignment, *after = &diff->after->alignment;
	lines->label = "alignment";
	put_alignment(lines, "SPF", before->strict_spf, after->strict_spf, diff->strict_spf);
	put_alignment(lines, "DKIM", before->strict_dkim, after->strict_dkim, diff->strict_dkim);
	if (diff->organization_changed) {
		struct slice old = text_name(lines->text, before->organization);
		struct slice new = text_name(lines->text, after->organization);
		put(lines, TEXT_PLAIN,
			arena_printf(lines->text->arena, "organizational domain %.*s -> %.*s", size_of(old),
				old.ptr, size_of(new), new.ptr));
	}
	lines->label = "";
}

static void put_dmarc(const struct text *text, const struct diff *diff)
{
	struct lines lines = {text, "DMARC", ""};
	if (!diff->dmarc_known) {
		text_labelled(text, TEXT_WARNING, 0, "DMARC", LABEL,
			SLICE("not everything can be compared for now"));
		lines.section = "";
	} else {
		put_status(&lines, diff->before->dmarc_status, diff->after->dmarc_status);
	}
	for (size_t level = 0; level < DIFF_LEVELS; level++)
		put_level(&lines, diff, level);
	put_alignments(&lines, diff);
	put_list(&lines, "reports", &diff->rua);
	put_list(&lines, "failures", &diff->ruf);
}

/* --- findings ------------------------------------------------------------------------------------- */

/* "error[spf-ptr] at _spf.example.com: the same as for example.com" */
static void put_same(const struct text *text, const struct finding *finding, struct slice domain)
{
	struct slice name = text_shown(text, finding->place.name);
	struct slice first = text_shown(text, domain);
	text_wrap(text, TEXT_PLAIN, SLICE(""), text_blanks(text, 2),
		arena_printf(text->arena, "%s[%s] at %.*s: the same as for %.*s",
			severity_text(finding->severity), rule_get(finding->rule)->id, size_of(name),
			name.ptr, size_of(first), first.ptr));
}

/* What was told of another domain before needs no more than one line. */
static void put_findings(const struct text *text, struct write_diff_seen *seen, const struct diff *diff,
	const struct findings *findings)
{
	struct findings fresh, told;
	findings_init(&fresh, text->arena);
	findings_init(&told, text->arena);
	struct slice *firsts = arena_alloc(text->arena, (findings->count + 1) * sizeof *firsts);
	struct slice domain = name_text(text->arena, diff->domain);
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		bool is_new;
		const struct write_diff_seen_item *item =
			write_diff_seen_note(seen, text->arena, diff->domain, finding, &is_new);
		bool is_same = !is_new && !text->options->verbose && !slice_equal(item->domain, domain);
		if (is_same)
			firsts[told.count] = item->domain;
		*findings_add(is_same ? &told : &fresh, finding->rule) = *finding;
	}
	text_finding_list(text, &fresh);
	if (told.count > 0)
		text_newline(text);
	for (size_t i = 0; i < told.count && i < TEXT_FINDING_MAX; i++)
		put_same(text, &told.items[i], firsts[i]);
	if (told.count > TEXT_FINDING_MAX)
		text_wrap(text, TEXT_FAINT, SLICE(""), SLICE(""),
			arena_printf(text->arena, "and %zu more that were told before",
				told.count - TEXT_FINDING_MAX));
}

/* The change itself where it is worth more than the lines above: what is denied; all with -v. */
static void put_changes(const struct text *text, struct write_diff_seen *seen, const struct diff *diff)
{
	struct findings shown;
	findings_init(&shown, text->arena);
	for (size_t i = 0; i < diff->changes.count; i++) {
		const struct finding *change = &diff->changes.items[i];
		if (text->options->verbose || (diff->denied != 0 && change->severity == SEVERITY_ERROR))
			*findings_add(&shown, change->rule) = *change;
	}
	put_findings(text, seen, diff, &shown);
}

static void put_fixed(const struct text *text, const struct diff *diff)
{
	const struct findings *fixed = &diff->fixed_findings;
	if (fixed->count > 0)
		text_newline(text);
	for (size_t i = 0; i < fixed->count && i < TEXT_FINDING_MAX; i++) {
		struct arena_mark mark = arena_mark(text->arena);
		const struct finding *finding = &fixed->items[i];
		struct slice message = text_shown(text, message_text(text->arena, finding));
		struct slice name = text_shown(text, finding->place.name);
		text_wrap(text, TEXT_GOOD, SLICE(""), text_blanks(text, 2),
			arena_printf(text->arena, "fixed: %s[%s] at %.*s: %.*s",
				severity_text(finding->severity), rule_get(finding->rule)->id, size_of(name),
				name.ptr, size_of(message), message.ptr));
		arena_rewind(text->arena, mark);
	}
	if (fixed->count > TEXT_FINDING_MAX)
		text_wrap(text, TEXT_FAINT, SLICE(""), SLICE(""),
			arena_printf(text->arena, "fixed: %zu more", fixed->count - TEXT_FINDING_MAX));
}

static void put_unchanged(const struct text *text, const struct diff *diff)
{
	struct slice counts = text_finding_counts(text, &diff->unchanged_findings);
	if (counts.len == 0)
		return;
	text_newline(text);
	text_wrap(text, TEXT_FAINT, SLICE(""), text_blanks(text, 2),
		arena_printf(text->arena, "as before: %.*s (mailauth check shows %s)", size_of(counts),
			counts.ptr, diff->unchanged_findings.count == 1 ? "it" : "them"));
}

static void put_uncertain(const struct text *text, const struct diff *diff)
{
	if (diff->uncertain_findings == 0)
		return;
	struct slice count = text_count(text, diff->uncertain_findings, "finding", "findings");
	text_newline(text);
	text_wrap(text, TEXT_FAINT, SLICE(""), text_blanks(text, 2),
		arena_printf(text->arena, "%.*s: not known for now whether new or fixed", size_of(count),
			count.ptr));
}

static void put_failures(const struct text *text, const char *side, const struct diff_side *of)
{
	for (size_t i = 0; i < of->incomplete_count; i++) {
		struct arena_mark mark = arena_mark(text->arena);
		struct slice line = text_finding_failure(text, of->incomplete[i]);
		text_wrap(text, TEXT_PLAIN, text_blanks(text, 2), text_blanks(text, 4),
			arena_printf(text->arena, "%s: %.*s", side, size_of(line), line.ptr));
		arena_rewind(text->arena, mark);
	}
}

static void put_incomplete(const struct text *text, const struct diff *diff)
{
	if (diff->before->incomplete_count + diff->after->incomplete_count == 0)
		return;
	text_newline(text);
	text_wrap(text, TEXT_WARNING, SLICE(""), text_blanks(text, 2),
		SLICE("incomplete: DNS did not answer everything; what that hides is not compared"));
	put_failures(text, "before", diff->before);
	put_failures(text, "after", diff->after);
}

void write_diff_body(const struct text *text, struct write_diff_seen *seen, const struct diff *diff)
{
	size_t start = text->out->len;
	text_newline(text);
	put_spf(text, diff);
	put_dmarc(text, diff);
	if (text->out->len == start + 1) /* nothing to stand behind an empty line */
		text->out->len = start;
	put_incomplete(text, diff);
	put_changes(text, seen, diff);
	put_findings(text, seen, diff, &diff->new_findings);
	put_fixed(text, diff);
	put_unchanged(text, diff);
	put_uncertain(text, diff);
}
