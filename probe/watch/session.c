/* session.c - one pair's turn: the step of its case is taken, the run made, every row written, and then
 * the pair, as the store has it by then, is planned anew. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/cases.h"
#include "probe/watch/follow.h"
#include "probe/watch/inside.h"

/* No session came about: again after so long, and twice as long each time. */
#define AGAIN_US (30 * MX_MINUTE_US)
#define AGAIN_MOST 5 /* doublings */
/* A suppressed run whose time nobody knows. */
#define SOON_US MX_MINUTE_US

struct mx_watch_run {
	LIST_ENTRY(mx_watch_run) link;
	struct mx_watch *watch;
	struct mx_watch_config *config;
	struct mx_watch_pair_row *pair; /* NULL: not watched any more */
	struct mx_probe_params params;
	struct mx_probe_hooks hooks;
	struct mx_probe_source source;
	char *group, *domain;
	const char *destination[1]; /* domain */
	struct mx_run *run;         /* NULL: not begun, or over */
	int64_t case_id;
	int step; /* -1: none */
	bool is_canary, is_exempt, is_over;
	size_t writes; /* rows on their way to the store */
	/* what it came to */
	bool has_session, is_throttled, is_refused;
	int64_t put_off_us; /* wall clock: the ledger said so */
	char result[MX_ULID_TEXT];
	enum mx_verdict verdict;
	char *failure;                      /* why there was no session */
	char *learned;                      /* the group that the destination is in */
	const struct mx_provider *provider; /* of that */
};

/** A row on its way to the store. */
struct writing {
	struct mx_watch_run *run;
	char source[MX_ADDR_TEXT], result[MX_ULID_TEXT];
	char *group;
	int64_t time_us;
};

static void settle(struct mx_watch_run *run);

static void
keep_failure(struct mx_watch_run *run, const char *text)
{
	free(run->failure);
	run->failure = mx_strdup(text);
}

/* ---- rows ---- */

static void
tell_stored(const struct writing *writing)
{
	struct mx_watch *watch = writing->run->watch;

	if (watch->hooks.stored != NULL)
		watch->hooks.stored(
		    watch->hooks.arg, writing->source, writing->group, writing->result);
	mx_watch_tell_events(
	    watch, writing->source, writing->group, writing->time_us, writing->result);
}

static void
on_written(void *arg, const struct mx_error *err)
{
	struct writing *writing = arg;
	struct mx_watch_run *run = writing->run;

	mx_watch_note_write(run->watch, err);
	if (err == NULL)
		tell_stored(writing);
	free(writing->group);
	free(writing);
	run->writes--;
	settle(run);
}

static void
write_row(struct mx_watch_run *run, const struct mx_result *row)
{
	struct writing *writing = mx_calloc(1, sizeof *writing);

	writing->run = run;
	writing->group = mx_strdup(row->group);
	writing->time_us = row->time_us;
	(void)mx_addr_text(&row->source, writing->source);
	memcpy(writing->result, row->id, sizeof writing->result);
	run->writes++;
	mx_follow_result(
	    run->watch->store, run->config->params.state_rules, row, on_written, writing);
}

static void
learn(struct mx_watch_run *run, const struct mx_result *row)
{
	if (row->group == NULL || strcmp(row->group, run->group) == 0 ||
	    row->route != MX_ROUTE_MX)
		return;
	free(run->learned);
	run->learned = mx_strdup(row->group);
	run->provider = row->provider;
}

static void
note_suppressed(struct mx_watch_run *run, const struct mx_result *row)
{
	long retry_s = row->judgement.finding.retry_after_s;

	run->is_refused = true;
	run->put_off_us =
	    mx_watch_now() + (retry_s > 0 ? retry_s * MX_SECOND_US : SOON_US);
	if (run->pair != NULL)
		mx_watch_count_suppressed(
		    run->watch, run->pair->group, MX_WATCH_MIN_INTERVAL);
}

static void
note_row(struct mx_watch_run *run, const struct mx_result *row)
{
	run->verdict = row->judgement.verdict;
	run->has_session = run->has_session || row->transcript != NULL;
	run->is_throttled = run->is_throttled || run->verdict == MX_V_THROTTLED;
	if (run->verdict == MX_V_SUPPRESSED) {
		note_suppressed(run, row);
	} else {
		memcpy(run->result, row->id, sizeof run->result);
		if (run->pair != NULL)
			mx_watch_count_session(
			    run->watch, run->pair->group, run->verdict);
	}
	if (row->transcript == NULL && row->judgement.has_finding)
		keep_failure(run, row->judgement.finding.text);
}

static void
on_result(void *arg, const struct mx_result *row)
{
	struct mx_watch_run *run = arg;
	const struct mx_watch_hooks *hooks = &run->watch->hooks;

	learn(run, row);
	note_row(run, row);
	if (hooks->result != NULL)
		hooks->result(hooks->arg, row);
	if (run->verdict != MX_V_SUPPRESSED)
		write_row(run, row);
}

/* The same remark about a HELO at every session would drown the others. */
static void
on_warning(void *arg, const char *text)
{
	struct mx_watch_run *run = arg;
	struct mx_watch_source *source = run->pair != NULL ? run->pair->source : NULL;

	if (source == NULL ||
	    (source->warned != NULL && strcmp(source->warned, text) == 0))
		return;
	free(source->warned);
	source->warned = mx_strdup(text);
	mx_watch_warn(run->watch, "%s", text);
}

/* ---- the end ---- */

static void
on_given_back(void *arg, bool is_ours, const struct mx_error *err)
{
	struct mx_watch *watch = arg;

	(void)is_ours;
	watch->writes--;
	mx_watch_note_write(watch, err);
	mx_watch_settle(watch);
}

/* Nobody was asked, so the step is still to do. */
static void
give_step_back(struct mx_watch_run *run)
{
	run->watch->writes++;
	mx_store_take_step(run->watch->store, run->case_id, run->step + 1, run->step,
	    on_given_back, run->watch);
	if (run->pair != NULL && run->pair->case_id == run->case_id)
		run->pair->steps = (unsigned)run->step;
}

static void
note_pace(struct mx_watch_run *run, int64_t now_us)
{
	struct mx_watch *watch = run->watch;
	struct mx_watch_group *group = run->pair != NULL ? run->pair->group : NULL;
	struct mx_pace_key key = {
		.source = &run->source.addr, .group = run->group, .exempt = run->is_exempt
	};

	mx_pace_end(watch->pace, &key);
	if (group == NULL)
		return;
	if (mx_breaker_note(&group->breaker, run->pair->key | 1, run->is_canary,
		run->has_session, run->is_throttled, now_us))
		mx_watch_warn(watch,
		    "%s throttles several sources: it is left alone for %lld min",
		    mx_watch_group_title(group),
		    (long long)(group->breaker.rest_us / MX_MINUTE_US));
	group->retry_us = 0;
}

static void
hold_pair(struct mx_watch_run *run, int64_t now_us)
{
	struct mx_watch_pair_row *pair = run->pair;
	unsigned doublings = pair->failures < AGAIN_MOST ? pair->failures : AGAIN_MOST;

	pair->hold = MX_HOLD_NONE;
	pair->hold_until_us = 0;
	if (run->has_session) {
		pair->failures = 0;
		pair->turn++;
	} else if (run->is_refused) {
		pair->hold = MX_HOLD_PAIR;
		pair->hold_until_us = run->put_off_us;
	} else {
		pair->failures++;
		pair->hold = MX_HOLD_FAILED;
		pair->hold_until_us =
		    now_us + (AGAIN_US << doublings) + mx_watch_spread(pair, AGAIN_US);
		free(pair->failure);
		pair->failure =
		    mx_strdup(run->failure != NULL ? run->failure : "nothing came of it");
	}
}

/* What the session came to decides how long the ledger holds the pair, and that is known by now. */
static void
ask_hold(struct mx_watch *watch, struct mx_watch_pair_row *pair)
{
	static const enum mx_watch_hold holds[MX_LEDGER_NETWORK + 1] = {
		[MX_LEDGER_BLOCKED] = MX_HOLD_BLOCKED,
		[MX_LEDGER_THROTTLED] = MX_HOLD_THROTTLE,
	};
	struct mx_error err = { 0 };
	struct mx_ledger_answer answer = mx_watch_look(watch, pair, &err);

	if (err.code != MX_OK)
		mx_watch_note_write(watch, &err);
	else if (holds[answer.why] != MX_HOLD_NONE && pair->hold == MX_HOLD_NONE) {
		pair->hold = holds[answer.why];
		pair->hold_until_us = answer.until_us;
	}
}

static void
tell_askers(struct mx_watch_run *run)
{
	struct mx_watch_found found = {
		.result = *run->result != '\0' ? run->result : NULL,
		.verdict = run->verdict,
	};
	struct mx_watch_asker *asker;

	if (found.result == NULL)
		found.why = run->failure != NULL ? run->failure : "nothing came of it";
	while ((asker = TAILQ_FIRST(&run->pair->askers)) != NULL) {
		TAILQ_REMOVE(&run->pair->askers, asker, link);
		asker->done(asker->arg, &found);
		free(asker);
	}
}

static void
free_run(struct mx_watch_run *run)
{
	LIST_REMOVE(run, link);
	run->watch->running--;
	mx_watch_config_drop(run->config);
	free(run->group);
	free(run->domain);
	free(run->failure);
	free(run->learned);
	free(run);
}

static void
release_pair(struct mx_watch_run *run, int64_t now_us)
{
	struct mx_watch *watch = run->watch;
	struct mx_watch_pair_row *pair = run->pair;

	hold_pair(run, now_us);
	tell_askers(run);
	pair->run = NULL;
	mx_watch_roster_load(watch, pair);
	if (run->has_session)
		ask_hold(watch, pair);
	mx_watch_plan(watch, pair);
	if (watch->hooks.schedule != NULL)
		watch->hooks.schedule(
		    watch->hooks.arg, pair->source->text, pair->group->name);
}

/* The run is over, and the store has answered for every row. */
static void
settle(struct mx_watch_run *run)
{
	struct mx_watch *watch = run->watch;
	int64_t now_us = mx_watch_now();

	if (!run->is_over || run->writes > 0)
		return;
	note_pace(run, now_us);
	if (run->step >= 0 && !run->has_session)
		give_step_back(run);
	if (run->pair != NULL)
		release_pair(run, now_us);
	if (run->learned != NULL && !watch->is_stopping)
		mx_watch_roster_learn(watch, run->domain, run->learned, run->provider);
	free_run(run);
	mx_watch_kick(watch);
	mx_watch_settle(watch);
}

static void
on_over(void *arg, const struct mx_error *err)
{
	struct mx_watch_run *run = arg;

	run->run = NULL;
	run->is_over = true;
	if (err != NULL) {
		keep_failure(run, err->text);
		if (!run->watch->is_stopping)
			on_warning(run, err->text);
	}
	settle(run);
}

/* ---- the beginning ---- */

static void
end_unbegun(struct mx_watch_run *run, const char *why)
{
	keep_failure(run, why);
	run->is_over = true;
	settle(run);
}

static void
begin(struct mx_watch_run *run)
{
	const struct mx_watch_params *params = &run->config->params;
	struct mx_error err = { 0 };

	if (run->watch->is_stopping) {
		end_unbegun(run, "the watch is stopping");
		return;
	}
	run->run =
	    mx_probe_start(&params->host, &run->params, &run->hooks, on_over, run, &err);
	if (run->run == NULL) {
		on_warning(run, err.text);
		end_unbegun(run, err.text);
	}
}

static void
on_step_taken(void *arg, bool is_ours, const struct mx_error *err)
{
	struct mx_watch_run *run = arg;

	run->writes--;
	mx_watch_note_write(run->watch, err);
	if (is_ours && err == NULL) {
		if (run->pair != NULL)
			run->pair->steps = (unsigned)run->step + 1;
		begin(run);
		return;
	}
	run->step = -1; /* it is not ours to give back */
	run->is_refused = err == NULL;
	run->put_off_us = mx_watch_now() + SOON_US;
	end_unbegun(run,
	    err != NULL ? err->text : "another process has taken this step of the case");
}

/* It is written down before its session: who is killed in between loses it, and nobody is asked twice. */
static void
take_step(struct mx_watch_run *run)
{
	run->case_id = run->pair->case_id;
	run->step = run->pair->step;
	run->writes++;
	mx_store_take_step(run->watch->store, run->case_id, run->pair->steps,
	    run->step + 1, on_step_taken, run);
}

static void
fill_params(struct mx_watch_run *run)
{
	const struct mx_watch_params *params = &run->config->params;

	run->params = *params->probe;
	run->params.sources = &run->source;
	run->params.source_count = 1;
	run->params.destinations = run->destination;
	run->params.destination_count = 1;
	run->params.dnsbl_zones = NULL;
	run->params.dnsbl_zone_count = 0;
	run->params.store = params->store;
	run->params.waits = run->params.is_dry = false;
	run->params.is_step = run->pair->step >= 0;
	run->hooks = (struct mx_probe_hooks){
		.result = on_result, .warning = on_warning, .arg = run
	};
}

void
mx_watch_run_start(struct mx_watch *watch, struct mx_watch_pair_row *pair, bool is_canary)
{
	struct mx_watch_run *run = mx_calloc(1, sizeof *run);
	struct mx_pace_key key = { .source = &run->source.addr };

	run->watch = watch;
	run->config = mx_watch_config_use(watch->config);
	run->pair = pair;
	run->source = pair->source->probe;
	run->group = mx_strdup(pair->group->name);
	run->domain = mx_strdup(mx_watch_roster_destination(watch, pair));
	run->destination[0] = run->domain;
	run->step = -1;
	run->verdict = MX_V_SUPPRESSED;
	run->is_canary = is_canary;
	run->is_exempt = pair->group->is_own || mx_addr_is_loopback(&run->source.addr);
	fill_params(run);
	LIST_INSERT_HEAD(&watch->runs, run, link);
	watch->running++;
	pair->run = run;
	if (is_canary)
		mx_breaker_send(&pair->group->breaker);
	key.group = run->group;
	key.exempt = run->is_exempt;
	mx_pace_begin(watch->pace, &key, mx_clock_mono_us());
	if (watch->hooks.schedule != NULL)
		watch->hooks.schedule(
		    watch->hooks.arg, pair->source->text, pair->group->name);
	if (pair->step >= 0)
		take_step(run);
	else
		begin(run);
}

void
mx_watch_runs_stop(struct mx_watch *watch)
{
	struct mx_watch_run *run;

	LIST_FOREACH(run, &watch->runs, link)
	if (run->run != NULL)
		mx_probe_stop(run->run);
}

void
mx_watch_run_orphan(struct mx_watch_pair_row *pair)
{
	if (pair->run == NULL)
		return;
	if (pair->run->is_canary)
		pair->group->breaker.has_canary = false; /* the next one is */
	pair->run->pair = NULL;
	pair->run = NULL;
}
