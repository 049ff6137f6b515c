/* route.c - a URL that may name a user but never a password. */
#include "probe/mail/route.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/base/secret.h"
#include "probe/dns/name.h"

/* ---- the URL ---- */

static enum mx_err
refuse(struct mx_error *err)
{
	return mx_error_set(err, MX_ERR_USAGE,
	    "the relay must be smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT]");
}

static const char *
take_scheme(struct mx_mail_route *route, const char *url)
{
	route->tls = MX_MAIL_STARTTLS;
	route->port = 587;
	if (strncasecmp(url, "smtp://", 7) == 0)
		return url + 7;
	route->tls = MX_MAIL_IMPLICIT;
	route->port = 465;
	return strncasecmp(url, "smtps://", 8) == 0 ? url + 8 : NULL;
}

static int
hex_value(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* %41 is A; what would end a line or a C string is refused. */
static bool
decode_user(const char *text, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++) {
		int byte = (unsigned char)text[i];

		if (byte == '%') {
			int high = i + 2 < len ? hex_value(text[i + 1]) : -1;
			int low = high >= 0 ? hex_value(text[i + 2]) : -1;

			if (low < 0)
				return false;
			byte = high * 16 + low;
			i += 2;
		}
		if (byte < ' ' || byte == 0x7f)
			return false;
		*out++ = (char)byte;
	}
	*out = '\0';
	return true;
}

static enum mx_err
take_user(struct mx_mail_route *route, const char *text, size_t len, struct mx_error *err)
{
	if (memchr(text, ':', len) != NULL)
		return mx_error_set(err, MX_ERR_USAGE,
		    "the relay's URL holds a password: it belongs in a file "
		    "(deliver.password_file), or is asked for");
	route->user = mx_calloc(len + 1, 1);
	if (len == 0 || !decode_user(text, len, route->user))
		return refuse(err);
	return MX_OK;
}

static bool
take_port(struct mx_mail_route *route, const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || port == 0 || port > 65535)
		return false;
	route->port = (uint16_t)port;
	return true;
}

static enum mx_err
take_host(struct mx_mail_route *route, const char *text, struct mx_error *err)
{
	struct mx_addr addr;
	char addr_text[MX_ADDR_TEXT], name[MX_NAME_MAX];
	char *host, *colon;

	if (mx_addr_parse_port(text, route->port, &addr) && addr.port != 0) {
		route->host = mx_strdup(mx_addr_text(&addr, addr_text));
		route->port = addr.port;
		return MX_OK;
	}
	host = mx_strdup(text);
	colon = strrchr(host, ':');
	if (colon != NULL)
		*colon = '\0';
	if ((colon == NULL || take_port(route, colon + 1)) &&
	    mx_name_to_ascii(host, name, NULL) == MX_OK)
		route->host = mx_strdup(name);
	free(host);
	return route->host != NULL ? MX_OK : refuse(err);
}

enum mx_err
mx_mail_route_parse(struct mx_mail_route *route, const char *url, struct mx_error *err)
{
	const char *rest, *at;
	size_t len;

	*route = (struct mx_mail_route){ 0 };
	rest = take_scheme(route, url);
	if (rest == NULL)
		return refuse(err);
	len = strlen(rest);
	if (len > 0 && rest[len - 1] == '/')
		len--;
	/* The last @ ends the user: many providers have a mailbox for a user name. */
	at = memrchr(rest, '@', len);
	if (at != NULL && take_user(route, rest, (size_t)(at - rest), err) != MX_OK)
		return MX_ERR_USAGE;
	if (at != NULL) {
		len -= (size_t)(at + 1 - rest);
		rest = at + 1;
	}
	char *host = mx_strndup(rest, len);
	enum mx_err code = take_host(route, host, err);
	free(host);
	return code;
}

/* ---- the password ---- */

enum mx_err
mx_mail_route_read_password(
    struct mx_mail_route *route, const char *path, struct mx_error *err)
{
	char *secret = mx_secret_read(path, err);

	if (secret == NULL)
		return MX_ERR_CONFIG;
	mx_secret_wipe(route->password);
	route->password = secret;
	return MX_OK;
}

/* ---- the rest ---- */

char *
mx_mail_route_text(const struct mx_mail_route *route)
{
	bool is_v6 = strchr(route->host, ':') != NULL;

	return mx_asprintf(
	    is_v6 ? "[%s]:%u" : "%s:%u", route->host, (unsigned)route->port);
}

struct mx_mail_route
mx_mail_route_copy(const struct mx_mail_route *route)
{
	struct mx_mail_route copy = *route;

	copy.host = mx_strdup(route->host);
	copy.user = mx_strdup(route->user);
	copy.password = mx_strdup(route->password);
	copy.helo = mx_strdup(route->helo);
	copy.ca_file = mx_strdup(route->ca_file);
	return copy;
}

void
mx_mail_route_clear(struct mx_mail_route *route)
{
	mx_secret_wipe(route->password);
	free(route->host);
	free(route->user);
	free(route->helo);
	free(route->ca_file);
	*route = (struct mx_mail_route){ 0 };
}
