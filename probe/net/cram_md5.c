/* cram_md5.c - "USER HEX(HMAC-MD5(password, challenge))". */
#include "probe/net/cram_md5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "probe/base/mem.h"

#define CHALLENGE_MAX 1024U
#define DIGEST 16

/* Length of the decoded bytes; -1: no base 64. */
static int
decode(const char *text, unsigned char out[CHALLENGE_MAX])
{
	size_t len = strlen(text);
	int got;

	if (len == 0 || len % 4 != 0 || len > CHALLENGE_MAX)
		return -1;
	got = EVP_DecodeBlock(out, (const unsigned char *)text, (int)len);
	/* OpenSSL counts the padding as bytes. */
	for (size_t i = len; got > 0 && i > len - 2 && text[i - 1] == '='; i--)
		got--;
	return got;
}

char *
mx_cram_md5_answer(const char *user, const char *password, const char *challenge)
{
	unsigned char asked[CHALLENGE_MAX], digest[EVP_MAX_MD_SIZE];
	char hex[2 * DIGEST + 1], *plain, *answer;
	unsigned digest_len = 0;
	int len = decode(challenge, asked);

	if (len < 0 || HMAC(EVP_md5(), password, (int)strlen(password), asked,
			   (size_t)len, digest, &digest_len) == NULL)
		return NULL;
	for (unsigned i = 0; i < DIGEST; i++)
		(void)snprintf(hex + (size_t)2 * i, 3, "%02x", digest[i]);
	plain = mx_asprintf("%s %s", user, hex);
	answer = mx_calloc(strlen(plain) * 2 + 8, 1);
	(void)EVP_EncodeBlock(
	    (unsigned char *)answer, (const unsigned char *)plain, (int)strlen(plain));
	free(plain);
	return answer;
}
