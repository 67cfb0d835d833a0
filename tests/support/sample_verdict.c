/* sample_verdict: see sample_verdict.h. */
#include "support/sample_verdict.h"

#include <stdlib.h>

static const struct slice server = {"192.0.2.53:53", 13};

struct name sample_name(struct arena *arena, const char *text)
{
	struct name name;
	if (name_from_text(arena, slice_cstr(text), &name) != NAME_OK)
		abort();
	return name;
}

void sample_set_text(struct arena *arena, struct record *txt, struct slice text)
{
	struct slice *strings = arena_alloc(arena, sizeof *strings);
	strings[0] = text;
	txt->type = RRTYPE_TXT;
	txt->data.txt = (struct txt_data){strings, 1, text};
}

static void make_answer(struct arena *arena, struct answer *answer, struct record *txt, const char *name,
	const char *text, uint32_t ttl)
{
	sample_set_text(arena, txt, slice_cstr(text));
	txt->ttl = ttl;
	txt->origin = (struct origin){.kind = ORIGIN_SERVER, .server = server};
	*answer = (struct answer){
		.question = {sample_name(arena, name), RRTYPE_TXT},
		.kind = ANSWER_RECORDS,
		.ttl = ttl,
		.origin = txt->origin,
		.records = txt,
		.count = 1,
	};
	answer->owner = answer->question.name;
}

static struct span span_in(struct slice text, const char *part)
{
	size_t at = slice_search_nocase(text, slice_cstr(part));
	if (at == text.len)
		abort();
	return span_of(at, strlen(part));
}

/* A term of `record` and its place in the tree, by its text. */
static void make_term(struct arena *arena, struct slice record, struct spf_term *term,
	struct spf_tree_term *tree_term, enum spf_kind kind, const char *text)
{
	*term = (struct spf_term){.kind = kind, .valid = true, .ip4_length = 32, .ip6_length = 128};
	term->span = span_in(record, text);
	term->is_modifier = kind == SPF_EXP || kind == SPF_REDIRECT;
	*tree_term = (struct spf_tree_term){
		.term = term, .text = slice_at(record, term->span), .voids_known = true};
	struct ip ip;
	size_t colon = slice_find(tree_term->text, ':', 0);
	size_t slash = slice_find(tree_term->text, '/', 0);
	if (kind == SPF_IP4 &&
		ip_parse(slice_at(tree_term->text, span_of(colon + 1, slash - colon - 1)), &ip))
		term->network = (struct prefix){ip, slash < tree_term->text.len ? 24 : 32};
	if (kind == SPF_IP4) {
		struct prefix *network = arena_alloc(arena, sizeof *network);
		*network = term->network;
		tree_term->networks = network;
		tree_term->network_count = 1;
		tree_term->has_target = true;
		tree_term->target = prefix_text(arena, *network);
	}
}

static const struct prefix *one_address(struct arena *arena, const char *text)
{
	struct prefix *prefix = arena_alloc(arena, sizeof *prefix);
	if (!ip_parse(slice_cstr(text), &prefix->ip))
		abort();
	prefix->length = ip_bits(prefix->ip.family);
	return prefix;
}

static void make_selection(struct spf_selection *selection, const struct answer *answer,
	const struct record *txt, const struct spf_record *parsed, const struct record **candidate)
{
	*candidate = txt;
	*selection = (struct spf_selection){
		.answer = answer,
		.selected = 1,
		.record = txt,
		.parsed = parsed,
		.candidates = candidate,
		.candidate_count = 1,
	};
}

static void make_child(struct arena *arena, struct sample_verdict *s)
{
	const char *text = "v=spf1 ip4:198.51.100.0/24 ~all";
	struct slice record = slice_cstr(text);
	const struct record **candidate = arena_alloc(arena, sizeof(*candidate));
	make_answer(arena, &s->child_answer, &s->child_txt, "_spf.example.net", text, 300);
	make_term(arena, record, &s->child_terms[0], &s->child_tree_terms[0], SPF_IP4, "ip4:198.51.100.0/24");
	make_term(arena, record, &s->child_terms[1], &s->child_tree_terms[1], SPF_ALL, "~all");
	s->child_terms[1].qualifier = SPF_QUALIFIER_SOFTFAIL;
	s->child_record =
		(struct spf_record){.text = record, .valid = true, .terms = s->child_terms, .count = 2};
	make_selection(&s->child_selection, &s->child_answer, &s->child_txt, &s->child_record, candidate);
	s->child = (struct spf_node){
		.domain = s->child_answer.question.name,
		.selection = &s->child_selection,
		.record = &s->child_record,
		.terms = s->child_tree_terms,
		.count = 2,
	};
}

static void make_root(struct arena *arena, struct sample_verdict *s)
{
	const char *text =
		"v=spf1 mx include:_spf.example.net exists:%{i}.l.example.com exp=exp.example.com -all";
	static const enum spf_kind kinds[] = {SPF_MX, SPF_INCLUDE, SPF_EXISTS, SPF_EXP, SPF_ALL};
	static const char *const parts[] = {
		"mx", "include:_spf.example.net", "exists:%{i}.l.example.com", "exp=exp.example.com", "-all"};
	struct slice record = slice_cstr(text);
	const struct record **candidate = arena_alloc(arena, sizeof(*candidate));
	make_answer(arena, &s->root_answer, &s->root_txt, "example.com", text, 3600);
	for (size_t i = 0; i < 5; i++)
		make_term(arena, record, &s->root_terms[i], &s->root_tree_terms[i], kinds[i], parts[i]);
	s->root_terms[4].qualifier = SPF_QUALIFIER_FAIL;
	s->root_tree_terms[0].networks = one_address(arena, "192.0.2.1");
	s->root_tree_terms[0].network_count = 1;
	s->root_tree_terms[1].tree = &s->child;
	s->root_tree_terms[2].outcome = SPF_OUTCOME_UNRESOLVED;
	s->root_tree_terms[2].voids_known = false;
	for (size_t i = 0; i < 3; i++)
		s->root_tree_terms[i].lookups = 1;
	static const char *const targets[] = {
		"example.com", "_spf.example.net", NULL, "exp.example.com", NULL};
	for (size_t i = 0; i < 5; i++) {
		s->root_tree_terms[i].has_target = targets[i] != NULL;
		s->root_tree_terms[i].target = targets[i] != NULL ? slice_cstr(targets[i]) : SLICE("");
	}
	s->root_record = (struct spf_record){
		.text = record, .valid = true, .terms = s->root_terms, .count = 5, .exp = &s->root_terms[3]};
	make_selection(&s->root_selection, &s->root_answer, &s->root_txt, &s->root_record, candidate);
	s->root = (struct spf_node){
		.domain = s->root_answer.question.name,
		.selection = &s->root_selection,
		.record = &s->root_record,
		.lookups = 3,
		.terms = s->root_tree_terms,
		.count = 5,
	};
}

static void make_tree(struct arena *arena, struct sample_verdict *s)
{
	struct prefix networks[2] = {*one_address(arena, "192.0.2.1"), s->child_terms[0].network};
	s->tree = (struct spf_tree){
		.root = &s->root,
		.lookups = 3,
		.default_result = SPF_FAIL,
		.default_known = true,
		.ipv4 = ipset_of(arena, IP_V4, networks, 2),
		.ipv6 = ipset_empty(IP_V6),
	};
	s->explanation_answer = (struct answer){.kind = ANSWER_RECORDS, .ttl = 60};
	s->explanation = (struct spf_explanation){
		.domain = SLICE("exp.example.com"),
		.resolved = true,
		.answer = &s->explanation_answer,
		.has_record = true,
		.record = SLICE("%{i} may not send for %{d}"),
		.valid = true,
		.reachable = true,
		.example = SLICE("192.0.2.99 may not send for example.com"),
	};
	s->verdict.spf = (struct verdict_spf){STATUS_VALID, &s->tree, &s->explanation};
}

static void make_destinations(struct arena *arena, struct sample_verdict *s)
{
	static const char *const uris[] = {"mailto:dmarc@example.com", "mailto:example@reports.example"};
	for (size_t i = 0; i < 2; i++) {
		s->uris[i] =
			(struct dmarc_uri){.text = slice_cstr(uris[i]), .valid = true, .is_mailto = true};
		s->destinations[i] = (struct dmarc_destination){
			.uri = &s->uris[i], .external = i == 1, .external_known = true};
	}
	s->destinations[1].authorized = DMARC_UNAUTHORIZED;
	s->destinations[1].authorization_name =
		sample_name(arena, "example.com._report._dmarc.reports.example");
	s->verdict.dmarc.rua = s->destinations;
	s->verdict.dmarc.rua_count = 2;
}

static void make_dmarc(struct arena *arena, struct sample_verdict *s)
{
	const char *text = "v=DMARC1; p=none; rua=mailto:dmarc@example.com,mailto:example@reports.example";
	struct verdict_dmarc *dmarc = &s->verdict.dmarc;
	struct dmarc_discovery *discovery = &dmarc->discovery;
	const struct record **candidate = arena_alloc(arena, sizeof(*candidate));
	make_answer(arena, &s->dmarc_answer, &s->dmarc_txt, "_dmarc.example.com", text, 600);
	*candidate = &s->dmarc_txt;
	s->dmarc_record = dmarc_record_parse(arena, slice_cstr(text));
	discovery->walk.count = 2;
	discovery->walk.steps[0] = (struct dmarc_walk_step){
		.name = s->dmarc_answer.question.name,
		.domain = sample_name(arena, "example.com"),
		.outcome = DMARC_WALK_RECORD,
		.answer = &s->dmarc_answer,
		.txt = &s->dmarc_txt,
		.record = s->dmarc_record,
	};
	discovery->walk.steps[1] = (struct dmarc_walk_step){.name = sample_name(arena, "_dmarc.com"),
		.domain = sample_name(arena, "com"),
		.outcome = DMARC_WALK_NONE};
	discovery->found = &discovery->walk.steps[0];
	discovery->organizational_domain = sample_name(arena, "example.com");
	discovery->policies.applies = true;
	dmarc->status = STATUS_VALID;
	dmarc->txt = &s->dmarc_txt;
	dmarc->record = s->dmarc_record;
	dmarc->location = sample_name(arena, "example.com");
	dmarc->answer = &s->dmarc_answer;
	dmarc->candidates = candidate;
	dmarc->candidate_count = 1;
	dmarc->rfc7489 = (struct dmarc_rfc7489){
		.location = dmarc->location,
		.record = s->dmarc_record,
		.applies = true,
		.pct = 100,
		.organizational_domain = dmarc->location,
	};
	make_destinations(arena, s);
}

struct sample_verdict *sample_verdict(struct arena *arena)
{
	struct sample_verdict *s = arena_alloc(arena, sizeof *s);
	*s = (struct sample_verdict){0};
	s->verdict.input = SLICE("Example.COM.");
	s->verdict.domain = sample_name(arena, "example.com");
	s->verdict.cost = (struct verdict_cost){.queries = 9, .from_cache = 1, .elapsed_ms = 12};
	s->verdict.psl_time = 1767225600;
	findings_init(&s->verdict.findings, arena);
	make_child(arena, s);
	make_root(arena, s);
	make_tree(arena, s);
	make_dmarc(arena, s);
	return s;
}

void sample_add_failure(struct arena *arena, struct sample_verdict *s, enum dns_failure failure)
{
	struct question question = {sample_name(arena, "_spf.example.org"), RRTYPE_TXT};
	s->failure = answer_failure(question, failure);
	s->failures[0] = &s->failure;
	s->verdict.incomplete = s->failures;
	s->verdict.incomplete_count = 1;
}
