/* survey.c - everything is asked at once; the last answer in ends it. */
#include "probe/run/survey.h"

#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/identity/preflights.h"

#define ALIVE_TIMEOUT_US (5 * MX_SECOND_US)

struct search {
	struct work *work;
	size_t index;
	struct mx_fcrdns_search *fcrdns;
	struct mx_route_search *route;
};

/* The public part comes first, so that one pointer serves both. */
struct work {
	struct mx_survey survey;
	struct mx_survey_params params;
	struct search *searches;          /* sources, then domains, then the control */
	struct mx_preflights *preflights; /* NULL: none is made */
	size_t open;
	struct mx_query *alive;
	bool over;
};

static size_t
search_count(const struct work *work)
{
	return work->params.source_count + work->params.domain_count + 1;
}

static void
finish(struct work *work)
{
	work->over = true;
	work->survey.control = work->survey.routes[work->params.domain_count];
	work->params.done(work->params.arg);
}

static void
on_alive(void *arg, const struct mx_dns_answer *answer)
{
	struct work *work = arg;

	work->alive = NULL;
	work->survey.resolver_dead =
	    answer->status == MX_DNS_TIMEOUT || answer->status == MX_DNS_SERVFAIL;
	finish(work);
}

/* A dead resolver and a dead name server both look like SERVFAIL or silence. Before a
 * remote host is blamed, our resolver has to show that it answers at all. */
static void
settle(struct work *work)
{
	if (--work->open > 0)
		return;
	for (size_t i = 0; i < work->params.domain_count; i++)
		if (mx_route_lookup_failed(work->survey.routes[i])) {
			work->alive = mx_resolver_ask(work->params.resolver, ".",
			    MX_DNS_NS, ALIVE_TIMEOUT_US, on_alive, work);
			return;
		}
	finish(work);
}

static void
on_preflight(void *arg, size_t index, struct mx_preflight *preflight)
{
	struct work *work = arg;

	work->survey.identities[index] = preflight;
	settle(work);
}

static void
start_preflight(struct work *work, size_t index)
{
	const struct mx_survey_params *params = &work->params;
	struct mx_preflight_subject subject = {
		.source = *params->sources[index],
		.helo = params->helos[index],
		.fcrdns = &work->survey.fcrdns[index],
	};

	if (work->preflights == NULL)
		return;
	work->open++;
	mx_preflights_add(work->preflights, index, &subject);
}

static void
on_fcrdns(void *arg, struct mx_fcrdns *fcrdns)
{
	struct search *search = arg;

	search->fcrdns = NULL;
	search->work->survey.fcrdns[search->index] = *fcrdns;
	*fcrdns = (struct mx_fcrdns){ 0 };
	start_preflight(search->work, search->index);
	settle(search->work);
}

static void
on_route(void *arg, struct mx_route *route)
{
	struct search *search = arg;

	search->route = NULL;
	search->work->survey.routes[search->index] = route;
	settle(search->work);
}

static void
search_source(struct work *work, size_t index)
{
	struct search *search = &work->searches[index];

	*search = (struct search){ .work = work, .index = index };
	work->open++;
	search->fcrdns = mx_fcrdns_find(work->params.resolver,
	    work->params.sources[index], work->params.timeout_us, on_fcrdns, search);
}

static void
search_domain(struct work *work, size_t index)
{
	const struct mx_survey_params *params = &work->params;
	struct search *search = &work->searches[params->source_count + index];

	*search = (struct search){ .work = work, .index = index };
	if (params->server != NULL) {
		char text[MX_ADDR_TEXT];

		work->survey.routes[index] =
		    mx_route_fixed(mx_addr_text(params->server, text), params->server);
		return;
	}
	work->open++;
	if (params->server_name != NULL)
		search->route = mx_route_find_host(params->resolver, params->server_name,
		    params->timeout_us, on_route, search);
	else
		search->route = mx_route_find(params->resolver, params->domains[index],
		    params->timeout_us, on_route, search);
}

/* Its route stands behind those of the domains. */
static void
search_control(struct work *work)
{
	const struct mx_survey_params *params = &work->params;
	struct search *search = &work->searches[search_count(work) - 1];
	char text[MX_ADDR_TEXT];

	*search = (struct search){ .work = work, .index = params->domain_count };
	if (params->control != NULL) {
		work->survey.routes[search->index] =
		    mx_route_fixed(mx_addr_text(params->control, text), params->control);
	} else if (params->control_name != NULL) {
		work->open++;
		search->route = mx_route_find_host(params->resolver, params->control_name,
		    params->timeout_us, on_route, search);
	}
}

/* One deadline for all: a check waits for its identities no longer than for its routes. */
static void
open_preflights(struct work *work)
{
	struct mx_preflights_params all = {
		.one_deadline = true, .done = on_preflight, .arg = work
	};

	if (work->params.identity == NULL)
		return;
	all.common = *work->params.identity;
	all.common.loop = work->params.loop;
	all.common.resolver = work->params.resolver;
	all.common.timeout_us = work->params.timeout_us;
	work->preflights = mx_preflights_new(&all);
}

static void
nothing_to_wait_for(void *arg)
{
	settle(arg);
}

struct mx_survey *
mx_survey_start(const struct mx_survey_params *params)
{
	struct work *work = mx_calloc(1, sizeof *work);

	work->params = *params;
	work->searches = mx_calloc(search_count(work), sizeof *work->searches);
	work->survey.fcrdns =
	    mx_calloc(params->source_count + 1, sizeof(struct mx_fcrdns));
	work->survey.routes =
	    mx_calloc(params->domain_count + 1, sizeof(struct mx_route *));
	work->survey.identities =
	    mx_calloc(params->source_count + 1, sizeof(struct mx_preflight *));
	open_preflights(work);
	work->open = 1; /* ours, given back once every lookup has been started */
	for (size_t i = 0; i < params->source_count; i++)
		search_source(work, i);
	for (size_t i = 0; i < params->domain_count; i++)
		search_domain(work, i);
	search_control(work);
	mx_loop_defer(params->loop, nothing_to_wait_for, work);
	return &work->survey;
}

void
mx_survey_free(struct mx_survey *survey)
{
	struct work *work = (struct work *)survey;

	if (work == NULL)
		return;
	for (size_t i = 0; i < search_count(work); i++) {
		mx_fcrdns_cancel(work->searches[i].fcrdns);
		mx_route_cancel(work->searches[i].route);
	}
	mx_query_cancel(work->alive);
	mx_preflights_free(work->preflights);
	for (size_t i = 0; i < work->params.source_count; i++) {
		mx_fcrdns_clear(&survey->fcrdns[i]);
		mx_preflight_free(survey->identities[i]);
	}
	free(survey->identities);
	for (size_t i = 0; i <= work->params.domain_count; i++)
		mx_route_free(survey->routes[i]);
	free(survey->fcrdns);
	free(survey->routes);
	free(work->searches);
	free(work);
}
