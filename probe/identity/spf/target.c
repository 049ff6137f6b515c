/* target.c - macros put bytes of the sender's choice into names; DNS must see them as they are. */
#include "probe/identity/spf/target.h"

#include <ctype.h>
#include <string.h>

#define NAME_MAX_BYTES 253
#define LABEL_MAX 63
#define PLAIN "-_./=+*:~!#%&'?^{|}" /* what means nothing special in a zone file */

/* Drop labels from the left until the name fits; a single label too long stays and is refused. */
static void
truncate_left(const char **text, size_t *len)
{
	const char *dot;

	while (*len > NAME_MAX_BYTES && (dot = memchr(*text, '.', *len)) != NULL) {
		*len -= (size_t)(dot + 1 - *text);
		*text = dot + 1;
	}
}

static bool
is_name(const char *text, size_t len)
{
	size_t label = 0;

	if (len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] > 0x7f || text[i] == '\0' ||
		    (text[i] == '.' && label == 0))
			return false;
		label = text[i] == '.' ? 0 : label + 1;
		if (label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

bool
mx_spf_target(const char *text, size_t len, char out[MX_SPF_TARGET_MAX])
{
	*out = '\0';
	if (len > 0 && text[len - 1] == '.')
		len--;
	truncate_left(&text, &len);
	if (!is_name(text, len))
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

const char *
mx_spf_target_name(const char *target, char out[MX_SPF_NAME_MAX])
{
	char *end = out;

	for (; *target != '\0'; target++) {
		unsigned char byte = (unsigned char)*target;

		if (isalnum(byte) || strchr(PLAIN, byte) != NULL) {
			*end++ = (char)byte;
			continue;
		}
		*end++ = '\\';
		*end++ = (char)('0' + byte / 100);
		*end++ = (char)('0' + byte / 10 % 10);
		*end++ = (char)('0' + byte % 10);
	}
	*end = '\0';
	return out;
}
