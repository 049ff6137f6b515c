/* control.c - the control host as one more destination, whose visits sleep until a row needs them. */
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/plan/group.h"
#include "probe/run/run.h"

/* Enough for one that fails and one to fall back on. */
#define HOPS 2

static void
warn_unusable(struct mx_run *run, const char *why)
{
	char *text = mx_asprintf("control %s: %s; it tells nothing in this run",
	    run->params->control_name, why);

	if (run->hooks->warning != NULL)
		run->hooks->warning(run->hooks->arg, text);
	free(text);
}

/* It stands behind the destinations that the user named, and no row is ever made of it. */
static void
settle_destination(struct mx_run *run, const struct mx_route *route)
{
	struct mx_run_destination *control =
	    &run->destinations[run->params->destination_count];
	const struct mx_provider *provider =
	    mx_catalogue_provider_by_mx(run->catalogue, route->hosts[0].name);

	mx_group_name(provider, route->hosts[0].name, control->group);
	control->ask.depth = MX_STAGE_BANNER;
	control->plan = (struct mx_plan_destination){
		.route = route,
		.provider = provider,
		.group = control->group,
	};
}

static struct mx_visit
visit_from(const struct mx_run *run, size_t source)
{
	const struct mx_route_host *host = run->survey->control->hosts;
	struct mx_visit visit = {
		.source = source,
		.destination = run->params->destination_count,
		.kind = MX_VISIT_PROBE,
		.control = true,
		.exempt = true,
	};

	for (size_t i = 0; i < host->addr_count && visit.hop_count < HOPS; i++) {
		struct mx_addr addr = host->addrs[i];

		if (addr.family != run->addrs[source]->family)
			continue;
		addr.port = run->params->control.port;
		visit.exempt = visit.exempt && mx_addr_is_loopback(&addr);
		visit.hops[visit.hop_count++] =
		    (struct mx_hop){ .host = host, .addr = addr };
	}
	return visit;
}

/* A source that probes nobody has no question to ask. */
static bool
probes_somebody(const struct mx_run *run, size_t source)
{
	size_t count = run->params->destination_count;

	for (size_t i = source * count; i < (source + 1) * count; i++)
		if (run->visits[i].kind == MX_VISIT_PROBE)
			return true;
	return false;
}

/* The user's list holds whatever the host is wanted for. */
static bool
is_never(struct mx_run *run)
{
	const struct mx_plan_destination *control =
	    &run->destinations[run->params->destination_count].plan;
	const char *entry = mx_never_entry(&run->params->never,
	    control->route->hosts[0].name, control->provider, control->route);

	if (entry == NULL)
		return false;

	char *why = mx_asprintf("%s is in the configuration's never list", entry);

	warn_unusable(run, why);
	free(why);
	return true;
}

void
mx_run_plan_control(struct mx_run *run)
{
	const struct mx_route *route = run->survey->control;
	size_t sources = run->params->source_count;

	if (route == NULL)
		return;
	if (!mx_route_has_address(route)) {
		warn_unusable(run, route->why);
		return;
	}
	settle_destination(run, route);
	if (is_never(run))
		return;
	run->visits =
	    mx_reallocarray(run->visits, run->visit_count + sources, sizeof *run->visits);
	for (size_t i = 0; i < sources; i++) {
		struct mx_visit visit = visit_from(run, i);

		if (visit.hop_count > 0 && probes_somebody(run, i))
			run->visits[run->visit_count++] = visit;
	}
}
