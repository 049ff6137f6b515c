/*
 * watch.c - the watch over days, in seconds: the schedule of a day, and days of faults. Speaks TAP.
 * In:   "day SOURCES" or "faults SEED...".
 * Out:  what the providers saw was polite, every pair in time or told late, no state false, no event lost.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/verdict/rules.h"
#include "probe/watch/watch.h"
#include "tests/sim/sim.h"

#define MINUTE_US (60 * MX_SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define BEGIN_US (INT64_C(1795305600) * MX_SECOND_US) /* some midnight */
/* Never at a moment at which trouble is made: what is planned anew then is so within half a minute. */
#define LOOK_EVERY_US (9 * MINUTE_US + 37 * MX_SECOND_US)
/* What is due may leave a minute later without a word. */
#define LATE_US (2 * MINUTE_US)

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

/** One play. */
struct play {
	char directory[64], *path;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
	struct mx_probe_host host;
	struct mx_store *store;
	struct mx_watch *watch;
	struct mx_probe_source *sources;
	size_t source_count, provider_count;
	const char *domains[SIM_PROVIDERS];
	struct mx_probe_params probe;
	struct mx_watch_params params;
	struct mx_timer *look, *trouble;
	int64_t end_us; /* monotonic */
	bool is_stopped;
	/* what was seen */
	size_t looks, late_most, silent_late, too_far;
	char silent[256];
	size_t events, event_faults, false_clears;
	char event_fault[1024];
	size_t troubles;
};

static int planned, failed;

static void
tap(bool is_ok, const char *claim, const char *why)
{
	planned++;
	failed += !is_ok;
	printf("%sok %d - %s\n", is_ok ? "" : "not ", planned, claim);
	if (!is_ok && why != NULL && *why != '\0')
		printf("# %s\n", why);
}

static double
cpu_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* ---- who is blocked ---- */

/* A handful, each at one provider: for good, or for some hours now and then. */
static bool
is_blocked(size_t provider, const struct mx_addr *source)
{
	size_t number = sim_source_number(source);
	int64_t hour = mx_clock_mono_us() / HOUR_US;

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
	if (pair->next_us > now_us + 26 * HOUR_US)
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
static size_t
check_events(struct play *play)
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

static bool
open_watch(struct play *play, struct mx_error *err)
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

static void
close_watch(struct play *play)
{
	mx_timer_stop(play->look);
	play->is_stopped = false;
	mx_watch_stop(play->watch, on_stopped, play);
	while (!play->is_stopped)
		mx_loop_run(play->host.loop);
	mx_watch_free(play->watch);
	play->watch = NULL;
}

static void
close_store(struct play *play)
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
		.catalogue = play->catalogue,
		.rules = play->rules,
		.probe = &play->probe,
		.state_rules = &mx_state_rules_default,
		.interval_us = 4 * HOUR_US,
		.blocked_us = 6 * HOUR_US,
		.checks_us = 6 * HOUR_US,
		.keep_results_us = 90 * 24 * HOUR_US,
		.keep_transcripts_us = 7 * 24 * HOUR_US,
	};
}

static bool
open_play(struct play *play, size_t sources, size_t providers, struct mx_error *err)
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
	return open_watch(play, err);
}

static void
close_play(struct play *play)
{
	char *command = mx_asprintf("rm -rf %s", play->directory);

	mx_timer_free(play->look);
	mx_timer_free(play->trouble);
	mx_resolver_free(play->host.resolver);
	mx_loop_free(play->host.loop);
	mx_rules_free(play->rules);
	mx_catalogue_free(play->catalogue);
	sim_oracle_close();
	(void)!system(command);
	free(command);
	free(play->sources);
	free(play->path);
}

static void
run_for(struct play *play, int64_t us)
{
	play->end_us = mx_clock_mono_us() + us;
	mx_timer_start(play->look, LOOK_EVERY_US);
	mx_loop_run(play->host.loop);
}

/* ---- a day ---- */

static void
print_providers(void)
{
	for (size_t i = 0; i < SIM_PROVIDERS; i++)
		printf("# %-12s at most %zu sessions in a minute, %zu at once\n",
		    sim_providers[i].domain, sim_oracle.provider_most_a_minute[i],
		    sim_oracle.most_at_once[i]);
	printf("# all together at most %zu sessions in a minute\n",
	    sim_oracle.most_a_minute);
}

/* The first round is spread over hours where there are many sources: that is the pace, and it is told. */
static void
check_pairs(const struct play *play, char *why, size_t size, size_t *longest_min)
{
	int64_t first_us = (int64_t)play->source_count * 10 * MX_SECOND_US + 2 * HOUR_US;
	int64_t most_us = (8 * HOUR_US) + first_us;

	*why = '\0';
	*longest_min = 0;
	for (size_t i = 0; i < play->source_count * play->provider_count; i++) {
		const struct sim_pair *pair =
		    sim_pair_of(i / play->provider_count, i % play->provider_count);

		if ((size_t)(pair->longest_us / MINUTE_US) > *longest_min)
			*longest_min = (size_t)(pair->longest_us / MINUTE_US);
		if (pair->sessions < 3 || pair->longest_us > most_us)
			snprintf(why, size,
			    "source %zu at provider %zu: %zu sessions, once %lld min apart",
			    i / play->provider_count, i % play->provider_count,
			    pair->sessions, (long long)(pair->longest_us / MINUTE_US));
	}
}

static int
play_day(size_t sources)
{
	struct play play;
	struct mx_error err = { 0 };
	char why[256], figures[128];
	size_t longest_min, stored, told;
	double begun_s = cpu_s();

	if (!open_play(&play, sources, SIM_PROVIDERS, &err)) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	run_for(&play, 24 * HOUR_US);
	told = play.events;
	close_watch(&play);
	stored = check_events(&play);
	print_providers();
	check_pairs(&play, why, sizeof why, &longest_min);
	printf(
	    "# %zu sessions, %zu with QUIT; at most %zu pairs late at one moment; longest "
	    "time between two sessions of a pair %zu min; %.1f s of CPU\n",
	    sim_oracle.sessions, sim_oracle.quits, play.late_most, longest_min,
	    cpu_s() - begun_s);
	tap(sim_oracle.faults == 0,
	    "no pair, network or provider was asked sooner than allowed",
	    sim_oracle.fault);
	tap(*why == '\0', "every pair was asked again and again", why);
	tap(play.silent_late == 0, "who was late was told to be, with the reason",
	    play.silent);
	tap(sim_oracle.quits == sim_oracle.sessions, "every session ended with QUIT",
	    NULL);
	tap(play.false_clears == 0, "nothing was called clear too early", NULL);
	snprintf(figures, sizeof figures, "%zu told, %zu in the store", told, stored);
	tap(stored == play.events && play.event_faults == 0,
	    "every event is in the store, and was told",
	    play.event_faults > 0 ? play.event_fault : figures);
	close_store(&play);
	close_play(&play);
	return 0;
}

/* ---- faults ---- */

static void
set_disk_full(bool is_full)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = is_full ? 1 : limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* Other sources and destinations than before: the params stay where they are, as a reload borrows them. */
static void
reload(struct play *play, size_t sources, size_t providers)
{
	struct mx_error err = { 0 };

	play->probe.source_count = 1 + sim_random(sources);
	play->probe.destination_count = 1 + sim_random(providers);
	(void)!mx_watch_reload(play->watch, &play->params, &err);
}

static void
restart(struct play *play)
{
	struct mx_error err = { 0 };
	int64_t end_us = play->end_us;

	close_watch(play);
	close_store(play);
	play->end_us = end_us;
	if (!open_watch(play, &err))
		printf("# restart: %s\n", err.text);
	mx_timer_start(play->look, LOOK_EVERY_US);
}

static void
set_clock(void)
{
	int64_t by_us = ((int64_t)sim_random(12 * 60) - 6 * 60) * MINUTE_US;

	mx_clock_set_wall(mx_clock_wall_us() + by_us);
}

static void
make_trouble(struct play *play)
{
	struct sim_provider *provider = &sim_providers[sim_random(play->provider_count)];

	switch (sim_random(9)) {
	case 0:
		sim_dns_is_dead = !sim_dns_is_dead;
		break;
	case 1:
		provider->mood = SIM_RESETS;
		break;
	case 2:
		provider->mood = SIM_SILENT;
		break;
	case 3:
		provider->mood = SIM_THROTTLES;
		break;
	case 4:
		set_disk_full(true);
		break;
	case 5:
		set_clock();
		break;
	case 6:
		reload(play, play->source_count, play->provider_count);
		break;
	default:
		set_disk_full(false);
		sim_dns_is_dead = false;
		provider->mood = SIM_NORMAL;
		break;
	}
}

static void
on_trouble(void *arg)
{
	struct play *play = arg;

	if (play->watch == NULL)
		return;
	play->troubles++;
	make_trouble(play);
	mx_timer_start(play->trouble, (int64_t)(1 + sim_random(40)) * MINUTE_US);
}

static void
play_faults(uint64_t seed)
{
	struct play play;
	struct mx_error err = { 0 };
	char claim[128];

	sim_seed(seed);
	if (!open_play(&play, 60, 5, &err)) {
		tap(false, "a play begins", err.text);
		return;
	}
	play.trouble = mx_timer_new(play.host.loop, on_trouble, &play);
	mx_timer_start(play.trouble, MINUTE_US);
	/* Eight times three hours, with a restart in between; whatever the disk is like then. */
	for (unsigned i = 0; i < 8; i++) {
		run_for(&play, 3 * HOUR_US);
		set_disk_full(false);
		if (i < 7)
			restart(&play);
	}
	close_watch(&play);
	(void)check_events(&play);
	printf(
	    "# seed %llu: %zu sessions, %zu troubles, %zu events, at most %zu pairs late\n",
	    (unsigned long long)seed, sim_oracle.sessions, play.troubles, play.events,
	    play.late_most);
	snprintf(claim, sizeof claim, "seed %llu: polite in all trouble",
	    (unsigned long long)seed);
	tap(sim_oracle.faults == 0 && sim_oracle.sessions > 200, claim, sim_oracle.fault);
	snprintf(claim, sizeof claim, "seed %llu: nothing was called clear too early",
	    (unsigned long long)seed);
	tap(play.false_clears == 0, claim, NULL);
	snprintf(claim, sizeof claim, "seed %llu: the events tell every state",
	    (unsigned long long)seed);
	tap(play.event_faults == 0, claim, play.event_fault);
	snprintf(claim, sizeof claim, "seed %llu: who was late was told to be",
	    (unsigned long long)seed);
	tap(play.silent_late == 0 && play.too_far == 0, claim, play.silent);
	close_store(&play);
	close_play(&play);
}

int
main(int argc, char **argv)
{
	int status = 0;

	mx_log_set_level(MX_LOG_ERROR);
	(void)signal(SIGXFSZ, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && strcmp(argv[1], "day") == 0) {
		status = play_day(strtoul(argv[2], NULL, 10));
	} else if (argc >= 3 && strcmp(argv[1], "faults") == 0) {
		for (int i = 2; i < argc; i++)
			play_faults(strtoull(argv[i], NULL, 10));
	} else {
		fprintf(stderr, "usage: watch-sim day SOURCES | faults SEED...\n");
		return 64;
	}
	printf("1..%d\n", planned);
	return status != 0 || failed > 0;
}
