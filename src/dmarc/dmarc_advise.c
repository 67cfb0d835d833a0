/* dmarc_advise: what the tags of one DMARC record mean together: what receivers will do, and what is worth
 * changing (RFC 9989 4.7, 4.10.1, 9.3; RFC 7489 6.3 for the removed tags).
 *
 * One cause is said once: what follows from a value that has been refused already is not said here.
 */
#include "base/ascii.h"
#include "base/nearest.h"
#include "dmarc/dmarc_reader.h"
#include "dmarc/dmarc_separator.h"

#define SIZE_NEAR 450 /* bytes: the answer still fits into plain DNS over UDP */

static struct finding *add_at(struct dmarc_reader *reader, enum rule_id rule, const struct dmarc_tag *tag)
{
	return findings_add_at(reader->findings, rule, tag->span);
}

/* A tag with the ";" before it. Never the first tag. */
static struct span span_with_separator(const struct dmarc_reader *reader, const struct dmarc_tag *tag)
{
	size_t start = tag->span.offset;
	while (start > 1 && reader->text.ptr[start - 1] != ';')
		start--;
	return span_of(start - 1, span_end(tag->span) - start + 1);
}

static const struct fix *remove_tag(const struct dmarc_reader *reader, const struct dmarc_tag *tag, bool safe)
{
	if (!reader->mends)
		return NULL;
	struct span span = span_with_separator(reader, tag);
	return fix_replace(reader->arena, reader->text, span, SLICE(""), safe);
}

static const struct fix *replace(
	const struct dmarc_reader *reader, struct span span, struct slice replacement, bool safe)
{
	return reader->mends ? fix_replace(reader->arena, reader->text, span, replacement, safe) : NULL;
}

/* --- p --- */

/* policy=reject: the tag's name is p. */
static const struct dmarc_tag *misnamed_policy(const struct dmarc_reader *reader)
{
	for (size_t i = 0; i < reader->count; i++)
		if (slice_equal_nocase(reader->tags[i].name, SLICE("policy")))
			return &reader->tags[i];
	return NULL;
}

static struct span name_span(const struct dmarc_tag *tag)
{
	return span_of(tag->span.offset, tag->name.len);
}

static void say_p_missing(struct dmarc_reader *reader, const struct dmarc_tag *misnamed)
{
	struct finding *finding = findings_add(reader->findings, RULE_DMARC_P_MISSING);
	bool rua = reader->record->has_usable_rua;
	enum effect effect = rua ? EFFECT_DMARC_P_NONE : EFFECT_DMARC_OFF;
	finding->severity = rua ? SEVERITY_WARNING : SEVERITY_ERROR;
	finding->detail = DETAIL_DMARC_P_ABSENT;
	finding->args[0] = SLICE("add p=none, p=quarantine or p=reject directly behind v=DMARC1;");
	finding_effect_all(finding, EFFECT_NONE, effect, effect);
	if (misnamed == NULL)
		return;
	finding->has_span = true;
	finding->span = name_span(misnamed);
	finding->detail = DETAIL_DMARC_P_MISNAMED;
	finding->args[0] = SLICE("write p= in place of policy=");
	finding->fix = replace(reader, finding->span, SLICE("p"), true);
}

/* No p at all: with a usable rua receivers act as for p=none, else DMARC is off (RFC 9989 4.10.1). */
static void advise_missing_p(struct dmarc_reader *reader)
{
	const struct dmarc_tag *misnamed = misnamed_policy(reader);
	if (reader->first[DMARC_TAG_P] != NULL || reader->is_lost[DMARC_TAG_P])
		return;
	if (reader->first[DMARC_TAG_RUA] == NULL && misnamed == NULL)
		findings_add(reader->findings, RULE_DMARC_POLICY_UNUSABLE);
	else
		say_p_missing(reader, misnamed);
}

/* p, taken from where it is and put behind v. */
static const struct fix *move_p(const struct dmarc_reader *reader, const struct dmarc_tag *p)
{
	if (!reader->mends)
		return NULL;
	struct slice text = slice_at(reader->text, p->span);
	struct fix_edit edits[] = {
		{span_of(span_end(reader->tags[0].span), 0),
			arena_printf(reader->arena, "; %.*s", (int)text.len, text.ptr)},
		{span_with_separator(reader, p), SLICE("")},
	};
	return fix_edits(reader->arena, reader->text, edits, 2, true);
}

/* RFC 7489 6.4 wants p directly behind v. */
static void advise_order(struct dmarc_reader *reader)
{
	const struct dmarc_tag *p = reader->first[DMARC_TAG_P];
	if (p != NULL && p->valid && p != &reader->tags[1])
		add_at(reader, RULE_DMARC_P_ORDER, p)->fix = move_p(reader, p);
}

/* --- policies --- */

static void say_weaker(struct dmarc_reader *reader, enum rule_id rule, enum dmarc_tag_id id,
	enum dmarc_policy policy, enum dmarc_policy stronger)
{
	struct finding *finding = add_at(reader, rule, reader->first[id]);
	finding->args[0] = reader->first[id]->name;
	finding->args[1] = slice_cstr(dmarc_policy_text(policy));
	finding->args[2] = slice_cstr(dmarc_policy_text(stronger));
	if (id != DMARC_TAG_NP)
		return;
	/* A weaker np matters less: nobody expects mail from a name that does not exist. Older receivers do
	 * not know the tag. */
	finding->severity = SEVERITY_INFO;
	finding->effects[RECEIVER_RFC7489] = EFFECT_NONE;
}

/* sp and np that leave a door open (RFC 9989 3.2.9). */
static void advise_policies(struct dmarc_reader *reader)
{
	const struct dmarc_record *record = reader->record;
	enum dmarc_policy sp = record->has_sp ? record->sp : record->p;
	if (!record->policy_usable)
		return;
	if (record->p == DMARC_NONE)
		add_at(reader, RULE_DMARC_P_NONE, reader->first[DMARC_TAG_P]);
	if (sp < record->p)
		say_weaker(reader, sp == DMARC_NONE ? RULE_DMARC_SP_NONE : RULE_DMARC_SP_WEAKER, DMARC_TAG_SP,
			sp, record->p);
	if (record->has_np && record->np < sp)
		say_weaker(reader, record->np == DMARC_NONE ? RULE_DMARC_NP_NONE : RULE_DMARC_SP_WEAKER,
			DMARC_TAG_NP, record->np, sp);
}

/* True when some mail is to be treated worse than by none: what softens a policy does something then. */
static bool is_strict(const struct dmarc_record *record)
{
	return record->policy_usable &&
	       (record->p > DMARC_NONE || (record->has_sp && record->sp > DMARC_NONE) ||
		       (record->has_np && record->np > DMARC_NONE));
}

/* t=y asks for one level less, and means nothing where no level is left (RFC 9989 4.7). */
static void advise_testing(struct dmarc_reader *reader)
{
	if (!reader->record->testing)
		return;
	struct finding *finding = add_at(reader, RULE_DMARC_T_TESTING, reader->first[DMARC_TAG_T]);
	bool acts = is_strict(reader->record);
	finding->detail = acts ? DETAIL_DMARC_T_LOWERS : DETAIL_DMARC_T_IDLE;
	if (!acts) {
		finding->severity = SEVERITY_INFO;
		finding_effect_all(finding, EFFECT_NONE, EFFECT_DMARC_TAG_IGNORED, EFFECT_DMARC_WORKS);
	}
}

/* --- reports --- */

static void advise_reports(struct dmarc_reader *reader)
{
	const struct dmarc_tag *ruf = reader->first[DMARC_TAG_RUF];
	bool bare = reader->first[DMARC_TAG_P] == NULL && !reader->is_lost[DMARC_TAG_P];
	if (reader->first[DMARC_TAG_RUA] == NULL && !reader->is_lost[DMARC_TAG_RUA] && !bare)
		findings_add(reader->findings, RULE_DMARC_RUA_MISSING);
	if (reader->first[DMARC_TAG_FO] != NULL && ruf == NULL && !reader->is_lost[DMARC_TAG_RUF])
		add_at(reader, RULE_DMARC_FO_USELESS, reader->first[DMARC_TAG_FO])->fix =
			remove_tag(reader, reader->first[DMARC_TAG_FO], true);
	if (reader->record->psd == 'y')
		add_at(reader, RULE_DMARC_PSD, reader->first[DMARC_TAG_PSD]);
	if (reader->record->psd == 'y' && ruf != NULL)
		add_at(reader, RULE_DMARC_PSD_RUF, ruf);
}

/* Failure reports hold other people's data (RFC 9991). With psd=y they are not sent at all. */
static void advise_privacy(struct dmarc_reader *reader)
{
	const struct dmarc_uris *uris = &reader->record->ruf;
	for (size_t i = 0; i < uris->count && reader->record->psd != 'y'; i++) {
		if (!uris->items[i].valid)
			continue;
		add_at(reader, RULE_DMARC_RUF_PRIVACY, reader->first[DMARC_TAG_RUF]);
		return;
	}
}

/* --- alignment, size --- */

/* One of the two is enough to say it (RFC 9989 4.4). */
static void advise_strict(struct dmarc_reader *reader)
{
	const struct dmarc_record *record = reader->record;
	if (record->policy_usable && (record->strict_dkim || record->strict_spf))
		add_at(reader, RULE_DMARC_STRICT_RISK,
			reader->first[record->strict_dkim ? DMARC_TAG_ADKIM : DMARC_TAG_ASPF]);
}

static void advise_size(struct dmarc_reader *reader)
{
	if (reader->text.len > SIZE_NEAR)
		findings_add(reader->findings, RULE_DMARC_SIZE)->args[0] =
			arena_printf(reader->arena, "%zu", reader->text.len);
}

/* --- removed tags (RFC 9989 9.3) --- */

static enum detail pct_detail(const struct dmarc_reader *reader, const struct dmarc_tag *tag)
{
	if (!tag->valid)
		return DETAIL_DMARC_PCT_INVALID;
	if (reader->record->pct == 100)
		return DETAIL_DMARC_PCT_FULL;
	if (!is_strict(reader->record))
		return DETAIL_DMARC_T_IDLE;
	return reader->record->pct == 0 ? DETAIL_DMARC_PCT_ZERO : DETAIL_DMARC_PCT_PART;
}

/* Below 100 it still weakens the policy at receivers of RFC 7489 (6.6.4). */
static void advise_pct(struct dmarc_reader *reader)
{
	const struct dmarc_tag *tag = reader->first[DMARC_TAG_PCT];
	if (tag == NULL || tag->value.len == 0 ||
		dmarc_separator_damage(slice_at(reader->text, tag->value)) > 0)
		return;
	struct finding *finding = add_at(reader, RULE_DMARC_PCT, tag);
	finding->detail = pct_detail(reader, tag);
	bool acts = tag->valid && reader->record->pct < 100 && is_strict(reader->record);
	finding->fix = remove_tag(reader, tag, tag->valid && !acts);
	if (!acts)
		return;
	finding->severity = SEVERITY_WARNING;
	finding->effects[RECEIVER_RFC7489] =
		reader->record->pct == 0 ? EFFECT_DMARC_LOWERED : EFFECT_DMARC_PARTLY;
}

static void advise_removed(struct dmarc_reader *reader, enum dmarc_tag_id id, enum rule_id rule)
{
	const struct dmarc_tag *tag = reader->first[id];
	if (tag != NULL && tag->valid)
		add_at(reader, rule, tag)->fix = remove_tag(reader, tag, true);
}

/* --- names --- */

static const struct slice known_names[] = {{"adkim", 5}, {"aspf", 4}, {"psd", 3}, {"rua", 3}, {"ruf", 3}};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void say_unknown(struct dmarc_reader *reader, const struct dmarc_tag *tag)
{
	struct finding *finding = findings_add_at(reader->findings, RULE_DMARC_TAG_UNKNOWN, name_span(tag));
	size_t near = nearest_word(tag->name, known_names, COUNT(known_names));
	finding->args[0] = tag->name;
	finding->args[1] = SLICE("remove it if it is a typing mistake");
	if (near == COUNT(known_names))
		return;
	if (reader->first[dmarc_separator_tag(known_names[near])] != NULL) {
		finding->args[1] =
			arena_printf(reader->arena, "remove it: %s is there already", known_names[near].ptr);
		return;
	}
	finding->args[1] = arena_printf(
		reader->arena, "if it was to be %s, write %s", known_names[near].ptr, known_names[near].ptr);
	finding->fix = replace(reader, name_span(tag), known_names[near], false);
}

static bool has_upper(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (ascii_is_upper(name.ptr[i]))
			return true;
	return false;
}

/* RFC 6376 3.2, which RFC 9989 4.7 refers to, has the case of names count. */
static void say_case(struct dmarc_reader *reader, const struct dmarc_tag *tag)
{
	char *lower = arena_alloc(reader->arena, tag->name.len);
	for (size_t i = 0; i < tag->name.len; i++)
		lower[i] = ascii_lower(tag->name.ptr[i]);
	struct finding *finding = findings_add_at(reader->findings, RULE_DMARC_TAG_CASE, name_span(tag));
	finding->args[0] = slice_of(lower, tag->name.len);
	finding->fix = replace(reader, name_span(tag), finding->args[0], true);
}

static void advise_names(struct dmarc_reader *reader)
{
	const struct dmarc_tag *misnamed = reader->first[DMARC_TAG_P] == NULL && !reader->is_lost[DMARC_TAG_P]
						   ? misnamed_policy(reader)
						   : NULL;
	for (size_t i = 0; i < reader->count; i++) {
		const struct dmarc_tag *tag = &reader->tags[i];
		if (tag->duplicate || tag == misnamed)
			continue;
		if (tag->id != DMARC_TAG_OTHER && has_upper(tag->name))
			say_case(reader, tag);
		if (tag->id == DMARC_TAG_OTHER && tag->valid)
			say_unknown(reader, tag);
	}
}

/* What a wrong separator did when it hit the policy is known only now that all tags have been judged (RFC
 * 9989 4.10.1). */
static void set_separator_effects(struct dmarc_reader *reader)
{
	enum effect effect = reader->record->has_usable_rua ? EFFECT_DMARC_P_NONE : EFFECT_DMARC_OFF;
	for (size_t i = 0; i < reader->findings->count; i++) {
		struct finding *finding = &reader->findings->items[i];
		if (finding->rule == RULE_DMARC_SEPARATOR && finding->severity == SEVERITY_ERROR)
			finding_effect_all(finding, EFFECT_NONE, effect, effect);
	}
}

void dmarc_advise(struct dmarc_reader *reader)
{
	set_separator_effects(reader);
	advise_missing_p(reader);
	advise_order(reader);
	advise_policies(reader);
	advise_testing(reader);
	advise_reports(reader);
	advise_privacy(reader);
	advise_strict(reader);
	advise_size(reader);
	advise_pct(reader);
	advise_removed(reader, DMARC_TAG_RF, RULE_DMARC_RF);
	advise_removed(reader, DMARC_TAG_RI, RULE_DMARC_RI);
	advise_names(reader);
}
