/* host.c - two questions, joined when both are answered: a family that fails does not spoil
 * the other. */
#include "probe/dns/host.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

struct family {
	struct mx_host_lookup *lookup;
	struct mx_query *query; /* NULL when answered */
	struct mx_dns_answer answer;
};

struct mx_host_lookup {
	struct mx_route_host *host;
	struct family v4, v6;
	void (*done)(void *arg, const char *bogus);
	void *arg;
};

/* How little a status says about the name, and how much about our way to it. */
static const int severity[MX_DNS_STATUS_COUNT] = {
	[MX_DNS_OK] = 0,
	[MX_DNS_NODATA] = 1,
	[MX_DNS_NXDOMAIN] = 2,
	[MX_DNS_TIMEOUT] = 3,
	[MX_DNS_MALFORMED] = 4,
	[MX_DNS_SERVFAIL] = 5,
	[MX_DNS_BOGUS] = 6,
};

enum mx_dns_status
mx_route_host_status(const struct mx_route_host *host)
{
	return severity[host->status_a] >= severity[host->status_aaaa]
		   ? host->status_a
		   : host->status_aaaa;
}

static bool
has_addr(const struct mx_route_host *host, const struct mx_addr *addr)
{
	for (size_t i = 0; i < host->addr_count; i++)
		if (mx_addr_equal(&host->addrs[i], addr))
			return true;
	return false;
}

/* Appends what is new, until the host has room addresses. */
static void
add_addrs(struct mx_route_host *host, const struct mx_dns_answer *answer, size_t room)
{
	for (size_t i = 0; i < answer->count; i++) {
		const struct mx_addr *addr = &answer->records[i].addr;

		if (has_addr(host, addr))
			continue;
		if (host->addr_count == room) {
			host->more_addrs = true;
			return;
		}
		host->addrs = mx_grow(host->addrs, host->addr_count, sizeof *addr);
		host->addrs[host->addr_count++] = *addr;
	}
}

/* Neither family takes more than half of the room if the other needs it. */
static void
join_addrs(struct mx_route_host *host, const struct mx_dns_answer *v4,
    const struct mx_dns_answer *v6)
{
	size_t kept_for_v6 = v6->count;

	if (kept_for_v6 > MX_ROUTE_ADDRS_MAX / 2)
		kept_for_v6 = MX_ROUTE_ADDRS_MAX / 2;
	add_addrs(host, v4, MX_ROUTE_ADDRS_MAX - kept_for_v6);
	add_addrs(host, v6, MX_ROUTE_ADDRS_MAX);
}

/* Addresses are as secure as the weaker of the answers that gave some. */
static enum mx_dnssec
weaker(const struct mx_dns_answer *a, const struct mx_dns_answer *b)
{
	if (a->count == 0 && b->count > 0)
		return b->dnssec;
	if (b->count == 0 && a->count > 0)
		return a->dnssec;
	return a->dnssec < b->dnssec ? a->dnssec : b->dnssec;
}

static void
fill_host(struct mx_host_lookup *lookup)
{
	struct mx_route_host *host = lookup->host;
	struct mx_dns_answer *v4 = &lookup->v4.answer, *v6 = &lookup->v6.answer;

	host->status_a = v4->status;
	host->status_aaaa = v6->status;
	host->dnssec = weaker(v4, v6);
	host->canonical =
	    mx_strdup(v4->canonical != NULL ? v4->canonical : v6->canonical);
	join_addrs(host, v4, v6);
}

static void
free_lookup(struct mx_host_lookup *lookup)
{
	mx_query_cancel(lookup->v4.query);
	mx_query_cancel(lookup->v6.query);
	mx_dns_answer_clear(&lookup->v4.answer);
	mx_dns_answer_clear(&lookup->v6.answer);
	free(lookup);
}

static void
finish(struct mx_host_lookup *lookup)
{
	void (*done)(void *arg, const char *bogus) = lookup->done;
	void *arg = lookup->arg;
	char *bogus = mx_strdup(lookup->v4.answer.why != NULL ? lookup->v4.answer.why
							      : lookup->v6.answer.why);

	fill_host(lookup);
	free_lookup(lookup);
	done(arg, bogus);
	free(bogus);
}

/* Address records own nothing, so their bytes are all there is to copy. */
static void
keep_answer(struct mx_dns_answer *kept, const struct mx_dns_answer *answer)
{
	size_t size = answer->count * sizeof *answer->records;

	*kept = *answer;
	kept->canonical = mx_strdup(answer->canonical);
	kept->why = mx_strdup(answer->why);
	kept->records = mx_calloc(answer->count, sizeof *answer->records);
	if (size > 0)
		memcpy(kept->records, answer->records, size);
}

static void
on_answer(void *arg, const struct mx_dns_answer *answer)
{
	struct family *family = arg;
	struct mx_host_lookup *lookup = family->lookup;

	family->query = NULL;
	keep_answer(&family->answer, answer);
	if (lookup->v4.query == NULL && lookup->v6.query == NULL)
		finish(lookup);
}

struct mx_host_lookup *
mx_host_lookup_start(struct mx_resolver *resolver, struct mx_route_host *host,
    int64_t timeout_us, void (*done)(void *arg, const char *bogus), void *arg)
{
	struct mx_host_lookup *lookup = mx_calloc(1, sizeof *lookup);

	lookup->host = host;
	lookup->done = done;
	lookup->arg = arg;
	lookup->v4.lookup = lookup->v6.lookup = lookup;
	lookup->v4.query = mx_resolver_ask(
	    resolver, host->name, MX_DNS_A, timeout_us, on_answer, &lookup->v4);
	lookup->v6.query = mx_resolver_ask(
	    resolver, host->name, MX_DNS_AAAA, timeout_us, on_answer, &lookup->v6);
	return lookup;
}

void
mx_host_lookup_cancel(struct mx_host_lookup *lookup)
{
	if (lookup != NULL)
		free_lookup(lookup);
}
