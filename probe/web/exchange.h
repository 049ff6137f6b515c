/*
 * exchange.h - what a request and its answer share behind request.h.
 * In:   request.c makes it.   Out: answer.c sends what belongs to it.
 * Not:  only for those two.
 */
#ifndef MX_WEB_EXCHANGE_H
#define MX_WEB_EXCHANGE_H

#include <event2/bufferevent.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>

#include "probe/web/request.h"
#include "probe/web/visitors.h"

struct mx_web_exchange {
	struct mx_web_request request;
	struct evhttp_request *http;
	struct bufferevent *stream;
	bool is_head;
	char *path;
	struct evkeyvalq query, form;
	json_t *json; /* the posted object */
	void (*gone)(void *arg);
	void *gone_arg;
};

/** Where its connection's deadlines are. */
struct mx_visitors *mx_web_exchange_visitors(const struct mx_web_exchange *exchange);

#endif
