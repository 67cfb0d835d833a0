/* dmarc_separator: see dmarc_separator.h (RFC 9989 4.8, dmarc-sep and equals). */
#include "dmarc/dmarc_separator.h"

#include "base/ascii.h"

#define LONGEST_ENTITY 8 /* "&commat", and numbers such as "&#00059" */

static const struct {
	const char *name;
	enum dmarc_tag_id id;
} tags[] = {
	{"adkim", DMARC_TAG_ADKIM},
	{"aspf", DMARC_TAG_ASPF},
	{"fo", DMARC_TAG_FO},
	{"np", DMARC_TAG_NP},
	{"p", DMARC_TAG_P},
	{"pct", DMARC_TAG_PCT},
	{"psd", DMARC_TAG_PSD},
	{"rf", DMARC_TAG_RF},
	{"ri", DMARC_TAG_RI},
	{"rua", DMARC_TAG_RUA},
	{"ruf", DMARC_TAG_RUF},
	{"sp", DMARC_TAG_SP},
	{"t", DMARC_TAG_T},
	{"v", DMARC_TAG_V},
};

static const struct {
	const char *name;
	char byte;
} entities[] = {
	{"&#34", '"'},
	{"&#58", ':'},
	{"&#59", ';'},
	{"&#61", '='},
	{"&#64", '@'},
	{"&#x3a", ':'},
	{"&#x3b", ';'},
	{"&#x3d", '='},
	{"&#x40", '@'},
	{"&amp", ';'}, /* of web addresses, where it stands between parameters */
	{"&colon", ':'},
	{"&commat", '@'},
	{"&equals", '='},
	{"&gt", '"'},
	{"&lt", '"'},
	{"&nbsp", ' '},
	{"&quot", '"'},
	{"&semi", ';'},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum dmarc_tag_id dmarc_separator_tag(struct slice name)
{
	for (size_t i = 0; i < COUNT(tags); i++)
		if (slice_equal_nocase(name, slice_cstr(tags[i].name)))
			return tags[i].id;
	return DMARC_TAG_OTHER;
}

static size_t letters_at(struct slice text, size_t at)
{
	size_t len = 0;
	while (at + len < text.len && ascii_is_alpha(text.ptr[at + len]))
		len++;
	return len;
}

/* Length of the known tag name at `at`; 0: none. */
static size_t tag_name_at(struct slice text, size_t at)
{
	size_t len = letters_at(text, at);
	return dmarc_separator_tag(slice_at(text, span_of(at, len))) == DMARC_TAG_OTHER ? 0 : len;
}

static bool is_gap(char c)
{
	return ascii_is_wsp(c) || c == ',';
}

bool dmarc_separator_embedded(struct slice value, struct span *gap)
{
	for (size_t i = 0; i < value.len;) {
		size_t start = i;
		while (i < value.len && is_gap(value.ptr[i]))
			i++;
		if (i == start) {
			i++;
			continue;
		}
		size_t name = tag_name_at(value, i);
		size_t equals = i + name + ascii_wsp_run(value, i + name);
		if (name > 0 && equals < value.len && value.ptr[equals] == '=') {
			*gap = span_of(start, i - start);
			return true;
		}
	}
	return false;
}

size_t dmarc_separator_entity(struct slice text)
{
	size_t len = 1;
	if (text.len == 0 || text.ptr[0] != '&')
		return 0;
	while (len < text.len && len < LONGEST_ENTITY &&
		(ascii_is_alnum(text.ptr[len]) || text.ptr[len] == '#'))
		len++;
	return dmarc_separator_entity_byte(slice_head(text, len)) == '\0' ? 0 : len;
}

char dmarc_separator_entity_byte(struct slice entity)
{
	for (size_t i = 0; i < COUNT(entities); i++)
		if (slice_equal_nocase(entity, slice_cstr(entities[i].name)))
			return entities[i].byte;
	return '\0';
}

size_t dmarc_separator_damage(struct slice value)
{
	if (value.len > 0 && value.ptr[value.len - 1] == '\\')
		return 1;
	for (size_t len = 3; len <= LONGEST_ENTITY && len <= value.len; len++)
		if (dmarc_separator_entity(slice_from(value, value.len - len)) == len)
			return len;
	return 0;
}

bool dmarc_separator_no_equals(struct slice chunk, struct span *sign)
{
	size_t name = tag_name_at(chunk, 0);
	size_t blanks = ascii_wsp_run(chunk, name);
	size_t at = name + blanks;
	if (name == 0 || at >= chunk.len)
		return false;
	bool is_sign = chunk.ptr[at] == ':' || chunk.ptr[at] == '-';
	*sign = is_sign ? span_of(at, 1) : span_of(name, blanks);
	/* "p none" is missing its sign, "p" followed by more of a word is another name. */
	return sign->len > 0 && span_end(*sign) < chunk.len;
}

/* What web pages and word processors put between words. */
static size_t unseen_at(struct slice text)
{
	static const struct slice characters[] = {{"\xc2\xa0", 2}, {"\xe2\x80\xaf", 3}, {"\xe2\x80\x8b", 3},
		{"\xe2\x81\xa0", 3}, {"\xef\xbb\xbf", 3}};
	for (size_t i = 0; i < COUNT(characters); i++)
		if (slice_starts(text, characters[i]))
			return characters[i].len;
	return 0;
}

size_t dmarc_separator_unseen(struct slice chunk)
{
	size_t len = 0, next;
	while ((next = unseen_at(slice_from(chunk, len))) > 0)
		len += next;
	size_t name = len + ascii_wsp_run(chunk, len);
	size_t equals = name + tag_name_at(chunk, name);
	equals += equals > name ? ascii_wsp_run(chunk, equals) : 0;
	return equals > name && equals < chunk.len && chunk.ptr[equals] == '=' ? len : 0;
}

bool dmarc_separator_is_address(struct slice chunk)
{
	if (slice_starts_nocase(chunk, SLICE("mailto:")) || slice_starts_nocase(chunk, SLICE("https:")))
		return true;
	return slice_find(chunk, '@', 0) < chunk.len && slice_find(chunk, '=', 0) == chunk.len;
}

struct slice dmarc_separator_advice(enum detail detail)
{
	static const struct {
		enum detail detail;
		const char *advice;
	} rows[] = {
		{DETAIL_DMARC_ESCAPED, "type plain semicolons, without the backslashes"},
		{DETAIL_DMARC_ENTITY, "type the plain character in place of the HTML code"},
		{DETAIL_DMARC_UNSEEN, "delete what looks like a space there, and type it again"},
		{DETAIL_DMARC_LIST, "put a comma between the addresses"},
		{DETAIL_DMARC_NO_EQUALS, "write an equals sign between the tag and its value, as in p=none"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].detail == detail)
			return slice_cstr(rows[i].advice);
	return SLICE("put a semicolon between the tags");
}
