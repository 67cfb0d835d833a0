/* write_github: see write_github.h.
 *
 *     ::error file=db.example,line=12,endLine=12,col=20,endColumn=24,title=spf-unknown-mechanism::message
 *
 * In a message "%", CR and LF are written as %25, %0D, %0A; in properties "," and ":" as well. The service
 * shows only the first ten of each level of a step, so all errors of the run come first, then the
 * warnings, then the notices: three parts (writer.h). It knows columns only where all is in one line. When
 * all is well nothing is written.
 */
#include "report/write_github.h"

#include "base/ascii.h"
#include "report/plain_path.h"
#include "report/report_region.h"

enum part { PART_ERRORS, PART_WARNINGS, PART_NOTICES, PARTS };

static const char *const commands[PARTS] = {"error", "warning", "notice"};

/* `special`: bytes of the text that have a meaning where it stands. */
static void put_escaped(struct buf *out, struct slice text, const char *special)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if (byte < 0x20 || ascii_is_one_of(text.ptr[i], special))
			buf_printf(out, "%%%02X", byte);
		else
			buf_byte(out, text.ptr[i]);
	}
}

static void put_data(struct buf *out, struct slice text)
{
	put_escaped(out, text, "%");
}

static void put_property(struct buf *out, const char *name, struct slice value)
{
	buf_printf(out, "%s=", name);
	put_escaped(out, value, "%:,");
}

static void put_number(struct buf *out, const char *name, size_t number)
{
	if (number > 0)
		buf_printf(out, "%s=%zu,", name, number);
}

/* The service compares paths as text with those of the repository. */
static void put_file(struct buf *out, struct arena *scratch, struct slice file)
{
	put_property(out, "file", plain_path(scratch, file));
	buf_byte(out, ',');
}

static void put_region(struct buf *out, struct report_region region)
{
	bool in_one_line = region.end_line == 0 || region.end_line == region.line;
	put_number(out, "line", region.line);
	put_number(out, "endLine", region.end_line);
	if (!in_one_line)
		return;
	put_number(out, "col", region.column);
	put_number(out, "endColumn", region.end_column);
}

static void end_line(struct buf *out)
{
	buf_byte(out, '\n');
	buf_byte(out, WRITER_UNIT_END);
}

/* Where there is no file to show it at, the message says what it is about. */
static void put_name(struct buf *out, struct slice name)
{
	put_data(out, name);
	if (name.len > 0)
		buf_text(out, ": ");
}

static void put_finding(struct buf *out, struct arena *scratch, const struct report_item *item,
	const struct finding *finding, struct report_region_columns *columns)
{
	const struct finding_place *place = &finding->place;
	struct slice fix = report_item_fix(scratch, finding, "\n");
	if (report_item_is_file(place->file)) {
		put_file(out, scratch, place->file);
		put_region(out, report_region_of(columns, finding));
	}
	put_property(out, "title", slice_cstr(rule_get(finding->rule)->id));
	buf_text(out, "::");
	if (!report_item_is_file(place->file))
		put_name(out, place->name.len > 0 ? place->name : report_item_title(scratch, item));
	put_data(out, report_item_message_there(scratch, item, finding));
	if (fix.len > 0)
		put_data(out, SLICE("\n"));
	put_data(out, fix);
	end_line(out);
}

/* About the whole item, of a kind that is no rule. */
static void put_other(struct buf *out, struct arena *scratch, const struct report_item *item, enum part part,
	const char *title, struct slice message)
{
	buf_printf(out, "::%s ", commands[part]);
	if (report_item_is_file(item->file)) {
		put_file(out, scratch, item->file);
		put_number(out, "line", item->line);
	}
	put_property(out, "title", slice_cstr(title));
	buf_text(out, "::");
	if (!report_item_is_file(item->file))
		put_name(out, report_item_title(scratch, item));
	put_data(out, message);
	end_line(out);
}

static enum part part_of(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return PART_ERRORS;
	case SEVERITY_WARNING:
		return PART_WARNINGS;
	case SEVERITY_INFO:
	case SEVERITY_OFF:
		break;
	}
	return PART_NOTICES;
}

/* What hides a part of the truth comes before what is merely not good. */
static void put_others(struct buf *out, struct arena *scratch, const struct report_item *item, enum part part)
{
	if (item->error.len > 0 && part == PART_ERRORS)
		put_other(out, scratch, item, part, REPORT_ITEM_BAD_INPUT, item->error);
	for (size_t i = 0; i < item->incomplete_count && part == PART_WARNINGS; i++)
		put_other(out, scratch, item, part, REPORT_ITEM_INCOMPLETE,
			report_item_failure(scratch, item->incomplete[i]));
}

static void put_part(struct buf *out, struct arena *scratch, const struct report_item *item, enum part part)
{
	struct report_region_columns columns = {.count = 0};
	put_others(out, scratch, item, part);
	for (size_t i = 0; i < item->findings->count; i++) {
		const struct finding *finding = &item->findings->items[i];
		struct arena_mark mark = arena_mark(scratch);
		if (part_of(finding->severity) == part) {
			buf_printf(out, "::%s ", commands[part]);
			put_finding(out, scratch, item, finding, &columns);
		}
		arena_rewind(scratch, mark);
	}
}

static bool says_nothing(const struct report_item *item)
{
	return item->findings->count == 0 && item->incomplete_count == 0 && item->error.len == 0;
}

static void write_item(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct report_item *item)
{
	if (!report_item_is_shown(options, item) || says_nothing(item))
		return;
	for (enum part part = PART_ERRORS; part < PARTS; part++) {
		if (part > 0)
			buf_byte(out, '\0');
		put_part(out, scratch, item, part);
	}
}

static void write_held(struct buf *out, const struct writer_options *options, const struct writer_held *held)
{
	(void)options;
	for (size_t part = PART_WARNINGS; part < PARTS; part++)
		buf_add(out, held->bytes[part]);
	if (held->dropped > 0)
		buf_printf(out, "::warning title=too many findings::%zu more warnings and notices\n",
			held->dropped);
}

static void nothing(struct buf *out, const struct writer_options *options)
{
	(void)out;
	(void)options;
}

const struct writer write_github_writer = {
	.name = "github",
	.begin = nothing,
	.between = nothing,
	.end = nothing,
	.item = write_item,
	.parts = PARTS,
	.units = true,
	.held = write_held,
};
