/* cross_mail: rules that need MX, SPF and DMARC together: domains without mail, mailboxes that get no
 * reports, servers without a record, wildcards (RFC 7208 3.5, 10.1.3; RFC 7505; RFC 9989 4.3, 4.7). */
#ifndef INSPECT_CROSS_MAIL_H
#define INSPECT_CROSS_MAIL_H

#include "inspect/inspect.h"

/* Asked below the domain to see whether a wildcard answers: a name that nobody has. */
#define CROSS_MAIL_PROBE "mailauth-wildcard-test"

/* Adds its findings to `out`, whose sections are filled and which has the findings about SPF and DMARC: those
 * that only repeat one of these are taken out. Asks for the MX of the domain and of report mailboxes (their
 * addresses when there is none), for a name that a wildcard would answer, and for the SPF records of the
 * domain's own mail servers. */
void cross_mail(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out);

#endif
