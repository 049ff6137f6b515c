/*
 * tlsa.c - one to three questions, each only when the one before calls for it.
 *
 * A host may be an alias. Its records are then looked for at the end of the alias first, and at its
 * own name next (RFC 7672 2.2.3). Where the alias leaves signed territory only its own name
 * counts, and only if the alias itself is signed.
 */
#include "probe/dns/tlsa.h"

#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"

struct mx_tlsa_lookup {
	struct mx_resolver *resolver;
	struct mx_dane *dane;
	struct mx_query *query;
	char *bases[2]; /* names still to be tried, NULL when tried; own */
	uint16_t port;
	int64_t deadline_us; /* mx_clock_mono_us */
	void (*done)(void *arg);
	void *arg;
};

static void on_records(void *arg, const struct mx_dns_answer *answer);

static void
free_lookup(struct mx_tlsa_lookup *lookup)
{
	mx_query_cancel(lookup->query);
	for (size_t i = 0; i < 2; i++)
		free(lookup->bases[i]);
	free(lookup);
}

static void
finish(struct mx_tlsa_lookup *lookup, enum mx_dane_result known, char *detail)
{
	void (*done)(void *arg) = lookup->done;
	void *arg = lookup->arg;

	lookup->dane->known = known;
	lookup->dane->detail = detail;
	free_lookup(lookup);
	done(arg);
}

/* ---- the records -------------------------------------------------------------------------------- */

/* base is handed over. */
static void
take_records(
    struct mx_tlsa_lookup *lookup, const struct mx_dns_answer *answer, char *base)
{
	struct mx_dane *dane = lookup->dane;

	dane->base = base;
	for (size_t i = 0; i < answer->count; i++)
		mx_dane_add(dane, answer->records[i].data, answer->records[i].len);
	finish(lookup, MX_DANE_UNUSABLE,
	    mx_strdup("no TLSA record is of a kind that SMTP uses (2 or 3)"));
}

static int64_t
left_us(const struct mx_tlsa_lookup *lookup)
{
	int64_t left = lookup->deadline_us - mx_clock_mono_us();

	return left > 0 ? left : 0;
}

static void
ask_records(struct mx_tlsa_lookup *lookup)
{
	char *name = mx_asprintf("_%u._tcp.%s", (unsigned)lookup->port, lookup->bases[0]);

	lookup->query = mx_resolver_ask(
	    lookup->resolver, name, MX_DNS_TLSA, left_us(lookup), on_records, lookup);
	free(name);
}

static bool
says_no(const struct mx_dns_answer *answer)
{
	return answer->status == MX_DNS_NODATA || answer->status == MX_DNS_NXDOMAIN ||
	       (answer->status == MX_DNS_OK && answer->dnssec != MX_DNSSEC_SECURE);
}

static char *
take_base(struct mx_tlsa_lookup *lookup)
{
	char *base = lookup->bases[0];

	lookup->bases[0] = lookup->bases[1];
	lookup->bases[1] = NULL;
	return base;
}

static void
on_records(void *arg, const struct mx_dns_answer *answer)
{
	struct mx_tlsa_lookup *lookup = arg;
	char *base = take_base(lookup);

	lookup->query = NULL;
	if (answer->status == MX_DNS_OK && answer->dnssec == MX_DNSSEC_SECURE) {
		take_records(lookup, answer, base);
		return;
	}
	if (says_no(answer)) {
		free(base);
		if (lookup->bases[0] != NULL)
			ask_records(lookup);
		else
			finish(lookup, MX_DANE_NONE, NULL);
		return;
	}
	/* Neither "there are none" nor any that could be trusted: a sender must wait. */
	finish(lookup, MX_DANE_LOOKUP_FAILED,
	    mx_asprintf("TLSA of %s: %s%s%s", base, mx_dns_status_text(answer->status),
		answer->why != NULL ? ": " : "", answer->why != NULL ? answer->why : ""));
	free(base);
}

/* ---- where to look ------------------------------------------------------------------------------ */

/* Where an alias leads to is not signed; the alias may be. */
static void
on_alias(void *arg, const struct mx_dns_answer *answer)
{
	struct mx_tlsa_lookup *lookup = arg;

	lookup->query = NULL;
	if (answer->status == MX_DNS_OK && answer->dnssec == MX_DNSSEC_SECURE)
		ask_records(lookup);
	else
		finish(lookup, MX_DANE_NONE, NULL);
}

/* The way to the host's name: what was named on the command line needs no DNS. */
static enum mx_dnssec
way_to_host(const struct mx_route *route)
{
	return route->kind == MX_ROUTE_FIXED ? MX_DNSSEC_SECURE : route->dnssec;
}

static bool
is_worth_asking(const struct mx_route *route, const struct mx_route_host *host)
{
	return way_to_host(route) == MX_DNSSEC_SECURE && host->addr_count > 0 &&
	       (host->dnssec == MX_DNSSEC_SECURE ||
		   (host->dnssec == MX_DNSSEC_INSECURE && host->canonical != NULL));
}

/* The host's addresses, or a name that leads to them, are signed. */
static void
ask_first(struct mx_tlsa_lookup *lookup, const struct mx_route_host *host)
{
	lookup->bases[0] = mx_strdup(host->name);
	if (host->dnssec == MX_DNSSEC_INSECURE) {
		lookup->query = mx_resolver_ask(lookup->resolver, host->name,
		    MX_DNS_CNAME, left_us(lookup), on_alias, lookup);
		return;
	}
	if (host->canonical != NULL) {
		lookup->bases[1] = lookup->bases[0];
		lookup->bases[0] = mx_strdup(host->canonical);
	}
	ask_records(lookup);
}

struct mx_tlsa_lookup *
mx_tlsa_lookup_start(struct mx_resolver *resolver,
    const struct mx_tlsa_question *question, struct mx_dane *dane,
    void (*done)(void *arg), void *arg)
{
	const struct mx_route *route = question->route;
	const struct mx_route_host *host = question->host;
	struct mx_tlsa_lookup *lookup;
	bool is_off =
	    way_to_host(route) == MX_DNSSEC_UNKNOWN || host->dnssec == MX_DNSSEC_UNKNOWN;

	*dane = (struct mx_dane){ .known = is_off ? MX_DANE_UNKNOWN : MX_DANE_NONE };
	if (!is_worth_asking(route, host))
		return NULL;
	dane->host = mx_strdup(host->name);
	dane->domain = route->kind == MX_ROUTE_MX ? mx_strdup(route->domain) : NULL;
	lookup = mx_calloc(1, sizeof *lookup);
	lookup->resolver = resolver;
	lookup->dane = dane;
	lookup->port = question->port;
	lookup->deadline_us = mx_clock_mono_us() + question->timeout_us;
	lookup->done = done;
	lookup->arg = arg;
	ask_first(lookup, host);
	return lookup;
}

void
mx_tlsa_lookup_cancel(struct mx_tlsa_lookup *lookup)
{
	if (lookup != NULL)
		free_lookup(lookup);
}
