/* dkim_key.c - tag by tag; the first that a receiver stumbles over is told. */
#include "probe/identity/dkim_key.h"

#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/tags.h"

#define KEY_MAX 4096        /* bytes; an RSA key of 16,384 bits has half as many */
#define RSA_BITS_LEAST 1024 /* RFC 8301 3.2: receivers must not take less */
#define RSA_BITS_GOOD 2048
#define ED25519_BYTES 32

#define DER_SEQUENCE 0x30
#define DER_BIT_STRING 0x03
#define DER_INTEGER 0x02

struct span {
	const uint8_t *at;
	size_t len;
};

/* The next element of that type: its contents, and `in` behind it. */
static bool
der_take(struct span *in, uint8_t type, struct span *out)
{
	size_t len, head = 2;

	if (in->len < 2 || in->at[0] != type)
		return false;
	len = in->at[1];
	if (len & 0x80) {
		size_t octets = len & 0x7f;

		if (octets == 0 || octets > 3 || in->len < 2 + octets)
			return false;
		for (len = 0; head < 2 + octets; head++)
			len = len << 8 | in->at[head];
	}
	if (len > in->len - head)
		return false;
	*out = (struct span){ in->at + head, len };
	in->at += head + len;
	in->len -= head + len;
	return true;
}

static unsigned
bits_of(struct span number)
{
	unsigned bits;

	while (number.len > 0 && number.at[0] == 0) {
		number.at++;
		number.len--;
	}
	if (number.len == 0)
		return 0;
	bits = (unsigned)number.len * 8;
	for (uint8_t top = 0x80; (number.at[0] & top) == 0; top >>= 1)
		bits--;
	return bits;
}

/* RSAPublicKey: modulus and exponent. */
static unsigned
modulus_bits(struct span key)
{
	struct span modulus;

	return der_take(&key, DER_INTEGER, &modulus) ? bits_of(modulus) : 0;
}

/* Bits of an RSA key: SubjectPublicKeyInfo, as everybody publishes it, or the bare RSAPublicKey
 * that RFC 6376 names. 0: neither. */
static unsigned
rsa_bits(const uint8_t *der, size_t len)
{
	struct span all = { der, len }, outer, algorithm, wrapped, inner;
	unsigned bits;

	if (!der_take(&all, DER_SEQUENCE, &outer))
		return 0;
	bits = modulus_bits(outer);
	if (bits > 0)
		return bits;
	if (!der_take(&outer, DER_SEQUENCE, &algorithm) ||
	    !der_take(&outer, DER_BIT_STRING, &wrapped) || wrapped.len < 1 ||
	    wrapped.at[0] != 0)
		return 0;
	wrapped.at++;
	wrapped.len--;
	return der_take(&wrapped, DER_SEQUENCE, &inner) ? modulus_bits(inner) : 0;
}

static enum mx_check_result
judge_rsa(const char *name, const uint8_t *key, size_t len, char **advice)
{
	unsigned bits = rsa_bits(key, len);

	if (bits == 0) {
		*advice = mx_asprintf("p= of %s holds no RSA public key: publish the key "
				      "that your signer has written, whole",
		    name);
		return MX_CHECK_FAIL;
	}
	if (bits >= RSA_BITS_GOOD)
		return MX_CHECK_PASS;
	*advice = mx_asprintf(
	    bits < RSA_BITS_LEAST
		? "the RSA key has %u bits, and receivers ignore less than 1024: make one of "
		  "2048 under a new selector"
		: "the RSA key has %u bits: make one of 2048 under a new selector",
	    bits);
	return bits < RSA_BITS_LEAST ? MX_CHECK_FAIL : MX_CHECK_WARN;
}

static enum mx_check_result
judge_ed25519(const char *name, size_t len, char **advice)
{
	if (len == ED25519_BYTES)
		return MX_CHECK_PASS;
	*advice =
	    mx_asprintf("p= of %s holds %zu bytes, and an Ed25519 key has %d: publish "
			"the bare key in base64 (RFC 8463)",
		name, len, ED25519_BYTES);
	return MX_CHECK_FAIL;
}

static enum mx_check_result
judge_key(const char *name, const char *type, const char *text, char **advice)
{
	uint8_t key[KEY_MAX];
	int len = b64_pton(text, key, sizeof key);

	if (len <= 0) {
		*advice = mx_asprintf(
		    "p= of %s is not base64: publish the key in one piece, in several "
		    "strings of 255 bytes at most where it is long",
		    name);
		return MX_CHECK_FAIL;
	}
	return strcmp(type, "ed25519") == 0 ? judge_ed25519(name, (size_t)len, advice)
					    : judge_rsa(name, key, (size_t)len, advice);
}

/* Is word one of a colon-separated list? */
static bool
lists(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list != '\0') {
		size_t item = strcspn(list, ":");
		size_t from = strspn(list, " \t"), to = item;

		while (to > from && (list[to - 1] == ' ' || list[to - 1] == '\t'))
			to--;
		if (to > from && to - from == len && memcmp(list + from, word, len) == 0)
			return true;
		list += item + (list[item] == ':');
	}
	return false;
}

/* What makes the whole record of no use to a receiver of mail; NULL: nothing. */
static char *
find_fault(const char *name, const struct mx_tags *tags)
{
	const char *version = mx_tags_get(tags, "v"), *type = mx_tags_get(tags, "k"),
		   *key = mx_tags_get(tags, "p"), *hashes = mx_tags_get(tags, "h"),
		   *services = mx_tags_get(tags, "s");

	if (version != NULL &&
	    (strcmp(version, "DKIM1") != 0 || strcmp(tags->items[0].name, "v") != 0))
		return mx_asprintf(
		    "the record at %s must begin with v=DKIM1, spelt so", name);
	if (key == NULL)
		return mx_asprintf(
		    "the record at %s has no p=: publish the public key there", name);
	if (*key == '\0')
		return mx_asprintf("the key is revoked (p= is empty): sign with another "
				   "selector, or publish the key at %s again",
		    name);
	if (type != NULL && strcmp(type, "rsa") != 0 && strcmp(type, "ed25519") != 0)
		return mx_asprintf("k=%s is a type of key that no receiver knows: use "
				   "rsa or ed25519",
		    type);
	if (hashes != NULL && !lists(hashes, "sha256"))
		return mx_asprintf("h=%s leaves out sha256, which every signature uses: "
				   "drop h=",
		    hashes);
	if (services != NULL && !lists(services, "*") && !lists(services, "email"))
		return mx_asprintf("s=%s excludes mail: drop s=", services);
	return NULL;
}

enum mx_check_result
mx_dkim_key_judge(const char *name, const char *record, size_t len, char **advice)
{
	struct mx_tags tags;
	char *malformed = mx_tags_parse(&tags, record, len), *fault = NULL;
	enum mx_check_result result = MX_CHECK_FAIL;

	*advice = NULL;
	if (malformed != NULL)
		fault = mx_asprintf("the record at %s is malformed: %s", name, malformed);
	else
		fault = find_fault(name, &tags);
	if (fault == NULL) {
		const char *type = mx_tags_get(&tags, "k");
		const char *flags = mx_tags_get(&tags, "t");

		result = judge_key(
		    name, type != NULL ? type : "rsa", mx_tags_get(&tags, "p"), advice);
		if (result == MX_CHECK_PASS && flags != NULL && lists(flags, "y")) {
			result = MX_CHECK_WARN;
			*advice = mx_strdup("t=y says that you are only testing DKIM, so "
					    "receivers may ignore it: drop t=y");
		}
	} else {
		*advice = fault;
	}
	free(malformed);
	mx_tags_clear(&tags);
	return result;
}
