/* text_finding: see text_finding.h.
 *
 *     error[spf-unknown-mechanism]: "ipv4" is not an SPF mechanism
 *       example.com TXT
 *         v=spf1 ipv4:192.0.2.0/24 -all
 *                ^^^^
 *       effect: receivers treat the whole record as broken (permerror)
 *       fix:    write ip4 instead
 *               v=spf1 ip4:192.0.2.0/24 -all
 *       more:   RFC 7208 section 4.6; mailauth explain spf-unknown-mechanism
 */
#include "report/text_finding.h"

#include "report/caret.h"
#include "report/failure_text.h"
#include "rules/message.h"

#define REMARK_PLACES 1 /* of a remark that stands at several places, without -v */
#define MARGIN	      2
#define RECORD_MARGIN 4
#define VALUE	      10

static void put_headline(const struct text *text, const struct finding *finding)
{
	struct slice message = text_shown(text, message_text(text->arena, finding));
	struct slice line = arena_printf(text->arena, "%s[%s]: %.*s", severity_text(finding->severity),
		rule_get(finding->rule)->id, (int)message.len, message.ptr);
	text_wrap(text, text_severity_style(finding->severity), SLICE(""), text_blanks(text, MARGIN), line);
}

/* "example.com > include:_spf.example.net" */
static struct slice path_text(const struct text *text, const struct finding_place *place)
{
	struct slice path = SLICE("");
	for (size_t i = 0; i < place->path_count; i++) {
		struct slice step = text_shown(text, place->path[i]);
		path = arena_printf(text->arena, "%.*s%s%.*s", (int)path.len, path.ptr, i == 0 ? "" : " > ",
			(int)step.len, step.ptr);
	}
	return path;
}

static void put_place(const struct text *text, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	struct slice name = text_shown(text, place->name);
	struct slice type = text_shown(text, place->type);
	struct slice margin = text_blanks(text, MARGIN);
	struct slice line =
		arena_printf(text->arena, "%.*s %.*s", (int)name.len, name.ptr, (int)type.len, type.ptr);
	if (place->path_count > 1) {
		struct slice path = path_text(text, place);
		line = arena_printf(text->arena, "%.*s (reached through %.*s)", (int)line.len, line.ptr,
			(int)path.len, path.ptr);
	}
	if (name.len > 0) /* else it is just a text */
		text_wrap(text, TEXT_STRONG, margin, text_blanks(text, RECORD_MARGIN), line);
	if (place->file.len == 0)
		return;
	struct slice file = text_raw(text, place->file);
	line = place->line == 0 ? file
				: arena_printf(text->arena, "%.*s:%zu", (int)file.len, file.ptr, place->line);
	if (place->line > 0 && place->column > 0)
		line = arena_printf(text->arena, "%.*s:%zu", (int)line.len, line.ptr, place->column);
	text_wrap(text, TEXT_PLAIN, margin, text_blanks(text, RECORD_MARGIN), line);
}

static void put_record(const struct text *text, const struct finding *finding)
{
	if (finding->place.record.len == 0)
		return;
	const struct finding_place *place = &finding->place;
	if (finding->has_span)
		caret_write_strings(text, RECORD_MARGIN, place->record, finding->span, place->borders,
			place->border_count, text_severity_style(finding->severity));
	else
		caret_write_plain(text, "", RECORD_MARGIN, place->record);
}

/* True when the line of the file has the record in it, byte for byte. */
static bool is_verbatim(const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	size_t before = finding->has_span ? finding->span.offset : 0, at = place->source_span.offset;
	return at >= before &&
	       slice_equal(slice_at(place->source, span_of(at - before, place->record.len)), place->record);
}

/* The line as it stands in the file, which people have to edit; where it holds the record as it is, nothing
 * would be new in it. */
static void put_source(const struct text *text, const struct finding *finding)
{
	if (finding->place.source.len == 0 || is_verbatim(finding))
		return;
	text_line(text, TEXT_FAINT, text_blanks(text, MARGIN), SLICE("as it is written there:"));
	caret_write_source(text, RECORD_MARGIN, finding->place.source, finding->place.source_span,
		text_severity_style(finding->severity));
}

static void put_labelled(const struct text *text, const char *label, struct slice shown)
{
	text_labelled(text, TEXT_PLAIN, MARGIN, label, VALUE, text_shown(text, shown));
}

/* Readers want one sentence; two only where older and newer receivers differ. */
static void put_effects(const struct text *text, const struct finding *finding)
{
	struct slice spf = message_effect(text->arena, finding, RECEIVER_RFC7208);
	struct slice older = message_effect(text->arena, finding, RECEIVER_RFC7489);
	struct slice newer = message_effect(text->arena, finding, RECEIVER_RFC9989);
	if (spf.len > 0)
		put_labelled(text, "effect:", spf);
	if (newer.len > 0 && (older.len == 0 || slice_equal(older, newer))) {
		put_labelled(text, "effect:", newer);
		return;
	}
	if (newer.len > 0)
		put_labelled(text,
			"effect:", arena_printf(text->arena, "by RFC 9989: %.*s", (int)newer.len, newer.ptr));
	if (older.len > 0)
		put_labelled(text, newer.len > 0 ? "" : "effect:",
			arena_printf(text->arena, "by the older RFC 7489: %.*s", (int)older.len, older.ptr));
}

static void put_fixed_record(const struct text *text, const struct fix *fix)
{
	struct slice shown = text_raw(text, fix->record);
	struct slice margin = text_blanks(text, VALUE);
	bool folds = text_width(shown) > text->width - VALUE;
	const char *lead =
		fix->safe ? "the record then reads" : "the record could read (check that you mean it)";
	text_wrap(text, TEXT_FAINT, margin, margin,
		arena_printf(text->arena, "%s%s:", lead, folds ? ", in one line" : ""));
	text_wrap(text, TEXT_GOOD, margin, margin, shown);
}

static void put_fix(const struct text *text, const struct finding *finding)
{
	struct slice advice = message_advice(text->arena, finding);
	if (advice.len == 0)
		advice = message_fix_title(text->arena, finding);
	if (advice.len > 0)
		put_labelled(text, "fix:", advice);
	if (finding->fix != NULL)
		put_fixed_record(text, finding->fix);
}

static void put_reference(const struct text *text, const struct finding *finding)
{
	struct slice reference = message_reference(text->arena, finding);
	put_labelled(text, "more:",
		arena_printf(text->arena, "%.*s%smailauth explain %s", (int)reference.len, reference.ptr,
			reference.len > 0 ? "; " : "", rule_get(finding->rule)->id));
}

/* True when nothing but the place would be new in what is written about `b`. */
static bool says_the_same(const struct text *text, const struct finding *a, const struct finding *b)
{
	if (a == b)
		return true;
	if (a->rule != b->rule || a->severity != b->severity || a->fix != NULL || b->fix != NULL)
		return false;
	for (int i = 0; i < RECEIVER_COUNT; i++)
		if (a->effects[i] != b->effects[i])
			return false;
	return slice_equal(message_text(text->arena, a), message_text(text->arena, b)) &&
	       slice_equal(message_advice(text->arena, a), message_advice(text->arena, b));
}

static bool is_same_record(const struct finding *a, const struct finding *b)
{
	return slice_equal(a->place.name, b->place.name) && slice_equal(a->place.type, b->place.type) &&
	       slice_equal(a->place.record, b->place.record) && a->place.line == b->place.line;
}

/* Findings that differ in nothing but their place: they are said together, where the first of them stands. */
struct group {
	const struct finding *items[TEXT_FINDING_MAX];
	size_t count;
};

/* Takes the finding at `first` and those behind it that say the same; marks all of them in `said`. */
static void make_group(const struct text *text, const struct findings *findings, size_t first, bool *said,
	struct group *group)
{
	group->count = 0;
	for (size_t i = first; i < findings->count && i < TEXT_FINDING_MAX; i++) {
		if (said[i] || !says_the_same(text, &findings->items[first], &findings->items[i]))
			continue;
		said[i] = true;
		group->items[group->count++] = &findings->items[i];
	}
}

/* How many places of a group are worth a reader's time: a remark that is the same in many records is shown
 * in one of them. */
static size_t places_shown(const struct text *text, const struct group *group)
{
	bool all = text->options->verbose || group->items[0]->severity != SEVERITY_INFO;
	return all || group->count <= REMARK_PLACES ? group->count : REMARK_PLACES;
}

static void put_group(const struct text *text, const struct group *group)
{
	const struct finding *first = group->items[0];
	size_t shown = places_shown(text, group);
	text_newline(text);
	put_headline(text, first);
	for (size_t i = 0; i < shown; i++) {
		if (i == 0 || !is_same_record(group->items[i - 1], group->items[i]))
			put_place(text, group->items[i]);
		put_record(text, group->items[i]);
		put_source(text, group->items[i]);
	}
	if (shown < group->count) {
		struct slice rest = text_count(text, group->count - shown, "more place", "more places");
		text_wrap(text, TEXT_FAINT, SLICE("  "), SLICE("  "),
			arena_printf(text->arena, "and the same at %.*s (-v shows them)", (int)rest.len,
				rest.ptr));
	}
	put_effects(text, first);
	put_fix(text, first);
	put_reference(text, first);
}

/* Marks as said what nobody who looks at this domain can do anything about; returns how many that are. */
static size_t hide_harmless(const struct findings *findings, bool *said)
{
	size_t hidden = 0;
	for (size_t i = 0; i < findings->count && i < TEXT_FINDING_MAX; i++) {
		said[i] = findings->items[i].is_harmless;
		hidden += said[i];
	}
	return hidden;
}

static void put_hidden(const struct text *text, size_t hidden)
{
	if (hidden == 0)
		return;
	struct slice count = text_count(text, hidden, "remark", "remarks");
	text_newline(text);
	text_wrap(text, TEXT_FAINT, SLICE(""), SLICE(""),
		arena_printf(text->arena, "%.*s about included records, without effect here: -v shows %s",
			(int)count.len, count.ptr, hidden == 1 ? "it" : "them"));
}

void text_finding_list(const struct text *text, const struct findings *findings)
{
	size_t shown = findings->count < TEXT_FINDING_MAX ? findings->count : TEXT_FINDING_MAX;
	bool said[TEXT_FINDING_MAX] = {false};
	struct group group;
	size_t hidden = text->options->verbose ? 0 : hide_harmless(findings, said);
	for (size_t i = 0; i < shown; i++) {
		struct arena_mark mark = arena_mark(text->arena);
		if (said[i])
			continue;
		make_group(text, findings, i, said, &group);
		put_group(text, &group);
		arena_rewind(text->arena, mark);
	}
	put_hidden(text, hidden);
	if (shown == findings->count)
		return;
	struct slice rest = text_count(text, findings->count - shown, "finding", "findings");
	text_newline(text);
	text_wrap(text, TEXT_PLAIN, SLICE(""), SLICE(""),
		arena_printf(
			text->arena, "... and %.*s more; --format json shows them", (int)rest.len, rest.ptr));
}

/* Names as the terminal can show them. */
struct slice text_finding_failure(const struct text *text, const struct answer *answer)
{
	struct slice owner = name_is_none(answer->owner) ? SLICE("") : text_name(text, answer->owner);
	return failure_text(text->arena, text_name(text, answer->question.name), owner, answer);
}

void text_finding_incomplete(
	const struct text *text, const struct answer *const *failures, size_t count, bool is_final)
{
	if (count == 0)
		return;
	text_newline(text);
	text_wrap(text, TEXT_WARNING, SLICE(""), SLICE(""),
		is_final ? SLICE("incomplete: DNS did not answer everything, but the result stands")
			 : SLICE("incomplete: DNS did not answer everything, so this verdict is not final"));
	for (size_t i = 0; i < count; i++) {
		struct arena_mark mark = arena_mark(text->arena);
		text_wrap(text, TEXT_PLAIN, text_blanks(text, MARGIN), text_blanks(text, RECORD_MARGIN),
			text_finding_failure(text, failures[i]));
		arena_rewind(text->arena, mark);
	}
}

struct slice text_finding_counts(const struct text *text, const struct findings *findings)
{
	static const struct {
		enum severity severity;
		const char *one, *many;
	} kinds[] = {
		{SEVERITY_ERROR, "error", "errors"},
		{SEVERITY_WARNING, "warning", "warnings"},
		{SEVERITY_INFO, "remark", "remarks"},
	};
	struct slice list = SLICE("");
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		size_t count = 0;
		for (size_t i = 0; i < findings->count; i++)
			count += findings->items[i].severity == kinds[k].severity;
		if (count == 0)
			continue;
		struct slice one = text_count(text, count, kinds[k].one, kinds[k].many);
		list = arena_printf(text->arena, "%.*s%s%.*s", (int)list.len, list.ptr,
			list.len > 0 ? ", " : "", (int)one.len, one.ptr);
	}
	return list;
}
