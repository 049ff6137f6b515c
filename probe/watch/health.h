/*
 * health.h - how the daemon itself is, for those who watch the watch.
 * In:   whoever runs the loop writes it.   Out: metrics and the page read it.
 * Not:  no behaviour.
 */
#ifndef MX_WATCH_HEALTH_H
#define MX_WATCH_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

struct mx_watch_health {
	int64_t started_us;    /* wall clock, as all but the lag */
	bool is_reload_ok;     /* the last load of the configuration; the first counts */
	int64_t reload_us;     /* the last one that succeeded */
	char reload_why[1024]; /* why the last one failed; "" */
	int64_t lag_us; /* how late the loop's timers were at worst in the last minute */
	bool is_stopping;
};

#endif
