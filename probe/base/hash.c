/* hash.c - eight bytes at a time: multiply, and fold the high bits, which the multiplication has
 * mixed best, onto the low ones. */
#include "probe/base/hash.h"

#include <endian.h>
#include <string.h>

#define ODD UINT64_C(0x9e3779b97f4a7c15) /* 2^64 over the golden ratio */

static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * ODD;
	hash ^= hash >> 32;
	hash *= ODD;
	return hash ^ hash >> 29;
}

uint64_t
mx_hash(const void *bytes, size_t len, uint64_t seed)
{
	const char *at = bytes;
	uint64_t hash = mix(seed, len);
	uint64_t word;

	for (; len >= sizeof word; at += sizeof word, len -= sizeof word) {
		memcpy(&word, at, sizeof word);
		hash = mix(hash, le64toh(word));
	}
	word = 0;
	memcpy(&word, at, len);
	return mix(hash, le64toh(word));
}
