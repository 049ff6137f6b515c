/* play.c - a world of ten providers, and somebody who looks every ten minutes whether all is told. */
#include "tests/sim/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/verdict/rules.h"

#define BEGIN_US (INT64_C(1795305600) * MX_SECOND_US) /* some midnight */
/* What is due may leave a minute later without a word. */
#define LATE_US (2 * MX_MINUTE_US)

struct sim_provider sim_providers[SIM_PROVIDERS] = {
	{ .domain = "comcast.net", .mx = "mx1.comcast.net" },
	{ .domain = "qq.com", .mx = "mx1.qq.com" },
	{ .domain = "naver.com", .mx = "mx1.naver.com" },
	{ .domain = "gmx.net", .mx = "mx1.gmx.net" },
	{ .domain = "t-online.de", .mx = "mx1.t-online.de" },
	/* not in the catalogue: which group it is shows with the first session */
	{ .domain = "d5.example", .mx = "mail.p5.example" },
	{ .domain = "d6.example", .mx = "mail.p6.example" },
	{ .domain = "d7.example", .mx = "mail.p7.example" },
	{ .domain = "d8.example", .mx = "mail.p8.example" },
	{ .domain = "d9.example", .mx = "mail.p9.example" },
};

/* ---- who is blocked ---- */

/* A handful, each at one provider: for good, or for some hours now and then. */
static bool
is_blocked(size_t provider, const struct mx_addr *source)
{
	size_t number = sim_source_number(source);
	int64_t hour = mx_clock_mono_us() / MX_HOUR_US;

	if (number % 50 == 7 && provider == number % SIM_PROVIDERS)
		return true;
	return number % 20 == 3 && provider == (number / 20) % SIM_PROVIDERS &&
	       (hour / 9) % 2 == 0;
}

/* ---- the watch, looked at ---- */

static bool
look_at_pair(void *arg, const struct mx_watch_pair *pair)
{
	struct play *play = arg;
	int64_t now_us = mx_clock_wall_us();
	bool is_due = pair->next_us < now_us - LATE_US && !pair->is_running;

	if (is_due && (!pair->is_late || *pair->why_not == '\0') &&
	    play->silent_late++ == 0)
		snprintf(play->silent, sizeof play->silent,
		    "%s at %s is due since %lld s, and nobody says why", pair->source,
		    pair->group, (long long)((now_us - pair->next_us) / MX_SECOND_US));
	/* Never planned further away than a blocked one with its jitter, or a throttled one's day. */
	if (pair->next_us > now_us + 26 * MX_HOUR_US)
		play->too_far++;
	return true;
}

static void
on_look(void *arg)
{
	struct play *play = arg;
	struct mx_watch_counts counts;

	mx_timer_start(play->look, LOOK_EVERY_US);
	if (play->watch == NULL)
		return;
	mx_watch_pairs(play->watch, look_at_pair, play);
	mx_watch_counts(play->watch, &counts);
	if (counts.late > play->late_most)
		play->late_most = counts.late;
	play->looks++;
	if (mx_clock_mono_us() >= play->end_us)
		mx_loop_stop(play->host.loop);
}

/* ---- events ---- */

static size_t
provider_of(const struct play *play, const char *group)
{
	for (size_t i = 0; i < play->provider_count; i++) {
		const struct mx_provider *provider = mx_catalogue_provider_by_domain(
		    play->catalogue, sim_providers[i].domain);

		if ((provider != NULL && strcmp(provider->id, group) == 0) ||
		    strcmp(strchr(sim_providers[i].mx, '.') + 1, group) == 0)
			return i;
	}
	return SIM_PROVIDERS;
}

/* Clear after a block asks for three accepts at two addresses: the provider must have given them. */
static void
on_event(void *arg, const struct mx_store_event *event)
{
	struct play *play = arg;
	struct mx_addr source;
	size_t provider = provider_of(play, event->group);
	struct sim_pair *pair;

	play->events++;
	if (strcmp(event->new_state, "clear") != 0 || provider == SIM_PROVIDERS ||
	    !mx_addr_parse(event->source, &source))
		return;
	pair = sim_pair_of(sim_source_number(&source), provider);
	if (pair->was_blocked &&
	    (pair->accepts < 3 || __builtin_popcount(pair->hosts) < 2))
		play->false_clears++;
	pair->was_blocked = false;
}

/** What the store says of one pair, event by event. */
struct chain {
	struct play *play;
	char *source, *group, *state;
	size_t events;
};

static bool
follow_chain(void *arg, const struct mx_store_event *event)
{
	struct chain *chain = arg;

	chain->events++;
	if (strcmp(chain->state, event->old_state) != 0 &&
	    chain->play->event_faults++ == 0)
		snprintf(chain->play->event_fault, sizeof chain->play->event_fault,
		    "%s at %s was %s, and its next event begins with %s", chain->source,
		    chain->group, chain->state, event->old_state);
	free(chain->state);
	chain->state = mx_strdup(event->new_state);
	return true;
}

/** Pairs of the store, to be looked at after the query that lists them. */
struct names {
	struct chain *items;
	size_t count;
};

static bool
note_pair(void *arg, const struct mx_store_pair *pair)
{
	struct names *names = arg;

	names->items = mx_grow(names->items, names->count, sizeof *names->items);
	names->items[names->count++] = (struct chain){
		.source = mx_strdup(pair->source),
		.group = mx_strdup(pair->group),
		.state = mx_strdup(pair->state),
	};
	return true;
}

/* Every change of state has its event, from "unknown" to what the pair is now. Returns how many. */
size_t
play_check_events(struct play *play)
{
	struct names names = { 0 };
	struct mx_error err = { 0 };
	size_t total = 0;

	(void)!mx_store_pairs(play->store, NULL, NULL, note_pair, &names, &err);
	for (size_t i = 0; i < names.count; i++) {
		struct chain *one = &names.items[i];
		struct chain chain = { .play = play,
			.source = one->source,
			.group = one->group,
			.state = mx_strdup("unknown") };

		(void)!mx_store_events(
		    play->store, one->source, one->group, -1, follow_chain, &chain, &err);
		if (strcmp(chain.state, one->state) != 0 && play->event_faults++ == 0)
			snprintf(play->event_fault, sizeof play->event_fault,
			    "%s at %s is %s, its last event says %s", one->source,
			    one->group, one->state, chain.state);
		total += chain.events;
		free(chain.state);
		free(one->source);
		free(one->group);
		free(one->state);
	}
	free(names.items);
	if (err.code != MX_OK && play->event_faults++ == 0)
		snprintf(play->event_fault, sizeof play->event_fault, "%s", err.text);
	return total;
}

/* ---- life ---- */

bool
play_open_watch(struct play *play, struct mx_error *err)
{
	struct mx_watch_hooks hooks = { .event = on_event, .arg = play };

	play->store = mx_store_open(play->path, MX_STORE_WRITE, err);
	if (play->store == NULL ||
	    mx_store_attach(play->store, play->host.loop, err) != MX_OK)
		return false;
	sim_loop_use(play->store);
	play->params.store = play->store;
	play->watch = mx_watch_new(&play->params, &hooks, err);
	return play->watch != NULL;
}

static void
on_stopped(void *arg)
{
	struct play *play = arg;

	play->is_stopped = true;
	mx_loop_stop(play->host.loop);
}

void
play_close_watch(struct play *play)
{
	mx_timer_stop(play->look);
	play->is_stopped = false;
	mx_watch_stop(play->watch, on_stopped, play);
	while (!play->is_stopped)
		mx_loop_run(play->host.loop);
	mx_watch_free(play->watch);
	play->watch = NULL;
}

void
play_close_store(struct play *play)
{
	sim_loop_use(NULL);
	mx_store_detach(play->store);
	mx_log_set_level(MX_LOG_ERROR);
	mx_store_close(play->store);
	play->store = NULL;
}

static void
set_params(struct play *play)
{
	play->probe = (struct mx_probe_params){
		.sources = play->sources,
		.source_count = play->source_count,
		.destinations = play->domains,
		.destination_count = play->provider_count,
		.mail_from = "probe@example.jp",
		.port = 25,
		.floors = &mx_ledger_floors_default,
		.tls_mode = MX_TLS_NONE,
	};
	play->params = (struct mx_watch_params){
		.host = play->host,
		.probe = &play->probe,
		.state_rules = &mx_state_rules_default,
		.interval_us = 4 * MX_HOUR_US,
		.blocked_us = 6 * MX_HOUR_US,
		.checks_us = 6 * MX_HOUR_US,
		.keep_results_us = 90 * 24 * MX_HOUR_US,
		.keep_transcripts_us = 7 * 24 * MX_HOUR_US,
	};
}

bool
play_open(struct play *play, size_t sources, size_t providers, struct mx_error *err)
{
	*play = (struct play){ .source_count = sources, .provider_count = providers };
	mx_clock_freeze(BEGIN_US);
	snprintf(play->directory, sizeof play->directory, "/tmp/mx-sim-XXXXXX");
	if (mkdtemp(play->directory) == NULL)
		return false;
	play->path = mx_asprintf("%s/mxprobe.db", play->directory);
	play->catalogue = mx_catalogue_load(NULL, err);
	if (play->catalogue == NULL ||
	    (play->rules = mx_rules_load(play->catalogue, err)) == NULL)
		return false;
	play->host.catalogue = play->catalogue;
	play->host.rules = play->rules;
	play->host.loop = mx_loop_new(err);
	play->host.resolver = mx_resolver_new(play->host.loop, NULL, err);
	play->look = mx_timer_new(play->host.loop, on_look, play);
	play->sources = mx_calloc(sources, sizeof *play->sources);
	for (size_t i = 0; i < sources; i++)
		play->sources[i] = (struct mx_probe_source){ .addr = sim_source(i),
			.helo = "mail.example.jp" };
	for (size_t i = 0; i < SIM_PROVIDERS; i++) {
		play->domains[i] = sim_providers[i].domain;
		sim_providers[i].mood = SIM_NORMAL;
		sim_providers[i].latency_us = 40000 + 30000 * (int64_t)i;
	}
	sim_dns_is_dead = false;
	sim_is_blocked = is_blocked;
	sim_oracle_open(sources);
	set_params(play);
	return play_open_watch(play, err);
}

void
play_close(struct play *play)
{
	static const char *const files[] = { "", "-wal", "-shm" };

	mx_timer_free(play->look);
	mx_timer_free(play->trouble);
	mx_resolver_free(play->host.resolver);
	mx_loop_free(play->host.loop);
	mx_rules_free(play->rules);
	mx_catalogue_free(play->catalogue);
	sim_oracle_close();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *file = mx_asprintf("%s%s", play->path, files[i]);

		(void)unlink(file);
		free(file);
	}
	(void)rmdir(play->directory);
	free(play->sources);
	free(play->path);
}

void
play_run_for(struct play *play, int64_t us)
{
	play->end_us = mx_clock_mono_us() + us;
	mx_timer_start(play->look, LOOK_EVERY_US);
	mx_loop_run(play->host.loop);
}
