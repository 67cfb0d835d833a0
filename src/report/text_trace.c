/* text_trace: see text_trace.h.
 *
 *     1.   include:_spf.example.net: its record says softfail, so no match
 *     1.1    ip4:192.0.2.0/28: 192.0.2.77 is not in it, so no match
 *     1.2    ~all: it matches every client, so this record says softfail
 *     2.   mx: the mail hosts of example.com are 192.0.2.25, so no match
 *     3.   -all: it matches every client, so the result is fail
 */
#include "report/text_trace.h"

#include "report/text_source.h"

#define MAX_LISTED  4 /* addresses or names of one answer */
#define MAX_RUN	    4 /* networks in a row that do not match: more are told together, unless --verbose */
#define MAX_STEPS   300
#define MAX_NUMBERS (SPF_LOOKUP_LIMIT + 2) /* records inside each other */

const char *text_trace_meaning(enum spf_result result)
{
	static const char *const texts[] = {[SPF_NONE] = "there is no SPF record to judge by",
		[SPF_NEUTRAL] = "the domain neither confirms nor denies this host; treated like none",
		[SPF_PASS] = "the domain says that this host may send its mail",
		[SPF_FAIL] = "the domain says that this host may not send its mail",
		[SPF_SOFTFAIL] = "the domain says that this host probably may not send its mail",
		[SPF_TEMPERROR] = "DNS failed for now, so there is no result yet",
		[SPF_PERMERROR] = "the record is broken, so it says nothing"};
	return texts[result];
}

enum text_style text_trace_style(enum spf_result result)
{
	static const enum text_style styles[] = {[SPF_NONE] = TEXT_NOTE,
		[SPF_NEUTRAL] = TEXT_NOTE,
		[SPF_PASS] = TEXT_GOOD,
		[SPF_FAIL] = TEXT_BAD,
		[SPF_SOFTFAIL] = TEXT_WARNING,
		[SPF_TEMPERROR] = TEXT_WARNING,
		[SPF_PERMERROR] = TEXT_BAD};
	return styles[result];
}

/* --- what DNS said ----------------------------------------------------------------------------- */

static struct slice record_text(struct arena *arena, const struct record *record)
{
	struct ip ip = {.family = record->type == RRTYPE_A ? IP_V4 : IP_V6};
	if (record->malformed)
		return SLICE("(unreadable)");
	if (record->type == RRTYPE_PTR)
		return name_text(arena, record->data.target);
	memcpy(ip.bytes, record->data.address, ip_bits(ip.family) / 8);
	return ip_text(arena, ip);
}

static struct slice joined(struct arena *arena, struct slice list, struct slice item)
{
	return arena_printf(arena, "%.*s%s%.*s", (int)list.len, list.len > 0 ? list.ptr : "",
		list.len > 0 ? ", " : "", (int)item.len, item.ptr);
}

/* "192.0.2.1, 192.0.2.2 and 7 more" */
static struct slice list_records(
	struct arena *arena, struct slice list, const struct answer *answer, size_t *count)
{
	for (size_t i = 0; i < answer->count; i++)
		if ((*count)++ < MAX_LISTED)
			list = joined(arena, list, record_text(arena, &answer->records[i]));
	return list;
}

static struct slice with_rest(struct arena *arena, struct slice list, size_t count)
{
	return count <= MAX_LISTED ? list
				   : arena_printf(arena, "%.*s and %zu more", (int)list.len, list.ptr,
					     count - MAX_LISTED);
}

static struct slice failed(struct arena *arena, const struct answer *answer)
{
	return arena_printf(arena, "DNS failed for now (%s %s: %s)",
		name_text(arena, answer->question.name).ptr,
		arena_cstr(arena, rrtype_text(arena, answer->question.type)),
		dns_failure_text(answer->failure));
}

/* An answer without records, in words; empty when it has some. */
static struct slice nothing(struct arena *arena, const struct answer *answer, const char *what)
{
	const char *name = name_text(arena, answer->question.name).ptr;
	switch (answer->kind) {
	case ANSWER_TEMPORARY:
		return failed(arena, answer);
	case ANSWER_NXDOMAIN:
		return arena_printf(arena, "%s does not exist", name);
	case ANSWER_NODATA:
		return arena_printf(arena, "%s has no %s", name, what);
	case ANSWER_RECORDS:
	case ANSWER_ALIAS:
		break;
	}
	return SLICE("");
}

static const char *family_text(enum ip_family family)
{
	return family == IP_V4 ? "IPv4 address" : "IPv6 address";
}

/* The answer to the term's own question. What %{p} in its domain-spec needs is asked before: names and their
 * addresses, but no MX. Each address behind an MX record comes after it; `a` and `exists` ask last. */
static const struct spf_trace_answer *own_answer(const struct spf_trace_step *step)
{
	bool is_mx = step->term->kind == SPF_MX;
	const struct spf_trace_answer *own = step->answers;
	for (const struct spf_trace_answer *noted = own; noted != NULL; noted = noted->next) {
		if (is_mx && noted->answer->question.type == RRTYPE_MX)
			return noted;
		own = noted;
	}
	return own;
}

static struct slice about_addresses(struct arena *arena, const struct spf_trace_step *step, struct ip ip)
{
	const struct answer *answer = own_answer(step)->answer;
	struct slice words = nothing(
		arena, answer, step->term->kind == SPF_EXISTS ? family_text(IP_V4) : family_text(ip.family));
	size_t count = 0;
	if (words.len > 0)
		return words;
	words = list_records(arena, SLICE(""), answer, &count);
	words = with_rest(arena, words, count);
	return arena_printf(
		arena, "%s is %.*s", name_text(arena, answer->question.name).ptr, (int)words.len, words.ptr);
}

/* The exchanges that were asked for come behind the MX answer. */
static struct slice about_exchanges(struct arena *arena, const struct spf_trace_step *step, struct ip ip)
{
	const struct spf_trace_answer *own = own_answer(step);
	const struct answer *mx = own->answer;
	struct slice words = nothing(arena, mx, "MX record"), list = SLICE("");
	size_t count = 0;
	if (words.len > 0)
		return words;
	const char *name = name_text(arena, mx->question.name).ptr;
	if (mx->count > SPF_MX_LIMIT)
		return arena_printf(arena, "%s has %zu MX records, and 10 are allowed", name, mx->count);
	for (const struct spf_trace_answer *noted = own->next; noted != NULL; noted = noted->next) {
		if (noted->answer->kind == ANSWER_TEMPORARY)
			return failed(arena, noted->answer);
		list = list_records(arena, list, noted->answer, &count);
	}
	if (count == 0)
		return arena_printf(arena, "the mail hosts of %s have no %s", name, family_text(ip.family));
	list = with_rest(arena, list, count);
	return arena_printf(arena, "the mail hosts of %s have %.*s", name, (int)list.len, list.ptr);
}

static struct slice about_names(struct arena *arena, const struct spf_trace_step *step)
{
	const struct answer *ptr = step->answers->answer;
	struct slice words = nothing(arena, ptr, "name"), list = SLICE("");
	size_t count = 0;
	if (ptr->kind == ANSWER_TEMPORARY)
		return words;
	if (words.len > 0)
		return SLICE("the client's address has no name in DNS");
	list = with_rest(arena, list_records(arena, list, ptr, &count), count);
	return arena_printf(arena, "the client says it is %.*s; %s", (int)list.len, list.ptr,
		step->outcome == SPF_MATCH ? "that name leads back to the client and lies in the target"
					   : "no such name leads back to the client and lies in the target");
}

static struct slice about_network(struct arena *arena, const struct spf_trace_step *step, struct ip ip)
{
	struct slice client = ip_text(arena, ip);
	if (step->term->network.ip.family != ip.family)
		return arena_printf(arena, "it is for %s, and the client has none",
			step->term->kind == SPF_IP4 ? "IPv4 addresses" : "IPv6 addresses");
	return arena_printf(arena, "%.*s is %sin it", (int)client.len, client.ptr,
		step->outcome == SPF_MATCH ? "" : "not ");
}

/* What was found out about a term. */
static struct slice facts(struct arena *arena, const struct spf_trace_step *step, struct ip ip)
{
	if (step->note.len > 0)
		return step->note;
	switch (step->term->kind) {
	case SPF_ALL:
		return SLICE("it matches every client");
	case SPF_IP4:
	case SPF_IP6:
		return about_network(arena, step, ip);
	case SPF_A:
	case SPF_EXISTS:
		return step->answers == NULL ? SLICE("") : about_addresses(arena, step, ip);
	case SPF_MX:
		return step->answers == NULL ? SLICE("") : about_exchanges(arena, step, ip);
	case SPF_PTR:
		return step->answers == NULL ? SLICE("") : about_names(arena, step);
	case SPF_INCLUDE:
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_UNKNOWN:
		break;
	}
	return SLICE("");
}

/* --- what follows ------------------------------------------------------------------------------ */

static enum spf_result qualifier_result(enum spf_qualifier qualifier)
{
	static const enum spf_result results[] = {[SPF_QUALIFIER_PASS] = SPF_PASS,
		[SPF_QUALIFIER_FAIL] = SPF_FAIL,
		[SPF_QUALIFIER_SOFTFAIL] = SPF_SOFTFAIL,
		[SPF_QUALIFIER_NEUTRAL] = SPF_NEUTRAL};
	return results[qualifier];
}

static struct slice conclusion(struct arena *arena, const struct spf_trace_step *step)
{
	switch (step->outcome) {
	case SPF_NO_MATCH:
		return SLICE("so no match");
	case SPF_MATCH:
		if (step->term->kind == SPF_REDIRECT)
			return SLICE("and that is taken");
		return arena_printf(arena, "so %s %s",
			step->depth == 0 ? "the result is" : "this record says",
			spf_result_text(qualifier_result(step->term->qualifier)));
	case SPF_MATCH_TEMPERROR:
		return SLICE("which ends the check with temperror");
	case SPF_MATCH_PERMERROR:
		return SLICE("which ends the check with permerror");
	}
	return SLICE("");
}

static enum text_style style_of(const struct spf_trace_step *step)
{
	if (step->outcome == SPF_NO_MATCH)
		return TEXT_PLAIN;
	if (step->outcome == SPF_MATCH)
		return step->depth == 0 ? TEXT_STRONG : TEXT_PLAIN;
	return TEXT_BAD;
}

/* Where the expansion tells more than the term: "exists:%{i}.example.net (192.0.2.1.example.net)". */
static struct slice term_text(const struct text *text, const struct spf_trace_step *step)
{
	struct slice term = text_raw(text, slice_at(step->record->text, step->term->span));
	bool has_macros =
		step->term->domain_spec != NULL && step->expanded.len > 0 &&
		slice_find(slice_at(step->record->text, step->term->span), '%', 0) < step->term->span.len;
	if (!has_macros)
		return term;
	struct slice expanded = text_raw(text, step->expanded);
	return arena_printf(
		text->arena, "%.*s (%.*s)", (int)term.len, term.ptr, (int)expanded.len, expanded.ptr);
}

/* --- the steps --------------------------------------------------------------------------------- */

/* "1.2.1": how many steps there were at each depth. */
struct numbers {
	size_t at[MAX_NUMBERS];
};

static struct slice next_number(struct arena *arena, struct numbers *numbers, size_t depth, size_t steps)
{
	size_t last = depth < MAX_NUMBERS ? depth : MAX_NUMBERS - 1;
	struct slice number = SLICE("");
	size_t first = ++numbers->at[last];
	numbers->at[last] += steps - 1;
	for (size_t i = last + 1; i < MAX_NUMBERS; i++)
		numbers->at[i] = 0;
	for (size_t i = 0; i < last; i++)
		number = arena_printf(arena, "%.*s%zu.", (int)number.len, number.ptr, numbers->at[i]);
	return steps == 1 ? arena_printf(arena, "%.*s%zu.", (int)number.len, number.ptr, first)
			  : arena_printf(arena, "%.*s%zu-%zu.", (int)number.len, number.ptr, first,
				    numbers->at[last]);
}

static void put_line(
	const struct text *text, enum text_style style, struct slice number, size_t depth, struct slice shown)
{
	size_t margin = 2 + 2 * (depth < 8 ? depth : 8);
	struct slice first =
		arena_printf(text->arena, "%*s%-4.*s ", (int)margin, "", (int)number.len, number.ptr);
	text_wrap(text, style, first, text_blanks(text, text_width(first)), shown);
}

static void put_step(
	const struct text *text, struct numbers *numbers, const struct spf_trace_step *step, struct ip ip)
{
	struct slice number = next_number(text->arena, numbers, step->depth, 1);
	struct slice term = term_text(text, step), found = text_shown(text, facts(text->arena, step, ip));
	struct slice end = conclusion(text->arena, step);
	put_line(text, style_of(step), number, step->depth,
		arena_printf(text->arena, "%.*s: %.*s%s%.*s", (int)term.len, term.ptr, (int)found.len,
			found.ptr, found.len > 0 ? ", " : "", (int)end.len, end.ptr));
}

/* Where each answer came from. */
static void put_sources(const struct text *text, const struct spf_trace_step *step)
{
	struct slice margin = text_blanks(text, 7 + 2 * (step->depth < 8 ? step->depth : 8));
	for (const struct spf_trace_answer *noted = step->answers; noted != NULL; noted = noted->next) {
		struct slice name = text_name(text, noted->answer->question.name);
		struct slice type = rrtype_text(text->arena, noted->answer->question.type);
		struct slice source = text_source(text, noted->answer, NULL);
		text_wrap(text, TEXT_FAINT, margin, margin,
			arena_printf(text->arena, "%.*s %.*s %.*s", (int)name.len, name.ptr, (int)type.len,
				type.ptr, (int)source.len, source.ptr));
	}
}

static bool is_missed_network(const struct spf_trace_step *step)
{
	return spf_kind_is_network(step->term->kind) && step->outcome == SPF_NO_MATCH;
}

/* Networks in a row that do not match, from step `at` on. */
static size_t run_length(const struct spf_verdict *verdict, size_t at)
{
	size_t count = 0;
	while (at + count < verdict->trace_count && is_missed_network(verdict->trace[at + count]) &&
		verdict->trace[at + count]->depth == verdict->trace[at]->depth)
		count++;
	return count;
}

static void put_run(const struct text *text, struct numbers *numbers, const struct spf_trace_step *first,
	const struct spf_trace_step *last, size_t count)
{
	struct slice number = next_number(text->arena, numbers, first->depth, count);
	struct slice from = text_raw(text, slice_at(first->record->text, first->term->span));
	struct slice to = text_raw(text, slice_at(last->record->text, last->term->span));
	put_line(text, TEXT_PLAIN, number, first->depth,
		arena_printf(text->arena,
			"%.*s ... %.*s: the client is in none of these %zu networks, so no match",
			(int)from.len, from.ptr, (int)to.len, to.ptr, count));
}

void text_trace(const struct text *text, const struct spf_verdict *verdict, struct ip ip)
{
	struct numbers numbers = {{0}};
	size_t drawn = 0;
	for (size_t at = 0; at < verdict->trace_count; drawn++) {
		struct arena_mark mark = arena_mark(text->arena);
		size_t run = text->options->verbose ? 0 : run_length(verdict, at);
		if (drawn == MAX_STEPS) {
			text_line(text, TEXT_FAINT, SLICE("  "),
				arena_printf(text->arena, "[%zu more steps]", verdict->trace_count - at));
			return;
		}
		if (run > MAX_RUN) {
			put_run(text, &numbers, verdict->trace[at], verdict->trace[at + run - 1], run);
			at += run;
		} else {
			put_step(text, &numbers, verdict->trace[at], ip);
			if (text->options->verbose)
				put_sources(text, verdict->trace[at]);
			at++;
		}
		arena_rewind(text->arena, mark);
	}
}
