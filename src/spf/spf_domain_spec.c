/* spf_domain_spec: see spf_domain_spec.h.
 *
 *     domain-spec = macro-string domain-end
 *     domain-end  = ( "." toplabel [ "." ] ) / macro-expand
 *
 * The macro-string takes any visible byte, ':' and '/' too; only the end is judged, before anything is
 * expanded.
 */
#include "spf/spf_domain_spec.h"

#include "base/ascii.h"
#include "spf/spf_term.h"

#define MAX_LABEL 63
#define MAX_NAME  253

static size_t last_dot(struct slice text)
{
	for (size_t i = text.len; i > 0; i--)
		if (text.ptr[i - 1] == '.')
			return i - 1;
	return text.len;
}

static bool all_digits(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_digit(text.ptr[i]))
			return false;
	return text.len > 0;
}

static bool is_hyphen_at(struct slice label, size_t i)
{
	return i < label.len && label.ptr[i] == '-';
}

bool spf_domain_spec_is_toplabel(struct slice label)
{
	if (label.len == 0 || is_hyphen_at(label, 0) || is_hyphen_at(label, label.len - 1))
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!ascii_is_alnum(label.ptr[i]) && label.ptr[i] != '-')
			return false;
	return !all_digits(label);
}

bool spf_domain_spec_is_host(struct slice text)
{
	if (text.len > 0 && text.ptr[text.len - 1] == '.')
		text.len--;
	size_t dot = last_dot(text);
	if (dot == text.len || dot == 0 || !spf_domain_spec_is_toplabel(slice_from(text, dot + 1)))
		return false;
	for (size_t i = 0; i < dot; i++) {
		char c = text.ptr[i];
		bool empty_label = c == '.' && (i == 0 || text.ptr[i - 1] == '.');
		if ((!ascii_is_alnum(c) && c != '-' && c != '_' && c != '.') || empty_label)
			return false;
	}
	return text.ptr[dot - 1] != '.';
}

/* Why `label` is no toplabel; it may be followed by one final dot, which is not part of it. */
static enum detail toplabel_mistake(struct slice label)
{
	if (label.len == 0)
		return DETAIL_DOMAIN_EMPTY_LABEL;
	if (all_digits(label))
		return DETAIL_DOMAIN_NUMERIC_END;
	if (slice_find(label, ':', 0) < label.len)
		return DETAIL_DOMAIN_PORT;
	if (slice_find(label, '"', 0) < label.len || slice_find(label, '\'', 0) < label.len)
		return DETAIL_DOMAIN_QUOTE;
	if (is_hyphen_at(label, 0) || is_hyphen_at(label, label.len - 1))
		return DETAIL_DOMAIN_HYPHEN;
	if (slice_find(label, '_', 0) < label.len)
		return DETAIL_DOMAIN_UNDERSCORE;
	return DETAIL_DOMAIN_BAD_END;
}

/* What is wrong with the end of a domain-spec; DETAIL_NONE: nothing. `literal` is all that follows the last
 * macro. */
static enum detail end_mistake(struct slice literal, bool has_macro)
{
	struct slice name = literal;
	if (name.len > 0 && name.ptr[name.len - 1] == '.')
		name.len--;
	size_t dot = last_dot(name);
	if (dot == name.len && has_macro)
		return DETAIL_DOMAIN_GLUED_TO_MACRO;
	struct slice label = dot == name.len ? name : slice_from(name, dot + 1);
	if (!spf_domain_spec_is_toplabel(label))
		return toplabel_mistake(label);
	return dot == name.len ? DETAIL_DOMAIN_ONE_LABEL : DETAIL_NONE;
}

const struct macro_string *spf_domain_spec_parse(struct spf_reading *reading, struct span span, bool *valid)
{
	const struct macro_string *macro =
		macro_parse(reading->arena, reading->text, span, MACRO_DOMAIN_SPEC, reading->findings);
	if (!macro->valid) {
		*valid = false;
		return macro;
	}
	const struct macro_piece *last = macro->count > 0 ? &macro->pieces[macro->count - 1] : NULL;
	if (last == NULL || last->kind != MACRO_LITERAL)
		return macro;
	struct slice literal = slice_at(reading->text, last->span);
	enum detail wrong = end_mistake(literal, macro->count > 1);
	if (wrong == DETAIL_NONE)
		return macro;
	*valid = false;
	struct finding *finding = spf_reading_report(reading, RULE_SPF_DOMAIN_SPEC_INVALID, wrong, span);
	if (wrong == DETAIL_DOMAIN_PORT) {
		struct slice all = slice_at(reading->text, span);
		size_t colon = slice_find(all, ':', 0);
		if (spf_domain_spec_is_host(slice_head(all, colon)) && all_digits(slice_from(all, colon + 1)))
			spf_reading_fix(reading, finding, span_of(span.offset + colon, all.len - colon),
				SLICE(""), true);
	}
	return macro;
}

/* Empty or overlong labels within a literal piece; a label that touches a macro is not known whole and not
 * judged. */
static enum detail label_mistake(struct slice literal, bool after_macro, bool before_macro)
{
	size_t start = 0;
	for (size_t i = 0; i <= literal.len; i++) {
		if (i < literal.len && literal.ptr[i] != '.')
			continue;
		bool touches = (start == 0 && after_macro) || (i == literal.len && before_macro);
		bool final_dot = i == literal.len && start == i && start > 0;
		if (!touches && !final_dot && i == start)
			return DETAIL_DOMAIN_EMPTY_LABEL;
		if (i - start > MAX_LABEL)
			return DETAIL_DOMAIN_LONG_LABEL;
		start = i + 1;
	}
	return DETAIL_NONE;
}

/* What makes a valid domain-spec a name that nobody has; DETAIL_NONE: nothing seen. */
static enum detail suspicion(const struct macro_string *macro)
{
	struct slice all = slice_at(macro->text, macro->span);
	if (slice_search_nocase(all, SLICE("://")) < all.len)
		return DETAIL_DOMAIN_URL;
	if (slice_find(all, '@', 0) < all.len)
		return DETAIL_DOMAIN_MAIL_ADDRESS;
	for (size_t i = 0; i < macro->count; i++) {
		const struct macro_piece *piece = &macro->pieces[i];
		if (piece->kind != MACRO_LITERAL)
			continue;
		enum detail wrong =
			label_mistake(slice_at(macro->text, piece->span), i > 0, i + 1 < macro->count);
		if (wrong != DETAIL_NONE)
			return wrong;
	}
	bool is_literal = macro->count == 1 && macro->pieces[0].kind == MACRO_LITERAL;
	return is_literal && all.len > MAX_NAME + (all.ptr[all.len - 1] == '.') ? DETAIL_DOMAIN_LONG_NAME
										: DETAIL_NONE;
}

/* "https://example.com" and "user@example.com" have a name in them: the fix keeps that alone. */
static void fix_suspicion(struct spf_reading *reading, struct finding *finding, struct span span)
{
	struct slice all = slice_at(reading->text, span);
	size_t at = slice_find(all, '@', 0);
	size_t slashes = slice_search_nocase(all, SLICE("://"));
	size_t drop = slashes < all.len ? slashes + 3 : at < all.len ? at + 1 : 0;
	if (drop > 0 && spf_domain_spec_is_host(slice_from(all, drop)))
		spf_reading_fix(reading, finding, span_of(span.offset, drop), SLICE(""), true);
}

static void advise_macros(struct spf_reading *reading, const struct macro_string *macro)
{
	for (size_t i = 0; i < macro->count; i++) {
		const struct macro_piece *piece = &macro->pieces[i];
		if (piece->kind == MACRO_EXPAND && piece->letter == 'p') {
			spf_reading_report(reading, RULE_SPF_PTR, DETAIL_PTR_MACRO, piece->span);
			return;
		}
	}
}

void spf_domain_spec_advise(
	struct spf_reading *reading, const struct macro_string *domain_spec, enum spf_kind kind)
{
	struct span span = domain_spec->span;
	enum detail wrong = suspicion(domain_spec);
	if (wrong != DETAIL_NONE) {
		struct finding *finding =
			spf_reading_report(reading, RULE_SPF_DOMAIN_SPEC_INVALID, wrong, span);
		spf_term_has_no_target(finding, kind);
		if (wrong == DETAIL_DOMAIN_LONG_NAME) { /* the name is cut, and then there may be one: 7.3 */
			finding->severity = SEVERITY_WARNING;
			finding_effect_all(finding, EFFECT_SPF_WORKS, EFFECT_NONE, EFFECT_NONE);
		}
		fix_suspicion(reading, finding, span);
	}
	if (span.len > 0 && reading->text.ptr[span_end(span) - 1] == '.' && domain_spec->count > 0) {
		struct span dot = span_of(span_end(span) - 1, 1);
		struct finding *finding =
			spf_reading_report(reading, RULE_SPF_TRAILING_DOT, DETAIL_NONE, dot);
		finding->args[0] = slice_at(reading->text, span);
		spf_reading_fix(reading, finding, dot, SLICE(""), true);
	}
	advise_macros(reading, domain_spec);
}
