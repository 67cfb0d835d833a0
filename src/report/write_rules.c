/* write_rules: see write_rules.h.
 *
 *     spf-lookup-limit (error)
 *       more than ten terms that need DNS
 *       RFC 7208 section 4.6.4
 *
 *       ... explanation ...
 *
 *       wrong:
 *         v=spf1 ...
 *       right:
 *         v=spf1 ...
 */
#include "report/write_rules.h"

#include "base/ascii.h"
#include "report/caret.h"
#include "report/json.h"
#include "report/json_parts.h"

#define MARGIN	       2
#define EXAMPLE_MARGIN 4
#define CHANGE_BORDER  "\n--\n" /* of EXAMPLE_CHANGE */
#define ID_COLUMNS     32	/* of the list: where severities stand, and summaries */
#define SUMMARY_COLUMN 41

static const size_t rule_count = RULE_COUNT;

static void put_paragraph(const struct text *text, enum text_style style, struct slice shown)
{
	struct slice margin = text_blanks(text, MARGIN);
	text_wrap(text, style, margin, margin, shown);
}

static void put_standard(const struct text *text, const struct rule *rule)
{
	if (rule->standard[0] == '\0')
		return;
	put_paragraph(text, TEXT_FAINT,
		rule->section[0] == '\0'
			? slice_cstr(rule->standard)
			: arena_printf(text->arena, "%s section %s", rule->standard, rule->section));
}

static void put_effects(const struct text *text, const struct rule *rule)
{
	static const char *const receivers[RECEIVER_COUNT] = {
		[RECEIVER_RFC7208] = "SPF (RFC 7208)",
		[RECEIVER_RFC7489] = "DMARC, older receivers (RFC 7489)",
		[RECEIVER_RFC9989] = "DMARC, newer receivers (RFC 9989)",
	};
	bool any = false;
	for (int i = 0; i < RECEIVER_COUNT; i++) {
		if (rule->effects[i] == EFFECT_NONE)
			continue;
		if (!any)
			text_newline(text);
		any = true;
		text_wrap(text, TEXT_PLAIN, text_blanks(text, MARGIN), text_blanks(text, EXAMPLE_MARGIN),
			arena_printf(text->arena, "effect on %s: %s", receivers[i],
				rule_effect_text(rule->effects[i])));
	}
}

static bool ends_term(struct slice text, size_t at)
{
	return at >= text.len || text.ptr[at] == ' ' || text.ptr[at] == ';' || text.ptr[at] == '"';
}

/* Where `about` stands in `line`, as a whole term if it does so anywhere. False when it is not there. */
static bool find_about(struct slice line, struct slice about, struct span *out)
{
	bool found = false;
	for (size_t at = 0; at + about.len <= line.len; at++) {
		if (!slice_equal(slice_at(line, span_of(at, about.len)), about))
			continue;
		bool whole = (at == 0 || ends_term(line, at - 1)) && ends_term(line, at + about.len);
		if (!found || whole)
			*out = span_of(at, about.len);
		found = true;
		if (whole)
			break;
	}
	return found;
}

/* Some lines of an example; carets once, under the first line that has the bytes. */
static void put_lines(const struct text *text, struct slice rest, const char *about)
{
	bool pointed = about[0] == '\0';
	while (rest.len > 0) {
		size_t end = slice_find(rest, '\n', 0);
		struct slice line = slice_head(rest, end);
		struct span span;
		if (!pointed && find_about(line, slice_cstr(about), &span)) {
			caret_write(text, EXAMPLE_MARGIN, line, span, TEXT_BAD);
			pointed = true;
		} else {
			caret_write_plain(text, "", EXAMPLE_MARGIN, line);
		}
		rest = slice_from(rest, end + 1);
	}
}

static void put_example(const struct text *text, const char *label, const char *example, const char *about)
{
	text_newline(text);
	put_paragraph(text, TEXT_STRONG, slice_cstr(label));
	put_lines(text, slice_cstr(example), about);
}

/* A change: the lines before, and those after it, which the finding is about. */
static void put_change(const struct text *text, const char *label, const char *example, const char *about)
{
	struct slice whole = slice_cstr(example);
	size_t border = slice_search_nocase(whole, SLICE(CHANGE_BORDER));
	put_example(text, label, "", "");
	put_lines(text, slice_head(whole, border), "");
	put_paragraph(text, TEXT_FAINT, SLICE("becomes"));
	put_lines(text, slice_from(whole, border + sizeof CHANGE_BORDER - 1), about);
}

static void put_examples(const struct text *text, const struct rule *rule)
{
	if (rule->bad[0] == '\0')
		return;
	if (rule->example == EXAMPLE_CHANGE) {
		put_change(text, "reported:", rule->bad, rule->about);
		put_change(text, "not reported:", rule->good, "");
		return;
	}
	put_example(text, "wrong:", rule->bad, rule->about);
	put_example(text, "right:", rule->good, "");
}

static void put_rule(const struct text *text, const struct rule *rule)
{
	text_styled(text, TEXT_STRONG, slice_cstr(rule->id));
	text_line(text, text_severity_style(rule->severity), SLICE(" "),
		arena_printf(text->arena, "(%s)", severity_text(rule->severity)));
	put_paragraph(text, TEXT_PLAIN, slice_cstr(rule->summary));
	put_standard(text, rule);
	text_newline(text);
	put_paragraph(text, TEXT_PLAIN, slice_cstr(rule->explanation));
	put_effects(text, rule);
	put_examples(text, rule);
}

void write_rules_text_one(
	struct buf *out, struct arena *scratch, const struct writer_options *options, enum rule_id rule)
{
	struct text text;
	text_init(&text, out, scratch, options);
	put_rule(&text, rule_get(rule));
}

void write_rules_text_all(struct buf *out, struct arena *scratch, const struct writer_options *options)
{
	for (size_t i = 0; i < rule_count; i++) {
		struct arena_mark mark = arena_mark(scratch);
		if (i > 0)
			buf_byte(out, '\n');
		write_rules_text_one(out, scratch, options, (enum rule_id)i);
		arena_rewind(scratch, mark);
	}
}

/* "spf" of "spf-lookup-limit": rules are listed under it. */
static struct slice group_of(const struct rule *rule)
{
	struct slice id = slice_cstr(rule->id);
	return slice_head(id, slice_find(id, '-', 0));
}

static void put_group(const struct text *text, struct slice group)
{
	char *name = arena_alloc(text->arena, group.len + 1);
	for (size_t i = 0; i < group.len; i++)
		name[i] = ascii_is_alpha(group.ptr[i]) ? (char)(ascii_lower(group.ptr[i]) - 'a' + 'A')
						       : group.ptr[i];
	text_line(text, TEXT_STRONG, SLICE(""), slice_of(name, group.len));
}

void write_rules_text_list(struct buf *out, struct arena *scratch, const struct writer_options *options)
{
	struct text text;
	struct slice group = SLICE("");
	text_init(&text, out, scratch, options);
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *rule = rule_get((enum rule_id)i);
		if (!slice_equal(group_of(rule), group)) {
			if (i > 0)
				text_newline(&text);
			group = group_of(rule);
			put_group(&text, group);
		}
		struct slice first = arena_printf(scratch, "  %-*s%-*s", ID_COLUMNS - MARGIN, rule->id,
			SUMMARY_COLUMN - ID_COLUMNS, severity_text(rule->severity));
		text_wrap(&text, TEXT_PLAIN, first, text_blanks(&text, SUMMARY_COLUMN),
			slice_cstr(rule->summary));
	}
	text_newline(&text);
	text_wrap(&text, TEXT_FAINT, SLICE(""), SLICE(""),
		SLICE("\"mailauth explain RULE\" tells more about one, \"--all\" about all of them."));
}

static const char *example_text(enum example_kind kind)
{
	switch (kind) {
	case EXAMPLE_SPF:
		return "spf";
	case EXAMPLE_DMARC:
		return "dmarc";
	case EXAMPLE_EXP:
		return "exp";
	case EXAMPLE_ZONE:
		return "zone";
	case EXAMPLE_FILE:
		return "file";
	case EXAMPLE_CONFIG:
		return "config";
	case EXAMPLE_CHANGE:
		return "change";
	}
	return NULL;
}

static const char *text_or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

static void put_json_example(struct json *json, const struct rule *rule)
{
	if (rule->bad[0] == '\0') {
		json_null(json);
		return;
	}
	json_object(json);
	json_key(json, "kind");
	json_text(json, example_text(rule->example));
	json_key(json, "bad");
	json_text(json, rule->bad);
	json_key(json, "about");
	json_text(json, text_or_null(rule->about));
	json_key(json, "good");
	json_text(json, rule->good);
	json_end_object(json);
}

static void put_json_rule(struct json *json, const struct rule *rule)
{
	json_object(json);
	json_key(json, "id");
	json_text(json, rule->id);
	json_key(json, "severity");
	json_text(json, severity_text(rule->severity));
	json_key(json, "standard");
	json_text(json, text_or_null(rule->standard));
	json_key(json, "section");
	json_text(json, text_or_null(rule->section));
	json_key(json, "summary");
	json_text(json, rule->summary);
	json_key(json, "explanation");
	json_text(json, rule->explanation);
	json_parts_effects(json, rule->effects);
	json_key(json, "example");
	put_json_example(json, rule);
	json_end_object(json);
}

static void put_json_rules(struct buf *out, struct arena *scratch, size_t first, size_t end)
{
	struct json json;
	json_init(&json, out, scratch, true, 0);
	json_object(&json);
	json_key(&json, "schema");
	json_text(&json, "mailauth/rules/1");
	json_key(&json, "rules");
	json_array(&json);
	for (size_t i = first; i < end; i++)
		put_json_rule(&json, rule_get((enum rule_id)i));
	json_end_array(&json);
	json_end_object(&json);
	buf_byte(out, '\n');
}

void write_rules_json_one(struct buf *out, struct arena *scratch, enum rule_id rule)
{
	put_json_rules(out, scratch, (size_t)rule, (size_t)rule + 1);
}

void write_rules_json_all(struct buf *out, struct arena *scratch)
{
	put_json_rules(out, scratch, 0, rule_count);
}
