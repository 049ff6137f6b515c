/*
 * pack.h - the data directory worked out beforehand: what loading and compiling it would give.
 * In:   the data directory.   Out: an image (base/image.h), for installing as DIR.image.
 * Not:  no part in any answer: without the image everything is read and compiled anew.
 */
#ifndef MX_VERDICT_PACK_H
#define MX_VERDICT_PACK_H

#include <stdint.h>

#include "probe/base/err.h"

/** Load dir, check every rule, weave the sieve, write it all to path. */
enum mx_err mx_pack_taxonomy(const char *dir, const char *path, struct mx_error *err)
    __attribute__((warn_unused_result));

/** Under which key an image holds the sieve: one that these libraries have woven and checked. */
uint64_t mx_pack_sieve_key(void);

#endif
