/*
 * deliver_view.h - what `mxprobe deliver` prints.
 * In:   deliveries, as they go on.   Out: lines for people, or JSON.
 * Not:  no exit status, no store.
 */
#ifndef MX_CMD_DELIVER_VIEW_H
#define MX_CMD_DELIVER_VIEW_H

#include <stdio.h>

#include "probe/deliver/rejoin.h"
#include "probe/deliver/delivery.h"

struct mx_deliver_look {
	FILE *out, *err;
	unsigned width; /* 0: as long as it is */
	bool is_json, is_quiet;
	bool is_talkative; /* tell on err what is going on */
};

void mx_deliver_view_progress(const struct mx_deliver_look *look,
    const struct mx_delivery *delivery, const char *what);
void mx_deliver_view_result(
    const struct mx_deliver_look *look, const struct mx_delivery *delivery);
void mx_deliver_view_rejoined(
    const struct mx_deliver_look *look, const struct mx_rejoined *joined);

#endif
