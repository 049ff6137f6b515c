/*
 * backoff.h - how long to wait before a receiver is tried again.
 * In:   how often it has failed, what it asked for itself.   Out: a span.
 * Not:  no timer, no clock.
 */
#ifndef MX_WATCH_ALERT_BACKOFF_H
#define MX_WATCH_ALERT_BACKOFF_H

#include <stdint.h>

#define MX_BACKOFF_FIRST_US (INT64_C(5) * 1000000)
#define MX_BACKOFF_MOST_US (INT64_C(3600) * 1000000)

/** Doubles from 5 s up to an hour, then up to a quarter more or less by chance, so that many notices
 *  don't come back together; never shorter than asked_us (Retry-After; 0: nothing was asked).
 *  chance: any number. */
int64_t mx_backoff_us(int64_t failed, int64_t asked_us, uint64_t chance);

#endif
