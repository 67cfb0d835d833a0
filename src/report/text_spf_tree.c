/* text_spf_tree: see text_spf_tree.h.
 *
 *     lookups
 *         1  |- mx                         192.0.2.1, 192.0.2.2
 *         2  |- include:_spf.example.net
 *         1  |  |- a:mail.example.net      192.0.2.7
 *            |  `- ~all                    the record above goes on
 *            `- -all                       everyone else: fail
 *
 * The number is the cost of the term with everything below it. In long lists of ip4 and ip6 terms only their
 * number is shown, unless --verbose.
 */
#include "report/text_spf_tree.h"

#include "report/text_source.h"

#define MARGIN	      7
#define NOTE_COLUMN   40
#define RUN_AT_ROOT   16 /* network terms in a row that are listed one by one */
#define RUN_BELOW     3
#define MAX_ADDRESSES 2 /* of an a or mx term, that are listed */

/* Where the drawing is: what stands left of the branch, and what is known of it. */
struct branch {
	const struct text *text;
	size_t *room; /* terms that may still be drawn */
	struct slice bars;
	size_t depth;
	bool decides; /* what it says about everyone else counts: the root, and what it redirects to */
};

/* What is said beside a term. */
struct note {
	struct slice text;
	enum text_style style;
};

static struct note note_of(enum text_style style, struct slice text)
{
	return (struct note){text, style};
}

static const char *corner(const struct branch *branch, bool last)
{
	if (branch->text->options->unicode)
		return last ? "\xe2\x94\x94\xe2\x94\x80 " : "\xe2\x94\x9c\xe2\x94\x80 ";
	return last ? "`- " : "|- ";
}

static const char *bar(const struct branch *branch, bool last)
{
	if (last)
		return "   ";
	return branch->text->options->unicode ? "\xe2\x94\x82  " : "|  ";
}

static struct slice bars_below(const struct branch *branch, bool last)
{
	return arena_printf(
		branch->text->arena, "%.*s%s", (int)branch->bars.len, branch->bars.ptr, bar(branch, last));
}

static struct slice prefix_size(const struct branch *branch, struct prefix prefix)
{
	unsigned bits = (unsigned)ip_bits(prefix.ip.family) - prefix.length;
	if (bits == 0)
		return SLICE("");
	if (bits <= 32)
		return text_count(branch->text, 1ULL << bits, "address", "addresses");
	return arena_printf(branch->text->arena, "2^%u addresses", bits);
}

/* "192.0.2.1, 192.0.2.2", or how many. */
static struct slice addresses_text(const struct branch *branch, const struct spf_tree_term *term)
{
	struct arena *arena = branch->text->arena;
	if (term->network_count > MAX_ADDRESSES)
		return text_count(branch->text, term->network_count, "network", "networks");
	struct slice list = SLICE("");
	for (size_t i = 0; i < term->network_count; i++) {
		struct prefix prefix = term->networks[i];
		struct slice one = prefix.length == ip_bits(prefix.ip.family) ? ip_text(arena, prefix.ip)
									      : prefix_text(arena, prefix);
		list = arena_printf(arena, "%.*s%s%.*s", (int)list.len, list.ptr, i == 0 ? "" : ", ",
			(int)one.len, one.ptr);
	}
	return list;
}

static struct note all_note(const struct branch *branch, const struct spf_term *term)
{
	static const char *const results[] = {
		[SPF_QUALIFIER_PASS] = "pass",
		[SPF_QUALIFIER_FAIL] = "fail",
		[SPF_QUALIFIER_SOFTFAIL] = "softfail",
		[SPF_QUALIFIER_NEUTRAL] = "neutral",
	};
	if (term->qualifier == SPF_QUALIFIER_PASS)
		return note_of(TEXT_BAD, SLICE("everyone passes"));
	if (!branch->decides)
		return note_of(TEXT_FAINT, SLICE("the record above goes on"));
	return note_of(
		TEXT_PLAIN, arena_printf(branch->text->arena, "everyone else: %s", results[term->qualifier]));
}

/* What a macro stands for, for terms that have one. */
static struct note target_note(const struct branch *branch, const struct spf_tree_term *term)
{
	if (!term->has_target || slice_find(term->text, '%', 0) == term->text.len)
		return note_of(TEXT_PLAIN, SLICE(""));
	struct slice target = text_raw(branch->text, term->target);
	return note_of(TEXT_FAINT, arena_printf(branch->text->arena, "is %.*s", (int)target.len, target.ptr));
}

static struct note good_note(const struct branch *branch, const struct spf_tree_term *term)
{
	switch (term->term->kind) {
	case SPF_ALL:
		return all_note(branch, term->term);
	case SPF_IP4:
	case SPF_IP6:
		return note_of(TEXT_FAINT, prefix_size(branch, term->term->network));
	case SPF_A:
	case SPF_MX:
		return note_of(TEXT_FAINT, addresses_text(branch, term));
	case SPF_UNKNOWN:
		return note_of(TEXT_FAINT, SLICE("not known; ignored by receivers"));
	case SPF_PTR:
		return note_of(TEXT_FAINT, SLICE("by the client's own name"));
	case SPF_EXP:
		return note_of(TEXT_FAINT, SLICE("the explanation, see above"));
	case SPF_INCLUDE:
	case SPF_EXISTS:
	case SPF_REDIRECT:
		return target_note(branch, term);
	}
	return note_of(TEXT_PLAIN, SLICE(""));
}

static struct slice nothing_there(enum spf_kind kind)
{
	switch (kind) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
		return SLICE("no SPF record there");
	case SPF_A:
		return SLICE("no address there");
	case SPF_MX:
		return SLICE("no mail server with an address");
	case SPF_EXISTS:
		return SLICE("no such name");
	case SPF_EXP:
		return SLICE("no text there");
	case SPF_ALL:
	case SPF_PTR:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_UNKNOWN:
		break;
	}
	return SLICE("nothing there");
}

static struct slice broken_text(const struct spf_tree_term *term)
{
	const struct spf_node *node = term->tree;
	if (!term->term->valid)
		return SLICE("not valid: permerror");
	if (node != NULL && node->selection != NULL && node->selection->selected > 1)
		return SLICE("several SPF records there: permerror");
	return SLICE("broken: permerror");
}

static struct note note_for(const struct branch *branch, const struct spf_tree_term *term)
{
	switch (term->outcome) {
	case SPF_OUTCOME_OK:
		return good_note(branch, term);
	case SPF_OUTCOME_NONE:
		return note_of(TEXT_BAD, nothing_there(term->term->kind));
	case SPF_OUTCOME_PERMERROR:
		return note_of(TEXT_BAD, broken_text(term));
	case SPF_OUTCOME_TEMPORARY:
		return note_of(TEXT_WARNING, SLICE("DNS did not answer"));
	case SPF_OUTCOME_LOOP:
		return note_of(TEXT_BAD, SLICE("leads back to itself: a loop"));
	case SPF_OUTCOME_UNRESOLVED:
		return note_of(TEXT_NOTE, SLICE("depends on the message"));
	case SPF_OUTCOME_CUT:
		return note_of(TEXT_WARNING, SLICE("not followed"));
	}
	return note_of(TEXT_PLAIN, SLICE(""));
}

static struct slice margin_text(const struct branch *branch, unsigned lookups)
{
	if (lookups == 0)
		return text_blanks(branch->text, MARGIN);
	return arena_printf(branch->text->arena, "%*u  ", MARGIN - 2, lookups);
}

/* One line: what stands left of it, the term, and its note on the same line where that has room. */
static void put_line(
	const struct branch *branch, unsigned lookups, bool last, struct slice term, struct note note)
{
	const struct text *text = branch->text;
	struct slice margin = margin_text(branch, lookups);
	struct slice below = bars_below(branch, last);
	struct slice first = arena_printf(text->arena, "%.*s%.*s%s", (int)margin.len, margin.ptr,
		(int)branch->bars.len, branch->bars.ptr, corner(branch, last));
	struct slice next = arena_printf(text->arena, "%*s%.*s  ", MARGIN, "", (int)below.len, below.ptr);
	size_t end = text_width(first) + text_width(term);
	size_t column = end + 2 > NOTE_COLUMN ? end + 2 : NOTE_COLUMN;
	if (note.text.len == 0 || column + text_width(note.text) > text->width) {
		text_wrap(text, TEXT_PLAIN, first, next, term);
		if (note.text.len > 0)
			text_wrap(text, note.style, next, next, note.text);
		return;
	}
	buf_add(text->out, first);
	buf_add(text->out, term);
	buf_repeat(text->out, ' ', column - end);
	text_styled(text, note.style, note.text);
	text_newline(text);
}

/* A term that only names a network and about which there is nothing to say. */
static bool is_plain_network(const struct spf_tree_term *term)
{
	const struct spf_term *parsed = term->term;
	return spf_kind_is_network(parsed->kind) && parsed->valid &&
	       parsed->qualifier == SPF_QUALIFIER_PASS && term->outcome == SPF_OUTCOME_OK;
}

/* Number of plain network terms from `from` on, when they are too many to list; else 0. */
static size_t long_run(const struct branch *branch, const struct spf_node *node, size_t from)
{
	size_t end = from;
	while (end < node->count && is_plain_network(&node->terms[end]))
		end++;
	bool listed = end - from <= (branch->depth == 0 ? RUN_AT_ROOT : RUN_BELOW);
	return listed || branch->text->options->verbose ? 0 : end - from;
}

static void put_run(const struct branch *branch, const struct spf_node *node, size_t from, size_t count)
{
	size_t ip4 = 0;
	for (size_t i = from; i < from + count; i++)
		ip4 += node->terms[i].term->kind == SPF_IP4;
	struct arena *arena = branch->text->arena;
	struct slice line;
	if (ip4 == count)
		line = arena_printf(arena, "(%zu times ip4)", count);
	else if (ip4 == 0)
		line = arena_printf(arena, "(%zu times ip6)", count);
	else
		line = arena_printf(arena, "(%zu times ip4, %zu times ip6)", ip4, count - ip4);
	put_line(branch, 0, from + count == node->count, line, note_of(TEXT_PLAIN, SLICE("")));
}

static void put_node(const struct branch *branch, const struct spf_node *node);

/* The record that a term leads to. */
static void put_subtree(const struct branch *branch, const struct spf_tree_term *term, bool last)
{
	const struct spf_node *node = term->tree;
	const struct text *text = branch->text;
	struct branch below = {
		.text = text,
		.room = branch->room,
		.bars = bars_below(branch, last),
		.depth = branch->depth + 1,
		.decides = branch->decides && term->term->kind == SPF_REDIRECT,
	};
	if (node == NULL || term->outcome == SPF_OUTCOME_LOOP)
		return;
	struct slice blanks =
		arena_printf(text->arena, "%*s%.*s", MARGIN, "", (int)below.bars.len, below.bars.ptr);
	if (text->options->verbose && node->selection != NULL && node->selection->record != NULL)
		text_wrap(text, TEXT_FAINT, blanks, blanks,
			text_source(text, node->selection->answer, node->selection->record));
	if (below.depth < TEXT_SPF_TREE_MAX_DEPTH)
		put_node(&below, node);
	else if (node->count > 0)
		text_wrap(text, TEXT_FAINT, blanks, blanks, SLICE("(deeper records are not drawn)"));
}

static void put_term(const struct branch *branch, const struct spf_tree_term *term, bool last)
{
	put_line(branch, term->lookups, last, text_raw(branch->text, term->text), note_for(branch, term));
	put_subtree(branch, term, last);
}

static void put_rest(const struct branch *branch, size_t count)
{
	struct slice rest = text_count(branch->text, count, "more term", "more terms");
	put_line(branch, 0, true, arena_printf(branch->text->arena, "(%.*s)", (int)rest.len, rest.ptr),
		note_of(TEXT_PLAIN, SLICE("")));
}

static void put_node(const struct branch *branch, const struct spf_node *node)
{
	for (size_t i = 0; i < node->count;) {
		if (*branch->room == 0) {
			put_rest(branch, node->count - i);
			return;
		}
		--*branch->room;
		size_t run = long_run(branch, node, i);
		if (run > 0) {
			put_run(branch, node, i, run);
			i += run;
		} else {
			put_term(branch, &node->terms[i], i + 1 == node->count);
			i++;
		}
	}
}

void text_spf_tree(const struct text *text, const struct spf_tree *tree)
{
	size_t room = TEXT_SPF_TREE_MAX_TERMS;
	struct branch root = {.text = text, .room = &room, .bars = SLICE(""), .decides = true};
	if (tree->root->count == 0)
		return;
	text_newline(text);
	text_line(text, TEXT_FAINT, SLICE(""), SLICE("lookups"));
	put_node(&root, tree->root);
}
