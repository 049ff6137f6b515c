/*
 * coverage.h - a destination as seen from one source, however many of its addresses there are.
 * In:   results, in any order.   Out: for each (source, destination) the worst verdict and at how many
 *       of its addresses it holds.
 * Not:  no output. A source is of one family, so IPv4 and IPv6 never share a line.
 */
#ifndef MX_REPORT_COVERAGE_H
#define MX_REPORT_COVERAGE_H

#include "probe/result.h"

struct mx_coverage_row {
	char *destination; /* as the results have it, raw */
	struct mx_addr source;
	enum mx_verdict worst;
	size_t hits; /* rows with that verdict */
	size_t rows;
	size_t addresses; /* that there are, as far as the results know */
};

/** Zero-initialised. */
struct mx_coverage {
	void *tree;                    /* tsearch(3) */
	struct mx_coverage_row **rows; /* in the order of their first result */
	size_t count;
};

/** Count it. The pair's row, which stays where it is. */
const struct mx_coverage_row *mx_coverage_add(
    struct mx_coverage *coverage, const struct mx_result *result);
/** "outlook.com from 203.0.113.5: blocked at 2 of 4 addresses", safe for a terminal; NULL where only
 *  one address was probed. Caller frees. */
char *mx_coverage_words(const struct mx_coverage_row *row);
void mx_coverage_clear(struct mx_coverage *coverage);

#endif
