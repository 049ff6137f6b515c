/*
 * server.h - evhttp on the loop: where it listens, what it takes.
 * In:   an address or systemd's socket.   Out: complete requests, handed to route.h.
 * Not:  no path is known here.
 */
#ifndef MX_WEB_SERVER_H
#define MX_WEB_SERVER_H

#include "probe/base/addr.h"
#include "probe/web/site.h"
#include "probe/web/visitors.h"

struct mx_web_server;

/** Listens when it returns. NULL and MX_ERR_SYSTEM when the address can't be had, MX_ERR_CONFIG when it
 *  is one that others can reach and TLS or a token is missing. */
struct mx_web_server *mx_web_server_new(struct mx_web *web, struct mx_error *err);
/** May this address be served with those parameters? MX_ERR_CONFIG when it must not. */
enum mx_err mx_web_server_check(const struct mx_web_server *server,
    const struct mx_web_params *params, struct mx_error *err)
    __attribute__((warn_unused_result));
/** NULL is taken. */
void mx_web_server_free(struct mx_web_server *server);
const struct mx_addr *mx_web_server_addr(const struct mx_web_server *server);
struct mx_visitors *mx_web_server_visitors(struct mx_web_server *server);

#endif
