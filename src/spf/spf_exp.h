/* spf_exp: the explanation of a fail, as the sending domain words it (RFC 7208 6.2). */
#ifndef SPF_SPF_EXP_H
#define SPF_SPF_EXP_H

#include "spf/spf_evaluation.h"

#define SPF_EXP_MAX_BYTES 65535 /* of an expanded explanation */

/* Fetches the text at `target`, checks and expands it for the record of `domain`. False: there is none,
 * or it cannot be used; receivers then go on without (RFC 7208 6.2), so that is no error. */
bool spf_exp_text(struct spf_evaluation *e, struct slice target, struct slice domain, struct slice *out);

#endif
