/*
 * plan.h - sources x destinations to visits: who goes to which addresses, in which order.
 * In:   sources, destinations with their routes, --mx one or all.
 * Out:  one visit per pair.
 * Not:  no lookup, no session, no time (pace.h).
 */
#ifndef MX_PLAN_PLAN_H
#define MX_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/catalogue/catalogue.h"
#include "probe/dns/route.h"

/** --mx all visits at most so many addresses. */
#define MX_VISIT_HOPS 8

enum mx_visit_kind {
	MX_VISIT_PROBE,      /* hops are to be probed */
	MX_VISIT_SHARED,     /* same MX hosts as visit `first`: shows its result */
	MX_VISIT_SUPPRESSED, /* same provider as visit `first`: one session per source and
				provider */
	MX_VISIT_NEVER,      /* never probed: the catalogue or the user says so */
	MX_VISIT_NO_ROUTE,   /* the destination has no address at all */
	MX_VISIT_NO_FAMILY,  /* none of the source's family */
	MX_VISIT_NOWHERE     /* none that leads from this source to another host */
};

/** One address on the way. host is the route's. */
struct mx_hop {
	const struct mx_route_host *host;
	struct mx_addr addr; /* with port */
};

struct mx_visit {
	size_t source, destination; /* indexes into the plan's input */
	size_t first;               /* SHARED, SUPPRESSED: index of that visit */
	enum mx_visit_kind kind;
	/* all of them; else the second only when TCP fails at the first */
	bool every_hop;
	bool control; /* to the control host: no row is made of it */
	bool exempt;  /* own or loopback: no politeness floors but "one at a time" */
	size_t hop_count;
	struct mx_hop hops[MX_VISIT_HOPS];
	/* how many addresses of the source's family lead there, visited or not */
	size_t address_count;
};

/** All borrowed. */
struct mx_plan_destination {
	const struct mx_route *route;
	const struct mx_provider *provider; /* or NULL */
	const char *group;                  /* mx_group_name() */
	const char *never; /* the entry of the user's never list, or NULL */
	bool own;
};

struct mx_plan_input {
	const struct mx_addr *const *sources;
	size_t source_count;
	const struct mx_plan_destination *destinations;
	size_t destination_count;
	int family; /* AF_UNSPEC: the source's */
	uint16_t port;
	bool mx_all;
	/* One a pair, sources outermost: which address to begin with, counted in preference order,
	 * within a host in the order of addresses, round and round, so that successive visits see them all. NULL: the first. */
	const size_t *starts;
};

/** One visit per pair, sources outermost. Caller frees the array; *count is set. */
struct mx_visit *mx_plan_make(const struct mx_plan_input *input, size_t *count);

/** The same set of MX host names, in whatever order. Fixed servers never count as the same: there
 *  the user said where to go. */
bool mx_plan_same_hosts(const struct mx_route *a, const struct mx_route *b);

#endif
