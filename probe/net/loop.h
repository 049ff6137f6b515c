/*
 * loop.h - the one event loop (libevent) that does all network work.
 * In:   callbacks.   Out: they run, on this thread only.
 * Not:  no sockets (stream.h), no deadlines of a protocol (the session owns those timers).
 */
#ifndef MX_NET_LOOP_H
#define MX_NET_LOOP_H

#include <stdint.h>

#include "probe/base/err.h"

struct mx_loop;
struct mx_timer;
struct event_base;

/** NULL with MX_ERR_SYSTEM when the kernel gives no epoll. libevent's log goes to base/log. For
 *  the whole process: SIGPIPE is ignored, and as many descriptors as allowed may be open. */
struct mx_loop *mx_loop_new(struct mx_error *err);
void mx_loop_free(struct mx_loop *loop);
/** Runs until mx_loop_stop() or nothing is left to wait for; signals alone are nothing. */
void mx_loop_run(struct mx_loop *loop);
/** Ends the run, or when none is on, the next one at once. */
void mx_loop_stop(struct mx_loop *loop);
/** For streams, for dns/ (libunbound) and for scripted servers: the lint knows who may include
 *  libevent. */
struct event_base *mx_loop_base(struct mx_loop *loop);
/** Calls cb on the loop when the signal arrives; lives until the loop is freed. A signal that is
 *  ignored stays so: whoever started us (nohup, a shell's background) wants that. */
void mx_loop_on_signal(
    struct mx_loop *loop, int signo, void (*cb)(void *arg, int signo), void *arg);
/** Calls cb when the loop is freed, while its events can still be taken down; registering the same
 *  cb again changes nothing. */
void mx_loop_on_free(struct mx_loop *loop, void (*cb)(const struct mx_loop *loop));
/** Calls cb once from the loop, soon, never from inside this call. */
void mx_loop_defer(struct mx_loop *loop, void (*cb)(void *arg), void *arg);

/** A stopped one-shot timer on base/clock's monotonic clock. */
struct mx_timer *mx_timer_new(struct mx_loop *loop, void (*cb)(void *arg), void *arg);
/** NULL is taken. Safe from inside the timer's own callback. */
void mx_timer_free(struct mx_timer *timer);
/** (Re)start: fires once after us microseconds. */
void mx_timer_start(struct mx_timer *timer, int64_t us);
void mx_timer_stop(struct mx_timer *timer);

#endif
