/* random.c - splitmix64: small, and the same everywhere. */
#include "tests/sim/sim.h"

static uint64_t state;

void
sim_seed(uint64_t seed)
{
	state = seed;
}

uint64_t
sim_random(uint64_t below)
{
	uint64_t bits = state += UINT64_C(0x9e3779b97f4a7c15);

	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (bits ^ (bits >> 31)) % below;
}
