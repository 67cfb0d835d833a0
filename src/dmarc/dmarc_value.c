/* dmarc_value: the value of each tag of a DMARC record (RFC 9989 4.7, 4.8; RFC 7489 6.3 for pct).
 *
 * Keywords are ABNF literals, so their case does not count; an invalid value gives way to the tag's
 * default, but for p, sp and np it decides about the whole record (RFC 9989 4.10.1).
 */
#include "base/ascii.h"
#include "base/nearest.h"
#include "dmarc/dmarc_reader.h"
#include "dmarc/dmarc_separator.h"

#define MOST_KEYWORDS 3

static const struct slice policies[] = {{"none", 4}, {"quarantine", 10}, {"reject", 6}};

/* Tags whose value is one of a few words. */
struct keyword_row {
	enum dmarc_tag_id id;
	struct slice words[MOST_KEYWORDS];
	size_t count;
	enum rule_id rule;
	enum detail detail; /* which words there are */
};

static const struct keyword_row keyword_rows[] = {
	{DMARC_TAG_ADKIM, {{"r", 1}, {"s", 1}}, 2, RULE_DMARC_ADKIM_INVALID, DETAIL_NONE},
	{DMARC_TAG_ASPF, {{"r", 1}, {"s", 1}}, 2, RULE_DMARC_ASPF_INVALID, DETAIL_NONE},
	{DMARC_TAG_T, {{"y", 1}, {"n", 1}}, 2, RULE_DMARC_SYNTAX, DETAIL_DMARC_T_VALUE},
	{DMARC_TAG_PSD, {{"y", 1}, {"n", 1}, {"u", 1}}, 3, RULE_DMARC_SYNTAX, DETAIL_DMARC_PSD_VALUE},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct slice value_of(const struct dmarc_reader *reader, const struct dmarc_tag *tag)
{
	return slice_at(reader->text, tag->value);
}

/* Where a caret goes for a bad value: below it, or below the whole tag when it is empty. */
static struct span about_value(const struct dmarc_tag *tag)
{
	return tag->value.len > 0 ? tag->value : tag->span;
}

static const struct fix *replace(
	const struct dmarc_reader *reader, struct span span, struct slice replacement, bool safe)
{
	return reader->mends ? fix_replace(reader->arena, reader->text, span, replacement, safe) : NULL;
}

/* Printable ASCII (RFC 9989 4.8, dmarc-value). */
static bool is_printable(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] < ' ' || value.ptr[i] > '~')
			return false;
	return true;
}

/* --- values that other bytes have spoilt --- */

/* "\;" and HTML entities: all of them in a record are one mistake. */
static void say_damage(struct dmarc_reader *reader, const struct dmarc_tag *tag, size_t len)
{
	struct span span = span_of(span_end(tag->value) - len, len);
	bool escaped = reader->text.ptr[span.offset] == '\\';
	bool policy = tag->id == DMARC_TAG_P || tag->id == DMARC_TAG_SP || tag->id == DMARC_TAG_NP;
	if (span_end(span) < reader->text.len && reader->text.ptr[span_end(span)] == ';')
		span.len++;
	if (!reader->damage_is_said)
		dmarc_record_add_separator(reader, span, escaped ? DETAIL_DMARC_ESCAPED : DETAIL_DMARC_ENTITY,
			policy ? SEVERITY_ERROR : SEVERITY_WARNING);
	reader->damage_is_said = true;
}

/* True when the value is spoilt by a wrong separator, which has been said now. */
static bool is_spoilt(struct dmarc_reader *reader, const struct dmarc_tag *tag)
{
	struct slice value = value_of(reader, tag);
	size_t damage = dmarc_separator_damage(value);
	struct span gap;
	if (damage > 0) {
		say_damage(reader, tag, damage);
		return true;
	}
	if (!dmarc_separator_embedded(value, &gap))
		return false;
	bool comma = slice_find(slice_at(value, gap), ',', 0) < gap.len;
	struct slice next = slice_from(value, span_end(gap));
	enum dmarc_tag_id lost = dmarc_separator_tag(slice_trim(slice_head(next, slice_find(next, '=', 0))));
	bool policy = tag->id <= DMARC_TAG_NP || lost == DMARC_TAG_P;
	reader->is_lost[lost] = true;
	gap.offset += tag->value.offset;
	dmarc_record_add_separator(reader, gap, comma ? DETAIL_DMARC_COMMA : DETAIL_DMARC_BLANK,
		policy ? SEVERITY_ERROR : SEVERITY_WARNING);
	return true;
}

/* --- keywords --- */

static size_t word_index(struct slice value, const struct slice *words, size_t count)
{
	size_t i = 0;
	while (i < count && !slice_equal_nocase(value, words[i]))
		i++;
	return i;
}

/* `value` from its first to its last letter: without quotes, "=", and the like. */
static struct slice letters_of(struct slice value)
{
	while (value.len > 0 && !ascii_is_alnum(value.ptr[0]))
		value = slice_from(value, 1);
	while (value.len > 0 && !ascii_is_alnum(value.ptr[value.len - 1]))
		value.len--;
	return value;
}

/* An invalid p, sp or np: what receivers do about it depends on rua, so it has been judged before. */
static void refuse_policy(struct dmarc_reader *reader, const struct dmarc_tag *tag, enum rule_id rule)
{
	struct slice letters = letters_of(value_of(reader, tag));
	size_t near = nearest_word(letters, policies, COUNT(policies));
	struct finding *finding = findings_add_at(reader->findings, rule, about_value(tag));
	enum effect effect = reader->record->has_usable_rua ? EFFECT_DMARC_P_NONE : EFFECT_DMARC_OFF;
	bool np = tag->id == DMARC_TAG_NP;
	finding_effect_all(finding, EFFECT_NONE, np ? EFFECT_DMARC_TAG_IGNORED : effect, effect);
	finding->detail = tag->value.len > 0 ? DETAIL_DMARC_POLICY_VALUE : DETAIL_DMARC_EMPTY_VALUE;
	finding->args[0] = SLICE("none, quarantine or reject");
	if (near == COUNT(policies))
		return;
	finding->args[0] = policies[near];
	finding->fix =
		replace(reader, tag->value, policies[near], slice_equal_nocase(letters, policies[near]));
}

static void judge_policy(struct dmarc_reader *reader, enum dmarc_tag_id id, enum rule_id rule, bool *has,
	enum dmarc_policy *policy)
{
	struct dmarc_tag *tag = reader->first[id];
	if (tag == NULL || is_spoilt(reader, tag))
		return;
	size_t index = word_index(value_of(reader, tag), policies, COUNT(policies));
	*has = tag->valid = index < COUNT(policies);
	if (*has)
		*policy = (enum dmarc_policy)index;
	else
		refuse_policy(reader, tag, rule);
}

static void add_empty_value(struct dmarc_reader *reader, const struct dmarc_tag *tag)
{
	findings_add_at(reader->findings, RULE_DMARC_SYNTAX, tag->span)->detail = DETAIL_DMARC_EMPTY_VALUE;
}

/* The tag of that id when its value is worth judging: neither empty nor spoilt, which is said here. */
static struct dmarc_tag *tag_to_judge(struct dmarc_reader *reader, enum dmarc_tag_id id)
{
	struct dmarc_tag *tag = reader->first[id];
	if (tag == NULL || is_spoilt(reader, tag))
		return NULL;
	if (tag->value.len > 0)
		return tag;
	add_empty_value(reader, tag);
	return NULL;
}

/* The keyword's first letter, lower case; `fallback` when the tag is not written or not valid. */
static char judge_keyword(struct dmarc_reader *reader, const struct keyword_row *row, char fallback)
{
	struct dmarc_tag *tag = tag_to_judge(reader, row->id);
	if (tag == NULL)
		return fallback;
	struct slice value = value_of(reader, tag);
	size_t index = word_index(value, row->words, row->count);
	tag->valid = index < row->count;
	if (tag->valid)
		return row->words[index].ptr[0];
	struct finding *finding = findings_add_at(reader->findings, row->rule, about_value(tag));
	finding->detail = row->detail;
	/* "strict", "yes": the word that begins like it. */
	struct slice letter = slice_head(letters_of(value), 1);
	index = word_index(letter, row->words, row->count);
	if (index < row->count)
		finding->fix = replace(reader, tag->value, row->words[index], false);
	return fallback;
}

/* --- fo --- */

enum fo_form { FO_VALID, FO_REDUNDANT, FO_INVALID };

/* "0", "1", "d" and "s", each once, but not both 0 and 1; no blanks (RFC 9989 4.8, dmarc-fo). */
static enum fo_form fo_form(struct slice value)
{
	size_t digits = 0, d = 0, s = 0;
	for (size_t i = 0; i < value.len; i += 2) {
		char c = ascii_lower(value.ptr[i]);
		digits += c == '0' || c == '1';
		d += c == 'd';
		s += c == 's';
		bool last = i + 1 == value.len;
		if (!ascii_is_one_of(c, "01ds") || (!last && value.ptr[i + 1] != ':') || i + 2 == value.len)
			return FO_INVALID;
	}
	return digits > 1 || d > 1 || s > 1 ? FO_REDUNDANT : FO_VALID;
}

/* The options that stand in `value`, in the form of the standard: 1 wins over 0, which it includes. */
static struct slice fo_mended(struct slice value)
{
	static const struct slice forms[] = {
		{"0", 1}, {"1", 1}, {"d", 1}, {"1:d", 3}, {"s", 1}, {"1:s", 3}, {"d:s", 3}, {"1:d:s", 5}};
	bool zero = slice_find(value, '0', 0) < value.len, one = slice_find(value, '1', 0) < value.len;
	bool d = slice_search_nocase(value, SLICE("d")) < value.len;
	bool s = slice_search_nocase(value, SLICE("s")) < value.len;
	if (zero && !one && (d || s))
		return d && s ? SLICE("0:d:s") : d ? SLICE("0:d") : SLICE("0:s");
	return forms[(one ? 1 : 0) + (d ? 2 : 0) + (s ? 4 : 0)];
}

static bool is_fo_list(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!ascii_is_one_of(value.ptr[i], "01dDsS:,/ \t"))
			return false;
	return true;
}

static void judge_fo(struct dmarc_reader *reader)
{
	struct dmarc_tag *tag = tag_to_judge(reader, DMARC_TAG_FO);
	if (tag == NULL)
		return;
	struct slice value = value_of(reader, tag);
	enum fo_form form = fo_form(value);
	tag->valid = form == FO_VALID;
	/* Without ruf nobody looks at fo, which is said elsewhere (RFC 9989 4.7). */
	bool is_idle = reader->first[DMARC_TAG_RUF] == NULL && !reader->is_lost[DMARC_TAG_RUF];
	if (tag->valid || is_idle)
		return;
	enum rule_id rule = form == FO_REDUNDANT ? RULE_DMARC_FO_REDUNDANT : RULE_DMARC_FO_INVALID;
	struct finding *finding = findings_add_at(reader->findings, rule, tag->value);
	finding->args[0] = SLICE("0, 1, d or s, or several of them with colons, such as 1:d:s");
	if (!is_fo_list(value))
		return;
	finding->args[0] = fo_mended(value);
	finding->fix = replace(reader, tag->value, finding->args[0], false);
}

/* --- the rest --- */

static void judge_uris(struct dmarc_reader *reader, enum dmarc_tag_id id, struct dmarc_uris *uris)
{
	struct findings unsaid;
	struct dmarc_tag *tag = reader->first[id];
	if (tag == NULL)
		return;
	if (tag->value.len == 0)
		add_empty_value(reader, tag);
	findings_init(&unsaid, reader->arena);
	bool spoilt = is_spoilt(reader, tag);
	dmarc_uri_parse_list(reader->arena, reader->text, tag->value, spoilt ? &unsaid : reader->findings,
		&uris->items, &uris->count);
	for (size_t i = 0; i < uris->count; i++)
		tag->valid |= uris->items[i].valid;
}

/* What receivers of RFC 7489 read; others do not look at it. */
static void judge_pct(struct dmarc_reader *reader)
{
	uint64_t pct;
	struct dmarc_tag *tag = tag_to_judge(reader, DMARC_TAG_PCT);
	if (tag == NULL || !ascii_parse_uint(value_of(reader, tag), 100, &pct))
		return;
	tag->valid = true;
	reader->record->pct = (unsigned)pct;
}

static void judge_others(struct dmarc_reader *reader)
{
	for (size_t i = 0; i < reader->count; i++) {
		struct dmarc_tag *tag = &reader->tags[i];
		if (tag->id != DMARC_TAG_OTHER || tag->duplicate || is_spoilt(reader, tag))
			continue;
		tag->valid = tag->value.len > 0 && is_printable(value_of(reader, tag));
		if (tag->value.len == 0)
			add_empty_value(reader, tag);
		else if (!tag->valid)
			findings_add_at(reader->findings, RULE_DMARC_SYNTAX, tag->value)->detail =
				DETAIL_DMARC_VALUE_BYTE;
	}
}

static void judge_historic(struct dmarc_reader *reader, enum dmarc_tag_id id)
{
	struct dmarc_tag *tag = tag_to_judge(reader, id);
	if (tag != NULL)
		tag->valid = is_printable(value_of(reader, tag));
}

/* RFC 9989 4.10.1: p is there, and p, sp and np are good as far as they are there. */
static bool is_policy_usable(const struct dmarc_reader *reader)
{
	const struct dmarc_record *record = reader->record;
	return record->has_p && (reader->first[DMARC_TAG_SP] == NULL || record->has_sp) &&
	       (reader->first[DMARC_TAG_NP] == NULL || record->has_np);
}

void dmarc_value_judge(struct dmarc_reader *reader)
{
	struct dmarc_record *record = reader->record;
	reader->first[DMARC_TAG_V]->valid = true;
	judge_uris(reader, DMARC_TAG_RUA, &record->rua);
	record->has_usable_rua = reader->first[DMARC_TAG_RUA] != NULL && reader->first[DMARC_TAG_RUA]->valid;
	judge_policy(reader, DMARC_TAG_P, RULE_DMARC_P_INVALID, &record->has_p, &record->p);
	judge_policy(reader, DMARC_TAG_SP, RULE_DMARC_SP_INVALID, &record->has_sp, &record->sp);
	judge_policy(reader, DMARC_TAG_NP, RULE_DMARC_NP_INVALID, &record->has_np, &record->np);
	record->policy_usable = is_policy_usable(reader);
	judge_uris(reader, DMARC_TAG_RUF, &record->ruf);
	record->strict_dkim = judge_keyword(reader, &keyword_rows[0], 'r') == 's';
	record->strict_spf = judge_keyword(reader, &keyword_rows[1], 'r') == 's';
	record->testing = judge_keyword(reader, &keyword_rows[2], 'n') == 'y';
	record->psd = judge_keyword(reader, &keyword_rows[3], 'u');
	judge_fo(reader);
	judge_pct(reader);
	judge_historic(reader, DMARC_TAG_RF);
	judge_historic(reader, DMARC_TAG_RI);
	judge_others(reader);
}
