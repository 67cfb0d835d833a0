/* spf_request: the message that SPF is evaluated for: check_host()'s arguments (RFC 7208 4.1) and what
 * its macros need. */
#ifndef SPF_SPF_REQUEST_H
#define SPF_SPF_REQUEST_H

#include <stdint.h>

#include "base/ip.h"
#include "dns/name.h"

/* Longest local-part, domain and HELO name that are looked at; what is longer is cut. A command line of
 * SMTP has no more bytes (RFC 5321 4.5.3.1.4), and each macro of a 64 KiB record repeats them. */
#define SPF_MAX_IDENTITY 512

/* Text is raw: a stranger chose it. Invariant: ip is not an IPv4-mapped address. */
struct spf_request {
	struct ip ip;
	struct slice domain;	    /* <domain>: the name whose record is used first */
	struct slice sender;	    /* %{s}: local-part@domain */
	struct slice local_part;    /* %{l}: "postmaster" when none was given (RFC 7208 4.3) */
	struct slice sender_domain; /* %{o} */
	struct slice helo;	    /* %{h} */
	struct slice receiver;	    /* %{r}; "unknown" when there is none (RFC 7208 7.3) */
	int64_t time;		    /* %{t}: seconds since the epoch */
	bool is_helo_identity;	    /* null reverse-path: postmaster@helo was checked (RFC 7208 2.4) */
	struct slice mail_from;	    /* as given, for header fields; empty for the null reverse-path */
};

/* Fills the identity from what a mail server saw. `mail_from`: an address, split at its last '@'; a
 * domain alone; "" or "<>" for the null reverse-path: the identity is postmaster@helo then. `helo`: empty
 * when it is not known; %{h} is the sender's domain then. `domain`: the domain to check instead of the
 * sender's; empty: the sender's. U-labels become A-labels; a domain that cannot be one stays as it is,
 * and gives `none` (RFC 7208 4.3). False when there is neither a sender nor a helo (its ptr is NULL). */
bool spf_request_identify(struct arena *arena, struct spf_request *request, struct slice mail_from,
	struct slice helo, struct slice domain);

/* True when check_host() can be asked about `domain`: at least two labels, none of them empty or over 63
 * bytes, and no address ("192.0.2.1", "[192.0.2.1]"). RFC 7208 4.3 */
bool spf_request_is_usable(struct arena *arena, struct slice domain, struct name *out);

/* The same of the identity's own domain, which a stranger typed: blanks, controls and what IDNA refuses are
 * in no domain that has mail. (What the macros of a record expand to is asked for as it is.) */
bool spf_request_is_identity(struct arena *arena, struct slice domain, struct name *out);

#endif
