/* json: see json.h. */
#include "report/json.h"

#include "base/ascii.h"

void json_init(struct json *json, struct buf *out, struct arena *arena, bool pretty, size_t depth)
{
	*json = (struct json){.out = out, .arena = arena, .pretty = pretty, .depth = depth};
}

static void new_line(struct json *json)
{
	buf_byte(json->out, '\n');
	buf_repeat(json->out, ' ', 2 * (json->depth < JSON_MAX_INDENT ? json->depth : JSON_MAX_INDENT));
}

/* What stands between the last thing written and the next item of an array or object. */
static void separate(struct json *json)
{
	bool flat = json->flat > 0;
	if (json->comma)
		buf_text(json->out, flat ? ", " : ",");
	if (json->pretty && !flat && json->depth > 0)
		new_line(json);
}

/* Before a value. A value right behind its key stands on the key's line, and so does the outermost one. */
static void before_value(struct json *json)
{
	if (!json->after_key)
		separate(json);
	json->after_key = false;
	json->comma = true;
}

static void open_bracket(struct json *json, char bracket)
{
	before_value(json);
	buf_byte(json->out, bracket);
	json->depth++;
	json->comma = false;
}

/* An empty array or object stays on its line. */
static void close_bracket(struct json *json, char bracket)
{
	bool flat = json->flat > 0;
	json->depth--;
	if (json->pretty && !flat && json->comma)
		new_line(json);
	if (json->flat > json->depth)
		json->flat = 0;
	buf_byte(json->out, bracket);
	json->comma = true;
}

void json_object(struct json *json)
{
	open_bracket(json, '{');
}

void json_end_object(struct json *json)
{
	close_bracket(json, '}');
}

void json_array(struct json *json)
{
	open_bracket(json, '[');
}

void json_end_array(struct json *json)
{
	close_bracket(json, ']');
}

void json_flat_array(struct json *json)
{
	open_bracket(json, '[');
	json->flat = json->depth;
}

/* Escapes of JSON itself for one byte of ASCII (RFC 8259 7). */
static void put_ascii(struct buf *out, unsigned char byte)
{
	if (byte == '"' || byte == '\\') {
		buf_byte(out, '\\');
		buf_byte(out, (char)byte);
	} else if (byte < 0x20 || byte == 0x7f) {
		buf_printf(out, "\\u%04x", (unsigned)byte);
	} else {
		buf_byte(out, (char)byte);
	}
}

/* Bytes at the start of `text` that need no escape at all. */
static size_t plain_run(struct slice text)
{
	size_t len = 0;
	while (len < text.len && text.ptr[len] >= 0x20 && text.ptr[len] <= 0x7e && text.ptr[len] != '"' &&
		text.ptr[len] != '\\')
		len++;
	return len;
}

static void put_quoted(struct buf *out, struct slice text)
{
	buf_byte(out, '"');
	while (text.len > 0) {
		size_t len = plain_run(text);
		if (len == 0) {
			len = ascii_utf8_length(text);
			if (len == 1)
				put_ascii(out, (unsigned char)text.ptr[0]);
			else
				buf_add(out, len == 0 ? SLICE("\xef\xbf\xbd") : slice_head(text, len));
		} else {
			buf_add(out, slice_head(text, len));
		}
		text = slice_from(text, len == 0 ? 1 : len);
	}
	buf_byte(out, '"');
}

void json_key_bytes(struct json *json, struct slice key)
{
	separate(json);
	put_quoted(json->out, ascii_escape(json->arena, key));
	buf_text(json->out, json->pretty || json->flat > 0 ? ": " : ":");
	json->after_key = true;
}

void json_key(struct json *json, const char *key)
{
	json_key_bytes(json, slice_cstr(key));
}

void json_string(struct json *json, struct slice text)
{
	before_value(json);
	put_quoted(json->out, text);
}

void json_string_or_null(struct json *json, struct slice text)
{
	if (text.len > 0)
		json_string(json, text);
	else
		json_null(json);
}

void json_text(struct json *json, const char *text)
{
	if (text == NULL)
		json_null(json);
	else
		json_string(json, slice_cstr(text));
}

void json_bytes(struct json *json, struct slice raw)
{
	json_string(json, ascii_escape(json->arena, raw));
}

void json_bytes_or_null(struct json *json, struct slice raw)
{
	if (raw.len == 0)
		json_null(json);
	else
		json_bytes(json, raw);
}

void json_base64(struct json *json, struct slice raw)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	before_value(json);
	buf_byte(json->out, '"');
	for (size_t i = 0; i < raw.len; i += 3) {
		unsigned char in[3] = {0};
		size_t have = raw.len - i < 3 ? raw.len - i : 3;
		memcpy(in, raw.ptr + i, have);
		char four[4] = {digits[in[0] >> 2], digits[(in[0] & 3) << 4 | in[1] >> 4],
			have > 1 ? digits[(in[1] & 15) << 2 | in[2] >> 6] : '=',
			have > 2 ? digits[in[2] & 63] : '='};
		buf_add(json->out, slice_of(four, sizeof four));
	}
	buf_byte(json->out, '"');
}

void json_number(struct json *json, uint64_t number)
{
	before_value(json);
	buf_uint(json->out, number);
}

void json_bool(struct json *json, bool value)
{
	before_value(json);
	buf_text(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
	before_value(json);
	buf_text(json->out, "null");
}
