/*
 * probe.c - a run has two halves. First the survey looks up everything at once, so that whatever
 * must be refused (a borrowed HELO) is refused before the first session. Then visits
 * leave as the pace allows, hop by hop, each session's transcript is judged, and each
 * judgement is told.
 */
#include "probe/probe.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/run/run.h"

#define DNS_TIMEOUT_US (20 * MX_SECOND_US)
/* Where no way depends on DNS, what it says about our own names is worth a short wait only. */
#define NAMES_TIMEOUT_US (5 * MX_SECOND_US)
/* TLSA records and MTA-STS policies are worth a short wait, not a long one. */
#define POLICIES_TIMEOUT_US (15 * MX_SECOND_US)
/* More sessions at once gain nothing (a core saturates at a few hundred) and cost memory. */
#define RUNNING_MAX 4000
#define DESCRIPTORS_LEAST 128
#define SPARE_DESCRIPTORS ((rlim_t)64) /* resolver sockets, files, terminal */

/* A dry run: nobody leaves. */
static void
tell_plan(struct mx_run *run)
{
	for (size_t i = 0; i < run->visit_count; i++) {
		const struct mx_flight *flight = &run->flights[i];
		char *why_not = NULL;

		if (flight->state != MX_FLIGHT_WAITING)
			continue;
		if (run->params->store != NULL &&
		    mx_run_look(flight, &why_not, run->err) != MX_OK)
			return;
		mx_run_tell_plan(flight, why_not);
		free(why_not);
	}
}

static void
start_flights(void *arg)
{
	struct mx_run *run = arg;

	if (run->is_over)
		return;
	run->flights = mx_calloc(run->visit_count + 1, sizeof *run->flights);
	for (size_t i = 0; i < run->visit_count; i++) {
		const struct mx_visit *visit = &run->visits[i];

		run->flights[i] = (struct mx_flight){ .run = run, .visit = visit };
		if (visit->kind == MX_VISIT_PROBE && !visit->control)
			continue;
		run->flights[i].state =
		    visit->control ? MX_FLIGHT_ASLEEP : MX_FLIGHT_OVER;
		run->asleep += visit->control;
		run->over++;
		mx_run_tell_without_session(run, visit);
	}
	if (run->params->is_dry) {
		tell_plan(run);
		mx_run_finish(run);
		return;
	}
	mx_reach_open(run);
	mx_run_start_visits(run);
}

/* A server that the user named by address is nobody's in DNS, and without TLS there is nothing that
 * a policy could ask for. */
static bool
wants_policies(const struct mx_probe_params *params)
{
	return params->server.family == AF_UNSPEC && params->tls_mode != MX_TLS_NONE;
}

static void
on_survey_done(void *arg)
{
	struct mx_run *run = arg;
	struct mx_policies_params policies = {
		.loop = run->loop,
		.resolver = run->resolver,
		.ca_file = run->params->ca_file,
		.sts_cache = run->sts_cache,
		.domains = run->domains,
		.routes = (const struct mx_route *const *)run->survey->routes,
		.destination_count = run->params->destination_count,
		.source = run->addrs[0],
		.timeout_us = POLICIES_TIMEOUT_US,
		.done = start_flights,
		.arg = run,
	};

	if (run->is_over)
		return;
	if (!mx_run_settle(run)) {
		mx_run_finish(run);
		return;
	}
	policies.visits = run->visits;
	policies.visit_count = run->visit_count;
	if (wants_policies(run->params))
		run->policies = mx_policies_start(&policies);
	else
		start_flights(run);
}

static void
on_retry(void *arg)
{
	mx_run_start_visits(arg);
}

/* mx_loop_new() has raised the limit as far as it goes. Too few descriptors would look like name
 * servers that fail, and no remote may be blamed for that; between few and many, visits wait. */
static enum mx_err
count_sessions(struct mx_run *run)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return mx_error_sys(
		    run->err, errno, "the limit of open files is unknown");
	if (limit.rlim_cur < DESCRIPTORS_LEAST)
		return mx_error_set(run->err, MX_ERR_LIMIT,
		    "only %ju files may be open at once and %d are needed; raise the limit "
		    "(ulimit -n)",
		    (uintmax_t)limit.rlim_cur, DESCRIPTORS_LEAST);
	run->running_max = RUNNING_MAX;
	if (limit.rlim_cur - SPARE_DESCRIPTORS < RUNNING_MAX)
		run->running_max = limit.rlim_cur - SPARE_DESCRIPTORS;
	return MX_OK;
}

/* A usage error must not wait for DNS: what the names alone tell is checked at once. */
static enum mx_err
check_mail_from(const struct mx_run *run)
{
	const struct mx_probe_params *params = run->params;

	if (params->mail_from != NULL)
		return MX_OK;
	for (size_t i = 0; i < params->destination_count; i++) {
		const struct mx_provider *provider = mx_catalogue_provider_by_domain(
		    run->catalogue, params->destinations[i]);
		enum mx_stage depth = params->depth_given ? params->depth
				      : provider != NULL  ? provider->depth
							  : MX_STAGE_RCPT;

		if (depth >= MX_STAGE_MAIL)
			return mx_error_set(run->err, MX_ERR_USAGE,
			    "%s is asked up to %s, which needs a sender: give your own "
			    "address with --mail-from, or stop earlier with --depth ehlo",
			    params->destinations[i],
			    depth == MX_STAGE_MAIL ? "MAIL FROM" : "RCPT TO");
	}
	return MX_OK;
}

static int64_t
dns_timeout_of(const struct mx_probe_params *params)
{
	bool way_is_known = params->server.family != AF_UNSPEC;

	if (params->dns_timeout_us > 0)
		return params->dns_timeout_us;
	return way_is_known && params->control_name == NULL ? NAMES_TIMEOUT_US
							    : DNS_TIMEOUT_US;
}

static void
start_survey(struct mx_run *run)
{
	const struct mx_probe_params *params = run->params;
	struct mx_survey_params survey = {
		.loop = run->loop,
		.resolver = run->resolver,
		.sources = run->identities->faces,
		.source_count = params->source_count,
		.helos = run->identities->helos,
		.identity = &run->identities->common,
		.domains = run->domains,
		.domain_count = params->destination_count + params->mailbox_count,
		.server_name = params->server_name,
		.control_name = params->control_name,
		.control = params->control.family != AF_UNSPEC ? &params->control : NULL,
		.server = params->server.family != AF_UNSPEC ? &params->server : NULL,
		.timeout_us = dns_timeout_of(params),
		.done = on_survey_done,
		.arg = run,
	};

	run->survey = mx_survey_start(&survey);
}

static void
list_names(struct mx_run *run)
{
	const struct mx_probe_params *params = run->params;

	run->helos = mx_calloc(params->source_count + 1, sizeof *run->helos);
	run->addrs = mx_calloc(params->source_count + 1, sizeof *run->addrs);
	run->domains = mx_calloc(
	    params->destination_count + params->mailbox_count + 1, sizeof *run->domains);
	run->destinations = mx_calloc(
	    params->destination_count + 1 /* the control's */, sizeof *run->destinations);
	for (size_t i = 0; i < params->source_count; i++)
		run->addrs[i] = &params->sources[i].addr;
	for (size_t i = 0; i < params->destination_count; i++)
		run->domains[i] = params->destinations[i];
	for (size_t i = 0; i < params->mailbox_count; i++)
		run->domains[params->destination_count + i] =
		    mx_mailbox_domain(params->mailboxes[i]);
}

static void
clear(struct mx_run *run)
{
	mx_policies_free(run->policies);
	mx_survey_free(run->survey);
	mx_run_identities_free(run->identities);
	mx_timer_free(run->retry);
	mx_pace_free(run->pace);
	for (size_t i = 0; run->flights != NULL && i < run->visit_count; i++) {
		free(run->flights[i].tag);
		free(run->flights[i].policy);
	}
	free(run->flights);
	mx_reach_close(run);
	free(run->visits);
	free(run->destinations);
	free(run->domains);
	free(run->addrs);
	free(run->helos);
	free(run);
}

static void
end(void *arg)
{
	struct mx_run *run = arg;
	struct mx_error error = run->error;
	void (*tell_over)(void *, const struct mx_error *) = run->tell_over;
	void *over_arg = run->over_arg;

	clear(run);
	tell_over(over_arg, error.code != MX_OK ? &error : NULL);
}

/* Whoever finds that nothing is left may stand deep within what is freed then. */
void
mx_run_finish(struct mx_run *run)
{
	if (run->is_over)
		return;
	run->is_over = true;
	mx_timer_stop(run->retry);
	mx_loop_defer(run->loop, end, run);
}

struct mx_run *
mx_probe_start(const struct mx_probe_host *host, const struct mx_probe_params *params,
    const struct mx_probe_hooks *hooks,
    void (*over)(void *arg, const struct mx_error *err), void *arg, struct mx_error *err)
{
	struct mx_run *run = mx_calloc(1, sizeof *run);

	*run = (struct mx_run){ .params = params,
		.catalogue = host->catalogue,
		.rules = host->rules,
		.hooks = hooks,
		.err = &run->error,
		.loop = host->loop,
		.resolver = host->resolver,
		.tls = host->tls,
		.sts_cache = host->sts_cache,
		.tell_over = over,
		.over_arg = arg };
	list_names(run);
	if (check_mail_from(run) != MX_OK || count_sessions(run) != MX_OK) {
		if (err != NULL)
			*err = run->error;
		clear(run);
		return NULL;
	}
	run->pace = mx_pace_new();
	run->retry = mx_timer_new(run->loop, on_retry, run);
	run->identities =
	    mx_run_identities_new(params, run->catalogue, run->loop, run->resolver);
	start_survey(run);
	return run;
}

void
mx_probe_stop(struct mx_run *run)
{
	if (!run->is_over)
		mx_run_interrupt(run);
}
