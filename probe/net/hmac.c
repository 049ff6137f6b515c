/* hmac.c - OpenSSL's, in hexadecimal. */
#include "probe/net/hmac.h"

#include <limits.h>
#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "probe/base/mem.h"

const char *
mx_hmac_sha256(
    const char *key, size_t key_len, const char *text, size_t len, char out[MX_HMAC_TEXT])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;

	/* Its only failure here is a lack of memory: keys are files of a few KiB. */
	if (HMAC(EVP_sha256(), key, (int)(key_len < INT_MAX ? key_len : INT_MAX),
		(const unsigned char *)text, len, digest, &digest_len) == NULL)
		mx_out_of_memory();
	for (unsigned i = 0; i < digest_len; i++)
		(void)snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
	return out;
}
