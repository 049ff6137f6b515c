/* check.c - line ends, lengths, and characters that could end a command. */
#include "probe/mail/check.h"

#include <string.h>

#define LINE_MAX_BYTES 998 /* RFC 5322 2.1.1 */
#define ADDRESS_MAX 320

static bool
is_address(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || *c == '<' || *c == '>')
			return false;
	return strlen(text) <= ADDRESS_MAX;
}

static bool
is_envid(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (strchr(
			"-._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
			*c) == NULL)
			return false;
	return strlen(text) <= 100; /* RFC 3461 4.4 */
}

static const char *
fault_in_text(const char *text)
{
	size_t line = 0, len = strlen(text);

	if (len > MX_MAIL_TEXT_MAX)
		return "is longer than 32 KiB";
	if (strstr(text, "\r\n\r\n") == NULL)
		return "has no empty line behind its header";
	for (const char *c = text; *c != '\0'; c++) {
		if ((*c == '\r' && c[1] != '\n') ||
		    (*c == '\n' && (c == text || c[-1] != '\r')))
			return "has line ends other than CRLF";
		if ((unsigned char)*c >= 0x80)
			return "is not 7-bit";
		line = *c == '\n' ? 0 : line + 1;
		if (line > LINE_MAX_BYTES + 1)
			return "has a line of more than 998 bytes";
	}
	return strcmp(text + len - 2, "\r\n") == 0 ? NULL
						   : "does not end with a line end";
}

static enum mx_err
check_route(const struct mx_mail_route *route, struct mx_error *err)
{
	if (route->user == NULL)
		return MX_OK;
	if (route->password == NULL)
		return mx_error_set(err, MX_ERR_USAGE,
		    "the relay wants a login as %s, and there is no password: name a file "
		    "(deliver.password_file)",
		    route->user);
	return MX_OK;
}

enum mx_err
mx_mail_check(const struct mx_mail_route *route, const struct mx_mail_message *message,
    struct mx_error *err)
{
	const char *fault = fault_in_text(message->text);

	if (check_route(route, err) != MX_OK)
		return MX_ERR_USAGE;
	if (fault != NULL)
		return mx_error_set(err, MX_ERR_USAGE, "the message %s", fault);
	if (!is_address(message->from))
		return mx_error_set(
		    err, MX_ERR_USAGE, "the sender can't be written in an SMTP command");
	if (message->to_count == 0 || message->to_count > MX_MAIL_TO_MAX)
		return mx_error_set(err, MX_ERR_USAGE,
		    "a message goes to 1 to %u recipients", MX_MAIL_TO_MAX);
	for (size_t i = 0; i < message->to_count; i++)
		if (*message->to[i] == '\0' || !is_address(message->to[i]))
			return mx_error_set(err, MX_ERR_USAGE,
			    "recipient %zu can't be written in an SMTP command", i + 1);
	if (message->envid != NULL && !is_envid(message->envid))
		return mx_error_set(err, MX_ERR_USAGE,
		    "the envelope id holds more than letters, digits and -._");
	return MX_OK;
}
