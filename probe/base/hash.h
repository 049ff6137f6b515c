/*
 * hash.h - a number that stands for bytes.
 * In:   bytes of our own files.   Out: 64 bits, the same on every machine.
 * Not:  not for secrets, nor against somebody who looks for two texts with one hash.
 */
#ifndef MX_BASE_HASH_H
#define MX_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/** seed lets several pieces be hashed one after the other: pass the last result. */
uint64_t mx_hash(const void *bytes, size_t len, uint64_t seed);

#endif
