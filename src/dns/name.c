/* name: domain names in wire form; see name.h. */
#include "dns/name.h"

#include "base/ascii.h"

/* A name being put together; `error` is the first one. */
struct builder {
	char wire[NAME_MAX_WIRE];
	size_t len;   /* bytes before the label that is being written */
	size_t label; /* bytes of that label */
	bool keeps_case;
	enum name_error error;
};

static void put_byte(struct builder *b, char byte)
{
	if (b->error != NAME_OK)
		return;
	if (b->label == NAME_MAX_LABEL) {
		b->error = NAME_LABEL_TOO_LONG;
		return;
	}
	/* The length byte of this label and the root's zero have to fit as well. */
	if (b->len + 1 + b->label + 1 >= NAME_MAX_WIRE) {
		b->error = NAME_TOO_LONG;
		return;
	}
	b->wire[b->len + 1 + b->label++] = b->keeps_case ? byte : ascii_lower(byte);
}

static void end_label(struct builder *b)
{
	if (b->error != NAME_OK)
		return;
	if (b->label == 0) {
		b->error = NAME_EMPTY_LABEL;
		return;
	}
	b->wire[b->len] = (char)b->label;
	b->len += 1 + b->label;
	b->label = 0;
}

static enum name_error finish_wire(struct arena *arena, struct builder *b, struct slice *out)
{
	if (b->error != NAME_OK)
		return b->error;
	b->wire[b->len++] = 0;
	*out = arena_copy(arena, slice_of(b->wire, b->len));
	return NAME_OK;
}

static enum name_error finish(struct arena *arena, struct builder *b, struct name *out)
{
	struct slice wire;
	enum name_error error = finish_wire(arena, b, &wire);
	if (error == NAME_OK)
		*out = (struct name){wire.ptr, wire.len};
	return error;
}

static bool is_root_text(struct slice text)
{
	return text.len == 0 || (text.len == 1 && text.ptr[0] == '.');
}

enum name_error name_from_text(struct arena *arena, struct slice text, struct name *out)
{
	struct builder b = {0};
	if (is_root_text(text))
		return finish(arena, &b, out);
	if (text.ptr[text.len - 1] == '.')
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '.')
			end_label(&b);
		else
			put_byte(&b, text.ptr[i]);
	}
	end_label(&b);
	return finish(arena, &b, out);
}

static void put_master(struct builder *b, struct slice text)
{
	if (is_root_text(text))
		return;
	while (text.len > 0 && b->error == NAME_OK) {
		char byte = text.ptr[0];
		text = slice_from(text, 1);
		if (byte == '.')
			end_label(b);
		else if (byte == '\\' && !ascii_read_escape(&text, &byte))
			b->error = NAME_BAD_ESCAPE;
		else
			put_byte(b, byte);
	}
	if (b->label > 0)
		end_label(b);
}

enum name_error name_from_master(struct arena *arena, struct slice text, struct name *out)
{
	struct builder b = {0};
	put_master(&b, text);
	return finish(arena, &b, out);
}

enum name_error name_wire_from_master(struct arena *arena, struct slice text, struct slice *out)
{
	struct builder b = {.keeps_case = true};
	put_master(&b, text);
	return finish_wire(arena, &b, out);
}

struct name name_from_wire(struct arena *arena, struct slice wire)
{
	char *copy = arena_alloc(arena, wire.len);
	/* Length bytes are at most 63, below 'A': lower-casing every byte leaves them alone. */
	for (size_t i = 0; i < wire.len; i++)
		copy[i] = ascii_lower(wire.ptr[i]);
	return (struct name){copy, wire.len};
}

/* Bytes that mean something in master files (RFC 1035 5.1). */
static bool is_special(char byte)
{
	static const char special[] = {'"', '$', '(', ')', ';', '@'};
	return memchr(special, byte, sizeof special) != NULL;
}

static void add_text_byte(char *out, size_t *used, char byte)
{
	if (byte == '.' || byte == '\\') {
		out[(*used)++] = '\\';
		out[(*used)++] = byte;
	} else if (ascii_is_visible(byte) && !is_special(byte)) {
		out[(*used)++] = byte;
	} else {
		unsigned char value = (unsigned char)byte;
		out[(*used)++] = '\\';
		out[(*used)++] = (char)('0' + value / 100);
		out[(*used)++] = (char)('0' + value / 10 % 10);
		out[(*used)++] = (char)('0' + value % 10);
	}
}

struct slice name_text(struct arena *arena, struct name name)
{
	if (name_is_none(name) || name_is_root(name))
		return SLICE(".");
	char *out = arena_alloc(arena, name.len * 4 + 1);
	size_t used = 0;
	for (; !name_is_root(name); name = name_parent(name)) {
		struct slice label = name_first_label(name);
		if (used > 0)
			out[used++] = '.';
		for (size_t i = 0; i < label.len; i++)
			add_text_byte(out, &used, label.ptr[i]);
	}
	return slice_of(out, used);
}

struct slice name_bytes(struct arena *arena, struct name name)
{
	char *out = arena_alloc(arena, name.len);
	size_t used = 0;
	for (; name.len > 1; name = name_parent(name)) {
		struct slice label = name_first_label(name);
		if (used > 0)
			out[used++] = '.';
		memcpy(out + used, label.ptr, label.len);
		used += label.len;
	}
	return slice_of(out, used);
}

bool name_is_none(struct name name)
{
	return name.len == 0;
}

bool name_is_root(struct name name)
{
	return name.len == 1;
}

int name_compare(struct name a, struct name b)
{
	return slice_compare(slice_of(a.wire, a.len), slice_of(b.wire, b.len));
}

int name_compare_hierarchy(struct name a, struct name b)
{
	size_t a_labels = name_labels(a), b_labels = name_labels(b);
	size_t most = a_labels < b_labels ? a_labels : b_labels;
	for (size_t i = 1; i <= most; i++) {
		int order = slice_compare(
			name_first_label(name_suffix(a, i)), name_first_label(name_suffix(b, i)));
		if (order != 0)
			return order;
	}
	return (a_labels > b_labels) - (a_labels < b_labels);
}

bool name_equal(struct name a, struct name b)
{
	return name_compare(a, b) == 0;
}

struct slice name_first_label(struct name name)
{
	if (name.len <= 1)
		return slice_of(NULL, 0);
	return slice_of(name.wire + 1, (size_t)(unsigned char)name.wire[0]);
}

struct name name_parent(struct name name)
{
	if (name.len <= 1)
		return name;
	size_t skip = 1 + (size_t)(unsigned char)name.wire[0];
	return (struct name){name.wire + skip, name.len - skip};
}

size_t name_labels(struct name name)
{
	size_t count = 0;
	for (; name.len > 1; name = name_parent(name))
		count++;
	return count;
}

struct name name_suffix(struct name name, size_t count)
{
	for (size_t labels = name_labels(name); labels > count; labels--)
		name = name_parent(name);
	return name;
}

bool name_is_within(struct name name, struct name ancestor)
{
	return name_equal(name_suffix(name, name_labels(ancestor)), ancestor);
}

static void put_name(struct builder *b, struct name name)
{
	for (; name.len > 1; name = name_parent(name)) {
		struct slice label = name_first_label(name);
		for (size_t i = 0; i < label.len; i++)
			put_byte(b, label.ptr[i]);
		end_label(b);
	}
}

enum name_error name_join(struct arena *arena, struct name first, struct name name, struct name *out)
{
	struct builder b = {0};
	put_name(&b, first);
	put_name(&b, name);
	return finish(arena, &b, out);
}

enum name_error name_prepend(struct arena *arena, struct slice prefix, struct name name, struct name *out)
{
	struct name first;
	enum name_error error = name_from_text(arena, prefix, &first);
	return error != NAME_OK ? error : name_join(arena, first, name, out);
}
