/* spf_target: the name that a term is about, as far as it is known without (or with a sample) message.
 *
 *     include:%{d2}.spf.example.net    at mail.example.com    is    example.com.spf.example.net
 *     exists:%{i}.spf.example.net      without a message      is    not known
 *
 * RFC 7208 4.3, 4.8, 7.
 */
#ifndef SPF_SPF_TARGET_H
#define SPF_SPF_TARGET_H

#include "macro/macro_expand.h"
#include "spf/spf_tree.h"

enum spf_target_kind {
	SPF_TARGET_NAME,
	SPF_TARGET_UNRESOLVED, /* a macro needs a message */
	SPF_TARGET_BAD	       /* no domain name: an empty label, one that is too long (RFC 7208 4.8) */
};

struct spf_target {
	enum spf_target_kind kind;
	struct name name;  /* SPF_TARGET_NAME */
	struct slice text; /* raw: the name, the bytes that are no name, or the domain-spec as published */
	bool uses_ip;	   /* known for the address of the sample alone */
};

/* Who a domain-spec is expanded for. */
struct spf_target_request {
	struct name inspected;		 /* %{o} when the sample has no sender */
	const struct spf_sample *sample; /* or NULL */
	struct name domain;		 /* %{d}: owner of the record */
	enum ip_family family;		 /* %{v} */
};

/* What the letters stand for. %{p} is never known, %{i} only for the sample's own family. */
struct macro_values spf_target_values(struct arena *arena, const struct spf_target_request *request);

/* `spec` NULL: the owner of the record itself. */
struct spf_target spf_target_expand(
	struct arena *arena, const struct spf_target_request *request, const struct macro_string *spec);

#endif
