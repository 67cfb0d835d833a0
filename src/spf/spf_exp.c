/* spf_exp: see spf_exp.h (RFC 7208 6.2). */
#include "spf/spf_exp.h"

#include "base/ascii.h"

/* The only text record at the target; false: none, several, or DNS failed. There is no version and no
 * selection here. */
static bool fetch_text(struct spf_evaluation *e, struct slice target, struct slice *out)
{
	struct name name;
	if (name_from_text(e->arena, target, &name) != NAME_OK)
		return false;
	const struct answer *answer = view_get(e->view, name, RRTYPE_TXT);
	if (answer->kind != ANSWER_RECORDS || answer->count != 1 || answer->records[0].malformed)
		return false;
	*out = answer->records[0].data.txt.joined;
	return true;
}

/* US-ASCII only, and nothing that would end a reply line. */
static bool is_printable(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_visible(text.ptr[i]) && text.ptr[i] != ' ')
			return false;
	return true;
}

bool spf_exp_text(struct spf_evaluation *e, struct slice target, struct slice domain, struct slice *out)
{
	struct slice text, expansion;
	struct macro_values values;
	struct findings ignored;
	char missing;
	if (!fetch_text(e, target, &text) || !is_printable(text))
		return false;
	findings_init(&ignored, e->arena);
	const struct macro_string *macro =
		macro_parse(e->arena, text, span_of(0, text.len), MACRO_EXPLANATION, &ignored);
	if (!macro->valid)
		return false;
	spf_evaluation_values(e, domain, true, &values);
	if (macro_uses(macro, 'p'))
		values.validated = spf_evaluation_validated(e, domain);
	/* 64 KiB of macros can expand to megabytes: such a text is nobody's explanation (RFC 7208 6.2
	 * allows a limit). */
	struct arena_mark mark = arena_mark(e->arena);
	bool known = macro_expand(e->arena, macro, &values, &expansion, &missing);
	if (!known || expansion.len > SPF_EXP_MAX_BYTES) {
		arena_rewind(e->arena, mark);
		return false;
	}
	/* A HELO or a local-part can bring in bytes that the text itself may not have (RFC 7208 11.5.2). */
	if (!is_printable(expansion))
		return false;
	*out = expansion;
	return true;
}
