/* Saved runs: what is kept, its text byte for byte, what is read back, threads, lack of memory. */
#include "dns/snapshot.h"

#include <pthread.h>
#include <stdlib.h>

#include "support/unit.h"

enum { RANDOM_RUNS = 200, RANDOM_ANSWERS = 12, THREADS = 4, SHARED_QUESTIONS = 200 };

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_master(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

static struct snapshot *open_snapshot(void)
{
	struct snapshot *snapshot = snapshot_open(0);
	ck_assert_ptr_nonnull(snapshot);
	return snapshot;
}

/* The text of a snapshot, in the arena. */
static struct slice text_of(struct arena *arena, struct snapshot *snapshot, const struct snapshot_meta *meta)
{
	struct buf buf;
	buf_init(&buf);
	snapshot_write(snapshot, meta, &buf);
	ck_assert(!buf.failed);
	struct slice text = arena_copy(arena, buf_slice(&buf));
	buf_free(&buf);
	return text;
}

static struct snapshot_data read_text(struct arena *arena, struct slice text)
{
	struct snapshot_data data;
	struct zonefile_error error = {0};
	bool read = snapshot_read(arena, SLICE("run.dns"), text, &data, &error);
	ck_assert_msg(read, "%zu:%zu: %.*s", error.place.line, error.place.column, (int)error.message.len,
		error.message.ptr);
	return data;
}

/* What was read, kept and written again. */
static struct slice write_again(struct arena *arena, const struct snapshot_data *data)
{
	struct snapshot *snapshot = open_snapshot();
	for (size_t i = 0; i < data->domain_count; i++)
		ck_assert(snapshot_add_domain(snapshot, data->domains[i]));
	for (size_t i = 0; i < data->count; i++)
		ck_assert_ptr_nonnull(snapshot_keep(snapshot, &data->answers[i]));
	struct slice text = text_of(arena, snapshot, &data->meta);
	snapshot_close(snapshot);
	return text;
}

/* --- random answers --------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t limit)
{
	return (size_t)(next_random(state) % limit);
}

static bool one_in(uint64_t *state, size_t n)
{
	return below(state, n) == 0;
}

static char *random_bytes(struct arena *arena, uint64_t *state, size_t len)
{
	char *bytes = arena_alloc(arena, len);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)next_random(state);
	return bytes;
}

/* Up to six labels of any bytes; letters of both cases. */
static struct slice random_wire(struct arena *arena, uint64_t *state)
{
	char *wire = arena_alloc(arena, NAME_MAX_WIRE);
	size_t used = 0;
	for (size_t labels = below(state, 6); labels > 0; labels--) {
		size_t len = 1 + below(state, one_in(state, 20) ? 40 : 4);
		if (used + 1 + len + 1 > NAME_MAX_WIRE)
			break;
		wire[used++] = (char)len;
		for (size_t i = 0; i < len; i++)
			wire[used++] =
				(char)(one_in(state, 3) ? next_random(state)
							: (uint64_t) "aB#$@.\\;\"( x"[below(state, 12)]);
	}
	return slice_of(wire, used + 1);
}

static struct slice random_strings(struct arena *arena, uint64_t *state)
{
	char *wire = arena_alloc(arena, 4 * 256);
	size_t used = 0;
	for (size_t count = 1 + below(state, 4); count > 0; count--) {
		size_t len = below(state, one_in(state, 5) ? 256 : 12);
		wire[used++] = (char)len;
		memcpy(wire + used, random_bytes(arena, state, len), len);
		used += len;
	}
	return slice_of(wire, used);
}

/* Data of the form of its type. */
static struct slice random_rdata(struct arena *arena, uint64_t *state, uint16_t type)
{
	switch (type) {
	case RRTYPE_A:
		return slice_of(random_bytes(arena, state, 4), 4);
	case RRTYPE_AAAA:
		return slice_of(random_bytes(arena, state, 16), 16);
	case RRTYPE_TXT:
	case RRTYPE_SPF:
		return random_strings(arena, state);
	case RRTYPE_MX:
		return arena_concat(
			arena, slice_of(random_bytes(arena, state, 2), 2), random_wire(arena, state));
	case RRTYPE_CNAME:
	case RRTYPE_PTR:
	case RRTYPE_NS:
	case RRTYPE_DNAME:
		return random_wire(arena, state);
	default:
		return slice_of(random_bytes(arena, state, 40), below(state, 40));
	}
}

static struct slice random_word(struct arena *arena, uint64_t *state)
{
	static const char *const words[] = {
		"192.0.2.53:53", "[2001:db8::53]:53", "db.example.com", "a b\"c(;)\\"};
	if (one_in(state, 3))
		return slice_of(random_bytes(arena, state, 9), 1 + below(state, 9));
	return slice_cstr(words[below(state, sizeof words / sizeof words[0])]);
}

static struct origin random_origin(struct arena *arena, uint64_t *state)
{
	struct origin origin = {.kind = (enum origin_kind)below(state, ORIGIN_REPLAY + 1)};
	if (one_in(state, 2))
		origin.server = random_word(arena, state);
	if (one_in(state, 2))
		origin.file = random_word(arena, state);
	if (one_in(state, 2))
		origin.line = one_in(state, 9) ? SIZE_MAX : below(state, 5000);
	return origin;
}

static struct record random_record(
	struct arena *arena, uint64_t *state, uint16_t type, const struct answer *answer)
{
	struct record record = {.type = type,
		.ttl = (uint32_t)next_random(state),
		.rdata = random_rdata(arena, state, type),
		.origin = answer->origin};
	if (one_in(state, 4) && answer->kind == ANSWER_RECORDS)
		record.rdata = slice_of(random_bytes(arena, state, 300), below(state, 300));
	if (one_in(state, 4))
		record.origin.line = below(state, 10);
	if (one_in(state, 4))
		record.origin = random_origin(arena, state);
	if (one_in(state, 6))
		record.comment = random_word(arena, state);
	record_decode(arena, &record);
	if (one_in(state, 5) && answer->kind == ANSWER_RECORDS)
		record.malformed = true;
	return record;
}

static void add_records(struct arena *arena, uint64_t *state, struct answer *answer)
{
	bool is_alias = answer->kind == ANSWER_ALIAS;
	size_t count = is_alias ? 1 : 1 + below(state, 5);
	struct record *records = arena_alloc(arena, count * sizeof *records);
	for (size_t i = 0; i < count; i++)
		records[i] =
			random_record(arena, state, is_alias ? RRTYPE_CNAME : answer->question.type, answer);
	records_sort(records, count);
	answer->records = records;
	answer->count = count;
}

static struct answer random_answer(struct arena *arena, uint64_t *state)
{
	static const uint16_t types[] = {RRTYPE_A, RRTYPE_AAAA, RRTYPE_TXT, RRTYPE_SPF, RRTYPE_MX,
		RRTYPE_CNAME, RRTYPE_PTR, RRTYPE_NS, RRTYPE_DNAME, RRTYPE_SOA, 33, 65280};
	struct answer answer = {.question = {name_from_wire(arena, random_wire(arena, state)),
					types[below(state, sizeof types / sizeof types[0])]},
		.kind = (enum answer_kind)below(state, ANSWER_TEMPORARY + 1),
		.rcode = (uint16_t)(one_in(state, 2) ? 0 : next_random(state)),
		.authentic = one_in(state, 2),
		.truncated = one_in(state, 2),
		.over_tcp = one_in(state, 2),
		.from_wildcard = one_in(state, 2),
		.owner_exists = one_in(state, 2),
		.ttl = (uint32_t)(one_in(state, 3) ? 0 : next_random(state)),
		.origin = random_origin(arena, state)};
	answer.owner = answer.question.name;
	if (answer.kind == ANSWER_TEMPORARY)
		answer.failure = (enum dns_failure)(1 + below(state, DNS_FAILURE_OFFLINE));
	if (answer.kind == ANSWER_RECORDS || answer.kind == ANSWER_ALIAS)
		add_records(arena, state, &answer);
	return answer;
}

static void assert_origin(const struct origin *actual, const struct origin *expected)
{
	ck_assert_int_eq(actual->kind, expected->kind);
	unit_assert_slice(actual->server, expected->server);
	unit_assert_slice(actual->file, expected->file);
	ck_assert_uint_eq(actual->line, expected->line);
}

static void assert_record(const struct record *actual, const struct record *expected)
{
	ck_assert_uint_eq(actual->type, expected->type);
	ck_assert_int_eq(actual->malformed, expected->malformed);
	ck_assert_uint_eq(actual->ttl, expected->ttl);
	unit_assert_slice(actual->rdata, expected->rdata);
	unit_assert_slice(actual->comment, expected->comment);
	assert_origin(&actual->origin, &expected->origin);
	if (actual->type != RRTYPE_TXT || actual->malformed)
		return;
	ck_assert_uint_eq(actual->data.txt.count, expected->data.txt.count);
	unit_assert_slice(actual->data.txt.joined, expected->data.txt.joined);
}

static void assert_answer(const struct answer *actual, const struct answer *expected)
{
	ck_assert_int_eq(question_compare(&actual->question, &expected->question), 0);
	ck_assert(name_equal(actual->owner, expected->question.name));
	ck_assert_int_eq(actual->kind, expected->kind);
	ck_assert_int_eq(actual->failure, expected->failure);
	ck_assert_uint_eq(actual->rcode, expected->rcode);
	ck_assert_int_eq(actual->authentic, expected->authentic);
	ck_assert_int_eq(actual->truncated, expected->truncated);
	ck_assert_int_eq(actual->over_tcp, expected->over_tcp);
	ck_assert_int_eq(actual->from_wildcard, expected->from_wildcard);
	ck_assert_int_eq(actual->owner_exists, expected->owner_exists);
	ck_assert_uint_eq(actual->ttl, expected->ttl);
	ck_assert_uint_eq(actual->chain_count, 0);
	assert_origin(&actual->origin, &expected->origin);
	ck_assert_uint_eq(actual->count, expected->count);
	for (size_t i = 0; i < actual->count; i++)
		assert_record(&actual->records[i], &expected->records[i]);
}

static int compare_answers(const void *a, const void *b)
{
	return question_compare(&((const struct answer *)a)->question, &((const struct answer *)b)->question);
}

/* Keeps random answers; returns those that are the first to their question, sorted. */
static size_t keep_random(struct arena *arena, struct snapshot *snapshot, uint64_t seed, struct answer *out)
{
	size_t count = 0;
	uint64_t state = seed;
	for (size_t i = 0; i < RANDOM_ANSWERS; i++) {
		struct answer answer = random_answer(arena, &state);
		bool is_first = snapshot_find(snapshot, &answer.question) == NULL;
		ck_assert_ptr_nonnull(snapshot_keep(snapshot, &answer));
		if (is_first)
			out[count++] = answer;
	}
	qsort(out, count, sizeof *out, compare_answers);
	return count;
}

START_TEST(random_answers_come_back_byte_for_byte)
{
	struct arena *arena = unit_arena();
	struct snapshot *snapshot = open_snapshot();
	struct answer expected[RANDOM_ANSWERS];
	uint64_t state = (uint64_t)_i + 1;
	struct snapshot_meta meta = {.psl_time = (long long)below(&state, SIZE_MAX / 4),
		.psl_hash = random_word(arena, &state),
		.has_time = true,
		.time = INT64_MAX,
		.receiver = random_word(arena, &state)};
	size_t count = keep_random(arena, snapshot, (uint64_t)_i, expected);
	ck_assert(snapshot_add_domain(snapshot, expected[0].question.name));
	ck_assert(snapshot_add_domain(snapshot, expected[0].question.name));
	struct slice text = text_of(arena, snapshot, &meta);
	for (size_t i = 0; i < text.len; i++)
		ck_assert(text.ptr[i] == '\n' || text.ptr[i] == '\t' ||
			  (text.ptr[i] >= ' ' && text.ptr[i] <= '~'));
	struct snapshot_data data = read_text(arena, text);
	ck_assert_uint_eq(data.count, count);
	for (size_t i = 0; i < count; i++)
		assert_answer(&data.answers[i], &expected[i]);
	ck_assert_int_eq(data.meta.psl_time, meta.psl_time);
	unit_assert_slice(data.meta.psl_hash, meta.psl_hash);
	unit_assert_slice(data.meta.receiver, meta.receiver);
	ck_assert_int_eq(data.meta.time, meta.time);
	ck_assert_uint_eq(data.domain_count, 1);
	unit_assert_slice(write_again(arena, &data), text);
	snapshot_close(snapshot);
}
END_TEST

/* Cut anywhere, changed line ends apart, a file is refused. */
START_TEST(no_part_of_a_file_is_taken_for_all_of_it)
{
	struct arena *arena = unit_arena();
	struct snapshot *snapshot = open_snapshot();
	struct answer expected[RANDOM_ANSWERS];
	keep_random(arena, snapshot, (uint64_t)_i, expected);
	struct slice text = text_of(arena, snapshot, &(struct snapshot_meta){0});
	/* The last bytes are the number of questions, and a line end. */
	size_t whole = text.len - 1;
	while (text.ptr[whole - 1] != ' ')
		whole--;
	for (size_t len = 0; len <= whole; len++) {
		struct arena_mark mark = arena_mark(arena);
		struct snapshot_data data;
		struct zonefile_error error = {0};
		ck_assert(!snapshot_read(arena, SLICE("f"), slice_head(text, len), &data, &error));
		ck_assert_uint_gt(error.place.line, 0);
		ck_assert_uint_gt(error.place.column, 0);
		ck_assert_uint_gt(error.message.len, 0);
		ck_assert_uint_eq(data.count, 0);
		arena_rewind(arena, mark);
	}
	snapshot_close(snapshot);
}
END_TEST

/* --- the text --------------------------------------------------------------------------------- */

static const char sample[] = "mailauth-dns/1\n"
			     "# A run of mailauth: what DNS said. `mailauth COMMAND --replay FILE` runs it "
			     "again, offline.\n"
			     "$psl 1600000000 builtin:abc\n"
			     "$time 1790000000\n"
			     "$receiver mx\\032example\n"
			     "$domain example.com\n"
			     "$domain \\035a.example.com\n"
			     "$written db\\032x 3 \"@ IN TXT ( \\\"a\\\" ; why\" \"  b )\\013\"\n"
			     "$remark db\\032x 3 19 3 4 \"ignore spf-ptr \\195\\164\"\n"
			     "\n"
			     ". NS nodata\n"
			     "\n"
			     "example.com A temporary reason=servfail rcode=2 server=192.0.2.53:53\n"
			     "example.com MX records rcode=7 ttl=60 from=zone file=db\\032x line=7\n"
			     "\t63 malformed MX \\# 1 00\n"
			     "\t60 MX 0 .\n"
			     "\t61 line=8 MX 10 Mail.EXAMPLE.com.\n"
			     "\t62 from=record MX 65535 a\\.b.\\064\\000.\n"
			     "example.com TXT records ttl=300 ad tc tcp wildcard absent\n"
			     "\t300 malformed TXT \\# 0\n"
			     "\t300 TXT \"\"\n"
			     "\t300 from=zone file=db\\032x line=3 comment=c\\032\\; TXT \"a\" \"b\"\n"
			     "\t300 TXT \"a \\\" \\\\ ;()\\009\" \"\\255\"\n"
			     "example.com AAAA nxdomain rcode=3 exists\n"
			     "\n"
			     "\\035a.example.com TXT alias ttl=5\n"
			     "\t5 CNAME b.example.com.\n"
			     "\n"
			     "a.b.example.com TYPE65280 records\n"
			     "\t0 TYPE65280 \\# 3 00ff7f\n"
			     "\n"
			     "$end 7\n";

START_TEST(a_file_is_written_as_it_was_read)
{
	struct arena *arena = unit_arena();
	struct snapshot_data data = read_text(arena, slice_cstr(sample));
	unit_assert_slice(write_again(arena, &data), slice_cstr(sample));
	ck_assert_uint_eq(data.domain_count, 2);
	unit_assert_slice(data.meta.receiver, SLICE("mx example"));
	ck_assert_uint_eq(data.meta.zones.count, 1);
	const struct zonefile *zone = data.meta.zones.items[0];
	ck_assert_uint_eq(zone->count, 1);
	ck_assert_uint_eq(zone->records[0].word_count, 2);
	ck_assert_uint_eq(zone->records[0].words[1].place.line, 4);
	ck_assert_uint_eq(zone->records[0].words[1].place.column, 3);
	unit_assert_slice(zone->records[0].record.rdata, SLICE("\001a\001b"));
	unit_assert_slice(zone->records[0].source, SLICE("@ IN TXT ( \"a\" ; why\n  b )\r"));
	ck_assert_uint_eq(zone->remark_count, 1);
	unit_assert_slice(zone->remarks[0].text, SLICE("ignore spf-ptr \303\244"));
}
END_TEST

/* What a person may do to a file without changing what it says. */
START_TEST(comments_blank_lines_and_order_make_no_difference)
{
	struct arena *arena = unit_arena();
	static const char by_hand[] = "\xef\xbb\xbf"
				      "mailauth-dns/1 ; a saved run\r\n"
				      ";; a remark with an \"open quote\r\n"
				      "# and (another\r\n"
				      "\r\n"
				      "   # one more \" \r\n"
				      "EXAMPLE.com. txt records ; why?\r\n"
				      "  ; before\n"
				      "# between \"\n"
				      "    300 TXT ( b\n"
				      "      c )\n"
				      "\t1 TXT a\n"
				      "$end 1";
	struct snapshot_data data = read_text(arena, slice_cstr(by_hand));
	ck_assert_uint_eq(data.count, 1);
	ck_assert_uint_eq(data.answers[0].count, 2);
	unit_assert_slice(data.answers[0].records[0].rdata, SLICE("\001a"));
	unit_assert_slice(data.answers[0].records[1].rdata, SLICE("\001b\001c"));
	ck_assert_uint_eq(data.lines[0].question, 6);
	ck_assert_uint_eq(data.lines[0].records[0], 11);
	ck_assert_uint_eq(data.lines[0].records[1], 9);
}
END_TEST

static const struct {
	const char *text;
	bool is_one;
} beginnings[] = {
	{"mailauth-dns/1\n", true},
	{"mailauth-dns/2\n", true},
	{"\xef\xbb\xbfmailauth-dns/1\n", true},
	{"mailauth-dns", false},
	{" mailauth-dns/1\n", false},
	{"$ORIGIN example.com.\n", false},
	{"", false},
};

START_TEST(a_saved_run_is_told_from_a_zone)
{
	ck_assert_int_eq(snapshot_is_one(slice_cstr(beginnings[_i].text)), beginnings[_i].is_one);
}
END_TEST

/* --- as a source ------------------------------------------------------------------------------ */

START_TEST(a_replay_answers_what_was_asked_and_nothing_else)
{
	struct arena *arena = unit_arena();
	struct snapshot_data data = read_text(arena, slice_cstr(sample));
	struct local_source *source = snapshot_source(arena, &data, SLICE("run.dns"), false);
	struct answer answer;
	for (size_t i = 0; i < data.count; i++) {
		ck_assert(source->ops->lookup(source, arena, &data.answers[i].question, &answer));
		assert_answer(&answer, &data.answers[i]);
	}
	const struct question other = {name_of(arena, "b.example.com"), RRTYPE_TXT};
	ck_assert(!source->ops->lookup(source, arena, &other, &answer));
	ck_assert(!source->ops->name_exists(source, name_of(arena, "example.com")));
}
END_TEST

START_TEST(a_replay_tells_where_its_answers_stand)
{
	struct arena *arena = unit_arena();
	struct snapshot_data data = read_text(arena, slice_cstr(sample));
	struct local_source *source = snapshot_source(arena, &data, SLICE("run.dns"), true);
	const struct question a = {name_of(arena, "example.com"), RRTYPE_A};
	const struct question mx = {name_of(arena, "example.com"), RRTYPE_MX};
	struct answer answer;
	ck_assert(source->ops->lookup(source, arena, &a, &answer));
	assert_origin(&answer.origin,
		&(struct origin){ORIGIN_REPLAY, SLICE("192.0.2.53:53"), SLICE("run.dns"), 13});
	ck_assert(source->ops->lookup(source, arena, &mx, &answer));
	assert_origin(&answer.origin, &(struct origin){ORIGIN_REPLAY, {NULL, 0}, SLICE("run.dns"), 14});
	ck_assert_uint_eq(answer.count, 4);
	for (size_t i = 0; i < answer.count; i++)
		ck_assert_uint_ge(answer.records[i].origin.line, 15);
	assert_origin(&answer.records[1].origin,
		&(struct origin){ORIGIN_REPLAY, {NULL, 0}, SLICE("run.dns"), data.lines[2].records[1]});
}
END_TEST

START_TEST(an_empty_run_knows_nothing)
{
	struct arena *arena = unit_arena();
	struct snapshot_data data = read_text(arena, SLICE("mailauth-dns/1\n$end 0\n"));
	const struct question question = {name_of(arena, "example.com"), RRTYPE_TXT};
	struct answer answer;
	for (int tells = 0; tells < 2; tells++) {
		struct local_source *source = snapshot_source(arena, &data, SLICE("f"), tells);
		ck_assert(!source->ops->lookup(source, arena, &question, &answer));
	}
}
END_TEST

/* --- threads ---------------------------------------------------------------------------------- */

struct worker {
	struct snapshot *snapshot;
	uint16_t own; /* rcode of its answers */
	const struct answer *kept[SHARED_QUESTIONS];
};

static void *work(void *context)
{
	struct worker *worker = context;
	for (size_t i = 0; i < SHARED_QUESTIONS; i++) {
		char wire[] = {2, (char)('a' + i / 26), (char)('a' + i % 26), 0};
		const struct question question = {{wire, sizeof wire}, RRTYPE_TXT};
		struct answer answer = answer_failure(question, DNS_FAILURE_RCODE);
		answer.rcode = worker->own;
		worker->kept[i] = snapshot_keep(worker->snapshot, &answer);
		if (worker->kept[i] != snapshot_find(worker->snapshot, &question))
			worker->kept[i] = NULL;
	}
	return NULL;
}

START_TEST(all_threads_get_the_first_answer)
{
	struct arena *arena = unit_arena();
	struct snapshot *snapshot = open_snapshot();
	struct worker *workers = arena_alloc(arena, THREADS * sizeof *workers);
	pthread_t threads[THREADS];
	for (size_t i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){.snapshot = snapshot, .own = (uint16_t)(i + 1)};
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < SHARED_QUESTIONS; i++) {
		ck_assert_ptr_nonnull(workers[0].kept[i]);
		for (size_t t = 1; t < THREADS; t++)
			ck_assert_ptr_eq(workers[t].kept[i], workers[0].kept[i]);
	}
	snapshot_close(snapshot);
}
END_TEST

/* --- lack of memory --------------------------------------------------------------------------- */

static void read_and_open(struct arena *arena, void *context)
{
	struct snapshot_data data;
	struct zonefile_error error;
	(void)context;
	ck_assert(snapshot_read(arena, SLICE("f"), slice_cstr(sample), &data, &error));
	snapshot_source(arena, &data, SLICE("f"), true);
}

START_TEST(reading_survives_every_failed_allocation)
{
	unit_arena();
	unit_fail_every_allocation(read_and_open, NULL);
}
END_TEST

/* True when everything could be kept and written although the n-th request was to fail. */
static bool keeps_all(const struct snapshot_data *data, long n)
{
	struct snapshot *snapshot = snapshot_open(n);
	struct buf buf;
	bool kept = true;
	buf_init(&buf);
	for (int round = 0; round < 40; round++)
		for (size_t i = 0; i < data->domain_count; i++)
			kept &= snapshot_add_domain(snapshot, data->domains[i]);
	for (size_t i = 0; i < data->count; i++)
		kept &= snapshot_keep(snapshot, &data->answers[i]) != NULL;
	snapshot_write(snapshot, &data->meta, &buf);
	ck_assert(kept || buf.failed);
	kept &= !buf.failed;
	buf_free(&buf);
	snapshot_close(snapshot);
	return kept;
}

START_TEST(what_could_not_be_kept_is_never_written)
{
	struct arena *arena = unit_arena();
	struct snapshot_data data = read_text(arena, slice_cstr(sample));
	long n = 1;
	while (!keeps_all(&data, n))
		n++;
	ck_assert_int_gt(n, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("snapshot");
	TCase *tests = tcase_create("snapshot");
	tcase_add_loop_test(tests, random_answers_come_back_byte_for_byte, 0, RANDOM_RUNS);
	tcase_add_loop_test(tests, no_part_of_a_file_is_taken_for_all_of_it, 0, 3);
	tcase_add_test(tests, a_file_is_written_as_it_was_read);
	tcase_add_test(tests, comments_blank_lines_and_order_make_no_difference);
	tcase_add_loop_test(
		tests, a_saved_run_is_told_from_a_zone, 0, sizeof beginnings / sizeof beginnings[0]);
	tcase_add_test(tests, a_replay_answers_what_was_asked_and_nothing_else);
	tcase_add_test(tests, a_replay_tells_where_its_answers_stand);
	tcase_add_test(tests, an_empty_run_knows_nothing);
	tcase_add_test(tests, all_threads_get_the_first_answer);
	tcase_add_test(tests, reading_survives_every_failed_allocation);
	tcase_add_test(tests, what_could_not_be_kept_is_never_written);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
