/*
 * site.h - the inside of struct mx_web, for the handlers of requests.
 * In:   what mx_web_new was given.   Out: where everything is that a handler may need.
 * Not:  not for anybody outside web/.
 */
#ifndef MX_WEB_SITE_H
#define MX_WEB_SITE_H

#include "probe/web/web.h"

struct mx_auth;
struct mx_metrics;
struct mx_model;
struct mx_stream;
struct mx_web_change;
struct mx_tls_server;
struct mx_web_server;

struct mx_web {
	struct mx_web_params params; /* strings own */
	struct mx_auth *auth;
	struct mx_tls_server *tls; /* NULL: plain */
	struct mx_web_server *server;
	struct mx_model *model;
	struct mx_metrics *metrics;
	struct mx_stream *stream;
	struct mx_web_change *changes; /* on their way to the store (api_change.c) */
	char csrf[33]; /* a secret of this process that its pages know (guard.h) */
};

/** What stands before every address that is told to browsers: "" or "/mxprobe". */
const char *mx_web_root(const struct mx_web *web);

#endif
