/* write_diff: see write_diff.h. */
#include "report/write_diff.h"

#include "report/write_diff_formats.h"

const char write_diff_denials[] = "widen weaken lookups new-errors new-warnings";

static const struct write_diff *const formats[] = {
	&write_diff_text_format,
	&write_diff_json_format,
	&write_diff_json_lines_format,
	&write_diff_markdown_format,
};

const char *write_diff_denial_text(enum diff_denial denial)
{
	switch (denial) {
	case DIFF_DENY_WIDEN:
		return "widen";
	case DIFF_DENY_WEAKEN:
		return "weaken";
	case DIFF_DENY_LOOKUPS:
		return "lookups";
	case DIFF_DENY_NEW_ERRORS:
		return "new-errors";
	case DIFF_DENY_NEW_WARNINGS:
		return "new-warnings";
	}
	return "";
}

const struct write_diff *write_diff_find(struct slice name)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (slice_equal(name, slice_cstr(formats[i]->name)))
			return formats[i];
	for (size_t i = 0; i < WRITE_DIFF_ITEM_FORMATS; i++)
		if (slice_equal(name, slice_cstr(write_diff_item_formats[i].name)))
			return &write_diff_item_formats[i];
	return NULL;
}

void write_diff_begin(struct write_diff_run *run, struct arena *scratch, const struct write_diff *format,
	struct buf *out, const struct writer_options *options, struct slice before, struct slice after)
{
	*run = (struct write_diff_run){
		.format = format, .out = out, .options = options, .before = before, .after = after};
	arena_init(&run->arena, scratch->escape);
	run->seen.arena = &run->arena;
	run->held_end = &run->held;
	if (format->begin != NULL)
		format->begin(run, scratch);
}

void write_diff_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct write_diff_total *total = &run->total;
	total->domains++;
	total->on_mail += diff->on_mail;
	total->changed += diff->changed;
	total->incomplete += diff_is_incomplete(diff);
	total->denied += diff->denied != 0;
	total->same += !diff->changed && diff->denied == 0 && !diff_is_incomplete(diff);
	total->denials |= diff->denied;
	run->format->domain(run, scratch, diff);
}

bool write_diff_findings(struct write_diff_run *run, struct arena *scratch, const struct findings *findings)
{
	return run->format->findings != NULL && run->format->findings(run, scratch, findings);
}

void write_diff_end(struct write_diff_run *run, struct arena *scratch)
{
	if (run->format->end != NULL)
		run->format->end(run, scratch);
	arena_free(&run->arena);
}
