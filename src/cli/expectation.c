/* expectation: see expectation.h. */
#include "cli/expectation.h"

#include "cli/complain.h"
#include "cli/options.h"

bool expectation_spf_result(struct arena *arena, struct slice word, enum spf_result *out, struct slice *error)
{
	static const char words[] = "none neutral pass fail softfail temperror permerror"; /* as the enum */
	size_t index;
	if (!options_find_word(arena, "result", word, words, &index, error))
		return false;
	*out = (enum spf_result)index;
	return true;
}

enum exitcode expectation_judge(
	struct arena *arena, const char *what, const char *expected, const char *actual, bool is_temporary)
{
	if (strcmp(expected, actual) == 0)
		return EXITCODE_CLEAN;
	complain(arena_printf(arena, "expected %s%s, got %s", what, expected, actual));
	return is_temporary ? EXITCODE_INCOMPLETE : EXITCODE_FINDINGS;
}
