/* wire: the bytes a name server sent, as answers; see wire.h. */
#include "dns/wire.h"

#define HEADER_SIZE    12
#define MAX_JUMPS      127 /* compression pointers in one name: a name has at most 127 labels */
#define MAX_CHAIN      16  /* aliases read from one message; the view follows fewer */
#define CLASS_IN       1
#define FLAG_QR	       0x8000U
#define FLAG_OPCODE    0x7800U
#define FLAG_AA	       0x0400U
#define FLAG_TC	       0x0200U
#define FLAG_AD	       0x0020U
#define FLAG_RCODE     0x000fU
#define RCODE_NOERROR  0
#define RCODE_SERVFAIL 2
#define RCODE_NXDOMAIN 3
#define RCODE_REFUSED  5
#define TTL_MAX	       0x7fffffffU /* RFC 2181 8: above it, 0 is meant */
#define SOA_NUMBERS    20	   /* five numbers of 32 bits, the last one MINIMUM */

/* A cursor over the message; `failed` is sticky, and every read after it gives 0. */
struct reader {
	const unsigned char *bytes;
	size_t len;
	size_t pos;
	bool failed;
};

/* One record of the message; its data is at bytes[data] up to bytes[data + data_len]. */
struct rr {
	struct name owner;
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	size_t data;
	size_t data_len;
};

/* What was read of the message. `zone` is the owner of the SOA in the authority section, none without. */
struct message {
	struct arena *arena;
	const struct question *question;
	const struct wire_context *context;
	struct reader reader;
	unsigned flags;
	uint16_t rcode;
	struct rr *answers;
	size_t count;
	size_t capacity;
	struct name zone;
	uint32_t negative_ttl;
	bool has_ns;
};

/* --- reading bytes ------------------------------------------------------------------------------------ */

static bool has_bytes(struct reader *r, size_t count)
{
	if (r->failed || r->len - r->pos < count)
		r->failed = true;
	return !r->failed;
}

static uint16_t read_u16(struct reader *r)
{
	if (!has_bytes(r, 2))
		return 0;
	const unsigned char *at = r->bytes + r->pos;
	r->pos += 2;
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read_u32(struct reader *r)
{
	uint32_t high = read_u16(r);
	return high << 16 | read_u16(r);
}

static void skip_bytes(struct reader *r, size_t count)
{
	if (has_bytes(r, count))
		r->pos += count;
}

static size_t fail_name(struct reader *r)
{
	r->failed = true;
	return 0;
}

/* Reads a name into `wire`, letters as they are, and returns its length. A compression pointer must point
 * before the piece of the name that it ends (RFC 1035 4.1.4: "a prior occurrence"), so no name is without
 * end. */
static size_t read_name(struct reader *r, char wire[NAME_MAX_WIRE])
{
	size_t pos = r->pos;
	size_t piece = pos; /* where the labels since the last pointer begin */
	size_t behind = 0;  /* the first pointer; 0: none yet */
	size_t used = 0, jumps = 0;
	while (!r->failed && pos < r->len) {
		size_t len = r->bytes[pos];
		if (len >= 0xc0) {
			if (pos + 2 > r->len || ++jumps > MAX_JUMPS)
				return fail_name(r);
			size_t target = (len & 0x3f) << 8 | r->bytes[pos + 1];
			if (target >= piece || target < HEADER_SIZE)
				return fail_name(r);
			if (behind == 0)
				behind = pos + 2;
			pos = piece = target;
			continue;
		}
		if (len > NAME_MAX_LABEL || len >= r->len - pos || used + 1 + len > NAME_MAX_WIRE)
			return fail_name(r);
		memcpy(wire + used, r->bytes + pos, len + 1);
		used += len + 1;
		pos += len + 1;
		if (len == 0) {
			r->pos = behind != 0 ? behind : pos;
			return used;
		}
	}
	return fail_name(r);
}

/* The same, lower-cased into the arena; most owners are the asked name, which is not copied again. */
static struct name read_owner(struct message *m)
{
	char wire[NAME_MAX_WIRE];
	size_t len = read_name(&m->reader, wire);
	if (m->reader.failed)
		return (struct name){NULL, 0};
	struct name asked = m->question->name;
	if (slice_equal_nocase(slice_of(wire, len), slice_of(asked.wire, asked.len)))
		return asked;
	return name_from_wire(m->arena, slice_of(wire, len));
}

/* --- the form of the data ----------------------------------------------------------------------------- */

/* Types whose data holds names that may be compressed: bytes before, names, bytes after (RFC 1035 3.3, RFC
 * 6672 2.1). */
struct layout {
	uint16_t type;
	unsigned char before;
	unsigned char names;
	unsigned char after;
};

static const struct layout layouts[] = {
	{RRTYPE_NS, 0, 1, 0},
	{RRTYPE_CNAME, 0, 1, 0},
	{RRTYPE_SOA, 0, 2, SOA_NUMBERS},
	{RRTYPE_PTR, 0, 1, 0},
	{RRTYPE_MX, 2, 1, 0},
	{RRTYPE_DNAME, 0, 1, 0},
};

static const struct layout *layout_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
		if (layouts[i].type == type)
			return &layouts[i];
	}
	return NULL;
}

/* A reader for the data of `rr`, with the message before it in reach of compression pointers. */
static struct reader data_reader(const struct message *m, const struct rr *rr)
{
	return (struct reader){m->reader.bytes, rr->data + rr->data_len, rr->data, false};
}

/* Appends `count` bytes of the data as they are. */
static void copy_bytes(struct reader *r, char *out, size_t *used, size_t count)
{
	if (!has_bytes(r, count))
		return;
	memcpy(out + *used, r->bytes + r->pos, count);
	*used += count;
	r->pos += count;
}

/* The data of `rr` with its names written out. False: it has not the form of its type. */
static bool expand_data(
	const struct message *m, const struct rr *rr, const struct layout *layout, struct slice *out)
{
	char data[2 + 2 * NAME_MAX_WIRE + SOA_NUMBERS];
	size_t used = 0;
	struct reader r = data_reader(m, rr);
	copy_bytes(&r, data, &used, layout->before);
	for (unsigned i = 0; i < layout->names; i++)
		used += read_name(&r, data + used);
	copy_bytes(&r, data, &used, layout->after);
	if (r.failed || r.pos != r.len)
		return false;
	*out = arena_copy(m->arena, slice_of(data, used));
	return true;
}

static struct record make_record(const struct message *m, const struct rr *rr)
{
	const struct layout *layout = layout_of(rr->type);
	struct slice data = slice_of((const char *)m->reader.bytes + rr->data, rr->data_len);
	struct record record = {.type = rr->type, .ttl = rr->ttl, .origin = m->context->origin};
	if (layout != NULL && !expand_data(m, rr, layout, &record.rdata)) {
		record.rdata = arena_copy(m->arena, data);
		record.malformed = true;
		return record;
	}
	if (layout == NULL)
		record.rdata = arena_copy(m->arena, data);
	record_decode(m->arena, &record);
	return record;
}

/* --- reading the message ------------------------------------------------------------------------------ */

/* True when the question section holds our question, or, in an error, nothing (RFC 1035 4.1.1 leaves that
 * open). */
static bool has_our_question(struct message *m, unsigned count)
{
	if (count == 0)
		return m->rcode != RCODE_NOERROR && m->rcode != RCODE_NXDOMAIN;
	if (count != 1)
		return false;
	struct name name = read_owner(m);
	uint16_t type = read_u16(&m->reader);
	uint16_t class = read_u16(&m->reader);
	return !m->reader.failed && name_equal(name, m->question->name) && type == m->question->type &&
	       class == CLASS_IN;
}

static struct rr read_rr(struct message *m)
{
	struct rr rr = {.owner = read_owner(m)};
	rr.type = read_u16(&m->reader);
	rr.class = read_u16(&m->reader);
	rr.ttl = read_u32(&m->reader);
	rr.data_len = read_u16(&m->reader);
	rr.data = m->reader.pos;
	skip_bytes(&m->reader, rr.data_len);
	return rr;
}

static uint32_t sane_ttl(uint32_t ttl)
{
	return ttl > TTL_MAX ? 0 : ttl;
}

static void take_answer(struct message *m, struct rr rr)
{
	rr.ttl = sane_ttl(rr.ttl);
	m->answers = arena_grow(m->arena, m->answers, m->count, &m->capacity, sizeof rr);
	m->answers[m->count++] = rr;
}

/* RFC 2308 3, 5: a negative answer lives as long as the smaller of the SOA's TTL and its MINIMUM. */
static void take_soa(struct message *m, const struct rr *rr)
{
	struct slice data;
	if (!name_is_none(m->zone) || !expand_data(m, rr, layout_of(RRTYPE_SOA), &data))
		return;
	struct reader r = {(const unsigned char *)data.ptr, data.len, data.len - 4, false};
	uint32_t minimum = sane_ttl(read_u32(&r));
	m->zone = rr->owner;
	m->negative_ttl = sane_ttl(rr->ttl) < minimum ? sane_ttl(rr->ttl) : minimum;
}

static void take_authority(struct message *m, const struct rr *rr)
{
	if (rr->class != CLASS_IN)
		return;
	if (rr->type == RRTYPE_SOA)
		take_soa(m, rr);
	if (rr->type == RRTYPE_NS)
		m->has_ns = true;
}

/* RFC 6891 6.1.3: the upper eight bits of the RCODE. */
static void take_additional(struct message *m, const struct rr *rr)
{
	if (rr->type == RRTYPE_OPT && name_is_root(rr->owner) && m->rcode <= FLAG_RCODE)
		m->rcode = (uint16_t)(rr->ttl >> 24 << 4 | m->rcode);
}

/* Reads all sections; false when the message is not as long as its counts say. */
static bool read_sections(struct message *m, const unsigned counts[3])
{
	for (unsigned i = 0; i < counts[0] && !m->reader.failed; i++) {
		struct rr rr = read_rr(m);
		if (!m->reader.failed)
			take_answer(m, rr);
	}
	for (unsigned i = 0; i < counts[1] && !m->reader.failed; i++) {
		struct rr rr = read_rr(m);
		if (!m->reader.failed)
			take_authority(m, &rr);
	}
	for (unsigned i = 0; i < counts[2] && !m->reader.failed; i++) {
		struct rr rr = read_rr(m);
		if (!m->reader.failed)
			take_additional(m, &rr);
	}
	return !m->reader.failed;
}

/* --- from the asked name to its records --------------------------------------------------------------- */

static bool is_of(const struct rr *rr, struct name owner, uint16_t type)
{
	return rr->type == type && rr->class == CLASS_IN && name_equal(rr->owner, owner);
}

static size_t count_of(const struct message *m, struct name owner, uint16_t type)
{
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++)
		count += is_of(&m->answers[i], owner, type);
	return count;
}

/* True when a record of the asked type is in the answer section, whoever owns it. */
static bool has_asked_type(const struct message *m)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->answers[i].type == m->question->type)
			return true;
	}
	return false;
}

static struct answer make_answer(const struct message *m, struct name owner, enum answer_kind kind)
{
	return (struct answer){
		.question = {owner, m->question->type},
		.kind = kind,
		.rcode = m->rcode,
		.authentic = m->context->trust_ad && (m->flags & FLAG_AD) != 0,
		.truncated = m->context->truncated,
		.over_tcp = m->context->over_tcp,
		.owner_exists = kind != ANSWER_NXDOMAIN,
		.origin = m->context->origin,
		.owner = owner,
	};
}

static struct answer make_records(const struct message *m, struct name owner, size_t count)
{
	struct answer answer = make_answer(m, owner, ANSWER_RECORDS);
	struct record *records = arena_alloc(m->arena, count * sizeof *records);
	answer.ttl = TTL_MAX;
	for (size_t i = 0; i < m->count; i++) {
		if (!is_of(&m->answers[i], owner, m->question->type))
			continue;
		struct record record = make_record(m, &m->answers[i]);
		if (record.ttl < answer.ttl)
			answer.ttl = record.ttl;
		records[answer.count++] = record;
	}
	records_sort(records, answer.count);
	answer.records = records;
	return answer;
}

/* The one record of an alias; one whose target cannot be read has no use and breaks the message. */
static struct answer make_alias(const struct message *m, struct name owner, struct record cname)
{
	struct answer answer = make_answer(m, owner, ANSWER_ALIAS);
	struct record *record = arena_alloc(m->arena, sizeof *record);
	*record = cname;
	answer.records = record;
	answer.count = 1;
	answer.ttl = cname.ttl;
	return answer;
}

/* Of several CNAMEs with one owner (RFC 2181 10.1 forbids them) the first in canonical order, whatever
 * came first. */
static bool find_cname(const struct message *m, struct name owner, struct record *out)
{
	bool found = false;
	for (size_t i = 0; i < m->count; i++) {
		if (!is_of(&m->answers[i], owner, RRTYPE_CNAME))
			continue;
		struct record record = make_record(m, &m->answers[i]);
		if (!found || slice_compare(record.rdata, out->rdata) < 0)
			*out = record;
		found = true;
	}
	return found;
}

/* RFC 6672 3.1: the CNAME that a server should have made from its DNAME. */
static bool make_cname(const struct message *m, struct name owner, const struct rr *rr, struct record *out)
{
	char wire[NAME_MAX_WIRE];
	struct record dname = make_record(m, rr);
	size_t kept = owner.len - rr->owner.len;
	*out = (struct record){
		.type = RRTYPE_CNAME, .malformed = true, .ttl = rr->ttl, .origin = m->context->origin};
	if (dname.malformed || kept + dname.rdata.len > sizeof wire)
		return true;
	memcpy(wire, owner.wire, kept);
	memcpy(wire + kept, dname.rdata.ptr, dname.rdata.len);
	out->malformed = false;
	out->rdata = arena_copy(m->arena, slice_of(wire, kept + dname.rdata.len));
	record_decode(m->arena, out);
	return true;
}

static bool find_dname(const struct message *m, struct name owner, struct record *out)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct rr *rr = &m->answers[i];
		if (rr->type == RRTYPE_DNAME && rr->class == CLASS_IN && rr->owner.len < owner.len &&
			name_is_within(owner, rr->owner))
			return make_cname(m, owner, rr, out);
	}
	return false;
}

/* The alias that `owner` is by this message, in *out. */
static bool find_alias(const struct message *m, struct name owner, struct record *out)
{
	return m->question->type != RRTYPE_CNAME && (find_cname(m, owner, out) || find_dname(m, owner, out));
}

static bool is_visited(const struct answer *answers, size_t count, struct name owner)
{
	for (size_t i = 0; i < count; i++) {
		if (name_equal(answers[i].owner, owner))
			return true;
	}
	return false;
}

/* What the message says of a name without records of the asked type. False: nothing that counts. Behind an
 * alias only NXDOMAIN (RFC 6604 2.1) and a SOA of the right zone count: an authoritative server stops at
 * the end of its zone. */
static bool make_negative(
	const struct message *m, struct name owner, bool is_alias_target, struct answer *out)
{
	bool has_soa = !name_is_none(m->zone) && name_is_within(owner, m->zone);
	bool is_nxdomain = m->rcode == RCODE_NXDOMAIN;
	if (has_asked_type(m) || (is_alias_target && !is_nxdomain && !has_soa))
		return false;
	*out = make_answer(m, owner, is_nxdomain ? ANSWER_NXDOMAIN : ANSWER_NODATA);
	out->ttl = has_soa ? m->negative_ttl : 0;
	return true;
}

static struct wire_reply plain_reply(const struct message *m, enum wire_status status)
{
	return (struct wire_reply){.status = status, .rcode = m->rcode};
}

static struct wire_reply failed_reply(const struct message *m, enum dns_failure failure)
{
	return (struct wire_reply){.status = WIRE_FAILED, .failure = failure, .rcode = m->rcode};
}

/* RFC 2308 2.2: no answer, name servers, no SOA, not authoritative: the server only points elsewhere. */
static bool is_referral(const struct message *m)
{
	return m->count == 0 && m->has_ns && name_is_none(m->zone) && (m->flags & FLAG_AA) == 0;
}

static struct wire_reply follow(struct message *m)
{
	struct answer *answers = arena_alloc(m->arena, (MAX_CHAIN + 1) * sizeof *answers);
	struct name owner = m->question->name;
	size_t count = 0, records = 0;
	struct record alias;
	while ((records = count_of(m, owner, m->question->type)) == 0 && find_alias(m, owner, &alias)) {
		if (alias.malformed)
			return plain_reply(m, WIRE_MALFORMED);
		answers[count++] = make_alias(m, owner, alias);
		owner = alias.data.target;
		if (count == MAX_CHAIN || is_visited(answers, count, owner))
			return (struct wire_reply){WIRE_ANSWERED, DNS_FAILURE_NONE, m->rcode, answers, count};
	}
	/* A name that does not exist has no records: one half of such a message is wrong. */
	if (records > 0 && m->rcode == RCODE_NXDOMAIN)
		return plain_reply(m, WIRE_MALFORMED);
	if (records > 0)
		answers[count++] = make_records(m, owner, records);
	else if (make_negative(m, owner, count > 0, &answers[count]))
		count++;
	if (count == 0)
		return plain_reply(m, WIRE_MALFORMED);
	return (struct wire_reply){WIRE_ANSWERED, DNS_FAILURE_NONE, m->rcode, answers, count};
}

static struct wire_reply judge(struct message *m)
{
	if (m->rcode == RCODE_SERVFAIL)
		return failed_reply(m, DNS_FAILURE_SERVFAIL);
	/* A server that refers elsewhere does not answer for this name to us. */
	if (m->rcode == RCODE_REFUSED || (m->rcode == RCODE_NOERROR && is_referral(m)))
		return failed_reply(m, DNS_FAILURE_REFUSED);
	if (m->rcode != RCODE_NOERROR && m->rcode != RCODE_NXDOMAIN)
		return failed_reply(m, DNS_FAILURE_RCODE);
	return follow(m);
}

struct wire_reply wire_read(struct arena *arena, struct slice bytes, const struct question *question,
	const struct wire_context *context)
{
	struct message m = {
		.arena = arena,
		.question = question,
		.context = context,
		.reader = {(const unsigned char *)bytes.ptr, bytes.len, 0, false},
	};
	unsigned counts[3] = {0};
	read_u16(&m.reader); /* id */
	m.flags = read_u16(&m.reader);
	m.rcode = (uint16_t)(m.flags & FLAG_RCODE);
	unsigned questions = read_u16(&m.reader);
	for (size_t i = 0; i < 3; i++)
		counts[i] = read_u16(&m.reader);
	if (m.reader.failed)
		return plain_reply(&m, WIRE_MALFORMED);
	if ((m.flags & FLAG_QR) == 0 || (m.flags & FLAG_OPCODE) != 0)
		return plain_reply(&m, WIRE_UNRELATED);
	if (!has_our_question(&m, questions))
		return plain_reply(&m, m.reader.failed ? WIRE_MALFORMED : WIRE_UNRELATED);
	if ((m.flags & FLAG_TC) != 0 && (m.rcode == RCODE_NOERROR || m.rcode == RCODE_NXDOMAIN))
		return plain_reply(&m, WIRE_TRUNCATED);
	if (!read_sections(&m, counts))
		return plain_reply(&m, WIRE_MALFORMED);
	return judge(&m);
}
