/* lint_stream: see lint_stream.h. Lines are looked at in the buffer; it moves when the rest of it has no
 * whole record. */
#include "lint/lint_stream.h"

#include <errno.h>
#include <unistd.h>

#include "base/ascii.h"

void lint_stream_open(struct lint_stream *stream, struct arena *arena, int fd)
{
	*stream = (struct lint_stream){.fd = fd, .line = 1, .buffer = arena_alloc(arena, LINT_STREAM_BUFFER)};
}

bool lint_stream_open_text(struct lint_stream *stream, struct arena *arena, struct slice text)
{
	lint_stream_open(stream, arena, -1);
	if (text.len > LINT_STREAM_BUFFER)
		return false;
	if (text.len > 0)
		memcpy(stream->buffer, text.ptr, text.len);
	stream->end = text.len;
	stream->ended = true;
	return true;
}

/* More bytes behind those that are there. False: there are none, or no room for them, or reading failed. */
static bool fill(struct lint_stream *stream)
{
	if (stream->ended || stream->error != 0)
		return false;
	if (stream->start > 0) {
		memmove(stream->buffer, stream->buffer + stream->start, stream->end - stream->start);
		stream->end -= stream->start;
		stream->start = 0;
	}
	if (stream->end == LINT_STREAM_BUFFER)
		return false;
	ssize_t got;
	do
		got = read(stream->fd, stream->buffer + stream->end, LINT_STREAM_BUFFER - stream->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		stream->error = errno;
	else if (got == 0)
		stream->ended = true;
	else
		stream->end += (size_t)got;
	return got > 0;
}

static struct slice rest_of(const struct lint_stream *stream)
{
	return slice_of(stream->buffer + stream->start, stream->end - stream->start);
}

/* Length of the line that begins `from` bytes behind the start, with its line end. False: it does not fit
 * into the buffer. */
static bool find_line(struct lint_stream *stream, size_t from, size_t *len)
{
	size_t looked = from;
	for (;;) {
		struct slice rest = rest_of(stream);
		size_t end = slice_find(rest, '\n', looked);
		if (end < rest.len) {
			*len = end + 1 - from;
			return true;
		}
		looked = rest.len;
		if (fill(stream))
			continue;
		*len = rest.len - from;
		return stream->ended || stream->error != 0;
	}
}

static void take(struct lint_stream *stream, size_t len)
{
	stream->start += len;
}

/* Passes over the rest of a line that is too long. */
static void skip_line(struct lint_stream *stream)
{
	for (;;) {
		struct slice rest = rest_of(stream);
		size_t end = slice_find(rest, '\n', 0);
		take(stream, end < rest.len ? end + 1 : rest.len);
		if (end < rest.len || !fill(stream))
			break;
	}
	stream->line++;
}

/* A blank line, or a comment. */
static bool is_empty_line(struct slice line)
{
	size_t at = 0;
	while (at < line.len && (ascii_is_wsp(line.ptr[at]) || line.ptr[at] == '\r' || line.ptr[at] == '\n'))
		at++;
	return at == line.len || line.ptr[at] == ';';
}

static bool begins_string(struct slice line)
{
	struct slice trimmed = slice_trim(line);
	return trimmed.len > 0 && trimmed.ptr[0] == '"';
}

/* A zone file given as a list of records would be read wrongly: names, TTLs and the like are not of this
 * kind. */
static bool is_directive(struct slice line)
{
	return slice_starts_nocase(line, SLICE("$ORIGIN")) || slice_starts_nocase(line, SLICE("$TTL")) ||
	       slice_starts_nocase(line, SLICE("$INCLUDE"));
}

/* Parentheses that `line` opens, less those it closes; not those in strings and comments. A string ends
 * on its own line. */
static long open_parentheses(struct slice line)
{
	bool quoted = false;
	long open = 0;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];
		if (c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == ';')
			break;
		else if (!quoted && (c == '(' || c == ')'))
			open += c == '(' ? 1 : -1;
	}
	return open;
}

/* Adds the lines that belong to the record that begins with *len bytes. False: they are too long. */
static bool add_lines(struct lint_stream *stream, struct arena *arena, size_t *len, size_t *lines)
{
	struct arena_mark mark = arena_mark(arena);
	bool goes_on = lint_unwrap_goes_on(arena, slice_head(rest_of(stream), *len));
	arena_rewind(arena, mark);
	long depth = goes_on ? open_parentheses(slice_head(rest_of(stream), *len)) : 0;
	bool by_strings = goes_on && depth <= 0; /* nslookup: strings, each on a line, behind a blank one */
	size_t more;
	while (by_strings || depth > 0) {
		if (!find_line(stream, *len, &more))
			return false;
		struct slice line = slice_at(rest_of(stream), span_of(*len, more));
		if (more == 0 || (by_strings && !is_empty_line(line) && !begins_string(line)))
			break;
		*len += more;
		(*lines)++;
		depth += open_parentheses(line);
	}
	return true;
}

static enum lint_stream_status bad(struct lint_stream_item *out, const char *why)
{
	out->why = why;
	return LINT_STREAM_BAD;
}

/* The record in `len` bytes of `lines` lines. */
static enum lint_stream_status take_record(struct lint_stream *stream, struct arena *arena, size_t len,
	size_t lines, struct lint_stream_item *out)
{
	out->lines = slice_head(rest_of(stream), len);
	take(stream, len);
	stream->line += lines;
	if (slice_find(out->lines, '\0', 0) < out->lines.len) {
		stream->start = stream->end;
		stream->ended = true;
		return bad(out, "a NUL byte: this is a binary file, not a list of records");
	}
	if (is_directive(out->lines))
		return bad(out, "a directive of a zone file; '--zone FILE' reads those");
	lint_unwrap(arena, slice_without_line_end(out->lines), &out->paste);
	if (out->paste.text.len > LINT_STREAM_MAX_RECORD)
		return bad(out, "the record is longer than 65535 bytes");
	return LINT_STREAM_RECORD;
}

enum lint_stream_status lint_stream_next(
	struct lint_stream *stream, struct arena *arena, struct lint_stream_item *out)
{
	for (;;) {
		size_t len, lines = 1;
		*out = (struct lint_stream_item){.line = stream->line};
		bool fits = find_line(stream, 0, &len);
		if (stream->error != 0)
			return LINT_STREAM_FAILED;
		if (fits && len == 0)
			return LINT_STREAM_END;
		if (!fits) {
			skip_line(stream);
			return bad(out, "the line is longer than 65535 bytes");
		}
		if (is_empty_line(slice_head(rest_of(stream), len))) {
			take(stream, len);
			stream->line++;
			continue;
		}
		if (!add_lines(stream, arena, &len, &lines)) {
			take(stream, len);
			stream->line += lines;
			return bad(out, "the record is longer than 65535 bytes");
		}
		enum lint_stream_status status = take_record(stream, arena, len, lines, out);
		if (status != LINT_STREAM_RECORD || out->paste.kind == LINT_PASTE_RECORD)
			return status;
	}
}
