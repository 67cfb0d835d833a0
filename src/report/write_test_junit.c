/* write_test_junit: expectations as JUnit's XML: a case for each, failed ones as failures, those that a
 * temporary failure hides as errors.
 *
 *     <testcase classname="example.com" name="example.com dmarc reject" file=".mailauth" line="7">
 *       <failure type="dmarc" message="expected reject: got none (...)">.mailauth:7:1: ...</failure>
 */
#include "report/write_test.h"
#include "report/xml.h"

#include "base/ascii.h"

/* "expected reject: got none (p=none at _dmarc.example.com)" */
static struct slice message_of(struct arena *scratch, const struct write_test_result *result)
{
	return arena_printf(scratch, "expected %.*s: %.*s", (int)result->expected.len, result->expected.ptr,
		(int)result->message.len, result->message.ptr);
}

static void put_outcome(
	struct buf *out, struct arena *scratch, const char *element, const struct write_test_result *result)
{
	struct slice file = ascii_escape(scratch, result->file);
	struct slice message = message_of(scratch, result);
	buf_printf(out, "      <%s", element);
	xml_attribute(out, "type",
		result->status == WRITE_TEST_UNKNOWN ? SLICE("incomplete") : slice_cstr(result->subject));
	xml_attribute(out, "message", message);
	buf_byte(out, '>');
	xml_text(out, arena_printf(scratch, "%.*s:%zu:%zu: %.*s", (int)file.len, file.ptr, result->line,
			      result->column, (int)message.len, message.ptr));
	buf_printf(out, "</%s>\n", element);
}

static void put_case(struct buf *out, struct arena *scratch, const struct write_test_result *result)
{
	buf_text(out, "    <testcase");
	xml_attribute(out, "classname", name_text(scratch, result->domain));
	xml_attribute(out, "name", ascii_escape(scratch, result->text));
	xml_attribute(out, "file", ascii_escape(scratch, result->file));
	xml_attribute_number(out, "line", result->line);
	buf_text(out, result->status == WRITE_TEST_OK ? "/>\n" : ">\n");
	if (result->status == WRITE_TEST_OK)
		return;
	put_outcome(out, scratch, result->status == WRITE_TEST_FAILED ? "failure" : "error", result);
	buf_text(out, "    </testcase>\n");
}

void write_test_junit(struct buf *out, struct arena *scratch, const struct write_test_report *report)
{
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mailauth\">\n"
		      "  <testsuite name=\"mailauth test\"");
	xml_attribute_number(out, "tests", report->count);
	xml_attribute_number(out, "failures", report->failed);
	xml_attribute_number(out, "errors", report->unknown);
	xml_attribute_number(out, "skipped", 0);
	buf_text(out, ">\n");
	for (size_t i = 0; i < report->count; i++) {
		struct arena_mark mark = arena_mark(scratch);
		put_case(out, scratch, &report->results[i]);
		arena_rewind(scratch, mark);
	}
	buf_text(out, "  </testsuite>\n</testsuites>\n");
}
