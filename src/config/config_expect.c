/* config_expect: see config_expect.h.
 *
 *     expect DOMAIN spf IP[/LENGTH] [from SENDER] RESULT
 *     expect DOMAIN dmarc none|quarantine|reject|absent
 *     expect DOMAIN lookups|voids <=|<|=|==|>|>= NUMBER
 *     expect DOMAIN verdict pass|warn|fail
 *     expect DOMAIN default RESULT
 */
#include "config/config_expect.h"

#include "base/ascii.h"
#include "dns/idn.h"

#define MAX_NUMBER 1000000

/* In the order of enum spf_result. */
static const char *const results[] = {
	"none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"};

/* In the order of enum dmarc_policy; the last one is CONFIG_NO_POLICY. */
static const char *const policies[] = {"none", "quarantine", "reject", "absent"};

/* In the order of enum verdict_level; "unknown" cannot be wished for. */
static const char *const levels[] = {"pass", "warn", "fail"};

/* The longer ones before those they begin with. */
static const struct {
	const char *text;
	enum config_relation relation;
} relations[] = {
	{"<=", CONFIG_AT_MOST},
	{">=", CONFIG_AT_LEAST},
	{"==", CONFIG_EQUAL},
	{"=", CONFIG_EQUAL},
	{"<", CONFIG_LESS},
	{">", CONFIG_MORE},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* --- parts ---------------------------------------------------------------------------------------- */

static bool read_domain(struct config_line *line, struct config_expectation *out)
{
	struct config_word word = config_line_next(line);
	struct slice ascii;
	if (word.text.len == 0)
		return config_line_fail(line, word.offset,
			SLICE("a domain is missing, as in 'expect example.com dmarc reject'"));
	bool plain = true;
	for (size_t i = 0; i < word.text.len; i++) {
		char c = word.text.ptr[i];
		plain = plain && (ascii_is_alnum(c) || (unsigned char)c >= 0x80 || ascii_is_one_of(c, "-_."));
	}
	if (!plain || idn_to_ascii(line->arena, word.text, &ascii) != IDN_OK ||
		name_from_text(line->arena, ascii, &out->domain) != NAME_OK || name_labels(out->domain) < 2)
		return config_line_fail(line, word.offset,
			arena_printf(line->arena, "%s cannot be a domain name",
				config_line_quote(line, word.text)));
	return true;
}

static bool read_word(struct config_line *line, struct config_word word, const char *what,
	const char *const *words, size_t count, struct config_expectation *out)
{
	size_t index;
	if (!config_line_choose(line, word, what, words, count, &index))
		return false;
	out->value = (unsigned)index;
	return true;
}

/* --- spf ------------------------------------------------------------------------------------------ */

static bool read_network(struct config_line *line, struct prefix *out)
{
	struct config_word word = config_line_next(line);
	size_t slash = slice_find(word.text, '/', 0);
	uint64_t length;
	if (!ip_parse(slice_head(word.text, slash), &out->ip))
		return config_line_fail(line, word.offset,
			word.text.len == 0
				? SLICE("an address is missing, as 192.0.2.1 or 2001:db8::/32")
				: arena_printf(line->arena,
					  "%s is no address and no network, as 192.0.2.1 or 2001:db8::/32",
					  config_line_quote(line, word.text)));
	out->length = ip_bits(out->ip.family);
	if (slash < word.text.len) {
		if (!ascii_parse_uint(slice_from(word.text, slash + 1), out->length, &length))
			return config_line_fail(line, word.offset + slash + 1,
				arena_printf(line->arena,
					"the length of this network is a number from 0 to %u",
					(unsigned)out->length));
		out->length = (unsigned char)length;
	}
	*out = prefix_masked(prefix_unmapped(*out));
	return true;
}

static bool read_sender(struct config_line *line, struct slice *out)
{
	struct config_word word = config_line_next(line);
	*out = word.text;
	if (word.text.len == 0)
		return config_line_fail(
			line, word.offset, SLICE("a sender is missing behind 'from', as user@example.com"));
	if (slice_equal(word.text, SLICE("<>")) || slice_find(word.text, '.', 0) == word.text.len)
		return config_line_fail(line, word.offset,
			arena_printf(line->arena, "%s is no sender; one is written as user@example.com",
				config_line_quote(line, word.text)));
	return true;
}

static bool read_spf(struct config_line *line, struct config_expectation *out)
{
	if (!read_network(line, &out->network))
		return false;
	struct config_word word = config_line_next(line);
	if (slice_equal(word.text, SLICE("from"))) {
		if (!read_sender(line, &out->sender))
			return false;
		word = config_line_next(line);
	}
	return read_word(line, word, "result", results, COUNT(results), out) &&
	       config_line_end(line, "expect DOMAIN spf IP[/LENGTH] [from SENDER] RESULT");
}

/* --- the others ----------------------------------------------------------------------------------- */

static bool read_dmarc(struct config_line *line, struct config_expectation *out)
{
	return read_word(line, config_line_next(line), "policy", policies, COUNT(policies), out) &&
	       config_line_end(line, "expect DOMAIN dmarc POLICY");
}

/* Blanks around the relation may be left out. */
static bool read_number(struct config_line *line, struct config_expectation *out)
{
	struct config_word rest = config_line_rest(line);
	uint64_t number;
	size_t i = 0;
	while (i < COUNT(relations) && !slice_starts(rest.text, slice_cstr(relations[i].text)))
		i++;
	if (i == COUNT(relations))
		return config_line_fail(line, rest.offset,
			SLICE("a relation is missing: <=, <, =, > or >=, as in 'lookups <= 7'"));
	out->relation = relations[i].relation;
	size_t length = strlen(relations[i].text);
	length += ascii_wsp_run(rest.text, length);
	struct slice digits = slice_from(rest.text, length);
	if (!ascii_parse_uint(digits, MAX_NUMBER, &number))
		return config_line_fail(line, rest.offset + length,
			digits.len == 0 ? SLICE("a number is missing")
					: arena_printf(line->arena, "%s is no number from 0 to %d",
						  config_line_quote(line, digits), MAX_NUMBER));
	out->value = (unsigned)number;
	return true;
}

static bool read_verdict(struct config_line *line, struct config_expectation *out)
{
	return read_word(line, config_line_next(line), "verdict", levels, COUNT(levels), out) &&
	       config_line_end(line, "expect DOMAIN verdict LEVEL");
}

static bool read_default(struct config_line *line, struct config_expectation *out)
{
	return read_word(line, config_line_next(line), "result", results, COUNT(results), out) &&
	       config_line_end(line, "expect DOMAIN default RESULT");
}

/* By enum config_subject. */
static const struct {
	const char *name;
	bool (*read)(struct config_line *line, struct config_expectation *out);
} subjects[] = {
	[CONFIG_SPF] = {"spf", read_spf},
	[CONFIG_DMARC] = {"dmarc", read_dmarc},
	[CONFIG_LOOKUPS] = {"lookups", read_number},
	[CONFIG_VOIDS] = {"voids", read_number},
	[CONFIG_VERDICT] = {"verdict", read_verdict},
	[CONFIG_DEFAULT] = {"default", read_default},
};

/* A word that ends before a relation: "lookups<=7". */
static struct config_word take_subject(struct config_line *line)
{
	struct config_word word = config_line_next(line);
	size_t len = 0;
	while (len < word.text.len && !ascii_is_one_of(word.text.ptr[len], "<>="))
		len++;
	line->at -= word.text.len - len;
	return (struct config_word){slice_head(word.text, len), word.offset};
}

bool config_expect_read(struct config_line *line, struct config_expectation *out)
{
	const char *names[COUNT(subjects)];
	size_t subject;
	size_t keyword = line->at;
	*out = (struct config_expectation){.text = slice_trim(slice_from(line->text, line->at))};
	while (keyword > 0 && !ascii_is_wsp(line->text.ptr[keyword - 1]))
		keyword--;
	out->place = config_line_place(line, keyword);
	for (size_t i = 0; i < COUNT(subjects); i++)
		names[i] = subjects[i].name;
	if (!read_domain(line, out) ||
		!config_line_choose(line, take_subject(line), "expectation", names, COUNT(names), &subject))
		return false;
	out->subject = (enum config_subject)subject;
	return subjects[subject].read(line, out);
}
