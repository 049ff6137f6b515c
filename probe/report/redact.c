/* redact.c - whatever looks like a local part goes. */
#include "probe/report/redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "probe/base/buf.h"

#define HIDDEN "***"

static bool
is_local_part(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr(".!#$%&'*+-/=?^_`{|}~\"", c) != NULL);
}

char *
mx_redact_mailboxes(const char *text)
{
	struct mx_buf out;
	size_t len = strlen(text);

	mx_buf_init(&out, len * 2 + sizeof HIDDEN);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '@' && out.len > 0 &&
		    is_local_part(out.data[out.len - 1])) {
			while (out.len > 0 && is_local_part(out.data[out.len - 1]))
				out.len--;
			(void)mx_buf_addstr(&out, HIDDEN);
		}
		(void)mx_buf_add(&out, &text[i], 1);
	}
	return mx_buf_take(&out);
}
