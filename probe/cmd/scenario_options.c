/* scenario_options.c - one row and one take function per option. */
#include "probe/cmd/scenario_options.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define TIME_LIMIT_S 60

static enum mx_err
take_port(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	return mx_value_port("--port", value, 0, &o->smtp_port, err);
}

static enum mx_err
take_dns_port(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	return mx_value_port("--dns-port", value, 0, &o->dns_port, err);
}

static enum mx_err
take_certs(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	(void)err;
	o->certs = value;
	return MX_OK;
}

static enum mx_err
take_binary(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	(void)err;
	o->binary = value;
	return MX_OK;
}

static enum mx_err
take_jobs(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;
	long number = 1;
	enum mx_err code = mx_value_number("--jobs", value, 1, 256, &number, err);

	o->jobs = (unsigned)number;
	return code;
}

static enum mx_err
take_time_limit(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;
	long number = TIME_LIMIT_S;
	enum mx_err code = mx_value_number("--time-limit", value, 1, 3600, &number, err);

	o->time_limit_s = (unsigned)number;
	return code;
}

static enum mx_err
take_tap(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	(void)value, (void)err;
	o->tap = true;
	return MX_OK;
}

static enum mx_err
take_store(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	(void)err;
	o->store = value;
	return MX_OK;
}

static enum mx_err
take_output(void *into, const char *value, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	(void)err;
	o->output = value;
	return MX_OK;
}

/* clang-format off */
const struct mx_option mx_scenario_option_rows[] = {
	{ "play and test", 0, "certs", "DIR",
	    "Certificates of the scripted servers, as certs/make-certs.sh makes them. Without it "
	    "MXPROBE_CERTS; without that they are made for the occasion.", take_certs },
	{ "play", 'p', "port", "N",
	    "Port of the scripted mail exchangers. 0, the default, takes a free one.", take_port },
	{ NULL, 0, "dns-port", "N",
	    "Port of their name server. 0, the default, takes a free one.", take_dns_port },
	{ "test", 'j', "jobs", "N", "Play so many scenarios at once. Default 2.", take_jobs },
	{ NULL, 0, "binary", "FILE",
	    "Test this program instead of the one that runs.", take_binary },
	{ NULL, 0, "time-limit", "S",
	    "End a scenario that takes longer; real seconds. Default 60.", take_time_limit },
	{ NULL, 0, "tap", NULL, "Print TAP (testanything.org).", take_tap },
	{ "record", 0, "store", "FILE",
	    "Read this store instead of the configured or the usual one.", take_store },
	{ NULL, 'o', "output", "FILE",
	    "Write a new file instead of standard output.", take_output },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

void
mx_scenario_options_init(struct mx_scenario_options *options)
{
	*options =
	    (struct mx_scenario_options){ .jobs = 2, .time_limit_s = TIME_LIMIT_S };
}

void
mx_scenario_options_clear(struct mx_scenario_options *options)
{
	free(options->files);
	options->files = NULL;
}

static enum mx_err
take_word(void *into, const char *word, struct mx_error *err)
{
	struct mx_scenario_options *o = into;

	(void)err;
	if (o->action == NULL) {
		o->action = word;
		return MX_OK;
	}
	o->files = mx_grow(o->files, o->file_count, sizeof *o->files);
	o->files[o->file_count++] = word;
	return MX_OK;
}

/* Behind "--" stands a command of its own, whose words are none of our business. */
enum mx_err
mx_scenario_options_parse(struct mx_scenario_options *options, struct mx_cli *cli,
    const struct mx_command *command, int argc, char **argv, struct mx_error *err)
{
	int words = argc;

	for (int i = 1; i < argc && options->command == NULL; i++)
		if (strcmp(argv[i], "--") == 0) {
			options->command = &argv[i + 1];
			words = i;
		}
	return mx_options_parse(cli, command, words, argv, options, take_word, err);
}
