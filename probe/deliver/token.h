/*
 * token.h - the word that finds a test message again, in a mailbox or quoted in a bounce.
 * In:   any bytes.   Out: the first token in them.
 * Not:  no store is asked whether the token is one of ours.
 */
#ifndef MX_DELIVER_TOKEN_H
#define MX_DELIVER_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/ulid.h"

/** Stands before the id wherever a message carries it: subject, Message-ID, envelope id, header. */
#define MX_TOKEN_PREFIX "mxprobe-"
#define MX_TOKEN_FIELD "X-Mxprobe-Token"
#define MX_TOKEN_TEXT (sizeof MX_TOKEN_PREFIX - 1 + MX_ULID_TEXT)

/** The id (without prefix) of the first token in bytes; false: there is none. */
bool mx_token_find(const char *bytes, size_t len, char id[MX_ULID_TEXT]);

#endif
