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

#include "probe/base/log.h"
#include "tests/sim/play.h"

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
	int64_t first_us =
	    (int64_t)play->source_count * 10 * MX_SECOND_US + 2 * MX_HOUR_US;
	int64_t most_us = (8 * MX_HOUR_US) + first_us;

	*why = '\0';
	*longest_min = 0;
	for (size_t i = 0; i < play->source_count * play->provider_count; i++) {
		const struct sim_pair *pair =
		    sim_pair_of(i / play->provider_count, i % play->provider_count);

		if ((size_t)(pair->longest_us / MX_MINUTE_US) > *longest_min)
			*longest_min = (size_t)(pair->longest_us / MX_MINUTE_US);
		if (pair->sessions < 3 || pair->longest_us > most_us)
			snprintf(why, size,
			    "source %zu at provider %zu: %zu sessions, once %lld min apart",
			    i / play->provider_count, i % play->provider_count,
			    pair->sessions, (long long)(pair->longest_us / MX_MINUTE_US));
	}
}

static int
show_day(size_t sources)
{
	struct play play;
	struct mx_error err = { 0 };
	char why[256], figures[128];
	size_t longest_min, stored, told;
	double begun_s = cpu_s();

	if (!play_open(&play, sources, SIM_PROVIDERS, &err)) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	play_run_for(&play, 24 * MX_HOUR_US);
	told = play.events;
	play_close_watch(&play);
	stored = play_check_events(&play);
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
	play_close_store(&play);
	play_close(&play);
	return 0;
}

/* ---- would it be seen? ---- */

/* Floors that nobody could configure: the oracle has to object, or what it says elsewhere is worth nothing. */
static void
show_rude(void)
{
	struct mx_ledger_floors floors = mx_ledger_floors_default;
	struct play play;
	struct mx_error err = { 0 };

	floors.pair_us = floors.blocked_us = floors.throttled_us = MX_MINUTE_US;
	if (!play_open(&play, 8, 3, &err)) {
		tap(false, "a play begins", err.text);
		return;
	}
	play.probe.floors = &floors;
	play.params.interval_us = play.params.blocked_us = 10 * MX_MINUTE_US;
	(void)!mx_watch_reload(play.watch, &play.params, &err);
	play_run_for(&play, 4 * MX_HOUR_US);
	play_close_watch(&play);
	tap(sim_oracle.faults > 0, "a watch that asks too often is seen", NULL);
	play_close_store(&play);
	play_close(&play);
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

	play_close_watch(play);
	play_close_store(play);
	play->end_us = end_us;
	if (!play_open_watch(play, &err))
		printf("# restart: %s\n", err.text);
	mx_timer_start(play->look, LOOK_EVERY_US);
}

static void
set_clock(void)
{
	int64_t by_us = ((int64_t)sim_random(12 * 60) - 6 * 60) * MX_MINUTE_US;

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
	mx_timer_start(play->trouble, (int64_t)(1 + sim_random(40)) * MX_MINUTE_US);
}

static void
show_faults(uint64_t seed)
{
	struct play play;
	struct mx_error err = { 0 };
	char claim[128];

	sim_seed(seed);
	if (!play_open(&play, 60, 5, &err)) {
		tap(false, "a play begins", err.text);
		return;
	}
	play.trouble = mx_timer_new(play.host.loop, on_trouble, &play);
	mx_timer_start(play.trouble, MX_MINUTE_US);
	/* Eight times three hours, with a restart in between; whatever the disk is like then. */
	for (unsigned i = 0; i < 8; i++) {
		play_run_for(&play, 3 * MX_HOUR_US);
		set_disk_full(false);
		if (i < 7)
			restart(&play);
	}
	play_close_watch(&play);
	(void)play_check_events(&play);
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
	play_close_store(&play);
	play_close(&play);
}

int
main(int argc, char **argv)
{
	int status = 0;

	mx_log_set_level(MX_LOG_ERROR);
	(void)signal(SIGXFSZ, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && strcmp(argv[1], "day") == 0) {
		status = show_day(strtoul(argv[2], NULL, 10));
		show_rude();
	} else if (argc >= 3 && strcmp(argv[1], "faults") == 0) {
		for (int i = 2; i < argc; i++)
			show_faults(strtoull(argv[i], NULL, 10));
	} else {
		fprintf(stderr, "usage: watch-sim day SOURCES | faults SEED...\n");
		return 64;
	}
	printf("1..%d\n", planned);
	return status != 0 || failed > 0;
}
