/*
 * nagios_range.h - thresholds as the Monitoring Plugins write them: "3600", "10:20", "~:8h", "@0:60".
 * In:   text of a user's.   Out: a range, and whether a value is to be told of.
 * Not:  no unit but seconds; 4h is 14400.
 */
#ifndef MX_REPORT_NAGIOS_RANGE_H
#define MX_REPORT_NAGIOS_RANGE_H

#include <stdbool.h>

#include "probe/base/err.h"

struct mx_nagios_range {
	bool is_set;
	bool is_inside; /* "@": told of within, not outside */
	double low, high;
};

/** option is for the message: MX_ERR_USAGE. */
enum mx_err mx_nagios_range_parse(const char *option, const char *text,
    struct mx_nagios_range *range, struct mx_error *err)
    __attribute__((warn_unused_result));
/** To be told of? Never when it is not set. */
bool mx_nagios_range_tells(const struct mx_nagios_range *range, double value);

#endif
