/* lint_spf: see lint_spf.h. */
#include "lint/lint_spf.h"

#include <inttypes.h>

#include "spf/spf_networks.h"
#include "spf/spf_tree.h"

#define RANGE_LENGTH 16 /* a shorter IPv4 prefix is huge */
#define LOOKUPS_NEAR 8
#define MAX_INCLUDES 32 /* that are compared with each other: more are over the limit by far */

static bool needs_dns(const struct spf_record *record, const struct spf_term *term)
{
	switch (term->kind) {
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
		return term->valid && (record->all == NULL || term < record->all);
	case SPF_REDIRECT:
		return term->valid && record->all == NULL;
	case SPF_ALL:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_EXP:
	case SPF_UNKNOWN:
		break;
	}
	return false;
}

static void judge_lookups(
	struct arena *arena, const struct spf_record *record, struct slice name, struct findings *findings)
{
	const struct spf_term *crossing = NULL;
	unsigned count = 0;
	for (size_t i = 0; i < record->count; i++) {
		if (!needs_dns(record, &record->terms[i]))
			continue;
		if (++count == SPF_LOOKUP_LIMIT + 1)
			crossing = &record->terms[i];
	}
	if (count >= LOOKUPS_NEAR && crossing == NULL)
		findings_add(findings, RULE_SPF_LOOKUP_NEAR)->args[0] =
			arena_printf(arena, "at least %u", count);
	if (crossing == NULL)
		return;
	struct finding *finding = findings_add_at(findings, RULE_SPF_LOOKUP_LIMIT, crossing->span);
	finding->args[0] = arena_printf(arena, "%u", count);
	finding->args[1] = slice_at(record->text, crossing->span);
	finding->args[2] = name.len > 0 ? name : SLICE("this domain");
}

static bool is_reached_ip4(const struct spf_record *record, const struct spf_term *term)
{
	return term->valid && term->kind == SPF_IP4 && term->qualifier == SPF_QUALIFIER_PASS &&
	       (record->all == NULL || term < record->all);
}

static bool has_rule(const struct findings *findings, enum rule_id rule)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].rule == rule)
			return true;
	return false;
}

static void judge_ranges(struct arena *arena, const struct spf_record *record, struct findings *findings)
{
	/* All addresses: that is said already. */
	if (has_rule(&record->findings, RULE_SPF_RANGE_ALL))
		return;
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		if (!is_reached_ip4(record, term) || term->network.length >= RANGE_LENGTH)
			continue;
		if (spf_networks_is_special(term->network)) /* nobody sends from there: said already */
			continue;
		struct finding *finding = findings_add_at(findings, RULE_SPF_RANGE_HUGE, term->span);
		finding->args[0] = prefix_text(arena, term->network);
		finding->args[1] =
			arena_printf(arena, "%" PRIu64, (uint64_t)1 << (32 - term->network.length));
	}
}

/* The target of a valid include that is reached and has no macro. */
static bool is_plain_include(const struct spf_record *record, const struct spf_term *term)
{
	return term->kind == SPF_INCLUDE && needs_dns(record, term) && term->domain_spec != NULL &&
	       term->domain_spec->count == 1 && term->domain_spec->pieces[0].kind == MACRO_LITERAL;
}

static struct slice without_dot(struct slice name)
{
	return name.len > 0 && name.ptr[name.len - 1] == '.' ? slice_head(name, name.len - 1) : name;
}

static void judge_includes(struct arena *arena, const struct spf_record *record, struct findings *findings)
{
	struct slice seen[MAX_INCLUDES];
	size_t count = 0;
	for (size_t i = 0; i < record->count && count < MAX_INCLUDES; i++) {
		const struct spf_term *term = &record->terms[i];
		size_t known = 0;
		if (!is_plain_include(record, term))
			continue;
		struct slice target = without_dot(slice_at(record->text, term->value));
		while (known < count && !slice_equal_nocase(seen[known], target))
			known++;
		if (known == count) {
			seen[count++] = target;
			continue;
		}
		struct finding *finding = findings_add_at(findings, RULE_SPF_INCLUDE_DUPLICATE, term->span);
		finding->args[0] = arena_copy(arena, target);
		finding->args[1] = SLICE("at least 1");
	}
}

/* RFC 7208 6.2 */
static void judge_exp(const struct spf_record *record, struct findings *findings)
{
	if (record->exp != NULL && record->exp->valid && !spf_record_can_fail(record))
		findings_add_at(findings, RULE_SPF_EXP_UNREACHABLE, record->exp->span)->detail =
			DETAIL_EXP_NO_FAIL;
}

void lint_spf(
	struct arena *arena, const struct spf_record *record, struct slice name, struct findings *findings)
{
	judge_lookups(arena, record, name, findings);
	judge_includes(arena, record, findings);
	judge_ranges(arena, record, findings);
	judge_exp(record, findings);
}
