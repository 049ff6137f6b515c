/* hash.c - eight bytes at a time: multiply, and fold the high bits, which the multiplication has
 * mixed best, onto the low ones. */
#include "probe/base/hash.h"

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
	const unsigned char *at = bytes;
	uint64_t hash = mix(seed, len);

	while (len > 0) {
		size_t take = len < 8 ? len : 8;
		uint64_t word = 0;

		for (size_t i = 0; i < take; i++)
			word |= (uint64_t)at[i] << (8 * i);
		hash = mix(hash, word);
		at += take;
		len -= take;
	}
	return hash;
}
