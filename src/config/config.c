/* config: the configuration file, line by line; see config.h and mailauth-config(5).
 *
 *     a line --clean--> without comment and line end --keyword--> the function that reads such lines
 *
 * `#` begins a comment at the start of a line and between blanks; so reasons may hold "ticket #42".
 */
#include "config/config.h"

#include "base/ascii.h"
#include "config/config_expect.h"
#include "config/config_rule.h"
#include "config/config_suppress.h"

#define MAX_LINE 4096 /* bytes */

struct reader {
	struct arena *arena;
	struct config_option *options;
	size_t option_count, option_capacity;
	struct suppression *suppressions;
	size_t suppression_count, suppression_capacity;
	struct config_expectation *expectations;
	size_t expectation_count, expectation_capacity;
};

/* --- kinds of lines ------------------------------------------------------------------------------ */

static bool add_option(struct reader *reader, struct config_line *line, struct config_word name,
	struct config_word value, bool has_value)
{
	reader->options = arena_grow(reader->arena, reader->options, reader->option_count,
		&reader->option_capacity, sizeof *reader->options);
	reader->options[reader->option_count++] = (struct config_option){.name = name.text,
		.value = value.text,
		.has_value = has_value,
		.place = config_line_place(line, name.offset),
		.value_place = config_line_place(line, value.offset)};
	return true;
}

static bool read_fail_on(struct reader *reader, struct config_line *line, struct config_word name)
{
	static const char *const levels[] = {"error", "warning", "info", "never"};
	struct config_word level = config_line_next(line);
	size_t index;
	return config_line_choose(line, level, "level", levels, sizeof levels / sizeof levels[0], &index) &&
	       config_line_end(line, "fail-on LEVEL") && add_option(reader, line, name, level, true);
}

static bool read_ignore(struct reader *reader, struct config_line *line, struct config_word name)
{
	struct config_word word = config_line_next(line);
	enum rule_id rule;
	struct slice glob;
	if (!config_rule_parse(line, word, &rule, &glob) || !config_line_end(line, "ignore RULE[@NAME]"))
		return false;
	if (glob.len > 0)
		word.text = arena_printf(line->arena, "%s@%.*s", rule_get(rule)->id, (int)glob.len, glob.ptr);
	return add_option(reader, line, name, word, true);
}

static bool read_severity(struct reader *reader, struct config_line *line, struct config_word name)
{
	static const char *const levels[] = {"off", "info", "warning", "error"};
	struct config_word word = config_line_next(line);
	size_t equals = slice_find(word.text, '=', 0), index;
	const struct config_word id = {slice_head(word.text, equals), word.offset};
	const struct config_word level = {slice_from(word.text, equals + 1), word.offset + equals + 1};
	enum rule_id rule;
	if (!config_rule_find(line, id, &rule))
		return false;
	if (equals == word.text.len)
		return config_line_fail(line, word.offset + word.text.len,
			arena_printf(
				line->arena, "a level is missing, as in '%s=warning'", rule_get(rule)->id));
	return config_line_choose(line, level, "level", levels, sizeof levels / sizeof levels[0], &index) &&
	       config_line_end(line, "severity RULE=LEVEL") && add_option(reader, line, name, word, true);
}

static bool read_suppress(struct reader *reader, struct config_line *line, struct config_word name)
{
	(void)name;
	reader->suppressions = arena_grow(reader->arena, reader->suppressions, reader->suppression_count,
		&reader->suppression_capacity, sizeof *reader->suppressions);
	return config_suppress_read(line, &reader->suppressions[reader->suppression_count++]);
}

static bool read_expect(struct reader *reader, struct config_line *line, struct config_word name)
{
	(void)name;
	reader->expectations = arena_grow(reader->arena, reader->expectations, reader->expectation_count,
		&reader->expectation_capacity, sizeof *reader->expectations);
	return config_expect_read(line, &reader->expectations[reader->expectation_count++]);
}

static bool read_option(struct reader *reader, struct config_line *line, struct config_word name);

typedef bool read_line(struct reader *reader, struct config_line *line, struct config_word name);

static const char *const keywords[] = {"expect", "fail-on", "ignore", "option", "severity", "suppress"};
static read_line *const readers[] = {
	read_expect, read_fail_on, read_ignore, read_option, read_severity, read_suppress};

#define KEYWORDS (sizeof keywords / sizeof keywords[0])

/* --- option NAME [VALUE] -------------------------------------------------------------------------- */

/* Options that have lines of their own mean the same behind "option". */
static read_line *own_line(struct slice name)
{
	if (slice_equal(name, SLICE("fail-on")))
		return read_fail_on;
	if (slice_equal(name, SLICE("ignore")))
		return read_ignore;
	return slice_equal(name, SLICE("severity")) ? read_severity : NULL;
}

/* "timeout 5s", "timeout=5s", "--timeout=5s": the name, with the line at the value. */
static struct config_word take_option_name(struct config_line *line, bool *has_value)
{
	struct config_word name = config_line_next(line);
	if (slice_starts(name.text, SLICE("--"))) {
		name.text = slice_from(name.text, 2);
		name.offset += 2;
	}
	size_t equals = slice_find(name.text, '=', 0);
	*has_value = equals < name.text.len;
	if (*has_value)
		line->at = name.offset + equals + 1;
	name.text = slice_head(name.text, equals);
	return name;
}

static bool read_option(struct reader *reader, struct config_line *line, struct config_word keyword)
{
	(void)keyword;
	bool has_value;
	struct config_word name = take_option_name(line, &has_value);
	if (name.text.len == 0)
		return config_line_fail(line, name.offset,
			SLICE("the name of an option is missing, as in 'option timeout 5s'"));
	read_line *own = own_line(name.text);
	if (own != NULL)
		return own(reader, line, name);
	struct config_word value = config_line_rest(line);
	return add_option(reader, line, name, value, has_value || value.text.len > 0);
}

/* --- lines ---------------------------------------------------------------------------------------- */

/* Control characters, and those that make a line look like another one (bidirectional controls). */
static bool is_forbidden(uint32_t code)
{
	return (code < 0x20 && code != '\t') || (code >= 0x7f && code <= 0x9f) || code == 0x61c ||
	       code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static bool check_bytes(struct config_line *line)
{
	for (size_t at = 0, step; at < line->text.len; at += step) {
		uint32_t code = ascii_utf8_decode(slice_from(line->text, at), &step);
		struct slice character = slice_at(line->text, span_of(at, step > 0 ? step : 1));
		if (step == 0)
			return config_line_fail(line, at,
				arena_printf(line->arena, "a byte that is not UTF-8: %s",
					config_line_quote(line, character)));
		if (is_forbidden(code))
			return config_line_fail(line, at,
				arena_printf(line->arena, "a control character: %s",
					config_line_quote(line, character)));
	}
	return true;
}

static struct slice without_comment(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '#')
			continue;
		bool first = slice_trim(slice_head(text, i)).len == 0;
		bool apart = first || (ascii_is_wsp(text.ptr[i - 1]) &&
					      (i + 1 == text.len || ascii_is_wsp(text.ptr[i + 1])));
		if (apart)
			return slice_head(text, i);
	}
	return text;
}

static struct slice without_end_blanks(struct slice text)
{
	while (text.len > 0 && ascii_is_wsp(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

static bool read_one_line(struct reader *reader, struct config_line *line)
{
	if (line->text.len > MAX_LINE)
		return config_line_fail(line, MAX_LINE,
			arena_printf(line->arena, "the line is longer than %d bytes", MAX_LINE));
	if (!check_bytes(line))
		return false;
	line->text = without_end_blanks(without_comment(line->text));
	struct config_word keyword = config_line_next(line);
	size_t index;
	if (keyword.text.len == 0)
		return true;
	if (!config_line_choose(line, keyword, "word", keywords, KEYWORDS, &index))
		return false;
	return readers[index](reader, line, keyword);
}

bool config_read(struct arena *arena, struct slice file, struct slice text, struct config *out,
	struct zonefile_error *error)
{
	struct reader reader = {.arena = arena};
	struct config_line line = {.arena = arena, .file = file, .error = error};
	*error = (struct zonefile_error){.place = {.file = file}};
	if (text.len > CONFIG_MAX_BYTES) {
		error->message = SLICE("the file is larger than 1 MiB");
		return false;
	}
	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_from(text, 3);
	for (size_t start = 0, end; start < text.len; start = end + 1) {
		end = slice_find(text, '\n', start);
		line.text = slice_at(text, span_of(start, end - start));
		if (line.text.len > 0 && line.text.ptr[line.text.len - 1] == '\r')
			line.text.len--;
		line.number++;
		line.at = 0;
		if (!read_one_line(&reader, &line))
			return false;
	}
	*out = (struct config){.options = reader.options,
		.option_count = reader.option_count,
		.suppressions = reader.suppressions,
		.suppression_count = reader.suppression_count,
		.expectations = reader.expectations,
		.expectation_count = reader.expectation_count,
		.file = file};
	return true;
}
