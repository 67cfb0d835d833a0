/* vectors: see vectors.h. */
#include "support/vectors.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER	"tests/data/vectors"
#define LONGEST ((size_t)1 << 20) /* bytes of a file */

static struct vector vectors[VECTORS_MAX];
static size_t count;

static _Noreturn void refuse(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(EXIT_FAILURE);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(LONGEST + 1);
	if (file == NULL || text == NULL)
		refuse(path, "cannot be read");
	size_t len = fread(text, 1, LONGEST, file);
	fclose(file);
	text[len] = '\0';
	return text;
}

static void find_domain(struct vector *vector)
{
	const char *line = strstr(vector->zone, "# check ");
	snprintf(vector->domain, sizeof vector->domain, "%s", "example.com");
	if (line != NULL)
		sscanf(line, "# check %255s", vector->domain);
}

static void find_sample(struct vector *vector)
{
	const char *line = strstr(vector->zone, "# sample ");
	if (line != NULL)
		sscanf(line, "# sample %63s %255s %255s", vector->ip, vector->sender, vector->helo);
}

static int is_zone(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	return dot != NULL && strcmp(dot, ".zone") == 0;
}

void vectors_read(void)
{
	struct dirent **entries;
	int found = scandir(FOLDER, &entries, is_zone, alphasort);
	if (found <= 0 || found > VECTORS_MAX)
		refuse(FOLDER, "no zones, or too many (tests run in the top folder)");
	for (int i = 0; i < found; i++) {
		struct vector *vector = &vectors[count++];
		char path[512];
		snprintf(path, sizeof path, FOLDER "/%s", entries[i]->d_name);
		vector->zone = read_file(path);
		size_t len = strlen(entries[i]->d_name) - strlen(".zone");
		if (len >= sizeof vector->name)
			refuse(path, "name too long");
		memcpy(vector->name, entries[i]->d_name, len);
		find_domain(vector);
		find_sample(vector);
		free(entries[i]);
	}
	free(entries);
}

void vectors_free(void)
{
	for (size_t i = 0; i < count; i++)
		free(vectors[i].zone);
	count = 0;
}

size_t vectors_count(void)
{
	return count;
}

const struct vector *vectors_get(size_t index)
{
	return &vectors[index];
}
