/*
 * ulid.h - identifiers that sort by time (github.com/ulid/spec).
 * In:   the clock and the kernel's random bytes.   Out: 26 characters, Crockford base 32.
 * Not:  no counter kept on disk.
 */
#ifndef MX_BASE_ULID_H
#define MX_BASE_ULID_H

#define MX_ULID_TEXT 27

/** out holds MX_ULID_TEXT bytes. Ids made in one process within one millisecond still ascend. */
const char *mx_ulid_new(char *out);

#endif
