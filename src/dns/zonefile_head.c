/* zonefile_head: see zonefile_head.h. */
#include "dns/zonefile_head.h"

#include "base/ascii.h"

static bool fail_word(const struct zonefile_scope *scope, const struct zonefile_token *word, const char *what)
{
	return zonefile_scan_fail(scope->arena, scope->error, word->place, "%s \"%s\"", what,
		zonefile_scan_shown(scope->arena, word->text));
}

/* True for classes, IN among them (RFC 1035 3.2.4, RFC 3597 5). */
static bool is_class(struct slice text)
{
	return slice_equal_nocase(text, SLICE("IN")) || slice_equal_nocase(text, SLICE("CH")) ||
	       slice_equal_nocase(text, SLICE("HS")) || slice_equal_nocase(text, SLICE("CS")) ||
	       (text.len > 5 && slice_starts_nocase(text, SLICE("CLASS")) && ascii_is_digit(text.ptr[5]));
}

static bool is_internet(struct slice text)
{
	return slice_equal_nocase(text, SLICE("IN")) || slice_equal_nocase(text, SLICE("CLASS1"));
}

/* OPT and the types of questions and transactions: they are never data (RFC 6895 3.1). */
static bool is_meta_type(uint16_t type)
{
	return type == RRTYPE_OPT || (type >= 128 && type <= 255);
}

static bool read_type(
	const struct zonefile_scope *scope, const struct zonefile_token *word, struct zonefile_head *out)
{
	if (word->quoted)
		return fail_word(scope, word, "a record type is expected, not");
	out->type = rrtype_number(word->text);
	out->type_word = word;
	if (out->type == 0)
		return fail_word(scope, word, "unknown record type");
	if (is_meta_type(out->type))
		return fail_word(scope, word, "not a type of data:");
	return true;
}

bool zonefile_head_read(const struct zonefile_scope *scope, const struct zonefile_token *words, size_t count,
	size_t *at, struct zonefile_head *out)
{
	*out = (struct zonefile_head){0};
	for (; *at < count; (*at)++) {
		const struct zonefile_token *word = &words[*at];
		if (!word->quoted && !out->has_class && is_class(word->text)) {
			if (!is_internet(word->text))
				return fail_word(scope, word, "only class IN can be read, not");
			out->has_class = true;
		} else if (!word->quoted && !out->has_ttl && ascii_is_digit(word->text.ptr[0])) {
			if (!zonefile_rdata_period(word->text, &out->ttl))
				return fail_word(scope, word, "not a TTL:");
			out->has_ttl = true;
		} else {
			(*at)++;
			return read_type(scope, word, out);
		}
	}
	return zonefile_scan_fail(
		scope->arena, scope->error, words[count - 1].place, "the record ends before its type");
}

bool zonefile_head_data(const struct zonefile_scope *scope, const struct zonefile_head *head,
	const struct zonefile_token *words, size_t count, struct zonefile_record *out)
{
	const struct zonefile_data data = {head->type, head->type_word, words, count};
	out->place = count > 0 ? words[0].place : head->type_word->place;
	out->record.type = head->type;
	if (!zonefile_rdata_parse(scope, &data, &out->record.rdata))
		return false;
	record_decode(scope->arena, &out->record);
	if (out->record.malformed)
		return zonefile_scan_fail(scope->arena, scope->error, out->place,
			"the data does not have the form of its type");
	return true;
}
