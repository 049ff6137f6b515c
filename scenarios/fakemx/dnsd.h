/*
 * dnsd.h - the scripted name server (UDP, libevent's server half).
 * In:   a zone.   Out: answers, and a count of the questions.
 * Not:  no TCP: answers stay below 512 bytes (zone.h).
 */
#ifndef MX_FAKEMX_DNSD_H
#define MX_FAKEMX_DNSD_H

#include "scenarios/fakemx/tempo.h"
#include "scenarios/fakemx/zone.h"

struct event_base;
struct mx_dnsd;

/** Listen on 127.0.0.1; port 0 takes a free one. The zone is borrowed. NULL and MX_ERR_SYSTEM
 *  when the port is taken. */
struct mx_dnsd *mx_dnsd_start(struct event_base *base, struct mx_tempo *tempo,
    const struct mx_zone *zone, uint16_t port, struct mx_error *err);
/** NULL is taken. */
void mx_dnsd_stop(struct mx_dnsd *dnsd);
/** Address and port. */
struct mx_addr mx_dnsd_address(const struct mx_dnsd *dnsd);
size_t mx_dnsd_questions(const struct mx_dnsd *dnsd);

#endif
