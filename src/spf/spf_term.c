/* spf_term: see spf_term.h. */
#include "spf/spf_term.h"

#include "base/ascii.h"
#include "spf/spf_domain_spec.h"
#include "spf/spf_network.h"

/* What may follow a name. */
enum form {
	FORM_NOTHING,	      /* all */
	FORM_DOMAIN,	      /* include, exists, redirect, exp: a domain-spec */
	FORM_OPTIONAL_DOMAIN, /* ptr */
	FORM_HOST,	      /* a, mx: a domain-spec or none, then a dual-cidr-length or none */
	FORM_IP4,
	FORM_IP6
};

/* In the order of enum spf_kind. */
static const struct {
	const char *name;
	enum form form;
	bool is_modifier;
} kinds[] = {
	{"all", FORM_NOTHING, false},
	{"include", FORM_DOMAIN, false},
	{"a", FORM_HOST, false},
	{"mx", FORM_HOST, false},
	{"ptr", FORM_OPTIONAL_DOMAIN, false},
	{"ip4", FORM_IP4, false},
	{"ip6", FORM_IP6, false},
	{"exists", FORM_DOMAIN, false},
	{"redirect", FORM_DOMAIN, true},
	{"exp", FORM_DOMAIN, true},
};

_Static_assert(sizeof kinds / sizeof kinds[0] == SPF_UNKNOWN, "one row for each kind but the last");

static const struct slice qualifiers = {"+-~?", 4};

const char *spf_kind_text(enum spf_kind kind)
{
	return kind == SPF_UNKNOWN ? "unknown" : kinds[kind].name;
}

bool spf_kind_asks_dns(enum spf_kind kind)
{
	switch (kind) {
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
	case SPF_REDIRECT:
		return true;
	case SPF_ALL:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_EXP:
	case SPF_UNKNOWN:
		return false;
	}
	return false;
}

bool spf_kind_is_network(enum spf_kind kind)
{
	return kind == SPF_IP4 || kind == SPF_IP6;
}

char spf_qualifier_char(enum spf_qualifier qualifier)
{
	return qualifiers.ptr[qualifier];
}

bool spf_term_qualifier(char c, enum spf_qualifier *out)
{
	size_t index = slice_find(qualifiers, c, 0);
	if (index < qualifiers.len)
		*out = (enum spf_qualifier)index;
	return index < qualifiers.len;
}

static enum spf_kind find_kind(struct slice name, bool is_modifier)
{
	for (size_t i = 0; i < SPF_UNKNOWN; i++)
		if (kinds[i].is_modifier == is_modifier &&
			slice_equal_nocase(name, slice_cstr(kinds[i].name)))
			return (enum spf_kind)i;
	return SPF_UNKNOWN;
}

enum spf_kind spf_term_mechanism(struct slice name)
{
	return find_kind(name, false);
}

enum spf_kind spf_term_modifier(struct slice name)
{
	return find_kind(name, true);
}

bool spf_term_needs_value(enum spf_kind kind)
{
	if (kind == SPF_UNKNOWN)
		return false;
	enum form form = kinds[kind].form;
	return form == FORM_DOMAIN || form == FORM_IP4 || form == FORM_IP6;
}

void spf_term_has_no_target(struct finding *finding, enum spf_kind kind)
{
	bool must_exist = kind == SPF_INCLUDE || kind == SPF_REDIRECT;
	enum effect effect = must_exist	       ? EFFECT_SPF_TARGET_MISSING
			     : kind == SPF_EXP ? EFFECT_SPF_EXPLANATION_DROPPED
					       : EFFECT_SPF_NO_MATCH;
	finding_effect_all(finding, effect, EFFECT_NONE, EFFECT_NONE);
	if (kind == SPF_EXP)
		finding->severity = SEVERITY_WARNING;
}

struct spf_parts spf_term_split(struct slice text, struct span span)
{
	struct spf_parts parts = {.qualifier = SPF_QUALIFIER_PASS};
	struct slice term = slice_at(text, span);
	size_t start = 0;
	if (term.len > 0 && spf_term_qualifier(term.ptr[0], &parts.qualifier)) {
		parts.has_qualifier = true;
		start = 1;
	}
	size_t end = start;
	while (end < term.len && term.ptr[end] != '=' && term.ptr[end] != ':' && term.ptr[end] != '/')
		end++;
	parts.name = span_of(span.offset + start, end - start);
	parts.separator = end < term.len ? term.ptr[end] : '\0';
	parts.rest = span_of(span.offset + end, term.len - end);
	return parts;
}

static bool is_visible(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_visible(text.ptr[i]))
			return false;
	return true;
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ). RFC 7208 12 */
static bool is_modifier_name(struct slice name)
{
	if (name.len == 0 || !ascii_is_alpha(name.ptr[0]))
		return false;
	for (size_t i = 1; i < name.len; i++) {
		char c = name.ptr[i];
		if (!ascii_is_alnum(c) && c != '-' && c != '_' && c != '.')
			return false;
	}
	return true;
}

static void parse_domain(struct spf_reading *reading, struct spf_term *term, struct span span)
{
	term->domain_spec = spf_domain_spec_parse(reading, span, &term->valid);
}

/* All that stands behind the name, with the separator. */
static struct span rest_of(const struct spf_term *term)
{
	size_t start = span_end(term->name);
	return span_of(start, span_end(term->span) - start);
}

static void refuse(struct spf_reading *reading, struct spf_term *term, enum rule_id rule, enum detail detail,
	struct span span)
{
	term->valid = false;
	struct finding *finding = spf_reading_report(reading, rule, detail, span);
	finding->args[1] = slice_at(reading->text, term->name);
}

/* A prefix length behind a term that takes none: "include:example.com/24". */
static bool refuse_length(struct spf_reading *reading, struct spf_term *term)
{
	struct slice value = slice_at(reading->text, term->value);
	size_t slash = spf_network_find_length(value);
	if (slash == value.len || !spf_domain_spec_is_host(slice_head(value, slash)))
		return false;
	struct span length = span_of(term->value.offset + slash, value.len - slash);
	refuse(reading, term, RULE_SPF_CIDR_INVALID, DETAIL_CIDR_NOT_HERE, length);
	spf_reading_fix(
		reading, &reading->findings->items[reading->findings->count - 1], length, SLICE(""), false);
	return true;
}

/* "mx:": a, mx and ptr stand without a name, but then without a colon. */
static void refuse_colon(struct spf_reading *reading, struct spf_term *term)
{
	refuse(reading, term, RULE_SPF_EMPTY_DOMAIN_SPEC, DETAIL_EMPTY_DROP_COLON, term->span);
	spf_reading_fix(reading, &reading->findings->items[reading->findings->count - 1],
		span_of(span_end(term->name), 1), SLICE(""), false);
}

/* include, exists, redirect, exp; ptr when `is_optional`. `parts` tells what follows the name. */
static void parse_domain_form(
	struct spf_reading *reading, struct spf_term *term, char separator, bool is_optional)
{
	if (separator == '/') {
		refuse(reading, term, RULE_SPF_CIDR_INVALID, DETAIL_CIDR_NOT_HERE, rest_of(term));
		return;
	}
	if (term->value.len == 0) {
		if (separator == '\0' && is_optional)
			return;
		if (is_optional)
			refuse_colon(reading, term);
		else
			refuse(reading, term, RULE_SPF_EMPTY_DOMAIN_SPEC, DETAIL_EMPTY_NEEDED, term->span);
		return;
	}
	if (!refuse_length(reading, term))
		parse_domain(reading, term, term->value);
}

/* a and mx: the length is taken off first. */
static void parse_host_form(struct spf_reading *reading, struct spf_term *term, char separator)
{
	struct span argument = separator == ':' ? term->value : rest_of(term);
	size_t slash = separator == '/' ? 0 : spf_network_find_length(slice_at(reading->text, argument));
	struct span length = span_of(argument.offset + slash, argument.len - slash);
	if (separator == ':' && slash == 0)
		refuse_colon(reading, term);
	else if (separator == ':')
		parse_domain(reading, term, span_of(argument.offset, slash));
	if (length.len > 0 && !spf_network_parse_dual(reading, length, &term->ip4_length, &term->ip6_length))
		term->valid = false;
}

static void parse_network_form(struct spf_reading *reading, struct spf_term *term, enum ip_family family)
{
	if (!spf_network_parse(reading, family, term->span, term->name, term->value, &term->network))
		term->valid = false;
}

static void parse_form(struct spf_reading *reading, struct spf_term *term, char separator)
{
	switch (kinds[term->kind].form) {
	case FORM_NOTHING:
		if (separator != '\0')
			refuse(reading, term, RULE_SPF_ALL_ARGUMENT, DETAIL_NONE, rest_of(term));
		break;
	case FORM_DOMAIN:
		parse_domain_form(reading, term, separator, false);
		break;
	case FORM_OPTIONAL_DOMAIN:
		parse_domain_form(reading, term, separator, true);
		break;
	case FORM_HOST:
		parse_host_form(reading, term, separator);
		break;
	case FORM_IP4:
		parse_network_form(reading, term, IP_V4);
		break;
	case FORM_IP6:
		parse_network_form(reading, term, IP_V6);
		break;
	}
}

/* A term with '=' as its first separator. RFC 7208 4.6.1, 6 */
static void parse_modifier(struct spf_reading *reading, struct spf_term *term, const struct spf_parts *parts)
{
	struct slice name = slice_at(reading->text, term->name);
	if (parts->has_qualifier || !is_modifier_name(name)) {
		term->valid = false;
		return;
	}
	term->is_modifier = true;
	term->kind = spf_term_modifier(name);
	if (term->kind != SPF_UNKNOWN)
		parse_form(reading, term, '=');
	else
		term->valid = macro_parse(
			reading->arena, reading->text, term->value, MACRO_VALUE, reading->findings)
				      ->valid;
}

static void parse_directive(struct spf_reading *reading, struct spf_term *term, const struct spf_parts *parts)
{
	struct slice name = slice_at(reading->text, term->name);
	term->kind = spf_term_mechanism(name);
	bool is_bare_modifier = parts->separator == '\0' && !parts->has_qualifier;
	if (term->kind == SPF_UNKNOWN && is_bare_modifier && spf_term_modifier(name) != SPF_UNKNOWN) {
		/* "redirect" or "exp" alone: surely the modifier without its value. */
		term->kind = spf_term_modifier(name);
		refuse(reading, term, RULE_SPF_EMPTY_DOMAIN_SPEC, DETAIL_EMPTY_NEEDED_EQUALS, term->span);
	} else if (term->kind == SPF_UNKNOWN) {
		term->valid = false;
	} else {
		parse_form(reading, term, parts->separator);
	}
}

struct spf_term spf_term_parse(struct spf_reading *reading, struct span span)
{
	struct spf_parts parts = spf_term_split(reading->text, span);
	bool has_value = parts.separator == ':' || parts.separator == '=';
	struct spf_term term = {
		.kind = SPF_UNKNOWN,
		.valid = is_visible(slice_at(reading->text, span)),
		.qualifier = parts.qualifier,
		.span = span,
		.name = parts.name,
		.value = span_of(parts.rest.offset + has_value, has_value ? parts.rest.len - 1 : 0),
		.ip4_length = ip_bits(IP_V4),
		.ip6_length = ip_bits(IP_V6),
	};
	if (parts.separator == '=')
		parse_modifier(reading, &term, &parts);
	else
		parse_directive(reading, &term, &parts);
	return term;
}

bool spf_term_parse_value(struct spf_reading *reading, enum spf_kind kind, struct span value)
{
	struct spf_term term = {
		.kind = kind,
		.valid = true,
		.span = value,
		.name = span_of(value.offset, 0),
		.value = value,
	};
	struct spf_reading no_fixes = *reading;
	no_fixes.fix_bytes = SPF_MAX_FIX_BYTES + 1;
	parse_form(&no_fixes, &term, kinds[kind].is_modifier ? '=' : ':');
	return term.valid;
}

bool spf_term_try(struct arena *arena, struct slice text, struct spf_term *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct findings ignored;
	findings_init(&ignored, arena);
	struct spf_reading reading = {
		.arena = arena,
		.text = text,
		.findings = &ignored,
		.fix_bytes = SPF_MAX_FIX_BYTES + 1,
	};
	struct spf_term term = {.valid = false};
	if (text.len > 0 && slice_find(text, ' ', 0) == text.len)
		term = spf_term_parse(&reading, span_of(0, text.len));
	term.domain_spec = NULL;
	arena_rewind(arena, mark);
	if (out != NULL)
		*out = term;
	return term.valid;
}
