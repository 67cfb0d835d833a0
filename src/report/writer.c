/* writer: see writer.h. */
#include "report/writer.h"

#include "report/write_csv.h"
#include "report/write_gcc.h"
#include "report/write_github.h"
#include "report/write_json.h"
#include "report/write_junit.h"
#include "report/write_sarif.h"
#include "report/write_text.h"

static const struct writer *const writers[FORMAT_COUNT] = {
	[FORMAT_TEXT] = &write_text_writer,
	[FORMAT_JSON] = &write_json_writer,
	[FORMAT_JSONL] = &write_json_lines_writer,
	[FORMAT_SARIF] = &write_sarif_writer,
	[FORMAT_JUNIT] = &write_junit_writer,
	[FORMAT_GITHUB] = &write_github_writer,
	[FORMAT_GCC] = &write_gcc_writer,
	[FORMAT_CSV] = &write_csv_writer,
};

const struct writer *writer_get(enum writer_format format)
{
	return writers[format];
}

enum writer_format writer_find(struct slice name)
{
	int format = 0;
	while (format < FORMAT_COUNT && !slice_equal(name, slice_cstr(writers[format]->name)))
		format++;
	return (enum writer_format)format;
}

void writer_put_verdict(const struct writer *writer, struct buf *out, struct arena *scratch,
	const struct writer_options *options, const struct verdict *verdict)
{
	if (writer->verdict != NULL) {
		writer->verdict(out, scratch, options, verdict);
		return;
	}
	struct report_item item = report_item_of_verdict(scratch, verdict);
	if (options->input_file != NULL && verdict->error.len > 0)
		item.file = slice_cstr(options->input_file);
	writer->item(out, scratch, options, &item);
}
