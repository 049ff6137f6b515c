/* ulid.c - 48 bits of milliseconds, 80 bits of chance. */
#include "probe/base/ulid.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"

#define CHANCE_BYTES 10

static int64_t last_ms = -1;
static uint8_t chance[CHANCE_BYTES];

/* Adds one to the 80 bits; false when they are all used up. */
static bool
count_up(void)
{
	size_t i;

	for (i = CHANCE_BYTES; i-- > 0;)
		if (++chance[i] != 0)
			return true;
	return false;
}

/* A clock that stands still or steps back must not make ids descend: keep the last
 * millisecond and count upwards instead. */
static void
next(void)
{
	int64_t now_ms = mx_clock_wall_us() / 1000;

	if (now_ms <= last_ms && count_up())
		return;
	last_ms = now_ms > last_ms ? now_ms : last_ms + 1;
	arc4random_buf(chance, sizeof chance);
}

/* 16 bytes are 26 digits of five bits, the first of which holds only three. */
const char *
mx_ulid_new(char *out)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t id[16];
	size_t i;

	next();
	for (i = 0; i < 6; i++)
		id[i] = (uint8_t)(last_ms >> (40 - 8 * i));
	memcpy(id + 6, chance, CHANCE_BYTES);
	for (i = 0; i < MX_ULID_TEXT - 1; i++) {
		size_t bit = 5 * i, shift;
		unsigned pair;

		/* Two zero bits stand in front: 130 bits for 128. */
		bit = bit < 2 ? 0 : bit - 2;
		pair = (unsigned)id[bit / 8] << 8 |
		       (bit / 8 + 1 < 16 ? id[bit / 8 + 1] : 0u);
		shift = i == 0 ? 13 : 11 - bit % 8;
		out[i] = digits[pair >> shift & 31];
	}
	out[MX_ULID_TEXT - 1] = '\0';
	return out;
}
