/* answer: record data from its bytes, the canonical order, copies, and the names of types and failures;
 * see answer.h.
 *
 * Nothing in rdata is believed: whatever does not end exactly at its last byte is `malformed` (RFC 1035
 * 3.2-3.4).
 */
#include "dns/answer.h"

#include <stdlib.h>

#include "base/ascii.h"

struct type_name {
	uint16_t type;
	struct slice text;
};

/* The IANA registry's types that may stand in a zone, and OPT; by number. */
static const struct type_name type_names[] = {
	{RRTYPE_A, {"A", 1}},
	{RRTYPE_NS, {"NS", 2}},
	{RRTYPE_CNAME, {"CNAME", 5}},
	{RRTYPE_SOA, {"SOA", 3}},
	{11, {"WKS", 3}},
	{RRTYPE_PTR, {"PTR", 3}},
	{13, {"HINFO", 5}},
	{14, {"MINFO", 5}},
	{RRTYPE_MX, {"MX", 2}},
	{RRTYPE_TXT, {"TXT", 3}},
	{17, {"RP", 2}},
	{18, {"AFSDB", 5}},
	{19, {"X25", 3}},
	{20, {"ISDN", 4}},
	{21, {"RT", 2}},
	{22, {"NSAP", 4}},
	{24, {"SIG", 3}},
	{25, {"KEY", 3}},
	{26, {"PX", 2}},
	{27, {"GPOS", 4}},
	{RRTYPE_AAAA, {"AAAA", 4}},
	{29, {"LOC", 3}},
	{30, {"NXT", 3}},
	{33, {"SRV", 3}},
	{35, {"NAPTR", 5}},
	{36, {"KX", 2}},
	{37, {"CERT", 4}},
	{38, {"A6", 2}},
	{RRTYPE_DNAME, {"DNAME", 5}},
	{RRTYPE_OPT, {"OPT", 3}},
	{42, {"APL", 3}},
	{43, {"DS", 2}},
	{44, {"SSHFP", 5}},
	{45, {"IPSECKEY", 8}},
	{46, {"RRSIG", 5}},
	{47, {"NSEC", 4}},
	{48, {"DNSKEY", 6}},
	{49, {"DHCID", 5}},
	{50, {"NSEC3", 5}},
	{51, {"NSEC3PARAM", 10}},
	{52, {"TLSA", 4}},
	{53, {"SMIMEA", 6}},
	{55, {"HIP", 3}},
	{56, {"NINFO", 5}},
	{57, {"RKEY", 4}},
	{58, {"TALINK", 6}},
	{59, {"CDS", 3}},
	{60, {"CDNSKEY", 7}},
	{61, {"OPENPGPKEY", 10}},
	{62, {"CSYNC", 5}},
	{63, {"ZONEMD", 6}},
	{64, {"SVCB", 4}},
	{65, {"HTTPS", 5}},
	{RRTYPE_SPF, {"SPF", 3}},
	{104, {"NID", 3}},
	{105, {"L32", 3}},
	{106, {"L64", 3}},
	{107, {"LP", 2}},
	{108, {"EUI48", 5}},
	{109, {"EUI64", 5}},
	{256, {"URI", 3}},
	{257, {"CAA", 3}},
	{258, {"AVC", 3}},
	{259, {"DOA", 3}},
	{260, {"AMTRELAY", 8}},
	{32768, {"TA", 2}},
	{32769, {"DLV", 3}},
};

#define TYPE_NAME_COUNT (sizeof type_names / sizeof type_names[0])

struct slice rrtype_text(struct arena *arena, uint16_t type)
{
	for (size_t i = 0; i < TYPE_NAME_COUNT; i++)
		if (type_names[i].type == type)
			return type_names[i].text;
	return arena_printf(arena, "TYPE%u", (unsigned)type);
}

uint16_t rrtype_number(struct slice text)
{
	uint64_t number;
	for (size_t i = 0; i < TYPE_NAME_COUNT; i++)
		if (slice_equal_nocase(type_names[i].text, text))
			return type_names[i].type;
	if (slice_starts_nocase(text, SLICE("TYPE")) &&
		ascii_parse_uint(slice_from(text, 4), UINT16_MAX, &number))
		return (uint16_t)number;
	return 0;
}

int question_compare(const struct question *a, const struct question *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return name_compare(a->name, b->name);
}

int question_order(const void *a, const void *b)
{
	return question_compare(a, b);
}

const char *dns_failure_text(enum dns_failure failure)
{
	switch (failure) {
	case DNS_FAILURE_NONE:
		return "none";
	case DNS_FAILURE_TIMEOUT:
		return "timeout";
	case DNS_FAILURE_SERVFAIL:
		return "servfail";
	case DNS_FAILURE_REFUSED:
		return "refused";
	case DNS_FAILURE_RCODE:
		return "rcode";
	case DNS_FAILURE_MALFORMED:
		return "malformed";
	case DNS_FAILURE_UNREACHABLE:
		return "unreachable";
	case DNS_FAILURE_LOOP:
		return "loop";
	case DNS_FAILURE_DEADLINE:
		return "deadline";
	case DNS_FAILURE_LIMIT:
		return "limit";
	case DNS_FAILURE_OFFLINE:
		return "offline";
	}
	return "";
}

/* --- data of a record ------------------------------------------------------------------------- */

/* The number of character-strings that fill `rdata` exactly; 0 when they do not, or there is none. */
static size_t count_strings(struct slice rdata)
{
	size_t count = 0;
	for (size_t at = 0; at < rdata.len; count++) {
		at += 1 + (size_t)(unsigned char)rdata.ptr[at];
		if (at > rdata.len)
			return 0;
	}
	return count;
}

/* RFC 1035 3.3.14 */
static bool decode_txt(struct arena *arena, struct slice rdata, struct txt_data *out)
{
	size_t count = count_strings(rdata);
	if (count == 0)
		return false;
	struct slice *strings = arena_alloc(arena, count * sizeof *strings);
	char *joined = arena_alloc(arena, rdata.len - count + 1);
	size_t used = 0;
	for (size_t i = 0, at = 0; i < count; i++) {
		size_t len = (unsigned char)rdata.ptr[at];
		strings[i] = slice_of(rdata.ptr + at + 1, len);
		memcpy(joined + used, strings[i].ptr, len);
		used += len;
		at += 1 + len;
	}
	*out = (struct txt_data){strings, count, slice_of(joined, used)};
	return true;
}

/* True when `wire` is one whole uncompressed name and nothing behind it. */
static bool is_whole_name(struct slice wire)
{
	size_t at = 0;
	if (wire.len == 0 || wire.len > NAME_MAX_WIRE)
		return false;
	while (at < wire.len && wire.ptr[at] != 0) {
		size_t len = (unsigned char)wire.ptr[at];
		if (len > NAME_MAX_LABEL)
			return false;
		at += 1 + len;
	}
	return at + 1 == wire.len;
}

static bool decode_name(struct arena *arena, struct slice wire, struct name *out)
{
	if (!is_whole_name(wire))
		return false;
	*out = name_from_wire(arena, wire);
	return true;
}

static bool decode_address(struct slice rdata, size_t len, unsigned char *out)
{
	if (rdata.len != len)
		return false;
	memcpy(out, rdata.ptr, len);
	return true;
}

static bool decode_mx(struct arena *arena, struct slice rdata, struct mx_data *out)
{
	if (rdata.len < 2)
		return false;
	out->preference = (uint16_t)((unsigned char)rdata.ptr[0] << 8 | (unsigned char)rdata.ptr[1]);
	return decode_name(arena, slice_from(rdata, 2), &out->exchange);
}

static bool decode(struct arena *arena, struct record *record)
{
	switch (record->type) {
	case RRTYPE_A:
		return decode_address(record->rdata, 4, record->data.address);
	case RRTYPE_AAAA:
		return decode_address(record->rdata, 16, record->data.address);
	case RRTYPE_TXT:
	case RRTYPE_SPF:
		return decode_txt(arena, record->rdata, &record->data.txt);
	case RRTYPE_MX:
		return decode_mx(arena, record->rdata, &record->data.mx);
	case RRTYPE_CNAME:
	case RRTYPE_NS:
	case RRTYPE_PTR:
	case RRTYPE_DNAME:
		return decode_name(arena, record->rdata, &record->data.target);
	default: /* any other number: the bytes are kept and nobody reads them */
		return true;
	}
}

void record_decode(struct arena *arena, struct record *record)
{
	memset(&record->data, 0, sizeof record->data);
	record->malformed = !decode(arena, record);
	if (record->malformed)
		memset(&record->data, 0, sizeof record->data);
}

int record_compare(const struct record *a, const struct record *b)
{
	int order = slice_compare(a->rdata, b->rdata);
	if (order == 0)
		order = slice_compare(a->origin.file, b->origin.file);
	if (order == 0 && a->origin.line != b->origin.line)
		order = a->origin.line < b->origin.line ? -1 : 1;
	if (order == 0 && a->ttl != b->ttl)
		order = a->ttl < b->ttl ? -1 : 1;
	return order;
}

static int compare_records(const void *a, const void *b)
{
	return record_compare(a, b);
}

void records_sort(struct record *records, size_t count)
{
	if (count > 1)
		qsort(records, count, sizeof *records, compare_records);
}

/* --- copies ----------------------------------------------------------------------------------- */

static struct name copy_name(struct arena *arena, struct name name)
{
	if (name_is_none(name))
		return name;
	struct slice wire = arena_copy(arena, slice_of(name.wire, name.len));
	return (struct name){wire.ptr, wire.len};
}

/* A copy of `text`; where it is the very text that was copied before (the origins of one answer), that
 * copy. */
static struct slice copy_shared(
	struct arena *arena, struct slice text, struct slice before, struct slice before_copy)
{
	if (text.len == 0)
		return slice_of(NULL, 0);
	return text.ptr == before.ptr && text.len == before.len ? before_copy : arena_copy(arena, text);
}

static struct origin copy_origin(struct arena *arena, struct origin from, const struct origin *before,
	const struct origin *before_copy)
{
	struct origin copy = from;
	copy.server = copy_shared(arena, from.server, before->server, before_copy->server);
	copy.file = copy_shared(arena, from.file, before->file, before_copy->file);
	return copy;
}

static const struct alias *copy_chain(struct arena *arena, const struct answer *from)
{
	struct alias *chain = arena_alloc(arena, from->chain_count * sizeof *chain);
	for (size_t i = 0; i < from->chain_count; i++) {
		const struct alias *alias = &from->chain[i];
		chain[i] = (struct alias){
			copy_name(arena, alias->owner), copy_name(arena, alias->target), alias->ttl};
	}
	return chain;
}

static const struct record *copy_records(
	struct arena *arena, const struct answer *from, const struct answer *copy)
{
	struct record *records = arena_alloc(arena, from->count * sizeof *records);
	for (size_t i = 0; i < from->count; i++) {
		const struct record *record = &from->records[i];
		records[i] = *record;
		records[i].rdata = arena_copy(arena, record->rdata);
		records[i].origin = copy_origin(arena, record->origin, &from->origin, &copy->origin);
		records[i].comment =
			copy_shared(arena, record->comment, slice_of(NULL, 0), slice_of(NULL, 0));
		record_decode(arena, &records[i]);
		records[i].malformed |= record->malformed;
	}
	return records;
}

struct answer *answer_copy(struct arena *arena, const struct answer *from)
{
	static const struct origin none = {.kind = ORIGIN_SERVER};
	struct answer *copy = arena_alloc(arena, sizeof *copy);
	*copy = *from;
	copy->question.name = copy_name(arena, from->question.name);
	copy->owner = copy_name(arena, from->owner);
	copy->origin = copy_origin(arena, from->origin, &none, &none);
	copy->chain = from->chain_count == 0 ? NULL : copy_chain(arena, from);
	copy->records = from->count == 0 ? NULL : copy_records(arena, from, copy);
	copy->memo = NULL;
	return copy;
}

struct answer answer_failure(struct question question, enum dns_failure failure)
{
	return (struct answer){
		.question = question, .kind = ANSWER_TEMPORARY, .failure = failure, .owner = question.name};
}
