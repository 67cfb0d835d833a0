/* macro_parse: see macro_parse.h. The grammar of RFC 7208 7.1:
 *
 *     macro-string = *( macro-expand / macro-literal )
 *     macro-expand = ( "%{" macro-letter *DIGIT [ "r" ] *delimiter "}" ) / "%%" / "%_" / "%-"
 *
 * A broken expansion is one finding, whatever is wrong in it: the first thing that cannot be read.
 */
#include "macro/macro_parse.h"

#include "base/ascii.h"

#define KEEP_MAX                                                                                             \
	255 /* parts of a name are never more: larger numbers keep all (RFC 7208 7.3 asks for 127 at least) */

#define LONGEST_PARENTHESIS 10 /* bytes of "(ir)" that are shown as one mistake */

struct macro_parser {
	struct slice text;
	size_t at, end; /* what is left to read */
	enum macro_mode mode;
	struct findings *findings;
	bool valid;
	struct macro_piece *pieces;
	size_t count, capacity;
	struct arena *arena;
};

static const struct slice letters = {"slodiphcrtv", 11};
static const struct slice delimiters = {".-+,/_=", 7};

static bool is_one_of(struct slice set, char c)
{
	return slice_find(set, c, 0) < set.len;
}

static struct macro_piece *add_piece(struct macro_parser *parser, enum macro_piece_kind kind, size_t start)
{
	parser->pieces = arena_grow(
		parser->arena, parser->pieces, parser->count, &parser->capacity, sizeof *parser->pieces);
	struct macro_piece *piece = &parser->pieces[parser->count++];
	*piece = (struct macro_piece){.kind = kind, .span = span_of(start, parser->at - start)};
	return piece;
}

static struct finding *report(
	struct macro_parser *parser, enum rule_id rule, enum detail detail, struct span span)
{
	struct finding *finding = findings_add_at(parser->findings, rule, span);
	finding->detail = detail;
	finding->args[0] = slice_at(parser->text, span);
	return finding;
}

static void refuse(struct macro_parser *parser, enum detail detail, size_t start)
{
	parser->valid = false;
	report(parser, RULE_SPF_MACRO_SYNTAX, detail, span_of(start, parser->at - start));
}

/* Bytes that may stand for themselves: %x21-24 / %x26-7E, in explanations SP too. RFC 7208 7.1, 6.2 */
static bool is_literal(const struct macro_parser *parser, char c)
{
	return (ascii_is_visible(c) && c != '%') || (c == ' ' && parser->mode == MACRO_EXPLANATION);
}

static void parse_literal(struct macro_parser *parser)
{
	size_t start = parser->at;
	while (parser->at < parser->end && is_literal(parser, parser->text.ptr[parser->at]))
		parser->at++;
	add_piece(parser, MACRO_LITERAL, start);
}

/* A control character or an octet above 126: one finding for a run of them. */
static void parse_foreign(struct macro_parser *parser)
{
	size_t start = parser->at;
	while (parser->at < parser->end && parser->text.ptr[parser->at] != '%' &&
		!is_literal(parser, parser->text.ptr[parser->at]))
		parser->at++;
	bool is_blank = parser->at == start + 1 && parser->text.ptr[start] == ' ';
	refuse(parser, is_blank ? DETAIL_MACRO_BLANK : DETAIL_MACRO_FOREIGN_BYTE, start);
}

/* Reads *DIGIT. Saturates: "at least 127" (RFC 7208 7.3), without overflow for any length. */
static void parse_keep(struct macro_parser *parser, struct macro_piece *piece)
{
	for (; parser->at < parser->end && ascii_is_digit(parser->text.ptr[parser->at]); parser->at++) {
		piece->has_keep = true;
		piece->keep = piece->keep * 10 + (unsigned)(parser->text.ptr[parser->at] - '0');
		if (piece->keep > KEEP_MAX)
			piece->keep = KEEP_MAX;
	}
}

/* Reads transformers and delimiters behind the letter. */
static void parse_transformers(struct macro_parser *parser, struct macro_piece *piece)
{
	parse_keep(parser, piece);
	if (parser->at < parser->end && ascii_lower(parser->text.ptr[parser->at]) == 'r') {
		piece->reverse = true;
		parser->at++;
	}
	size_t start = parser->at;
	while (parser->at < parser->end && is_one_of(delimiters, parser->text.ptr[parser->at]))
		parser->at++;
	piece->delimiters = slice_at(parser->text, span_of(start, parser->at - start));
}

/* What stands where "}" should: the expansion is cut, or has a byte too much. Goes on behind the "}" if
 * there is one. */
static enum detail skip_rest(struct macro_parser *parser, enum detail otherwise)
{
	size_t at = parser->at;
	while (at < parser->end && is_literal(parser, parser->text.ptr[at]) && parser->text.ptr[at] != '}' &&
		parser->text.ptr[at] != '{')
		at++;
	bool closed = at < parser->end && parser->text.ptr[at] == '}';
	parser->at = closed ? at + 1 : at;
	return closed ? otherwise : DETAIL_MACRO_UNCLOSED;
}

/* The letter behind "%{"; DETAIL_NONE when it is one. */
static enum detail parse_letter(struct macro_parser *parser, struct macro_piece *piece)
{
	if (parser->at == parser->end)
		return DETAIL_MACRO_UNCLOSED;
	char c = parser->text.ptr[parser->at];
	if (c == '}')
		return DETAIL_MACRO_EMPTY;
	if (!is_one_of(letters, ascii_lower(c)))
		return DETAIL_MACRO_UNKNOWN_LETTER;
	piece->letter = ascii_lower(c);
	piece->url_escape = ascii_is_upper(c);
	parser->at++;
	return DETAIL_NONE;
}

/* c, r and t are for explanation text. RFC 7208 7.2. In the value of an unknown modifier they are
 * grammatical, and never expanded. */
static void judge_letter(struct macro_parser *parser, const struct macro_piece *piece)
{
	if (parser->mode == MACRO_EXPLANATION || !is_one_of(SLICE("crt"), piece->letter))
		return;
	struct finding *finding = report(parser, RULE_SPF_MACRO_EXP_ONLY, DETAIL_NONE, piece->span);
	finding->args[0] = slice_at(parser->text, span_of(piece->span.offset + 2, 1));
	if (parser->mode == MACRO_DOMAIN_SPEC) {
		parser->valid = false;
	} else {
		finding->severity = SEVERITY_WARNING;
		finding_effect_all(finding, EFFECT_SPF_TERM_IGNORED, EFFECT_NONE, EFFECT_NONE);
	}
}

/* Reads "%{...}"; the reader stands behind "%{". */
static void parse_braces(struct macro_parser *parser, size_t start)
{
	struct macro_piece piece = {.kind = MACRO_EXPAND};
	enum detail wrong = parse_letter(parser, &piece);
	if (wrong == DETAIL_NONE)
		parse_transformers(parser, &piece);
	if (wrong == DETAIL_NONE && piece.has_keep && piece.keep == 0)
		wrong = DETAIL_MACRO_ZERO;
	if (wrong == DETAIL_NONE && (parser->at == parser->end || parser->text.ptr[parser->at] != '}'))
		wrong = DETAIL_MACRO_BAD_DELIMITER;
	if (wrong != DETAIL_NONE) {
		wrong = skip_rest(parser, wrong);
		refuse(parser, wrong, start);
		return;
	}
	parser->at++;
	piece.span = span_of(start, parser->at - start);
	*add_piece(parser, MACRO_EXPAND, start) = piece;
	judge_letter(parser, &piece);
}

/* A "%" that begins nothing; "%(i)" and "%i" are shown as far as they go. */
static void parse_lone_percent(struct macro_parser *parser, size_t start)
{
	bool in_parens = parser->at < parser->end && parser->text.ptr[parser->at] == '(';
	if (in_parens) {
		struct slice rest = slice_from(slice_head(parser->text, parser->end), parser->at);
		struct slice word = slice_head(rest, LONGEST_PARENTHESIS);
		size_t close = slice_find(word, ')', 0);
		parser->at += close < word.len ? close + 1 : 1;
	}
	refuse(parser, in_parens ? DETAIL_MACRO_PARENTHESIS : DETAIL_MACRO_LONE_PERCENT, start);
}

static void parse_percent(struct macro_parser *parser)
{
	size_t start = parser->at++;
	char next = parser->at < parser->end ? parser->text.ptr[parser->at] : '\0';
	static const struct {
		char byte;
		enum macro_piece_kind kind;
	} simple[] = {{'%', MACRO_PERCENT}, {'_', MACRO_SPACE}, {'-', MACRO_URL_SPACE}};
	for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
		if (next == simple[i].byte) {
			parser->at++;
			add_piece(parser, simple[i].kind, start);
			return;
		}
	}
	if (next != '{') {
		parse_lone_percent(parser, start);
		return;
	}
	parser->at++;
	parse_braces(parser, start);
}

const struct macro_string *macro_parse(struct arena *arena, struct slice text, struct span span,
	enum macro_mode mode, struct findings *findings)
{
	struct macro_parser parser = {
		.text = text,
		.at = span.offset,
		.end = span_end(span),
		.mode = mode,
		.findings = findings,
		.valid = true,
		.arena = arena,
	};
	while (parser.at < parser.end) {
		char c = text.ptr[parser.at];
		if (c == '%')
			parse_percent(&parser);
		else if (is_literal(&parser, c))
			parse_literal(&parser);
		else
			parse_foreign(&parser);
	}
	struct macro_string *macro = arena_alloc(arena, sizeof *macro);
	*macro = (struct macro_string){
		.text = text,
		.span = span,
		.valid = parser.valid,
		.pieces = parser.pieces,
		.count = parser.count,
	};
	return macro;
}

bool macro_uses(const struct macro_string *macro, char letter)
{
	for (size_t i = 0; i < macro->count; i++)
		if (macro->pieces[i].kind == MACRO_EXPAND && macro->pieces[i].letter == letter)
			return true;
	return false;
}
