/* preflight.c - loop, resolver and blocklists for one run; results wait for those before them. */
#include "probe/run/preflight.h"

#include <signal.h>
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/identity/preflights.h"

/* With blocklists a source has a question for each of them; the lists keep their own limit. */
struct run {
	const struct mx_preflight_run_params *params;
	const struct mx_preflight_hooks *hooks;
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_dnsbl *dnsbl;
	struct mx_preflights *all;
	struct mx_preflight *
	    *results; /* one a source; NULL: not there, or told already */
	size_t done, told;
	bool interrupted;
};

static void
tell_progress(const struct run *run)
{
	if (run->hooks->progress != NULL)
		run->hooks->progress(run->hooks->arg, run->done,
		    run->params->source_count - run->done, run->params->source_count);
}

static void
tell_result(struct run *run, size_t index)
{
	run->hooks->result(run->hooks->arg, run->results[index]);
	mx_preflight_free(run->results[index]);
	run->results[index] = NULL;
}

static void
on_done(void *arg, size_t index, struct mx_preflight *preflight)
{
	struct run *run = arg;

	run->results[index] = preflight;
	run->done++;
	while (run->told < run->params->source_count && run->results[run->told] != NULL)
		tell_result(run, run->told++);
	tell_progress(run);
	if (run->done == run->params->source_count)
		mx_loop_stop(run->loop);
}

static void
on_signal(void *arg, int signo)
{
	struct run *run = arg;

	(void)signo;
	run->interrupted = true;
	mx_loop_stop(run->loop);
}

static enum mx_err
open_resources(
    struct run *run, const struct mx_catalogue *catalogue, struct mx_error *err)
{
	const struct mx_preflight_run_params *params = run->params;
	struct mx_resolver_params resolver = {
		.servers = params->dns_servers,
		.server_count = params->dns_server_count,
		.trust_anchor = params->trust_anchor,
	};
	struct mx_dnsbl_params dnsbl = {
		.catalogue = catalogue,
		.zones = params->zones,
		.zone_count = params->zone_count,
		.keys = params->keys,
		.key_count = params->key_count,
	};

	if ((run->loop = mx_loop_new(err)) == NULL ||
	    (run->resolver = mx_resolver_new(run->loop, &resolver, err)) == NULL)
		return err->code;
	mx_loop_on_signal(run->loop, SIGINT, on_signal, run);
	mx_loop_on_signal(run->loop, SIGTERM, on_signal, run);
	mx_loop_on_signal(run->loop, SIGHUP, on_signal, run);
	dnsbl.loop = run->loop;
	dnsbl.resolver = run->resolver;
	if (params->asks_dnsbl)
		run->dnsbl = mx_dnsbl_new(&dnsbl);
	return MX_OK;
}

static void
start_all(struct run *run, const struct mx_catalogue *catalogue)
{
	const struct mx_preflight_run_params *params = run->params;
	struct mx_preflights_params all = {
		.common = {
			.loop = run->loop,
			.resolver = run->resolver,
			.mail_from = params->mail_from,
			.destinations = params->destinations,
			.destination_count = params->destination_count,
			.selectors = params->selectors,
			.selector_count = params->selector_count,
			.dnsbl = run->dnsbl,
			.catalogue = catalogue,
			.timeout_us = params->timeout_us,
		},
		.done = on_done,
		.arg = run,
	};

	run->results = mx_calloc(params->source_count + 1, sizeof *run->results);
	run->all = mx_preflights_new(&all);
	for (size_t i = 0; i < params->source_count; i++) {
		struct mx_preflight_subject subject = {
			.source = params->sources[i].addr,
			.helo = params->sources[i].helo,
		};

		mx_preflights_add(run->all, i, &subject);
	}
}

static void
clear(struct run *run)
{
	mx_preflights_free(run->all);
	mx_dnsbl_free(run->dnsbl);
	mx_resolver_free(run->resolver);
	mx_loop_free(run->loop);
	for (size_t i = 0; run->results != NULL && i < run->params->source_count; i++)
		mx_preflight_free(run->results[i]);
	free(run->results);
}

enum mx_err
mx_preflight_run(const struct mx_preflight_run_params *params,
    const struct mx_catalogue *catalogue, const struct mx_preflight_hooks *hooks,
    struct mx_error *err)
{
	struct run run = { .params = params, .hooks = hooks };
	struct mx_error ignored = { 0 };
	enum mx_err code;

	err = err != NULL ? err : &ignored;
	code = open_resources(&run, catalogue, err);
	if (code == MX_OK) {
		start_all(&run, catalogue);
		mx_loop_run(run.loop);
		/* What is known by then is told, though others before it are not. */
		for (size_t i = run.told; i < params->source_count; i++)
			if (run.results[i] != NULL)
				tell_result(&run, i);
		if (run.interrupted)
			code = mx_error_set(err, MX_ERR_SYSTEM,
			    "stopped: %zu of %zu sources were not looked at",
			    params->source_count - run.done, params->source_count);
	}
	clear(&run);
	return code;
}
