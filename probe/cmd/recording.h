/*
 * recording.h - a session that was kept, as a scenario that plays it again.
 * In:   a result with its transcript, as `mxprobe check --format json` printed it; the catalogue.
 * Out:  a scenario file (scenarios/README.md), names and addresses replaced.
 * Not:  no store and no options (scenario_record.c).
 */
#ifndef MX_CMD_RECORDING_H
#define MX_CMD_RECORDING_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "probe/catalogue/catalogue.h"

/** What stands against making a scenario of it; NULL: nothing. Borrowed from result, or static. */
const char *mx_recording_obstacle(const json_t *result);
/** Of a result without obstacle. */
void mx_recording_write(FILE *out, json_t *result, const struct mx_catalogue *catalogue);

#endif
