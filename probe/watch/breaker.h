/*
 * breaker.h - a provider that throttles several of our addresses is left alone for a while.
 * In:   throttles and sessions that were none, of one provider group, as they come.
 * Out:  until when nobody may go there; then one may, to see.
 * Not:  no clock, no schedule: times are told.
 *
 * Three sources throttled within ten minutes are no matter of one address: going on would make it
 * worse for all of them. The group rests half an hour; then one session, the canary, goes first. If
 * that is throttled again, the rest is twice as long, six hours at most.
 */
#ifndef MX_WATCH_BREAKER_H
#define MX_WATCH_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define MX_BREAKER_SOURCES 3

/** Zero-initialised is closed. */
struct mx_breaker {
	struct {
		uint64_t source; /* any number that stands for it; never 0 */
		int64_t time_us;
	} throttled[MX_BREAKER_SOURCES]; /* the newest, of different sources */
	int64_t open_until_us;           /* 0: closed */
	int64_t rest_us;                 /* the last one's length */
	bool has_canary;                 /* one is under way */
};

enum mx_breaker_leave {
	MX_BREAKER_GO,
	MX_BREAKER_CANARY, /* you alone: tell what came of it */
	MX_BREAKER_REST    /* until open_until_us, or until the canary is back */
};
/** May a session leave now? Taking the leave as canary is mx_breaker_send. */
enum mx_breaker_leave mx_breaker_ask(const struct mx_breaker *breaker, int64_t now_us);
void mx_breaker_send(struct mx_breaker *breaker);
/** What a session came to; every one is told, the canary's above all. has_told false: no reply came
 *  about. True when the group rests from now on. */
bool mx_breaker_note(struct mx_breaker *breaker, uint64_t source, bool is_canary,
    bool has_told, bool is_throttled, int64_t now_us);

#endif
