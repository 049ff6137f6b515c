/*
 * group.h - which provider a host counts as, for politeness.
 * In:   the catalogue's provider, or only an MX host name.   Out: a short key.
 * Not:  no lookup, no limits (pace.h).
 */
#ifndef MX_PLAN_GROUP_H
#define MX_PLAN_GROUP_H

#include "probe/catalogue/catalogue.h"
#include "probe/dns/name.h"

/** The provider's id; else the host's registrable domain by the public suffix list, so that
 *  mx1.example.co.jp and mx2.example.co.jp are one group; else the host itself. */
const char *mx_group_name(
    const struct mx_provider *provider, const char *mx_host, char out[MX_NAME_MAX]);

#endif
