/* write_text: see write_text.h.
 *
 *     example.com  FAIL: 1 error
 *
 *     SPF    ...
 *     DMARC  ...
 *
 *     error[spf-unknown-mechanism]: ...
 */
#include "report/write_text.h"

#include "dns/idn.h"
#include "report/text.h"
#include "report/text_dmarc.h"
#include "report/text_finding.h"
#include "report/text_spf.h"

static const struct {
	const char *word;
	const char *meaning;
	enum text_style style;
} levels[] = {
	[VERDICT_PASS] = {"PASS", "no mistakes found", TEXT_GOOD},
	[VERDICT_WARN] = {"WARN", "it works, but something should be changed", TEXT_WARNING},
	[VERDICT_FAIL] = {"FAIL", "something is broken or dangerous", TEXT_BAD},
	[VERDICT_UNKNOWN] = {"UNKNOWN", "not everything could be looked up, so this is not final",
		TEXT_WARNING},
};

/* "example.com", or "xn--bcher-kva.example (b\u00fccher.example)" where that can be shown. */
static struct slice domain_text(const struct text *text, struct name domain)
{
	struct slice ascii = name_text(text->arena, domain);
	struct slice unicode = idn_to_unicode(text->arena, ascii);
	if (!text->options->unicode || slice_equal(ascii, unicode))
		return text_shown(text, ascii);
	unicode = text_raw(text, unicode);
	return arena_printf(
		text->arena, "%.*s (%.*s)", (int)ascii.len, ascii.ptr, (int)unicode.len, unicode.ptr);
}

/* The domain, the word, the number of findings, and what the word means: on one line where they fit. */
static void put_headline(const struct text *text, const struct verdict *verdict)
{
	struct slice domain = domain_text(text, verdict->domain);
	struct slice counts = text_finding_counts(text, &verdict->findings);
	struct slice meaning = slice_cstr(levels[verdict->level].meaning);
	struct slice word = slice_cstr(levels[verdict->level].word);
	struct slice rest = counts.len == 0 ? meaning
					    : arena_printf(text->arena, "%.*s; %.*s", (int)counts.len,
						      counts.ptr, (int)meaning.len, meaning.ptr);
	size_t used = text_width(domain) + 2 + word.len + 2;
	bool fits = used + text_width(rest) <= text->width;
	if (used + text_width(counts) > text->width)
		text_wrap(text, TEXT_STRONG, SLICE(""), SLICE(""), domain);
	else
		text_styled(text, TEXT_STRONG, domain);
	buf_text(text->out, "  ");
	text_styled(text, levels[verdict->level].style, word);
	if (fits || counts.len > 0)
		text_line(text, TEXT_PLAIN, SLICE(": "), fits ? rest : counts);
	else
		text_newline(text);
	if (!fits)
		text_line(text, TEXT_PLAIN, SLICE("  "), meaning);
}

static void put_bad_line(const struct text *text, const struct verdict *verdict)
{
	struct slice input = text_raw(text, verdict->input);
	struct slice error = text_shown(text, verdict->error);
	struct slice line = verdict->input_line == 0
				    ? SLICE("")
				    : arena_printf(text->arena, " (line %zu)", verdict->input_line);
	text_wrap(text, TEXT_BAD, SLICE(""), SLICE("  "),
		arena_printf(text->arena, "%.*s%.*s: not checked: %.*s", (int)input.len, input.ptr,
			(int)line.len, line.ptr, (int)error.len, error.ptr));
}

/* What was asked, and how old the public suffix list is. */
static void put_cost(const struct text *text, const struct verdict *verdict)
{
	const struct verdict_cost *cost = &verdict->cost;
	struct slice questions = text_count(text, cost->queries, "question", "questions");
	struct slice line = arena_printf(text->arena, "%.*s, %zu of them shared with other domains",
		(int)questions.len, questions.ptr, cost->from_cache);
	if (cost->elapsed_ms >= 0)
		line = arena_printf(text->arena, "%.*s; %lld ms", (int)line.len, line.ptr, cost->elapsed_ms);
	text_newline(text);
	text_labelled(text, TEXT_FAINT, 0, "DNS", TEXT_BODY, line);
	struct slice day = psl_day(text->arena, verdict->psl_time);
	if (day.len > 0)
		text_labelled(text, TEXT_FAINT, 0, "", TEXT_BODY,
			arena_printf(text->arena, "public suffix list of %.*s", (int)day.len, day.ptr));
}

static void put_verdict(const struct text *text, const struct verdict *verdict)
{
	put_headline(text, verdict);
	text_newline(text);
	text_spf(text, &verdict->spf, verdict->domain);
	text_newline(text);
	text_dmarc(text, &verdict->dmarc, verdict->domain);
	text_finding_incomplete(text, verdict->incomplete, verdict->incomplete_count, false);
	text_finding_list(text, &verdict->findings);
	if (text->options->verbose)
		put_cost(text, verdict);
}

static void write_verdict(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct verdict *verdict)
{
	struct text text;
	text_init(&text, out, scratch, options);
	if (verdict->error.len > 0)
		put_bad_line(&text, verdict);
	else if (!options->quiet || verdict->level != VERDICT_PASS)
		put_verdict(&text, verdict);
}

static void nothing(struct buf *out, const struct writer_options *options)
{
	(void)out;
	(void)options;
}

static void blank_line(struct buf *out, const struct writer_options *options)
{
	(void)options;
	buf_byte(out, '\n');
}

const struct writer write_text_writer = {
	.name = "text",
	.begin = nothing,
	.between = blank_line,
	.verdict = write_verdict,
	.end = nothing,
};
