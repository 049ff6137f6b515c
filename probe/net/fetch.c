/*
 * fetch.c - libcurl's multi interface on our loop. libcurl says which descriptors to watch and
 * when it wants to be woken; each becomes one event or the one timer. The deadline is ours.
 */
#include "probe/net/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#include <curl/curl.h>
#include <event2/event.h>
#include <event2/event_struct.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/mem.h"

#define RETRY_MOST_S INT64_C(86400)
#define RESOLVE_MAX 2048U /* a host name and MX_FETCH_ADDRS addresses */

struct mx_fetch {
	LIST_ENTRY(mx_fetch) next;
	struct mx_fetcher *fetcher;
	CURL *easy;
	struct curl_slist *addrs, *headers;
	struct mx_timer *deadline;
	struct mx_buf body;
	size_t head;     /* bytes of header lines so far */
	const char *why; /* we broke it off: a sentence */
	char error[CURL_ERROR_SIZE];
	void (*done)(void *arg, const struct mx_fetch_answer *answer);
	void *arg;
};
LIST_HEAD(fetch_list, mx_fetch);

/* A descriptor that libcurl wants watched. */
struct watch {
	LIST_ENTRY(watch) next;
	struct mx_fetcher *fetcher;
	struct event event;
};
LIST_HEAD(watch_list, watch);

struct mx_fetcher {
	struct mx_loop *loop;
	const char *ca_file;
	CURLM *multi; /* NULL until the first fetch */
	struct mx_timer *timer;
	struct fetch_list fetches;
	struct watch_list watches;
};

/* ---- the end of a fetch ------------------------------------------------------------------------- */

static void
free_fetch(struct mx_fetch *fetch)
{
	LIST_REMOVE(fetch, next);
	if (fetch->fetcher->multi != NULL && fetch->easy != NULL)
		(void)curl_multi_remove_handle(fetch->fetcher->multi, fetch->easy);
	curl_easy_cleanup(fetch->easy);
	curl_slist_free_all(fetch->addrs);
	curl_slist_free_all(fetch->headers);
	mx_timer_free(fetch->deadline);
	mx_buf_clear(&fetch->body);
	free(fetch);
}

/* Nobody may keep us waiting for longer than a day. */
static int64_t
retry_us(curl_off_t seconds)
{
	if (seconds <= 0)
		return 0;
	return (seconds < RETRY_MOST_S ? (int64_t)seconds : RETRY_MOST_S) * MX_SECOND_US;
}

/* The handle dies first: what the callback does can't meet it. */
static void
finish(struct mx_fetch *fetch, CURLcode result)
{
	void (*done)(void *arg, const struct mx_fetch_answer *answer) = fetch->done;
	void *arg = fetch->arg;
	struct mx_fetch_answer answer = { 0 };
	char *type = NULL, *body, *why = NULL;
	curl_off_t retry_s = 0;
	long status = 0;

	if (result == CURLE_OK && fetch->why == NULL) {
		(void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
		(void)curl_easy_getinfo(fetch->easy, CURLINFO_CONTENT_TYPE, &type);
		type = mx_strdup(type);
		(void)curl_easy_getinfo(fetch->easy, CURLINFO_RETRY_AFTER, &retry_s);
	} else {
		why = mx_strdup(fetch->why != NULL      ? fetch->why
				: *fetch->error != '\0' ? fetch->error
							: curl_easy_strerror(result));
	}
	answer.len = fetch->body.len;
	body = mx_buf_take(&fetch->body);
	answer.status = (int)status;
	answer.retry_after_us = retry_us(retry_s);
	answer.content_type = type;
	answer.body = body;
	answer.why = why;
	free_fetch(fetch);
	done(arg, &answer);
	free(type);
	free(body);
	free(why);
}

static void
finish_ended(struct mx_fetcher *fetcher)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(fetcher->multi, &left)) != NULL) {
		CURLcode result = message->data.result;
		char *fetch = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &fetch);
		/* libcurl hands the pointer out as it took it, as char *. */
		finish((struct mx_fetch *)(void *)fetch, result);
	}
}

static void
on_deadline(void *arg)
{
	struct mx_fetch *fetch = arg;

	fetch->why = "no complete answer in time";
	finish(fetch, CURLE_OPERATION_TIMEDOUT);
}

/* ---- what libcurl asks of the loop -------------------------------------------------------------- */

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct mx_fetcher *fetcher = ((struct watch *)arg)->fetcher;
	int flags = ((what & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
		    ((what & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0);
	int running;

	(void)curl_multi_socket_action(fetcher->multi, fd, flags, &running);
	finish_ended(fetcher);
}

static void
on_timer(void *arg)
{
	struct mx_fetcher *fetcher = arg;
	int running;

	(void)curl_multi_socket_action(fetcher->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	finish_ended(fetcher);
}

static void
drop_watch(struct watch *watch)
{
	(void)event_del(&watch->event);
	LIST_REMOVE(watch, next);
	free(watch);
}

static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *of_socket)
{
	struct mx_fetcher *fetcher = arg;
	struct watch *watch = of_socket;
	short wanted = (short)(((what & CURL_POLL_IN) != 0 ? EV_READ : 0) |
			       ((what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0));

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch != NULL)
			drop_watch(watch);
		(void)curl_multi_assign(fetcher->multi, fd, NULL);
		return 0;
	}
	if (watch == NULL) {
		watch = mx_calloc(1, sizeof *watch);
		watch->fetcher = fetcher;
		LIST_INSERT_HEAD(&fetcher->watches, watch, next);
		(void)curl_multi_assign(fetcher->multi, fd, watch);
	} else {
		(void)event_del(&watch->event);
	}
	(void)event_assign(&watch->event, mx_loop_base(fetcher->loop), fd,
	    (short)(wanted | EV_PERSIST), on_ready, watch);
	(void)event_add(&watch->event, NULL);
	return 0;
}

static int
set_timer(CURLM *multi, long wait_ms, void *arg)
{
	struct mx_fetcher *fetcher = arg;

	(void)multi;
	if (wait_ms < 0)
		mx_timer_stop(fetcher->timer);
	else
		mx_timer_start(fetcher->timer, (int64_t)wait_ms * 1000);
	return 0;
}

/* ---- what the server sends ---------------------------------------------------------------------- */

static size_t
take_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct mx_fetch *fetch = arg;

	if (mx_buf_add(&fetch->body, bytes, size * count))
		return size * count;
	fetch->why = "the document is larger than 64 KiB";
	return 0;
}

static size_t
take_head(char *bytes, size_t size, size_t count, void *arg)
{
	struct mx_fetch *fetch = arg;

	(void)bytes;
	fetch->head += size * count;
	if (fetch->head <= MX_FETCH_HEAD)
		return size * count;
	fetch->why = "the header is larger than 64 KiB";
	return 0;
}

/* ---- the start of a fetch ----------------------------------------------------------------------- */

static bool
has_family(const struct mx_fetch_request *request, sa_family_t family)
{
	for (size_t i = 0; i < request->addr_count; i++)
		if (request->addrs[i].family == family)
			return true;
	return false;
}

static unsigned
port_of(const struct mx_fetch_request *request)
{
	return request->port != 0 ? request->port : request->is_plain ? 80 : 443;
}

static void
add_line(struct curl_slist **list, const char *line)
{
	*list = curl_slist_append(*list, line);
	if (*list == NULL)
		mx_out_of_memory();
}

/* "HOST:443:ADDRESS,[ADDRESS]": libcurl never asks DNS. Bound to a source, it may only try
 * that family. */
static void
set_addrs(struct mx_fetch *fetch, const struct mx_fetch_request *request, int family)
{
	struct mx_buf text;
	char addr[MX_ADDR_TEXT];
	size_t used = 0;

	mx_buf_init(&text, RESOLVE_MAX);
	(void)mx_buf_addf(&text, "%s:%u:", request->host, port_of(request));
	for (size_t i = 0; i < request->addr_count && used < MX_FETCH_ADDRS; i++) {
		bool v6 = request->addrs[i].family == AF_INET6;

		if (family != AF_UNSPEC && request->addrs[i].family != family)
			continue;
		(void)mx_buf_addf(&text, "%s%s%s%s", used++ > 0 ? "," : "", v6 ? "[" : "",
		    mx_addr_text(&request->addrs[i], addr), v6 ? "]" : "");
	}
	add_line(&fetch->addrs, text.data);
	mx_buf_clear(&text);
	(void)curl_easy_setopt(fetch->easy, CURLOPT_RESOLVE, fetch->addrs);
}

static void
leave_from(struct mx_fetch *fetch, const struct mx_fetch_request *request)
{
	const struct mx_addr *source = request->source;
	char addr[MX_ADDR_TEXT], *name;

	if (source == NULL || source->family == AF_UNSPEC ||
	    !has_family(request, source->family)) {
		set_addrs(fetch, request, AF_UNSPEC);
		return;
	}
	set_addrs(fetch, request, source->family);
	name = mx_asprintf("host!%s", mx_addr_text(source, addr));
	(void)curl_easy_setopt(fetch->easy, CURLOPT_INTERFACE, name);
	free(name);
}

/* The environment may name proxies, for whom this isn't meant: what they see and answer is not
 * what the domain's senders do. */
static void
set_limits(CURL *easy, bool is_plain)
{
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, is_plain ? "http" : "https");
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
}

/* An IPv6 address stands in brackets, a name never has a colon. */
static char *
make_url(const struct mx_fetch_request *request)
{
	bool is_v6 = strchr(request->host, ':') != NULL;

	return mx_asprintf("%s://%s%s%s:%u%s", request->is_plain ? "http" : "https",
	    is_v6 ? "[" : "", request->host, is_v6 ? "]" : "", port_of(request),
	    request->path);
}

/* Without "Expect:" libcurl would hold a larger body back and ask first. */
static void
set_body(struct mx_fetch *fetch, const struct mx_fetch_body *body)
{
	char *type = mx_asprintf("Content-Type: %s", body->type);

	add_line(&fetch->headers, type);
	add_line(&fetch->headers, "Expect:");
	for (size_t i = 0; body->headers != NULL && body->headers[i] != NULL; i++)
		add_line(&fetch->headers, body->headers[i]);
	free(type);
	(void)curl_easy_setopt(fetch->easy, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(
	    fetch->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
	(void)curl_easy_setopt(fetch->easy, CURLOPT_COPYPOSTFIELDS, body->data);
	(void)curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
}

static void
set_request(struct mx_fetch *fetch, const struct mx_fetch_request *request)
{
	CURL *easy = fetch->easy;
	char *url = make_url(request);
	const char *ca_file =
	    request->ca_file != NULL ? request->ca_file : fetch->fetcher->ca_file;

	set_limits(easy, request->is_plain);
	(void)curl_easy_setopt(easy, CURLOPT_URL, url);
	if (ca_file != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
		(void)curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->error);
	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, fetch);
	if (request->post != NULL)
		set_body(fetch, request->post);
	leave_from(fetch, request);
	free(url);
}

static void
set_up(struct mx_fetcher *fetcher)
{
	if (fetcher->multi != NULL)
		return;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (fetcher->multi = curl_multi_init()) == NULL)
		mx_out_of_memory(); /* their only failure here */
	(void)curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	(void)curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETDATA, fetcher);
	(void)curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	(void)curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERDATA, fetcher);
	(void)curl_multi_setopt(fetcher->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 64L);
}

struct mx_fetcher *
mx_fetcher_new(struct mx_loop *loop, const char *ca_file)
{
	struct mx_fetcher *fetcher = mx_calloc(1, sizeof *fetcher);

	fetcher->loop = loop;
	fetcher->ca_file = ca_file;
	fetcher->timer = mx_timer_new(loop, on_timer, fetcher);
	LIST_INIT(&fetcher->fetches);
	LIST_INIT(&fetcher->watches);
	return fetcher;
}

void
mx_fetcher_free(struct mx_fetcher *fetcher)
{
	struct mx_fetch *fetch;
	struct watch *watch;

	if (fetcher == NULL)
		return;
	/* The analyzer cannot see that the first of a list is another one each time. */
	while ((fetch = LIST_FIRST(&fetcher->fetches)) != NULL)
		free_fetch(fetch); /* NOLINT(clang-analyzer-unix.Malloc) */
	if (fetcher->multi != NULL) {
		(void)curl_multi_cleanup(fetcher->multi);
		curl_global_cleanup();
	}
	while ((watch = LIST_FIRST(&fetcher->watches)) != NULL)
		drop_watch(watch); /* NOLINT(clang-analyzer-unix.Malloc) */
	mx_timer_free(fetcher->timer);
	free(fetcher);
}

struct mx_fetch *
mx_fetch_start(struct mx_fetcher *fetcher, const struct mx_fetch_request *request,
    void (*done)(void *arg, const struct mx_fetch_answer *answer), void *arg)
{
	struct mx_fetch *fetch = mx_calloc(1, sizeof *fetch);

	set_up(fetcher);
	fetch->fetcher = fetcher;
	fetch->done = done;
	fetch->arg = arg;
	mx_buf_init(&fetch->body, MX_FETCH_BODY);
	LIST_INSERT_HEAD(&fetcher->fetches, fetch, next);
	fetch->easy = curl_easy_init();
	if (fetch->easy == NULL)
		mx_out_of_memory();
	set_request(fetch, request);
	fetch->deadline = mx_timer_new(fetcher->loop, on_deadline, fetch);
	mx_timer_start(fetch->deadline, request->timeout_us);
	/* Goes on from the timer that this sets. */
	if (curl_multi_add_handle(fetcher->multi, fetch->easy) != CURLM_OK)
		mx_out_of_memory();
	return fetch;
}

void
mx_fetch_cancel(struct mx_fetch *fetch)
{
	if (fetch != NULL)
		free_fetch(fetch);
}
