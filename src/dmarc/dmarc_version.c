/* dmarc_version: see dmarc_version.h (RFC 9989 4.7, 4.8, 4.10 step 2).
 *
 *     "v=dmarc1\; p=none
 *     ^                   something before the version
 *        ^^^^^^           not exactly DMARC1
 *              ^^         not a semicolon behind it
 *
 * The start is read in this order and each part may be wrong by itself.
 */
#include "dmarc/dmarc_version.h"

#include "base/ascii.h"
#include "dmarc/dmarc_repair.h"
#include "dmarc/dmarc_separator.h"

#define MAX_FAULTS 4

struct fault {
	enum rule_id rule;
	enum detail detail;
	struct span span;
};

struct faults {
	struct fault items[MAX_FAULTS];
	size_t count;
};

static void add(struct faults *faults, enum rule_id rule, enum detail detail, size_t offset, size_t len)
{
	faults->items[faults->count++] = (struct fault){rule, detail, span_of(offset, len)};
}

/* --- what stands before the version --- */

static const char *const wrappings[] = {
	"\"",
	"'",
	"`",
	"\\",
	"\xc2\xa0",
	"\xc2\xab",
	"\xe2\x80\x8b",
	"\xe2\x80\x98",
	"\xe2\x80\x99",
	"\xe2\x80\x9c",
	"\xe2\x80\x9d",
	"\xe2\x80\x9e",
	"\xef\xbb\xbf",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static size_t wrapping_at(struct slice text, size_t at)
{
	if (at < text.len && (ascii_is_wsp(text.ptr[at]) || text.ptr[at] == '\n' || text.ptr[at] == '\r'))
		return 1;
	for (size_t i = 0; i < COUNT(wrappings); i++)
		if (slice_starts(slice_from(text, at), slice_cstr(wrappings[i])))
			return strlen(wrappings[i]);
	return 0;
}

static size_t lead_length(struct slice text)
{
	size_t len = 0, more;
	while ((more = wrapping_at(text, len)) > 0)
		len += more;
	return len;
}

static void judge_lead(struct slice text, size_t lead, struct faults *faults)
{
	bool blank = slice_trim(slice_head(text, lead)).len == 0;
	if (lead > 0)
		add(faults, RULE_DMARC_VERSION,
			blank ? DETAIL_DMARC_VERSION_BLANK : DETAIL_DMARC_VERSION_QUOTE, 0, lead);
}

/* --- the version --- */

/* "v", a sign, "dmarc" in any case: *sign and *value are where those two start. */
static bool find_version(struct slice text, size_t at, size_t *sign, size_t *value)
{
	if (at >= text.len || ascii_lower(text.ptr[at]) != 'v')
		return false;
	*sign = at + 1 + ascii_wsp_run(text, at + 1);
	*value = *sign;
	if (*sign < text.len && ascii_is_one_of(text.ptr[*sign], "=:-"))
		*value = *sign + 1 + ascii_wsp_run(text, *sign + 1);
	/* Glued together it is somebody else's word. */
	if (*value == at + 1)
		return false;
	return slice_starts_nocase(slice_from(text, *value), SLICE("dmarc"));
}

/* Letters, digits and what people put between "DMARC" and "1". */
static size_t value_length(struct slice text, size_t at)
{
	size_t len = 0;
	while (at + len < text.len && (ascii_is_alnum(text.ptr[at + len]) || text.ptr[at + len] == '-' ||
					      text.ptr[at + len] == '_' || text.ptr[at + len] == '.'))
		len++;
	while (len > 0 && text.ptr[at + len - 1] == '.')
		len--;
	return len;
}

/* DMARC1p=none: the tag begins where the version should have ended. */
static bool is_glued(struct slice text, size_t at, size_t len)
{
	struct slice name = slice_at(text, span_of(at + 6, len - 6));
	size_t equals = at + len + ascii_wsp_run(text, at + len);
	return dmarc_separator_tag(name) != DMARC_TAG_OTHER && equals < text.len && text.ptr[equals] == '=';
}

/* Returns the length of the version's value. */
static size_t judge_value(struct slice text, size_t at, struct faults *faults)
{
	size_t len = value_length(text, at);
	struct slice value = slice_at(text, span_of(at, len));
	bool glued = len > 6 && is_glued(text, at, len);
	if (glued) {
		len = 6;
		value = slice_head(value, len);
	}
	if (!slice_equal(value, SLICE("DMARC1"))) {
		bool is_case = slice_equal_nocase(value, SLICE("DMARC1"));
		add(faults, RULE_DMARC_VERSION,
			is_case ? DETAIL_DMARC_VERSION_CASE : DETAIL_DMARC_VERSION_VALUE, at, len);
	}
	if (glued)
		add(faults, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_NO_SEMICOLON, at, len);
	return glued ? 0 : len;
}

/* What stands where the first ";" belongs. */
static void judge_end(struct slice text, size_t at, struct faults *faults)
{
	size_t next = at + ascii_wsp_run(text, at);
	size_t entity = dmarc_separator_entity(slice_from(text, next));
	if (next == text.len || text.ptr[next] == ';')
		return;
	bool semicolon = next + 1 < text.len && text.ptr[next + 1] == ';';
	if (text.ptr[next] == '\\')
		add(faults, RULE_DMARC_SEPARATOR, DETAIL_DMARC_ESCAPED, next, semicolon ? 2 : 1);
	else if (text.ptr[next] == ',')
		add(faults, RULE_DMARC_SEPARATOR, DETAIL_DMARC_COMMA, next, 1);
	else if (entity > 0)
		add(faults, RULE_DMARC_SEPARATOR, DETAIL_DMARC_ENTITY, next,
			next + entity < text.len && text.ptr[next + entity] == ';' ? entity + 1 : entity);
	else if (wrapping_at(text, next) > 0)
		add(faults, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_QUOTE, next, wrapping_at(text, next));
	else if (next > at)
		add(faults, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_NO_SEMICOLON, at, next - at);
	else
		add(faults, RULE_DMARC_SEPARATOR, DETAIL_DMARC_OTHER_SIGN, next, 1);
}

/* --- texts that start with something else --- */

/* p=reject; ...: the first tag is one whose value nobody else uses. */
static bool is_policy(struct slice text)
{
	static const struct slice policies[] = {{"none", 4}, {"quarantine", 10}, {"reject", 6}};
	struct slice chunk = slice_head(text, slice_find(text, ';', 0));
	size_t equals = slice_find(chunk, '=', 0);
	if (equals == chunk.len)
		return false;
	enum dmarc_tag_id id = dmarc_separator_tag(slice_trim(slice_head(chunk, equals)));
	struct slice value = slice_trim(slice_from(chunk, equals + 1));
	if (id == DMARC_TAG_RUA || id == DMARC_TAG_RUF)
		return slice_starts_nocase(value, SLICE("mailto:"));
	for (size_t i = 0; i < COUNT(policies) && (id == DMARC_TAG_P || id == DMARC_TAG_SP); i++)
		if (slice_starts_nocase(value, policies[i]))
			return true;
	return false;
}

static void find_without_version(struct slice text, size_t lead, struct faults *faults)
{
	struct slice body = slice_from(text, lead);
	size_t later = slice_search_nocase(body, SLICE("v=dmarc1"));
	if (later < body.len)
		add(faults, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_NOT_FIRST, lead + later,
			strlen("v=dmarc1"));
	else if (slice_starts_nocase(body, SLICE("dmarc1")))
		add(faults, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_NO_V, lead, strlen("dmarc1"));
	else if (is_policy(body))
		add(faults, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_MISSING, lead,
			slice_trim(slice_head(body, slice_find(body, ';', 0))).len);
}

static void find_faults(struct slice text, struct faults *faults)
{
	size_t lead = lead_length(text), sign, value;
	*faults = (struct faults){.count = 0};
	if (!find_version(text, lead, &sign, &value)) {
		find_without_version(text, lead, faults);
		return;
	}
	judge_lead(text, lead, faults);
	if (text.ptr[sign] != '=')
		add(faults, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_EQUALS, lead, value - lead);
	size_t len = judge_value(text, value, faults);
	if (len > 0 && faults->count < MAX_FAULTS)
		judge_end(text, value + len, faults);
}

/* Nothing was guessed: the bytes are there, but in another case, or with something around them. */
static bool is_sure(const struct faults *faults)
{
	static const enum detail sure[] = {DETAIL_DMARC_VERSION_BLANK, DETAIL_DMARC_VERSION_QUOTE,
		DETAIL_DMARC_VERSION_CASE, DETAIL_DMARC_VERSION_NO_SEMICOLON, DETAIL_DMARC_ESCAPED};
	for (size_t i = 0; i < faults->count; i++) {
		size_t j = 0;
		while (j < COUNT(sure) && sure[j] != faults->items[i].detail)
			j++;
		if (j == COUNT(sure))
			return false;
	}
	return true;
}

bool dmarc_version_is_near(struct slice text)
{
	struct faults faults;
	find_faults(text, &faults);
	return faults.count > 0;
}

bool dmarc_version_check(struct arena *arena, struct slice text, struct findings *findings)
{
	struct faults faults;
	find_faults(text, &faults);
	if (faults.count == 0)
		return false;
	bool is_guess;
	struct slice mended = dmarc_repair(arena, text, &is_guess);
	for (size_t i = 0; i < faults.count; i++) {
		const struct fault *fault = &faults.items[i];
		struct finding *finding = findings_add_at(findings, fault->rule, fault->span);
		finding->detail = fault->detail;
		finding->args[0] = dmarc_separator_advice(fault->detail);
		finding_effect_all(finding, EFFECT_NONE, EFFECT_DMARC_NO_RECORD, EFFECT_DMARC_NO_RECORD);
		if (mended.len > 0)
			finding->fix = fix_record(arena, mended, is_sure(&faults) && !is_guess);
	}
	return true;
}
