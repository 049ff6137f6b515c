/* token.c - "mxprobe-" and 26 characters of Crockford's base 32. */
#include "probe/deliver/token.h"

#include <string.h>

static bool
is_id(const char *text, size_t len)
{
	if (len < MX_ULID_TEXT - 1)
		return false;
	for (size_t i = 0; i < MX_ULID_TEXT - 1; i++)
		if (text[i] == '\0' ||
		    strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", text[i]) == NULL)
			return false;
	return true;
}

bool
mx_token_find(const char *bytes, size_t len, char id[MX_ULID_TEXT])
{
	const size_t prefix = sizeof MX_TOKEN_PREFIX - 1;
	const char *at = bytes, *end = bytes + len;

	while (at < end &&
	       (at = memmem(at, (size_t)(end - at), MX_TOKEN_PREFIX, prefix)) != NULL) {
		at += prefix;
		if (!is_id(at, (size_t)(end - at)))
			continue;
		memcpy(id, at, MX_ULID_TEXT - 1);
		id[MX_ULID_TEXT - 1] = '\0';
		return true;
	}
	return false;
}
