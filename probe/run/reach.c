/*
 * reach.c - "they refuse us" and "nobody lets us out" look the same from one connection.
 *
 * Evidence is per source: a port that is closed on our side (a provider's outbound port 25 filter,
 * a firewall) is closed to everybody. So one greeting from anybody else clears our side, and a
 * control that fails alike convicts it. A row waits until its source's control has been heard, and
 * until somebody has greeted or nobody is left who could: what it says then does not depend on who
 * was faster.
 */
#include "probe/run/reach.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/run/run.h"

/* A server that took the connection and hung up, or never greeted, is reached. A reset is not
 * proof of that: firewalls answer in the name of others. */
bool
mx_reach_is_doubtful(const struct mx_transcript *transcript)
{
	enum mx_end end = transcript->end;

	if (end == MX_END_RESET)
		return transcript->reply_count == 0;
	return transcript->connected_us < 0 &&
	       (end == MX_END_REFUSED || end == MX_END_UNREACHABLE ||
		   end == MX_END_FILTERED || end == MX_END_TIMEOUT ||
		   end == MX_END_SESSION_TIMEOUT);
}

/* ---- words ---- */

static bool
has_control(const struct mx_run *run)
{
	return run->params->control_name != NULL ||
	       run->params->control.family != AF_UNSPEC;
}

/* The control, as the user wrote it. */
static const char *
control_name(const struct mx_run *run, char text[MX_ADDR_TEXT])
{
	return run->params->control_name != NULL
		   ? run->params->control_name
		   : mx_addr_text(&run->params->control, text);
}

/* Only at the port that is asked about does a greeting prove anything. */
static bool
control_clears(const struct mx_run *run, const struct mx_reach *reach,
    const struct mx_held_row *held)
{
	return reach->control == MX_CONTROL_GREETED &&
	       run->params->control.port == held->row->address.port;
}

/* Where a greeting would have cleared our side, a failure convicts it. */
static bool
control_convicts(const struct mx_run *run, const struct mx_reach *reach,
    const struct mx_held_row *held)
{
	return reach->control == MX_CONTROL_FAILED && reach->greeted == NULL &&
	       !reach->connected && run->params->control.port == held->row->address.port;
}

static char *
words_when_greeted(const struct mx_run *run, const struct mx_reach *reach,
    const struct mx_held_row *held)
{
	unsigned port = held->row->address.port;
	char text[MX_ADDR_TEXT];

	if (control_clears(run, reach, held))
		return mx_asprintf(
		    "the control %s greeted this source: port %u is open here, "
		    "so the failure is theirs",
		    control_name(run, text), port);
	if (reach->others_greeted || strcmp(reach->greeted, held->group) != 0)
		return mx_asprintf(
		    "others greeted this source in the same run: port %u is "
		    "open here, so the failure is theirs",
		    port);
	return mx_asprintf(
	    "another of their addresses greeted this source: port %u is open here, "
	    "so the failure is this one's",
	    port);
}

/* Nobody but the destinations was asked, or nobody at the port in question. */
static char *
words_without_control(const struct mx_reach *reach, unsigned port)
{
	if (reach->failed < 2)
		return mx_asprintf(
		    "one destination alone can't tell whether port %u is closed on "
		    "our side: name a host that takes our connections with "
		    "--control",
		    port);
	return mx_asprintf(
	    "port %u closed on our side, probably: every destination of this run "
	    "failed%s; --control, with a host that takes our connections, "
	    "makes sure",
	    port, reach->differ ? "" : " alike");
}

static char *
words_when_nobody_greeted(const struct mx_run *run, const struct mx_reach *reach,
    const struct mx_held_row *held)
{
	unsigned port = held->row->address.port;
	char text[MX_ADDR_TEXT];

	if (reach->connected)
		return mx_asprintf(
		    "another connection of this source came up in the same run: "
		    "port %u is not closed on our side",
		    port);
	if (reach->control == MX_CONTROL_NONE && has_control(run))
		return mx_asprintf(
		    "the control %s has no %s address, so it tells nothing",
		    control_name(run, text),
		    mx_addr_family_name(held->row->source.family));
	if (reach->control == MX_CONTROL_UNCLEAR)
		return mx_asprintf(
		    "the control %s did not greet either, so it tells nothing",
		    control_name(run, text));
	if (control_convicts(run, reach, held))
		return mx_asprintf(
		    "port %u closed on our side: the control %s fails alike", port,
		    control_name(run, text));
	return words_without_control(reach, port);
}

/* ---- telling ---- */

/* Somebody else than the provider in question has greeted the source. */
static bool
is_cleared_by_others(const struct mx_run *run, const struct mx_reach *reach,
    const struct mx_held_row *held)
{
	return control_clears(run, reach, held) || reach->others_greeted ||
	       (reach->greeted != NULL && strcmp(reach->greeted, held->group) != 0);
}

static void
tell(struct mx_run *run, const struct mx_reach *reach, const struct mx_held_row *held)
{
	struct mx_result *row = held->row;
	bool greeted = reach->greeted != NULL || control_clears(run, reach, held);
	char *words = greeted ? words_when_greeted(run, reach, held)
			      : words_when_nobody_greeted(run, reach, held);

	if (row->judgement.suspect != NULL && is_cleared_by_others(run, reach, held))
		mx_judge_confirm(run->rules, &row->judgement);
	else if (row->judgement.suspect != NULL && !control_convicts(run, reach, held))
		mx_run_add_note(row, mx_strdup("this may be a block"));
	mx_run_add_note(row, words);
	run->hooks->result(run->hooks->arg, row);
	mx_result_free(row);
}

/* Nothing that is still to come could change what this row says. */
static bool
is_settled(const struct mx_run *run, const struct mx_reach *reach,
    const struct mx_held_row *held)
{
	if (reach->open == 0)
		return true;
	return reach->control != MX_CONTROL_AWAKE &&
	       is_cleared_by_others(run, reach, held);
}

static void
tell_settled(struct mx_run *run, struct mx_reach *reach)
{
	size_t kept = 0;

	for (size_t i = 0; i < reach->held_count; i++)
		if (is_settled(run, reach, &reach->held[i]))
			tell(run, reach, &reach->held[i]);
		else
			reach->held[kept++] = reach->held[i];
	reach->held_count = kept;
}

/* ---- evidence ---- */

static struct mx_reach *
reach_of(const struct mx_flight *flight)
{
	return &flight->run->reaches[flight->visit->source];
}

static void
note_control(struct mx_reach *reach, const struct mx_transcript *transcript)
{
	if (transcript->reply_count > 0)
		reach->control = MX_CONTROL_GREETED;
	else
		reach->control = mx_reach_is_doubtful(transcript) ? MX_CONTROL_FAILED
								  : MX_CONTROL_UNCLEAR;
}

static void
note_failure(struct mx_reach *reach, enum mx_end end)
{
	if (reach->alike == MX_END_NONE)
		reach->alike = end;
	else if (reach->alike != end)
		reach->differ = true;
}

void
mx_reach_note(struct mx_flight *flight, const struct mx_transcript *transcript)
{
	struct mx_reach *reach = reach_of(flight);
	const char *group = flight->run->destinations[flight->visit->destination].group;

	if (flight->visit->control) {
		note_control(reach, transcript);
		return;
	}
	if (mx_reach_is_doubtful(transcript)) {
		flight->any_failed = true;
		note_failure(reach, transcript->end);
	} else if (transcript->connected_us >= 0) {
		flight->any_connected = reach->connected = true;
	}
	if (transcript->reply_count == 0)
		return;
	if (reach->greeted == NULL)
		reach->greeted = group;
	else if (strcmp(reach->greeted, group) != 0)
		reach->others_greeted = true;
}

void
mx_reach_hold(struct mx_flight *flight, struct mx_result *row)
{
	struct mx_run *run = flight->run;
	struct mx_reach *reach = reach_of(flight);

	reach->held = mx_grow(reach->held, reach->held_count, sizeof *reach->held);
	reach->held[reach->held_count++] = (struct mx_held_row){
		.row = row,
		.group = run->destinations[flight->visit->destination].group,
	};
	if (reach->control != MX_CONTROL_ASLEEP || run->interrupted)
		return;
	reach->control = MX_CONTROL_AWAKE;
	reach->open++;
	mx_run_wake(run, &run->flights[reach->control_visit]);
}

void
mx_reach_over(struct mx_flight *flight)
{
	struct mx_reach *reach = reach_of(flight);

	reach->open--;
	if (flight->visit->control && reach->control == MX_CONTROL_AWAKE)
		reach->control = MX_CONTROL_UNCLEAR;
	else if (flight->any_failed && !flight->any_connected)
		reach->failed++;
	tell_settled(flight->run, reach);
}

void
mx_reach_open(struct mx_run *run)
{
	run->reaches = mx_calloc(run->params->source_count + 1, sizeof *run->reaches);
	for (size_t i = 0; i < run->visit_count; i++) {
		struct mx_reach *reach = &run->reaches[run->visits[i].source];

		if (run->visits[i].control) {
			reach->control = MX_CONTROL_ASLEEP;
			reach->control_visit = i;
		} else if (run->visits[i].kind == MX_VISIT_PROBE) {
			reach->open++;
		}
	}
}

void
mx_reach_close(struct mx_run *run)
{
	for (size_t i = 0; run->reaches != NULL && i < run->params->source_count; i++) {
		for (size_t k = 0; k < run->reaches[i].held_count; k++)
			mx_result_free(run->reaches[i].held[k].row);
		free(run->reaches[i].held);
	}
	free(run->reaches);
}
