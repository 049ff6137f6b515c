/* test_dkim_key.c - keys that receivers can use, and those that they can't. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/identity/dkim_key.h"

/* Public keys made for this test by `openssl genrsa BITS | openssl rsa -pubout -outform DER`. */
/* clang-format off */
#define RSA_768 \
	"MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAJ7yZ9lZzjkOoqLBSH2sez4uniOIfV1jncBPz5" \
	"94VT/yf6mYkJnPmFYnvf5jDW46Auo6mOT+4RbHqre8kPAm590IvbFds0VgleMAoULFMlYz" \
	"tKoZYpaAW2YcstJJtmysRwIDAQAB"
#define RSA_1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDbsVWYCFuPNczWVm3Spgr8fK60pLwt7b" \
	"f4Sk6RYyjm53odoV5weYYC6qJTG30MHHbFch59w/iH37o5RWRBo/oZon9bGhhncl6Denlp" \
	"9shSho1iwTCI4640m5SOHpJWFbLicVSSB4y7rm9YMMEtMT5Ji15+wqmQjxPE32RrkJuj3w" \
	"IDAQAB"
#define RSA_2048 \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA58KfG879ipchIH3/iIvGhrmYLz" \
	"D6dJvHL5o3aBr4kLnh6OxRvkTLvCefDmbDkp0gwq8bcU+1h6bgEMzgfE2SNocHLToi+4N1" \
	"700sD8GwA7NGVxOmh2ZgmCY5Tue8Xu1sa7s+kGsqBzdL/atCsc2kf0FBlq+HYkIZmvP9MU" \
	"BcJLdadhu7NyqlMvcKy4gDKP8rHpGMuceHybL6QvShJUj8YZx/3oKCr0F0Lr51iazJrQ+A" \
	"KJHm0DVVWBHKmyGSO273JXTUfsGGj4PvcwvV9NV20yo4mIRvAUGCHmryAflRpwhxSP39hJ" \
	"bKK1fJslPgxyW8ZP/j964BGTesGmEKgRMTOQIDAQAB"
#define RSA_2048_BARE \
	"MIIBCgKCAQEAwP4DXEfnaXFq0FO8877IysdQXMVhXABAOPEKaMomrfxxkP5EIk9n6b5sKr" \
	"6vzWmS6i2p3hHzADQig2R6icQPxB16ikwva3cgIIgt7LS08twtCX/Q3oPIesc26O/PsBV3" \
	"EUf+V/obno7jEltOfEt2LKf0N44UHkRjk3ab8wr60iddEVaf3nAVINK0gZfyfSecS5A4dH" \
	"1+zGMHcFZyH4VH+iNn8ok2uF2dRAZKFD77A5xtDHShnwGDaWtJjuzVALEAH2IuxnSvRbGl" \
	"d2lBKyMWNcH9U1aTFTMVaLhb7yFqbyRhE3oy7218Ew7Xm5FkqkkeNGlLtC4CvY4JK/kszd" \
	"kBWwIDAQAB"
#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
/* clang-format on */

TestSuite(dkim_key, .timeout = 5);

static void
expect(const char *record, size_t len, enum mx_check_result result, const char *hint)
{
	char *advice;

	cr_assert_eq(mx_dkim_key_judge("s1._domainkey.x.test", record, len, &advice),
	    result, "%s: %s", record, advice != NULL ? advice : "");
	cr_assert(hint == NULL ? advice == NULL
			       : advice != NULL && strstr(advice, hint) != NULL,
	    "%s: %s", record, advice != NULL ? advice : "");
	free(advice);
}

Test(dkim_key, each_kind_of_key_is_judged)
{
	static const struct {
		const char *record;
		enum mx_check_result result;
		const char *hint;
	} table[] = {
		{ "v=DKIM1; k=rsa; p=" RSA_2048, MX_CHECK_PASS, NULL },
		{ "p=" RSA_2048, MX_CHECK_PASS, NULL },
		{ "v=DKIM1; p=" RSA_2048_BARE, MX_CHECK_PASS, NULL },
		{ "v=DKIM1; h=sha1 : sha256; s=email; t=s; p=" RSA_2048, MX_CHECK_PASS,
		    NULL },
		{ "v=DKIM1; k=ed25519; p=" ED25519, MX_CHECK_PASS, NULL },
		{ "v=DKIM1; p=" RSA_1024, MX_CHECK_WARN, "has 1024 bits" },
		{ "v=DKIM1; t=y:s; p=" RSA_2048, MX_CHECK_WARN, "t=y" },
		{ "v=DKIM1; p=" RSA_768, MX_CHECK_FAIL, "has 768 bits" },
		{ "v=DKIM1; p=", MX_CHECK_FAIL, "revoked" },
		{ "v=DKIM1; p= ", MX_CHECK_FAIL, "revoked" },
		{ "v=DKIM1; k=rsa", MX_CHECK_FAIL, "no p=" },
		{ "v=DKIM2; p=" RSA_2048, MX_CHECK_FAIL, "v=DKIM1" },
		{ "k=rsa; v=DKIM1; p=" RSA_2048, MX_CHECK_FAIL, "begin with v=DKIM1" },
		{ "v=DKIM1; k=dsa; p=" RSA_2048, MX_CHECK_FAIL, "k=dsa" },
		{ "v=DKIM1; h=sha1; p=" RSA_2048, MX_CHECK_FAIL, "sha256" },
		{ "v=DKIM1; s=tlsrpt; p=" RSA_2048, MX_CHECK_FAIL, "excludes mail" },
		{ "v=DKIM1; p=!!!", MX_CHECK_FAIL, "not base64" },
		{ "v=DKIM1; p=AAAA", MX_CHECK_FAIL, "no RSA public key" },
		{ "v=DKIM1; k=ed25519; p=AAAA", MX_CHECK_FAIL, "holds 3 bytes" },
		{ "v=DKIM1 p=AAAA", MX_CHECK_FAIL, "v=DKIM1" },
		{ "hello", MX_CHECK_FAIL, "malformed" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		expect(table[i].record, strlen(table[i].record), table[i].result,
		    table[i].hint);
}

/* A key cut anywhere, as a provider's form does with what is over 255 bytes, is never taken for a
 * good one. */
Test(dkim_key, a_torn_key_fails)
{
	static const char record[] = "v=DKIM1; k=rsa; p=" RSA_2048;

	for (size_t len = 0; len < sizeof record - 5; len++) {
		char *advice;

		cr_assert_eq(mx_dkim_key_judge("n", record, len, &advice), MX_CHECK_FAIL,
		    "%zu", len);
		free(advice);
	}
}
