/* snapshot_write: see snapshot_write.h; the text is described in snapshot_format.h. */
#include "dns/snapshot_write.h"

#include <stdlib.h>

#include "dns/snapshot_format.h"
#include "dns/snapshot_written.h"
#include "dns/zonefile_text.h"

/* What is being written. */
struct text {
	struct buf *out;
	struct arena *arena;
};

static void put_name(const struct text *text, struct name name)
{
	struct arena_mark mark = arena_mark(text->arena);
	struct slice shown = name_text(text->arena, name);
	if (slice_starts(shown, SLICE("#"))) { /* would begin a comment */
		buf_text(text->out, "\\035");
		shown = slice_from(shown, 1);
	}
	buf_add(text->out, shown);
	arena_rewind(text->arena, mark);
}

static void put_number(const struct text *text, const char *word, uint64_t number)
{
	buf_text(text->out, word);
	buf_uint(text->out, number);
}

static void put_bytes(const struct text *text, const char *word, struct slice bytes)
{
	buf_text(text->out, word);
	zonefile_text_word(text->out, bytes);
}

/* --- answers ---------------------------------------------------------------------------------- */

static void put_place(const struct text *text, const struct origin *origin)
{
	if (origin->server.len > 0)
		put_bytes(text, " server=", origin->server);
	if (origin->file.len > 0)
		put_bytes(text, " file=", origin->file);
	if (origin->line > 0)
		put_number(text, " line=", origin->line);
}

static void put_kind(const struct text *text, const struct origin *origin)
{
	buf_text(text->out, " from=");
	buf_text(text->out, snapshot_format_origins[origin->kind]);
}

/* What is different from the answer's: a line, or all of it. */
static void put_record_origin(const struct text *text, const struct origin *own, const struct origin *answer)
{
	struct origin moved = *answer;
	moved.line = own->line;
	if (snapshot_format_same_origin(own, answer))
		return;
	if (snapshot_format_same_origin(own, &moved)) {
		put_number(text, " line=", own->line);
		return;
	}
	put_kind(text, own);
	put_place(text, own);
}

static void put_record(const struct text *text, const struct answer *answer, const struct record *record)
{
	put_number(text, "\t", record->ttl);
	put_record_origin(text, &record->origin, &answer->origin);
	if (record->malformed)
		buf_text(text->out, " malformed");
	if (record->comment.len > 0)
		put_bytes(text, " comment=", record->comment);
	buf_byte(text->out, ' ');
	buf_add(text->out, rrtype_text(text->arena, record->type));
	buf_byte(text->out, ' ');
	zonefile_text_data(text->out, text->arena, record);
	buf_byte(text->out, '\n');
}

static void put_attributes(const struct text *text, const struct answer *answer)
{
	if (answer->kind == ANSWER_TEMPORARY) {
		buf_text(text->out, " reason=");
		buf_text(text->out, dns_failure_text(answer->failure));
	}
	if (answer->rcode != 0)
		put_number(text, " rcode=", answer->rcode);
	if (answer->ttl != 0)
		put_number(text, " ttl=", answer->ttl);
	for (size_t i = 0; i < SNAPSHOT_FORMAT_FLAGS; i++) {
		const struct snapshot_format_flag *flag = &snapshot_format_flags[i];
		if (!*(const bool *)(const void *)((const char *)answer + flag->offset))
			continue;
		buf_byte(text->out, ' ');
		buf_text(text->out, flag->word);
	}
	if (answer->owner_exists != snapshot_format_exists(answer->kind))
		buf_text(text->out, answer->owner_exists ? " exists" : " absent");
	if (answer->origin.kind != ORIGIN_SERVER)
		put_kind(text, &answer->origin);
	put_place(text, &answer->origin);
}

static void put_answer(const struct text *text, const struct answer *answer)
{
	struct arena_mark mark = arena_mark(text->arena);
	put_name(text, answer->question.name);
	buf_byte(text->out, ' ');
	buf_add(text->out, rrtype_text(text->arena, answer->question.type));
	buf_byte(text->out, ' ');
	buf_text(text->out, snapshot_format_kinds[answer->kind]);
	put_attributes(text, answer);
	buf_byte(text->out, '\n');
	for (size_t i = 0; i < answer->count; i++)
		put_record(text, answer, &answer->records[i]);
	arena_rewind(text->arena, mark);
}

/* --- order ------------------------------------------------------------------------------------ */

static int compare_names(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	return name_compare_hierarchy(*a, *b);
}

static int compare_answers(const void *left, const void *right)
{
	const struct answer *a = *(const struct answer *const *)left,
			    *b = *(const struct answer *const *)right;
	int order = name_compare_hierarchy(a->question.name, b->question.name);
	return order != 0 ? order
			  : (a->question.type > b->question.type) - (a->question.type < b->question.type);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void put_meta(const struct text *text, const struct snapshot_meta *meta)
{
	if (meta->psl_hash.len > 0) {
		put_number(text, "$psl ", (uint64_t)meta->psl_time);
		put_bytes(text, " ", meta->psl_hash);
		buf_byte(text->out, '\n');
	}
	if (meta->has_time) {
		put_number(text, "$time ", (uint64_t)meta->time);
		buf_byte(text->out, '\n');
	}
	if (meta->receiver.len > 0) {
		put_bytes(text, "$receiver ", meta->receiver);
		buf_byte(text->out, '\n');
	}
}

/* Each once; they are sorted. */
static void put_domains(const struct text *text, const struct name *domains, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && name_equal(domains[i - 1], domains[i]))
			continue;
		buf_text(text->out, "$domain ");
		put_name(text, domains[i]);
		buf_byte(text->out, '\n');
	}
}

void snapshot_write_text(struct arena *arena, const struct snapshot_meta *meta, struct name *domains,
	size_t domain_count, const struct answer **answers, size_t count, struct buf *out)
{
	const struct text text = {out, arena};
	if (domain_count > 1)
		qsort(domains, domain_count, sizeof *domains, compare_names);
	if (count > 1)
		qsort(answers, count, sizeof(const struct answer *), compare_answers);
	buf_printf(out, "%s%d\n", SNAPSHOT_FORMAT_MAGIC, SNAPSHOT_FORMAT_VERSION);
	buf_text(out, "# A run of mailauth: what DNS said. `mailauth COMMAND --replay FILE` runs it again, "
		      "offline.\n");
	put_meta(&text, meta);
	put_domains(&text, domains, domain_count);
	snapshot_written_put(arena, meta->zones, answers, count, out);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !name_equal(answers[i - 1]->question.name, answers[i]->question.name))
			buf_byte(out, '\n');
		put_answer(&text, answers[i]);
	}
	buf_printf(out, "\n$end %zu\n", count);
}
