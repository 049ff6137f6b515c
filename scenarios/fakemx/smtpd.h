/*
 * smtpd.h - the scripted servers: one listening socket per address, one port for all.
 * In:   servers of one or more scenarios.
 * Out:  sessions (conn.h), counted by the oracle.
 * Not:  no dialogue.
 */
#ifndef MX_FAKEMX_SMTPD_H
#define MX_FAKEMX_SMTPD_H

#include "scenarios/fakemx/conn.h"
#include "scenarios/fakemx/servertls.h"

struct mx_smtpd;

/** Listen on every address. port 0: one that is free on all of them. servers are borrowed.
 *  MX_ERR_SYSTEM when the port is taken or an address can't be had, MX_ERR_CONFIG when a
 *  certificate is missing. */
struct mx_smtpd *mx_smtpd_start(const struct mx_conn_world *world,
    struct mx_servertls *tls, const struct mx_fake_server *const *servers, size_t count,
    uint16_t port, struct mx_error *err) __attribute__((warn_unused_result));
/** Ends open sessions. NULL is taken. */
void mx_smtpd_stop(struct mx_smtpd *smtpd);
uint16_t mx_smtpd_port(const struct mx_smtpd *smtpd);

#endif
