/*
 * notify.h - what systemd is told of a daemon (sd_notify(3)): one datagram to $NOTIFY_SOCKET.
 * In:   "READY=1", "STATUS=412 pairs, 3 blocked", ...   Out: a datagram, where somebody listens.
 * Not:  no library, no wait; nobody there is no error.
 */
#ifndef MX_BASE_NOTIFY_H
#define MX_BASE_NOTIFY_H

#include <stdint.h>

/** Lines of NAME=VALUE. Does nothing without $NOTIFY_SOCKET. */
void mx_notify(const char *lines);
/** RELOADING=1 with the monotonic time that it wants beside it; READY=1 ends it. */
void mx_notify_reloading(void);
/** How often WATCHDOG=1 is expected of this process, in microseconds; 0: never. */
int64_t mx_notify_watchdog_us(void);

#endif
