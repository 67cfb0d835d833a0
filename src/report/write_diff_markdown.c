/* write_diff_markdown: a comparison as Markdown for a comment in a review (GitHub, GitLab, Gitea).
 *
 *     ### mailauth: 3 domains compared: ...
 *
 *     | domain | effect on mail |
 *     |---|---|
 *     | <code>example.com</code> | **denied: widen**: 256 more IPv4 addresses pass |
 *
 *     <details><summary><code>example.com</code></summary>
 *
 *     ```text
 *     SPF    pass          +256 IPv4 addresses
 *     ```
 *     </details>
 *
 * What is denied comes first. Text from DNS stands only in <code>, with every byte that means something to
 * Markdown or HTML as an entity, or in a block whose fence is longer than any run of backticks in it: no
 * markup, no mention of a person comes out of it. A comment has a largest size: details, then rows of the
 * table are left out when they would pass it, and that is said.
 */
#include "base/ascii.h"
#include "report/write_diff_body.h"
#include "report/write_diff_formats.h"
#include "report/write_diff_words.h"

#define MAX_BYTES  ((size_t)60000) /* of the page; GitHub takes 65536 */
#define MAX_ROWS   ((size_t)20000) /* of the table */
#define MAX_SAME   20		   /* names without a change that are listed */
#define MIN_FENCE  3
#define CODE_WIDTH 100

/* Shown text as it may stand in a cell of a table or a summary. */
static void put_code(struct buf *out, struct slice shown)
{
	buf_text(out, "<code>");
	for (size_t i = 0; i < shown.len; i++) {
		char byte = shown.ptr[i];
		bool plain =
			ascii_is_alnum(byte) || (unsigned char)byte >= 0x80 || ascii_is_one_of(byte, ".- ");
		if (plain)
			buf_byte(out, byte);
		else
			buf_printf(out, "&#%u;", (unsigned)(unsigned char)byte);
	}
	buf_text(out, "</code>");
}

/* --- details --------------------------------------------------------------------------------------- */

static size_t longest_run(struct slice text, char byte)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < text.len; i++) {
		run = text.ptr[i] == byte ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void put_block(struct buf *out, struct slice text)
{
	size_t fence = longest_run(text, '`') + 1;
	fence = fence < MIN_FENCE ? MIN_FENCE : fence;
	buf_repeat(out, '`', fence);
	buf_text(out, "text\n");
	buf_add(out, text);
	buf_repeat(out, '`', fence);
	buf_byte(out, '\n');
}

static void put_details(struct buf *out, struct arena *scratch, const struct writer_options *options,
	struct write_diff_seen *seen, const struct diff *diff)
{
	const struct writer_options plain = {.unicode = options->unicode, .width = CODE_WIDTH};
	struct buf body;
	struct text text;
	buf_init(&body);
	text_init(&text, &body, scratch, &plain);
	write_diff_body(&text, seen, diff);
	buf_text(out, "\n<details><summary>");
	put_code(out, text_name(&text, diff->domain));
	buf_text(out, "</summary>\n\n");
	put_block(out, slice_from(buf_slice(&body), 1)); /* without the empty line */
	buf_text(out, "\n</details>\n");
	out->failed = out->failed || body.failed;
	buf_free(&body);
}

/* --- rows ------------------------------------------------------------------------------------------- */

static void put_row(struct buf *out, const struct text *text, const struct diff *diff)
{
	struct slice summary = write_diff_words_summary(text, diff);
	struct slice denials = write_diff_words_denials(text, diff->denied);
	buf_text(out, "| ");
	put_code(out, text_name(text, diff->domain));
	buf_text(out, " | ");
	if (diff->denied != 0)
		buf_printf(out, "**denied: %.*s**: ", (int)denials.len, denials.ptr);
	else if (!diff->on_mail && !diff_is_incomplete(diff))
		buf_text(out, "no effect on mail; ");
	buf_add(out, summary);
	if (diff_is_incomplete(diff))
		buf_printf(out, "%snot everything could be compared for now", summary.len > 0 ? "; " : "");
	buf_text(out, " |\n");
}

static void add_same(struct write_diff_run *run, const struct text *text, const struct diff *diff)
{
	struct write_diff_pages *pages = &run->pages;
	if (pages->same_shown == MAX_SAME)
		return;
	if (pages->same_shown++ > 0)
		buf_text(&pages->same, ", ");
	put_code(&pages->same, text_name(text, diff->domain));
}

/* Moves what `one` holds to the end of `to`; false when there is no room below `limit` for it. */
static bool move(struct buf *to, struct buf *one, size_t used, size_t limit)
{
	bool fits = used + one->len <= limit;
	if (fits)
		buf_add(to, buf_slice(one));
	to->failed = to->failed || one->failed;
	buf_free(one);
	return fits;
}

static void begin(struct write_diff_run *run, struct arena *scratch)
{
	(void)scratch;
	struct write_diff_pages *pages = &run->pages;
	buf_init(&pages->denied_rows);
	buf_init(&pages->rows);
	buf_init(&pages->denied_details);
	buf_init(&pages->details);
	buf_init(&pages->same);
}

static void write_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct write_diff_pages *pages = &run->pages;
	bool denied = diff->denied != 0;
	struct text text;
	struct buf row, details;
	buf_init(&row);
	buf_init(&details);
	text_init(&text, &row, scratch, run->options);
	if (!diff->changed && !denied && !diff_is_incomplete(diff)) {
		add_same(run, &text, diff);
		return;
	}
	put_row(&row, &text, diff);
	put_details(&details, scratch, run->options, &run->seen, diff);
	/* What is denied has a half of its own, so that nothing before it in the list takes its place. */
	struct buf *rows = denied ? &pages->denied_rows : &pages->rows;
	struct buf *list = denied ? &pages->denied_details : &pages->details;
	if (!move(rows, &row, rows->len, MAX_ROWS / 2))
		pages->rows_left_out++;
	if (!move(list, &details, list->len, (MAX_BYTES - MAX_ROWS) / 2))
		pages->details_left_out++;
}

/* --- the page ---------------------------------------------------------------------------------------- */

static void put_table(struct write_diff_run *run)
{
	struct write_diff_pages *pages = &run->pages;
	if (pages->denied_rows.len + pages->rows.len == 0)
		return;
	buf_text(run->out, "\n| domain | what changes |\n|---|---|\n");
	buf_add(run->out, buf_slice(&pages->denied_rows));
	buf_add(run->out, buf_slice(&pages->rows));
	if (pages->rows_left_out > 0)
		buf_printf(run->out, "| and %zu more | left out here: `mailauth diff` shows them |\n",
			pages->rows_left_out);
}

static void put_all_details(struct write_diff_run *run)
{
	struct write_diff_pages *pages = &run->pages;
	buf_add(run->out, buf_slice(&pages->denied_details));
	buf_add(run->out, buf_slice(&pages->details));
	if (pages->details_left_out > 0)
		buf_printf(run->out, "\nDetails of %zu more are left out here: `mailauth diff` shows them.\n",
			pages->details_left_out);
}

static void put_same(struct write_diff_run *run)
{
	const struct write_diff_pages *pages = &run->pages;
	const struct write_diff_total *total = &run->total;
	if (run->options->quiet || pages->same_shown == 0)
		return;
	size_t same = total->same;
	buf_text(run->out, "\nNo effect on mail: ");
	buf_add(run->out, buf_slice(&pages->same));
	if (same > pages->same_shown)
		buf_printf(run->out, " and %zu more", same - pages->same_shown);
	buf_text(run->out, "\n");
}

static bool any_failed(const struct write_diff_pages *pages)
{
	return pages->denied_rows.failed || pages->rows.failed || pages->denied_details.failed ||
	       pages->details.failed || pages->same.failed;
}

static void end(struct write_diff_run *run, struct arena *scratch)
{
	struct write_diff_pages *pages = &run->pages;
	struct text text;
	text_init(&text, run->out, scratch, run->options);
	struct slice total = write_diff_words_total(&text, &run->total);
	buf_printf(run->out, "### mailauth: %.*s\n", (int)total.len, total.ptr);
	put_table(run);
	put_all_details(run);
	put_same(run);
	run->out->failed = run->out->failed || any_failed(pages);
	buf_free(&pages->denied_rows);
	buf_free(&pages->rows);
	buf_free(&pages->denied_details);
	buf_free(&pages->details);
	buf_free(&pages->same);
}

const struct write_diff write_diff_markdown_format = {"markdown", begin, write_domain, end, NULL};
