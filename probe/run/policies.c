/* policies.c - one search a destination and one lookup a host, all at once. */
#include "probe/run/policies.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/dns/tlsa.h"
#include "probe/run/sts.h"

/* What one destination publishes. */
struct policy {
	struct mx_policies *all; /* NULL: nobody asked */
	struct mx_mta_sts sts;
	struct mx_sts_search *search;
	struct tlsa *tlsa; /* one a host of its route */
};

struct tlsa {
	struct mx_policies *all;       /* NULL: nobody goes there */
	struct mx_tlsa_lookup *lookup; /* NULL when over */
	struct mx_dane dane;
};

struct mx_policies {
	struct mx_policies_params params;
	struct mx_fetcher *fetcher;
	struct policy *policies; /* one a destination */
	struct mx_timer *all_started;
	size_t open;
};

static void
settle(struct mx_policies *all)
{
	if (--all->open == 0)
		all->params.done(all->params.arg);
}

static void
on_tlsa(void *arg)
{
	struct tlsa *tlsa = arg;

	tlsa->lookup = NULL;
	settle(tlsa->all);
}

static void
on_sts(void *arg)
{
	struct policy *policy = arg;

	policy->search = NULL;
	settle(policy->all);
}

static void
find_sts(struct mx_policies *all, size_t destination)
{
	struct policy *policy = &all->policies[destination];
	struct mx_sts_params params = {
		.resolver = all->params.resolver,
		.fetcher = all->fetcher,
		.cache = all->params.sts_cache,
		.domain = all->params.domains[destination],
		.source = all->params.source,
		.timeout_us = all->params.timeout_us,
		.done = on_sts,
		.arg = policy,
	};

	all->open++;
	policy->search = mx_sts_find(&params, &policy->sts);
}

static void
find_tlsa(struct policy *policy, size_t destination, const struct mx_hop *hop)
{
	const struct mx_policies_params *params = &policy->all->params;
	struct mx_tlsa_question question = {
		.route = params->routes[destination],
		.host = hop->host,
		.port = hop->addr.port,
		.timeout_us = params->timeout_us,
	};
	struct tlsa *tlsa = &policy->tlsa[hop->host - question.route->hosts];

	if (tlsa->all != NULL)
		return;
	tlsa->all = policy->all;
	tlsa->lookup =
	    mx_tlsa_lookup_start(params->resolver, &question, &tlsa->dane, on_tlsa, tlsa);
	tlsa->all->open += tlsa->lookup != NULL;
}

static struct policy *
policy_of(struct mx_policies *all, size_t destination)
{
	struct policy *policy = &all->policies[destination];

	if (policy->all != NULL)
		return policy;
	policy->all = all;
	policy->tlsa =
	    mx_calloc(all->params.routes[destination]->host_count, sizeof *policy->tlsa);
	find_sts(all, destination);
	return policy;
}

/* Several sources may visit a destination; its policies are the same for all. One that shares
 * another's session still has a policy of its own. */
static void
look_ahead(struct mx_policies *all, const struct mx_visit *visit)
{
	struct policy *policy;

	if (visit->destination >= all->params.destination_count ||
	    (visit->kind != MX_VISIT_PROBE && visit->kind != MX_VISIT_SHARED))
		return;
	policy = policy_of(all, visit->destination);
	for (size_t i = 0; visit->kind == MX_VISIT_PROBE && i < visit->hop_count; i++)
		find_tlsa(policy, visit->destination, &visit->hops[i]);
}

static void
on_all_started(void *arg)
{
	settle(arg);
}

struct mx_policies *
mx_policies_start(const struct mx_policies_params *params)
{
	struct mx_policies *all = mx_calloc(1, sizeof *all);

	all->params = *params;
	all->fetcher = mx_fetcher_new(params->loop, params->ca_file);
	all->policies = mx_calloc(params->destination_count + 1, sizeof *all->policies);
	all->open = 1; /* ours, given back from the loop */
	for (size_t i = 0; i < params->visit_count; i++)
		look_ahead(all, &params->visits[i]);
	all->all_started = mx_timer_new(params->loop, on_all_started, all);
	mx_timer_start(all->all_started, 0);
	return all;
}

static void
free_policy(struct policy *policy, const struct mx_route *route)
{
	for (size_t i = 0; policy->all != NULL && i < route->host_count; i++) {
		mx_tlsa_lookup_cancel(policy->tlsa[i].lookup);
		mx_dane_clear(&policy->tlsa[i].dane);
	}
	free(policy->tlsa);
	mx_sts_cancel(policy->search);
	mx_mta_sts_clear(&policy->sts);
}

void
mx_policies_free(struct mx_policies *policies)
{
	if (policies == NULL)
		return;
	for (size_t i = 0; i < policies->params.destination_count; i++)
		free_policy(&policies->policies[i], policies->params.routes[i]);
	mx_timer_free(policies->all_started);
	mx_fetcher_free(policies->fetcher);
	free(policies->policies);
	free(policies);
}

static const struct policy *
found(const struct mx_policies *policies, size_t destination)
{
	if (policies == NULL || destination >= policies->params.destination_count ||
	    policies->policies[destination].all == NULL)
		return NULL;
	return &policies->policies[destination];
}

const struct mx_dane *
mx_policies_dane(const struct mx_policies *policies, size_t destination,
    const struct mx_route_host *host)
{
	const struct policy *policy = found(policies, destination);
	const struct tlsa *tlsa;

	if (policy == NULL)
		return NULL;
	tlsa = &policy->tlsa[host - policies->params.routes[destination]->hosts];
	return tlsa->all != NULL ? &tlsa->dane : NULL;
}

const struct mx_mta_sts *
mx_policies_mta_sts(const struct mx_policies *policies, size_t destination)
{
	const struct policy *policy = found(policies, destination);

	return policy != NULL ? &policy->sts : NULL;
}
