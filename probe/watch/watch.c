/* watch.c - one timer: who is due joins the queue of his group, who may leaves. Everything else here is the
 * door to that. */
#include "probe/watch/watch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "probe/store/history.h"
#include "probe/watch/inside.h"

/* So long at most until a clock that was set is noticed. */
#define LOOK_US (30 * MX_SECOND_US)
#define TIDY_US (10 * MX_MINUTE_US)

int64_t
mx_watch_now(void)
{
	return mx_clock_wall_us();
}

void
mx_watch_warn(struct mx_watch *watch, const char *format, ...)
{
	char text[1024];
	va_list args;

	if (watch->hooks.warning == NULL)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	watch->hooks.warning(watch->hooks.arg, text);
}

void
mx_watch_kick(struct mx_watch *watch)
{
	if (!watch->is_stopping)
		mx_timer_start(watch->timer, 0);
}

void
mx_watch_note_write(struct mx_watch *watch, const struct mx_error *err)
{
	if (err == NULL) {
		watch->is_failing = false;
		return;
	}
	watch->store_failures++;
	if (!watch->is_failing)
		mx_watch_warn(watch, "%s", err->text);
	watch->is_failing = true;
}

/* ---- configs ---- */

struct mx_watch_config *
mx_watch_config_new(const struct mx_watch_params *params)
{
	struct mx_watch_config *config = mx_calloc(1, sizeof *config);

	config->params = *params;
	config->users = 1;
	return config;
}

struct mx_watch_config *
mx_watch_config_use(struct mx_watch_config *config)
{
	config->users++;
	return config;
}

void
mx_watch_config_drop(struct mx_watch_config *config)
{
	if (--config->users > 0)
		return;
	if (config->params.release != NULL)
		config->params.release(config->params.release_arg);
	free(config);
}

/* ---- the timer ---- */

static struct mx_schedule_clock
read_clock(void)
{
	return (struct mx_schedule_clock){ .wall_us = mx_clock_wall_us(),
		.mono_us = mx_clock_mono_us() };
}

/* Times that were planned by a clock that was wrong are planned anew; what was slept through is not made
 * up for. */
static void
mind_clock(struct mx_watch *watch)
{
	struct mx_schedule_clock now = read_clock();
	bool has_jumped = mx_schedule_has_jumped(&watch->clock, &now);
	long long by_s =
	    (now.wall_us - watch->clock.wall_us - (now.mono_us - watch->clock.mono_us)) /
	    MX_SECOND_US;

	watch->clock = now;
	if (!has_jumped)
		return;
	mx_watch_warn(
	    watch, "the clock was set by %lld s: all times are planned anew", by_s);
	watch->minutely_us = watch->tidy_us = 0;
	for (size_t i = 0; i < watch->group_count; i++)
		watch->groups[i]->retry_us = 0;
	for (size_t i = 0; i < watch->pair_count; i++) {
		watch->pairs[i]->hold_until_us = 0;
		mx_watch_plan(watch, watch->pairs[i]);
	}
}

static void
tidy(struct mx_watch *watch, int64_t now_us)
{
	const struct mx_watch_params *params = &watch->config->params;

	watch->tidy_us = now_us + TIDY_US;
	mx_store_tidy(watch->store, now_us - params->keep_results_us,
	    now_us - params->keep_transcripts_us, NULL, NULL);
}

static void
do_minutely(struct mx_watch *watch, int64_t now_us)
{
	if (now_us >= watch->minutely_us || watch->has_poke) {
		watch->minutely_us = now_us + MX_MINUTE_US;
		watch->has_poke = false;
		mx_watch_cases_load(watch);
		mx_watch_age_all(watch);
	}
	if (now_us >= watch->tidy_us)
		tidy(watch, now_us);
}

static void
enqueue_due(struct mx_watch *watch, int64_t now_us)
{
	struct mx_agenda_entry *first;

	while (
	    (first = mx_agenda_first(&watch->agenda)) != NULL && first->due_us <= now_us)
		mx_watch_enqueue(watch, (struct mx_watch_pair_row *)first);
}

static int64_t
earlier(int64_t a_us, int64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

/* Whoever moves the clock of a test may go to the next session at once, while nothing is under way. */
static void
say_idle(const struct mx_watch *watch, int64_t now_us, int64_t next_us)
{
	bool is_idle = watch->running == 0 && watch->writes == 0 && next_us > now_us &&
		       next_us < INT64_MAX;

	if (!mx_clock_is_shared())
		return;
	for (size_t i = 0; i < watch->source_count; i++)
		is_idle = is_idle && !watch->sources[i]->is_checking;
	mx_clock_idle_until(is_idle ? mx_clock_mono_us() + next_us - now_us : 0);
}

static void
on_timer(void *arg)
{
	struct mx_watch *watch = arg;
	int64_t now_us, next_us;
	const struct mx_agenda_entry *first;

	if (watch->is_stopping)
		return;
	mind_clock(watch);
	now_us = mx_watch_now();
	do_minutely(watch, now_us);
	watch->has_looked = true;
	enqueue_due(watch, now_us);
	next_us = earlier(mx_watch_start_waiting(watch), mx_watch_checks_start(watch));
	first = mx_agenda_first(&watch->agenda);
	if (first != NULL)
		next_us = earlier(next_us, first->due_us);
	say_idle(watch, now_us, next_us);
	next_us = earlier(next_us, now_us + LOOK_US);
	mx_timer_start(watch->timer, next_us > now_us ? next_us - now_us : 0);
}

/* ---- life ---- */

static struct mx_pace *
new_pace(const struct mx_watch_params *params)
{
	const struct mx_ledger_floors *floors = params->probe->floors;
	struct mx_pace_floors raised = {
		.group_at_once = floors->group_at_once,
		.group_a_minute = floors->group_a_minute,
		.network_us = floors->network_us,
	};

	return mx_pace_new_raised(&raised);
}

struct mx_watch *
mx_watch_new(const struct mx_watch_params *params, const struct mx_watch_hooks *hooks,
    struct mx_error *err)
{
	struct mx_watch *watch = mx_calloc(1, sizeof *watch);
	struct mx_error ignored = { 0 };

	err = err != NULL ? err : &ignored;
	watch->config = mx_watch_config_new(params);
	watch->hooks = *hooks;
	watch->loop = params->host.loop;
	watch->store = params->store;
	watch->pace = new_pace(params);
	LIST_INIT(&watch->runs);
	watch->timer = mx_timer_new(watch->loop, on_timer, watch);
	if (mx_watch_roster_make(watch, err) != MX_OK) {
		watch->config->params.release = NULL;
		mx_watch_free(watch);
		return NULL;
	}
	mx_watch_cases_load(watch);
	mx_watch_plan_all(watch);
	mx_watch_checks_open(watch);
	watch->clock = read_clock();
	mx_watch_kick(watch);
	return watch;
}

enum mx_err
mx_watch_reload(
    struct mx_watch *watch, const struct mx_watch_params *params, struct mx_error *err)
{
	struct mx_watch_config *before = watch->config;
	struct mx_error ignored = { 0 };
	enum mx_err code;

	mx_watch_checks_close(watch);
	watch->config = mx_watch_config_new(params);
	code = mx_watch_roster_make(watch, err != NULL ? err : &ignored);
	if (code != MX_OK) {
		watch->config->params.release = NULL;
		mx_watch_config_drop(watch->config);
		watch->config = before;
		(void)!mx_watch_roster_make(watch, &ignored);
	} else {
		mx_watch_config_drop(before);
	}
	mx_watch_cases_load(watch);
	mx_watch_plan_all(watch);
	mx_watch_checks_open(watch);
	mx_watch_kick(watch);
	if (watch->hooks.pairs != NULL)
		watch->hooks.pairs(watch->hooks.arg);
	return code;
}

static void
tell_stopped(void *arg)
{
	struct mx_watch *watch = arg;

	watch->stopped(watch->stopped_arg);
}

void
mx_watch_settle(struct mx_watch *watch)
{
	if (!watch->is_stopping || watch->is_stopped || watch->running > 0 ||
	    watch->writes > 0)
		return;
	watch->is_stopped = true;
	mx_loop_defer(watch->loop, tell_stopped, watch);
}

void
mx_watch_stop(struct mx_watch *watch, void (*done)(void *arg), void *arg)
{
	watch->is_stopping = true;
	watch->stopped = done;
	watch->stopped_arg = arg;
	mx_timer_stop(watch->timer);
	mx_watch_checks_close(watch);
	mx_watch_runs_stop(watch);
	mx_watch_settle(watch);
}

void
mx_watch_free(struct mx_watch *watch)
{
	if (watch == NULL)
		return;
	mx_watch_checks_close(watch);
	mx_watch_roster_free(watch);
	mx_agenda_clear(&watch->agenda);
	mx_agenda_clear(&watch->checking);
	mx_timer_free(watch->timer);
	mx_pace_free(watch->pace);
	for (size_t i = 0; i < watch->count_rows; i++)
		free(watch->count_names[i]);
	free(watch->count_names);
	free(watch->counts);
	mx_watch_config_drop(watch->config);
	free(watch);
}

const char *
mx_watch_waits_for(const struct mx_watch *watch)
{
	if (watch->is_stopping)
		return "it is stopping";
	if (!watch->has_looked)
		return "the schedule has not begun yet";
	return watch->is_failing ? "the store can't be written or read; the log says why"
				 : NULL;
}

void
mx_watch_poke(struct mx_watch *watch)
{
	watch->has_poke = true;
	mx_watch_kick(watch);
}

/* ---- views ---- */

static void
show(struct mx_watch *watch, const struct mx_watch_pair_row *row, int64_t now_us,
    struct mx_watch_pair *pair)
{
	*pair = (struct mx_watch_pair){
		.source = row->source->text,
		.group = row->group->name,
		.provider =
		    row->group->provider != NULL ? row->group->provider->id : NULL,
		.destination = mx_watch_roster_destination(watch, row),
		.state = mx_state_name(row->state),
		.since_us = row->since_us,
		.last_us = row->last_us,
		.learned_us = row->learned_us,
		.last_verdict =
		    row->has_verdict ? mx_verdict_name(row->last_verdict) : NULL,
		.next_us = row->due.due_us,
		.interval_us = row->interval_us,
		.step = row->step,
		.is_running = row->run != NULL,
		.is_late = mx_watch_is_late(row, now_us),
		.is_stale = mx_watch_is_stale(row, now_us),
		.why_not = mx_watch_why_not(watch, row, now_us),
	};
}

void
mx_watch_pairs(struct mx_watch *watch,
    bool (*each)(void *arg, const struct mx_watch_pair *pair), void *arg)
{
	int64_t now_us = mx_watch_now();
	struct mx_watch_pair pair;

	for (size_t i = 0; i < watch->pair_count; i++) {
		show(watch, watch->pairs[i], now_us, &pair);
		if (!each(arg, &pair))
			return;
	}
}

static const struct mx_watch_group *
group_of(const struct mx_watch *watch, const char *whom)
{
	for (size_t i = 0; i < watch->group_count; i++)
		if (strcmp(watch->groups[i]->name, whom) == 0)
			return watch->groups[i];
	for (size_t i = 0; i < watch->target_count; i++)
		if (mx_name_equal(watch->targets[i]->domain, whom))
			return watch->targets[i]->group;
	return NULL;
}

static struct mx_watch_pair_row *
row_of(const struct mx_watch *watch, const char *source, const char *whom)
{
	const struct mx_watch_group *group = group_of(watch, whom);

	return group != NULL ? mx_watch_roster_find(watch, source, group->name) : NULL;
}

bool
mx_watch_pair_of(struct mx_watch *watch, const char *source, const char *whom,
    struct mx_watch_pair *pair)
{
	const struct mx_watch_pair_row *row = row_of(watch, source, whom);

	if (row != NULL)
		show(watch, row, mx_watch_now(), pair);
	return row != NULL;
}

const struct mx_preflight *
mx_watch_checks(const struct mx_watch *watch, const char *source, int64_t *time_us)
{
	for (size_t i = 0; i < watch->source_count; i++)
		if (strcmp(watch->sources[i]->text, source) == 0) {
			*time_us = watch->sources[i]->checked_us;
			return watch->sources[i]->checks;
		}
	return NULL;
}

/* ---- now, please ---- */

static bool
is_refused(struct mx_watch *watch, struct mx_watch_pair_row *pair,
    struct mx_watch_refusal *refusal)
{
	struct mx_error err = { 0 };
	struct mx_ledger_answer answer = mx_watch_look(watch, pair, &err);
	int64_t now_us = mx_watch_now(), until_us = answer.until_us;
	const char *why = answer.why == MX_LEDGER_BLOCKED     ? "held after a block"
			  : answer.why == MX_LEDGER_THROTTLED ? "held after a throttle"
			  : answer.why == MX_LEDGER_PAIR      ? "asked a short while ago"
							      : NULL;

	if (err.code != MX_OK)
		why = err.text;
	else if (pair->group->breaker.open_until_us > now_us) {
		why = "the provider throttles several sources and is left alone";
		until_us = pair->group->breaker.open_until_us;
	}
	if (why != NULL && refusal != NULL) {
		refusal->until_us = until_us;
		snprintf(refusal->why, sizeof refusal->why, "%s", why);
	}
	return why != NULL;
}

static void
add_asker(struct mx_watch_pair_row *pair,
    void (*done)(void *arg, const struct mx_watch_found *found), void *arg)
{
	struct mx_watch_asker *asker = mx_calloc(1, sizeof *asker);

	asker->done = done;
	asker->arg = arg;
	TAILQ_INSERT_TAIL(&pair->askers, asker, link);
}

enum mx_watch_ask
mx_watch_probe_now(struct mx_watch *watch, const char *source, const char *whom,
    struct mx_watch_refusal *refusal,
    void (*done)(void *arg, const struct mx_watch_found *found), void *arg)
{
	struct mx_watch_pair_row *pair = row_of(watch, source, whom);
	bool is_asked;

	if (pair == NULL || watch->is_stopping)
		return MX_WATCH_NOT_WATCHED;
	is_asked = pair->run != NULL || !TAILQ_EMPTY(&pair->askers);
	if (!is_asked && is_refused(watch, pair, refusal))
		return MX_WATCH_REFUSED;
	add_asker(pair, done, arg);
	if (is_asked)
		return MX_WATCH_JOINED;
	mx_watch_enqueue(watch, pair);
	mx_watch_kick(watch);
	return MX_WATCH_STARTED;
}

void
mx_watch_forget(struct mx_watch *watch, void *arg)
{
	for (size_t i = 0; i < watch->pair_count; i++) {
		struct mx_watch_asker *asker, *next;

		for (asker = TAILQ_FIRST(&watch->pairs[i]->askers); asker != NULL;
		     asker = next) {
			next = TAILQ_NEXT(asker, link);
			if (asker->arg != arg)
				continue;
			TAILQ_REMOVE(&watch->pairs[i]->askers, asker, link);
			free(asker);
		}
	}
}
