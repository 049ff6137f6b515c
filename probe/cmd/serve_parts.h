/*
 * serve_parts.h - who stands beside the watch: the web server, the alerts, and test messages.
 * In:   a reading of the configuration, the watch, what it tells.   Out: HTTP, notices.
 * Not:  no schedule, no signals (serve.c).
 */
#ifndef MX_CMD_SERVE_PARTS_H
#define MX_CMD_SERVE_PARTS_H

#include "probe/cmd/serve_deliver.h"
#include "probe/cmd/serve_setup.h"
#include "probe/watch/alert/alerts.h"
#include "probe/web/web.h"

struct mx_serve_parts {
	struct mx_watch *watch;
	const char *listen; /* --listen: ADDRESS:PORT, "none", or NULL: as configured */
	/* POST /-/reload */
	bool (*reload)(void *arg, struct mx_error *err);
	void *reload_arg;
	struct mx_web *web;               /* NULL: nobody listens */
	struct mx_alerts *alerts;         /* NULL until opened */
	struct mx_serve_deliver *deliver; /* NULL: not configured */
};

/** After the watch. Close with mx_serve_parts_close in any case. */
enum mx_err mx_serve_parts_open(struct mx_serve_parts *parts,
    const struct mx_serve_setup *setup, struct mx_error *err)
    __attribute__((warn_unused_result));
/** All, or none: what was refused leaves them with before. */
enum mx_err mx_serve_parts_reload(struct mx_serve_parts *parts,
    const struct mx_serve_setup *setup, const struct mx_serve_setup *before,
    struct mx_error *err) __attribute__((warn_unused_result));
/** HTTP and test messages are cut off at once; done comes from the loop when notices under way have ended. */
void mx_serve_parts_stop(
    struct mx_serve_parts *parts, void (*done)(void *arg), void *arg);
void mx_serve_parts_close(struct mx_serve_parts *parts);

#endif
