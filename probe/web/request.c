/* request.c - evhttp's requests as handlers see them, and their answers on the way back. */
#include "probe/web/request.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/report/json_text.h"
#include "probe/web/metrics.h"
#include "probe/web/server.h"

/* What a client that does not read may leave lying here. */
#define UNREAD_MAX ((size_t)256 * 1024)

struct mx_web_exchange {
	struct mx_web_request request;
	struct evhttp_request *http;
	struct bufferevent *stream;
	bool is_head, is_begun;
	char *path;
	struct evkeyvalq query, form;
	json_t *json; /* the posted object */
	void (*gone)(void *arg);
	void *gone_arg;
};

/* ---- life ------------------------------------------------------------------------------------- */

static void
free_exchange(struct mx_web_exchange *exchange)
{
	for (size_t i = 0; i < MX_WEB_SEGMENTS; i++)
		free(exchange->request.segment[i]);
	evhttp_clear_headers(&exchange->query);
	evhttp_clear_headers(&exchange->form);
	json_decref(exchange->json);
	free(exchange->request.who);
	free(exchange->path);
	free(exchange);
}

static struct mx_visitors *
visitors_of(const struct mx_web_exchange *exchange)
{
	return mx_web_server_visitors(exchange->request.web->server);
}

/* A request that was still to be answered has been taken from its connection, and is ours to free; any
 * other goes with the connection, after this call. */
static void
on_closed(struct evhttp_connection *connection, void *arg)
{
	struct mx_web_exchange *exchange = arg;

	(void)connection;
	if (evhttp_request_get_connection(exchange->http) == NULL)
		evhttp_request_free(exchange->http);
	if (exchange->gone != NULL)
		exchange->gone(exchange->gone_arg);
	free_exchange(exchange);
}

static void
on_answered(struct evhttp_request *http, void *arg)
{
	struct mx_web_exchange *exchange = arg;

	evhttp_connection_set_closecb(evhttp_request_get_connection(http), NULL, NULL);
	mx_visitors_busy(visitors_of(exchange), exchange->stream, false);
	free_exchange(exchange);
}

static void
parse_query(const char *text, struct evkeyvalq *into)
{
	/* What can't be parsed has no values. */
	if (text != NULL && *text != '\0' && evhttp_parse_query_str(text, into) != 0)
		evhttp_clear_headers(into);
}

static bool
has_type(const struct mx_web_request *request, const char *type)
{
	const char *value = mx_web_header(request, "Content-Type");
	size_t len = strlen(type);

	return value != NULL && strncasecmp(value, type, len) == 0 &&
	       strchr("; \t", value[len]) != NULL;
}

static void
parse_body(struct mx_web_exchange *exchange)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(exchange->http);
	size_t len = evbuffer_get_length(input);
	char *text;

	if (len == 0)
		return;
	text = mx_calloc(len + 1, 1);
	(void)evbuffer_copyout(input, text, len);
	if (has_type(&exchange->request, "application/json"))
		exchange->json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	else if (has_type(&exchange->request, "application/x-www-form-urlencoded") &&
		 strlen(text) == len)
		parse_query(text, &exchange->form);
	free(text);
}

/* A browser names what it can read; programs don't ask for HTML. */
static bool
accepts_html(const struct mx_web_request *request)
{
	const char *accept = mx_web_header(request, "Accept");

	return accept != NULL && strstr(accept, "text/html") != NULL;
}

static enum mx_lang
lang_of(const struct mx_web_request *request)
{
	const char *lang = mx_web_query(request, "lang");

	if (lang == NULL)
		lang = mx_web_header(request, "Accept-Language");
	return lang != NULL && strncasecmp(lang, "ja", 2) == 0 ? MX_LANG_JA : MX_LANG_EN;
}

static enum mx_web_method
method_of(enum evhttp_cmd_type command)
{
	if (command == EVHTTP_REQ_POST)
		return MX_WEB_POST;
	return command == EVHTTP_REQ_GET || command == EVHTTP_REQ_HEAD ? MX_WEB_GET
								       : MX_WEB_OTHER;
}

/* A proxy may hand on the path as it was asked for, or without what it knows us by. */
static const char *
below_root(const char *path, const char *root)
{
	size_t len = strlen(root);

	if (path != NULL && strncmp(path, root, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0'))
		path += len;
	return path != NULL && *path != '\0' ? path : "/";
}

struct mx_web_request *
mx_web_request_new(struct mx_web *web, struct evhttp_request *http)
{
	struct mx_web_exchange *exchange = mx_calloc(1, sizeof *exchange);
	struct mx_web_request *request = &exchange->request;
	struct evhttp_connection *connection = evhttp_request_get_connection(http);
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(http);
	const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;

	exchange->http = http;
	exchange->stream = evhttp_connection_get_bufferevent(connection);
	exchange->path = mx_strdup(below_root(path, mx_web_root(web)));
	TAILQ_INIT(&exchange->query);
	TAILQ_INIT(&exchange->form);
	request->web = web;
	request->exchange = exchange;
	request->path = exchange->path;
	if (uri != NULL)
		parse_query(evhttp_uri_get_query(uri), &exchange->query);
	exchange->is_head = evhttp_request_get_command(http) == EVHTTP_REQ_HEAD;
	request->method = method_of(evhttp_request_get_command(http));
	parse_body(exchange);
	request->accepts_html = accepts_html(request);
	request->lang = lang_of(request);
	mx_visitors_busy(visitors_of(exchange), exchange->stream, true);
	evhttp_connection_set_closecb(connection, on_closed, exchange);
	evhttp_request_set_on_complete_cb(http, on_answered, exchange);
	return request;
}

/* ---- what was asked --------------------------------------------------------------------------- */

const char *
mx_web_query(const struct mx_web_request *request, const char *name)
{
	return evhttp_find_header(&request->exchange->query, name);
}

const char *
mx_web_field(const struct mx_web_request *request, const char *name)
{
	const char *value = evhttp_find_header(&request->exchange->form, name);

	return value != NULL
		   ? value
		   : json_string_value(json_object_get(request->exchange->json, name));
}

const char *
mx_web_header(const struct mx_web_request *request, const char *name)
{
	return evhttp_find_header(
	    evhttp_request_get_input_headers(request->exchange->http), name);
}

static bool
number_of(const char *text, long long least, long long most, long long *number)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (*text == '\0' || *end != '\0' || errno != 0 || value < least || value > most)
		return false;
	*number = value;
	return true;
}

bool
mx_web_query_number(const struct mx_web_request *request, const char *name, long least,
    long most, long *number)
{
	const char *text = mx_web_query(request, name);
	long long value;

	if (text == NULL)
		return true;
	if (!number_of(text, least, most, &value))
		return false;
	*number = (long)value;
	return true;
}

/* "2026-11-21T21:00:00Z", with or without a fraction, which is dropped. */
static bool
time_of(const char *text, int64_t *us)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

	if (rest == NULL)
		return false;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (strcmp(rest, "Z") != 0)
		return false;
	*us = (int64_t)timegm(&tm) * MX_SECOND_US;
	return true;
}

bool
mx_web_query_time(const struct mx_web_request *request, const char *name, int64_t *us)
{
	const char *text = mx_web_query(request, name);
	long long seconds;

	if (text == NULL)
		return true;
	if (!number_of(text, 0, INT32_MAX, &seconds))
		return time_of(text, us);
	*us = seconds * MX_SECOND_US;
	return true;
}

/* ---- the answer ------------------------------------------------------------------------------- */

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
	mx_visitors_keep(visitors_of(exchange), exchange->stream);
	evhttp_send_reply_start(exchange->http, 200, reason_of(200));
	exchange->is_begun = true;
}

bool
mx_web_send(struct mx_web_request *request, const char *text, size_t len)
{
	struct mx_web_exchange *exchange = request->exchange;
	struct evbuffer *piece;

	if (evbuffer_get_length(bufferevent_get_output(exchange->stream)) + len >
	    UNREAD_MAX) {
		mx_visitors_dismiss(visitors_of(exchange), exchange->stream);
		return false;
	}
	piece = new_buffer();
	if (evbuffer_add(piece, text, len) != 0)
		mx_out_of_memory();
	evhttp_send_reply_chunk(exchange->http, piece);
	evbuffer_free(piece);
	return true;
}
