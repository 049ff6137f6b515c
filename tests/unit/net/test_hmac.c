/* test_hmac.c - the known answers of RFC 4231. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/net/hmac.h"

TestSuite(hmac, .timeout = 10);

Test(hmac, gives_the_answers_of_rfc_4231)
{
	char ones[20], longer[131], out[MX_HMAC_TEXT];
	const struct {
		const char *key;
		size_t len;
		const char *text, *digest;
	} rows[] = {
		{ ones, sizeof ones, "Hi There",
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7" },
		{ "Jefe", 4, "what do ya want for nothing?",
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843" },
		{ longer, sizeof longer,
		    "Test Using Larger Than Block-Size Key - Hash Key First",
		    "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54" },
	};

	memset(ones, 0x0b, sizeof ones);
	memset(longer, 0xaa, sizeof longer);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(mx_hmac_sha256(rows[i].key, rows[i].len, rows[i].text,
				     strlen(rows[i].text), out),
		    rows[i].digest);
}
