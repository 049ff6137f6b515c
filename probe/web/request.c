/* request.c - evhttp's requests as handlers see them; their answers are answer.c's. */
#include "probe/web/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <time.h>

#include <event2/buffer.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/web/server.h"

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

struct mx_visitors *
mx_web_exchange_visitors(const struct mx_web_exchange *exchange)
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
	mx_visitors_busy(mx_web_exchange_visitors(exchange), exchange->stream, false);
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
	mx_visitors_busy(mx_web_exchange_visitors(exchange), exchange->stream, true);
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
