/* config_line: see config_line.h.
 *
 *     expect example.com dmarc rejcet
 *                              |     .mailauth:7:26: unknown policy 'rejcet'; did you mean 'reject'?
 */
#include "config/config_line.h"

#include "base/ascii.h"
#include "base/nearest.h"

#define MAX_QUOTE 60 /* bytes of the user's text in a message */

struct config_word config_line_next(struct config_line *line)
{
	line->at += ascii_wsp_run(line->text, line->at);
	size_t start = line->at;
	while (line->at < line->text.len && !ascii_is_wsp(line->text.ptr[line->at]))
		line->at++;
	return (struct config_word){slice_at(line->text, span_of(start, line->at - start)), start};
}

struct config_word config_line_rest(struct config_line *line)
{
	size_t start = line->at + ascii_wsp_run(line->text, line->at);
	line->at = line->text.len;
	return (struct config_word){slice_trim(slice_from(line->text, start)), start};
}

struct zonefile_place config_line_place(const struct config_line *line, size_t offset)
{
	return (struct zonefile_place){line->file, line->number, offset + 1};
}

bool config_line_fail(struct config_line *line, size_t offset, struct slice message)
{
	*line->error = (struct zonefile_error){config_line_place(line, offset), message};
	return false;
}

bool config_line_end(struct config_line *line, const char *form)
{
	struct config_word word = config_line_next(line);
	if (word.text.len == 0)
		return true;
	if (word.text.ptr[0] == '#')
		return config_line_fail(
			line, word.offset, SLICE("a comment behind a line is written with a blank: '# why'"));
	return config_line_fail(line, word.offset,
		arena_printf(line->arena, "%s is too much; the line is written '%s'",
			config_line_quote(line, word.text), form));
}

const char *config_line_quote(struct config_line *line, struct slice text)
{
	return ascii_quote(line->arena, text, MAX_QUOTE);
}

const char *config_line_hint(
	struct config_line *line, struct slice text, const char *const *words, size_t count)
{
	const char *near = nearest_meant(line->arena, text, words, count);
	return near == NULL ? "" : arena_printf(line->arena, "; did you mean '%s'?", near).ptr;
}

bool config_line_choose(struct config_line *line, struct config_word word, const char *what,
	const char *const *words, size_t count, size_t *out)
{
	for (*out = 0; *out < count; (*out)++)
		if (slice_equal(word.text, slice_cstr(words[*out])))
			return true;
	const char *list = nearest_list(line->arena, words, count);
	if (word.text.len == 0)
		return config_line_fail(line, line->text.len,
			arena_printf(line->arena, "%s %s is missing: %s", what[0] == 'e' ? "an" : "a", what,
				list));
	const char *hint = config_line_hint(line, word.text, words, count);
	if (hint[0] == '\0')
		hint = arena_printf(line->arena, "; it can be %s", list).ptr;
	return config_line_fail(line, word.offset,
		arena_printf(line->arena, "unknown %s %s%s", what, config_line_quote(line, word.text), hint));
}
