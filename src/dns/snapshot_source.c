/* snapshot_source: a saved run as a source; see snapshot.h.
 *
 * It proves nothing about names that were not asked for, and its NXDOMAINs are what that run saw: when it
 * answers alone, nothing is corrected (name_exists()).
 */
#include <stdlib.h>

#include "dns/snapshot.h"

struct snapshot_source {
	struct local_source base;
	const struct answer *answers; /* sorted by question */
	size_t count;
};

static bool snapshot_source_lookup(const struct local_source *local, struct arena *arena,
	const struct question *question, struct answer *out)
{
	const struct snapshot_source *source = (const struct snapshot_source *)local;
	(void)arena;
	if (source->count == 0)
		return false;
	/* An answer begins with its question. */
	const struct answer *found =
		bsearch(question, source->answers, source->count, sizeof *source->answers, question_order);
	if (found != NULL)
		*out = *found;
	return found != NULL;
}

static bool snapshot_source_name_exists(const struct local_source *local, struct name name)
{
	(void)local;
	(void)name;
	return false;
}

static struct origin told(struct origin saved, struct slice file, size_t line)
{
	return (struct origin){.kind = ORIGIN_REPLAY, .server = saved.server, .file = file, .line = line};
}

/* `from` with the origins of this file. */
static struct answer tell(
	struct arena *arena, const struct answer *from, const struct snapshot_lines *lines, struct slice file)
{
	struct answer answer = *from;
	struct record *records = arena_alloc(arena, from->count * sizeof *records);
	for (size_t i = 0; i < from->count; i++) {
		records[i] = from->records[i];
		records[i].origin = told(records[i].origin, file, lines->records[i]);
	}
	answer.origin = told(from->origin, file, lines->question);
	answer.records = from->count == 0 ? NULL : records;
	return answer;
}

struct local_source *snapshot_source(
	struct arena *arena, const struct snapshot_data *data, struct slice file, bool tells)
{
	static const struct local_ops ops = {snapshot_source_lookup, snapshot_source_name_exists};
	struct snapshot_source *source = arena_alloc(arena, sizeof *source);
	*source = (struct snapshot_source){{&ops}, data->answers, data->count};
	if (!tells)
		return &source->base;
	struct answer *answers = arena_alloc(arena, data->count * sizeof *answers);
	for (size_t i = 0; i < data->count; i++)
		answers[i] = tell(arena, &data->answers[i], &data->lines[i], file);
	source->answers = answers;
	return &source->base;
}
