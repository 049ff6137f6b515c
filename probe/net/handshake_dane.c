/* handshake_dane.c - the rules of RFC 7671 are OpenSSL's; those that SMTP adds are set here. */
#include "probe/net/handshake_dane.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "probe/base/mem.h"

static bool
add_record(SSL *ssl, const struct mx_dane_record *record)
{
	struct mx_tlsa tlsa;

	return mx_tlsa_read(record->rdata, record->len, &tlsa) &&
	       SSL_dane_tlsa_add(ssl, tlsa.usage, tlsa.selector, tlsa.matching, tlsa.data,
		   tlsa.len) > 0;
}

bool
mx_handshake_expect_dane(SSL *ssl, const struct mx_dane *dane)
{
	size_t taken = 0;

	if (dane->count == 0 || SSL_dane_enable(ssl, dane->base) <= 0)
		return false;
	for (size_t i = 0; i < dane->count; i++)
		taken += add_record(ssl, &dane->records[i]);
	if (taken == 0)
		return false;
	/* RFC 7672 3.1.1: with usage 3 the certificate's names count for nothing. 3.2.2: with usage 2
	 * the mail domain is as good a name as the host. */
	(void)SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	if (dane->domain != NULL)
		(void)SSL_add1_host(ssl, dane->domain);
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return true;
}

void
mx_handshake_judge_dane(SSL *ssl, long error, struct mx_tls_facts *facts)
{
	int depth = SSL_get0_dane_authority(ssl, NULL, NULL);
	uint8_t usage = 0, selector = 0, matching = 0;

	if (depth < 0 || error != X509_V_OK) {
		facts->dane = MX_DANE_FAILED;
		facts->dane_detail =
		    mx_strdup(error == X509_V_ERR_DANE_NO_MATCH || error == X509_V_OK
				  ? "no TLSA record names the server's certificate or key"
				  : X509_verify_cert_error_string(error));
		return;
	}
	(void)SSL_get0_dane_tlsa(ssl, &usage, &selector, &matching, NULL, NULL);
	facts->dane = MX_DANE_VALID;
	facts->dane_detail =
	    mx_asprintf("TLSA %u %u %u names the %s%s", usage, selector, matching,
		depth > 0 ? "CA's " : "server's ", selector == 1 ? "key" : "certificate");
}
