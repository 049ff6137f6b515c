/* breaker.c - three slots of memory and two spans. */
#include "probe/watch/breaker.h"

#include "probe/base/clock.h"

#define WITHIN_US (10 * MX_MINUTE_US)
#define REST_US (30 * MX_MINUTE_US)
#define REST_MOST_US (6 * MX_HOUR_US)

enum mx_breaker_leave
mx_breaker_ask(const struct mx_breaker *breaker, int64_t now_us)
{
	if (breaker->open_until_us == 0)
		return MX_BREAKER_GO;
	if (now_us < breaker->open_until_us || breaker->has_canary)
		return MX_BREAKER_REST;
	return MX_BREAKER_CANARY;
}

void
mx_breaker_send(struct mx_breaker *breaker)
{
	breaker->has_canary = true;
}

static void
rest(struct mx_breaker *breaker, int64_t rest_us, int64_t now_us)
{
	breaker->rest_us = rest_us < REST_MOST_US ? rest_us : REST_MOST_US;
	breaker->open_until_us = now_us + breaker->rest_us;
}

static void
close_it(struct mx_breaker *breaker)
{
	*breaker = (struct mx_breaker){ .has_canary = false };
}

/* In place of the source's own older one, else of the oldest. */
static void
remember(struct mx_breaker *breaker, uint64_t source, int64_t now_us)
{
	unsigned slot = 0;

	for (unsigned i = 0; i < MX_BREAKER_SOURCES; i++) {
		if (breaker->throttled[i].source == source) {
			slot = i;
			break;
		}
		if (breaker->throttled[i].time_us < breaker->throttled[slot].time_us)
			slot = i;
	}
	breaker->throttled[slot].source = source;
	breaker->throttled[slot].time_us = now_us;
}

static bool
are_too_many(const struct mx_breaker *breaker, int64_t now_us)
{
	for (unsigned i = 0; i < MX_BREAKER_SOURCES; i++)
		if (breaker->throttled[i].source == 0 ||
		    now_us - breaker->throttled[i].time_us > WITHIN_US)
			return false;
	return true;
}

static bool
note_canary(struct mx_breaker *breaker, bool has_told, bool is_throttled, int64_t now_us)
{
	breaker->has_canary = false;
	if (!has_told)
		return false; /* the next one is the canary */
	if (is_throttled)
		rest(breaker, 2 * breaker->rest_us, now_us);
	else
		close_it(breaker);
	return is_throttled;
}

bool
mx_breaker_note(struct mx_breaker *breaker, uint64_t source, bool is_canary,
    bool has_told, bool is_throttled, int64_t now_us)
{
	if (is_canary)
		return note_canary(breaker, has_told, is_throttled, now_us);
	if (!is_throttled)
		return false;
	remember(breaker, source, now_us);
	if (breaker->open_until_us != 0 || !are_too_many(breaker, now_us))
		return false;
	rest(breaker, REST_US, now_us);
	return true;
}
