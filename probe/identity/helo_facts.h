/*
 * helo_facts.h - a HELO name judged, not refused: every name gets its rows.
 * In:   the name and its addresses, the source and its PTR names, destinations.
 * Out:  rows "helo_syntax", "helo_resolves", "helo_ptr" and "helo_borrowed".
 * Not:  no lookup of its own, no choice of a name (helo.h).
 */
#ifndef MX_IDENTITY_HELO_FACTS_H
#define MX_IDENTITY_HELO_FACTS_H

#include "probe/catalogue/catalogue.h"
#include "probe/dns/route.h"
#include "probe/identity/check.h"
#include "probe/identity/fcrdns.h"

struct mx_helo_facts {
	const char *helo; /* any bytes; "" too */
	const struct mx_addr *source;
	const struct mx_fcrdns *fcrdns;
	/* What mx_route_find_host() found; NULL when the name can't be looked up. */
	const struct mx_route *route;
	/* Nobody greets a destination with its own name. */
	const char *const *destinations;
	size_t destination_count;
	/* For the names of providers; NULL: the large ones only. */
	const struct mx_catalogue *catalogue;
};

/** Is it a name that can be looked up? An address literal is not. */
bool mx_helo_resolvable(const char *helo);
void mx_helo_judge(const struct mx_helo_facts *facts, struct mx_checks *checks);

#endif
