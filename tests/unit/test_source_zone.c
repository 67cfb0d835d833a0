/* A zone as a name server answers from it: RFC 1034 6.2 and 4.3.2, RFC 4592, RFC 6672. */
#include "dns/source_zone.h"

#include <stdio.h>

#include "support/unit.h"

/* RFC 4592 2.2.1, its own example, */
static const char wildcards[] = "$ORIGIN example.\n"
				"@ 3600 IN SOA ns.example.com. admin.example.com. 1 7200 900 1209600 600\n"
				"@ 3600 NS ns.example.com.\n"
				"@ 3600 NS ns.example.net.\n"
				"*.example. 3600 TXT \"this is a wildcard\"\n"
				"*.example. 3600 MX 10 host1.example.\n"
				"sub.*.example. 3600 TXT \"this is not a wildcard\"\n"
				"host1.example. 3600 A 192.0.2.1\n"
				"_ssh._tcp.host1.example. 3600 SRV 0 0 22 host1.example.\n"
				"_ssh._tcp.host2.example. 3600 SRV 0 0 22 host1.example.\n"
				"subdel.example. 3600 NS ns.example.com.\n"
				"subdel.example. 3600 NS ns.example.net.\n";

/* and what it does not have: aliases, glue, data below a cut, deep empty non-terminals. */
static const char others[] = "$ORIGIN example.com.\n"
			     "@ 300 IN SOA ns hostmaster 1 7200 900 1209600 600\n"
			     "@ 3600 NS ns\n"
			     "@ 3600 TXT \"b\"\n"
			     "@ 60 TXT \"a\"\n"
			     "@ 3600 TXT \"b\"\n"
			     "ns 3600 A 192.0.2.53\n"
			     "www 120 CNAME host.example.net.\n"
			     "self 60 CNAME self\n"
			     "*.alias 60 CNAME ns\n"
			     "a.b.c 60 A 192.0.2.1\n"
			     "a.b.c 60 A 192.0.2.1\n"
			     "x.*.half 60 TXT x\n"
			     "*.deep 60 TXT deep\n"
			     "other.deep 60 A 192.0.2.2\n"
			     "sub 60 NS ns.sub\n"
			     "ns.sub 60 A 192.0.2.54\n"
			     "*.sub 60 TXT occluded\n"
			     "under.sub 60 TXT occluded\n"
			     "*.wild 60 NS ns\n"
			     "old 60 DNAME new.example.net.\n"
			     "old 60 TXT here\n"
			     "x.old 60 TXT occluded\n"
			     "long 60 DNAME far.far.away.example.net.\n";

struct row {
	const char *zone;
	const char *name;
	uint16_t type;
	const char *expected; /* kind, "*" from a wildcard, TTL, data; "-": not authoritative */
};

static const struct row rows[] = {
	/* RFC 4592 2.2.1: answered by synthesis */
	{wildcards, "host3.example", RRTYPE_MX, "records* 3600 10 host1.example"},
	{wildcards, "host3.example", RRTYPE_A, "nodata* 600"},
	{wildcards, "foo.bar.example", RRTYPE_TXT, "records* 3600 [this is a wildcard]"},
	/* and not */
	{wildcards, "host1.example", RRTYPE_MX, "nodata 600"},
	{wildcards, "sub.*.example", RRTYPE_MX, "nodata 600"},
	{wildcards, "_telnet._tcp.host1.example", 33, "nxdomain 600"},
	{wildcards, "host.subdel.example", RRTYPE_A, "-"},
	{wildcards, "ghost.*.example", RRTYPE_MX, "nxdomain 600"},
	/* the rest of it */
	{wildcards, "*.example", RRTYPE_TXT, "records 3600 [this is a wildcard]"},
	{wildcards, "sub.*.example", RRTYPE_TXT, "records 3600 [this is not a wildcard]"},
	{wildcards, "host2.example", RRTYPE_A, "nodata 600"},
	{wildcards, "_tcp.host2.example", RRTYPE_TXT, "nodata 600"},
	{wildcards, "x.host2.example", RRTYPE_TXT, "nxdomain 600"},
	{wildcards, "x._tcp.host2.example", RRTYPE_TXT, "nxdomain 600"},
	{wildcards, "subdel.example", RRTYPE_TXT, "-"},
	{wildcards, "subdel.example", RRTYPE_NS, "-"},
	{wildcards, "example", RRTYPE_NS, "records 3600 ns.example.com ns.example.net"},
	{wildcards, "HOST1.Example", RRTYPE_A, "records 3600 192.0.2.1"},
	{wildcards, "net", RRTYPE_A, "-"},
	{wildcards, "xexample", RRTYPE_A, "-"},
	{wildcards, ".", RRTYPE_A, "-"},
	/* sets: sorted, copies once, the smallest TTL */
	{others, "example.com", RRTYPE_TXT, "records 60 [a] [b]"},
	{others, "a.b.c.example.com", RRTYPE_A, "records 60 192.0.2.1"},
	{others, "example.com", RRTYPE_A, "nodata 300"},
	/* aliases */
	{others, "www.example.com", RRTYPE_TXT, "alias 120 host.example.net"},
	{others, "www.example.com", RRTYPE_CNAME, "records 120 host.example.net"},
	{others, "x.www.example.com", RRTYPE_TXT, "nxdomain 300"},
	{others, "self.example.com", RRTYPE_A, "alias 60 self.example.com"},
	{others, "x.y.alias.example.com", RRTYPE_MX, "alias* 60 ns.example.com"},
	{others, "alias.example.com", RRTYPE_MX, "nodata 300"},
	/* empty non-terminals */
	{others, "b.c.example.com", RRTYPE_TXT, "nodata 300"},
	{others, "c.example.com", RRTYPE_TXT, "nodata 300"},
	{others, "x.c.example.com", RRTYPE_TXT, "nxdomain 300"},
	{others, "q.half.example.com", RRTYPE_TXT, "nodata* 300"},
	{others, "q.deep.example.com", RRTYPE_TXT, "records* 60 [deep]"},
	{others, "q.other.deep.example.com", RRTYPE_TXT, "nxdomain 300"},
	/* delegations */
	{others, "sub.example.com", RRTYPE_A, "-"},
	{others, "ns.sub.example.com", RRTYPE_A, "-"},
	{others, "under.sub.example.com", RRTYPE_TXT, "-"},
	{others, "x.sub.example.com", RRTYPE_TXT, "-"},
	{others, "x.wild.example.com", RRTYPE_TXT, "-"},
	/* DNAME */
	{others, "old.example.com", RRTYPE_TXT, "records 60 [here]"},
	{others, "old.example.com", RRTYPE_DNAME, "records 60 new.example.net"},
	{others, "a.b.old.example.com", RRTYPE_TXT, "alias 60 a.b.new.example.net"},
	{others, "x.old.example.com", RRTYPE_TXT, "alias 60 x.new.example.net"},
};

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_master(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

static bool load_text(
	void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = slice_cstr(context);
	return true;
}

static struct local_source *open_zone(struct arena *arena, const char *text)
{
	static char copy[4096];
	struct zonefile *zone = arena_alloc(arena, sizeof *zone);
	struct zonefile_error error;
	const struct zonefile_loader loader = {load_text, copy};
	snprintf(copy, sizeof copy, "%s", text);
	bool read = zonefile_read(
		arena, SLICE("example.zone"), (struct name){NULL, 0}, true, &loader, zone, &error);
	ck_assert_msg(read, "%.*s", read ? 0 : (int)error.message.len, read ? "" : error.message.ptr);
	return source_zone_open(arena, zone);
}

static struct slice show_record(struct arena *arena, const struct record *record)
{
	struct slice text = record->data.txt.joined;
	if (record->type == RRTYPE_TXT)
		return arena_printf(arena, " [%.*s]", (int)text.len, text.ptr);
	if (record->type == RRTYPE_A)
		return arena_printf(arena, " %d.%d.%d.%d", record->data.address[0], record->data.address[1],
			record->data.address[2], record->data.address[3]);
	if (record->type == RRTYPE_MX)
		return arena_printf(arena, " %d %s", record->data.mx.preference,
			name_text(arena, record->data.mx.exchange).ptr);
	return arena_printf(arena, " %s", name_text(arena, record->data.target).ptr);
}

static struct slice show(struct arena *arena, const struct answer *answer)
{
	static const char *const kinds[] = {"records", "nodata", "nxdomain", "alias", "temporary"};
	struct slice out = arena_printf(arena, "%s%s %u", kinds[answer->kind],
		answer->from_wildcard ? "*" : "", (unsigned)answer->ttl);
	for (size_t i = 0; i < answer->count; i++) {
		struct slice record = show_record(arena, &answer->records[i]);
		out = arena_printf(arena, "%.*s%.*s", (int)out.len, out.ptr, (int)record.len, record.ptr);
	}
	return out;
}

START_TEST(answers)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct local_source *zone = open_zone(arena, row->zone);
	const struct question question = {name_of(arena, row->name), row->type};
	struct answer answer;
	bool found = zone->ops->lookup(zone, arena, &question, &answer);
	struct slice shown = found ? show(arena, &answer) : SLICE("-");
	ck_assert_msg(slice_equal(shown, slice_cstr(row->expected)), "%s %d: \"%.*s\"", row->name, row->type,
		(int)shown.len, shown.ptr);
	if (!found)
		return;
	ck_assert(name_equal(answer.owner, question.name));
	ck_assert_int_eq(question_compare(&answer.question, &question), 0);
	ck_assert_int_eq(answer.owner_exists, answer.kind != ANSWER_NXDOMAIN);
	ck_assert_int_eq(answer.origin.kind, ORIGIN_ZONE);
	unit_assert_slice(answer.origin.file, SLICE("example.zone"));
	ck_assert_uint_gt(answer.origin.line, 0);
}
END_TEST

struct exists_row {
	const char *name;
	bool exists;
};

static const struct exists_row exists_rows[] = {
	{".", true},
	{"com", true},
	{"example.com", true},
	{"net", false},
	{"ns.example.com", true},
	{"c.example.com", true},
	{"x.c.example.com", false},
	{"sub.example.com", true},
	{"ns.sub.example.com", false},
	{"wild.example.com", true},
};

START_TEST(existence)
{
	struct arena *arena = unit_arena();
	struct local_source *zone = open_zone(arena, others);
	const struct exists_row *row = &exists_rows[_i];
	ck_assert_msg(
		zone->ops->name_exists(zone, name_of(arena, row->name)) == row->exists, "%s", row->name);
}
END_TEST

/* RFC 6672 2.2: a target that is too long is no alias and not "no data". */
START_TEST(dname_too_long)
{
	struct arena *arena = unit_arena();
	char name[256];
	memset(name, 'x', sizeof name);
	for (size_t i = 63; i < 230; i += 64)
		name[i] = '.';
	strcpy(name + 230, ".old.example.com");
	struct local_source *zone = open_zone(arena, others);
	const struct question question = {name_of(arena, name), RRTYPE_TXT};
	struct answer answer;
	ck_assert(zone->ops->lookup(zone, arena, &question, &answer));
	ck_assert_int_eq(answer.kind, ANSWER_ALIAS);
	strcpy(name + 230, ".long.example.com");
	const struct question longer = {name_of(arena, name), RRTYPE_TXT};
	ck_assert(zone->ops->lookup(zone, arena, &longer, &answer));
	ck_assert_int_eq(answer.kind, ANSWER_TEMPORARY);
	ck_assert_int_eq(answer.failure, DNS_FAILURE_RCODE);
	ck_assert_int_eq(answer.rcode, 6);
}
END_TEST

/* Without a SOA there is no apex, and no authority. */
START_TEST(no_apex)
{
	struct arena *arena = unit_arena();
	const struct zonefile zone = {.count = 0};
	struct local_source *source = source_zone_open(arena, &zone);
	const struct question question = {name_of(arena, "example.com"), RRTYPE_TXT};
	struct answer answer;
	ck_assert(!source->ops->lookup(source, arena, &question, &answer));
	ck_assert(!source->ops->name_exists(source, question.name));
}
END_TEST

static void look_up(struct arena *arena, void *context)
{
	struct answer answer;
	(void)context;
	struct local_source *zone = open_zone(arena, others);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct question question = {name_of(arena, rows[i].name), rows[i].type};
		zone->ops->lookup(zone, arena, &question, &answer);
	}
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(look_up, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source_zone");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, answers, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(tests, existence, 0, (int)(sizeof exists_rows / sizeof exists_rows[0]));
	tcase_add_test(tests, dname_too_long);
	tcase_add_test(tests, no_apex);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
