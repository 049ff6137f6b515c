/*
 * memo.h - what earlier lines of a log said about an id that later lines name; private to unwrap/.
 * In:   short keys and values.   Out: the value last noted under a key.
 * Not:  no growth: an old entry makes room when another falls into its place.
 */
#ifndef MX_UNWRAP_MEMO_H
#define MX_UNWRAP_MEMO_H

#include "probe/unwrap/span.h"

struct mx_memo;
struct mx_memo *mx_memo_new(void);
void mx_memo_free(struct mx_memo *memo);
/** What is too long to keep is not noted. kind keeps different ids apart. */
void mx_memo_note(
    struct mx_memo *memo, char kind, struct mx_span key, struct mx_span value);
/** Borrowed until the next note; at is NULL when nothing is known. */
struct mx_span mx_memo_find(const struct mx_memo *memo, char kind, struct mx_span key);

#endif
