/* write_csv: see write_csv.h.
 *
 *     check        domain,verdict,spf_status,lookups,default,dmarc_status,applied_policy,location,findings
 *     lint, diff   domain,file,line,column,name,type,rule,severity,message
 *
 * RFC 4180: lines end with CR LF; a cell with a comma, a quote or a line end stands in quotes, and quotes in
 * it are doubled. What is unknown or absent is an empty cell; a temporary failure is told by the word
 * "unknown" (check) or by a line of its own, "incomplete" (lint, diff).
 *
 * Spreadsheets take a cell that begins with "=", "+", "-" or "@" for a formula, and names come from
 * strangers: in such a cell the first byte is written as in a master file, \061 for "=". What undoes these
 * escapes (all other special bytes have them as well) gets the name back.
 */
#include "report/write_csv.h"

#include "base/ascii.h"

#define LINE_END "\r\n"

struct row {
	struct buf *out;
	bool has_cell;
};

static bool needs_quotes(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (ascii_is_one_of(text.ptr[i], ",\"\r\n"))
			return true;
	return false;
}

static void put_bytes(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, text.ptr[i]);
	}
}

/* Text that is escaped already, or made by us. */
static void put_cell(struct row *row, struct slice text)
{
	const char *quote = needs_quotes(text) ? "\"" : "";
	if (row->has_cell)
		buf_byte(row->out, ',');
	row->has_cell = true;
	buf_text(row->out, quote);
	if (text.len > 1 && ascii_is_one_of(text.ptr[0], "=+-@")) {
		buf_printf(row->out, "\\%03u", (unsigned)text.ptr[0]);
		text = slice_from(text, 1);
	}
	put_bytes(row->out, text);
	buf_text(row->out, quote);
}

static void put_word(struct row *row, const char *word)
{
	put_cell(row, word == NULL ? SLICE("") : slice_cstr(word));
}

static void put_number(struct row *row, size_t number)
{
	put_cell(row, SLICE(""));
	buf_uint(row->out, number);
}

static void put_number_or_nothing(struct row *row, size_t number)
{
	if (number > 0)
		put_number(row, number);
	else
		put_cell(row, SLICE(""));
}

static void end_row(struct row *row)
{
	buf_text(row->out, LINE_END);
	row->has_cell = false;
}

/* --- a line a domain ------------------------------------------------------------------------------ */

static void put_spf(struct row *row, const struct verdict_spf *spf)
{
	bool has_record = spf->tree->root->record != NULL;
	put_word(row, section_status_text(spf->status));
	if (has_record)
		put_number(row, spf->tree->lookups);
	else
		put_cell(row, SLICE(""));
	put_word(row,
		has_record && spf->tree->default_known ? spf_result_text(spf->tree->default_result) : NULL);
}

static void put_dmarc(struct row *row, struct arena *scratch, const struct verdict_dmarc *dmarc)
{
	const struct dmarc_discovery *discovery = &dmarc->discovery;
	bool selected = discovery->found != NULL && discovery->policies.applies && !discovery->temporary;
	put_word(row, section_status_text(dmarc->status));
	put_word(row, selected ? dmarc_policy_text(discovery->applied) : NULL);
	put_cell(row, name_is_none(dmarc->location) ? SLICE("") : name_text(scratch, dmarc->location));
}

/* Each rule once, in the order of the findings. */
static void put_rules(struct row *row, const struct findings *findings)
{
	bool told[RULE_COUNT + 1] = {false};
	struct buf *out = row->out;
	bool any = false;
	put_cell(row, SLICE(""));
	for (size_t i = 0; i < findings->count; i++) {
		enum rule_id rule = findings->items[i].rule;
		if (told[rule])
			continue;
		told[rule] = true;
		if (any)
			buf_byte(out, ' ');
		any = true;
		buf_text(out, rule_get(rule)->id);
	}
}

static void put_bad_line(struct row *row, struct arena *scratch, const struct verdict *verdict)
{
	put_cell(row, ascii_escape(scratch, verdict->input));
	put_word(row, "error");
	for (int i = 0; i < 7; i++)
		put_cell(row, SLICE(""));
	end_row(row);
}

static void write_verdict(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct verdict *verdict)
{
	struct row row = {.out = out};
	if (verdict->error.len > 0) {
		put_bad_line(&row, scratch, verdict);
		return;
	}
	if (options->quiet && verdict->level == VERDICT_PASS)
		return;
	put_cell(&row, name_text(scratch, verdict->domain));
	put_word(&row, verdict_level_text(verdict->level));
	put_spf(&row, &verdict->spf);
	put_dmarc(&row, scratch, &verdict->dmarc);
	put_rules(&row, &verdict->findings);
	end_row(&row);
}

/* --- a line a finding ----------------------------------------------------------------------------- */

static struct slice file_text(struct arena *scratch, struct slice file)
{
	return file.len == 0 ? file : report_item_file_text(scratch, file);
}

static void put_finding(
	struct row *row, struct arena *scratch, const struct report_item *item, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	put_cell(row, item->subject);
	put_cell(row, file_text(scratch, place->file));
	put_number_or_nothing(row, place->line);
	put_number_or_nothing(row, place->column);
	put_cell(row, place->name);
	put_cell(row, place->type);
	put_word(row, rule_get(finding->rule)->id);
	put_word(row, severity_text(finding->severity));
	put_cell(row, report_item_message(scratch, item, finding));
	end_row(row);
}

/* A line about the whole item. */
static void put_other(struct row *row, struct arena *scratch, const struct report_item *item,
	struct slice name, struct slice type, const char *rule, const char *level, struct slice message)
{
	put_cell(row, item->subject);
	put_cell(row, file_text(scratch, item->file));
	put_number_or_nothing(row, item->line);
	put_cell(row, SLICE(""));
	put_cell(row, name);
	put_cell(row, type);
	put_word(row, rule);
	put_word(row, level);
	put_cell(row, message);
	end_row(row);
}

static void write_item(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct report_item *item)
{
	struct row row = {.out = out};
	if (!report_item_is_shown(options, item))
		return;
	if (item->error.len > 0)
		put_other(&row, scratch, item, SLICE(""), SLICE(""), REPORT_ITEM_BAD_INPUT, "error",
			item->error);
	for (size_t i = 0; i < item->findings->count; i++) {
		struct arena_mark mark = arena_mark(scratch);
		put_finding(&row, scratch, item, &item->findings->items[i]);
		arena_rewind(scratch, mark);
	}
	for (size_t i = 0; i < item->incomplete_count; i++) {
		const struct answer *answer = item->incomplete[i];
		put_other(&row, scratch, item, name_text(scratch, answer->question.name),
			rrtype_text(scratch, answer->question.type), REPORT_ITEM_INCOMPLETE, "warning",
			report_item_failure(scratch, answer));
	}
}

/* --- around --------------------------------------------------------------------------------------- */

static void begin(struct buf *out, const struct writer_options *options)
{
	buf_text(out, options->domains ? "domain,verdict,spf_status,lookups,default,dmarc_status,"
					 "applied_policy,location,findings" LINE_END
				       : "domain,file,line,column,name,type,rule,severity,message" LINE_END);
}

static void nothing(struct buf *out, const struct writer_options *options)
{
	(void)out;
	(void)options;
}

const struct writer write_csv_writer = {
	.name = "csv",
	.begin = begin,
	.between = nothing,
	.verdict = write_verdict,
	.end = nothing,
	.item = write_item,
};
