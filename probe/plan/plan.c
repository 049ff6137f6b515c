/* plan.c - pairs to visits, then a look back: which of them an earlier one answers. */
#include "probe/plan/plan.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/dns/mx.h"

bool
mx_plan_same_hosts(const struct mx_route *a, const struct mx_route *b)
{
	if (a->kind == MX_ROUTE_FIXED || b->kind == MX_ROUTE_FIXED ||
	    a->host_count != b->host_count || a->host_count == 0)
		return false;
	for (size_t i = 0; i < a->host_count; i++)
		if (!mx_route_has_host(b, a->hosts[i].name))
			return false;
	return true;
}

static bool
family_fits(const struct mx_plan_input *input, const struct mx_visit *visit, int family)
{
	return family == input->sources[visit->source]->family &&
	       (input->family == AF_UNSPEC || input->family == family);
}

/* 127.0.0.1, 0.0.0.0 and the like in DNS lead back to this host, which would then be probed in the
 * name of the destination. Between loopback addresses, and for a server that the user names, they
 * mean what they say. */
static bool
leads_there(const struct mx_plan_input *input, const struct mx_visit *visit,
    const struct mx_addr *addr)
{
	if (input->destinations[visit->destination].route->kind == MX_ROUTE_FIXED)
		return true;
	return mx_addr_is_one_hosts(addr) &&
	       (!mx_addr_is_loopback(addr) ||
		   mx_addr_is_loopback(input->sources[visit->source]));
}

static int
by_addr(const void *a, const void *b)
{
	return mx_addr_compare(
	    &((const struct mx_hop *)a)->addr, &((const struct mx_hop *)b)->addr);
}

/* Every address of the source's family, in preference order; its length is set. False in *complete
 * when some had to be left out because they lead nowhere. Name servers tell a host's addresses in
 * another order each time; here they have one, or counting visits would not lead to all of them.
 * Caller frees. */
static struct mx_hop *
list_hops(const struct mx_plan_input *input, struct mx_visit *visit, bool *complete)
{
	const struct mx_route *route = input->destinations[visit->destination].route;
	struct mx_hop *hops = NULL;

	*complete = true;
	visit->address_count = 0;
	for (size_t i = 0; i < route->host_count; i++) {
		const struct mx_route_host *host = &route->hosts[i];
		size_t before = visit->address_count;

		for (size_t j = 0; j < host->addr_count; j++) {
			struct mx_addr addr = host->addrs[j];

			if (!family_fits(input, visit, addr.family))
				continue;
			if (!leads_there(input, visit, &addr)) {
				*complete = false;
				continue;
			}
			if (addr.port == 0)
				addr.port = input->port;
			hops = mx_grow(hops, visit->address_count, sizeof *hops);
			hops[visit->address_count++] =
			    (struct mx_hop){ .host = host, .addr = addr };
		}
		if (visit->address_count > before + 1)
			qsort(hops + before, visit->address_count - before, sizeof *hops,
			    by_addr);
	}
	return hops;
}

/* As many of them as a visit takes: with --mx all, else one and one to fall back on. */
static bool
choose_hops(const struct mx_plan_input *input, struct mx_visit *visit)
{
	size_t most = input->mx_all ? MX_VISIT_HOPS : 2;
	size_t pair = visit->source * input->destination_count + visit->destination;
	size_t start = input->starts != NULL ? input->starts[pair] : 0;
	bool complete;
	struct mx_hop *hops = list_hops(input, visit, &complete);

	visit->hop_count = visit->address_count < most ? visit->address_count : most;
	for (size_t i = 0; i < visit->hop_count; i++)
		visit->hops[i] = hops[(start + i) % visit->address_count];
	free(hops);
	return complete;
}

static bool
is_exempt(const struct mx_plan_destination *destination, const struct mx_visit *visit)
{
	if (destination->own)
		return true;
	for (size_t i = 0; i < visit->hop_count; i++)
		if (!mx_addr_is_loopback(&visit->hops[i].addr))
			return false;
	return visit->hop_count > 0;
}

/* ---- what earlier visits of the same source mean for a later one ---- */

/* First visit of a source with this key: a set of MX hosts, or a provider group. */
struct first {
	size_t visit;
	const char *key; /* borrowed */
};

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct first *)a)->key, ((const struct first *)b)->key);
}

/* The visit that came first with this key; visit itself when there was none. */
static size_t
first_with(void **tree, const char *key, size_t visit)
{
	struct first *fresh = mx_calloc(1, sizeof *fresh);

	*fresh = (struct first){ visit, key };

	struct first **kept = tsearch(fresh, tree, by_key);

	if (kept == NULL)
		mx_out_of_memory();
	if (*kept != fresh)
		free(fresh);
	return (*kept)->visit;
}

static int
by_name(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whatever the locale says: host names are ASCII. */
static const char *
ascii_lower(const char *c)
{
	return *c >= 'A' && *c <= 'Z' ? &"abcdefghijklmnopqrstuvwxyz"[*c - 'A'] : c;
}

/* The names of a route's hosts, sorted: equal keys mean the same mail exchangers. Fixed servers
 * have none: there the user said where to go. Caller frees. */
static char *
hosts_key(const struct mx_route *route)
{
	struct mx_buf key;
	const char **names = mx_calloc(route->host_count + 1, sizeof *names);

	mx_buf_init(&key, SIZE_MAX);
	for (size_t i = 0; i < route->host_count; i++)
		names[i] = route->hosts[i].name;
	qsort(names, route->host_count, sizeof *names, by_name);
	for (size_t i = 0; i < route->host_count && route->kind != MX_ROUTE_FIXED; i++) {
		for (const char *c = names[i]; *c != '\0'; c++) {
			mx_buf_add(&key, ascii_lower(c), 1);
		}
		mx_buf_addstr(&key, " ");
	}
	free(names);
	return mx_buf_take(&key);
}

/* Only visits that are probed count as first; a later one with the same exchangers shows their
 * result, another tenant of the same provider has to wait for its turn. */
static void
look_back(const struct mx_plan_input *input, char *const *keys, struct mx_visit *visits,
    size_t from)
{
	void *hosts = NULL, *groups = NULL;

	for (size_t i = from; i < from + input->destination_count; i++) {
		struct mx_visit *visit = &visits[i];
		const char *group = input->destinations[visit->destination].group;
		const char *key = keys[visit->destination];

		if (visit->kind != MX_VISIT_PROBE)
			continue;
		visit->first = *key != '\0' ? first_with(&hosts, key, i) : i;
		if (visit->first != i) {
			visit->kind = MX_VISIT_SHARED;
			continue;
		}
		if (visit->exempt)
			continue;
		visit->first = first_with(&groups, group, i);
		if (visit->first != i)
			visit->kind = MX_VISIT_SUPPRESSED;
	}
	tdestroy(hosts, free);
	tdestroy(groups, free);
}

static void
plan_visit(const struct mx_plan_input *input, struct mx_visit *visit)
{
	const struct mx_plan_destination *destination =
	    &input->destinations[visit->destination];
	bool complete;

	visit->every_hop = input->mx_all;
	complete = choose_hops(input, visit);
	visit->exempt = is_exempt(destination, visit);
	if (destination->never != NULL ||
	    (destination->provider != NULL && !destination->provider->probe))
		visit->kind = MX_VISIT_NEVER;
	else if (!mx_route_has_address(destination->route))
		visit->kind = MX_VISIT_NO_ROUTE;
	else if (visit->hop_count == 0)
		visit->kind = complete ? MX_VISIT_NO_FAMILY : MX_VISIT_NOWHERE;
}

struct mx_visit *
mx_plan_make(const struct mx_plan_input *input, size_t *count)
{
	size_t total = input->source_count * input->destination_count;
	struct mx_visit *visits = mx_calloc(total > 0 ? total : 1, sizeof *visits);
	char **keys = mx_calloc(input->destination_count + 1, sizeof *keys);

	for (size_t i = 0; i < input->destination_count; i++)
		keys[i] = hosts_key(input->destinations[i].route);
	for (size_t i = 0; i < total; i++) {
		visits[i].source = i / input->destination_count;
		visits[i].destination = i % input->destination_count;
		plan_visit(input, &visits[i]);
	}
	for (size_t i = 0; i < total; i += input->destination_count)
		look_back(input, keys, visits, i);
	for (size_t i = 0; i < input->destination_count; i++)
		free(keys[i]);
	free(keys);
	*count = total;
	return visits;
}
