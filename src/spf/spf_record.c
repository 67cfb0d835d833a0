/* spf_record: see spf_record.h. The flow of one record:
 *
 *     v=spf1 ip4: 192.0.2.1 mx,a -all
 *     1. pieces      what stands between spaces, in order
 *     2. each piece  parsed by the grammar (spf_term): that alone decides `valid`
 *     3. findings    by what was meant, one for each cause: a term with spaces in it (spf_join), foreign
 *                    bytes (spf_foreign), terms run together (spf_suspect), no term at all (spf_unknown),
 *                    else what the grammar found
 *     4. the record  twice the same modifier, all, networks, spelling (spf_policy)
 */
#include "spf/spf_record.h"
#include "spf/spf_networks.h"
#include "spf/spf_style.h"

#include "base/ascii.h"
#include "spf/spf_domain_spec.h"
#include "spf/spf_foreign.h"
#include "spf/spf_join.h"
#include "spf/spf_network.h"
#include "spf/spf_networks.h"
#include "spf/spf_policy.h"
#include "spf/spf_suspect.h"
#include "spf/spf_unknown.h"

#define VERSION_LEN 6 /* "v=spf1" */

struct parser {
	struct spf_reading reading;
	struct findings
		grammar; /* of the piece being read, until it is known that nothing explains it better */
	struct spf_record *record;
	struct spf_term *terms;
	const struct span *spans;
	size_t span_count;
	const size_t *borders; /* of the character-strings, ascending offsets */
	size_t border_count;
	size_t next_border;
	bool all_is_broken;
};

/* What stands between spaces behind the version. */
static const struct span *find_spans(struct arena *arena, struct slice text, size_t *count)
{
	struct span *spans = NULL;
	size_t capacity = 0;
	*count = 0;
	for (size_t at = VERSION_LEN; at < text.len;) {
		size_t end = slice_find(text, ' ', at);
		if (end > at) {
			spans = arena_grow(arena, spans, *count, &capacity, sizeof *spans);
			spans[(*count)++] = span_of(at, end - at);
		}
		at = end + 1;
	}
	return spans;
}

static const size_t *find_borders(
	struct arena *arena, const struct slice *strings, size_t string_count, size_t *count)
{
	size_t *borders = arena_alloc(arena, (string_count + 1) * sizeof *borders);
	size_t at = 0;
	*count = 0;
	for (size_t i = 0; i + 1 < string_count; i++) {
		at += strings[i].len;
		if (*count == 0 || borders[*count - 1] != at)
			borders[(*count)++] = at;
	}
	return borders;
}

/* The borders within `span`; spans come in ascending order. */
static struct spf_borders borders_within(struct parser *parser, struct span span)
{
	while (parser->next_border < parser->border_count &&
		parser->borders[parser->next_border] <= span.offset)
		parser->next_border++;
	struct spf_borders within = {parser->borders + parser->next_border, 0};
	while (parser->next_border + within.count < parser->border_count &&
		within.offsets[within.count] < span_end(span))
		within.count++;
	return within;
}

/* Parses the piece at `span` by the grammar; what that finds is kept apart in parser->grammar. */
static struct spf_term parse_quietly(struct parser *parser, struct span span)
{
	struct spf_reading quiet = parser->reading;
	parser->grammar.count = 0;
	quiet.findings = &parser->grammar;
	struct spf_term term = spf_term_parse(&quiet, span);
	parser->reading.fix_bytes = quiet.fix_bytes;
	return term;
}

static bool is_all_or_redirect(enum spf_kind kind)
{
	return kind == SPF_ALL || kind == SPF_REDIRECT;
}

/* True when the word "all" is in `text`, with nothing but punctuation or foreign bytes beside it. */
static bool has_word_all(struct slice text)
{
	static const struct slice all = {"all", 3};
	for (size_t i = 0; i + all.len <= text.len; i++) {
		bool begins = i == 0 || !ascii_is_alnum(text.ptr[i - 1]);
		bool ends = i + all.len == text.len || !ascii_is_alnum(text.ptr[i + all.len]);
		if (begins && ends && slice_starts_nocase(slice_from(text, i), all))
			return true;
	}
	return false;
}

/* `all`, redirect and exp of the record. A second redirect or exp makes the record invalid. RFC 7208 6 */
static void note_in_record(struct parser *parser, struct spf_term *term)
{
	struct spf_record *record = parser->record;
	bool is_exp = term->kind == SPF_EXP;
	const struct spf_term **place = term->kind == SPF_ALL	     ? &record->all
					: term->kind == SPF_REDIRECT ? &record->redirect
					: is_exp		     ? &record->exp
								     : NULL;
	if (!term->valid || place == NULL)
		return;
	if (*place == NULL) {
		*place = term;
	} else if (term->kind != SPF_ALL) {
		term->valid = false;
		struct finding *finding = spf_reading_report(&parser->reading,
			is_exp ? RULE_SPF_EXP_TWICE : RULE_SPF_REDIRECT_TWICE, DETAIL_NONE, term->span);
		finding->args[1] = slice_at(parser->reading.text, (*place)->span);
		bool same = slice_equal_nocase(finding->args[0], finding->args[1]);
		spf_reading_fix(&parser->reading, finding, span_of(term->span.offset - 1, term->span.len + 1),
			SLICE(""), same);
	}
}

static void add_term(struct parser *parser, struct spf_term term)
{
	struct spf_record *record = parser->record;
	if (record->count == SPF_MAX_TERMS) {
		record->valid = false;
		return;
	}
	struct spf_term *kept = &parser->terms[record->count++];
	*kept = term;
	note_in_record(parser, kept);
	if (!kept->valid)
		record->valid = false;
}

/* Advice on a valid term that is what it seems to be. */
static void advise(struct parser *parser, const struct spf_term *term)
{
	struct spf_reading *reading = &parser->reading;
	if (term->is_modifier && term->kind == SPF_UNKNOWN &&
		is_all_or_redirect(spf_unknown_modifier(reading, term)))
		parser->all_is_broken = true;
	if (term->kind == SPF_PTR)
		spf_reading_report(reading, RULE_SPF_PTR, DETAIL_PTR_MECHANISM, term->span);
	/* Clients with a mapped address are compared as IPv4. RFC 7208 5 */
	if (term->kind == SPF_IP6 && ip_is_mapped(term->network.ip) && term->network.length >= 96) {
		struct finding *finding =
			spf_reading_report(reading, RULE_SPF_IP6_MAPPED, DETAIL_NONE, term->span);
		struct prefix v4 = {
			ip_unmapped(term->network.ip), (unsigned char)(term->network.length - 96)};
		struct slice network =
			v4.length == 32 ? ip_text(reading->arena, v4.ip) : prefix_text(reading->arena, v4);
		struct span part = span_of(term->name.offset, span_end(term->span) - term->name.offset);
		struct slice fixed = arena_printf(reading->arena, "ip4:%.*s", (int)network.len, network.ptr);
		finding->args[1] = fixed;
		spf_reading_fix(reading, finding, part, fixed, true);
	}
	if (term->domain_spec != NULL)
		spf_domain_spec_advise(reading, term->domain_spec, term->kind);
}

/* Quotes around a term or its value: what the grammar found is mended by taking them off. */
static void fix_quotes(struct parser *parser, const struct spf_term *term, size_t first_finding)
{
	struct spf_reading *reading = &parser->reading;
	struct slice text = slice_at(reading->text, term->span);
	if (reading->findings->count != first_finding + 1 ||
		reading->findings->items[first_finding].fix != NULL)
		return;
	if (slice_find(text, '"', 0) == text.len && slice_find(text, '\'', 0) == text.len)
		return;
	char *bare = arena_alloc(reading->arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '"' && text.ptr[i] != '\'')
			bare[len++] = text.ptr[i];
	struct finding *finding = &reading->findings->items[first_finding];
	if (!spf_term_try(reading->arena, slice_of(bare, len), NULL))
		return;
	if (finding->rule == RULE_SPF_UNKNOWN_MECHANISM)
		finding->args[1] = slice_of(bare, len);
	spf_reading_fix(reading, finding, term->span, slice_of(bare, len), true);
}

/* "a:192.0.2.1": the mechanism is the wrong one. */
static void fix_address(struct parser *parser, const struct spf_term *term, size_t first_finding)
{
	struct spf_reading *reading = &parser->reading;
	enum ip_family family;
	bool takes_host = term->kind == SPF_A || term->kind == SPF_MX || term->kind == SPF_INCLUDE;
	if (!takes_host || reading->findings->count != first_finding + 1 ||
		!spf_network_is_network(slice_at(reading->text, term->value), &family))
		return;
	struct finding *finding = &reading->findings->items[first_finding];
	if (finding->rule == RULE_SPF_DOMAIN_SPEC_INVALID)
		spf_reading_fix(
			reading, finding, term->name, family == IP_V4 ? SLICE("ip4") : SLICE("ip6"), true);
}

/* What is wrong with one piece that is no valid term; returns the kind it was meant to be. */
static enum spf_kind report_invalid(struct parser *parser, const struct spf_term *term)
{
	struct spf_reading *reading = &parser->reading;
	size_t first = reading->findings->count;
	enum spf_kind meant = term->kind;
	if (parser->grammar.count > 0) {
		const struct finding_place nowhere = {.line = 0};
		findings_adopt(reading->findings, &parser->grammar, &nowhere);
	} else {
		meant = spf_unknown_report(reading, term);
	}
	fix_quotes(parser, term, first);
	fix_address(parser, term, first);
	return meant;
}

/* Reads the piece at index `i` that stands for itself. */
static void read_piece(struct parser *parser, size_t i)
{
	struct spf_reading *reading = &parser->reading;
	struct span span = parser->spans[i];
	struct span next = i + 1 < parser->span_count ? parser->spans[i + 1] : span_of(0, 0);
	struct spf_term term = parse_quietly(parser, span);
	struct spf_borders borders = borders_within(parser, span);
	bool is_explained =
		spf_foreign_report(reading, span, next) || spf_suspect_report(reading, &term, borders);
	enum spf_kind meant = term.kind;
	if (!is_explained && !term.valid)
		meant = report_invalid(parser, &term);
	else if (!is_explained) {
		const struct finding_place nowhere = {.line = 0};
		findings_adopt(reading->findings, &parser->grammar, &nowhere);
		advise(parser, &term);
	}
	if ((!term.valid && is_all_or_redirect(meant)) ||
		((is_explained || !term.valid) && has_word_all(slice_at(reading->text, span))))
		parser->all_is_broken = true;
	/* A dash of another alphabet torn off: "– all". */
	if (is_explained && span.len <= 3 && spf_foreign_is_in(slice_at(reading->text, span)))
		parser->all_is_broken = true;
	add_term(parser, term);
}

/* Reads the pieces from index `i` on that are one term; returns how many. */
static size_t read_term(struct parser *parser, size_t i)
{
	enum spf_kind meant = SPF_UNKNOWN;
	size_t count = spf_join_report(&parser->reading, parser->spans + i, parser->span_count - i, &meant);
	if (count == 0) {
		read_piece(parser, i);
		return 1;
	}
	if (is_all_or_redirect(meant))
		parser->all_is_broken = true;
	for (size_t k = 0; k < count; k++)
		add_term(parser, parse_quietly(parser, parser->spans[i + k]));
	return count;
}

const struct spf_record *spf_record_parse(
	struct arena *arena, struct slice text, const struct slice *strings, size_t string_count)
{
	struct spf_record *record = arena_alloc(arena, sizeof *record);
	struct parser parser = {.record = record};
	*record = (struct spf_record){.text = text, .valid = true};
	findings_init(&record->findings, arena);
	findings_init(&parser.grammar, arena);
	parser.reading = (struct spf_reading){.arena = arena, .text = text, .findings = &record->findings};
	parser.spans = find_spans(arena, text, &parser.span_count);
	parser.borders = find_borders(arena, strings, string_count, &parser.border_count);
	size_t kept = parser.span_count < SPF_MAX_TERMS ? parser.span_count : SPF_MAX_TERMS;
	parser.terms = arena_alloc(arena, (kept + 1) * sizeof *parser.terms);
	record->terms = parser.terms;
	for (size_t i = 0; i < parser.span_count;)
		i += read_term(&parser, i);
	spf_policy_report(&parser.reading, record, parser.all_is_broken);
	spf_networks_report(&parser.reading, record);
	spf_style_report(&parser.reading, record);
	return record;
}

bool spf_record_can_fail(const struct spf_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		if (!term->is_modifier && term->valid && term->qualifier == SPF_QUALIFIER_FAIL)
			return true;
		if (term == record->all) /* what stands behind is never reached */
			return false;
	}
	return false;
}
