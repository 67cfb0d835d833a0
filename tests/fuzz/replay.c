/* replay: runs a fuzz target over files, and over mutations of them, without a fuzzer.
 *
 *     fuzz_wire [-n ROUNDS] FILE...
 *
 * Each file is run as it is, then ROUNDS times with a few bytes changed, removed, doubled or cut off. The
 * mutations come from a fixed sequence: two runs do the same. What goes wrong is for the sanitizers to see.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_INPUT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A heap copy of exactly `size` bytes, so that a read behind the end is seen. */
static void run_once(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);
	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* One change of `data`, which has room for twice `size`. */
static size_t mutate(uint8_t *data, size_t size, uint64_t *random)
{
	static const uint8_t loved[] = {0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff, ' ', ';', '%', '{', '.',
		':', '/', '=', '"', '\\', '\n', '('};
	if (size == 0)
		return 0;
	size_t at = (size_t)(next_random(random) % size);
	size_t run = (size_t)(next_random(random) % (size - at < 16 ? size - at : 16)) + 1;
	if (run > size - at)
		run = size - at;
	switch (next_random(random) % 5) {
	case 0:
		data[at] = (uint8_t)next_random(random);
		return size;
	case 1:
		data[at] = loved[next_random(random) % sizeof loved];
		return size;
	case 2:
		memmove(data + at, data + at + run, size - at - run);
		return size - run;
	case 3:
		memmove(data + at + run, data + at, size - at);
		return size + run;
	default:
		return at;
	}
}

static void run_mutations(const uint8_t *data, size_t size, unsigned long rounds)
{
	uint64_t random = size;
	uint8_t *work = malloc(size * 2 + 64);
	if (work == NULL)
		abort();
	for (unsigned long round = 0; round < rounds; round++) {
		memcpy(work, data, size);
		size_t now = size;
		for (uint64_t changes = next_random(&random) % 4 + 1; changes > 0 && now + 16 < size * 2 + 64;
			changes--)
			now = mutate(work, now, &random);
		run_once(work, now);
	}
	free(work);
}

static int run_file(const char *path, unsigned long rounds)
{
	static uint8_t data[MAX_INPUT];
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		perror(path);
		return 1;
	}
	size_t size = fread(data, 1, sizeof data, file);
	fclose(file);
	run_once(data, size);
	run_mutations(data, size, rounds);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long rounds = 0;
	int first = 1, status = 0;
	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		rounds = strtoul(argv[2], NULL, 10);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		status |= run_file(argv[i], rounds);
	if (argc <= first) {
		fprintf(stderr, "%s: no files\n", argv[0]);
		return 2;
	}
	return status;
}
