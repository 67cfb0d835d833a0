/* spf_evaluation: see spf_evaluation.h. */
#include "spf/spf_evaluation.h"

#include "base/ascii.h"

#define MAX_SUBJECT 253 /* bytes of a stranger's text in a reason */
#define MAX_TARGET  255 /* of an expansion that are kept: more than a name has */

/* --- the evaluation's own record keeping ------------------------------------------------------- */

struct spf_trace_step *spf_evaluation_step(struct spf_evaluation *e, const struct spf_record *record,
	const struct spf_term *term, struct slice domain, size_t depth)
{
	struct spf_trace_step *step = arena_alloc(e->arena, sizeof *step);
	*step = (struct spf_trace_step){
		.depth = depth, .domain = domain, .record = record, .term = term, .outcome = SPF_NO_MATCH};
	e->steps = arena_grow(e->arena, e->steps, e->step_count, &e->step_capacity, sizeof *e->steps);
	e->steps[e->step_count++] = step;
	return step;
}

void spf_evaluation_count(struct spf_evaluation *e, struct spf_trace_step *step)
{
	step->lookups = e->lookups;
	step->void_lookups = e->void_lookups;
}

const struct answer *spf_evaluation_ask(struct spf_evaluation *e, struct name name, uint16_t type)
{
	const struct answer *answer = view_get(e->view, name, type);
	if (e->current == NULL)
		return answer;
	struct spf_trace_answer *noted = arena_alloc(e->arena, sizeof *noted);
	noted->answer = answer;
	struct spf_trace_answer **end = &e->current->answers;
	while (*end != NULL)
		end = &(*end)->next;
	*end = noted;
	return answer;
}

void spf_evaluation_reason(struct spf_evaluation *e, struct slice subject, const char *what)
{
	struct slice head = slice_head(subject, MAX_SUBJECT);
	struct slice shown = ascii_escape(e->arena, head);
	e->reason = arena_printf(
		e->arena, "%.*s%s %s", (int)shown.len, shown.ptr, head.len < subject.len ? "..." : "", what);
}

void spf_evaluation_failure(struct spf_evaluation *e, const struct answer *answer)
{
	struct slice name = name_text(e->arena, answer->question.name);
	struct slice type = rrtype_text(e->arena, answer->question.type);
	e->reason = arena_printf(e->arena, "%.*s %.*s: DNS failed for now (%s)", (int)name.len, name.ptr,
		(int)type.len, type.ptr, dns_failure_text(answer->failure));
}

/* --- addresses --------------------------------------------------------------------------------- */

uint16_t spf_evaluation_address_type(struct ip ip)
{
	return ip.family == IP_V4 ? RRTYPE_A : RRTYPE_AAAA;
}

static struct ip record_ip(const struct record *record)
{
	struct ip ip = {.family = record->type == RRTYPE_A ? IP_V4 : IP_V6};
	memcpy(ip.bytes, record->data.address, ip_bits(ip.family) / 8);
	return ip;
}

bool spf_evaluation_contains(const struct answer *answer, struct ip client, unsigned char length)
{
	for (size_t i = 0; i < answer->count; i++)
		if (!answer->records[i].malformed &&
			prefix_contains((struct prefix){record_ip(&answer->records[i]), length}, client))
			return true;
	return false;
}

/* --- validated names (RFC 7208 5.5, 7.3) ------------------------------------------------------- */

bool spf_evaluation_is_validated(struct spf_evaluation *e, struct name name)
{
	struct ip client = e->request->ip;
	return spf_evaluation_contains(spf_evaluation_ask(e, name, spf_evaluation_address_type(client)),
		client, ip_bits(client.family));
}

const struct answer *spf_evaluation_ask_reverse(struct spf_evaluation *e)
{
	struct name name;
	struct slice text = ip_reverse_name(e->arena, e->request->ip);
	if (name_from_text(e->arena, text, &name) != NAME_OK)
		escape_out_of_memory(e->arena->escape); /* cannot happen: the text is ours */
	return spf_evaluation_ask(e, name, RRTYPE_PTR);
}

bool spf_evaluation_ptr_name(const struct answer *ptr, size_t i, struct name *out)
{
	if (i >= SPF_PTR_LIMIT || ptr->records[i].malformed)
		return false;
	*out = ptr->records[i].data.target;
	return true;
}

/* How well a validated name suits %{p}: <domain> itself, below it, any other (RFC 7208 7.3). */
static int validated_rank(struct name name, bool has_domain, struct name domain)
{
	if (has_domain && name_equal(name, domain))
		return 3;
	return has_domain && name_is_within(name, domain) ? 2 : 1;
}

struct slice spf_evaluation_validated(struct spf_evaluation *e, struct slice domain_text)
{
	struct name domain = {0}, best = {0};
	bool has_domain = name_from_text(e->arena, domain_text, &domain) == NAME_OK;
	int best_rank = 0;
	const struct answer *ptr = spf_evaluation_ask_reverse(e);
	for (size_t i = 0; i < ptr->count; i++) {
		struct name name;
		if (!spf_evaluation_ptr_name(ptr, i, &name) || !spf_evaluation_is_validated(e, name))
			continue;
		int rank = validated_rank(name, has_domain, domain);
		if (rank > best_rank) {
			best_rank = rank;
			best = name;
		}
	}
	return best_rank > 0 ? name_text(e->arena, best) : SLICE("unknown");
}

/* --- the target -------------------------------------------------------------------------------- */

void spf_evaluation_values(
	struct spf_evaluation *e, struct slice domain, bool explanation, struct macro_values *out)
{
	const struct spf_request *request = e->request;
	*out = (struct macro_values){.sender = request->sender,
		.local_part = request->local_part,
		.sender_domain = request->sender_domain,
		.domain = domain,
		.helo = request->helo,
		.ip = &request->ip};
	if (explanation) {
		out->receiver = request->receiver;
		out->time = &request->time;
	}
}

bool spf_evaluation_expand(
	struct spf_evaluation *e, const struct macro_string *spec, struct slice domain, struct slice *out)
{
	struct macro_values values;
	struct slice expansion;
	char missing, kept[MAX_TARGET];
	size_t len = 0;
	if (!ascii_is_all(e->request->local_part) && (macro_uses(spec, 's') || macro_uses(spec, 'l')))
		return false;
	spf_evaluation_values(e, domain, false, &values);
	if (macro_uses(spec, 'p'))
		values.validated = spf_evaluation_validated(e, domain);
	/* A 64 KiB domain-spec can expand to megabytes; what is a name of them is kept. */
	struct arena_mark mark = arena_mark(e->arena);
	bool known = macro_expand(e->arena, spec, &values, &expansion, &missing);
	if (known) {
		struct slice name = slice_head(macro_name(expansion), sizeof kept);
		len = name.len;
		if (len > 0)
			memcpy(kept, name.ptr, len);
	}
	arena_rewind(e->arena, mark);
	*out = arena_copy(e->arena, slice_of(kept, len));
	return known;
}

bool spf_evaluation_name(struct spf_evaluation *e, struct slice text, struct name *out)
{
	/* One final dot was taken off already; "" and "." are the root. */
	if (text.len == 0 || text.ptr[text.len - 1] == '.')
		return false;
	return name_from_text(e->arena, text, out) == NAME_OK;
}
