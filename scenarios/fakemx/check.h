/*
 * check.h - does a scenario make sense?
 * In:   a scenario as the schema loaded it.
 * Out:  yes (addresses parsed on the way), or the field.
 * Not:  no file access but for the line number of a complaint.
 */
#ifndef MX_FAKEMX_CHECK_H
#define MX_FAKEMX_CHECK_H

#include "scenarios/fakemx/scenario.h"

/** Fills addr of each server, and name where the file gives none. */
enum mx_err mx_scenario_check(struct mx_scenario *scenario, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
