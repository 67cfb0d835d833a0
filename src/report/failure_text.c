/* failure_text: see failure_text.h. */
#include "report/failure_text.h"

static struct slice words_of(struct arena *arena, const struct answer *answer)
{
	switch (answer->failure) {
	case DNS_FAILURE_NONE:
		return SLICE("failed");
	case DNS_FAILURE_TIMEOUT:
		return SLICE("no answer in time");
	case DNS_FAILURE_SERVFAIL:
		return SLICE("the name server failed (SERVFAIL)");
	case DNS_FAILURE_REFUSED:
		return SLICE("the name server refuses to answer (REFUSED)");
	case DNS_FAILURE_RCODE:
		return arena_printf(
			arena, "the name server answers with error code %u", (unsigned)answer->rcode);
	case DNS_FAILURE_MALFORMED:
		return SLICE("the answer cannot be read");
	case DNS_FAILURE_UNREACHABLE:
		return SLICE("no name server can be reached");
	case DNS_FAILURE_LOOP:
		return SLICE("its aliases (CNAME) run in a circle");
	case DNS_FAILURE_DEADLINE:
		return SLICE("the time for this domain was over (--max-time)");
	case DNS_FAILURE_LIMIT:
		return SLICE("left out: too many questions or aliases for one domain");
	case DNS_FAILURE_OFFLINE:
		return SLICE("not in what was given, and DNS is not asked");
	}
	return SLICE("");
}

struct slice failure_text(
	struct arena *arena, struct slice name, struct slice owner, const struct answer *answer)
{
	struct slice type = rrtype_text(arena, answer->question.type);
	struct slice words = words_of(arena, answer);
	struct slice alias = SLICE("");
	if (!name_is_none(answer->owner) && !name_equal(answer->owner, answer->question.name))
		alias = arena_printf(arena, " (an alias of %.*s)", (int)owner.len, owner.ptr);
	const char *tcp = answer->truncated ? " (its answer is too long for UDP, and TCP failed)" : "";
	return arena_printf(arena, "%.*s %.*s%.*s: %.*s%s", (int)name.len, name.ptr, (int)type.len, type.ptr,
		(int)alias.len, alias.ptr, (int)words.len, words.ptr, tcp);
}

struct slice failure_text_plain(struct arena *arena, const struct answer *answer)
{
	struct slice owner = name_is_none(answer->owner) ? SLICE("") : name_text(arena, answer->owner);
	return failure_text(arena, name_text(arena, answer->question.name), owner, answer);
}
