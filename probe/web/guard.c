/* guard.c - Host:, Origin: and the secret of our pages. */
#include "probe/web/guard.h"

#include <string.h>
#include <strings.h>

#include "probe/base/addr.h"
#include "probe/web/auth.h"
#include "probe/web/hasher.h"
#include "probe/web/server.h"

/* ---- whom it was sent to ---------------------------------------------------------------------- */

/* "name:port" and "[v6]:port" without the port. */
static size_t
host_len(const char *text)
{
	const char *end = *text == '[' ? strchr(text, ']') : NULL;

	return end != NULL ? (size_t)(end - text) + 1 : strcspn(text, ":");
}

static bool
is_name(const char *host, size_t len, const char *name)
{
	return strlen(name) == len && strncasecmp(host, name, len) == 0;
}

/* An address is no name that somebody could point elsewhere; where others can reach us, the login
 * protects, and whoever runs us may have given the host any name. */
static bool
is_ours(const struct mx_web *web, const char *host)
{
	size_t len = host_len(host);
	struct mx_addr addr;

	if (!mx_addr_is_loopback(mx_web_server_addr(web->server)) ||
	    is_name(host, len, "localhost") || mx_addr_parse_port(host, 0, &addr))
		return true;
	for (size_t i = 0; i < web->params.name_count; i++)
		if (is_name(host, len, web->params.names[i]))
			return true;
	return false;
}

bool
mx_web_guard_host(struct mx_web_request *request)
{
	const char *host = mx_web_header(request, "Host");

	/* HTTP/1.0 and programs may leave it out; browsers never do. */
	if (host == NULL || is_ours(request->web, host))
		return true;
	mx_web_refuse(request, 421,
	    "this host is not known by that name; add it to web.names in the "
	    "configuration");
	return false;
}

/* ---- who sent it ------------------------------------------------------------------------------ */

/* "https://host:port" is us when it ends like Host:. */
static bool
is_same_origin(const struct mx_web_request *request)
{
	const char *site = mx_web_header(request, "Sec-Fetch-Site");
	const char *origin = mx_web_header(request, "Origin");
	const char *host = mx_web_header(request, "Host");
	const char *name;

	if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return false;
	if (origin == NULL)
		return true;
	name = strstr(origin, "://");
	return name != NULL && host != NULL && strcasecmp(name + 3, host) == 0;
}

static bool
knows_secret(const struct mx_web_request *request)
{
	const char *secret = mx_web_header(request, "X-Mxprobe-Csrf");

	if (secret == NULL)
		secret = mx_web_field(request, "csrf");
	return secret != NULL && mx_hasher_equal(secret, request->web->csrf);
}

bool
mx_web_guard(struct mx_web_request *request, enum mx_web_need need,
    void (*again)(struct mx_web_request *request))
{
	if (need == MX_WEB_OPEN)
		return true;
	if (mx_auth_ask(request->web->auth, request, again) != MX_AUTH_YES)
		return false;
	if (need == MX_WEB_LOGIN)
		return true;
	if (!is_same_origin(request)) {
		mx_web_refuse(
		    request, 403, "this request comes from another site's page");
		return false;
	}
	/* No page of another site can make a browser send our token as a header. */
	if (need == MX_WEB_SIGNAL || request->is_bearer || knows_secret(request))
		return true;
	mx_web_refuse(request, 403,
	    "the secret of the page is missing or old: load the page again, or ask "
	    "/api/v1/session for it");
	return false;
}
