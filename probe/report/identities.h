/*
 * identities.h - below the table: what is not in order about the sources.
 * In:   results as they come.   Out: for each source the facts that warn or fail, once.
 * Not:  no JSON: there each result has its own.
 */
#ifndef MX_REPORT_IDENTITIES_H
#define MX_REPORT_IDENTITIES_H

#include "probe/report/report.h"

struct mx_identities;

struct mx_identities *mx_identities_new(const struct mx_report_options *options);
/** What is shown is kept as text: the result may go. */
void mx_identities_add(struct mx_identities *identities, const struct mx_result *result);
/** By address; with many sources a line each. Nothing where all is in order. */
void mx_identities_print(const struct mx_identities *identities, FILE *out);
void mx_identities_free(struct mx_identities *identities);

#endif
