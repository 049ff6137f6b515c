/*
 * guard.h - requests that a foreign web page or a stranger made are told from the user's own.
 * In:   a request's headers and fields.   Out: it may go on, or it has been answered.
 * Not:  no passwords (auth.h).
 */
#ifndef MX_WEB_GUARD_H
#define MX_WEB_GUARD_H

#include "probe/web/route.h"

/** The name in Host: is one of this host's. On loopback there is nothing else that keeps a page of
 *  another site, whose name is made to point to 127.0.0.1, from reading ours. */
bool mx_web_guard_host(struct mx_web_request *request);
/** Login, origin and the page's secret, as the route needs them. False: it has been refused, or it waits
 *  for its password to be checked, and comes to again. */
bool mx_web_guard(struct mx_web_request *request, enum mx_web_need need,
    void (*again)(struct mx_web_request *request));

#endif
