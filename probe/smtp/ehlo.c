/* ehlo.c - keywords, one line at a time. */
#include "probe/smtp/ehlo.h"

#include <string.h>
#include <strings.h>

/* Keywords are case-insensitive and end at a space or at the line's end. */
static bool
has_keyword(const char *text, size_t len, const char *keyword)
{
	size_t key_len = strlen(keyword);

	return len >= key_len && strncasecmp(text, keyword, key_len) == 0 &&
	       (len == key_len || text[key_len] == ' ');
}

void
mx_ehlo_line(struct mx_ehlo *ehlo, const char *text, size_t len)
{
	if (ehlo->lines++ > 0 && has_keyword(text, len, "STARTTLS"))
		ehlo->starttls = true;
}
