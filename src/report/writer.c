/* writer: see writer.h. */
#include "report/writer.h"

#include "report/write_json.h"
#include "report/write_text.h"

static const struct writer *const writers[FORMAT_COUNT] = {
	[FORMAT_TEXT] = &write_text_writer,
	[FORMAT_JSON] = &write_json_writer,
	[FORMAT_JSONL] = &write_json_lines_writer,
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
