/*
 * fuzz.h - what a fuzz target shares with its two drivers: libFuzzer and replay.c.
 * In:   one input of arbitrary bytes at a time.   Out: an abort when a property does not hold.
 * Not:  no corpus handling: libFuzzer and replay.c do that.
 */
#ifndef MX_TESTS_FUZZ_H
#define MX_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** The target. Returns 0; whatever it allocates it frees, as leaks count as findings. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A property that must hold for every input. Not assert(): NDEBUG must not switch it off. */
#define FUZZ_REQUIRE(claim)                                                     \
	do {                                                                    \
		if (!(claim)) {                                                 \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, \
			    __LINE__, #claim);                                  \
			abort();                                                \
		}                                                               \
	} while (0)

#endif
