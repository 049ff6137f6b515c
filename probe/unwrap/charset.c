#include "probe/unwrap/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* Each converts a text whole or not at all. EUC-JP before Shift_JIS: hardly any Japanese text in
 * Shift_JIS is valid EUC-JP, while much EUC-JP passes for half-width Shift_JIS. */
static const char *const eight_bit[] = { "UTF-8", "EUC-JP", "CP932" };

static char *
convert(const char *charset, struct mx_span text, size_t *len)
{
	iconv_t how = iconv_open("UTF-8", charset);
	size_t room = text.len * 4 + 16, in_left = text.len, out_left = room;
	char *out, *from = (char *)(size_t)text.at, *to;
	bool whole;

	if (how == (iconv_t)-1)
		return NULL;
	out = to = mx_reallocarray(NULL, room, 1);
	/* A character that the end cuts off is no reason to doubt the rest. */
	whole =
	    iconv(how, &from, &in_left, &to, &out_left) != (size_t)-1 || errno == EINVAL;
	iconv_close(how);
	*len = room - out_left;
	if (whole)
		return out;
	free(out);
	return NULL;
}

/* ESC $ and ESC ( are how ISO-2022-JP shifts; terminals' sequences begin with ESC [. */
static bool
has_shifts(struct mx_span text)
{
	struct mx_span rest = text;

	while (rest.len > 1) {
		size_t at = mx_span_chr(rest, '\x1b');

		rest = mx_span_from(rest, at + 1);
		if (rest.len > 0 && *rest.at == '$')
			return true;
	}
	return false;
}

static bool
is_ascii(struct mx_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] >= 0x80)
			return false;
	return true;
}

char *
mx_charset_to_utf8(struct mx_span text, size_t *len)
{
	char *found;

	if (has_shifts(text))
		return convert("ISO-2022-JP-2", text, len);
	if (is_ascii(text))
		return NULL;
	for (size_t i = 0; i < sizeof eight_bit / sizeof *eight_bit; i++) {
		found = convert(eight_bit[i], text, len);
		if (found == NULL)
			continue;
		if (i > 0)
			return found;
		free(found);
		return NULL;
	}
	return NULL;
}
