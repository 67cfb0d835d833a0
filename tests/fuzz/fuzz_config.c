/* Configuration files from any bytes; of what was read everything is looked at. */
#include <stdint.h>
#include <stdlib.h>

#include "config/config.h"

static size_t sum(struct slice text)
{
	size_t all = 0;
	for (size_t i = 0; i < text.len; i++)
		all += (unsigned char)text.ptr[i];
	return all;
}

static size_t look_at(struct arena *arena, const struct config *config)
{
	size_t all = 0;
	for (size_t i = 0; i < config->option_count; i++)
		all += sum(config->options[i].name) + sum(config->options[i].value);
	for (size_t i = 0; i < config->expectation_count; i++)
		all += sum(name_text(arena, config->expectations[i].domain)) +
		       sum(config->expectations[i].text) + sum(config->expectations[i].sender);
	return all;
}

/* Every exception meets a finding of its rule. */
static void suppress(struct arena *arena, const struct config *config)
{
	struct suppress_list list;
	struct findings findings, told;
	suppress_init(&list, arena, config->suppressions, config->suppression_count, 20270101);
	findings_init(&findings, arena);
	for (size_t i = 0; i < config->suppression_count && i < 100; i++)
		findings_add(&findings, config->suppressions[i].rule)->place.name = SLICE("a.example.com");
	suppress_note_name(&list, SLICE("example.com"));
	suppress_findings(&list, &findings);
	findings_init(&told, arena);
	suppress_report(&list, &told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escape escape = {.fail_at = 0};
	struct arena arena;
	struct config config;
	struct zonefile_error error;
	arena_init(&arena, &escape);
	if (setjmp(escape.env) == 0) {
		if (!config_read(&arena, SLICE("dir/.mailauth"), slice_of((const char *)data, size), &config,
			    &error)) {
			/* A place within the text, and something to say. */
			if (error.message.len == 0 || error.place.column > size + 1 ||
				sum(error.message) == 0)
				abort();
		} else if (look_at(&arena, &config) > 0) {
			suppress(&arena, &config);
		}
	}
	arena_free(&arena);
	return 0;
}
