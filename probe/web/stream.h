/*
 * stream.h - news as they come, to whoever listens (server-sent events).
 * In:   hints that something has changed.   Out: events: state, result, schedule; a heartbeat.
 * Not:  no client is waited for: one that does not read is cut off, and asks again from where it was.
 *
 * `state` events are the store's, each with its id, in order and without gaps: a client that comes back
 * with Last-Event-ID gets what it missed. The others are hints to look again.
 */
#ifndef MX_WEB_STREAM_H
#define MX_WEB_STREAM_H

#include "probe/web/request.h"

struct mx_stream;

/** NULL with err when the store can't be read. */
struct mx_stream *mx_stream_new(struct mx_web *web, struct mx_error *err);
/** After the server is gone. NULL is taken. */
void mx_stream_free(struct mx_stream *stream);

/** There may be new events in the store. */
void mx_stream_pump(struct mx_stream *stream);
void mx_stream_result(
    struct mx_stream *stream, const char *source, const char *group, const char *result);
/** Told within a second, once for several. group NULL: more than one pair. */
void mx_stream_schedule(struct mx_stream *stream, const char *source, const char *group);

#endif
