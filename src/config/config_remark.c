/* config_remark: see config_remark.h.
 *
 *     ignore dmarc-p-none until 2027-03-31 reports are being read
 *     word   rule         day              reason
 */
#include "config/config_remark.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/nearest.h"
#include "config/config_date.h"
#include "dns/zonefile_scan.h"

/* One remark being read: what is left of it, and where that stands. */
struct reader {
	struct arena *arena;
	const struct zonefile_remark *remark;
	struct slice rest;
	struct zonefile_error *error;
};

/* `at`: a slice of the remark's text. */
static struct zonefile_place place_of(const struct reader *reader, struct slice at)
{
	struct zonefile_place place = reader->remark->place;
	place.column += (size_t)(at.ptr - reader->remark->text.ptr);
	return place;
}

static const char *shown(const struct reader *reader, struct slice text)
{
	return zonefile_scan_shown(reader->arena, text);
}

static bool read_verb(struct reader *reader)
{
	static const struct slice ignore = {"ignore", 6};
	struct slice word = ascii_take_word(&reader->rest);
	if (slice_equal(word, ignore))
		return true;
	if (word.len == 0)
		return zonefile_scan_fail(reader->arena, reader->error, place_of(reader, word),
			"\"mailauth:\" is followed by: ignore RULE [until YYYY-MM-DD] REASON");
	return zonefile_scan_fail(reader->arena, reader->error, place_of(reader, word),
		"unknown word \"%s\" behind \"mailauth:\"; %s", shown(reader, word),
		nearest_word(word, &ignore, 1) == 0
			? "did you mean \"ignore\"?"
			: "what can be written there is: ignore RULE [until YYYY-MM-DD] REASON");
}

/* `name`: what stands behind the rule, from its "@" on. */
static bool check_rule(struct reader *reader, struct slice word, enum rule_id rule, struct slice name)
{
	if (name.len > 0)
		return zonefile_scan_fail(reader->arena, reader->error, place_of(reader, name),
			"no name is given here: what this comment is for is the record that it stands at");
	return rule_get(rule)->example != EXAMPLE_CONFIG ||
	       zonefile_scan_fail(reader->arena, reader->error, place_of(reader, word),
		       "this rule is about exceptions itself; \"ignore\" in the configuration file leaves it "
		       "out");
}

static bool read_rule(struct reader *reader, enum rule_id *rule)
{
	struct slice word = ascii_take_word(&reader->rest), ids[RULE_COUNT];
	size_t at = slice_find(word, '@', 0);
	const struct slice name = slice_from(word, at);
	word = slice_head(word, at);
	*rule = rule_find(word);
	if (*rule != RULE_COUNT)
		return check_rule(reader, word, *rule, name);
	if (word.len == 0)
		return zonefile_scan_fail(reader->arena, reader->error, place_of(reader, word),
			"a rule is missing: ignore RULE [until YYYY-MM-DD] REASON");
	for (size_t i = 0; i < RULE_COUNT; i++)
		ids[i] = slice_cstr(rule_get((enum rule_id)i)->id);
	size_t near = nearest_word(word, ids, RULE_COUNT);
	if (near == RULE_COUNT)
		return zonefile_scan_fail(reader->arena, reader->error, place_of(reader, word),
			"unknown rule \"%s\"; 'mailauth explain' lists them", shown(reader, word));
	return zonefile_scan_fail(reader->arena, reader->error, place_of(reader, word),
		"unknown rule \"%s\"; did you mean \"%s\"?", shown(reader, word), ids[near].ptr);
}

/* Not to be taken for the reason of an exception without end. */
static bool is_misspelled_expiry(struct slice word)
{
	return slice_equal_nocase(word, SLICE("until")) || slice_equal_nocase(word, SLICE("until:")) ||
	       config_date_is_meant(word);
}

static bool read_expiry(struct reader *reader, struct suppression *out)
{
	struct slice rest = reader->rest, word = ascii_take_word(&rest);
	if (!slice_equal(word, SLICE("until")))
		return !is_misspelled_expiry(word) ||
		       zonefile_scan_fail(reader->arena, reader->error, place_of(reader, word),
			       "a last day is written as \"until 2027-03-31\", not \"%s\"",
			       shown(reader, word));
	reader->rest = rest;
	struct slice day = ascii_take_word(&reader->rest);
	out->has_expiry = true;
	return config_date_parse(day, &out->until) ||
	       zonefile_scan_fail(reader->arena, reader->error, place_of(reader, day),
		       "\"until\" takes a day of the calendar, as 2027-03-31, not \"%s\"",
		       shown(reader, day));
}

static bool read_remark(struct reader *reader, struct suppression *out)
{
	const struct zonefile_remark *remark = reader->remark;
	*out = (struct suppression){.file = remark->place.file,
		.line = remark->place.line,
		.column = remark->place.column,
		.in_zone = true,
		.first_line = remark->first_line,
		.last_line = remark->last_line};
	if (!read_verb(reader) || !read_rule(reader, &out->rule) || !read_expiry(reader, out))
		return false;
	struct slice reason = slice_trim(reader->rest);
	out->reason = reason;
	if (reason.len == 0)
		return zonefile_scan_fail(reader->arena, reader->error, place_of(reader, reader->rest),
			"the reason is missing: write why %s is ignored here", rule_get(out->rule)->id);
	if (remark->first_line == 0)
		return zonefile_scan_fail(reader->arena, reader->error, remark->place,
			"no record that this is about: write it behind a record, or on the line before one");
	return true;
}

static int compare_places(const void *left, const void *right)
{
	const struct suppression *a = left, *b = right;
	int order = slice_compare(a->file, b->file);
	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	return order != 0 ? order : (a->column > b->column) - (a->column < b->column);
}

/* In the order of places; those of a file that is included twice once. */
static size_t sort_and_drop_copies(struct suppression *list, size_t count)
{
	size_t kept = 0;
	if (count > 1)
		qsort(list, count, sizeof *list, compare_places);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || compare_places(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
	return kept;
}

bool config_remark_read(struct arena *arena, const struct zonefile *zone, const struct suppression **out,
	size_t *count, struct zonefile_error *error)
{
	struct suppression *list = arena_alloc(arena, (zone->remark_count + 1) * sizeof *list);
	for (size_t i = 0; i < zone->remark_count; i++) {
		struct reader reader = {arena, &zone->remarks[i], zone->remarks[i].text, error};
		if (!read_remark(&reader, &list[i]))
			return false;
	}
	*out = list;
	*count = sort_and_drop_copies(list, zone->remark_count);
	return true;
}
