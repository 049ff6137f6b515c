/* checks.c - each source's names, policies and blocklists, on a schedule of their own: no session. */
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/identity/preflights.h"
#include "probe/run/identity.h"
#include "probe/watch/inside.h"

#define TIMEOUT_US MX_MINUTE_US
/* The first look at a source comes soon, but not at all of them at once. */
#define FIRST_US MX_SECOND_US

struct mx_watch_checker {
	struct mx_watch *watch;
	struct mx_watch_config *config;
	struct mx_run_identities *identities;
	struct mx_preflights *all;
	struct mx_watch_source **sources; /* as the config counts them */
};

static struct mx_watch_source *
source_of_entry(struct mx_agenda_entry *entry)
{
	return (struct mx_watch_source *)((char *)entry -
					  offsetof(struct mx_watch_source, check));
}

static void
plan_next(struct mx_watch *watch, struct mx_watch_source *source, int64_t now_us)
{
	int64_t every_us = watch->config->params.checks_us;
	uint64_t key =
	    mx_schedule_key(source->text, "checks", watch->config->params.seed);

	mx_agenda_put(&watch->checking, &source->check,
	    mx_schedule_slot(key, every_us, now_us + every_us / 2));
}

static void
on_done(void *arg, size_t index, struct mx_preflight *preflight)
{
	struct mx_watch_checker *checker = arg;
	struct mx_watch *watch = checker->watch;
	struct mx_watch_source *source = checker->sources[index];

	mx_preflight_free(source->checks);
	source->checks = preflight;
	source->checked_us = mx_watch_now();
	source->is_checking = false;
	plan_next(watch, source, source->checked_us);
	if (watch->hooks.checks != NULL)
		watch->hooks.checks(watch->hooks.arg, source->text);
	mx_watch_kick(watch);
}

/* Sources that are new get their first look; others keep their times. */
static void
plan_first(struct mx_watch *watch)
{
	int64_t now_us = mx_watch_now();

	for (size_t i = 0; i < watch->source_count; i++)
		if (watch->sources[i]->check.place == 0)
			mx_agenda_put(&watch->checking, &watch->sources[i]->check,
			    now_us + (int64_t)(i + 1) * FIRST_US);
}

void
mx_watch_checks_open(struct mx_watch *watch)
{
	struct mx_watch_config *config = mx_watch_config_use(watch->config);
	struct mx_watch_checker *checker = mx_calloc(1, sizeof *checker);
	struct mx_preflights_params all = { .done = on_done, .arg = checker };

	checker->watch = watch;
	checker->config = config;
	checker->identities = mx_run_identities_new(config->params.probe,
	    config->params.host.catalogue, watch->loop, config->params.host.resolver);
	all.common = checker->identities->common;
	all.common.timeout_us = TIMEOUT_US;
	checker->all = mx_preflights_new(&all);
	checker->sources =
	    mx_calloc(config->params.probe->source_count + 1, sizeof(void *));
	for (size_t i = 0; i < watch->source_count; i++)
		checker->sources[watch->sources[i]->index] = watch->sources[i];
	watch->checker = checker;
	plan_first(watch);
}

void
mx_watch_checks_close(struct mx_watch *watch)
{
	struct mx_watch_checker *checker = watch->checker;

	if (checker == NULL)
		return;
	mx_preflights_free(checker->all);
	mx_run_identities_free(checker->identities);
	mx_watch_config_drop(checker->config);
	free(checker->sources);
	free(checker);
	watch->checker = NULL;
	for (size_t i = 0; i < watch->source_count; i++)
		watch->sources[i]->is_checking = false;
}

static void
start(struct mx_watch_checker *checker, struct mx_watch_source *source)
{
	struct mx_preflight_subject subject = {
		.source = *checker->identities->faces[source->index],
		.helo = checker->identities->helos[source->index],
	};

	source->is_checking = true;
	mx_preflights_add(checker->all, source->index, &subject);
}

int64_t
mx_watch_checks_start(struct mx_watch *watch)
{
	int64_t now_us = mx_watch_now();
	struct mx_agenda_entry *first;

	while ((first = mx_agenda_first(&watch->checking)) != NULL &&
	       first->due_us <= now_us) {
		mx_agenda_remove(&watch->checking, first);
		start(watch->checker, source_of_entry(first));
	}
	return first != NULL ? first->due_us : INT64_MAX;
}
