/*
 * scenario_files.h - from FILE and DIRECTORY to scenario files.
 * In:   paths as given.   Out: paths of files, directories searched for *.yaml, in name order.
 * Not:  nothing is loaded.
 */
#ifndef MX_CMD_SCENARIO_FILES_H
#define MX_CMD_SCENARIO_FILES_H

#include <stddef.h>

#include "probe/base/err.h"

struct mx_scenario_files {
	char **paths; /* own */
	size_t count;
};

/** A file is taken as it is; of a directory all *.yaml below it, sorted by path. MX_ERR_CONFIG
 *  when there is no such path, or no scenario below a directory. */
enum mx_err mx_scenario_files_add(struct mx_scenario_files *files, const char *path,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_scenario_files_clear(struct mx_scenario_files *files);
/** MXPROBE_SCENARIOS, else the installed ones. */
const char *mx_scenario_files_default_dir(void);

#endif
