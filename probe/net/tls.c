/* tls.c - the SSL_CTX that all sessions share. */
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "probe/base/mem.h"
#include "probe/net/handshake.h"

static enum mx_err
trust(SSL_CTX *context, const char *ca_file, struct mx_error *err)
{
	char why[128];

	ERR_clear_error();
	if (ca_file == NULL && SSL_CTX_set_default_verify_paths(context) == 1)
		return MX_OK;
	if (ca_file != NULL && SSL_CTX_load_verify_file(context, ca_file) == 1)
		return MX_OK;
	ERR_error_string_n(ERR_peek_error(), why, sizeof why);
	ERR_clear_error();
	return mx_error_set(err, ca_file != NULL ? MX_ERR_USAGE : MX_ERR_SYSTEM,
	    "%s: no CA certificates can be read from it (%s)",
	    ca_file != NULL ? ca_file : "the system's CA store", why);
}

/* What a server from 2005 offers is to be seen and called obsolete, not mistaken for broken; and
 * this side has no secrets that a weak session could give away. */
static void
accept_old_servers(SSL_CTX *context)
{
	SSL_CTX_set_security_level(context, 0);
	(void)SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	(void)SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
}

static void
keep_sessions_small(SSL_CTX *context)
{
	/* 10 KiB less for each idle session; the buffers come back when bytes do. */
	(void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	/* Nothing is ever resumed: each probe wants to see the certificate. */
	(void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
	/* One read() a record instead of two. */
	SSL_CTX_set_read_ahead(context, 1);
}

struct mx_tls *
mx_tls_new(const char *ca_file, struct mx_error *err)
{
	struct mx_tls *tls;
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL) {
		mx_error_set(err, MX_ERR_SYSTEM, "OpenSSL can't be set up");
		return NULL;
	}
	accept_old_servers(context);
	keep_sessions_small(context);
	(void)SSL_CTX_set_mode(
	    context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	(void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	mx_handshake_prepare(context);
	if (trust(context, ca_file, err) != MX_OK) {
		SSL_CTX_free(context);
		return NULL;
	}
	tls = mx_calloc(1, sizeof *tls);
	tls->context = context;
	return tls;
}

void
mx_tls_free(struct mx_tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}
