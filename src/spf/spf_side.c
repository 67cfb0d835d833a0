/* spf_side: see spf_side.h. */
#include "spf/spf_side.h"

static uint16_t address_type(enum ip_family family)
{
	return family == IP_V4 ? RRTYPE_A : RRTYPE_AAAA;
}

static bool is_void(const struct answer *answer)
{
	return answer->kind == ANSWER_NODATA || answer->kind == ANSWER_NXDOMAIN;
}

/* The addresses in `answer`, each with the term's prefix length for that family. RFC 7208 5.3 */
static void add_networks(struct arena *arena, const struct spf_term *term, enum ip_family family,
	const struct answer *answer, struct spf_side_networks *networks)
{
	for (size_t i = 0; i < answer->count; i++) {
		const struct record *record = &answer->records[i];
		if (record->malformed)
			continue;
		struct prefix prefix = {.ip = {.family = family}};
		prefix.length = family == IP_V4 ? term->ip4_length : term->ip6_length;
		memcpy(prefix.ip.bytes, record->data.address, family == IP_V4 ? 4 : 16);
		networks->items = arena_grow(
			arena, networks->items, networks->count, &networks->capacity, sizeof prefix);
		networks->items[networks->count++] = prefix_masked(prefix);
	}
}

static void look_a(struct view *view, struct arena *arena, const struct spf_term *term, enum ip_family family,
	struct spf_side *side, struct spf_side_networks *networks)
{
	const struct answer *answer = view_get(view, side->name, address_type(family));
	if (answer->kind == ANSWER_TEMPORARY) {
		side->outcome = SPF_OUTCOME_TEMPORARY;
	} else if (is_void(answer)) {
		side->outcome = SPF_OUTCOME_NONE;
		side->void_lookups = side->void_queries = 1;
	}
	add_networks(arena, term, family, answer, networks);
}

/* The addresses of every exchange; the root as exchange is the null MX and has none (RFC 7505). */
static void look_hosts(struct view *view, struct arena *arena, const struct spf_term *term,
	enum ip_family family, const struct answer *mx, struct spf_side *side,
	struct spf_side_networks *networks)
{
	side->outcome = SPF_OUTCOME_NONE;
	bool failed = false;
	for (size_t i = 0; i < mx->count; i++) {
		const struct record *record = &mx->records[i];
		if (record->malformed || name_is_root(record->data.mx.exchange))
			continue;
		const struct answer *answer = view_get(view, record->data.mx.exchange, address_type(family));
		add_networks(arena, term, family, answer, networks);
		side->void_queries += is_void(answer);
		failed = failed || answer->kind == ANSWER_TEMPORARY;
		if (answer->count > 0)
			side->outcome = SPF_OUTCOME_OK;
	}
	if (failed)
		side->outcome = SPF_OUTCOME_TEMPORARY; /* RFC 7208 5 */
}

/* There is no fallback to the address of the name itself. RFC 7208 5.4 */
static void look_mx(struct view *view, struct arena *arena, const struct spf_term *term,
	enum ip_family family, struct spf_side *side, struct spf_side_networks *networks)
{
	const struct answer *mx = view_get(view, side->name, RRTYPE_MX);
	if (mx->kind == ANSWER_TEMPORARY) {
		side->outcome = SPF_OUTCOME_TEMPORARY;
	} else if (is_void(mx)) {
		side->outcome = SPF_OUTCOME_NONE;
		side->void_lookups = side->void_queries = 1;
	} else if (mx->count > SPF_MX_LIMIT) {
		side->outcome =
			SPF_OUTCOME_PERMERROR; /* RFC 7208 4.6.4: records, however few names they have */
	} else {
		look_hosts(view, arena, term, family, mx, side, networks);
	}
}

/* Always type A, whatever the client's family, and any address will do. RFC 7208 5.7 */
static void look_exists(struct view *view, struct spf_side *side)
{
	const struct answer *answer = view_get(view, side->name, RRTYPE_A);
	side->matches_all = answer->kind == ANSWER_RECORDS;
	if (answer->kind == ANSWER_TEMPORARY) {
		side->outcome = SPF_OUTCOME_TEMPORARY;
	} else if (is_void(answer)) {
		side->outcome = SPF_OUTCOME_NONE;
		side->void_lookups = side->void_queries = 1;
	}
}

void spf_side_look(struct view *view, struct arena *arena, const struct spf_term *term, enum ip_family family,
	struct spf_side *side, struct spf_side_networks *networks)
{
	side->outcome = SPF_OUTCOME_OK;
	switch (term->kind) {
	case SPF_A:
		look_a(view, arena, term, family, side, networks);
		return;
	case SPF_MX:
		look_mx(view, arena, term, family, side, networks);
		return;
	case SPF_EXISTS:
		look_exists(view, side);
		return;
	case SPF_PTR: /* which names a client has is known only when it comes */
	case SPF_ALL:
	case SPF_INCLUDE:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_UNKNOWN:
		return;
	}
}
