/*
 * handshake.c - what a TLS peer shows of itself. Certificates are remote bytes: each string is
 * bounded, and a NUL inside a name (a classic way to pass for somebody else) stays visible.
 */
#include "probe/net/handshake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "probe/base/addr.h"
#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/net/handshake_dane.h"

#define NAME_MAX_BYTES 253     /* the longest domain name as text */
#define SUBJECT_MAX_BYTES 1024 /* RFC 5280 bounds each part, not the whole */

/* ---- the verdict on the chain ---- */

/* What one handshake is checked for, and what was wrong first. Lives and dies with its SSL. */
struct checking {
	const struct mx_dane *dane; /* NULL: nobody looked for TLSA records */
	bool by_dane;               /* the chain is judged by them, not by CAs */
	long error;                 /* X509_V_OK while nothing is wrong */
};

static int checking_index = -1;

static void
free_checking(
    void *ssl, void *checking, CRYPTO_EX_DATA *data, int index, long number, void *arg)
{
	(void)ssl, (void)data, (void)index, (void)number, (void)arg;
	free(checking);
}

static struct checking *
checking_of(const SSL *ssl)
{
	return SSL_get_ex_data(ssl, checking_index);
}

/* The handshake goes on whatever is wrong. After an override OpenSSL repeats the old error at
 * each further depth, so only a call with ok == 0 counts, and the first of those. */
static int
note_error(int ok, X509_STORE_CTX *store)
{
	const SSL *ssl =
	    X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct checking *checking = checking_of(ssl);

	if (ok == 0 && checking->error == X509_V_OK)
		checking->error = X509_STORE_CTX_get_error(store);
	return 1;
}

void
mx_handshake_prepare(SSL_CTX *context)
{
	if (checking_index < 0)
		checking_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_checking);
	(void)SSL_CTX_dane_enable(context);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, note_error);
}

static char *
why_unverified(long error, const char *host)
{
	const char *known = X509_verify_cert_error_string(error);

	switch (error) {
	case X509_V_ERR_HOSTNAME_MISMATCH:
		return mx_asprintf("%s: the certificate is not for %s", known, host);
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
		return mx_asprintf(
		    "%s: signed by a CA that is not trusted here, or the server "
		    "does not send its intermediate",
		    known);
	default:
		return mx_strdup(known);
	}
}

/* "Verified" means chain and name; without a name to compare it would claim too much. */
static void
judge(SSL *ssl, X509_VERIFY_PARAM *param, struct mx_tls_facts *facts)
{
	char *ip = X509_VERIFY_PARAM_get1_ip_asc(param);
	const char *host = X509_VERIFY_PARAM_get0_host(param, 0);
	long error = checking_of(ssl)->error;

	if (SSL_get0_peer_certificate(ssl) == NULL)
		facts->reason = mx_strdup("the server sent no certificate");
	else if (error != X509_V_OK)
		facts->reason = why_unverified(error, host);
	else if (host == NULL && ip == NULL)
		facts->reason = mx_strdup("there was no name to compare with");
	else
		facts->verified = true;
	OPENSSL_free(ip);
}

/* What CAs say of a chain that DANE has judged in the handshake: the same question as without
 * TLSA records, so that "verified" means the same everywhere. */
static void
judge_by_ca(SSL *ssl, struct checking *checking, struct mx_tls_facts *facts)
{
	X509_STORE_CTX *store = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;

	if (store == NULL ||
	    X509_STORE_CTX_init(store, SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)),
		SSL_get0_peer_certificate(ssl), SSL_get_peer_cert_chain(ssl)) != 1)
		mx_out_of_memory();
	(void)X509_STORE_CTX_set_ex_data(
	    store, SSL_get_ex_data_X509_STORE_CTX_idx(), ssl);
	(void)X509_STORE_CTX_set_default(store, "ssl_server");
	X509_STORE_CTX_set_verify_cb(store, note_error);
	param = X509_STORE_CTX_get0_param(store);
	(void)X509_VERIFY_PARAM_set1_host(param, checking->dane->host, 0);
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	checking->error = X509_V_OK;
	if (SSL_get0_peer_certificate(ssl) != NULL)
		(void)X509_verify_cert(store);
	judge(ssl, param, facts);
	X509_STORE_CTX_free(store);
}

static void
judge_chain(SSL *ssl, struct mx_tls_facts *facts)
{
	struct checking *checking = checking_of(ssl);
	const struct mx_dane *dane = checking->dane;

	if (checking->by_dane) {
		mx_handshake_judge_dane(ssl, checking->error, facts);
		judge_by_ca(ssl, checking, facts);
		return;
	}
	judge(ssl, SSL_get0_param(ssl), facts);
	if (dane == NULL)
		return;
	/* Records of matching type 0 that hold no certificate or key. */
	facts->dane = dane->count > 0 ? MX_DANE_UNUSABLE : dane->known;
	facts->dane_detail = mx_strdup(dane->detail);
}

/* ---- the certificate ---- */

/* A C string from remote bytes: bounded, each NUL shown as the symbol for it (U+2400). */
static char *
text_of(const void *bytes, size_t len, size_t limit)
{
	const char *from = bytes, *end;
	struct mx_buf text;

	if (len > limit)
		len = limit;
	mx_buf_init(&text, 3 * limit);
	for (end = from + len; from < end; from++) {
		if (*from == '\0')
			(void)mx_buf_addstr(&text, "\xe2\x90\x80");
		else
			(void)mx_buf_add(&text, from, 1);
	}
	return mx_buf_take(&text);
}

static void
add_name(struct mx_tls_facts *facts, const ASN1_STRING *name)
{
	int len = ASN1_STRING_length(name);

	if (facts->name_count < MX_TLS_NAMES && len > 0)
		facts->names[facts->name_count++] =
		    text_of(ASN1_STRING_get0_data(name), (size_t)len, NAME_MAX_BYTES);
}

static void
add_alternative_names(struct mx_tls_facts *facts, const X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_DNS)
			add_name(facts, name->d.dNSName);
	}
	GENERAL_NAMES_free(names);
}

static void
add_common_name(struct mx_tls_facts *facts, const X509 *cert)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

	if (at >= 0)
		add_name(
		    facts, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

static char *
distinguished_name(const X509_NAME *name)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *bytes = NULL, *text = NULL;
	long len = 0;

	if (out != NULL &&
	    X509_NAME_print_ex(out, name, 0,
		XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		len = BIO_get_mem_data(out, &bytes);
	if (len > 0)
		text = text_of(bytes, (size_t)len, SUBJECT_MAX_BYTES);
	BIO_free(out);
	return text;
}

static int64_t
unix_seconds(const ASN1_TIME *time)
{
	struct tm utc;

	return ASN1_TIME_to_tm(time, &utc) == 1 ? (int64_t)timegm(&utc) : 0;
}

static void
read_certificate(const X509 *cert, struct mx_tls_facts *facts)
{
	facts->subject = distinguished_name(X509_get_subject_name(cert));
	facts->issuer = distinguished_name(X509_get_issuer_name(cert));
	facts->not_before_s = unix_seconds(X509_get0_notBefore(cert));
	facts->not_after_s = unix_seconds(X509_get0_notAfter(cert));
	add_alternative_names(facts, cert);
	if (facts->name_count == 0)
		add_common_name(facts, cert);
}

void
mx_handshake_facts(SSL *ssl, struct mx_tls_facts *facts)
{
	const X509 *cert = SSL_get0_peer_certificate(ssl);

	*facts = (struct mx_tls_facts){ .seen = MX_TLS_DONE };
	facts->version = mx_strdup(SSL_get_version(ssl));
	facts->cipher = mx_strdup(SSL_get_cipher_name(ssl));
	facts->obsolete = SSL_version(ssl) < TLS1_2_VERSION;
	judge_chain(ssl, facts);
	if (cert != NULL)
		read_certificate(cert, facts);
	ERR_clear_error(); /* a certificate may be odd in many small ways */
}

/* ---- before ---- */

/* An MX target may end in the root's dot; certificates and SNI never do. */
static void
expect_name(SSL *ssl, const char *host)
{
	size_t len = strlen(host);
	char *name = mx_strndup(host, len > 0 && host[len - 1] == '.' ? len - 1 : len);

	if (*name != '\0') {
		(void)SSL_set_tlsext_host_name(ssl, name);
		(void)SSL_set1_host(ssl, name);
		SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	}
	free(name);
}

static void
expect_peer(SSL *ssl, const char *host)
{
	struct checking *checking = checking_of(ssl);
	struct mx_addr literal;
	char text[MX_ADDR_TEXT];

	if (checking->dane != NULL)
		checking->by_dane = mx_handshake_expect_dane(ssl, checking->dane);
	if (checking->by_dane)
		return;
	if (host != NULL && mx_addr_parse(host, &literal))
		(void)X509_VERIFY_PARAM_set1_ip_asc(
		    SSL_get0_param(ssl), mx_addr_text(&literal, text));
	else if (host != NULL)
		expect_name(ssl, host);
}

SSL *
mx_handshake_open(
    struct mx_tls *tls, int fd, const char *host, const struct mx_dane *dane)
{
	SSL *ssl = SSL_new(tls->context);
	struct checking *checking;

	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	checking = mx_calloc(1, sizeof *checking);
	checking->dane = dane;
	checking->error = X509_V_OK;
	if (SSL_set_ex_data(ssl, checking_index, checking) != 1)
		mx_out_of_memory();
	SSL_set_connect_state(ssl);
	expect_peer(ssl, host);
	ERR_clear_error();
	return ssl;
}

/* ---- failures ---- */

/* clang-format off */
static const struct {
	int reason;
	const char *words;
} ssl_reasons[] = {
	{ SSL_R_WRONG_VERSION_NUMBER,         "the peer spoke plaintext (wrong version number)" },
	{ SSL_R_HTTP_REQUEST,                 "the peer spoke HTTP" },
	{ SSL_R_UNEXPECTED_EOF_WHILE_READING, "closed during the handshake" },
	{ SSL_R_UNSUPPORTED_PROTOCOL,         "no TLS version in common (unsupported protocol)" },
	{ SSL_R_VERSION_TOO_LOW,              "no TLS version in common (version too low)" },
	{ SSL_R_NO_SHARED_CIPHER,             "no cipher in common" },
	{ SSL_R_DH_KEY_TOO_SMALL,             "the peer's Diffie-Hellman key is too small" },
	{ SSL_R_BAD_SIGNATURE,                "the peer's signature does not hold" },
};
/* clang-format on */

static char *
words_for(unsigned long code)
{
	int reason = ERR_GET_REASON(code);
	const char *known;

	if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
		for (size_t i = 0; i < sizeof ssl_reasons / sizeof *ssl_reasons; i++) {
			if (ssl_reasons[i].reason == reason)
				return mx_strdup(ssl_reasons[i].words);
		}
		if (reason > SSL_AD_REASON_OFFSET)
			return mx_asprintf("alert: %s",
			    SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET));
	}
	known = ERR_reason_error_string(code);
	return known != NULL ? mx_asprintf("TLS: %s", known)
			     : mx_asprintf("TLS: OpenSSL error %lx", code);
}

char *
mx_handshake_failure(int error, int sys)
{
	unsigned long code =
	    ERR_get_error(); /* the earliest: later ones only repeat it */

	ERR_clear_error();
	if (code != 0 && ERR_GET_LIB(code) != ERR_LIB_SYS)
		return words_for(code);
	if (error != SSL_ERROR_SYSCALL || sys == 0)
		return mx_strdup("closed during the handshake");
	if (sys == ECONNRESET || sys == EPIPE)
		return mx_strdup("reset during the handshake");
	return mx_asprintf("broken off during the handshake (%s)", strerror(sys));
}
