/* zonefile_parse: one record given by hand, as --record takes it; see zonefile_parse_record() in zonefile.h.
 *
 *     example.com 300 TXT v=spf1 ip4:192.0.2.0/24 -all      data exactly as typed
 *     example.com IN TXT "v=spf1 " "-all"                   data as in a master file
 */
#include "base/ascii.h"
#include "dns/idn.h"
#include "dns/zonefile.h"
#include "dns/zonefile_head.h"

#define DEFAULT_TTL 3600 /* where none is typed */
#define MAX_WORDS   5	 /* name, TTL, class, type, and the first of the data */

/* The first words of `text`, borders are blanks alone. Their columns tell where they begin. */
static size_t split(struct slice text, struct zonefile_token *words)
{
	size_t count = 0;
	for (size_t at = 0; at < text.len && count < MAX_WORDS; at++) {
		size_t start = at;
		while (at < text.len && !ascii_is_wsp(text.ptr[at]))
			at++;
		if (at > start)
			words[count++] =
				(struct zonefile_token){.text = slice_of(text.ptr + start, at - start),
					.place = {.line = 0, .column = start + 1}};
	}
	return count;
}

/* The owner: absolute with or without its final dot; U-labels become A-labels. */
static bool read_owner(const struct zonefile_scope *scope, struct zonefile_token word, struct name *out)
{
	if (slice_equal(word.text, SLICE("@")))
		return zonefile_scan_fail(
			scope->arena, scope->error, word.place, "write the whole name instead of \"@\"");
	if (idn_to_ascii(scope->arena, word.text, &word.text) != IDN_OK)
		return zonefile_scan_fail(scope->arena, scope->error, word.place,
			"\"%s\" cannot be an international domain name",
			zonefile_scan_shown(scope->arena, word.text));
	return zonefile_rdata_name(scope, &word, out);
}

/* Text data as it was typed, from its first byte to the end. */
static bool read_literal(const struct zonefile_scope *scope, const struct zonefile_head *head,
	struct slice text, struct zonefile_place place, struct zonefile_record *out)
{
	out->place = place;
	out->record.type = head->type;
	if (!zonefile_rdata_literal(scope->arena, text, &out->record.rdata))
		return zonefile_scan_fail(
			scope->arena, scope->error, place, "the text is too long for one record");
	record_decode(scope->arena, &out->record);
	return true;
}

/* Data as in a master file; it may go over several lines in parentheses. */
static bool read_master(const struct zonefile_scope *scope, const struct zonefile_head *head,
	struct slice text, size_t offset, struct zonefile_record *out)
{
	struct zonefile_scan scan;
	struct zonefile_entry entry = {0}, more;
	zonefile_scan_init(&scan, scope->arena, slice_of(NULL, 0), text, scope->error);
	scan.at = offset;
	if (zonefile_scan_next(&scan, &entry) == ZONEFILE_SCAN_ERROR)
		return false;
	if (!zonefile_head_data(scope, head, entry.tokens, entry.count, out))
		return false;
	switch (zonefile_scan_next(&scan, &more)) {
	case ZONEFILE_SCAN_ERROR:
		return false;
	case ZONEFILE_SCAN_ENTRY:
		return zonefile_scan_fail(
			scope->arena, scope->error, more.tokens[0].place, "more than one record");
	case ZONEFILE_SCAN_END:
		break;
	}
	return true;
}

static bool read_data(const struct zonefile_scope *scope, const struct zonefile_head *head, struct slice text,
	struct zonefile_place place, struct zonefile_record *out)
{
	size_t offset = place.column - 1;
	bool is_text = head->type == RRTYPE_TXT || head->type == RRTYPE_SPF;
	if (is_text && text.ptr[offset] != '"')
		return read_literal(scope, head, slice_from(text, offset), place, out);
	return read_master(scope, head, text, offset, out);
}

bool zonefile_parse_record(
	struct arena *arena, struct slice text, struct zonefile_record *out, struct zonefile_error *error)
{
	struct name root;
	struct zonefile_token words[MAX_WORDS];
	struct zonefile_head head;
	size_t count = split(text, words), at = 1;
	name_from_text(arena, slice_of(NULL, 0), &root);
	const struct zonefile_scope scope = {.arena = arena, .origin = root, .error = error};
	if (count == 0)
		return zonefile_scan_fail(arena, error, (struct zonefile_place){.column = 1},
			"a record is NAME [TTL] [IN] TYPE DATA");
	struct zonefile_record record = {.record.origin.kind = ORIGIN_RECORD};
	if (!read_owner(&scope, words[0], &record.owner) ||
		!zonefile_head_read(&scope, words, count, &at, &head))
		return false;
	if (at == count)
		return zonefile_scan_fail(arena, error, head.type_word->place,
			"no data behind the type: NAME [TTL] [IN] TYPE DATA");
	if (!read_data(&scope, &head, text, words[at].place, &record))
		return false;
	record.record.ttl = head.has_ttl ? head.ttl : DEFAULT_TTL;
	*out = record;
	return true;
}
