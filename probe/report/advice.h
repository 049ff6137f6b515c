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
#include "probe/result.h"

struct mx_advice;

/** catalogue may be NULL: then remedies go by their verdict. Borrowed. */
struct mx_advice *mx_advice_new(const struct mx_catalogue *catalogue);
void mx_advice_free(struct mx_advice *advice);
/** Remember what this result calls for; nothing for an accepted one. */
void mx_advice_add(struct mx_advice *advice, const struct mx_result *result);
/** Nothing when all was accepted. */
void mx_advice_print(const struct mx_advice *advice, FILE *out, unsigned width);

#endif
