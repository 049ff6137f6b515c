/*
 * route.h - which handler answers which method and path: one table.
 * In:   complete requests.   Out: a handler is called, or the request is refused.
 * Not:  no handler.
 */
#ifndef MX_WEB_ROUTE_H
#define MX_WEB_ROUTE_H

#include "probe/web/request.h"

/** What has to hold before a handler is called. */
enum mx_web_need {
	MX_WEB_LOGIN, /* whoever may read, where a token or users are configured */
	MX_WEB_OPEN,  /* anybody who can connect */
	MX_WEB_CHANGE, /* login, the same origin, and for browsers the secret of the page */
	MX_WEB_SIGNAL /* login and the same origin: what anybody may do at any time */
};

struct mx_web_route {
	enum mx_web_method method;
	const char *path; /* a segment "*" stands for one of any text but the empty one */
	void (*handle)(struct mx_web_request *request);
	enum mx_web_need need;
};

/** Answers now or later. */
void mx_web_route(struct mx_web_request *request);

#endif
