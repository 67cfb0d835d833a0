/* write_diff_text: a comparison for people, at most 80 columns wide.
 *
 *     example.com  DENIED (widen): 256 more IPv4 addresses pass; new: 1 warning
 *
 *     SPF    pass          +256 IPv4 addresses
 *                          + 198.51.100.0/24
 *            softfail      -256 IPv4 addresses
 *                          - 198.51.100.0/24
 *     DMARC  policy        reject -> none (weaker)
 *
 *     www.example.com  no effect on mail
 */
#include "report/write_diff_body.h"
#include "report/write_diff_formats.h"
#include "report/write_diff_words.h"

static int size_of(struct slice text)
{
	return (int)text.len;
}

/* --- a domain ------------------------------------------------------------------------------------- */

/* True when there is nothing to compare: a name that was mistyped, perhaps. */
static bool has_no_record(const struct diff_side *side)
{
	return side->spf_status == STATUS_NONE && side->dmarc_status == STATUS_NONE;
}

/* Records that read differently although nobody who acts on them sees a difference, or none. */
static const char *respelled(const struct diff *diff)
{
	if (has_no_record(diff->before) && has_no_record(diff->after))
		return " (there is no SPF or DMARC record on either side)";
	bool spf = !slice_equal(diff->before->spf_place.record, diff->after->spf_place.record);
	bool dmarc = !slice_equal(diff->before->dmarc_place.record, diff->after->dmarc_place.record);
	if (spf && dmarc)
		return " (the SPF and the DMARC record are written differently)";
	if (spf)
		return " (the SPF record is written differently)";
	return dmarc ? " (the DMARC record is written differently)" : "";
}

/* What stands behind the domain, and its colour. */
static struct slice headline(const struct text *text, const struct diff *diff, enum text_style *style)
{
	struct slice summary = write_diff_words_summary(text, diff);
	struct slice words = SLICE("no effect on mail");
	*style = diff->on_mail ? TEXT_WARNING : TEXT_GOOD;
	if (diff->denied != 0) {
		struct slice denials = write_diff_words_denials(text, diff->denied);
		words = arena_printf(text->arena, "DENIED (%.*s)", size_of(denials), denials.ptr);
		*style = TEXT_BAD;
	} else if (diff->on_mail) {
		words = SLICE("CHANGED");
	} else if (diff_is_incomplete(diff)) {
		words = SLICE("INCOMPLETE: not everything can be compared for now");
		*style = TEXT_WARNING;
	} else if (!diff->changed) {
		return arena_printf(text->arena, "no effect on mail%s", respelled(diff));
	}
	bool has_colon = diff->on_mail || diff->denied != 0;
	return write_diff_words_join(text, words, has_colon ? ": " : "; ", summary);
}

static bool is_long(const struct diff *diff)
{
	return diff->changed || diff->denied != 0 || diff_is_incomplete(diff);
}

static void put_headline(const struct text *text, const struct diff *diff)
{
	enum text_style style;
	struct slice domain = text_name(text, diff->domain);
	struct slice rest = headline(text, diff, &style);
	size_t used = text_width(domain) + 2;
	if (used + text_width(rest) <= text->width) {
		text_styled(text, TEXT_STRONG, domain);
		text_line(text, style, SLICE("  "), rest);
		return;
	}
	text_wrap(text, TEXT_STRONG, SLICE(""), SLICE(""), domain);
	text_wrap(text, style, SLICE("  "), SLICE("  "), rest);
}

static void write_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct text text;
	text_init(&text, run->out, scratch, run->options);
	bool is_long_one = is_long(diff);
	if (run->options->quiet && !is_long_one)
		return;
	if (run->written++ > 0 && (is_long_one || run->last_was_long))
		text_newline(&text);
	put_headline(&text, diff);
	if (is_long_one)
		write_diff_body(&text, &run->seen, diff);
	run->last_was_long = is_long_one;
}

static void write_end(struct write_diff_run *run, struct arena *scratch)
{
	const struct write_diff_total *total = &run->total;
	struct text text;
	text_init(&text, run->out, scratch, run->options);
	if (run->options->quiet || total->domains == 0)
		return;
	text_newline(&text);
	enum text_style style = total->denied > 0			 ? TEXT_BAD
				: total->on_mail + total->incomplete > 0 ? TEXT_WARNING
									 : TEXT_GOOD;
	text_wrap(&text, style, SLICE(""), text_blanks(&text, 2), write_diff_words_total(&text, total));
	if (run->options->verbose && total->parts > 0)
		text_wrap(&text, TEXT_FAINT, SLICE(""), text_blanks(&text, 2),
			arena_printf(scratch, "%zu more %s part of the records above", total->parts,
				total->parts == 1 ? "is" : "are"));
}

const struct write_diff write_diff_text_format = {"text", NULL, write_domain, write_end, NULL};
