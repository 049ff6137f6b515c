/*
 * scenario_actions.h - what follows `mxprobe scenario`: one function, one file each.
 * In:   options and the files meant.   Out: the exit status.
 * Not:  no parsing of options (scenario_options.h).
 */
#ifndef MX_CMD_SCENARIO_ACTIONS_H
#define MX_CMD_SCENARIO_ACTIONS_H

#include "probe/cmd/scenario_files.h"
#include "probe/cmd/scenario_options.h"
#include "scenarios/fakemx/scenario.h"

int mx_scenario_list(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files);
int mx_scenario_check_files(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files);
int mx_scenario_play(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files);
int mx_scenario_test(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files);

int mx_scenario_record(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files);

/** Load every file, or none: NULL and the first error. Caller frees with mx_scenarios_free. */
struct mx_scenario **mx_scenarios_load(const struct mx_scenario_files *files,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_scenarios_free(struct mx_scenario **scenarios, size_t count);

#endif
