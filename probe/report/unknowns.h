/*
 * unknowns.h - replies that no rule knew, counted by their wording, to be sent in.
 * In:   replies as they come.   Out: a file of "COUNT<TAB>WORDING" lines, most frequent first.
 * Not:  nothing personal: see template.h.
 */
#ifndef MX_REPORT_UNKNOWNS_H
#define MX_REPORT_UNKNOWNS_H

#include "probe/base/err.h"
#include "probe/report/tally.h"

struct mx_unknowns {
	struct mx_tally tally;
};

void mx_unknowns_init(struct mx_unknowns *unknowns);
void mx_unknowns_add(struct mx_unknowns *unknowns, const char *text, size_t len);
/** "-" is standard output. The file is made even if there is nothing to write into it. */
enum mx_err mx_unknowns_write(struct mx_unknowns *unknowns, const char *path,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_unknowns_clear(struct mx_unknowns *unknowns);

#endif
