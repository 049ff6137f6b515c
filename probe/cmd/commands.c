/* commands.c - the table of subcommands; a new one is a file and a line here. */
#include <string.h>

#include "probe/cmd/cmd.h"

const struct mx_command *const mx_commands[] = {
	&mx_cmd_check,
	&mx_cmd_verify,
	&mx_cmd_serve,
	&mx_cmd_preflight,
	&mx_cmd_status,
	&mx_cmd_history,
	&mx_cmd_delist,
	&mx_cmd_deliver,
	&mx_cmd_classify,
	&mx_cmd_explain,
	&mx_cmd_rules,
	&mx_cmd_config,
	&mx_cmd_alert,
	&mx_cmd_scenario,
	&mx_cmd_demo,
	NULL,
};

const struct mx_command *
mx_command_find(const char *name)
{
	for (const struct mx_command *const *c = mx_commands; *c != NULL; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

int
mx_cli_fail(struct mx_cli *cli, const struct mx_error *err)
{
	fflush(cli->out); /* results before the remark why there are no more */
	fprintf(cli->err, "mxprobe: %s\n", err->text);
	return mx_err_exit_status(err->code);
}
