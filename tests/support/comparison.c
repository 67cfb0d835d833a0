/* comparison: see comparison.h. */
#include "support/comparison.h"

#include "support/inspection.h"
#include "support/unit.h"

struct diff_side *comparison_side(struct arena *arena, struct fixture *fixture, const char *domain)
{
	struct diff_side *side = arena_alloc(arena, sizeof *side);
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, domain);
	inspection_run(arena, fixture, &request, &inspection);
	diff_side_of(arena, &inspection.verdict, side);
	return side;
}

void comparison_run(struct arena *arena, const char *before, const char *after, const char *domain,
	unsigned deny, struct diff *out)
{
	const struct diff_side *old = comparison_side(arena, fixture_open(arena, before), domain);
	const struct diff_side *new = comparison_side(arena, fixture_open(arena, after), domain);
	diff_compare(arena, old->domain, old, new, deny, out);
}

void comparison_example(struct arena *arena, const char *example, struct diff *out)
{
	static const char border[] = "\n--\n";
	const char *end = strstr(example, border);
	ck_assert_msg(end != NULL, "no line -- in \"%s\"", example);
	const char *before = arena_cstr(arena, slice_of(example, (size_t)(end - example)));
	comparison_run(arena, before, end + strlen(border), "example.com", 0, out);
}
