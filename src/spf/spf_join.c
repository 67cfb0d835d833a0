/* spf_join: see spf_join.h. By the grammar each piece is a term of its own, and at least one of them is
 * none. RFC 7208 12 */
#include "spf/spf_join.h"

#include "base/ascii.h"
#include "spf/spf_domain_spec.h"
#include "spf/spf_foreign.h"
#include "spf/spf_network.h"
#include "spf/spf_unknown.h"

/* The pieces that are one term. */
struct joint {
	size_t count;		/* 0: none */
	enum spf_kind kind;	/* what they were meant to be */
	struct slice corrected; /* the term without its spaces */
	struct span value;	/* its value; len 0: nothing to judge */
	bool unsure;		/* the first piece may also be a stray sign */
};

static struct slice put_together(struct arena *arena, struct slice a, const char *separator, struct slice b)
{
	return arena_printf(arena, "%.*s%s%.*s", (int)a.len, a.ptr, separator, (int)b.len, b.ptr);
}

static const char *separator_of(enum spf_kind kind)
{
	return kind == SPF_REDIRECT || kind == SPF_EXP ? "=" : ":";
}

/* True when `text` begins as a term of its own: it must not be taken as the value of the one before it. */
static bool is_termlike(struct slice text)
{
	struct spf_parts parts = spf_term_split(text, span_of(0, text.len));
	struct slice name = slice_at(text, parts.name);
	return parts.has_qualifier || spf_term_mechanism(name) != SPF_UNKNOWN ||
	       spf_term_modifier(name) != SPF_UNKNOWN || parts.separator == '=';
}

static bool is_value(struct slice text)
{
	enum ip_family family;
	struct slice name = slice_head(text, spf_network_find_length(text));
	return spf_network_is_network(text, &family) || spf_domain_spec_is_host(name);
}

/* "- all": a qualifier alone, and a directive that has none. */
static struct joint join_qualifier(
	struct spf_reading *reading, const struct span *spans, struct slice first, struct slice second)
{
	struct joint joint = {.count = 0};
	enum spf_qualifier ignored;
	struct spf_term term;
	if (first.len != 1 || !spf_term_qualifier(first.ptr[0], &ignored))
		return joint;
	if (!spf_term_try(reading->arena, second, &term) || term.is_modifier || term.name.offset != 0)
		return joint;
	joint = (struct joint){.count = 2, .kind = term.kind, .value = span_of(spans[1].offset, 0)};
	joint.corrected = put_together(reading->arena, first, "", second);
	joint.unsure = term.kind != SPF_ALL; /* "- ip4:192.0.2.1" can be an item of a list */
	return joint;
}

/* "include: example.com", and "ip4=" likewise: the value is behind the space. */
static struct joint join_value(struct spf_reading *reading, const struct span *spans, struct slice first,
	const struct spf_parts *parts, enum spf_kind kind, struct slice second)
{
	struct joint joint = {.count = 0};
	if (parts->rest.len != 1 || kind == SPF_UNKNOWN || kind == SPF_ALL || is_termlike(second))
		return joint;
	struct slice start = slice_head(first, first.len - 1);
	joint = (struct joint){.count = 2, .kind = kind, .value = spans[1]};
	joint.corrected = put_together(reading->arena, start, separator_of(kind), second);
	return joint;
}

/* "include :example.com", "include : example.com". */
static struct joint join_separator(struct spf_reading *reading, const struct span *spans, size_t count,
	struct slice first, enum spf_kind kind)
{
	struct joint joint = {.count = 0};
	struct slice second = slice_at(reading->text, spans[1]);
	if (kind == SPF_UNKNOWN || kind == SPF_ALL || (second.ptr[0] != ':' && second.ptr[0] != '='))
		return joint;
	struct span value = span_of(spans[1].offset + 1, spans[1].len - 1);
	bool is_alone = value.len == 0;
	/* "mx =all": a, mx and ptr are whole without a value. */
	if (!is_alone && !spf_term_needs_value(kind) && !is_value(slice_at(reading->text, value)))
		return joint;
	if (is_alone && (count < 3 || is_termlike(slice_at(reading->text, spans[2]))))
		return joint;
	joint.count = is_alone ? 3 : 2;
	joint.kind = kind;
	joint.value = is_alone ? spans[2] : value;
	joint.corrected =
		put_together(reading->arena, first, separator_of(kind), slice_at(reading->text, joint.value));
	return joint;
}

/* "include example.com": a space where the separator should be. Not for a, mx and ptr, which are whole
 * without a value. */
static struct joint join_missing_separator(struct spf_reading *reading, const struct span *spans,
	struct slice first, enum spf_kind kind, struct slice second)
{
	struct joint joint = {.count = 0};
	bool needs_value = spf_term_needs_value(kind);
	if (!needs_value || !is_value(second))
		return joint;
	joint = (struct joint){.count = 2, .kind = kind, .value = spans[1]};
	joint.corrected = put_together(reading->arena, first, separator_of(kind), second);
	return joint;
}

/* "ip4:192.0.2.0 /24". */
static struct joint join_length(
	struct spf_reading *reading, const struct span *spans, struct slice first, struct slice second)
{
	struct joint joint = {.count = 0};
	struct spf_term term;
	if (second.ptr[0] != '/' || spf_network_find_length(second) != 0 ||
		!spf_term_try(reading->arena, first, &term) || term.is_modifier)
		return joint;
	struct slice both = put_together(reading->arena, first, "", second);
	if (!spf_term_try(reading->arena, both, &term))
		return joint;
	return (struct joint){
		.count = 2, .kind = term.kind, .corrected = both, .value = span_of(spans[1].offset, 0)};
}

static struct joint find_joint(struct spf_reading *reading, const struct span *spans, size_t count)
{
	struct slice first = slice_at(reading->text, spans[0]);
	struct slice second = slice_at(reading->text, spans[1]);
	struct spf_parts parts = spf_term_split(reading->text, spans[0]);
	struct slice name = slice_at(reading->text, parts.name);
	enum spf_kind kind = spf_term_mechanism(name);
	if (kind == SPF_UNKNOWN)
		kind = spf_term_modifier(name);
	struct joint joint = join_qualifier(reading, spans, first, second);
	if (joint.count == 0 && (parts.separator == ':' || parts.separator == '='))
		joint = join_value(reading, spans, first, &parts, kind, second);
	if (joint.count == 0 && parts.separator == '\0')
		joint = join_separator(reading, spans, count, first, kind);
	if (joint.count == 0 && parts.separator == '\0')
		joint = join_missing_separator(reading, spans, first, kind, second);
	return joint.count > 0 ? joint : join_length(reading, spans, first, second);
}

size_t spf_join_report(
	struct spf_reading *reading, const struct span *spans, size_t count, enum spf_kind *kind)
{
	if (count < 2)
		return 0;
	/* Foreign bytes are a cause of their own. */
	size_t near = count < SPF_JOIN_MAX ? count : SPF_JOIN_MAX;
	struct span near_span = span_of(spans[0].offset, span_end(spans[near - 1]) - spans[0].offset);
	if (spf_foreign_is_in(slice_at(reading->text, near_span)))
		return 0;
	struct joint joint = find_joint(reading, spans, count);
	if (joint.count == 0)
		return 0;
	struct span last = spans[joint.count - 1];
	struct span all = span_of(spans[0].offset, span_end(last) - spans[0].offset);
	struct finding *finding = spf_reading_report(reading, RULE_SPF_SPACE_IN_TERM, DETAIL_NONE, all);
	finding->args[1] = joint.corrected;
	spf_reading_fix(reading, finding, all, joint.corrected, !joint.unsure);
	if (joint.value.len > 0)
		spf_term_parse_value(reading, joint.kind, joint.value);
	*kind = joint.kind;
	return joint.count;
}
