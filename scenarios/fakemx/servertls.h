/*
 * servertls.h - the server side of TLS: one context per certificate and version.
 * In:   the directory that certs/make-certs.sh filled.
 * Out:  SSL_CTX objects, made when asked for.
 * Not:  no handshake (wire.h).
 */
#ifndef MX_FAKEMX_SERVERTLS_H
#define MX_FAKEMX_SERVERTLS_H

#include "scenarios/fakemx/scenario.h"

struct ssl_ctx_st;
struct mx_servertls;

/** dir is copied; it may be missing as long as nobody asks. */
struct mx_servertls *mx_servertls_new(const char *dir);
/** NULL is taken. */
void mx_servertls_free(struct mx_servertls *tls);
/** The context for NAME.pem and NAME.key, speaking that version only (ANY: whatever the client
 *  likes from TLS 1.0 up). Borrowed. NULL and MX_ERR_CONFIG when the files can't be read. */
struct ssl_ctx_st *mx_servertls_context(struct mx_servertls *tls, const char *name,
    enum mx_tls_version version, struct mx_error *err);

#endif
