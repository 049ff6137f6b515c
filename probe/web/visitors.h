/*
 * visitors.h - who is connected, and how long they may stay.
 * In:   connections as evhttp opens them, their requests.   Out: the slow and the too many go.
 * Not:  no HTTP, no address is remembered.
 *
 * evhttp's timeouts start anew with each byte, and it takes any number of connections, so one client
 * that drips headers could hold hundreds open. Here a request has to be complete within a span counted
 * from the connection's start or the last answer; and when there are too many connections, the one
 * that has been idle for longest makes room.
 */
#ifndef MX_WEB_VISITORS_H
#define MX_WEB_VISITORS_H

#include <stdbool.h>
#include <stddef.h>

#include <event2/bufferevent.h>
#include <event2/event.h>

#define MX_VISITORS_MAX 1024U

struct mx_visitors;

struct mx_visitors_params {
	struct event_base *base;
	size_t most;        /* connections */
	unsigned request_s; /* for a request to be complete, real seconds */
	unsigned answer_s;  /* for an answer to be made and taken */
	/* Makes the bufferevent of a new connection, which has no descriptor yet and closes
	 * it when it is freed; NULL: plain. */
	struct bufferevent *(*open)(void *arg, struct event_base *base);
	void *arg;
};

/** Copied. */
struct mx_visitors *mx_visitors_new(const struct mx_visitors_params *params);
/** After evhttp_free. NULL is taken. */
void mx_visitors_free(struct mx_visitors *visitors);

/** For evhttp_set_bevcb; arg is the visitors. */
struct bufferevent *mx_visitors_open(struct event_base *base, void *arg);
/** Of that stream a request is complete, its answer is under way (true) or done (false). */
void mx_visitors_busy(
    struct mx_visitors *visitors, struct bufferevent *stream, bool is_busy);
/** It may stay as long as it likes: an answer without an end. */
void mx_visitors_keep(struct mx_visitors *visitors, struct bufferevent *stream);
/** Cut it off; evhttp hears of it from the loop. */
void mx_visitors_dismiss(struct mx_visitors *visitors, struct bufferevent *stream);
size_t mx_visitors_count(struct mx_visitors *visitors);

#endif
