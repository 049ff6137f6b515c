/* serve_setup.c - file and options, merged as for a check of everything at once. */
#include "probe/cmd/serve_setup.h"

#include <stdlib.h>

#include "probe/base/mem.h"

static void
release(void *arg)
{
	mx_serve_setup_free(arg);
}

static void
fill_watch(struct mx_serve_setup *setup)
{
	const struct mx_limits *limits = &setup->settings.limits;

	setup->watch = (struct mx_watch_params){
		.probe = &setup->settings.params,
		.state_rules = &limits->rules,
		.ladder = &mx_ladder_default,
		.interval_us = limits->schedule_us,
		.blocked_us = limits->schedule_blocked_us,
		.checks_us = limits->schedule_checks_us,
		.keep_results_us = limits->keep_results_us,
		.keep_transcripts_us = limits->keep_transcripts_us,
		.release = release,
		.release_arg = setup,
	};
}

struct mx_serve_setup *
mx_serve_setup_load(const struct mx_cli *cli, const struct mx_check_options *options,
    const struct mx_catalogue *catalogue, struct mx_error *err)
{
	struct mx_serve_setup *setup = mx_calloc(1, sizeof *setup);

	if (mx_config_load(&setup->config, cli->config_file, err) != MX_OK ||
	    mx_settings_make(&setup->settings, options, &setup->config, catalogue, err) !=
		MX_OK) {
		mx_serve_setup_free(setup);
		return NULL;
	}
	fill_watch(setup);
	return setup;
}

void
mx_serve_setup_free(struct mx_serve_setup *setup)
{
	if (setup == NULL)
		return;
	mx_settings_clear(&setup->settings);
	mx_config_clear(&setup->config);
	free(setup);
}
