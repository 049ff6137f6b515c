/* webhook.c - look up the host, sign, post; what the status means. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/addr.h"
#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/base/secret.h"
#include "probe/dns/host.h"
#include "probe/net/hmac.h"
#include "probe/watch/alert/shape.h"
#include "probe/watch/alert/way.h"

#define LOOKUP_US (10 * MX_SECOND_US)
#define POST_US (20 * MX_SECOND_US)
#define SHOWN 160U /* bytes of what a refusal says */

struct webhook {
	struct mx_send *send;
	struct mx_route_host host;
	struct mx_host_lookup *lookup;
	struct mx_fetch *fetch;
	char *id, *body;
};

static void
clear(void *state)
{
	struct webhook *hook = state;

	mx_host_lookup_cancel(hook->lookup);
	mx_fetch_cancel(hook->fetch);
	free(hook->host.name);
	free(hook->host.canonical);
	free(hook->host.addrs);
	free(hook->id);
	free(hook->body);
	free(hook);
}

/* ---- the signature ---- */

/* "t.BODY" is signed and not the body alone: an old notice can't be sent again by others. */
static char *
sign(const char *secret, const char *time_s, const char *body)
{
	char digest[MX_HMAC_TEXT];
	char *text = mx_asprintf("%s.%s", time_s, body);
	char *header = mx_asprintf("Mxprobe-Signature: v1=%s",
	    mx_hmac_sha256(secret, strlen(secret), text, strlen(text), digest));

	free(text);
	return header;
}

/* ---- the answer ---- */

static bool
is_worth_another_try(int status)
{
	return status == 0 || status == 408 || status == 429 || status / 100 == 5;
}

static void
on_answer(void *arg, const struct mx_fetch_answer *answer)
{
	struct webhook *hook = arg;
	size_t shown = answer->len < SHOWN ? answer->len : SHOWN;
	char *said = mx_escape_terminal(answer->body, shown);

	hook->fetch = NULL;
	if (answer->status / 100 == 2)
		mx_way_finish(
		    hook->send, MX_SEND_TAKEN, 0, "HTTP status %d", answer->status);
	else if (answer->status == 0)
		mx_way_finish(hook->send, MX_SEND_AGAIN, 0, "%s", answer->why);
	else
		mx_way_finish(hook->send,
		    is_worth_another_try(answer->status) ? MX_SEND_AGAIN
							 : MX_SEND_REFUSED,
		    answer->retry_after_us, "HTTP status %d%s%s%s", answer->status,
		    answer->status / 100 == 3 ? ": redirects are not followed; name the "
						"right URL"
					      : "",
		    *said != '\0' ? ": " : "", said);
	free(said);
}

/* ---- the question ---- */

static void
post(struct webhook *hook)
{
	const struct mx_receiver *receiver = hook->send->receiver;
	char time_s[24], *secret = NULL, *headers[4] = { NULL };
	struct mx_error err = { 0 };

	(void)snprintf(time_s, sizeof time_s, "%lld",
	    (long long)(mx_clock_wall_us() / MX_SECOND_US));
	/* Read each time, so that it can be changed. */
	if (receiver->secret_file != NULL)
		secret = mx_secret_read(receiver->secret_file, &err);
	if (err.code != MX_OK) {
		mx_way_finish(hook->send, MX_SEND_AGAIN, 0, "%s", err.text);
		return;
	}
	headers[0] = mx_asprintf("Mxprobe-Id: %s", hook->id);
	headers[1] = mx_asprintf("Mxprobe-Timestamp: %s", time_s);
	if (secret != NULL)
		headers[2] = sign(secret, time_s, hook->body);
	mx_secret_wipe(secret);
	hook->fetch = mx_fetch_start(hook->send->tools->fetcher,
	    &(struct mx_fetch_request){
		.host = receiver->url.host,
		.port = receiver->url.port,
		.is_plain = receiver->url.is_plain,
		.path = receiver->url.path,
		.ca_file = receiver->ca_file,
		.addrs = hook->host.addrs,
		.addr_count = hook->host.addr_count,
		.timeout_us = POST_US,
		.post =
		    &(struct mx_fetch_body){
			.type = "application/json",
			.data = hook->body,
			.len = strlen(hook->body),
			.headers = (const char *const *)headers,
		    },
	    },
	    on_answer, hook);
	for (size_t i = 0; i < 3; i++)
		free(headers[i]);
}

static void
on_addrs(void *arg, const char *bogus)
{
	struct webhook *hook = arg;

	hook->lookup = NULL;
	if (hook->host.addr_count > 0) {
		post(hook);
		return;
	}
	mx_way_finish(hook->send, MX_SEND_AGAIN, 0, "%s: %s%s%s", hook->host.name,
	    mx_dns_status_text(mx_route_host_status(&hook->host)),
	    bogus != NULL ? ": " : "", bogus != NULL ? bogus : "");
}

static void
start(struct mx_send *send, const struct mx_send_notice *notice)
{
	const struct mx_receiver *receiver = send->receiver;
	struct webhook *hook = mx_calloc(1, sizeof *hook);
	struct mx_addr addr;

	send->state = hook;
	hook->send = send;
	hook->id = mx_strdup(notice->id);
	hook->body = receiver->format == MX_CONFIG_ALERTMANAGER
			 ? mx_shape_alertmanager(notice->body, receiver->key)
			 : mx_strdup(notice->body);
	hook->host.name = mx_strdup(receiver->url.host);
	if (!mx_addr_parse(receiver->url.host, &addr)) {
		hook->lookup = mx_host_lookup_start(
		    send->tools->resolver, &hook->host, LOOKUP_US, on_addrs, hook);
		return;
	}
	hook->host.addrs = mx_grow(NULL, 0, sizeof addr);
	hook->host.addrs[0] = addr;
	hook->host.addr_count = 1;
	post(hook);
}

const struct mx_way mx_way_webhook = { .start = start, .clear = clear };
