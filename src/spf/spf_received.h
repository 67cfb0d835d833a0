/* spf_received: the header fields in which a receiver records an SPF result: Received-SPF (RFC 7208 9.1
 * with errata 5436, 5843) and Authentication-Results (RFC 8601 2.7.2, RFC 7208 9.2).
 *
 * Values are strangers' text: what is no dot-atom is quoted, and a byte that could end the field or is
 * not printable ASCII becomes "?". A field is one line without CRLF; whoever puts it into a message folds
 * it.
 */
#ifndef SPF_SPF_RECEIVED_H
#define SPF_SPF_RECEIVED_H

#include "spf/spf_check.h"

struct slice spf_received_field(
	struct arena *arena, const struct spf_request *request, const struct spf_verdict *verdict);

struct slice spf_received_authentication_results(
	struct arena *arena, const struct spf_request *request, const struct spf_verdict *verdict);

#endif
