/* report_region: see report_region.h. */
#include "report/report_region.h"

#include "base/ascii.h"

#define MIN_STRIDE 64

/* Steps over one character: two units for one outside the basic plane, one for a byte that is none. */
static struct report_region_point next_point(struct slice text, struct report_region_point point)
{
	size_t len = ascii_utf8_length(slice_from(text, point.bytes));
	point.bytes += len == 0 ? 1 : len;
	point.units += len == 4 ? 2 : 1;
	return point;
}

/* Points all over `text`: the i-th is the first character at or behind i strides. */
static void look_at(struct report_region_columns *columns, struct slice text)
{
	struct report_region_point point = {0, 0};
	columns->text = text;
	columns->stride = text.len / REPORT_REGION_POINTS + MIN_STRIDE;
	columns->count = 0;
	while (point.bytes < text.len) {
		if (point.bytes >= columns->count * columns->stride)
			columns->points[columns->count++] = point;
		point = next_point(text, point);
	}
}

/* Code units of the first `len` bytes of `text`. */
static size_t code_units(struct report_region_columns *columns, struct slice text, size_t len)
{
	struct report_region_point point = {0, 0};
	if (columns->text.ptr != text.ptr || columns->text.len != text.len)
		look_at(columns, text);
	size_t i = len / columns->stride;
	if (i >= columns->count && columns->count > 0)
		i = columns->count - 1;
	if (i < columns->count && columns->points[i].bytes <= len)
		point = columns->points[i];
	else if (i > 0 && i <= columns->count)
		point = columns->points[i - 1];
	while (point.bytes < len)
		point = next_point(text, point);
	return point.units;
}

/* Line `number` of the file, empty: not at hand. The next one
 * that is asked for is mostly near. */
static struct slice file_line(
	struct report_region_columns *columns, const struct finding_place *place, size_t number)
{
	bool is_other = columns->lines.ptr != place->lines.ptr || columns->lines.len != place->lines.len;
	if (number < place->first_line)
		return SLICE("");
	if (is_other || number < columns->line) {
		columns->lines = columns->rest = place->lines;
		columns->line = place->first_line;
	}
	for (; columns->line < number && columns->rest.len > 0; columns->line++)
		columns->rest = slice_from(columns->rest, slice_find(columns->rest, '\n', 0) + 1);
	return slice_head(columns->rest, slice_find(columns->rest, '\n', 0));
}

/* The text of a line; empty: not at hand. Where the line is the record and nothing else, the place may have
 * no copy of it. */
static struct slice line_text(
	struct report_region_columns *columns, const struct finding *finding, size_t number)
{
	const struct finding_place *place = &finding->place;
	size_t offset = finding->has_span ? finding->span.offset : 0;
	if (place->lines.len > 0)
		return file_line(columns, place, number);
	if (number != place->line)
		return SLICE("");
	if (place->source.len > 0)
		return place->source;
	return place->column == offset + 1 ? place->record : SLICE("");
}

/* A column in bytes, as one in code units. */
static size_t convert(
	struct report_region_columns *columns, const struct finding *finding, size_t line, size_t column)
{
	struct slice text = line_text(columns, finding, line);
	if (column == 0 || column - 1 > text.len)
		return column;
	return code_units(columns, text, column - 1) + 1;
}

/* Ends that are not behind their start are left out. */
static struct report_region region(struct report_region_columns *columns, const struct finding *finding,
	size_t line, size_t column, size_t end_line, size_t end_column)
{
	struct report_region region = {.line = line};
	if (line == 0 || column == 0)
		return region;
	region.column = convert(columns, finding, line, column);
	if (end_line < line || end_column == 0)
		return region;
	size_t end = convert(columns, finding, end_line, end_column);
	if (end_line == line && end < region.column)
		return region;
	region.end_line = end_line;
	region.end_column = end;
	return region;
}

/* The end, where only the bytes in the line are known. */
static void guess_end(const struct finding_place *place, size_t *end_line, size_t *end_column)
{
	*end_line = place->end_line;
	*end_column = place->end_column;
	if (*end_line > 0 || place->source.len == 0)
		return;
	*end_line = place->line;
	*end_column = span_end(place->source_span) + 1;
}

struct report_region report_region_of(struct report_region_columns *columns, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	size_t end_line, end_column;
	guess_end(place, &end_line, &end_column);
	return region(columns, finding, place->line, place->column, end_line, end_column);
}

struct report_region report_region_of_edit(
	struct report_region_columns *columns, const struct finding *finding, const struct file_edit *edit)
{
	return region(columns, finding, edit->line, edit->column, edit->end_line, edit->end_column);
}
