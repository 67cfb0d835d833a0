/* spf_size: see spf_size.h. What was seen on the way says more than what can be computed: a truncated answer
 * is one finding, its length no second one. */
#include "spf/spf_size.h"

#define DNS_HEADER	 12 /* bytes, RFC 1035 4.1.1 */
#define QUESTION_FIXED	 4  /* type and class */
#define RECORD_FIXED	 12 /* pointer to the owner, type, class, TTL, length: RFC 1035 4.1.3, 4.1.4 */
#define UDP_WITHOUT_EDNS 512

size_t spf_size_of_answer(const struct answer *answer)
{
	size_t size = DNS_HEADER + answer->question.name.len + QUESTION_FIXED;
	for (size_t i = 0; i < answer->chain_count; i++)
		size += RECORD_FIXED + answer->chain[i].target.len;
	for (size_t i = 0; i < answer->count; i++)
		size += RECORD_FIXED + answer->records[i].rdata.len;
	return size;
}

bool spf_size_report(struct arena *arena, const struct spf_tree_place *place, struct findings *findings)
{
	const struct answer *answer = place->node->selection->answer;
	size_t size = spf_size_of_answer(answer);
	if (answer->kind != ANSWER_RECORDS || (!answer->truncated && size <= UDP_WITHOUT_EDNS))
		return false;
	enum rule_id rule = answer->truncated ? RULE_SPF_UDP_TRUNCATED : RULE_SPF_SIZE_512;
	struct finding *finding = spf_tree_place_report(findings, rule, place, NULL);
	finding->args[0] = arena_printf(arena, "%zu", size);
	finding->args[1] = arena_printf(arena, "%zu", answer->count);
	return true;
}
