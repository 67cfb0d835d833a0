/* spf_side: what DNS has for one term of an SPF record and the clients of one family (RFC 7208 5.3-5.7). */
#ifndef SPF_SPF_SIDE_H
#define SPF_SPF_SIDE_H

#include "spf/spf_target.h"

/* A growing list of networks. */
struct spf_side_networks {
	struct prefix *items;
	size_t count;
	size_t capacity;
};

/* Looks up the addresses of a, mx, ptr or exists whose target is `side->name` and fills `side`; networks
 * of `family`, masked, are appended to `networks`. All questions that can be seen are asked at once. */
void spf_side_look(struct view *view, struct arena *arena, const struct spf_term *term, enum ip_family family,
	struct spf_side *side, struct spf_side_networks *networks);

#endif
