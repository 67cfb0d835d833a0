/* fake_source: see fake_source.h. */
#include "support/fake_source.h"

#include <stdlib.h>
#include <time.h>

struct fake_source {
	struct source source; /* first member */
	struct fake_options options;
	struct escape *escape;
	struct question *open;
	size_t count;
	size_t capacity;
	unsigned random;
};

static struct fake_source *of(struct source *source)
{
	return (struct fake_source *)(void *)source;
}

static void deliver(struct fake_source *fake, struct question question)
{
	struct answer answer = {
		.question = question, .kind = ANSWER_NODATA, .owner_exists = true, .ttl = 300};
	answer.owner = question.name;
	if (fake->options.is_temporary)
		answer = answer_failure(question, DNS_FAILURE_TIMEOUT);
	fake->source.sink.deliver(fake->source.sink.context, &answer);
}

static void keep(struct fake_source *fake, struct question question)
{
	if (fake->count == fake->capacity) {
		size_t capacity = fake->capacity * 2 + 8;
		fake->open = escape_realloc(fake->escape, fake->open, capacity * sizeof *fake->open);
		fake->capacity = capacity;
	}
	char *wire = escape_malloc(fake->escape, question.name.len);
	memcpy(wire, question.name.wire, question.name.len);
	fake->open[fake->count++] = (struct question){{wire, question.name.len}, question.type};
}

static void ask(struct source *source, const struct question *questions, size_t count)
{
	struct fake_source *fake = of(source);
	for (size_t i = 0; i < count; i++) {
		if (fake->options.order == FAKE_IN_ASK)
			deliver(fake, questions[i]);
		else
			keep(fake, questions[i]);
	}
	struct fake_counts *counts = fake->options.counts;
	if (counts == NULL)
		return;
	counts->questions += count;
	if (fake->count > counts->most_open)
		counts->most_open = fake->count;
}

static void deliver_open(struct fake_source *fake, size_t index)
{
	struct question question = fake->open[index];
	memmove(&fake->open[index], &fake->open[index + 1], (fake->count - index - 1) * sizeof *fake->open);
	fake->count--;
	deliver(fake, question);
	free((void *)(uintptr_t)question.name.wire);
}

static unsigned next_random(struct fake_source *fake)
{
	fake->random = fake->random * 1103515245 + 12345;
	return fake->random >> 16;
}

static void sleep_ms(int ms)
{
	struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
	nanosleep(&time, NULL);
}

static void wait_some(struct source *source, int timeout_ms)
{
	struct fake_source *fake = of(source);
	if (fake->options.counts != NULL)
		fake->options.counts->waits++;
	if (fake->count == 0)
		return;
	if (fake->options.keeps_first && fake->count == 1) {
		sleep_ms(timeout_ms);
		return;
	}
	switch (fake->options.order) {
	case FAKE_IN_ASK:
		break;
	case FAKE_ROUNDS:
		while (fake->count > 0)
			deliver_open(fake, 0);
		break;
	case FAKE_OLDEST:
		deliver_open(fake, 0);
		break;
	case FAKE_NEWEST:
		deliver_open(fake, fake->count - 1);
		break;
	case FAKE_SHUFFLED:
		deliver_open(fake, next_random(fake) % fake->count);
		break;
	case FAKE_SILENT:
		sleep_ms(timeout_ms);
		break;
	}
}

static void close_source(struct source *source)
{
	struct fake_source *fake = of(source);
	for (size_t i = 0; i < fake->count; i++)
		free((void *)(uintptr_t)fake->open[i].name.wire);
	free(fake->open);
	free(fake);
}

struct source *fake_source_open(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	static const struct source_ops ops = {ask, wait_some, close_source, NULL, NULL};
	(void)why;
	struct fake_source *fake = escape_malloc(escape, sizeof *fake);
	*fake = (struct fake_source){.source = {&ops, sink}, .escape = escape};
	fake->options = *(const struct fake_options *)context;
	fake->random = fake->options.seed;
	return &fake->source;
}
