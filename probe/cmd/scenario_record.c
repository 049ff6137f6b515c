/* scenario_record.c - `mxprobe scenario record`: a session that was kept becomes a scenario. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/escape.h"
#include "probe/cmd/recording.h"
#include "probe/cmd/remembered.h"
#include "probe/cmd/scenario_actions.h"
#include "probe/store/history.h"

/* NULL: err says why. */
static json_t *
load_result(struct mx_store *store, const char *id, struct mx_error *err)
{
	char *text = mx_store_evidence(store, id, err);
	json_t *result = text != NULL ? json_loads(text, 0, NULL) : NULL;
	char *shown = mx_escape_terminal(id, strlen(id));
	const char *why = result != NULL ? mx_recording_obstacle(result) : NULL;

	free(text);
	if (result == NULL)
		mx_error_set(err, MX_ERR_USAGE,
		    "scenario record: no session is kept as \"%.40s\"; mxprobe history "
		    "--format json has the ids",
		    shown);
	else if (why != NULL)
		mx_error_set(err, MX_ERR_USAGE,
		    "scenario record: no scenario can be made of %.40s: %.200s", shown,
		    why);
	free(shown);
	if (why == NULL)
		return result;
	json_decref(result);
	return NULL;
}

/* Never over a file that is there. */
static FILE *
open_output(const char *path, FILE *fallback, struct mx_error *err)
{
	int fd;

	if (path == NULL)
		return fallback;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0) {
		mx_error_sys(err, errno, "%.200s", path);
		return NULL;
	}
	return fdopen(fd, "w");
}

static enum mx_err
record(struct mx_cli *cli, const struct mx_scenario_options *options,
    struct mx_remembered *remembered, struct mx_error *err)
{
	json_t *result;
	FILE *out;

	if (options->file_count != 1)
		return mx_error_set(err, MX_ERR_USAGE,
		    "say which session: mxprobe scenario record ID (mxprobe history "
		    "--format json has the ids)");
	if (mx_remembered_open(remembered, cli, options->store, MX_STORE_READ, err) !=
	    MX_OK)
		return err->code;
	result = load_result(remembered->store, options->files[0], err);
	if (result == NULL)
		return err->code;
	out = open_output(options->output, cli->out, err);
	if (out != NULL) {
		mx_recording_write(out, result, remembered->catalogue);
		if (fflush(out) != 0)
			mx_error_sys(err, errno, "the scenario can't be written");
		if (out != cli->out)
			(void)fclose(out);
	}
	json_decref(result);
	return err->code;
}

int
mx_scenario_record(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files)
{
	struct mx_remembered remembered = { .store = NULL };
	struct mx_error err = { 0 };
	int status = 0;

	(void)files;
	if (record(cli, options, &remembered, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	mx_remembered_close(&remembered);
	return status;
}
