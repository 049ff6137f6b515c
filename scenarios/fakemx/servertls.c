/* servertls.c - contexts by name and version, kept for the life of the world. */
#include "scenarios/fakemx/servertls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

struct context {
	char *name;
	enum mx_tls_version version;
	SSL_CTX *ctx;
};

struct mx_servertls {
	char *dir;
	struct context *contexts;
	size_t count;
};

struct mx_servertls *
mx_servertls_new(const char *dir)
{
	struct mx_servertls *tls = mx_calloc(1, sizeof *tls);

	tls->dir = mx_strdup(dir);
	return tls;
}

void
mx_servertls_free(struct mx_servertls *tls)
{
	if (tls == NULL)
		return;
	for (size_t i = 0; i < tls->count; i++) {
		SSL_CTX_free(tls->contexts[i].ctx);
		free(tls->contexts[i].name);
	}
	free(tls->contexts);
	free(tls->dir);
	free(tls);
}

static int
protocol_of(enum mx_tls_version version)
{
	switch (version) {
	case MX_TLSV_1_0:
		return TLS1_VERSION;
	case MX_TLSV_1_1:
		return TLS1_1_VERSION;
	case MX_TLSV_1_2:
		return TLS1_2_VERSION;
	case MX_TLSV_1_3:
		return TLS1_3_VERSION;
	case MX_TLSV_ANY:
		break;
	}
	return 0;
}

static bool
load_files(SSL_CTX *ctx, const char *dir, const char *name)
{
	char *chain = mx_asprintf("%s/%s.pem", dir, name);
	char *key = mx_asprintf("%s/%s.key", dir, name);
	bool loaded = SSL_CTX_use_certificate_chain_file(ctx, chain) == 1 &&
		      SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1;

	free(chain);
	free(key);
	return loaded;
}

static SSL_CTX *
make_context(const char *dir, const char *name, enum mx_tls_version version)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int protocol = protocol_of(version);

	if (ctx == NULL)
		return NULL;
	/* Security level 0: TLS 1.0 and 1.1 sign with SHA-1, which level 1 of OpenSSL 3
	 * refuses. */
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, protocol != 0 ? protocol : TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, protocol);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				  SSL_MODE_RELEASE_BUFFERS);
	if (load_files(ctx, dir, name))
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

SSL_CTX *
mx_servertls_context(struct mx_servertls *tls, const char *name,
    enum mx_tls_version version, struct mx_error *err)
{
	SSL_CTX *ctx;

	for (size_t i = 0; i < tls->count; i++)
		if (tls->contexts[i].version == version &&
		    strcmp(tls->contexts[i].name, name) == 0)
			return tls->contexts[i].ctx;
	if (tls->dir == NULL) {
		mx_error_set(err, MX_ERR_CONFIG,
		    "a server offers STARTTLS, which needs certificates: give their "
		    "directory (certs/make-certs.sh DIR makes one)");
		return NULL;
	}
	ctx = make_context(tls->dir, name, version);
	if (ctx == NULL) {
		char why[128];

		ERR_error_string_n(ERR_get_error(), why, sizeof why);
		ERR_clear_error();
		mx_error_set(err, MX_ERR_CONFIG,
		    "%s/%s.pem and .key can't be used (certs/make-certs.sh makes them): "
		    "%s",
		    tls->dir, name, why);
		return NULL;
	}
	tls->contexts = mx_grow(tls->contexts, tls->count, sizeof *tls->contexts);
	tls->contexts[tls->count++] =
	    (struct context){ .name = mx_strdup(name), .version = version, .ctx = ctx };
	return ctx;
}
