/* dmarc_uri: the lists of rua and ruf, item by item (RFC 9989 4.6, 4.8; RFC 3986; RFC 6068).
 *
 *     mailto:a@example.com!10m, b@example.com
 *     ^ item 1, its size is said and cut off    ^ item 2: no scheme, so not a URI; the fix is
 * mailto:b@example.com
 *
 * A broken item never takes the others along. What an item was meant to be is guessed in dmarc_address.c.
 */
#include "dmarc/dmarc_uri.h"

#include "base/ascii.h"
#include "dmarc/dmarc_address.h"

#define LARGEST_FIXED 4096 /* bytes; a fix holds a copy of the record, so longer records get none */

struct list {
	struct arena *arena;
	struct slice record;
	struct findings *findings;
	struct dmarc_uri *items;
	size_t count;
	size_t capacity;
	bool last_was_empty;
};

static struct finding *add(struct list *list, enum rule_id rule, struct span span, enum detail detail)
{
	struct finding *finding = findings_add_at(list->findings, rule, span);
	finding->detail = detail;
	return finding;
}

static const struct fix *replace(
	const struct list *list, struct span span, struct slice replacement, bool safe)
{
	if (list->record.len > LARGEST_FIXED)
		return NULL;
	return fix_replace(list->arena, list->record, span, replacement, safe);
}

/* --- the URI as RFC 3986 has it --- */

/* Letters before the first ':' (RFC 3986 3.1); 0: there is no scheme. */
static size_t scheme_length(struct slice text)
{
	if (text.len == 0 || !ascii_is_alpha(text.ptr[0]))
		return 0;
	for (size_t i = 1; i < text.len; i++) {
		if (text.ptr[i] == ':')
			return i;
		if (!ascii_is_alnum(text.ptr[i]) && !ascii_is_one_of(text.ptr[i], "+-."))
			return 0;
	}
	return 0;
}

/* unreserved, gen-delims without brackets and '#', sub-delims without ',' and '!' (RFC 3986 2.2, RFC 9989
 * 4.8). */
static bool is_uri_byte(char c)
{
	return ascii_is_alnum(c) || ascii_is_one_of(c, "-._~:/?@$&'()*+;=");
}

static bool is_percent_triplet(struct slice text, size_t i)
{
	return i + 2 < text.len && ascii_hex_value(text.ptr[i + 1]) >= 0 &&
	       ascii_hex_value(text.ptr[i + 2]) >= 0;
}

/* Bytes of "//..." up to path, query or fragment; 0: no authority. */
static struct slice authority_of(struct slice rest)
{
	if (!slice_starts(rest, SLICE("//")))
		return slice_of(NULL, 0);
	rest = slice_from(rest, 2);
	size_t len = 0;
	while (len < rest.len && !ascii_is_one_of(rest.ptr[len], "/?#"))
		len++;
	return slice_head(rest, len);
}

/* Brackets are for an address in the authority only (RFC 3986 3.2.2). */
static bool is_within(struct slice part, const char *at)
{
	return part.len > 0 && at >= part.ptr && at < part.ptr + part.len;
}

static bool is_uri(struct slice text)
{
	size_t scheme = scheme_length(text);
	if (scheme == 0)
		return false;
	struct slice authority = authority_of(slice_from(text, scheme + 1));
	bool fragment = false;
	for (size_t i = scheme + 1; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%' && is_percent_triplet(text, i))
			continue;
		if ((c == '[' || c == ']') && is_within(authority, text.ptr + i))
			continue;
		if (c == '#' && !fragment)
			fragment = true;
		else if (!is_uri_byte(c))
			return false;
	}
	return true;
}

static struct slice host_of_authority(struct slice authority)
{
	size_t at = slice_find(authority, '@', 0);
	struct slice host = at < authority.len ? slice_from(authority, at + 1) : authority;
	if (host.len > 0 && host.ptr[0] == '[')
		return slice_of(NULL, 0);
	return slice_head(host, slice_find(host, ':', 0));
}

/* --- one item --- */

/* The obsolete "!10m" behind a URI (RFC 9989 4.8, obs-dmarc-report-size); its length, 0: none. */
static size_t size_suffix_length(struct slice text)
{
	size_t end = text.len;
	if (end > 0 && ascii_is_one_of(text.ptr[end - 1], "kmgtKMGT"))
		end--;
	size_t digits = end;
	while (digits > 0 && ascii_is_digit(text.ptr[digits - 1]))
		digits--;
	return digits > 1 && digits < end && text.ptr[digits - 1] == '!' ? text.len - digits + 1 : 0;
}

/* The text an item was surely or probably meant to be, with the bytes that the finding points at. */
static void refuse(struct list *list, const struct dmarc_uri *uri, enum detail detail, struct span about)
{
	struct span whole = span_of(uri->span.offset, uri->text.len);
	struct slice better = dmarc_address_repair(list->arena, uri->text);
	struct finding *finding = add(list, RULE_DMARC_URI_INVALID, about, detail);
	finding->args[0] = better;
	finding->args[1] = uri->text;
	if (better.len == 0)
		finding->args[0] = SLICE("mailto: and the whole address, such as mailto:reports@example.com");
	else
		finding->fix = replace(list, whole, better, dmarc_address_is_sure(detail));
}

/* Two addresses in one item. True when that is what is wrong; the finding points at the gap between them. */
static bool refuse_missing_comma(struct list *list, const struct dmarc_uri *uri)
{
	struct span gap;
	if (!dmarc_address_missing_comma(uri->text, &gap))
		return false;
	struct span about = span_of(uri->span.offset + gap.offset, gap.len > 0 ? gap.len : strlen("mailto:"));
	struct finding *finding = add(list, RULE_DMARC_URI_INVALID, about, DETAIL_DMARC_URI_NO_COMMA);
	struct slice better = dmarc_address_split(list->arena, uri->text);
	finding->args[0] = better;
	finding->args[1] = uri->text;
	if (better.len == 0)
		finding->args[0] = SLICE("a comma between the addresses");
	else
		finding->fix = replace(list, span_of(uri->span.offset, uri->text.len), better, false);
	return true;
}

static void judge_mailbox(struct list *list, struct dmarc_uri *uri)
{
	struct slice path = slice_from(uri->text, sizeof "mailto:" - 1);
	path = slice_head(path, slice_find(path, '?', 0));
	enum detail detail = dmarc_address_fault(path, &uri->host);
	if (detail != DETAIL_NONE)
		refuse(list, uri, detail, span_of(uri->span.offset, uri->text.len));
}

static void judge_item(struct list *list, struct dmarc_uri *uri)
{
	struct span whole = span_of(uri->span.offset, uri->text.len);
	uri->valid = is_uri(uri->text);
	uri->is_mailto = slice_starts_nocase(uri->text, SLICE("mailto:"));
	if (refuse_missing_comma(list, uri))
		return;
	if (!uri->valid) {
		refuse(list, uri, dmarc_address_why_no_uri(uri->text), whole);
	} else if (uri->is_mailto) {
		judge_mailbox(list, uri);
	} else if (dmarc_address_is_misspelt_scheme(slice_head(uri->text, scheme_length(uri->text)))) {
		refuse(list, uri, DETAIL_DMARC_URI_SCHEME_TYPO, whole);
	} else {
		uri->host =
			host_of_authority(authority_of(slice_from(uri->text, scheme_length(uri->text) + 1)));
		add(list, RULE_DMARC_URI_SCHEME, whole, DETAIL_NONE);
	}
}

static void read_item(struct list *list, struct span span)
{
	struct slice text = slice_at(list->record, span);
	struct dmarc_uri uri = {.span = span, .text = text};
	size_t suffix = size_suffix_length(text);
	if (suffix > 0) {
		struct span size = span_of(span_end(span) - suffix, suffix);
		uri.text = slice_head(text, text.len - suffix);
		struct finding *finding = add(list, RULE_DMARC_URI_SIZE, size, DETAIL_NONE);
		finding->fix = replace(list, size, SLICE(""), true);
	}
	judge_item(list, &uri);
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof uri);
	list->items[list->count++] = uri;
	list->last_was_empty = false;
}

/* Nothing between two commas, or behind the last one; `comma` is the one to take out. Said once of a run
 * of them. */
static void refuse_empty(struct list *list, size_t comma)
{
	if (list->last_was_empty)
		return;
	list->last_was_empty = true;
	struct span span = span_of(comma, 1);
	struct finding *finding = add(list, RULE_DMARC_URI_INVALID, span, DETAIL_DMARC_URI_EMPTY);
	finding->args[0] = SLICE("the list without this comma");
	finding->args[1] = SLICE(",");
	finding->fix = replace(list, span, SLICE(""), true);
}

/* --- the list --- */

/* Equal but for the case of scheme and host; the local part's counts (RFC 5321 2.4). */
static bool is_same(const struct dmarc_uri *a, const struct dmarc_uri *b)
{
	if (!slice_equal_nocase(a->text, b->text))
		return false;
	size_t end = slice_find(a->text, '@', 0);
	size_t start = scheme_length(a->text);
	struct span local = span_of(start, end - start);
	return slice_equal(slice_at(a->text, local), slice_at(b->text, local));
}

static void find_duplicates(struct list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		size_t j = 0;
		while (j < i && !is_same(&list->items[j], &list->items[i]))
			j++;
		if (j == i)
			continue;
		add(list, RULE_DMARC_URI_DUPLICATE, list->items[i].span, DETAIL_NONE);
	}
}

static void judge_count(struct list *list)
{
	if (list->count <= 2)
		return;
	size_t start = list->items[2].span.offset;
	struct span rest = span_of(start, span_end(list->items[list->count - 1].span) - start);
	struct finding *finding = add(list, RULE_DMARC_URI_MANY, rest, DETAIL_NONE);
	finding->args[0] = arena_printf(list->arena, "%zu", list->count);
}

void dmarc_uri_parse_list(struct arena *arena, struct slice record, struct span value,
	struct findings *findings, const struct dmarc_uri **items, size_t *count)
{
	struct list list = {.arena = arena, .record = record, .findings = findings};
	size_t end = span_end(value);
	for (size_t at = value.offset; at <= end && value.len > 0 && list.count < DMARC_MAX_URIS;) {
		size_t comma = slice_find(slice_head(record, end), ',', at);
		struct slice raw = slice_at(record, span_of(at, comma - at));
		struct slice item = slice_trim(raw);
		if (item.len > 0)
			read_item(&list, span_of((size_t)(item.ptr - record.ptr), item.len));
		else
			refuse_empty(&list, comma < end ? comma : at - 1);
		at = comma + 1;
	}
	find_duplicates(&list);
	judge_count(&list);
	*items = list.items;
	*count = list.count;
}
