/*
 * way.h - what the ways of sending (webhook, command, mail) have in common.
 * In:   a start by send.c.   Out: mx_way_finish, once, from the loop.
 * Not:  not for any other file.
 */
#ifndef MX_WATCH_ALERT_WAY_H
#define MX_WATCH_ALERT_WAY_H

#include "probe/watch/alert/send.h"

struct mx_send {
	const struct mx_way *way;
	void *state; /* the way's own; NULL before start and after clear */
	const struct mx_receiver *receiver;
	const struct mx_send_tools *tools;
	struct mx_timer *soon; /* for an end that is found out in the start call */
	struct mx_send_outcome end;
	char *why;
	void (*done)(void *arg, const struct mx_send_outcome *outcome);
	void *arg;
};

struct mx_way {
	/** Sets send->state, and may call mx_way_finish at once. */
	void (*start)(struct mx_send *send, const struct mx_send_notice *notice);
	/** Breaks off what is under way and frees state. */
	void (*clear)(void *state);
};

extern const struct mx_way mx_way_webhook, mx_way_command, mx_way_mail;

/** The end; send is gone after it has been told, which is later. */
void mx_way_finish(struct mx_send *send, enum mx_send_end end, int64_t asked_us,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
