/*
 * advice.h - what to do next, said once for many results.
 * In:   results.
 * Out:  a short list under the table: remedies, links, in the order of need.
 * Not:  nothing about a single reply (evidence.h).
 */
#ifndef MX_REPORT_ADVICE_H
#define MX_REPORT_ADVICE_H

#include <stdio.h>

#include "probe/catalogue/catalogue.h"

struct mx_advice;

/** catalogue may be NULL: then remedies go by their verdict. Borrowed. */
struct mx_advice *mx_advice_new(const struct mx_catalogue *catalogue);
void mx_advice_free(struct mx_advice *advice);
/** Remember what a result calls for; nothing when verdict is accepted. remedy (an id) and url may
 *  be NULL; the texts are copied; destination is safe to show. Feed results in the order in which
 *  they are shown. */
void mx_advice_add(struct mx_advice *advice, enum mx_verdict verdict,
    const char *destination, const char *remedy, const char *url);
/** Nothing when all was accepted. */
void mx_advice_print(const struct mx_advice *advice, FILE *out, unsigned width);

#endif
