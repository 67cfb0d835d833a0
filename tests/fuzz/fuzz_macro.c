/* Fuzz target for macro_parse and macro_expand: the first byte chooses the mode, the rest is the macro
 * string. */
#include "macro/macro_expand.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Pieces lie side by side in the text; a broken string has a finding. */
static void check_macro(const struct macro_string *macro, const struct findings *findings)
{
	size_t at = macro->span.offset;
	for (size_t i = 0; i < macro->count; i++) {
		const struct macro_piece *piece = &macro->pieces[i];
		assert(piece->span.offset >= at && piece->span.len > 0);
		assert(!macro->valid || piece->span.offset == at);
		assert(piece->kind != MACRO_EXPAND || !piece->has_keep || piece->keep > 0);
		at = span_end(piece->span);
	}
	assert(at <= span_end(macro->span));
	assert(!macro->valid || at == span_end(macro->span));
	assert(macro->valid || findings->count > 0);
	for (size_t i = 0; i < findings->count; i++)
		assert(span_end(findings->items[i].span) <= span_end(macro->span));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum macro_mode modes[] = {MACRO_DOMAIN_SPEC, MACRO_EXPLANATION, MACRO_VALUE};
	static const struct ip ip = {.family = IP_V6, .bytes = {0x20, 0x01, 0x0d, 0xb8}};
	struct escape escape = {0};
	struct arena arena;
	arena_init(&arena, &escape);
	if (size == 0 || setjmp(escape.env) != 0)
		return 0;
	struct slice text = slice_of((const char *)data + 1, size - 1);
	struct findings findings;
	findings_init(&findings, &arena);
	const struct macro_string *macro =
		macro_parse(&arena, text, span_of(0, text.len), modes[data[0] % 3], &findings);
	check_macro(macro, &findings);
	struct macro_values values = {.sender = SLICE("a.b-c@d.example"),
		.local_part = SLICE("a.b-c"),
		.sender_domain = SLICE("d.example"),
		.domain = SLICE("..x."),
		.helo = text,
		.ip = &ip};
	struct slice out;
	char missing = '\0';
	if (macro->valid && text.len < 2000 && macro_expand(&arena, macro, &values, &out, &missing))
		assert(macro_name(out).len <= out.len);
	arena_free(&arena);
	return 0;
}
