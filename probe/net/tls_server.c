/* tls_server.c - an SSL_CTX that can be exchanged, and bufferevents on it. */
#include "probe/net/tls_server.h"

#include <stdlib.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "probe/base/mem.h"

struct mx_tls_server {
	SSL_CTX *context;
};

static enum mx_err
refuse(const char *path, const char *what, struct mx_error *err)
{
	char why[128];

	ERR_error_string_n(ERR_peek_error(), why, sizeof why);
	ERR_clear_error();
	return mx_error_set(err, MX_ERR_CONFIG, "%s: %s (%s)", path, what, why);
}

static enum mx_err
load(SSL_CTX *context, const char *cert, const char *key, struct mx_error *err)
{
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(context, cert) != 1)
		return refuse(cert, "no certificate can be read from it", err);
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		return refuse(key, "no key of that certificate can be read from it", err);
	if (SSL_CTX_check_private_key(context) != 1)
		return refuse(key, "the key of another certificate", err);
	return MX_OK;
}

static SSL_CTX *
new_context(const char *cert, const char *key, struct mx_error *err)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (context == NULL)
		mx_out_of_memory();
	(void)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	(void)SSL_CTX_set_options(
	    context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	(void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	if (load(context, cert, key, err) == MX_OK)
		return context;
	SSL_CTX_free(context);
	return NULL;
}

struct mx_tls_server *
mx_tls_server_new(const char *cert, const char *key, struct mx_error *err)
{
	SSL_CTX *context = new_context(cert, key, err);
	struct mx_tls_server *server;

	if (context == NULL)
		return NULL;
	server = mx_calloc(1, sizeof *server);
	server->context = context;
	return server;
}

enum mx_err
mx_tls_server_reload(
    struct mx_tls_server *server, const char *cert, const char *key, struct mx_error *err)
{
	SSL_CTX *context = new_context(cert, key, err);

	if (context == NULL)
		return err->code;
	/* Sessions hold on to the old one. */
	SSL_CTX_free(server->context);
	server->context = context;
	return MX_OK;
}

void
mx_tls_server_free(struct mx_tls_server *server)
{
	if (server == NULL)
		return;
	SSL_CTX_free(server->context);
	free(server);
}

struct bufferevent *
mx_tls_server_open(struct mx_tls_server *server, struct event_base *base)
{
	SSL *ssl = SSL_new(server->context);
	struct bufferevent *stream =
	    ssl != NULL ? bufferevent_openssl_socket_new(base, -1, ssl,
			      BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE)
			: NULL;

	if (stream == NULL)
		mx_out_of_memory();
	return stream;
}
