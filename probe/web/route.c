/* route.c - the table of all that can be asked for, and the way to it. */
#include "probe/web/route.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/web/guard.h"
#include "probe/web/handlers.h"

/* clang-format off */
static const struct mx_web_route routes[] = {
	{ MX_WEB_GET,  "/",           mx_page_matrix,     MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/pair/*/*",   mx_page_pair,       MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/result/*",   mx_page_transcript, MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/events",     mx_page_events,     MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/delist/*/*", mx_page_delist,     MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/assets/*",   mx_page_asset,      MX_WEB_OPEN },
	{ MX_WEB_GET,  "/-/healthy",         mx_web_healthy,    MX_WEB_OPEN },
	{ MX_WEB_GET,  "/-/ready",           mx_web_ready,      MX_WEB_OPEN },
	{ MX_WEB_POST, "/-/reload",          mx_web_reload_now, MX_WEB_SIGNAL },
	{ MX_WEB_GET,  "/probe",             mx_web_probe,      MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/metrics",           mx_web_metrics,    MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/matrix",     mx_api_matrix,     MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/pairs",      mx_api_pairs,      MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/history",    mx_api_history,    MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/transcript", mx_api_transcript, MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/events",     mx_api_events,     MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/deliveries", mx_api_deliveries, MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/delist",     mx_api_delist,     MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/stream",     mx_api_stream,     MX_WEB_LOGIN },
	{ MX_WEB_GET,  "/api/v1/session",    mx_api_session,    MX_WEB_LOGIN },
	{ MX_WEB_POST, "/api/v1/probe",      mx_api_probe,      MX_WEB_CHANGE },
	{ MX_WEB_POST, "/api/v1/delist",     mx_api_delist_change, MX_WEB_CHANGE },
};
/* clang-format on */

#define ROUTES (sizeof routes / sizeof *routes)

/* ---- paths ------------------------------------------------------------------------------------ */

/* A decoded copy of a segment; NULL when it is empty or holds a NUL. */
static char *
decode(const char *text, size_t len)
{
	char *raw = mx_strndup(text, len);
	size_t size = 0;
	char *decoded = evhttp_uridecode(raw, 0, &size);

	free(raw);
	if (decoded != NULL && (size == 0 || strlen(decoded) != size)) {
		free(decoded);
		decoded = NULL;
	}
	return decoded;
}

static void
drop_segments(struct mx_web_request *request)
{
	for (size_t i = 0; i < MX_WEB_SEGMENTS; i++) {
		free(request->segment[i]);
		request->segment[i] = NULL;
	}
}

/* Segment by segment, as they were sent: an encoded slash is part of a segment's text. */
static bool
takes(const struct mx_web_route *route, struct mx_web_request *request)
{
	const char *want = route->path, *have = request->path;
	size_t stars = 0;

	while (*want == '/' && *have == '/') {
		size_t want_len = strcspn(++want, "/"), have_len = strcspn(++have, "/");

		if (want_len == 1 && *want == '*') {
			char *text = decode(have, have_len);

			if (text == NULL || stars == MX_WEB_SEGMENTS) {
				free(text);
				return false;
			}
			request->segment[stars++] = text;
		} else if (want_len != have_len || strncmp(want, have, want_len) != 0) {
			return false;
		}
		want += want_len;
		have += have_len;
	}
	return *want == '\0' && *have == '\0';
}

/* ---- finding the handler ---------------------------------------------------------------------- */

static const char *
allow_of(unsigned methods)
{
	if (methods == (MX_WEB_GET | MX_WEB_POST))
		return "GET, HEAD, POST";
	return methods == MX_WEB_POST ? "POST" : "GET, HEAD";
}

static void
refuse_method(struct mx_web_request *request, unsigned methods)
{
	mx_web_set_header(request, "Allow", allow_of(methods));
	mx_web_refuse(request, 405, "this takes %s", allow_of(methods));
}

void
mx_web_route(struct mx_web_request *request)
{
	unsigned methods = 0;

	/* A second time, after a password was checked. */
	drop_segments(request);
	if (!mx_web_guard_host(request))
		return;
	for (size_t i = 0; i < ROUTES; i++) {
		if (takes(&routes[i], request)) {
			methods |= routes[i].method;
			if (routes[i].method == request->method) {
				if (mx_web_guard(request, routes[i].need, mx_web_route))
					routes[i].handle(request);
				return;
			}
		}
		drop_segments(request);
	}
	if (methods != 0)
		refuse_method(request, methods);
	else
		mx_web_refuse(request, 404, "there is nothing at this address");
}
