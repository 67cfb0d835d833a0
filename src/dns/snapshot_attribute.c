/* snapshot_attribute: words behind the kind of an answer, and before the type of a record.
 *
 *     example.com TXT records ttl=300 ad server=192.0.2.53:53
 *             300 comment=mail TXT "v=spf1 -all"
 *
 * Each stands at most once, and only in lines of its kind.
 */
#include "dns/snapshot_format.h"
#include "dns/snapshot_reader.h"

enum value { VALUE_NONE, VALUE_TEXT, VALUE_NUMBER, VALUE_REASON, VALUE_FROM };

static const struct {
	const char *word;
	enum value value;
	uint64_t most; /* VALUE_NUMBER */
	unsigned of;
} attributes[SNAPSHOT_ATTRIBUTE_COUNT] = {
	[SNAPSHOT_ATTRIBUTE_AD] = {"ad", VALUE_NONE, 0, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_TC] = {"tc", VALUE_NONE, 0, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_TCP] = {"tcp", VALUE_NONE, 0, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_WILDCARD] = {"wildcard", VALUE_NONE, 0, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_EXISTS] = {"exists", VALUE_NONE, 0, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_ABSENT] = {"absent", VALUE_NONE, 0, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_MALFORMED] = {"malformed", VALUE_NONE, 0, SNAPSHOT_OF_RECORD},
	[SNAPSHOT_ATTRIBUTE_COMMENT] = {"comment", VALUE_TEXT, 0, SNAPSHOT_OF_RECORD},
	[SNAPSHOT_ATTRIBUTE_REASON] = {"reason", VALUE_REASON, 0, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_RCODE] = {"rcode", VALUE_NUMBER, UINT16_MAX, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_TTL] = {"ttl", VALUE_NUMBER, UINT32_MAX, SNAPSHOT_OF_ANSWER},
	[SNAPSHOT_ATTRIBUTE_FROM] = {"from", VALUE_FROM, 0, SNAPSHOT_OF_ANSWER | SNAPSHOT_OF_RECORD},
	[SNAPSHOT_ATTRIBUTE_SERVER] = {"server", VALUE_TEXT, 0, SNAPSHOT_OF_ANSWER | SNAPSHOT_OF_RECORD},
	[SNAPSHOT_ATTRIBUTE_FILE] = {"file", VALUE_TEXT, 0, SNAPSHOT_OF_ANSWER | SNAPSHOT_OF_RECORD},
	[SNAPSHOT_ATTRIBUTE_LINE] = {"line", VALUE_NUMBER, SIZE_MAX, SNAPSHOT_OF_ANSWER | SNAPSHOT_OF_RECORD},
};

bool snapshot_attribute_given(const struct snapshot_attributes *values, enum snapshot_attribute attribute)
{
	return (values->given >> attribute & 1) != 0;
}

static bool find_reason(struct slice text, uint64_t *out)
{
	for (int i = DNS_FAILURE_NONE + 1; i <= DNS_FAILURE_OFFLINE; i++) {
		*out = (uint64_t)i;
		if (slice_equal(slice_cstr(dns_failure_text((enum dns_failure)i)), text))
			return true;
	}
	return false;
}

static enum snapshot_attribute find_attribute(struct slice word)
{
	for (int i = 0; i < SNAPSHOT_ATTRIBUTE_COUNT; i++)
		if (slice_equal(slice_cstr(attributes[i].word), word))
			return (enum snapshot_attribute)i;
	return SNAPSHOT_ATTRIBUTE_COUNT;
}

bool snapshot_attribute_is(const struct zonefile_token *word)
{
	return !word->quoted && (slice_find(word->text, '=', 0) < word->text.len ||
					find_attribute(word->text) != SNAPSHOT_ATTRIBUTE_COUNT);
}

static bool read_value(const struct snapshot_reader *reader, const struct zonefile_token *word,
	struct slice value, enum snapshot_attribute attribute, struct snapshot_attributes *out)
{
	uint64_t *number = &out->number[attribute];
	switch (attributes[attribute].value) {
	case VALUE_NONE:
		return true;
	case VALUE_TEXT:
		return snapshot_word_bytes(reader, word, value, &out->text[attribute]);
	case VALUE_NUMBER:
		return snapshot_word_number(reader, word, value, attributes[attribute].most, number);
	case VALUE_REASON:
		return find_reason(value, number) ||
		       zonefile_scan_fail(reader->arena, reader->error, word->place,
			       "unknown reason \"%s\" of a failure", snapshot_word_shown(reader, value));
	case VALUE_FROM:
		return snapshot_word_find(value, snapshot_format_origins, SNAPSHOT_FORMAT_ORIGINS, number) ||
		       zonefile_scan_fail(reader->arena, reader->error, word->place, "unknown origin \"%s\"",
			       snapshot_word_shown(reader, value));
	}
	return false;
}

bool snapshot_attribute_read(const struct snapshot_reader *reader, const struct zonefile_token *word,
	unsigned of, struct snapshot_attributes *out)
{
	size_t equals = slice_find(word->text, '=', 0);
	enum snapshot_attribute attribute = find_attribute(slice_head(word->text, equals));
	if (word->quoted || attribute == SNAPSHOT_ATTRIBUTE_COUNT || (attributes[attribute].of & of) == 0)
		return zonefile_scan_fail(reader->arena, reader->error, word->place, "unknown word \"%s\"",
			snapshot_word_shown(reader, word->text));
	if ((attributes[attribute].value == VALUE_NONE) != (equals == word->text.len))
		return zonefile_scan_fail(reader->arena, reader->error, word->place, "\"%s\" %s",
			attributes[attribute].word,
			equals == word->text.len ? "needs a value behind \"=\"" : "takes no value");
	if (snapshot_attribute_given(out, attribute))
		return zonefile_scan_fail(reader->arena, reader->error, word->place, "\"%s\" is given twice",
			attributes[attribute].word);
	out->given |= 1u << attribute;
	return read_value(reader, word, slice_from(word->text, equals + 1), attribute, out);
}

struct origin snapshot_attribute_origin(const struct snapshot_attributes *values, const struct origin *answer)
{
	const unsigned all = 1u << SNAPSHOT_ATTRIBUTE_FROM | 1u << SNAPSHOT_ATTRIBUTE_SERVER |
			     1u << SNAPSHOT_ATTRIBUTE_FILE;
	struct origin origin = {.kind = (enum origin_kind)values->number[SNAPSHOT_ATTRIBUTE_FROM],
		.server = values->text[SNAPSHOT_ATTRIBUTE_SERVER],
		.file = values->text[SNAPSHOT_ATTRIBUTE_FILE]};
	if (answer != NULL && (values->given & all) == 0)
		origin = *answer;
	if (answer == NULL || snapshot_attribute_given(values, SNAPSHOT_ATTRIBUTE_LINE) ||
		(values->given & all) != 0)
		origin.line = (size_t)values->number[SNAPSHOT_ATTRIBUTE_LINE];
	return origin;
}
