/* write_diff_items: a comparison in the formats that list findings (gcc, github, sarif, junit, csv): the
 * changes of a domain and what is newly found, worst first. What was fixed is nothing to be shown at a line.
 */
#include "report/write_diff_formats.h"

static void begin(struct write_diff_run *run, struct arena *scratch)
{
	(void)scratch;
	const struct writer *writer = writer_get(writer_find(slice_cstr(run->format->name)));
	document_init(&run->document, writer, run->options);
}

static void add_all(struct findings *to, const struct findings *from)
{
	for (size_t i = 0; i < from->count; i++)
		*findings_add(to, from->items[i].rule) = from->items[i];
}

/* Both lists are sorted; a change comes before what is found because of it. */
static void collect(const struct diff *diff, struct findings *out)
{
	static const enum severity levels[] = {SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO};
	struct findings all;
	findings_init(&all, out->arena);
	add_all(&all, &diff->changes);
	add_all(&all, &diff->new_findings);
	for (size_t l = 0; l < sizeof levels / sizeof levels[0]; l++)
		for (size_t i = 0; i < all.count; i++)
			if (all.items[i].severity == levels[l])
				*findings_add(out, all.items[i].rule) = all.items[i];
}

static void collect_failures(struct arena *arena, const struct diff *diff, struct report_item *item)
{
	const struct diff_side *sides[] = {diff->before, diff->after};
	size_t count = 0;
	const struct answer **failures =
		arena_alloc(arena, (sides[0]->incomplete_count + sides[1]->incomplete_count + 1) *
					   sizeof(const struct answer *));
	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < sides[s]->incomplete_count; i++)
			failures[count++] = sides[s]->incomplete[i];
	item->incomplete = failures;
	item->incomplete_count = count;
}

/* From which level on a finding fails the run: as --deny has decided for the domain. */
static enum severity fail_on(const struct diff *diff)
{
	if (diff->denied == 0)
		return SEVERITY_OFF;
	return (diff->denied & DIFF_DENY_NEW_WARNINGS) != 0 ? SEVERITY_WARNING : SEVERITY_ERROR;
}

static void write_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct writer_options options = *run->options;
	struct findings findings;
	struct buf one;
	findings_init(&findings, scratch);
	collect(diff, &findings);
	struct report_item item = report_item_of_findings(&findings);
	item.subject = name_text(scratch, diff->domain);
	collect_failures(scratch, diff, &item);
	if (diff_is_incomplete(diff) && item.level != VERDICT_FAIL)
		item.level = VERDICT_UNKNOWN;
	options.fail_on = fail_on(diff);
	buf_init(&one);
	run->document.writer->item(&one, scratch, &options, &item);
	document_add(&run->document, run->out, buf_slice(&one), true);
	run->out->failed = run->out->failed || one.failed;
	buf_free(&one);
}

static bool write_findings(struct write_diff_run *run, struct arena *scratch, const struct findings *findings)
{
	return document_add_findings(&run->document, run->out, scratch, findings);
}

static void end(struct write_diff_run *run, struct arena *scratch)
{
	(void)scratch;
	document_end(&run->document, run->out);
	document_free(&run->document);
}

const struct write_diff write_diff_item_formats[WRITE_DIFF_ITEM_FORMATS] = {
	{"csv", begin, write_domain, end, write_findings},
	{"sarif", begin, write_domain, end, write_findings},
	{"junit", begin, write_domain, end, write_findings},
	{"github", begin, write_domain, end, write_findings},
	{"gcc", begin, write_domain, end, write_findings},
};
