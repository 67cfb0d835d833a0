/* write_diff_items: a comparison in the formats that list findings (gcc, github, sarif, junit, csv): the
 * changes of a domain and what is newly found, worst first. What was fixed is nothing to be shown at a line.
 *
 * csv and junit have a place of their own for each domain and are written as they come. The others show
 * lines of files: a record that fifty domains share is shown once, with all of them. How many they are is
 * known at the end, so what is to be shown is kept until then.
 */
#include "inspect/diff_copy.h"
#include "report/write_diff_formats.h"

/* What is shown of a domain, in the arena of the run. */
struct write_diff_held {
	struct report_item item;
	struct findings findings;
	struct write_diff_seen_item **seen; /* of each of them */
	enum severity fail_on;
	struct write_diff_held *next;
};

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

static bool has_failure(const struct answer *const *failures, size_t count, const struct answer *answer)
{
	for (size_t i = 0; i < count; i++)
		if (failures[i]->question.type == answer->question.type &&
			name_equal(failures[i]->question.name, answer->question.name))
			return true;
	return false;
}

/* What both sides lack is told once. */
static void collect_failures(struct arena *arena, const struct diff *diff, struct report_item *item)
{
	const struct diff_side *before = diff->before, *after = diff->after;
	size_t count = 0;
	const struct answer **failures = arena_alloc(arena,
		(before->incomplete_count + after->incomplete_count + 1) * sizeof(const struct answer *));
	for (size_t i = 0; i < before->incomplete_count; i++)
		failures[count++] = before->incomplete[i];
	for (size_t i = 0; i < after->incomplete_count; i++)
		if (!has_failure(before->incomplete, before->incomplete_count, after->incomplete[i]))
			failures[count++] = after->incomplete[i];
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

static struct report_item item_of(
	struct arena *arena, const struct diff *diff, const struct findings *findings)
{
	struct report_item item = report_item_of_findings(findings);
	item.subject = name_text(arena, diff->domain);
	collect_failures(arena, diff, &item);
	if (diff_is_incomplete(diff) && item.level != VERDICT_FAIL)
		item.level = VERDICT_UNKNOWN;
	return item;
}

static void write_item(struct write_diff_run *run, struct arena *scratch, const struct report_item *item,
	enum severity least)
{
	struct writer_options options = *run->options;
	struct buf one;
	options.fail_on = least;
	buf_init(&one);
	run->document.writer->item(&one, scratch, &options, item);
	document_add(&run->document, run->out, buf_slice(&one), true);
	run->out->failed = run->out->failed || one.failed;
	buf_free(&one);
}

static void write_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct findings findings;
	findings_init(&findings, scratch);
	collect(diff, &findings);
	const struct report_item item = item_of(scratch, diff, &findings);
	write_item(run, scratch, &item, fail_on(diff));
}

/* --- equal findings once -------------------------------------------------------------------------- */

/* What several domains lack is told with the first of them. */
static void keep_failures(
	struct write_diff_run *run, struct arena *scratch, const struct diff *diff, struct report_item *item)
{
	size_t count = 0;
	const struct answer **failures =
		arena_alloc(&run->arena, (item->incomplete_count + 1) * sizeof(const struct answer *));
	for (size_t i = 0; i < item->incomplete_count; i++) {
		bool is_new;
		write_diff_seen_note_text(
			&run->seen, diff->domain, report_item_failure(scratch, item->incomplete[i]), &is_new);
		if (is_new)
			failures[count++] = answer_copy(&run->arena, item->incomplete[i]);
	}
	item->incomplete = failures;
	item->incomplete_count = count;
}

/* Those of `all` that no earlier domain had. */
static void take_new(struct write_diff_run *run, struct arena *scratch, const struct diff *diff,
	const struct findings *all, struct write_diff_held *held)
{
	struct findings fresh;
	findings_init(&fresh, scratch);
	held->seen = arena_alloc(&run->arena, (all->count + 1) * sizeof *held->seen);
	for (size_t i = 0; i < all->count; i++) {
		bool is_new;
		held->seen[fresh.count] =
			write_diff_seen_note(&run->seen, scratch, diff->domain, &all->items[i], &is_new);
		if (is_new)
			*findings_add(&fresh, all->items[i].rule) = all->items[i];
	}
	struct diff_copy *copy = arena_alloc(scratch, sizeof *copy);
	diff_copy_init(copy, &run->arena, scratch);
	diff_copy_findings(copy, &fresh, &held->findings);
}

static void hold_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct findings all;
	findings_init(&all, scratch);
	collect(diff, &all);
	if (all.count == 0 && !diff_is_incomplete(diff))
		return;
	struct write_diff_held *held = arena_alloc(&run->arena, sizeof *held);
	*held = (struct write_diff_held){.fail_on = fail_on(diff)};
	take_new(run, scratch, diff, &all, held);
	held->item = item_of(&run->arena, diff, &held->findings);
	keep_failures(run, scratch, diff, &held->item);
	if (held->findings.count == 0 && held->item.incomplete_count == 0)
		return;
	*run->held_end = held;
	run->held_end = &held->next;
}

static void write_held(struct write_diff_run *run, struct arena *scratch)
{
	for (struct write_diff_held *held = run->held; held != NULL; held = held->next) {
		struct arena_mark mark = arena_mark(scratch);
		size_t count = held->findings.count;
		struct slice *also = arena_alloc(scratch, (count + 1) * sizeof *also);
		for (size_t i = 0; i < count; i++)
			also[i] = write_diff_seen_text(scratch, held->seen[i]);
		held->item.findings = &held->findings;
		held->item.also = also;
		write_item(run, scratch, &held->item, held->fail_on);
		arena_rewind(scratch, mark);
	}
	run->held = NULL;
	run->held_end = &run->held;
}

static bool write_findings(struct write_diff_run *run, struct arena *scratch, const struct findings *findings)
{
	write_held(run, scratch);
	return document_add_findings(&run->document, run->out, scratch, findings);
}

static void end(struct write_diff_run *run, struct arena *scratch)
{
	write_held(run, scratch);
	document_end(&run->document, run->out);
	document_free(&run->document);
}

const struct write_diff write_diff_item_formats[WRITE_DIFF_ITEM_FORMATS] = {
	{"csv", begin, write_domain, end, write_findings},
	{"sarif", begin, hold_domain, end, write_findings},
	{"junit", begin, write_domain, end, write_findings},
	{"github", begin, hold_domain, end, write_findings},
	{"gcc", begin, hold_domain, end, write_findings},
};
