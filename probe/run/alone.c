/* alone.c - a run that has the process for itself: its loop, its resolver, its signals. */
#include <signal.h>

#include "probe/net/stream.h"
#include "probe/probe.h"

#define LINGER_POLL_US 10000LL

struct alone {
	const struct mx_probe_params *params;
	const struct mx_probe_hooks *hooks;
	struct mx_probe_host host;
	struct mx_run *run;     /* NULL when it is over */
	struct mx_timer *quiet; /* looks whether the last bytes are out */
	struct mx_error *err;
};

/* Sockets may still wait for the last bytes, so that our QUIT is not lost to a reset. */
static void
stop_when_quiet(void *arg)
{
	struct alone *alone = arg;

	if (mx_stream_lingering() == 0)
		mx_loop_stop(alone->host.loop);
	else
		mx_timer_start(alone->quiet, LINGER_POLL_US);
}

static void
on_over(void *arg, const struct mx_error *err)
{
	struct alone *alone = arg;

	alone->run = NULL;
	if (err != NULL)
		*alone->err = *err;
	stop_when_quiet(alone);
}

static void
on_signal(void *arg, int signo)
{
	struct alone *alone = arg;

	(void)signo;
	if (alone->hooks->interrupted != NULL)
		alone->hooks->interrupted(alone->hooks->arg);
	if (alone->run != NULL)
		mx_probe_stop(alone->run);
	else
		mx_loop_stop(alone->host.loop); /* no waiting for last bytes then */
}

static enum mx_err
open_host(struct alone *alone)
{
	const struct mx_probe_params *params = alone->params;
	struct mx_probe_host *host = &alone->host;
	struct mx_resolver_params resolver = {
		.servers = params->dns_servers,
		.server_count = params->dns_server_count,
		.trust_anchor = params->trust_anchor,
	};

	if ((host->loop = mx_loop_new(alone->err)) == NULL ||
	    (host->tls = mx_tls_new(params->ca_file, alone->err)) == NULL ||
	    (host->resolver = mx_resolver_new(host->loop, &resolver, alone->err)) == NULL)
		return alone->err->code;
	if (params->store != NULL && !params->is_dry &&
	    mx_store_attach(params->store, host->loop, alone->err) != MX_OK)
		return alone->err->code;
	alone->quiet = mx_timer_new(host->loop, stop_when_quiet, alone);
	mx_loop_on_signal(host->loop, SIGINT, on_signal, alone);
	mx_loop_on_signal(host->loop, SIGTERM, on_signal, alone);
	mx_loop_on_signal(
	    host->loop, SIGHUP, on_signal, alone); /* the terminal went away */
	return MX_OK;
}

static void
close_host(struct alone *alone)
{
	mx_timer_free(alone->quiet);
	mx_resolver_free(alone->host.resolver);
	if (alone->params->store != NULL)
		mx_store_detach(alone->params->store);
	mx_loop_free(alone->host.loop);
	mx_tls_free(alone->host.tls);
}

enum mx_err
mx_probe_run(const struct mx_probe_params *params, const struct mx_catalogue *catalogue,
    const struct mx_rules *rules, const struct mx_probe_hooks *hooks,
    struct mx_error *err)
{
	struct mx_error ignored = { 0 };
	struct alone alone = {
		.params = params,
		.hooks = hooks,
		.host = { .catalogue = catalogue, .rules = rules },
		.err = err != NULL ? err : &ignored,
	};

	if (open_host(&alone) == MX_OK) {
		alone.run = mx_probe_start(
		    &alone.host, params, hooks, on_over, &alone, alone.err);
		if (alone.run != NULL)
			mx_loop_run(alone.host.loop);
	}
	close_host(&alone);
	return alone.err->code;
}
