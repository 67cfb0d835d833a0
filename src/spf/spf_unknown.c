/* spf_unknown: see spf_unknown.h.
 *
 *     ipv4:192.0.2.1        ip4        a known confusion
 *     incldue:example.com   include    one swap away
 *     include.example.com   include:   the separator is wrong
 *     192.0.2.1             spf-bare-ip
 */
#include "spf/spf_unknown.h"

#include "base/ascii.h"
#include "base/nearest.h"
#include "spf/spf_domain_spec.h"
#include "spf/spf_network.h"

/* What people write for a name, besides typing errors. */
static const struct {
	const char *written;
	enum spf_kind meant;
} confusions[] = {
	{"ipv4", SPF_IP4},
	{"ip-4", SPF_IP4},
	{"ip_4", SPF_IP4},
	{"ipv6", SPF_IP6},
	{"ip-6", SPF_IP6},
	{"ip_6", SPF_IP6},
	{"ip", SPF_IP4},
	{"ips", SPF_IP4},
	{"ipaddress", SPF_IP4},
	{"host", SPF_A},
	{"aaaa", SPF_A},
	{"cname", SPF_A},
	{"domain", SPF_INCLUDE},
	{"included", SPF_INCLUDE},
	{"includes", SPF_INCLUDE},
	{"spf", SPF_INCLUDE},
	{"mail", SPF_MX},
	{"mxs", SPF_MX},
	{"al", SPF_ALL},
	{"alll", SPF_ALL},
	{"any", SPF_ALL},
	{"exist", SPF_EXISTS},
};

/* Names near enough to be compared by edit distance: a and mx are too short for that. */
static const enum spf_kind spelled[] = {
	SPF_ALL, SPF_INCLUDE, SPF_IP4, SPF_IP6, SPF_EXISTS, SPF_PTR, SPF_REDIRECT, SPF_EXP};

#define SPELLED_COUNT (sizeof spelled / sizeof spelled[0])

enum spf_kind spf_unknown_guess(struct slice name)
{
	for (size_t i = 0; i < sizeof confusions / sizeof confusions[0]; i++)
		if (slice_equal_nocase(name, slice_cstr(confusions[i].written)))
			return confusions[i].meant;
	struct slice words[SPELLED_COUNT];
	for (size_t i = 0; i < SPELLED_COUNT; i++)
		words[i] = slice_cstr(spf_kind_text(spelled[i]));
	size_t found = name.len < 2 ? SPELLED_COUNT : nearest_word(name, words, SPELLED_COUNT);
	return found < SPELLED_COUNT ? spelled[found] : SPF_UNKNOWN;
}

static bool is_modifier_kind(enum spf_kind kind)
{
	return kind == SPF_REDIRECT || kind == SPF_EXP;
}

/* Attaches a fix that makes a valid term of the bytes at `term`; says in *out what that is. */
static void try_fix(struct spf_reading *reading, struct finding *finding, struct span term,
	struct slice corrected, bool safe)
{
	if (!spf_term_try(reading->arena, corrected, NULL))
		return;
	finding->args[1] = corrected;
	spf_reading_fix(reading, finding, term, corrected, safe);
}

/* The term with its name, and what separates it from `value`, as `kind` is written. */
static struct slice corrected_term(struct arena *arena, const struct spf_parts *parts, enum spf_kind kind,
	struct slice value, bool has_value)
{
	bool is_modifier = is_modifier_kind(kind);
	char qualifier[2] = {
		parts->has_qualifier && !is_modifier ? spf_qualifier_char(parts->qualifier) : '\0'};
	const char *separator = !has_value ? "" : is_modifier ? "=" : ":";
	return arena_printf(arena, "%s%s%s%.*s", qualifier, spf_kind_text(kind), separator, (int)value.len,
		value.ptr == NULL ? "" : value.ptr);
}

/* "ip" and the like stand for both families: the value tells which. */
static enum spf_kind by_family(enum spf_kind kind, struct slice value)
{
	enum ip_family family;
	if (!spf_kind_is_network(kind) || !spf_network_is_network(value, &family))
		return kind;
	return family == IP_V4 ? SPF_IP4 : SPF_IP6;
}

/* "include.spf.example.com": a mechanism's name and a dot. Offset of the dot in `name`; name.len: not so. */
static size_t find_wrong_dot(struct slice name)
{
	size_t dot = slice_find(name, '.', 0);
	enum spf_kind kind = spf_term_mechanism(slice_head(name, dot));
	return dot < name.len && spf_term_needs_value(kind) ? dot : name.len;
}

/* A word that was meant as `all`, with the qualifier that stands in it ("\"-all"). No fix ever makes the
 * record pass everybody: without - ~ or ? the author has to say which is meant. */
static void report_all(struct spf_reading *reading, const struct spf_term *term,
	const struct spf_parts *parts, struct finding *finding, bool safe)
{
	struct slice name = slice_at(reading->text, parts->name);
	enum spf_qualifier qualifier = parts->has_qualifier ? parts->qualifier : SPF_QUALIFIER_PASS, inner;
	for (size_t i = 0; i < name.len && !parts->has_qualifier; i++)
		if (spf_term_qualifier(name.ptr[i], &inner))
			qualifier = inner, safe = false;
	if (qualifier == SPF_QUALIFIER_PASS) {
		finding->args[1] = SLICE("-all or ~all");
		return;
	}
	try_fix(reading, finding, term->span,
		arena_printf(reading->arena, "%call", spf_qualifier_char(qualifier)), safe);
}

static enum spf_kind report_mechanism(
	struct spf_reading *reading, const struct spf_term *term, const struct spf_parts *parts)
{
	struct slice name = slice_at(reading->text, parts->name);
	bool has_value = parts->separator != '\0';
	size_t dot = find_wrong_dot(name);
	struct finding *finding = spf_reading_report(reading, RULE_SPF_UNKNOWN_MECHANISM, DETAIL_NONE,
		dot < name.len ? span_of(parts->name.offset, dot + 1)
			       : (name.len > 0 ? parts->name : term->span));
	finding->args[1] = slice_cstr(rule_detail_text(DETAIL_MECHANISM_LIST));
	if (dot < name.len) {
		enum spf_kind kind = spf_term_mechanism(slice_head(name, dot));
		size_t start = parts->name.offset + dot + 1;
		struct slice value = slice_at(reading->text, span_of(start, span_end(term->span) - start));
		try_fix(reading, finding, term->span,
			corrected_term(reading->arena, parts, kind, value, true), true);
		return kind;
	}
	struct slice value = slice_at(reading->text, term->value);
	enum spf_kind kind = by_family(spf_unknown_guess(name), value);
	if (kind == SPF_UNKNOWN)
		return kind;
	bool is_near = nearest_distance(name, slice_cstr(spf_kind_text(kind)), 2) <= 2;
	bool is_address = spf_kind_is_network(kind);
	bool drops_qualifier = is_modifier_kind(kind) && parts->has_qualifier;
	/* "~+all": which of the two was meant is not known. */
	enum spf_qualifier ignored;
	bool has_two_qualifiers =
		parts->has_qualifier && name.len > 0 && spf_term_qualifier(name.ptr[0], &ignored);
	bool safe = (is_near || is_address) && !drops_qualifier && !has_two_qualifiers;
	if (kind == SPF_ALL && !has_value) {
		report_all(reading, term, parts, finding, safe);
		return kind;
	}
	struct slice rest = parts->separator == '/' ? slice_at(reading->text, parts->rest) : value;
	struct slice corrected =
		corrected_term(reading->arena, parts, kind, rest, has_value && parts->separator != '/');
	finding->args[1] = slice_cstr(spf_kind_text(kind));
	try_fix(reading, finding, term->span, corrected, safe);
	return kind;
}

/* redirect:x and exp:x are unknown mechanisms. RFC 7208 4.6.1 */
static enum spf_kind report_modifier_colon(struct spf_reading *reading, const struct spf_term *term,
	const struct spf_parts *parts, enum spf_kind kind)
{
	struct span wrong = span_of(parts->name.offset, parts->name.len + 1);
	struct finding *finding = spf_reading_report(reading, RULE_SPF_MODIFIER_COLON, DETAIL_NONE, wrong);
	finding->args[0] = slice_at(reading->text, parts->name);
	struct slice value = slice_at(reading->text, term->value);
	struct slice corrected = corrected_term(reading->arena, parts, kind, value, true);
	finding->args[1] = corrected;
	try_fix(reading, finding, term->span, corrected, true);
	return kind;
}

/* A name that is none, or a qualifier before a modifier: neither production matches. RFC 7208 12 */
static enum spf_kind report_modifier_name(
	struct spf_reading *reading, const struct spf_term *term, const struct spf_parts *parts)
{
	struct slice name = slice_at(reading->text, parts->name);
	struct slice value = slice_at(reading->text, term->value);
	enum spf_kind mechanism = spf_term_mechanism(name);
	if (mechanism != SPF_UNKNOWN) { /* "-include=example.com" */
		struct finding *finding =
			spf_reading_report(reading, RULE_SPF_MECHANISM_EQUALS, DETAIL_EQUALS_QUALIFIER,
				span_of(term->span.offset, span_end(parts->name) + 1 - term->span.offset));
		finding->args[0] = name;
		finding_effect_all(finding, EFFECT_SPF_PERMERROR, EFFECT_NONE, EFFECT_NONE);
		struct slice corrected = corrected_term(reading->arena, parts, mechanism, value, true);
		finding->args[1] = corrected;
		try_fix(reading, finding, term->span, corrected, true);
		return mechanism;
	}
	enum detail detail = parts->has_qualifier && name.len > 0 ? DETAIL_MODIFIER_QUALIFIER
			     : name.len == 0			  ? DETAIL_MODIFIER_NO_NAME
								  : DETAIL_MODIFIER_BAD_NAME;
	struct finding *finding = spf_reading_report(reading, RULE_SPF_MODIFIER_INVALID_NAME, detail,
		span_of(term->span.offset, span_end(parts->name) + 1 - term->span.offset));
	finding->args[0] = slice_at(reading->text, term->span);
	if (detail == DETAIL_MODIFIER_QUALIFIER) {
		struct span qualifier = span_of(term->span.offset, 1);
		if (spf_term_try(reading->arena, slice_from(slice_at(reading->text, term->span), 1), NULL))
			spf_reading_fix(reading, finding, qualifier, SLICE(""),
				spf_term_modifier(name) != SPF_UNKNOWN);
	}
	return spf_term_modifier(name);
}

static enum spf_kind report_bare_ip(struct spf_reading *reading, const struct spf_term *term,
	struct slice body, const struct spf_parts *parts, enum ip_family family)
{
	enum spf_kind kind = family == IP_V4 ? SPF_IP4 : SPF_IP6;
	struct finding *finding = spf_reading_report(reading, RULE_SPF_BARE_IP, DETAIL_NONE, term->span);
	struct slice corrected = corrected_term(reading->arena, parts, kind, body, true);
	finding->args[0] = body;
	finding->args[1] = corrected;
	try_fix(reading, finding, term->span, corrected, true);
	return kind;
}

/* A host name alone. Only names as "_spf.example.com" say whether a, mx or include was meant. */
static enum spf_kind report_bare_host(struct spf_reading *reading, const struct spf_term *term,
	struct slice body, const struct spf_parts *parts)
{
	struct finding *finding = spf_reading_report(reading, RULE_SPF_BARE_HOST, DETAIL_NONE, term->span);
	finding->args[0] = body;
	if (slice_starts_nocase(body, SLICE("_spf")) || slice_starts_nocase(body, SLICE("spf")))
		try_fix(reading, finding, term->span,
			corrected_term(reading->arena, parts, SPF_INCLUDE, body, true), false);
	return SPF_UNKNOWN;
}

static bool looks_like_quad(struct slice text)
{
	size_t dots = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_digit(text.ptr[i]) && text.ptr[i] != '.')
			return false;
		dots += text.ptr[i] == '.';
	}
	return dots == 3 && text.ptr[0] != '.';
}

enum spf_kind spf_unknown_report(struct spf_reading *reading, const struct spf_term *term)
{
	struct spf_parts parts = spf_term_split(reading->text, term->span);
	struct slice name = slice_at(reading->text, parts.name);
	struct slice body = slice_from(slice_at(reading->text, term->span), parts.has_qualifier);
	enum ip_family family = IP_V4;
	struct slice address = slice_head(body, spf_network_find_length(body));
	if (parts.separator == '=')
		return report_modifier_name(reading, term, &parts);
	enum spf_kind modifier = spf_term_modifier(name);
	if (modifier != SPF_UNKNOWN && parts.separator == ':')
		return report_modifier_colon(reading, term, &parts, modifier);
	if (spf_network_is_network(body, &family) || looks_like_quad(address))
		return report_bare_ip(reading, term, body, &parts, family);
	if (find_wrong_dot(name) == name.len && spf_domain_spec_is_host(address))
		return report_bare_host(reading, term, body, &parts);
	return report_mechanism(reading, term, &parts);
}

/* "ip4=192.0.2.1", "ipv4=192.0.2.1": a legal modifier that does nothing. RFC 7208 4.6.1, 6 */
static void report_equals(struct spf_reading *reading, const struct spf_term *term,
	const struct spf_parts *parts, enum spf_kind kind)
{
	struct slice value = slice_at(reading->text, term->value);
	struct finding *finding = spf_reading_report(reading, RULE_SPF_MECHANISM_EQUALS, DETAIL_NONE,
		span_of(term->name.offset, term->name.len + 1));
	struct slice corrected = corrected_term(reading->arena, parts, kind, value, value.len > 0);
	finding->detail = DETAIL_EQUALS_IGNORED;
	finding->args[0] = slice_at(reading->text, term->name);
	finding->args[1] = corrected;
	try_fix(reading, finding, term->span, corrected, true);
}

static bool is_reporting_modifier(struct slice name)
{
	return slice_equal_nocase(name, SLICE("ra")) || slice_equal_nocase(name, SLICE("rp")) ||
	       slice_equal_nocase(name, SLICE("rr"));
}

/* "ipv4=", "inclde=": near to a mechanism that takes a value, and long enough to be no word of its own. */
static bool is_misspelled_mechanism(struct slice name, enum spf_kind guess)
{
	return spf_term_needs_value(guess) && !is_modifier_kind(guess) && name.len > 3 &&
	       nearest_distance(name, slice_cstr(spf_kind_text(guess)), 2) <= 2;
}

enum spf_kind spf_unknown_modifier(struct spf_reading *reading, const struct spf_term *term)
{
	struct spf_parts parts = spf_term_split(reading->text, term->span);
	struct slice name = slice_at(reading->text, term->name);
	enum spf_kind kind = spf_term_mechanism(name);
	enum spf_kind guess = kind == SPF_UNKNOWN ? spf_unknown_guess(name) : kind;
	bool is_reporting = is_reporting_modifier(name);
	guess = by_family(guess, slice_at(reading->text, term->value));
	if (kind != SPF_UNKNOWN || is_misspelled_mechanism(name, guess)) {
		report_equals(reading, term, &parts, guess);
		return guess;
	}
	struct finding *finding =
		spf_reading_report(reading, RULE_SPF_MODIFIER_UNKNOWN, DETAIL_MODIFIER_IGNORED, term->span);
	finding->args[0] = name;
	if (is_reporting) {
		finding->detail = DETAIL_MODIFIER_REPORTING;
	} else if (slice_equal_nocase(slice_at(reading->text, term->span), SLICE("v=spf1"))) {
		finding->detail = DETAIL_MODIFIER_VERSION_AGAIN;
		size_t start = term->span.offset - 1; /* with the space before it */
		spf_reading_fix(reading, finding, span_of(start, term->span.len + 1), SLICE(""), true);
	} else if (is_modifier_kind(guess)) {
		finding->detail =
			guess == SPF_REDIRECT ? DETAIL_MODIFIER_REDIRECT_MEANT : DETAIL_MODIFIER_EXP_MEANT;
		finding->severity = SEVERITY_WARNING;
		try_fix(reading, finding, term->span,
			corrected_term(
				reading->arena, &parts, guess, slice_at(reading->text, term->value), true),
			true);
		return guess;
	}
	return SPF_UNKNOWN;
}
