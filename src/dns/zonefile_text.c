/* zonefile_text: see zonefile_text.h.
 *
 *     02 'a' '"' 01 'b'   TXT      "a\"" "b"
 *     07 'f'              TXT      \# 2 0766        (not the form of its type)
 */
#include "dns/zonefile_text.h"

#include "base/ascii.h"
#include "base/ip.h"

static void put_escaped(struct buf *out, struct slice bytes, const char *special)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];
		if (byte < 0x20 || byte > 0x7e || (byte == ' ' && ascii_is_one_of(' ', special))) {
			const char escape[] = {'\\', (char)('0' + byte / 100), (char)('0' + byte / 10 % 10),
				(char)('0' + byte % 10)};
			buf_add(out, slice_of(escape, sizeof escape));
			continue;
		}
		if (ascii_is_one_of((char)byte, special))
			buf_byte(out, '\\');
		buf_byte(out, (char)byte);
	}
}

void zonefile_text_word(struct buf *out, struct slice bytes)
{
	put_escaped(out, bytes, " \\\"();");
}

void zonefile_text_string(struct buf *out, struct slice bytes)
{
	buf_byte(out, '"');
	put_escaped(out, bytes, "\\\"");
	buf_byte(out, '"');
}

static void put_generic(struct buf *out, struct slice rdata)
{
	static const char digits[] = "0123456789abcdef";
	buf_text(out, "\\# ");
	buf_uint(out, rdata.len);
	for (size_t i = 0; i < rdata.len; i++) {
		unsigned char byte = (unsigned char)rdata.ptr[i];
		if (i == 0)
			buf_byte(out, ' ');
		buf_byte(out, digits[byte >> 4]);
		buf_byte(out, digits[byte & 15]);
	}
}

/* From the bytes on the wire: the decoded name has lost the case of its letters. */
static void put_name(struct buf *out, struct arena *arena, struct slice wire)
{
	const struct name name = {wire.ptr, wire.len};
	buf_add(out, name_text(arena, name));
	if (!name_is_root(name))
		buf_byte(out, '.');
}

static void put_address(struct buf *out, struct arena *arena, const struct record *record)
{
	struct ip ip = {record->type == RRTYPE_A ? IP_V4 : IP_V6, {0}};
	memcpy(ip.bytes, record->data.address, record->type == RRTYPE_A ? 4 : 16);
	buf_add(out, ip_text(arena, ip));
}

static void put_strings(struct buf *out, const struct txt_data *txt)
{
	for (size_t i = 0; i < txt->count; i++) {
		if (i > 0)
			buf_byte(out, ' ');
		zonefile_text_string(out, txt->strings[i]);
	}
}

void zonefile_text_data(struct buf *out, struct arena *arena, const struct record *record)
{
	struct arena_mark mark = arena_mark(arena);
	switch (record->malformed ? 0 : record->type) {
	case RRTYPE_A:
	case RRTYPE_AAAA:
		put_address(out, arena, record);
		break;
	case RRTYPE_TXT:
	case RRTYPE_SPF:
		put_strings(out, &record->data.txt);
		break;
	case RRTYPE_MX:
		buf_uint(out, record->data.mx.preference);
		buf_byte(out, ' ');
		put_name(out, arena, slice_from(record->rdata, 2));
		break;
	case RRTYPE_CNAME:
	case RRTYPE_NS:
	case RRTYPE_PTR:
	case RRTYPE_DNAME:
		put_name(out, arena, record->rdata);
		break;
	default: /* any other number, or not of its type's form */
		put_generic(out, record->rdata);
		break;
	}
	arena_rewind(arena, mark);
}
