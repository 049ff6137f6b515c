#include "probe/plan/plan.h"

#include "probe/base/mem.h"
#include "probe/dns/name.h"

static bool
names_host(const struct mx_route *route, const char *name)
{
	for (size_t i = 0; i < route->host_count; i++)
		if (mx_name_equal(route->hosts[i].name, name))
			return true;
	return false;
}

bool
mx_route_same_hosts(const struct mx_route *a, const struct mx_route *b)
{
	if (a->kind == MX_ROUTE_FIXED || b->kind == MX_ROUTE_FIXED ||
	    a->host_count != b->host_count || a->host_count == 0)
		return false;
	for (size_t i = 0; i < a->host_count; i++)
		if (!names_host(b, a->hosts[i].name))
			return false;
	return true;
}

static bool
family_fits(const struct mx_plan_input *input, const struct mx_visit *visit, int family)
{
	return family == input->sources[visit->source]->family &&
	       (input->family == AF_UNSPEC || input->family == family);
}

/* Addresses in preference order: all of them, or the first and one to fall back on. */
static void
choose_hops(const struct mx_plan_input *input, struct mx_visit *visit)
{
	const struct mx_route *route = input->destinations[visit->destination].route;
	size_t most = input->mx_all ? MX_VISIT_HOPS : 2;

	for (size_t i = 0; i < route->host_count; i++) {
		const struct mx_route_host *host = &route->hosts[i];

		for (size_t j = 0; j < host->addr_count && visit->hop_count < most; j++) {
			struct mx_addr addr = host->addrs[j];

			if (!family_fits(input, visit, addr.family))
				continue;
			if (addr.port == 0)
				addr.port = input->port;
			visit->hops[visit->hop_count++] =
			    (struct mx_hop){ .host = host, .addr = addr };
		}
	}
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

static bool
has_any_address(const struct mx_route *route)
{
	for (size_t i = 0; i < route->host_count; i++)
		if (route->hosts[i].addr_count > 0)
			return true;
	return false;
}

/* What an earlier visit of the same source means for this one. */
static enum mx_visit_kind
compare(const struct mx_plan_input *input, const struct mx_visit *earlier,
    const struct mx_visit *visit)
{
	const struct mx_plan_destination *a = &input->destinations[earlier->destination];
	const struct mx_plan_destination *b = &input->destinations[visit->destination];

	if (earlier->kind != MX_VISIT_PROBE)
		return MX_VISIT_PROBE;
	if (mx_route_same_hosts(a->route, b->route))
		return MX_VISIT_SHARED;
	if (!visit->exempt && !earlier->exempt && mx_name_equal(a->group, b->group))
		return MX_VISIT_SUPPRESSED;
	return MX_VISIT_PROBE;
}

static void
look_back(const struct mx_plan_input *input, struct mx_visit *visits, size_t first,
    size_t index)
{
	struct mx_visit *visit = &visits[index];

	for (size_t i = first; i < index && visit->kind == MX_VISIT_PROBE; i++) {
		visit->kind = compare(input, &visits[i], visit);
		visit->first = i;
	}
}

static void
plan_visit(const struct mx_plan_input *input, struct mx_visit *visit)
{
	const struct mx_plan_destination *destination =
	    &input->destinations[visit->destination];

	visit->every_hop = input->mx_all;
	choose_hops(input, visit);
	visit->exempt = is_exempt(destination, visit);
	if (destination->provider != NULL && !destination->provider->probe)
		visit->kind = MX_VISIT_NEVER;
	else if (!has_any_address(destination->route))
		visit->kind = MX_VISIT_NO_ROUTE;
	else if (visit->hop_count == 0)
		visit->kind = MX_VISIT_NO_FAMILY;
}

struct mx_visit *
mx_plan_make(const struct mx_plan_input *input, size_t *count)
{
	size_t total = input->source_count * input->destination_count;
	struct mx_visit *visits = mx_calloc(total > 0 ? total : 1, sizeof *visits);

	for (size_t i = 0; i < total; i++) {
		visits[i].source = i / input->destination_count;
		visits[i].destination = i % input->destination_count;
		plan_visit(input, &visits[i]);
		look_back(input, visits, i - visits[i].destination, i);
	}
	*count = total;
	return visits;
}
