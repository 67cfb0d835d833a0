/* xml: text in XML 1.0 documents. Whatever bytes go in, what comes out is well-formed: what XML cannot hold
 * (controls, bytes that are not UTF-8, U+FFFE and U+FFFF) becomes U+FFFD (XML 1.0, 2.2). */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/buf.h"

/* Text between tags. */
void xml_text(struct buf *out, struct slice text);

/* ` name="value"`. Line ends and tabs survive as references: a parser would make blanks of them. */
void xml_attribute(struct buf *out, const char *name, struct slice value);
void xml_attribute_number(struct buf *out, const char *name, size_t number);

#endif
