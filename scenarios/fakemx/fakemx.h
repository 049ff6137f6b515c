/*
 * fakemx.h - a whole scripted world: name server, mail exchangers, oracle, on one event
 *     loop.
 * In:   one or more scenarios.
 * Out:  where it listens, and what it saw.
 * Not:  no prober, and of the prober's code only base/: a bug can't hide on both sides.
 */
#ifndef MX_FAKEMX_FAKEMX_H
#define MX_FAKEMX_FAKEMX_H

#include "scenarios/fakemx/oracle.h"
#include "scenarios/fakemx/scenario.h"

struct event_base;
struct mx_fakemx;

struct mx_fakemx_params {
	const struct mx_scenario *const *scenarios; /* borrowed until mx_fakemx_stop */
	size_t count;
	uint16_t smtp_port, dns_port; /* 0: a free one */
	/* of certs/make-certs.sh; NULL when no server speaks TLS */
	const char *certs_dir;
};

/** Start listening. Ignores SIGPIPE for the whole process. MX_ERR_SYSTEM when a port is in use,
 *  MX_ERR_CONFIG when two scenarios claim one address or certificates are missing. */
struct mx_fakemx *mx_fakemx_start(
    struct event_base *base, const struct mx_fakemx_params *params, struct mx_error *err)
    __attribute__((warn_unused_result));
/** NULL is taken. */
void mx_fakemx_stop(struct mx_fakemx *fakemx);

/** The name server: address and port. */
struct mx_addr mx_fakemx_dns(const struct mx_fakemx *fakemx);
/** The port of every mail exchanger. */
uint16_t mx_fakemx_port(const struct mx_fakemx *fakemx);
/** The servers in the order of the oracle's numbers. */
const struct mx_fake_server *mx_fakemx_server(
    const struct mx_fakemx *fakemx, size_t index);
size_t mx_fakemx_server_count(const struct mx_fakemx *fakemx);
const struct mx_oracle *mx_fakemx_oracle(const struct mx_fakemx *fakemx);
size_t mx_fakemx_questions(const struct mx_fakemx *fakemx);

/** After the prober is gone: take in what it left in the sockets, so that the oracle knows all.
 *  Returns when no session is open or nothing comes any more; never waits. */
void mx_fakemx_settle(struct mx_fakemx *fakemx);

#endif
