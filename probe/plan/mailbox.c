/* mailbox.c - nothing that could end a command passes. */
#include "probe/plan/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/dns/name.h"

#define LOCAL_MAX 64

/* RFC 5322 atext and dots: what an unquoted local part may hold (RFC 5321 4.1.2 Dot-string). */
static bool
is_local_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static const char *
find_fault(const char *text)
{
	const char *at = strrchr(text, '@');

	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return "holds a control character";
	if (strpbrk(text, "<> \t") != NULL)
		return "holds a blank or an angle bracket; give the bare address";
	if (at == NULL || at == text)
		return "is no address; write local@domain";
	if (at - text > LOCAL_MAX)
		return "has a local part of more than 64 bytes";
	for (const char *c = text; c < at; c++)
		if (!is_local_char(*c))
			return "has a character in its local part that an unquoted "
			       "address can't hold";
	return NULL;
}

static enum mx_err
refuse(const char *option, const char *text, const char *fault, struct mx_error *err)
{
	char *shown = mx_escape_terminal(text, strlen(text));
	enum mx_err code =
	    mx_error_set(err, MX_ERR_USAGE, "%s: '%s' %s", option, shown, fault);

	free(shown);
	return code;
}

enum mx_err
mx_mailbox_check(const char *option, const char *text, bool empty_ok,
    char out[MX_MAILBOX_MAX], struct mx_error *err)
{
	struct mx_error why = { 0 };
	char domain[MX_NAME_MAX];

	out[0] = '\0';
	if (*text == '\0' && empty_ok)
		return MX_OK;

	const char *fault = find_fault(text);

	if (fault != NULL)
		return refuse(option, text, fault, err);

	const char *at = strrchr(text, '@');

	if (mx_name_to_ascii(at + 1, domain, &why) != MX_OK)
		return refuse(option, text, why.text, err);
	snprintf(out, MX_MAILBOX_MAX, "%.*s@%s", (int)(at - text), text, domain);
	return MX_OK;
}

const char *
mx_mailbox_domain(const char *mailbox)
{
	const char *at = strrchr(mailbox, '@');

	return at != NULL ? at + 1 : NULL;
}
