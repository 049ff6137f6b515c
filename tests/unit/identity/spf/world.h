/*
 * world.h - DNS as a table of rows, for evaluations without any name server.
 * In:   rows, and what lookups an evaluation needs.   Out: answers in its memo, and its answer.
 * Not:  no resolver, no loop.
 */
#ifndef MX_TESTS_UNIT_IDENTITY_SPF_WORLD_H
#define MX_TESTS_UNIT_IDENTITY_SPF_WORLD_H

#include "probe/identity/spf/eval.h"

/** value: an address, a name ("10 mail.example.test" for MX), or a text. NULL: that status. */
struct world_row {
	const char *name;
	enum mx_dns_type type;
	const char *value;
	enum mx_dns_status status;
};

/** The check that params speak of, in a world of rows (up to one without a name). Caller clears
 *  the answer. *lookups (may be NULL): how many were made. */
void world_check(const struct world_row *rows, const struct mx_spf_params *params,
    struct mx_spf_answer *answer, size_t *lookups);

#endif
