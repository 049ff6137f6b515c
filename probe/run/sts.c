/* sts.c - each step is taken only when the one before has found something. Wherever it stops behind
 * a record that is there, the domain means to have a policy and senders see none. */
#include "probe/run/sts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/dns/host.h"

/* A web server that is slower than this is as good as none (RFC 8461 3.3 leaves it to us). */
#define FETCH_US (10 * MX_SECOND_US)
#define POLICY_PATH "/.well-known/mta-sts.txt"

struct mx_sts_search {
	struct mx_sts_params params;
	struct mx_mta_sts *sts;
	int64_t deadline_us; /* mx_clock_mono_us */
	struct mx_query *txt;
	struct mx_route_host host; /* the policy's */
	struct mx_host_lookup *addrs;
	struct mx_fetch *fetch;
};

static void
free_search(struct mx_sts_search *search)
{
	mx_query_cancel(search->txt);
	mx_host_lookup_cancel(search->addrs);
	mx_fetch_cancel(search->fetch);
	free(search->host.name);
	free(search->host.canonical);
	free(search->host.addrs);
	free(search);
}

static void
finish(struct mx_sts_search *search, enum mx_mta_sts_state state)
{
	void (*done)(void *arg) = search->params.done;
	void *arg = search->params.arg;

	search->sts->state = state;
	free_search(search);
	done(arg);
}

__attribute__((format(printf, 3, 4))) static void
fail(struct mx_sts_search *search, enum mx_mta_sts_state state, const char *format, ...)
{
	va_list args;
	char *why = NULL;

	va_start(args, format);
	if (vasprintf(&why, format, args) < 0)
		mx_out_of_memory();
	va_end(args);
	search->sts->why = why;
	finish(search, state);
}

static int64_t
left_us(const struct mx_sts_search *search, int64_t most)
{
	int64_t left = search->deadline_us - mx_clock_mono_us();

	return left < 0 ? 0 : left < most ? left : most;
}

/* ---- the policy --------------------------------------------------------------------------------- */

static void
read_policy(struct mx_sts_search *search, const struct mx_fetch_answer *answer)
{
	struct mx_mta_sts *sts = search->sts;

	if (!mx_mta_sts_read_policy(answer->body, answer->len, &sts->policy, &sts->why)) {
		finish(search, MX_MTA_STS_BROKEN);
		return;
	}
	mx_sts_cache_keep(
	    search->params.cache, search->params.domain, sts->id, &sts->policy);
	finish(search, MX_MTA_STS_FOUND);
}

static void
on_policy(void *arg, const struct mx_fetch_answer *answer)
{
	struct mx_sts_search *search = arg;
	const char *type = answer->content_type != NULL ? answer->content_type : "";
	char *safe;

	search->fetch = NULL;
	if (answer->status == 200 && mx_mta_sts_is_plain_text(answer->content_type)) {
		read_policy(search, answer);
		return;
	}
	safe = mx_escape_terminal(type, strnlen(type, 80));
	if (answer->status == 0)
		fail(search, MX_MTA_STS_BROKEN, "the policy can't be fetched from %s: %s",
		    search->host.name, answer->why);
	else if (answer->status != 200)
		fail(search, MX_MTA_STS_BROKEN,
		    "the policy can't be fetched from %s: HTTP status %d%s",
		    search->host.name, answer->status,
		    answer->status / 100 == 3 ? ", and redirects don't count" : "");
	else
		fail(search, MX_MTA_STS_BROKEN,
		    "the policy is sent as \"%s\" and not as text/plain", safe);
	free(safe);
}

/* A policy host that "lives" on 127.0.0.1 would have us look at ourselves; as with mail exchangers,
 * only who leaves from there means it. */
static void
keep_remote_addrs(struct mx_route_host *host, const struct mx_addr *source)
{
	bool from_loopback = source != NULL && mx_addr_is_loopback(source);
	size_t kept = 0;

	for (size_t i = 0; i < host->addr_count; i++)
		if (mx_addr_is_one_hosts(&host->addrs[i]) &&
		    (from_loopback || !mx_addr_is_loopback(&host->addrs[i])))
			host->addrs[kept++] = host->addrs[i];
	host->addr_count = kept;
}

static void
on_addrs(void *arg, const char *bogus)
{
	struct mx_sts_search *search = arg;
	struct mx_fetch_request request = {
		.host = search->host.name,
		.path = POLICY_PATH,
		.source = search->params.source,
		.timeout_us = left_us(search, FETCH_US),
	};

	search->addrs = NULL;
	if (search->host.addr_count == 0) {
		fail(search, MX_MTA_STS_BROKEN, "%s: %s%s%s", search->host.name,
		    mx_dns_status_text(mx_route_host_status(&search->host)),
		    bogus != NULL ? ": " : "", bogus != NULL ? bogus : "");
		return;
	}
	keep_remote_addrs(&search->host, search->params.source);
	if (search->host.addr_count == 0) {
		fail(search, MX_MTA_STS_BROKEN,
		    "%s has only addresses that lead back to this host or to nobody",
		    search->host.name);
		return;
	}
	request.addrs = search->host.addrs;
	request.addr_count = search->host.addr_count;
	search->fetch =
	    mx_fetch_start(search->params.fetcher, &request, on_policy, search);
}

/* ---- the record --------------------------------------------------------------------------------- */

static void
read_record(struct mx_sts_search *search, const struct mx_dns_record *record)
{
	struct mx_mta_sts *sts = search->sts;
	const char *why;

	if (!mx_mta_sts_read_record(record->data, record->len, sts->id, &why)) {
		fail(search, MX_MTA_STS_BROKEN, "the TXT record at _mta-sts.%s: %s",
		    search->params.domain, why);
		return;
	}
	if (mx_sts_cache_recall(
		search->params.cache, search->params.domain, sts->id, &sts->policy)) {
		finish(search, MX_MTA_STS_FOUND);
		return;
	}
	search->host.name = mx_asprintf("mta-sts.%s", search->params.domain);
	search->addrs = mx_host_lookup_start(search->params.resolver, &search->host,
	    left_us(search, INT64_MAX), on_addrs, search);
}

static void
read_records(struct mx_sts_search *search, const struct mx_dns_answer *answer)
{
	const struct mx_dns_record *record = NULL;
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++) {
		if (!mx_mta_sts_is_record(
			answer->records[i].data, answer->records[i].len))
			continue;
		record = &answer->records[i];
		count++;
	}
	if (count == 0)
		finish(search, MX_MTA_STS_ABSENT);
	else if (count > 1)
		fail(search, MX_MTA_STS_BROKEN,
		    "%zu TXT records at _mta-sts.%s begin with v=STSv1, and only one may",
		    count, search->params.domain);
	else
		read_record(search, record);
}

static void
on_txt(void *arg, const struct mx_dns_answer *answer)
{
	struct mx_sts_search *search = arg;

	search->txt = NULL;
	switch (answer->status) {
	case MX_DNS_OK:
		read_records(search, answer);
		return;
	case MX_DNS_NODATA:
	case MX_DNS_NXDOMAIN:
		finish(search, MX_MTA_STS_ABSENT);
		return;
	case MX_DNS_SERVFAIL:
	case MX_DNS_BOGUS:
	case MX_DNS_TIMEOUT:
	case MX_DNS_MALFORMED:
	case MX_DNS_STATUS_COUNT:
		break;
	}
	fail(search, MX_MTA_STS_UNKNOWN, "TXT of _mta-sts.%s: %s", search->params.domain,
	    mx_dns_status_text(answer->status));
}

struct mx_sts_search *
mx_sts_find(const struct mx_sts_params *params, struct mx_mta_sts *sts)
{
	struct mx_sts_search *search = mx_calloc(1, sizeof *search);
	char *name = mx_asprintf("_mta-sts.%s", params->domain);

	*sts = (struct mx_mta_sts){ 0 };
	search->params = *params;
	search->sts = sts;
	search->deadline_us = mx_clock_mono_us() + params->timeout_us;
	search->txt = mx_resolver_ask(
	    params->resolver, name, MX_DNS_TXT, params->timeout_us, on_txt, search);
	free(name);
	return search;
}

void
mx_sts_cancel(struct mx_sts_search *search)
{
	if (search != NULL)
		free_search(search);
}
