/*
 * sim.h - a world in which days pass in seconds: the event loop, the name servers and the sockets of mxprobe
 *         are played, everything above them is the real thing.
 * In:   linked in place of net/loop, net/wake, net/stream and dns/resolver; a frozen clock.
 * Out:  the same calls, by virtual time; an oracle that counts what the servers saw.
 * Not:  no network, no sleeping, no thread but the store's writer.
 */
#ifndef MX_TESTS_SIM_H
#define MX_TESTS_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/net/loop.h"
#include "probe/store/store.h"

/** The loop lets its writer finish before time goes on; NULL: there is none. */
void sim_loop_use(struct mx_store *store);

/** Random numbers of this run, the same for the same seed. */
void sim_seed(uint64_t seed);
uint64_t sim_random(uint64_t below);

/* ---- providers ---- */

#define SIM_PROVIDERS 10
#define SIM_HOSTS 4 /* addresses of each */

/** How a provider treats those who come. */
enum sim_mood {
	SIM_NORMAL,
	SIM_RESETS, /* connections are reset */
	SIM_SILENT, /* no greeting ever comes */
	SIM_THROTTLES
};

/** One provider; domains[] lead to it. */
struct sim_provider {
	const char *domain; /* what is probed */
	const char *mx;     /* name of its mail exchanger */
	enum sim_mood mood;
	int64_t latency_us; /* of each reply */
};
extern struct sim_provider sim_providers[SIM_PROVIDERS];

extern bool sim_dns_is_dead;

/** Does the provider block that source now? By its number and the mono clock: the truth. */
extern bool (*sim_is_blocked)(size_t provider, const struct mx_addr *source);

/* ---- the oracle ---- */

/** What a pair has been through, as the provider saw it. Monotonic times; 0: never. */
struct sim_pair {
	int64_t last_us,
	    longest_us;  /* start of the last session; longest time between two */
	int64_t hold_us; /* after the last one: no session for so long */
	size_t sessions, accepts; /* accepts: since the last block */
	int64_t first_accept_us;  /* of those; wall clock */
	unsigned hosts;           /* of those, one bit each */
	bool was_blocked;         /* ever since it was called clear */
};

struct sim_oracle {
	size_t sessions, quits, refused, without_quit;
	size_t most_a_minute; /* of all */
	size_t provider_most_a_minute[SIM_PROVIDERS];
	size_t at_once[SIM_PROVIDERS], most_at_once[SIM_PROVIDERS];
	char fault[256]; /* the first impoliteness; "" */
	size_t faults;
};
extern struct sim_oracle sim_oracle;
/** sources: how many there are at most; a source's number is in its address (sim_source). */
void sim_oracle_open(size_t sources);
void sim_oracle_close(void);
struct sim_pair *sim_pair_of(size_t source, size_t provider);
/** 198.18.n.1 to 198.18.n.250. */
struct mx_addr sim_source(size_t number);
size_t sim_source_number(const struct mx_addr *addr);

#endif
