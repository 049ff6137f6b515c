/*
 * reach.h - what a connection that never came up means, told by the source's other sessions.
 * In:   how each session ended; rows whose connection failed.
 * Out:  those rows, held until the source's other sessions tell whether its port is open at all;
 *       then with a note that says so, and a signature of the provider believed or not.
 * Not:  no session of its own: the control is a flight like others (flight.c), which leaves only
 *       when a row has need of it (control.c).
 */
#ifndef MX_RUN_REACH_H
#define MX_RUN_REACH_H

#include "probe/result.h"

struct mx_run;
struct mx_flight;

enum mx_control {
	MX_CONTROL_NONE, /* none was named, or it has no address of the source's family */
	MX_CONTROL_ASLEEP, /* nobody had need of it yet */
	MX_CONTROL_AWAKE,  /* on its way */
	MX_CONTROL_GREETED,
	MX_CONTROL_FAILED, /* its connection failed as well */
	MX_CONTROL_UNCLEAR /* neither: it hung up, or we were stopped */
};

/** A row that waits. */
struct mx_held_row {
	struct mx_result *row; /* own */
	const char *group;     /* provider group it was refused by; the run's */
};

/** What is known about one source. */
struct mx_reach {
	size_t open;   /* its flights that are not over, the control's included */
	size_t failed; /* visits whose every connection failed, the control's excluded */
	enum mx_end alike;   /* how the first of them did; MX_END_NONE: none did */
	bool differ;         /* another failed in another way */
	bool connected;      /* TCP came up somewhere, whatever came of it */
	const char *greeted; /* the first provider group that greeted us, or NULL */
	bool others_greeted; /* and another group did */
	enum mx_control control;
	size_t control_visit;     /* index of its visit, unless control is NONE */
	struct mx_held_row *held; /* in the order they came */
	size_t held_count;
};

/** Did this session's connection fail before anything was said, so that the fault may be on our side
 *  of the way? */
bool mx_reach_is_doubtful(const struct mx_transcript *transcript);

/** Before the first flight: counts each source's flights. */
void mx_reach_open(struct mx_run *run);
void mx_reach_close(struct mx_run *run);

/** A session of this flight ended: keep what that says about the source. */
void mx_reach_note(struct mx_flight *flight, const struct mx_transcript *transcript);
/** Keep the row until it can be told. Takes it over. Wakes the control, if there is one. */
void mx_reach_hold(struct mx_flight *flight, struct mx_result *row);
/** The flight is over: tell the rows that waited for it. */
void mx_reach_over(struct mx_flight *flight);

#endif
