/* spf_domain_spec: the domain name, with macros, that a term is about (RFC 7208 7.1, 12). */
#ifndef SPF_SPF_DOMAIN_SPEC_H
#define SPF_SPF_DOMAIN_SPEC_H

#include "macro/macro_parse.h"
#include "spf/spf_reading.h"
#include "spf/spf_record.h"

/* Parses the bytes at `span`, which are not empty. A mistake is one finding, and then *valid is false; it is
 * untouched otherwise. */
const struct macro_string *spf_domain_spec_parse(struct spf_reading *reading, struct span span, bool *valid);

/* Says what is grammatical and surely not meant: a URL, a mail address, an empty label, a label or a name
 * too long for DNS (spf-domain-spec-invalid), a final dot (spf-trailing-dot), %{p} (spf-ptr). `kind` is that
 * of the term. */
void spf_domain_spec_advise(
	struct spf_reading *reading, const struct macro_string *domain_spec, enum spf_kind kind);

/* True for what RFC 7208 12 calls toplabel. */
bool spf_domain_spec_is_toplabel(struct slice label);

/* True when `text` is a host name of two labels or more: letters, digits, hyphens and underscores, ending in
 * a toplabel. */
bool spf_domain_spec_is_host(struct slice text);

#endif
