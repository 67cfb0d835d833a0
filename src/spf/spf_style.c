/* spf_style: see spf_style.h. What can stand in many terms is said once for the record, about the first, and
 * its fix is for all. */
#include "spf/spf_style.h"

#include "base/ascii.h"

#define SIZE_NEAR      450 /* bytes of name and text, RFC 7208 3.4 */
#define MAX_PERCENTAGE 100

static bool is_directive(const struct spf_term *term)
{
	return term->valid && !term->is_modifier && term->kind != SPF_UNKNOWN;
}

/* Edits that make one finding. */
struct edits {
	struct fix_edit *items;
	size_t count, capacity;
};

static void cut(struct spf_reading *reading, struct edits *edits, struct span span)
{
	edits->items = arena_grow(
		reading->arena, edits->items, edits->count, &edits->capacity, sizeof *edits->items);
	edits->items[edits->count++] = (struct fix_edit){span, SLICE("")};
}

static void report_edits(struct spf_reading *reading, enum rule_id rule, const struct edits *edits)
{
	if (edits->count == 0)
		return;
	struct finding *finding = spf_reading_report(reading, rule, DETAIL_NONE, edits->items[0].span);
	spf_reading_fix_edits(reading, finding, edits->items, edits->count, true);
}

/* --- what can go -------------------------------------------------------------------------------------- */

/* "+mx": plus is the default (RFC 7208 4.6.2). What "+all" does is said elsewhere. */
static void report_plus(struct spf_reading *reading, const struct spf_record *record)
{
	struct edits edits = {0};
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		if (is_directive(term) && term->kind != SPF_ALL &&
			reading->text.ptr[term->span.offset] == '+')
			cut(reading, &edits, span_of(term->span.offset, 1));
	}
	report_edits(reading, RULE_SPF_QUALIFIER_PLUS, &edits);
}

static bool ends_with(struct slice text, struct slice end)
{
	return text.len >= end.len && slice_equal(slice_from(text, text.len - end.len), end);
}

/* Bytes at the end of a term that give the length a single address has anyway (RFC 7208 5.3, 5.6). */
static size_t default_length(const struct spf_term *term, struct slice text)
{
	size_t len = 0;
	bool is_host = term->kind == SPF_A || term->kind == SPF_MX;
	if (term->kind == SPF_IP6)
		return ends_with(text, SLICE("/128")) ? 4 : 0;
	if (!is_host && term->kind != SPF_IP4)
		return 0;
	if (is_host && ends_with(text, SLICE("//128")))
		len = 5;
	text = slice_head(text, text.len - len);
	if (ends_with(text, SLICE("/32")) && !ends_with(text, SLICE("//32")))
		len += 3;
	return len;
}

static void report_lengths(struct spf_reading *reading, const struct spf_record *record)
{
	struct edits edits = {0};
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		size_t len = default_length(term, slice_at(reading->text, term->span));
		if (is_directive(term) && len > 0)
			cut(reading, &edits, span_of(span_end(term->span) - len, len));
	}
	report_edits(reading, RULE_SPF_CIDR_DEFAULT, &edits);
}

/* --- where it stands ---------------------------------------------------------------------------------- */

/* redirect and exp should be the last terms (RFC 7208 6). The fix moves one there. */
static void report_position(
	struct spf_reading *reading, const struct spf_term *modifier, const struct spf_term *last)
{
	if (modifier == NULL || last == NULL || last < modifier)
		return;
	struct finding *finding =
		spf_reading_report(reading, RULE_SPF_MODIFIER_POSITION, DETAIL_NONE, modifier->span);
	struct slice text = slice_at(reading->text, modifier->span);
	const struct fix_edit edits[] = {
		{span_of(modifier->span.offset - 1, modifier->span.len + 1), SLICE("")},
		{span_of(span_end(last->span), 0),
			arena_printf(reading->arena, " %.*s", (int)text.len, text.ptr)},
	};
	spf_reading_fix_edits(reading, finding, edits, 2, true);
}

/* A redirect beside `all` is dead wherever it stands; that is said elsewhere. */
static void report_positions(struct spf_reading *reading, const struct spf_record *record)
{
	const struct spf_term *last = NULL;
	for (size_t i = 0; i < record->count; i++)
		if (is_directive(&record->terms[i]))
			last = &record->terms[i];
	report_position(reading, record->exp, last);
	if (record->all == NULL)
		report_position(reading, record->redirect, last);
}

/* --- what a term does --------------------------------------------------------------------------------- */

static const struct macro_piece *first_expansion(const struct macro_string *spec, const char *letters)
{
	for (size_t i = 0; i < spec->count; i++)
		if (spec->pieces[i].kind == MACRO_EXPAND &&
			(letters == NULL || strchr(letters, spec->pieces[i].letter) != NULL))
			return &spec->pieces[i];
	return NULL;
}

/* The sender chooses what is asked, and DNS gets to know who writes (RFC 7208 11.5, 11.6). */
static void report_privacy(struct spf_reading *reading, const struct spf_term *term)
{
	const struct macro_piece *piece = first_expansion(term->domain_spec, "sloh");
	if (piece != NULL)
		spf_reading_report(reading, RULE_SPF_MACRO_PRIVACY, DETAIL_NONE, piece->span)->args[1] =
			slice_at(reading->text, term->span);
}

static void report_term(struct spf_reading *reading, const struct spf_term *term)
{
	if (term->kind == SPF_MX)
		spf_reading_report(reading, RULE_SPF_MX_NOT_RECOMMENDED, DETAIL_NONE, term->span);
	if (term->domain_spec == NULL || term->kind == SPF_EXP)
		return;
	report_privacy(reading, term);
	if (term->kind == SPF_EXISTS && first_expansion(term->domain_spec, NULL) == NULL)
		spf_reading_report(reading, RULE_SPF_EXISTS_STATIC, DETAIL_NONE, term->span);
}

static void report_terms(struct spf_reading *reading, const struct spf_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (is_directive(&record->terms[i]) || record->terms + i == record->redirect)
			report_term(reading, &record->terms[i]);
}

/* --- ra, rp, rr --------------------------------------------------------------------------------------- */

/* A modifier "name=value". */
struct modifier {
	struct slice name;
	struct slice value;
};

static struct modifier split(struct slice text)
{
	size_t at = slice_find(text, '=', 0);
	return (struct modifier){slice_head(text, at), slice_from(text, at + 1)};
}

/* A percentage, RFC 6652 3 with erratum 6579. */
static bool is_percentage(struct slice value)
{
	unsigned number = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (!ascii_is_digit(value.ptr[i]) || i >= 3)
			return false;
		number = number * 10 + (unsigned)(value.ptr[i] - '0');
	}
	return value.len > 0 && number <= MAX_PERCENTAGE;
}

/* "all", "e", "f", "s", "n" with colons between them. */
static bool is_report_list(struct slice value)
{
	for (size_t at = 0; at <= value.len;) {
		size_t end = slice_find(value, ':', at);
		struct slice word = slice_at(value, span_of(at, end - at));
		bool is_letter = word.len == 1 && strchr("efsn", ascii_lower(word.ptr[0])) != NULL;
		if (!is_letter && !slice_equal_nocase(word, SLICE("all")))
			return false;
		at = end + 1;
	}
	return true;
}

static enum detail useless_detail(struct modifier modifier, bool has_ra)
{
	if (slice_equal_nocase(modifier.name, SLICE("ra"))) {
		if (modifier.value.len == 0)
			return DETAIL_REPORT_NO_MAILBOX;
		bool has_at = slice_find(modifier.value, '@', 0) < modifier.value.len;
		return has_at ? DETAIL_REPORT_ADDRESS : DETAIL_NONE;
	}
	if (!has_ra)
		return DETAIL_REPORT_NO_RA;
	if (slice_equal_nocase(modifier.name, SLICE("rp")))
		return is_percentage(modifier.value) ? DETAIL_NONE : DETAIL_REPORT_PERCENTAGE;
	return is_report_list(modifier.value) ? DETAIL_NONE : DETAIL_REPORT_WORDS;
}

static bool is_reporting(const struct finding *finding)
{
	return finding->rule == RULE_SPF_MODIFIER_UNKNOWN && finding->detail == DETAIL_MODIFIER_REPORTING;
}

static void make_useless(struct finding *finding, struct slice text, enum detail detail)
{
	finding->rule = RULE_SPF_RA_USELESS;
	finding->severity = rule_get(RULE_SPF_RA_USELESS)->severity;
	finding->detail = detail;
	finding->args[0] = text;
}

/* They have been found to be modifiers that SPF itself does not know: one finding for each is enough. */
static void report_reporting(struct spf_reading *reading)
{
	bool has_ra = false;
	for (size_t i = 0; i < reading->findings->count; i++) {
		const struct finding *finding = &reading->findings->items[i];
		if (is_reporting(finding))
			has_ra = has_ra || slice_equal_nocase(finding->args[0], SLICE("ra"));
	}
	for (size_t i = 0; i < reading->findings->count; i++) {
		struct finding *finding = &reading->findings->items[i];
		if (!is_reporting(finding))
			continue;
		struct slice text = slice_at(reading->text, finding->span);
		enum detail detail = useless_detail(split(text), has_ra);
		if (detail != DETAIL_NONE)
			make_useless(finding, text, detail);
	}
}

void spf_style_included(struct finding *finding)
{
	struct slice text = finding_text(finding);
	if (is_reporting(finding) && slice_starts_nocase(text, SLICE("ra=")))
		make_useless(finding, text, DETAIL_REPORT_INCLUDED);
}

/* ------------------------------------------------------------------------------------------------------ */

/* The name, which is not known here, and other TXT records come on top of it. RFC 7208 3.4 */
static void report_size(struct spf_reading *reading)
{
	if (reading->text.len < SIZE_NEAR)
		return;
	struct finding *finding = findings_add(reading->findings, RULE_SPF_SIZE_450);
	finding->args[0] = arena_printf(reading->arena, "%zu", reading->text.len);
}

void spf_style_report(struct spf_reading *reading, const struct spf_record *record)
{
	report_reporting(reading);
	report_size(reading);
	if (!record->valid)
		return;
	report_plus(reading, record);
	report_lengths(reading, record);
	report_positions(reading, record);
	report_terms(reading, record);
}
