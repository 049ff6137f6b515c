/* settle.c - between survey and sessions: HELO names, depths, recipients, visits. */
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/plan/group.h"
#include "probe/run/run.h"
#include "probe/store/pairs.h"

static void
warn(struct mx_run *run, const char *text)
{
	if (run->hooks->warning != NULL)
		run->hooks->warning(run->hooks->arg, text);
}

static bool
is_listed(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (mx_name_equal(names[i], name))
			return true;
	return false;
}

/* A mailbox counts where its domain has the same mail exchangers as the destination. */
static const char *
mailbox_at(const struct mx_run *run, size_t index)
{
	const struct mx_probe_params *params = run->params;
	struct mx_route *const *routes = run->survey->routes;

	for (size_t i = 0; i < params->mailbox_count; i++) {
		const char *domain = run->domains[params->destination_count + i];

		if (mx_name_equal(domain, params->destinations[index]) ||
		    mx_plan_same_hosts(
			routes[params->destination_count + i], routes[index]))
			return params->mailboxes[i];
	}
	return NULL;
}

static const struct mx_provider *
provider_of(const struct mx_run *run, const struct mx_route *route, const char *domain)
{
	const struct mx_provider *provider = NULL;

	if (route->kind == MX_ROUTE_MX && route->host_count > 0)
		provider =
		    mx_catalogue_provider_by_mx(run->catalogue, route->hosts[0].name);
	return provider != NULL ? provider
				: mx_catalogue_provider_by_domain(run->catalogue, domain);
}

static void
settle_destination(struct mx_run *run, size_t index)
{
	const struct mx_probe_params *params = run->params;
	struct mx_run_destination *destination = &run->destinations[index];
	const struct mx_route *route = run->survey->routes[index];
	const char *domain = params->destinations[index];
	const struct mx_provider *provider = provider_of(run, route, domain);
	struct mx_ask_wish wish = {
		.provider = provider,
		.destination = domain,
		.mailbox = mailbox_at(run, index),
		.others_declared = params->mailbox_count > 0,
		.depth_given = params->depth_given,
		.depth = params->depth,
		.has_mail_from = params->mail_from != NULL,
	};

	destination->ask = mx_ask_decide(&wish);
	mx_group_name(provider, route->host_count > 0 ? route->hosts[0].name : domain,
	    destination->group);
	destination->plan = (struct mx_plan_destination){
		.route = route,
		.provider = provider,
		.group = destination->group,
		.never = mx_never_entry(&params->never, domain, provider, route),
		.own = is_listed(params->own, params->own_count, domain),
	};
}

static enum mx_err
check_helo(struct mx_run *run, size_t source)
{
	const struct mx_fcrdns *fcrdns = &run->survey->fcrdns[source];
	const char *helo = run->helos[source];

	/* A name that DNS confirms for this very address is nobody else's. */
	if (fcrdns->result == MX_FCRDNS_PASS && mx_name_equal(fcrdns->name, helo))
		return MX_OK;
	for (size_t i = 0; i < run->params->destination_count; i++) {
		const struct mx_route *route = run->survey->routes[i];
		const char *host = route->host_count > 0 ? route->hosts[0].name : NULL;

		if (run->destinations[i].plan.own)
			continue;
		if (mx_helo_check_borrowed(
			helo, run->params->destinations[i], host, run->err) != MX_OK)
			return run->err->code;
	}
	return MX_OK;
}

static enum mx_err
settle_source(struct mx_run *run, size_t index)
{
	const struct mx_probe_source *source = &run->params->sources[index];
	char *warning = NULL;

	mx_helo_choose(source->helo, &run->survey->fcrdns[index],
	    run->identities->faces[index], run->helos[index], &warning);
	if (warning != NULL)
		warn(run, warning);
	free(warning);
	return check_helo(run, index);
}

/* Each visit of a pair begins one address further on than the one before. NULL without a store. */
static size_t *
list_starts(const struct mx_run *run)
{
	const struct mx_probe_params *params = run->params;
	size_t count = params->destination_count, *starts;
	char source[MX_ADDR_TEXT];

	if (params->store == NULL)
		return NULL;
	starts = mx_calloc(params->source_count * count + 1, sizeof *starts);
	for (size_t i = 0; i < params->source_count * count; i++)
		starts[i] = mx_store_visits(params->store,
		    mx_addr_text(&params->sources[i / count].addr, source),
		    run->destinations[i % count].group);
	return starts;
}

static void
make_plan(struct mx_run *run)
{
	const struct mx_probe_params *params = run->params;
	struct mx_plan_destination *plans =
	    mx_calloc(params->destination_count, sizeof *plans);
	size_t *starts;
	struct mx_plan_input input = {
		.sources = run->addrs,
		.source_count = params->source_count,
		.destinations = plans,
		.destination_count = params->destination_count,
		.family = params->family,
		.port = params->port,
		.mx_all = params->mx_all,
	};

	for (size_t i = 0; i < params->destination_count; i++)
		plans[i] = run->destinations[i].plan;
	input.starts = starts = list_starts(run);
	run->visits = mx_plan_make(&input, &run->visit_count);
	free(starts);
	free(plans);
}

bool
mx_run_settle(struct mx_run *run)
{
	for (size_t i = 0; i < run->params->destination_count; i++)
		settle_destination(run, i);
	for (size_t i = 0; i < run->params->source_count; i++)
		if (settle_source(run, i) != MX_OK)
			return false;
	make_plan(run);
	mx_run_plan_control(run);
	return true;
}
