/* text_spf: see text_spf.h. The record, what it means in plain words, and the tree. */
#include "report/text_spf.h"

#include "report/caret.h"
#include "report/text_source.h"
#include "report/text_spf_tree.h"

#define MAX_RECORDS 5 /* of several at one name that are shown */

static void put_fact(const struct text *text, enum text_style style, const char *label, struct slice shown)
{
	text_labelled(text, style, TEXT_BODY, label, TEXT_VALUE, shown);
}

static struct slice valid_text(const struct text *text, const struct spf_selection *selection)
{
	struct slice time = text_duration(text, selection->answer->ttl);
	return arena_printf(text->arena, "valid (a change takes up to %.*s to spread: TTL %u)", (int)time.len,
		time.ptr, (unsigned)selection->answer->ttl);
}

static struct slice invalid_text(const struct text *text, const struct spf_tree *tree)
{
	const struct spf_selection *selection = tree->root->selection;
	if (selection != NULL && selection->selected > 1)
		return arena_printf(text->arena,
			"permerror: there are %zu SPF records, so receivers use none of them",
			selection->selected);
	if (tree->root->record != NULL && !tree->root->record->valid)
		return SLICE("permerror: receivers treat the whole record as broken");
	return SLICE("permerror, unless an earlier term matches: see the errors below");
}

static void put_result(const struct text *text, const struct verdict_spf *spf)
{
	switch (spf->status) {
	case STATUS_VALID:
		put_fact(text, TEXT_PLAIN, "result", valid_text(text, spf->tree->root->selection));
		break;
	case STATUS_INVALID:
		put_fact(text, TEXT_BAD, "result", invalid_text(text, spf->tree));
		break;
	case STATUS_NONE:
		put_fact(text, TEXT_PLAIN, "result", SLICE("none: SPF says nothing about who may send"));
		break;
	case STATUS_UNKNOWN:
		put_fact(text, TEXT_WARNING, "result",
			SLICE("not known: DNS did not answer everything, see below"));
		break;
	}
}

/* "3 of 10 allowed", "12, but only 10 are allowed" */
static void put_count(
	const struct text *text, const char *label, bool exact, unsigned count, int limit, const char *remark)
{
	bool over = count > (unsigned)limit;
	put_fact(text, over ? TEXT_BAD : TEXT_PLAIN, label,
		arena_printf(text->arena, "%s%u%s %d%s%s", exact ? "" : "at least ", count,
			over ? ", but only" : " of", limit, over ? " are allowed" : " allowed", remark));
}

static void put_lookups(const struct text *text, const struct spf_tree *tree)
{
	put_count(text, "lookups", !tree->cut, tree->lookups, SPF_LOOKUP_LIMIT, "");
	put_count(text, "void", tree->complete, tree->void_lookups, SPF_VOID_LIMIT,
		" (lookups that find nothing)");
}

static struct slice ipv6_text(const struct text *text, struct ipset set)
{
	size_t count = 0;
	const struct prefix *prefixes = ipset_prefixes(text->arena, set, &count);
	bool single = true;
	for (size_t i = 0; i < count; i++)
		single = single && prefixes[i].length == ip_bits(IP_V6);
	if (ipset_is_all(set))
		return SLICE("every IPv6 address");
	if (count == 0)
		return SLICE("no IPv6 address");
	if (single)
		return text_count(text, count, "IPv6 address", "IPv6 addresses");
	return text_count(text, count, "IPv6 network", "IPv6 networks");
}

static struct slice ipv4_text(const struct text *text, struct ipset set)
{
	if (ipset_is_all(set))
		return SLICE("every IPv4 address");
	if (ipset_is_empty(set))
		return SLICE("no IPv4 address");
	return text_count(text, ipset_count_v4(set), "IPv4 address", "IPv4 addresses");
}

/* What is to be said when the sets are not all. */
static const char *gap_text(const struct spf_tree *tree)
{
	if (tree->complete)
		return "";
	if (tree->temporary)
		return "; there may be more, DNS did not answer everything";
	return tree->cut ? "; there may be more, not everything was followed"
			 : "; more depends on the message (macros)";
}

static void put_networks(const struct text *text, const struct spf_tree *tree)
{
	struct slice ipv4 = ipv4_text(text, tree->ipv4);
	struct slice ipv6 = ipv6_text(text, tree->ipv6);
	bool open = ipset_is_all(tree->ipv4) || ipset_is_all(tree->ipv6);
	put_fact(text, open ? TEXT_BAD : TEXT_PLAIN, "may send",
		arena_printf(text->arena, "%.*s, %.*s%s", (int)ipv4.len, ipv4.ptr, (int)ipv6.len, ipv6.ptr,
			gap_text(tree)));
}

static struct slice default_text(enum spf_result result)
{
	switch (result) {
	case SPF_FAIL:
		return SLICE("fail: receivers may refuse such mail");
	case SPF_SOFTFAIL:
		return SLICE("softfail: usually accepted, but marked as suspicious");
	case SPF_NEUTRAL:
		return SLICE("neutral: handled as if there were no SPF record");
	case SPF_PASS:
		return SLICE("pass: anybody may send as this domain");
	case SPF_NONE:
		return SLICE("none: SPF says nothing about it");
	case SPF_TEMPERROR:
		return SLICE("temperror: receivers try again later");
	case SPF_PERMERROR:
		return SLICE("permerror: broken");
	}
	return SLICE("");
}

static void put_default(const struct text *text, const struct spf_tree *tree)
{
	bool bad = tree->default_known && tree->default_result == SPF_PASS;
	put_fact(text, bad ? TEXT_BAD : TEXT_PLAIN, "others get",
		tree->default_known ? default_text(tree->default_result)
				    : SLICE("not known: it depends on a record that is not known here"));
}

static void put_quoted(const struct text *text, struct slice raw)
{
	struct slice shown = text_raw(text, raw);
	struct slice margin = text_blanks(text, TEXT_VALUE + 2);
	text_wrap(text, TEXT_PLAIN, margin, margin, shown);
}

/* What the text becomes for a sample message, and whether anybody can ever read that. */
static void put_explained(const struct text *text, const struct spf_explanation *explanation)
{
	struct slice margin = text_blanks(text, TEXT_VALUE);
	if (!explanation->valid) {
		text_wrap(text, TEXT_WARNING, margin, margin,
			SLICE("it cannot be used, so receivers refuse without it"));
		return;
	}
	text_wrap(text, TEXT_PLAIN, margin, margin,
		explanation->reachable ? SLICE("a refused sender may be shown, for example:")
				       : SLICE("for example:"));
	put_quoted(text, explanation->example);
	if (!explanation->reachable)
		text_wrap(text, TEXT_NOTE, margin, margin,
			SLICE("but nobody is ever shown it: no mail can get fail from this record"));
}

static void put_explanation(const struct text *text, const struct spf_explanation *explanation)
{
	if (explanation == NULL)
		return;
	struct slice domain = text_raw(text, explanation->domain);
	struct slice at = arena_printf(text->arena, "at %.*s:", (int)domain.len, domain.ptr);
	if (!explanation->resolved) {
		put_fact(text, TEXT_NOTE, "explanation", SLICE("its place depends on the message"));
	} else if (explanation->answer != NULL && explanation->answer->kind == ANSWER_TEMPORARY) {
		put_fact(text, TEXT_WARNING, "explanation",
			arena_printf(text->arena, "%.*s DNS did not answer", (int)at.len, at.ptr));
	} else if (!explanation->has_record) {
		put_fact(text, TEXT_WARNING, "explanation",
			arena_printf(text->arena, "%.*s no usable text there", (int)at.len, at.ptr));
	} else {
		put_fact(text, TEXT_PLAIN, "explanation", at);
		put_quoted(text, explanation->record);
		put_explained(text, explanation);
	}
}

static void put_source(const struct text *text, const struct spf_selection *selection)
{
	struct slice source = text_source(text, selection->answer, selection->record);
	struct slice strings = text_source_strings(text, selection->record);
	put_fact(text, TEXT_FAINT, "answer",
		arena_printf(
			text->arena, "%.*s%.*s", (int)source.len, source.ptr, (int)strings.len, strings.ptr));
}

/* The record; of several, the first ones. */
static void put_records(const struct text *text, const struct spf_selection *selection)
{
	caret_write_plain(text, "SPF", TEXT_BODY, selection->record->data.txt.joined);
	for (size_t i = 0; selection->selected > 1 && i < selection->candidate_count && i < MAX_RECORDS; i++)
		if (selection->candidates[i] != selection->record)
			caret_write_plain(text, "", TEXT_BODY, selection->candidates[i]->data.txt.joined);
}

static void put_heading(const struct text *text, const struct verdict_spf *spf, struct name domain)
{
	const struct spf_selection *selection = spf->tree->root->selection;
	struct slice name = text_name(text, domain);
	if (selection != NULL && selection->record != NULL)
		put_records(text, selection);
	else if (spf->status == STATUS_UNKNOWN)
		text_labelled(text, TEXT_WARNING, 0, "SPF", TEXT_BODY, SLICE("could not be looked up now"));
	else
		text_labelled(text, TEXT_PLAIN, 0, "SPF", TEXT_BODY,
			arena_printf(text->arena, "no SPF record at %.*s", (int)name.len, name.ptr));
}

void text_spf(const struct text *text, const struct verdict_spf *spf, struct name domain)
{
	const struct spf_tree *tree = spf->tree;
	put_heading(text, spf, domain);
	put_result(text, spf);
	if (tree->root->record == NULL || tree->root->selection->selected > 1)
		return;
	put_lookups(text, tree);
	if (tree->root->record->valid) {
		put_networks(text, tree);
		put_default(text, tree);
	}
	put_explanation(text, spf->explanation);
	if (text->options->verbose)
		put_source(text, tree->root->selection);
	text_spf_tree(text, tree);
}
