/* Fuzz target for wire: any bytes as the reply to a question. The first byte chooses the type that was
 * asked for. */
#include "dns/wire.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What readers of an answer rely on. */
static void check_answer(const struct answer *answer)
{
	bool has_records = answer->kind == ANSWER_RECORDS || answer->kind == ANSWER_ALIAS;
	assert(has_records == (answer->count > 0) && answer->failure == DNS_FAILURE_NONE);
	assert(answer->kind != ANSWER_ALIAS || (answer->count == 1 && !answer->records[0].malformed));
	for (size_t i = 0; i < answer->count; i++) {
		assert(answer->records[i].ttl >= answer->ttl);
		assert(answer->kind == ANSWER_ALIAS || answer->records[i].type == answer->question.type);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = {
		RRTYPE_TXT, RRTYPE_A, RRTYPE_MX, RRTYPE_CNAME, RRTYPE_PTR, RRTYPE_SOA};
	struct escape escape = {0};
	struct arena arena;
	arena_init(&arena, &escape);
	if (size == 0 || setjmp(escape.env) != 0)
		return 0;
	struct question question = {
		{"\7example\3com", 13}, types[data[0] % (sizeof types / sizeof types[0])]};
	struct wire_context context = {.trust_ad = true};
	struct slice message = slice_of((const char *)data + 1, size - 1);
	struct wire_reply reply = wire_read(&arena, message, &question, &context);
	assert((reply.status == WIRE_ANSWERED) == (reply.count > 0));
	for (size_t i = 0; i < reply.count; i++)
		check_answer(&reply.answers[i]);
	arena_free(&arena);
	return 0;
}
