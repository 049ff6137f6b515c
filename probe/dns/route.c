/* route.c - one MX question, then the addresses of every host at once. */
#include "probe/dns/route.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/dns/host.h"
#include "probe/dns/mx.h"

/* A host whose addresses are being looked up. */
struct pending {
	struct mx_route_search *search;
	struct mx_route_host *host;
	struct mx_host_lookup *lookup; /* NULL when done, or not needed */
	char *bogus;                   /* the validator's reason, or NULL */
};

struct mx_route_search {
	struct mx_resolver *resolver;
	struct mx_route *route;
	int64_t deadline_us; /* mx_clock_mono_us */
	struct mx_query *mx_query;
	struct pending *pending; /* one a host, once the hosts are known */
	size_t host_count;
	size_t open; /* of these, how many are not done */
	void (*done)(void *arg, struct mx_route *route);
	void *arg;
};

void
mx_route_free(struct mx_route *route)
{
	if (route == NULL)
		return;
	for (size_t i = 0; i < route->host_count; i++) {
		free(route->hosts[i].name);
		free(route->hosts[i].canonical);
		free(route->hosts[i].addrs);
	}
	free(route->hosts);
	free(route->domain);
	free(route->why);
	free(route->remark);
	free(route->canonical);
	free(route);
}

bool
mx_route_has_address(const struct mx_route *route)
{
	for (size_t i = 0; i < route->host_count; i++)
		if (route->hosts[i].addr_count > 0)
			return true;
	return false;
}

static struct mx_route *
new_route(const char *domain)
{
	struct mx_route *route = mx_calloc(1, sizeof *route);

	route->domain = mx_strdup(domain);
	return route;
}

struct mx_route *
mx_route_fixed(const char *name, const struct mx_addr *addr)
{
	struct mx_route *route = new_route(name);
	struct mx_route_host *host = mx_route_add_host(route, name, 0);

	route->kind = MX_ROUTE_FIXED;
	host->addrs = mx_calloc(1, sizeof *host->addrs);
	host->addrs[0] = *addr;
	host->addrs[0].port = 0;
	host->addr_count = 1;
	if (addr->family == AF_INET)
		host->status_aaaa = MX_DNS_NODATA;
	else
		host->status_a = MX_DNS_NODATA;
	return route;
}

/* ---- sentences for people ------------------------------------------------------------------- */

/* What to do about it, where that is not plain. */
static const char *const advice[MX_DNS_STATUS_COUNT] = {
	[MX_DNS_SERVFAIL] =
	    "; try again later, or ask another resolver with --dns-server",
	[MX_DNS_TIMEOUT] = "; try again later, or ask another resolver with --dns-server",
	[MX_DNS_MALFORMED] = "; ask another resolver with --dns-server",
};

static char *
sentence(enum mx_dns_status status, const char *why)
{
	if (status == MX_DNS_BOGUS && why != NULL)
		return mx_asprintf("DNSSEC validation failed: %s", why);
	return mx_asprintf("%s%s", mx_dns_status_text(status),
	    advice[status] != NULL ? advice[status] : "");
}

/* Of many hosts the first is told: the one that senders try first. */
static char *
no_exchanger(const struct mx_route_host *host, const char *bogus)
{
	char *text = mx_route_names_host(host->name)
			 ? sentence(mx_route_host_status(host), bogus)
			 : mx_strdup("that is no host name");
	char *why =
	    mx_asprintf("no mail exchanger has an address; %s: %s", host->name, text);

	free(text);
	return why;
}

/* Why a route ends without an address. */
static void
explain(struct mx_route *route, const struct mx_route_host *host, const char *bogus)
{
	enum mx_dns_status status = mx_route_host_status(host);

	if (route->kind == MX_ROUTE_MX) {
		route->why = no_exchanger(host, bogus);
	} else if (route->kind == MX_ROUTE_IMPLICIT && status == MX_DNS_NODATA) {
		route->why = mx_strdup("neither MX record nor address (NODATA)");
	} else if (status == MX_DNS_NODATA) {
		route->why = mx_strdup("the host has no address (NODATA)");
	} else {
		route->why = sentence(status, bogus);
	}
}

/* ---- the end of a search -------------------------------------------------------------------- */

static void
free_search(struct mx_route_search *search)
{
	for (size_t i = 0; search->pending != NULL && i < search->host_count; i++) {
		mx_host_lookup_cancel(search->pending[i].lookup);
		free(search->pending[i].bogus);
	}
	free(search->pending);
	mx_query_cancel(search->mx_query);
	mx_route_free(search->route);
	free(search);
}

/* done last, and nothing of the search left by then. */
static void
finish(struct mx_route_search *search)
{
	void (*done)(void *arg, struct mx_route *route) = search->done;
	void *arg = search->arg;
	struct mx_route *route = search->route;

	search->route = NULL;
	free_search(search);
	done(arg, route);
}

static bool
is_failure(enum mx_dns_status status)
{
	return status == MX_DNS_SERVFAIL || status == MX_DNS_TIMEOUT;
}

bool
mx_route_lookup_failed(const struct mx_route *route)
{
	bool failed = is_failure(route->status);

	for (size_t i = 0; i < route->host_count; i++)
		failed = failed || is_failure(mx_route_host_status(&route->hosts[i]));
	return failed && !mx_route_has_address(route);
}

/* Every host has been looked up. */
static void
conclude(struct mx_route_search *search)
{
	struct mx_route *route = search->route;

	for (size_t i = 0; i < route->host_count; i++)
		if (route->hosts[i].more_addrs)
			mx_route_add_remark(route,
			    "%s has more than %d addresses, only these are used",
			    route->hosts[i].name, MX_ROUTE_ADDRS_MAX);
	if (mx_route_has_address(route)) {
		route->status = MX_DNS_OK;
	} else {
		explain(route, &route->hosts[0], search->pending[0].bogus);
		if (route->kind != MX_ROUTE_MX) {
			route->kind = MX_ROUTE_NONE;
			route->status = mx_route_host_status(&route->hosts[0]);
		}
	}
	finish(search);
}

/* ---- the lookups ---------------------------------------------------------------------------- */

static void
on_host(void *arg, const char *bogus)
{
	struct pending *pending = arg;

	pending->lookup = NULL;
	pending->bogus = mx_strdup(bogus);
	if (--pending->search->open == 0)
		conclude(pending->search);
}

/* From here on the array of hosts stays where it is. */
static void
look_up_hosts(struct mx_route_search *search)
{
	struct mx_route *route = search->route;
	int64_t left_us = search->deadline_us - mx_clock_mono_us();

	search->host_count = route->host_count;
	search->pending = mx_calloc(search->host_count, sizeof *search->pending);
	for (size_t i = 0; i < search->host_count; i++) {
		struct pending *pending = &search->pending[i];

		if (route->hosts[i].status_a == MX_DNS_MALFORMED)
			continue; /* mx.c has seen that it names no host */
		pending->search = search;
		pending->lookup = mx_host_lookup_start(search->resolver, &route->hosts[i],
		    left_us > 0 ? left_us : 0, on_host, pending);
		search->open++;
	}
}

static void
on_mx(void *arg, const struct mx_dns_answer *answer)
{
	struct mx_route_search *search = arg;
	struct mx_route *route = search->route;

	search->mx_query = NULL;
	route->status = answer->status;
	route->dnssec = answer->dnssec;
	route->canonical = mx_strdup(answer->canonical);
	if (answer->status == MX_DNS_OK) {
		mx_route_read_mx(route, answer);
	} else if (answer->status == MX_DNS_NODATA) {
		route->kind = MX_ROUTE_IMPLICIT;
		mx_route_add_host(route, route->domain, 0);
	} else {
		route->why = sentence(answer->status, answer->why);
	}
	if (route->kind == MX_ROUTE_NULL)
		route->why = mx_strdup("takes no mail: null MX (RFC 7505)");
	if (route->host_count == 0) {
		finish(search);
		return;
	}
	look_up_hosts(search);
	if (search->open == 0)
		conclude(search);
}

static struct mx_route_search *
new_search(struct mx_resolver *resolver, const char *name, int64_t timeout_us,
    void (*done)(void *arg, struct mx_route *route), void *arg)
{
	struct mx_route_search *search = mx_calloc(1, sizeof *search);

	search->resolver = resolver;
	search->route = new_route(name);
	search->deadline_us = mx_clock_mono_us() + timeout_us;
	search->done = done;
	search->arg = arg;
	return search;
}

struct mx_route_search *
mx_route_find(struct mx_resolver *resolver, const char *domain, int64_t timeout_us,
    void (*done)(void *arg, struct mx_route *route), void *arg)
{
	struct mx_route_search *search =
	    new_search(resolver, domain, timeout_us, done, arg);

	search->mx_query =
	    mx_resolver_ask(resolver, domain, MX_DNS_MX, timeout_us, on_mx, search);
	return search;
}

struct mx_route_search *
mx_route_find_host(struct mx_resolver *resolver, const char *host, int64_t timeout_us,
    void (*done)(void *arg, struct mx_route *route), void *arg)
{
	struct mx_route_search *search =
	    new_search(resolver, host, timeout_us, done, arg);

	search->route->kind = MX_ROUTE_FIXED;
	mx_route_add_host(search->route, host, 0);
	look_up_hosts(search);
	return search;
}

void
mx_route_cancel(struct mx_route_search *search)
{
	if (search != NULL)
		free_search(search);
}
