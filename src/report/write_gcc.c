/* write_gcc: see write_gcc.h.
 *
 *     db.example:12:20: error: "ipv4" is not an SPF mechanism [spf-unknown-mechanism]
 *     example.com: warning: not known for now: _spf.example.net TXT: no answer in time [incomplete]
 *     domains.txt:3: error: 'a b' is no domain: label 'a b' holds a blank [bad-input]
 *
 * A line a finding. Lines and columns count from 1; columns are bytes. Where there is no file, the name that
 * the finding is about stands in its place.
 */
#include "report/write_gcc.h"

static const char *level_text(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_INFO:
	case SEVERITY_OFF:
		break;
	}
	return "note";
}

/* One line; all text is escaped already. */
static void put_line(struct buf *out, const char *level, struct slice message, const char *rule)
{
	buf_printf(out, ": %s: ", level);
	buf_add(out, message);
	buf_printf(out, " [%s]\n", rule);
	buf_byte(out, WRITER_UNIT_END);
}

static void put_number(struct buf *out, size_t number)
{
	buf_byte(out, ':');
	buf_uint(out, number);
}

/* A line that begins with "::" is a command for services that read logs, and names come from strangers. */
static void put_start(struct buf *out, struct slice text)
{
	bool is_command = slice_starts(text, SLICE("::"));
	buf_text(out, is_command ? "\\058" : "");
	buf_add(out, slice_from(text, is_command ? 1 : 0));
}

static void put_place(
	struct buf *out, struct arena *scratch, const struct report_item *item, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	if (place->file.len == 0) {
		put_start(out, place->name.len > 0 ? place->name : report_item_title(scratch, item));
		return;
	}
	put_start(out, report_item_file_text(scratch, place->file));
	if (place->line > 0)
		put_number(out, place->line);
	if (place->line > 0 && place->column > 0)
		put_number(out, place->column);
}

/* Where a line about the whole item stands. */
static void put_item_place(struct buf *out, struct arena *scratch, const struct report_item *item)
{
	if (item->file.len == 0) {
		put_start(out, report_item_title(scratch, item));
		return;
	}
	put_start(out, report_item_file_text(scratch, item->file));
	if (item->line > 0)
		put_number(out, item->line);
}

static void write_item(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct report_item *item)
{
	if (!report_item_is_shown(options, item))
		return;
	if (item->error.len > 0) {
		put_item_place(out, scratch, item);
		put_line(out, "error", item->error, REPORT_ITEM_BAD_INPUT);
	}
	for (size_t i = 0; i < item->findings->count; i++) {
		const struct finding *finding = &item->findings->items[i];
		struct arena_mark mark = arena_mark(scratch);
		put_place(out, scratch, item, finding);
		put_line(out, level_text(finding->severity),
			report_item_message_there(scratch, item, finding), rule_get(finding->rule)->id);
		arena_rewind(scratch, mark);
	}
	for (size_t i = 0; i < item->incomplete_count; i++) {
		put_item_place(out, scratch, item);
		put_line(out, "warning", report_item_failure(scratch, item->incomplete[i]),
			REPORT_ITEM_INCOMPLETE);
	}
}

static void nothing(struct buf *out, const struct writer_options *options)
{
	(void)out;
	(void)options;
}

const struct writer write_gcc_writer = {
	.name = "gcc",
	.begin = nothing,
	.between = nothing,
	.end = nothing,
	.item = write_item,
	.units = true,
};
