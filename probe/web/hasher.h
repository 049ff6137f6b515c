/*
 * hasher.h - passwords held against their hashes, by a thread of its own.
 * In:   a password and a crypt(3) hash.   Out: whether they belong together, on the loop.
 * Not:  no user is known here, nothing is remembered.
 *
 * A hash is made to be slow: a tenth of a second on the loop would be a tenth of a second late for every
 * session under way, as often as somebody guesses.
 */
#ifndef MX_WEB_HASHER_H
#define MX_WEB_HASHER_H

#include <stdbool.h>

#include "probe/base/err.h"
#include "probe/net/loop.h"

struct mx_hasher;

/** The thread starts with the first question. NULL and MX_ERR_SYSTEM without a descriptor. */
struct mx_hasher *mx_hasher_new(struct mx_loop *loop, struct mx_error *err);
/** Waits for the one that is being worked on; done of the others never comes. NULL is taken. */
void mx_hasher_free(struct mx_hasher *hasher);
/** Both are copied. done comes once, from the loop. False: too many are waiting, and it never comes. */
bool mx_hasher_ask(struct mx_hasher *hasher, const char *password, const char *hash,
    void (*done)(void *arg, bool is_right), void *arg);

/** Can crypt(3) of this system check it? */
bool mx_hasher_knows(const char *hash);
/** The same text? In a time that tells nothing of where they differ. */
bool mx_hasher_equal(const char *a, const char *b);

#endif
