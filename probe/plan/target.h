/*
 * target.h - what to probe: destinations as the user names them.
 * In:   a domain, a provider's id, @FILE of those (one a line, # comments).
 * Out:  destination domains in ASCII, without doubles, in the order written.
 * Not:  no lookup; which address is probed is plan.h's business.
 */
#ifndef MX_PLAN_TARGET_H
#define MX_PLAN_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/err.h"
#include "probe/catalogue/catalogue.h"
#include "probe/dns/name.h"

#define MX_TARGETS_MAX 65536

struct mx_targets {
	char **domains; /* own; A-labels */
	size_t count;
	void *known; /* the same strings as a search(3) tree; private */
};

/** Append one specification. A provider id ("microsoft_consumer") stands for its first domain.
 *  MX_ERR_USAGE names what is wrong and, for @FILE, the line. */
enum mx_err mx_targets_add(struct mx_targets *targets, const char *spec,
    const struct mx_catalogue *catalogue, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_targets_clear(struct mx_targets *targets);

#endif
