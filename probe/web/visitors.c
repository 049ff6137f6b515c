/*
 * visitors.c - evhttp tells nobody that a connection is gone, so each of its bufferevents is held by a
 * reference of ours: one without callbacks has been freed by evhttp, which has told the peer so (FIN), and
 * goes with the next look. Until then its descriptor stays open, or a new connection could get the same
 * number while events of the old one are still there.
 */
#include "probe/web/visitors.h"

#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "probe/base/mem.h"

struct visitor {
	TAILQ_ENTRY(visitor) next; /* the one that did something last is last */
	struct bufferevent *stream;
	unsigned due; /* when it has to go, in ticks */
	bool is_busy, is_kept;
};
TAILQ_HEAD(visitor_list, visitor);

struct mx_visitors {
	struct mx_visitors_params params;
	struct visitor_list list;
	size_t count;
	struct event *tick;
	unsigned
	    now; /* seconds since the start: of the kernel's time, not of a test's clock */
};

static bool
is_gone(const struct visitor *visitor)
{
	bufferevent_data_cb on_read = NULL, on_write = NULL;
	bufferevent_event_cb on_event = NULL;

	bufferevent_getcb(visitor->stream, &on_read, &on_write, &on_event, NULL);
	return on_read == NULL && on_write == NULL && on_event == NULL;
}

static void
forget(struct mx_visitors *visitors, struct visitor *visitor)
{
	TAILQ_REMOVE(&visitors->list, visitor, next);
	visitors->count--;
	(void)bufferevent_decref(visitor->stream);
	free(visitor);
}

/* As if the peer had gone: evhttp frees what it has of it. */
static void
cut(struct visitor *visitor)
{
	evutil_socket_t fd = bufferevent_getfd(visitor->stream);

	if (fd >= 0 && !is_gone(visitor))
		(void)shutdown(fd, SHUT_RDWR);
}

static void
look(struct mx_visitors *visitors)
{
	struct visitor *visitor = TAILQ_FIRST(&visitors->list), *next;

	for (; visitor != NULL; visitor = next) {
		next = TAILQ_NEXT(visitor, next);
		if (is_gone(visitor))
			forget(visitors, visitor);
		else if (!visitor->is_kept && visitors->now > visitor->due)
			cut(visitor);
	}
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct mx_visitors *visitors = arg;

	(void)fd, (void)what;
	visitors->now++;
	look(visitors);
}

struct mx_visitors *
mx_visitors_new(const struct mx_visitors_params *params)
{
	struct mx_visitors *visitors = mx_calloc(1, sizeof *visitors);
	struct timeval second = { .tv_sec = 1 };

	visitors->params = *params;
	TAILQ_INIT(&visitors->list);
	visitors->tick = event_new(params->base, -1, EV_PERSIST, on_tick, visitors);
	if (visitors->tick == NULL || event_add(visitors->tick, &second) != 0)
		mx_out_of_memory();
	return visitors;
}

void
mx_visitors_free(struct mx_visitors *visitors)
{
	struct visitor *visitor, *next;

	if (visitors == NULL)
		return;
	for (visitor = TAILQ_FIRST(&visitors->list); visitor != NULL; visitor = next) {
		next = TAILQ_NEXT(visitor, next);
		forget(visitors, visitor);
	}
	event_free(visitors->tick);
	free(visitors);
}

static struct visitor *
first_idle(struct mx_visitors *visitors)
{
	struct visitor *visitor;

	TAILQ_FOREACH (visitor, &visitors->list, next)
		if (!visitor->is_busy)
			return visitor;
	return NULL;
}

/* Whoever waits for a request goes first, then whoever has waited longest for an answer. */
static void
make_room(struct mx_visitors *visitors)
{
	struct visitor *visitor;

	look(visitors);
	if (visitors->count < visitors->params.most)
		return;
	visitor = first_idle(visitors);
	if (visitor == NULL)
		visitor = TAILQ_FIRST(&visitors->list);
	if (visitor != NULL)
		cut(visitor);
}

struct bufferevent *
mx_visitors_open(struct event_base *base, void *arg)
{
	struct mx_visitors *visitors = arg;
	struct visitor *visitor = mx_calloc(1, sizeof *visitor);

	if (visitors->count >= visitors->params.most)
		make_room(visitors);
	visitor->stream = visitors->params.open != NULL
			      ? visitors->params.open(visitors->params.arg, base)
			      : bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (visitor->stream == NULL)
		mx_out_of_memory();
	bufferevent_incref(visitor->stream);
	visitor->due = visitors->now + visitors->params.request_s;
	TAILQ_INSERT_TAIL(&visitors->list, visitor, next);
	visitors->count++;
	return visitor->stream;
}

static struct visitor *
find(struct mx_visitors *visitors, const struct bufferevent *stream)
{
	struct visitor *visitor;

	/* Whoever speaks is mostly one of those who spoke last. */
	TAILQ_FOREACH_REVERSE(visitor, &visitors->list, visitor_list, next)
	if (visitor->stream == stream)
		return visitor;
	return NULL;
}

void
mx_visitors_busy(struct mx_visitors *visitors, struct bufferevent *stream, bool is_busy)
{
	struct visitor *visitor = find(visitors, stream);

	if (visitor == NULL)
		return;
	visitor->is_busy = is_busy;
	visitor->is_kept = false;
	visitor->due = visitors->now +
		       (is_busy ? visitors->params.answer_s : visitors->params.request_s);
	TAILQ_REMOVE(&visitors->list, visitor, next);
	TAILQ_INSERT_TAIL(&visitors->list, visitor, next);
}

void
mx_visitors_keep(struct mx_visitors *visitors, struct bufferevent *stream)
{
	struct visitor *visitor = find(visitors, stream);

	if (visitor != NULL)
		visitor->is_kept = true;
}

void
mx_visitors_dismiss(struct mx_visitors *visitors, struct bufferevent *stream)
{
	struct visitor *visitor = find(visitors, stream);

	if (visitor != NULL)
		cut(visitor);
}

size_t
mx_visitors_count(struct mx_visitors *visitors)
{
	look(visitors);
	return visitors->count;
}
