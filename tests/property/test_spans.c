/* Spans are exact. Each bad example of the rules names the bytes it is about, and the finding's span gives
 * the same ones: also with the record split into two strings at any place, behind an alias, and inside an
 * include. And over all vectors no span leaves its record, and in a zone file that has the records of one, in
 * strings over several lines and with escapes, the bytes of a finding stand where it says.
 */
#include "base/buf.h"
#include "lint/lint_zone.h"
#include "support/inspection.h"
#include "support/unit.h"
#include "support/vectors.h"

#include <stdio.h>

#define SPF_AROUND   "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:reports@example.com\n"
#define DMARC_AROUND "example.com TXT v=spf1 -all\n"

/* Where an example's record is published, in a zone that is fine otherwise. */
struct site {
	const char *name;
	const char *around;
	const char *owner;
};

static const struct site spf_site = {"at the domain", SPF_AROUND, "example.com"};
static const struct site spf_alias_site = {
	"behind an alias", SPF_AROUND "example.com CNAME spf.example.net\n", "spf.example.net"};
static const struct site spf_include_site = {"inside an include",
	SPF_AROUND "example.com TXT v=spf1 include:spf.example.net -all\n", "spf.example.net"};
static const struct site exp_site = {"as explanation",
	SPF_AROUND "example.com TXT v=spf1 ip4:192.0.2.0/24 -all exp=why.example.com\n", "why.example.com"};
static const struct site dmarc_site = {"at _dmarc", DMARC_AROUND, "_dmarc.example.com"};
static const struct site dmarc_alias_site = {
	"behind an alias", DMARC_AROUND "_dmarc.example.com CNAME d.example.net\n", "d.example.net"};

/* The data of a TXT record: `text` in strings, with one border at `border`. */
static struct slice txt_rdata(struct arena *arena, struct slice text, size_t border)
{
	char *data = arena_alloc(arena, text.len + text.len / 255 + 3);
	size_t len = 0, at = 0;
	do {
		size_t end = at < border && border < text.len ? border : text.len;
		size_t part = end - at < 255 ? end - at : 255;
		data[len++] = (char)part;
		if (part > 0)
			memcpy(&data[len], &text.ptr[at], part);
		len += part;
		at += part;
	} while (at < text.len);
	return slice_of(data, len);
}

/* The finding of `rule`; of several the one about the right bytes, if there is one. */
static const struct finding *find_rule(const struct findings *findings, enum rule_id rule, struct slice about)
{
	const struct finding *found = NULL;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->rule != rule)
			continue;
		if (found == NULL || slice_equal(finding_text(finding), about))
			found = finding;
	}
	return found;
}

static void spans_are_inside(const char *where, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		const char *id = rule_get(finding->rule)->id;
		ck_assert_msg(finding->place.name.len > 0, "%s: %s has no name", where, id);
		ck_assert_msg(finding->place.path_count > 0, "%s: %s has no path", where, id);
		ck_assert_msg(!finding->has_span || span_end(finding->span) <= finding->place.record.len,
			"%s: %s leaves its record", where, id);
	}
}

static void fires_at(
	const struct rule *rule, enum rule_id id, const char *text, const struct site *site, size_t border)
{
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, site->around);
	struct slice record = slice_cstr(text), about = slice_cstr(rule->about);
	fixture_add(fixture, site->owner, RRTYPE_TXT, txt_rdata(arena, record, border));
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture, &request, &inspection);
	const struct findings *findings = &inspection.verdict.findings;
	spans_are_inside(site->name, findings);
	const struct finding *finding = find_rule(findings, id, about);
	if (finding == NULL && find_rule(findings, RULE_SPF_TXT_SPLIT_GLUE, SLICE("")) != NULL)
		return; /* the border explains it better: two terms were glued together there */
	ck_assert_msg(finding != NULL, "%s %s, border %zu: not found in \"%s\"", rule->id, site->name, border,
		text);
	if (about.len == 0)
		return;
	struct slice bytes = finding_text(finding);
	ck_assert_msg(slice_equal(bytes, about), "%s %s, border %zu: about \"%.*s\", not \"%s\"", rule->id,
		site->name, border, (int)bytes.len, bytes.ptr, rule->about);
	unit_assert_slice(finding->place.record, record);
}

static void stays_silent(const struct rule *rule, enum rule_id id, const char *text, const struct site *site)
{
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, site->around);
	fixture_add(fixture, site->owner, RRTYPE_TXT, txt_rdata(arena, slice_cstr(text), 0));
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture, &request, &inspection);
	ck_assert_msg(find_rule(&inspection.verdict.findings, id, SLICE("")) == NULL,
		"%s %s: found in the good example \"%s\"", rule->id, site->name, text);
}

/* Rules that judge how strings were put together: there the border is what they are about. */
static bool is_about_borders(enum rule_id id)
{
	return id == RULE_SPF_TXT_SPLIT_GLUE;
}

static void fires_wherever_it_is_split(const struct rule *rule, enum rule_id id, const struct site *site)
{
	fires_at(rule, id, rule->bad, site, 0);
	for (size_t border = 1; border < strlen(rule->bad); border++)
		fires_at(rule, id, rule->bad, site, border);
}

static void example_zone(const struct rule *rule, enum rule_id id, const char *zone, bool fires)
{
	struct arena *arena = unit_arena();
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture_open(arena, zone), &request, &inspection);
	const struct findings *findings = &inspection.verdict.findings;
	spans_are_inside(rule->id, findings);
	const struct finding *finding = find_rule(findings, id, slice_cstr(rule->about));
	ck_assert_msg(
		(finding != NULL) == fires, "%s: %s in\n%s", rule->id, fires ? "not found" : "found", zone);
	if (fires && rule->about[0] != '\0')
		unit_assert_slice(finding_text(finding), slice_cstr(rule->about));
}

START_TEST(each_example_is_found_at_its_bytes)
{
	enum rule_id id = (enum rule_id)_i;
	const struct rule *rule = rule_get(id);
	if (rule->bad[0] == '\0')
		return; /* seen in zone files alone */
	switch (rule->example) {
	case EXAMPLE_SPF:
		stays_silent(rule, id, rule->good, &spf_site);
		fires_at(rule, id, rule->bad, &spf_alias_site, 0);
		if (!is_about_borders(id))
			fires_wherever_it_is_split(rule, id, &spf_site);
		break;
	case EXAMPLE_EXP:
		stays_silent(rule, id, rule->good, &exp_site);
		fires_wherever_it_is_split(rule, id, &exp_site);
		break;
	case EXAMPLE_DMARC:
		stays_silent(rule, id, rule->good, &dmarc_site);
		fires_at(rule, id, rule->bad, &dmarc_alias_site, 0);
		fires_wherever_it_is_split(rule, id, &dmarc_site);
		break;
	case EXAMPLE_ZONE:
		example_zone(rule, id, rule->bad, true);
		example_zone(rule, id, rule->good, false);
		break;
	case EXAMPLE_FILE: /* no answer of a name server shows it */
	case EXAMPLE_CONFIG:
	case EXAMPLE_CHANGE:
		break;
	}
}
END_TEST

START_TEST(each_spf_example_is_found_inside_an_include)
{
	enum rule_id id = (enum rule_id)_i;
	const struct rule *rule = rule_get(id);
	if (rule->bad[0] == '\0' || rule->example != EXAMPLE_SPF || is_about_borders(id))
		return;
	fires_at(rule, id, rule->bad, &spf_include_site, 0);
}
END_TEST

START_TEST(no_span_leaves_its_record)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct inspection inspection;
	const struct inspect_request request = inspection_request_of(arena, vector);
	inspection_run(arena, fixture_open(arena, vector->zone), &request, &inspection);
	spans_are_inside(vector->name, &inspection.verdict.findings);
}
END_TEST

/* --- places in files ------------------------------------------------------------------------------- */

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = *(const struct slice *)context;
	return true;
}

/* `text` as strings of at most `size` bytes, each on a line of its own, every third byte escaped. */
static void put_strings(struct buf *out, struct slice text, size_t size)
{
	for (size_t at = 0; at < text.len; at++) {
		unsigned char byte = (unsigned char)text.ptr[at];
		if (at % size == 0)
			buf_text(out, at == 0 ? "\t( \"" : "\" ; \"\n\t\"");
		if (at % 3 == 0 || byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\')
			buf_printf(out, "\\%03u", byte);
		else
			buf_byte(out, (char)byte);
	}
	buf_text(out, text.len == 0 ? "\"\"\n" : "\" )\n");
}

/* The zone of a vector as a master file: its TXT records that can be read. */
static void put_zone(struct arena *arena, struct buf *out, struct slice lines)
{
	while (lines.len > 0) {
		size_t end = slice_find(lines, '\n', 0);
		struct slice line = slice_trim(slice_head(lines, end));
		struct zonefile_record record;
		struct zonefile_error error;
		lines = slice_from(lines, end + 1);
		if (line.len == 0 || line.ptr[0] == '#' ||
			!zonefile_parse_record(arena, line, &record, &error) ||
			record.record.type != RRTYPE_TXT)
			continue;
		struct slice name = name_text(arena, record.owner);
		buf_printf(out, "%.*s. 300 IN TXT", (int)name.len, name.ptr);
		put_strings(out, record.record.data.txt.joined, 7 + out->len % 100);
	}
}

/* The bytes of the file at a finding's place are those of its text. */
static void stands_there(struct arena *arena, struct slice file, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	size_t at = 0, end = 0, len = 0, used = 0;
	ck_assert(place->line > 0 && place->column > 0 && place->end_line >= place->line);
	for (size_t i = 1; i < place->end_line; i++) {
		end = slice_find(file, '\n', end) + 1;
		at = i + 1 == place->line ? end : at;
	}
	struct slice written =
		slice_at(file, span_of(at + place->column - 1, end + place->end_column - at - place->column));
	char *bytes = arena_alloc(arena, written.len + 1);
	while (written.len > 0) { /* take what is between strings out */
		size_t string = written.len;
		for (size_t i = 0; i < written.len && string == written.len; i++)
			string = written.ptr[i] == '"' ? i : string;
		ck_assert(bytemap_unescape(slice_head(written, string), 0, NULL, bytes + used, &len));
		used += len;
		written = slice_from(
			written, string == written.len ? string : string + sizeof "\" ; \"\n\t\"" - 1);
	}
	struct slice about = finding->has_span ? finding_text(finding) : place->record;
	unit_assert_slice(slice_of(bytes, used), about);
}

START_TEST(the_file_has_the_bytes_there)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct buf out;
	struct lint_zone zone;
	struct zonefile_error error = {0};
	buf_init(&out);
	put_zone(arena, &out, slice_cstr(vector->zone));
	struct slice file = buf_slice(&out);
	const struct zonefile_loader loader = {load, &file};
	const struct name none = {NULL, 0};
	ck_assert_msg(lint_zone(arena, SLICE("db"), none, &loader, &zone, &error), "%s:%zu:%zu: %.*s",
		vector->name, error.place.line, error.place.column, (int)error.message.len,
		error.message.ptr);
	for (size_t r = 0; r < zone.count; r++)
		for (size_t i = 0; i < zone.records[r].findings.count; i++)
			stands_there(arena, file, &zone.records[r].findings.items[i]);
	buf_free(&out);
}
END_TEST

int main(void)
{
	vectors_read();
	inspection_begin();
	Suite *suite = suite_create("spans");
	TCase *examples = tcase_create("examples");
	tcase_set_timeout(examples, 60);
	tcase_add_loop_test(examples, each_example_is_found_at_its_bytes, 0, RULE_COUNT);
	tcase_add_loop_test(examples, each_spf_example_is_found_inside_an_include, 0, RULE_COUNT);
	suite_add_tcase(suite, examples);
	TCase *all = tcase_create("vectors");
	tcase_add_loop_test(all, no_span_leaves_its_record, 0, (int)vectors_count());
	tcase_add_loop_test(all, the_file_has_the_bytes_there, 0, (int)vectors_count());
	suite_add_tcase(suite, all);
	int status = unit_run(suite);
	inspection_end();
	vectors_free();
	return status;
}
