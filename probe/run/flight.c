/* flight.c - visits under way: who leaves when (plan/pace.h), hop by hop, until the last is over. */
#include "probe/run/run.h"

#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/net/stream.h"

/* --mx all: one address after another. */
#define HOP_GAP_US (20 * MX_SECOND_US)
#define ROOM_POLL_US 10000LL

static void start_hop(struct mx_flight *flight);

static struct mx_pace_key
pace_key(const struct mx_flight *flight)
{
	const struct mx_run *run = flight->run;

	return (struct mx_pace_key){
		.source = &run->params->sources[flight->visit->source].addr,
		.group = run->destinations[flight->visit->destination].group,
		.exempt = flight->visit->exempt,
	};
}

static void
end_flight(struct mx_flight *flight)
{
	struct mx_run *run = flight->run;
	struct mx_pace_key key = pace_key(flight);

	mx_run_release(flight);
	mx_pace_end(run->pace, &key);
	flight->state = MX_FLIGHT_OVER;
	mx_timer_free(flight->gap);
	flight->gap = NULL;
	run->running--;
	run->over++;
	mx_reach_over(flight);
	mx_run_start_visits(run); /* tells the progress, too */
}

static void
on_gap_over(void *arg)
{
	start_hop(arg);
}

/* TCP itself failed at a mail exchanger: the one case in which another is tried. */
static bool
never_connected(const struct mx_transcript *transcript)
{
	return transcript->connected_us < 0 && transcript->end != MX_END_LOCAL &&
	       transcript->end != MX_END_CANCELLED;
}

static void
next_hop(struct mx_flight *flight, bool tcp_failed)
{
	const struct mx_visit *visit = flight->visit;
	bool more = ++flight->hop < visit->hop_count && !flight->run->interrupted;

	if (!more || (!visit->every_hop && !tcp_failed)) {
		end_flight(flight);
	} else if (visit->every_hop && !visit->exempt) {
		if (flight->gap == NULL)
			flight->gap =
			    mx_timer_new(flight->run->loop, on_gap_over, flight);
		mx_timer_start(flight->gap, HOP_GAP_US);
	} else {
		start_hop(flight);
	}
}

static void
on_session_done(void *arg, struct mx_transcript *transcript)
{
	struct mx_flight *flight = arg;
	bool tcp_failed = never_connected(transcript);

	flight->session = NULL;
	mx_reach_note(flight, transcript);
	if (flight->visit->control)
		mx_transcript_free(transcript);
	else
		mx_run_tell_session(flight, transcript);
	next_hop(flight, tcp_failed);
}

static void
on_session_line(void *arg, const struct mx_line *line)
{
	struct mx_flight *flight = arg;

	flight->run->hooks->line(flight->run->hooks->arg, flight->tag, line);
}

static void
set_tag(struct mx_flight *flight)
{
	char source[MX_ADDR_TEXT], target[MX_ADDR_TEXT];
	const struct mx_hop *hop = &flight->visit->hops[flight->hop];

	free(flight->tag);
	flight->tag = mx_asprintf("%s > %s [%s]",
	    mx_addr_text(
		&flight->run->params->sources[flight->visit->source].addr, source),
	    hop->host->name, mx_addr_text(&hop->addr, target));
}

static void
set_policy(struct mx_flight *flight, struct mx_session_params *session)
{
	const struct mx_mta_sts *sts =
	    mx_policies_mta_sts(flight->run->policies, flight->visit->destination);

	free(flight->policy);
	flight->policy = sts != NULL ? mx_mta_sts_sentence(sts, session->mx_host) : NULL;
	session->policy = flight->policy;
	session->forbidden = sts != NULL && mx_mta_sts_forbids(sts, session->mx_host);
}

static void
start_hop(struct mx_flight *flight)
{
	struct mx_run *run = flight->run;
	struct mx_identity identity = mx_run_identity(flight);
	const struct mx_hop *hop = &flight->visit->hops[flight->hop];
	struct mx_session_params session = {
		.source = identity.source,
		.target = hop->addr,
		.mx_host = identity.mx_host,
		.helo = identity.helo,
		.mail_from = identity.mail_from,
		.rcpt = identity.rcpt,
		.depth = run->destinations[flight->visit->destination].ask.depth,
		.tls_mode = run->params->tls_mode,
		.tls = run->tls,
		.dane = mx_policies_dane(
		    run->policies, flight->visit->destination, hop->host),
		.timeouts = run->params->timeouts,
		.line = run->hooks->line != NULL ? on_session_line : NULL,
		.done = on_session_done,
		.arg = flight,
	};

	mx_ulid_new(flight->id);
	set_tag(flight);
	set_policy(flight, &session);
	flight->session = mx_session_start(run->loop, &session);
}

/* The pace keeps this run in order; the ledger knows of all others. */
static void
start_flight(struct mx_flight *flight)
{
	struct mx_pace_key key = pace_key(flight);

	mx_pace_begin(flight->run->pace, &key, mx_clock_mono_us());
	flight->state = MX_FLIGHT_RUNNING;
	flight->run->running++;
	if (flight->run->params->store != NULL)
		mx_run_claim(flight);
	else
		start_hop(flight);
}

void
mx_run_leave(struct mx_flight *flight)
{
	start_hop(flight);
}

void
mx_run_give_up(struct mx_flight *flight)
{
	end_flight(flight);
}

void
mx_run_wait(struct mx_flight *flight, int64_t until_us)
{
	struct mx_run *run = flight->run;
	struct mx_pace_key key = pace_key(flight);
	size_t index = (size_t)(flight - run->flights);

	mx_pace_end(run->pace, &key);
	flight->state = MX_FLIGHT_WAITING;
	flight->not_before_us = until_us;
	run->running--;
	if (index < run->first_waiting)
		run->first_waiting = index;
	mx_run_start_visits(run);
}

/* ---- who may leave now ---- */

static bool
has_room(const struct mx_run *run)
{
	return run->running + mx_stream_lingering() < run->running_max;
}

/* Starts every waiting visit that the pace lets go, and sets the timer for the next that
 * it will. */
void
mx_run_start_visits(struct mx_run *run)
{
	int64_t now = mx_clock_mono_us();
	int64_t next = INT64_MAX;
	size_t i = run->first_waiting;

	for (; i < run->visit_count && !run->interrupted && has_room(run); i++) {
		struct mx_flight *flight = &run->flights[i];

		if (flight->state != MX_FLIGHT_WAITING) {
			if (i == run->first_waiting)
				run->first_waiting++;
			continue;
		}

		struct mx_pace_key key = pace_key(flight);
		int64_t when = mx_pace_when(run->pace, &key, now);

		if (when < flight->not_before_us)
			when = flight->not_before_us;
		if (when <= now)
			start_flight(flight);
		else if (when < next)
			next = when;
	}
	if (run->over == run->visit_count)
		mx_run_finish(run);
	else if (i < run->visit_count && !run->interrupted)
		mx_timer_start(
		    run->retry, ROOM_POLL_US); /* room comes as sockets close */
	else if (next != INT64_MAX)
		mx_timer_start(run->retry, next - now);
	mx_run_tell_progress(run);
}

void
mx_run_wake(struct mx_run *run, struct mx_flight *flight)
{
	size_t index = (size_t)(flight - run->flights);

	flight->state = MX_FLIGHT_WAITING;
	run->over--;
	run->asleep--;
	if (index < run->first_waiting)
		run->first_waiting = index;
	mx_run_start_visits(run);
}

/* ---- stopping ---- */

static void
interrupt_flight(struct mx_run *run, struct mx_flight *flight)
{
	if (flight->state == MX_FLIGHT_WAITING) {
		flight->state = MX_FLIGHT_OVER;
		run->over++;
		if (!flight->visit->control)
			mx_run_tell_interrupted(run, flight->visit);
		mx_reach_over(flight);
	} else if (flight->session != NULL) {
		mx_session_cancel(flight->session);
	} else if (flight->state == MX_FLIGHT_RUNNING && !flight->claiming) {
		end_flight(flight);
	}
}

void
mx_run_interrupt(struct mx_run *run)
{
	bool first = !run->interrupted;

	run->interrupted = true;
	if (run->flights == NULL) {
		mx_error_set(run->err, MX_ERR_SYSTEM, "stopped before the first session");
		mx_run_finish(run);
		return;
	}
	for (size_t i = 0; i < run->visit_count && first; i++)
		interrupt_flight(run, &run->flights[i]);
	mx_run_start_visits(run);
}
