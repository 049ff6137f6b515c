/*
 * tls_server.h - the server's side of TLS, as libevent's bufferevents.
 * In:   certificate and key files; connections that are coming in.
 * Out:  a bufferevent a connection, which shakes hands by itself.
 * Not:  no client certificates. For web/ only: probes see TLS through stream.h.
 */
#ifndef MX_NET_TLS_SERVER_H
#define MX_NET_TLS_SERVER_H

#include "probe/base/err.h"

struct bufferevent;
struct event_base;
struct mx_tls_server;

/** PEM files: the certificate with those that sign it, leaf first, and its key. TLS 1.2 up. NULL and
 *  MX_ERR_CONFIG when they can't be read or don't belong together. */
struct mx_tls_server *mx_tls_server_new(
    const char *cert, const char *key, struct mx_error *err);
/** For connections from now on. After an error all is as it was. */
enum mx_err mx_tls_server_reload(struct mx_tls_server *server, const char *cert,
    const char *key, struct mx_error *err) __attribute__((warn_unused_result));
/** Connections that still live stay as they are. NULL is taken. */
void mx_tls_server_free(struct mx_tls_server *server);

/** Without a descriptor, which bufferevent_setfd gives; it is closed with the bufferevent. */
struct bufferevent *mx_tls_server_open(
    struct mx_tls_server *server, struct event_base *base);

#endif
