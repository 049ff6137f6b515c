/* answer.c - answers to requests, whole or bit by bit, each with the headers that guard it. */
#include "probe/web/exchange.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>

#include "probe/base/mem.h"
#include "probe/report/json_text.h"
#include "probe/web/metrics.h"

/* What a client that does not read may leave lying here. */
#define UNREAD_MAX ((size_t)256 * 1024)

/* ---- headers ---------------------------------------------------------------------------------- */

/* clang-format off */
static const char *const security_headers[][2] = {
	/* Nothing from elsewhere, nothing inline; remote text could not run even if it became markup. */
	{ "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
	    "frame-ancestors 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
};
/* clang-format on */

void
mx_web_set_header(struct mx_web_request *request, const char *name, const char *value)
{
	struct evkeyvalq *headers =
	    evhttp_request_get_output_headers(request->exchange->http);

	(void)evhttp_remove_header(headers, name);
	(void)evhttp_add_header(headers, name, value);
}

static void
set_common_headers(struct mx_web_request *request, const char *type)
{
	struct evkeyvalq *headers =
	    evhttp_request_get_output_headers(request->exchange->http);

	for (size_t i = 0; i < sizeof security_headers / sizeof *security_headers; i++)
		mx_web_set_header(
		    request, security_headers[i][0], security_headers[i][1]);
	if (type != NULL)
		mx_web_set_header(request, "Content-Type", type);
	/* Asked again each time, which costs little with a tag. */
	if (evhttp_find_header(headers, "Cache-Control") == NULL)
		mx_web_set_header(request, "Cache-Control", "no-cache, private");
}

static const char *
reason_of(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 202:
		return "Accepted";
	case 303:
		return "See Other";
	case 304:
		return "Not Modified";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 409:
		return "Conflict";
	case 413:
		return "Content Too Large";
	case 415:
		return "Unsupported Media Type";
	case 421:
		return "Misdirected Request";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return status < 500 ? "Refused" : "Internal Server Error";
	}
}

/* The exchange may be gone behind this. */
static void
send_reply(struct mx_web_request *request, int status, const char *type,
    struct evbuffer *body, size_t len)
{
	struct mx_web_exchange *exchange = request->exchange;
	char number[24];

	set_common_headers(request, type);
	snprintf(number, sizeof number, "%zu", len);
	if (status != 304)
		mx_web_set_header(request, "Content-Length", number);
	exchange->gone = NULL;
	mx_metrics_answered(request->web->metrics, status);
	evhttp_send_reply(
	    exchange->http, status, reason_of(status), exchange->is_head ? NULL : body);
}

static struct evbuffer *
new_buffer(void)
{
	struct evbuffer *buffer = evbuffer_new();

	if (buffer == NULL)
		mx_out_of_memory();
	return buffer;
}

static void
free_text(const void *text, size_t len, void *arg)
{
	(void)text, (void)len;
	free(arg);
}

void
mx_web_answer_taken(
    struct mx_web_request *request, int status, const char *type, char *text, size_t len)
{
	struct evbuffer *body = new_buffer();

	if (evbuffer_add_reference(body, text, len, free_text, text) != 0)
		mx_out_of_memory();
	send_reply(request, status, type, body, len);
	evbuffer_free(body);
}

void
mx_web_answer(
    struct mx_web_request *request, int status, const char *type, struct mx_buf *body)
{
	size_t len = body->len;

	mx_web_answer_taken(request, status, type, mx_buf_take(body), len);
}

void
mx_web_answer_static(struct mx_web_request *request, int status, const char *type,
    const void *bytes, size_t len)
{
	struct evbuffer *body = new_buffer();

	if (evbuffer_add_reference(body, bytes, len, NULL, NULL) != 0)
		mx_out_of_memory();
	send_reply(request, status, type, body, len);
	evbuffer_free(body);
}

struct mx_web_shared {
	char *text;
	size_t len;
	unsigned holders;
};

struct mx_web_shared *
mx_web_shared_new(struct mx_buf *body)
{
	struct mx_web_shared *shared = mx_calloc(1, sizeof *shared);

	shared->len = body->len;
	shared->text = mx_buf_take(body);
	shared->holders = 1;
	return shared;
}

void
mx_web_shared_release(struct mx_web_shared *shared)
{
	if (shared == NULL || --shared->holders > 0)
		return;
	free(shared->text);
	free(shared);
}

static void
release(const void *text, size_t len, void *arg)
{
	(void)text, (void)len;
	mx_web_shared_release(arg);
}

void
mx_web_answer_shared(struct mx_web_request *request, int status, const char *type,
    struct mx_web_shared *shared)
{
	struct evbuffer *body = new_buffer();

	shared->holders++;
	if (evbuffer_add_reference(body, shared->text, shared->len, release, shared) != 0)
		mx_out_of_memory();
	send_reply(request, status, type, body, shared->len);
	evbuffer_free(body);
}

static void
refuse_as_json(struct mx_web_request *request, int status, const char *sentence)
{
	struct mx_json_text json;

	mx_json_text_begin(&json);
	mx_json_string(&json.out, "error", sentence);
	mx_json_text_end(&json);
	mx_web_answer_taken(request, status, "application/json", json.text, json.len);
}

void
mx_web_refuse(struct mx_web_request *request, int status, const char *format, ...)
{
	struct mx_buf text;
	char sentence[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	if (!request->accepts_html) {
		refuse_as_json(request, status, sentence);
		return;
	}
	mx_buf_init(&text, 2 * sizeof sentence);
	(void)mx_buf_addf(&text, "%d %s\n\n%s\n", status, reason_of(status), sentence);
	mx_web_answer(request, status, "text/plain; charset=utf-8", &text);
}

void
mx_web_see_other(struct mx_web_request *request, const char *where)
{
	mx_web_set_header(request, "Location", where);
	mx_web_answer_static(request, 303, "text/plain; charset=utf-8", "", 0);
}

bool
mx_web_is_known(struct mx_web_request *request, const char *version)
{
	const char *known = mx_web_header(request, "If-None-Match");
	char tag[80];

	snprintf(tag, sizeof tag, "\"%s\"", version);
	mx_web_set_header(request, "ETag", tag);
	if (known == NULL || strstr(known, tag) == NULL)
		return false;
	send_reply(request, 304, NULL, NULL, 0);
	return true;
}

/* ---- later, or without an end ----------------------------------------------------------------- */

void
mx_web_hold(struct mx_web_request *request, void (*gone)(void *arg), void *arg)
{
	request->exchange->gone = gone;
	request->exchange->gone_arg = arg;
}

bool
mx_web_is_head(const struct mx_web_request *request)
{
	return request->exchange->is_head;
}

void
mx_web_begin(struct mx_web_request *request, const char *type)
{
	struct mx_web_exchange *exchange = request->exchange;

	set_common_headers(request, type);
	mx_visitors_keep(mx_web_exchange_visitors(exchange), exchange->stream);
	evhttp_send_reply_start(exchange->http, 200, reason_of(200));
}

bool
mx_web_send(struct mx_web_request *request, const char *text, size_t len)
{
	struct mx_web_exchange *exchange = request->exchange;
	struct evbuffer *piece;

	if (evbuffer_get_length(bufferevent_get_output(exchange->stream)) + len >
	    UNREAD_MAX) {
		mx_visitors_dismiss(mx_web_exchange_visitors(exchange), exchange->stream);
		return false;
	}
	piece = new_buffer();
	if (evbuffer_add(piece, text, len) != 0)
		mx_out_of_memory();
	evhttp_send_reply_chunk(exchange->http, piece);
	evbuffer_free(piece);
	return true;
}
