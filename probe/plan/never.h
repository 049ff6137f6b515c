/*
 * never.h - who is to be left alone: the user's own never-probe list.
 * In:   a list of names, a destination and what is known of it.   Out: the entry that covers it.
 * Not:  no lookup; the catalogue's `probe: no` is catalogue/'s.
 */
#ifndef MX_PLAN_NEVER_H
#define MX_PLAN_NEVER_H

#include "probe/catalogue/catalogue.h"
#include "probe/dns/route.h"

/** ASCII names and provider ids, borrowed. */
struct mx_never {
	const char *const *entries;
	size_t count;
};

/** The entry that is provider's id, or the destination or the name of any of its mail exchangers,
 *  or a parent domain of one of these: one exchanger that is to be left alone is enough to leave
 *  the whole destination alone. NULL when there is none; provider and route may be NULL. */
const char *mx_never_entry(const struct mx_never *never, const char *destination,
    const struct mx_provider *provider, const struct mx_route *route);

#endif
