/*
 * delivered.h - test messages beside the probe's results, for status and history.
 * In:   an opened store, a source and a group.   Out: lines for people, or JSON as it was kept.
 * Not:  no message is sent or looked for.
 */
#ifndef MX_CMD_DELIVERED_H
#define MX_CMD_DELIVERED_H

#include <stdio.h>

#include "probe/store/deliveries.h"

struct mx_delivered {
	FILE *out;
	struct mx_store *store;
	const char *source, *group; /* NULL: any */
	int64_t since_us;           /* 0: any */
	int64_t newest;             /* so many at most; 0: all */
	int64_t now_us;
};

/** "accepted up to RCPT TO; delivered to junk; dmarc=fail", a line each, newest first; nothing at all
 *  where there are none. */
enum mx_err mx_delivered_print(const struct mx_delivered *what, struct mx_error *err)
    __attribute__((warn_unused_result));
/** Each as `deliver --format json` printed it, a line each, newest first. */
enum mx_err mx_delivered_json(const struct mx_delivered *what, struct mx_error *err)
    __attribute__((warn_unused_result));
/** The newest to that group that left from that source, as far as the receiver told; NULL with err
 *  untouched: none. Caller frees. */
char *mx_delivered_newest(
    struct mx_store *store, const char *source, const char *group, struct mx_error *err);

#endif
