/* fakemx.c - scenarios merged into one zone and one list of servers. */
#include "scenarios/fakemx/fakemx.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "scenarios/fakemx/dnsd.h"
#include "scenarios/fakemx/smtpd.h"

#define SETTLE_ROUNDS 1000

struct mx_fakemx {
	struct event_base *base;
	struct mx_tempo *tempo;
	struct mx_zone zone;
	struct mx_dnsd *dnsd;
	struct mx_servertls *tls;
	struct mx_oracle *oracle;
	const struct mx_fake_server **servers;
	size_t server_count;
	struct mx_smtpd *smtpd;
};

static enum mx_err
add_server(struct mx_fakemx *f, const struct mx_scenario *scenario, unsigned index,
    struct mx_error *err)
{
	const struct mx_fake_server *server = &scenario->servers[index];
	char field[64] = "servers";

	for (size_t i = 0; i < f->server_count; i++)
		if (mx_addr_equal(&f->servers[i]->addr, &server->addr))
			return mx_scenario_complain(scenario, err, field,
			    "%s belongs to another scenario of this world already",
			    server->address);
	f->servers = mx_reallocarray(f->servers, f->server_count + 1, sizeof(void *));
	f->servers[f->server_count++] = server;
	return MX_OK;
}

static enum mx_err
add_scenario(
    struct mx_fakemx *f, const struct mx_scenario *scenario, struct mx_error *err)
{
	for (unsigned i = 0; i < scenario->zone_count; i++)
		if (mx_zone_add(&f->zone, &scenario->zone[i], err) != MX_OK)
			return err->code;
	for (unsigned i = 0; i < scenario->server_count; i++)
		if (add_server(f, scenario, i, err) != MX_OK)
			return err->code;
	return MX_OK;
}

static enum mx_err
open_world(
    struct mx_fakemx *f, const struct mx_fakemx_params *params, struct mx_error *err)
{
	struct mx_conn_world world = { .base = f->base, .tempo = f->tempo };

	for (size_t i = 0; i < params->count; i++)
		if (add_scenario(f, params->scenarios[i], err) != MX_OK)
			return err->code;
	f->oracle = mx_oracle_new(f->server_count);
	world.oracle = f->oracle;
	world.began_us = mx_clock_mono_us();
	f->dnsd = mx_dnsd_start(f->base, f->tempo, &f->zone, params->dns_port, err);
	if (f->dnsd == NULL)
		return MX_ERR_SYSTEM;
	f->smtpd = mx_smtpd_start(
	    &world, f->tls, f->servers, f->server_count, params->smtp_port, err);
	return f->smtpd == NULL ? MX_ERR_SYSTEM : MX_OK;
}

struct mx_fakemx *
mx_fakemx_start(
    struct event_base *base, const struct mx_fakemx_params *params, struct mx_error *err)
{
	struct mx_fakemx *f = mx_calloc(1, sizeof *f);

	signal(SIGPIPE, SIG_IGN);
	f->base = base;
	f->tempo = mx_tempo_new(base);
	f->tls = mx_servertls_new(params->certs_dir);
	if (open_world(f, params, err) == MX_OK)
		return f;
	mx_fakemx_stop(f);
	return NULL;
}

void
mx_fakemx_stop(struct mx_fakemx *f)
{
	if (f == NULL)
		return;
	mx_smtpd_stop(f->smtpd);
	mx_dnsd_stop(f->dnsd);
	mx_tempo_free(f->tempo);
	mx_servertls_free(f->tls);
	mx_oracle_free(f->oracle);
	mx_zone_clear(&f->zone);
	free(f->servers);
	free(f);
}

struct mx_addr
mx_fakemx_dns(const struct mx_fakemx *f)
{
	return mx_dnsd_address(f->dnsd);
}

uint16_t
mx_fakemx_port(const struct mx_fakemx *f)
{
	return mx_smtpd_port(f->smtpd);
}

const struct mx_fake_server *
mx_fakemx_server(const struct mx_fakemx *f, size_t index)
{
	return f->servers[index];
}

size_t
mx_fakemx_server_count(const struct mx_fakemx *f)
{
	return f->server_count;
}

const struct mx_oracle *
mx_fakemx_oracle(const struct mx_fakemx *f)
{
	return f->oracle;
}

size_t
mx_fakemx_questions(const struct mx_fakemx *f)
{
	return mx_dnsd_questions(f->dnsd);
}

void
mx_fakemx_settle(struct mx_fakemx *f)
{
	for (unsigned i = 0; i < SETTLE_ROUNDS && mx_oracle_open_total(f->oracle) > 0;
	     i++)
		event_base_loop(f->base, EVLOOP_NONBLOCK);
}
