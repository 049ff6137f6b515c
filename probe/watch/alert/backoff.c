/* backoff.c - see backoff.h. */
#include "probe/watch/alert/backoff.h"

int64_t
mx_backoff_us(int64_t failed, int64_t asked_us, uint64_t chance)
{
	int64_t wait_us = MX_BACKOFF_FIRST_US;

	for (int64_t i = 1; i < failed && wait_us < MX_BACKOFF_MOST_US; i++)
		wait_us *= 2;
	if (wait_us > MX_BACKOFF_MOST_US)
		wait_us = MX_BACKOFF_MOST_US;
	/* 0 to 1000 of 2000 quarters, around the middle */
	wait_us += wait_us / 2000 * ((int64_t)(chance % 1001) - 500);
	return wait_us > asked_us ? wait_us : asked_us;
}
