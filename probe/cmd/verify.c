/* verify.c - `mxprobe verify`: did the delisting take effect? */
#include <stdlib.h>
#include <string.h>

#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/base/term.h"
#include "probe/cmd/options.h"
#include "probe/cmd/settings.h"
#include "probe/cmd/verify_options.h"
#include "probe/cmd/verify_view.h"
#include "probe/report/report.h"
#include "probe/verdict/rules.h"

/** Everything one run holds; freed in one place. */
struct verify {
	struct mx_cli *cli;
	struct mx_verify_options options;
	struct mx_config config;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
	struct mx_settings settings;
	struct mx_store *store;
	struct mx_verify_look look;
	struct mx_verify_step step; /* the one that is on */
	unsigned live_lines;        /* of the live view that is drawn */
	bool is_json, is_live;
};

/* base/log asks for no argument, and there is one terminal. */
static struct verify *shown;

/* ---- the live view ---- */

static void
wipe_live(void)
{
	if (shown == NULL || shown->live_lines == 0)
		return;
	fprintf(shown->cli->out, "\033[%uA\r\033[J", shown->live_lines);
	fflush(shown->cli->out);
	shown->live_lines = 0;
}

static void
on_waiting(void *arg, const struct mx_vigil_facts *facts, int64_t until_us)
{
	struct verify *verify = arg;

	(void)until_us;
	wipe_live();
	verify->live_lines = mx_verify_text_live(&verify->look, facts);
}

/* ---- a step, piece by piece ---- */

static void
clear_step(struct mx_verify_step *step)
{
	for (size_t i = 0; i < step->event_count; i++) {
		free(step->events[i].before);
		free(step->events[i].after);
		free(step->events[i].why);
	}
	free(step->events);
	json_decref(step->results);
	*step = (struct mx_verify_step){ 0 };
}

static json_t *
json_of(const struct mx_result *result)
{
	char *line = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&line, &len);
	json_t *object;

	if (stream == NULL)
		mx_out_of_memory();
	mx_result_json(stream, result);
	if (fclose(stream) != 0)
		mx_out_of_memory();
	object = json_loads(line, 0, NULL);
	free(line);
	return object != NULL ? object : json_object();
}

static void
on_result(void *arg, const struct mx_result *result)
{
	struct verify *verify = arg;

	wipe_live();
	if (verify->step.results == NULL)
		verify->step.results = json_array();
	json_array_append_new(verify->step.results, json_of(result));
}

static void
on_event(void *arg, const struct mx_store_event *event)
{
	struct mx_verify_step *step = &((struct verify *)arg)->step;

	step->events = mx_grow(step->events, step->event_count, sizeof *step->events);
	step->events[step->event_count++] = (struct mx_verify_event){
		.time_us = event->time_us,
		.before = mx_strdup(event->old_state),
		.after = mx_strdup(event->new_state),
		.why = mx_strdup(event->why),
	};
}

static void
on_step(void *arg, const struct mx_vigil_facts *facts, unsigned index, bool has_session)
{
	struct verify *verify = arg;
	struct mx_verify_step *step = &verify->step;

	wipe_live();
	step->index = index;
	step->has_session = has_session;
	if (step->results == NULL)
		step->results = json_array();
	if (verify->is_json)
		mx_verify_json_step(verify->cli->out, facts, step);
	else
		mx_verify_text_step(&verify->look, facts, step);
	clear_step(step);
}

/* An accept there would be taken for what it is not. */
static void
warn_if_blind(const struct mx_provider *provider)
{
	if (provider != NULL && !provider->observable)
		mx_log(MX_LOG_WARNING,
		    "%s judges addresses only after DATA: a block shown before is followed, "
		    "but no session of this kind can prove that it is gone",
		    provider->name);
}

static void
on_opened(void *arg, const struct mx_vigil_facts *facts, bool is_resumed)
{
	struct verify *verify = arg;

	warn_if_blind(facts->provider);
	if (!verify->is_json)
		mx_verify_text_opened(&verify->look, facts, is_resumed);
}

static void
on_line(void *arg, const char *tag, const struct mx_line *line)
{
	struct verify *verify = arg;
	struct mx_report_options look = {
		.color = mx_term_has_color(verify->cli->err),
		.width = verify->look.width,
		.show_mailbox = verify->cli->verbose >= 2,
	};

	wipe_live();
	mx_report_dialogue(verify->cli->err, &look, tag, line);
}

static void
on_warning(void *arg, const char *text)
{
	(void)arg;
	mx_log(MX_LOG_WARNING, "%s", text);
}

/* ---- getting ready ---- */

static enum mx_err
load_knowledge(struct verify *verify, struct mx_error *err)
{
	verify->catalogue = mx_catalogue_load(NULL, err);
	if (verify->catalogue == NULL)
		return err->code;
	verify->rules = mx_rules_load(verify->catalogue, err);
	return verify->rules != NULL ? MX_OK : err->code;
}

static enum mx_err
check_pair(const struct verify *verify, struct mx_error *err)
{
	const struct mx_probe_params *params = &verify->settings.params;

	if (params->source_count != 1)
		return mx_error_set(err, MX_ERR_USAGE,
		    "%zu sources: a delisting is verified for one address at a time; give "
		    "it with --source",
		    params->source_count);
	if (params->destination_count != 1)
		return mx_error_set(err, MX_ERR_USAGE,
		    "%zu destinations: a delisting is verified at one provider at a time; "
		    "name one of its domains with --to",
		    params->destination_count);
	if (params->depth_given && params->depth < MX_STAGE_MAIL)
		return mx_error_set(err, MX_ERR_USAGE,
		    "--depth: a provider may accept a greeting and refuse mail, so that "
		    "less than mail proves nothing");
	return MX_OK;
}

static enum mx_err
open_store(struct verify *verify, struct mx_error *err)
{
	const char *given = verify->options.session.store != NULL
				? verify->options.session.store
				: verify->config.values->store;
	char *path = mx_store_path(given, err);

	if (path == NULL)
		return err->code;
	verify->store = mx_store_open(path, MX_STORE_WRITE, err);
	free(path);
	return err->code;
}

static void
set_look(struct verify *verify)
{
	struct mx_cli *cli = verify->cli;

	verify->is_json = strcmp(verify->options.session.format, "json") == 0;
	verify->is_live = !verify->is_json && !cli->quiet && cli->verbose == 0 &&
			  mx_term_is_tty(cli->out) && !verify->options.is_once;
	verify->look = (struct mx_verify_look){
		.out = cli->out,
		/* a log may be as wide as it likes */
		.width = mx_term_is_tty(cli->out) ? mx_term_width(cli->out) : 0,
		.is_quiet = cli->quiet,
	};
	shown = verify;
	mx_log_set_before(wipe_live);
}

static enum mx_err
prepare(struct verify *verify, struct mx_error *err)
{
	enum mx_err code = mx_config_load(&verify->config, verify->cli->config_file, err);

	if (code == MX_OK)
		code = load_knowledge(verify, err);
	if (code == MX_OK)
		code = mx_settings_make(&verify->settings, &verify->options.session,
		    &verify->config, verify->catalogue, err);
	if (code == MX_OK)
		code = check_pair(verify, err);
	if (code == MX_OK)
		code = open_store(verify, err);
	return code;
}

/* ---- the run ---- */

static enum mx_err
show_end(struct verify *verify, const struct mx_vigil_end *end, struct mx_error *err)
{
	struct mx_proof proof = { 0 };

	wipe_live();
	if (end->facts.group == NULL ||
	    mx_proof_load(verify->store, end->facts.source, end->facts.group,
		&end->facts.standing, &proof, err) == MX_OK) {
		if (verify->is_json)
			mx_verify_json_end(verify->cli->out, end, &proof);
		else
			mx_verify_text_end(&verify->look, end, &proof);
	}
	mx_proof_clear(&proof);
	if (err->code == MX_OK && fflush(verify->cli->out) != 0)
		return mx_error_set(
		    err, MX_ERR_SYSTEM, "the results could not be written");
	return err->code;
}

/* Returns the exit status. */
static int
follow(struct verify *verify, struct mx_error *err)
{
	struct mx_vigil_params params = {
		.store = verify->store,
		.probe = &verify->settings.params,
		.catalogue = verify->catalogue,
		.rules = verify->rules,
		.state_rules = &verify->settings.limits.rules,
		.ladder = &verify->options.ladder,
		.ticket = verify->options.ticket,
		.outcome = verify->options.outcome,
		.is_once = verify->options.is_once,
		.wants_ticks = verify->is_live,
	};
	struct mx_vigil_hooks hooks = {
		.opened = on_opened,
		.result = on_result,
		.event = on_event,
		.step = on_step,
		.waiting = verify->is_live ? on_waiting : NULL,
		.line = verify->cli->verbose > 0 ? on_line : NULL,
		.warning = on_warning,
		.arg = verify,
	};
	struct mx_vigil_end end;
	int status = 0;

	if (mx_vigil_run(&params, &hooks, &end, err) == MX_OK &&
	    show_end(verify, &end, err) == MX_OK)
		status = mx_vigil_status(&end);
	mx_vigil_end_clear(&end);
	return status;
}

static void
clear_verify(struct verify *verify)
{
	wipe_live();
	mx_log_set_before(NULL);
	shown = NULL;
	clear_step(&verify->step);
	mx_store_close(verify->store);
	mx_settings_clear(&verify->settings);
	mx_rules_free(verify->rules);
	mx_catalogue_free(verify->catalogue);
	mx_config_clear(&verify->config);
	mx_verify_options_clear(&verify->options);
}

static int
verify_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct verify verify = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	mx_verify_options_init(&verify.options);
	if (mx_options_parse(cli, self, argc, argv, &verify.options, mx_verify_operand,
		&err) == MX_OK &&
	    !cli->answered && prepare(&verify, &err) == MX_OK) {
		set_look(&verify);
		status = follow(&verify, &err);
	}
	if (err.code != MX_OK) {
		wipe_live();
		status = mx_cli_fail(cli, &err);
	}
	clear_verify(&verify);
	return status;
}

const struct mx_command mx_cmd_verify = {
	.name = "verify",
	.summary = "Did a delisting take effect? Asks on a ladder of hours until it is "
		   "clear everywhere.",
	.synopsis = "--source ADDRESS --to WHAT [OPTION...]",
	.notes = "Exit status: 0 clear, 1 blocked where it was asked last, 2 refused or "
		 "deferred otherwise, 3 nothing certain was learned in time, 4 a failure "
		 "on our side, 64 wrong usage, 78 wrong configuration.",
	.manual = "mxprobe-verify(1)",
	.options = mx_verify_option_rows,
	.run = verify_run,
};
