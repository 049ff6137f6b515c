/*
 * pause.h - to wait for a wall-clock time, for days if need be.
 * In:   a time; ticks on the way.   Out: it has come, or a signal has.
 * Not:  nothing else is under way meanwhile.
 */
#ifndef MX_WATCH_PAUSE_H
#define MX_WATCH_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/err.h"

struct mx_pause {
	int64_t until_us;        /* wall clock; set or suspended clocks are noticed */
	void (*tick)(void *arg); /* every second; NULL: nobody looks */
	void *arg;
};

/** *is_interrupted: SIGINT, SIGTERM or SIGHUP came first. MX_ERR_SYSTEM when there is no loop to be
 *  had. */
enum mx_err mx_pause(const struct mx_pause *pause, bool *is_interrupted,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
