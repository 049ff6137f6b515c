/* vigil.c - look where it stands, take the step that is due, wait for the next; each time anew from the
 * store, as other processes may write to it. */
#include "probe/watch/vigil_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/cases.h"
#include "probe/watch/pause.h"
#include "probe/watch/request.h"

#define NOT_QUALIFIED "not_qualified"

static const char *const why_names[] = {
	[MX_VIGIL_CLEARED] = "cleared",
	[MX_VIGIL_OUT_OF_TIME] = "out_of_time",
	[MX_VIGIL_NOT_QUALIFIED] = "not_qualified",
	[MX_VIGIL_INTERRUPTED] = "interrupted",
	[MX_VIGIL_NOT_DUE] = "not_due",
	[MX_VIGIL_NO_WAY] = "no_way",
};

const char *
mx_vigil_why_name(enum mx_vigil_why why)
{
	return why_names[why];
}

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* ---- the case ---- */

static bool
take_newest(void *arg, const struct mx_store_event *event)
{
	((struct mx_vigil *)arg)->last_event = event->id;
	return true;
}

static enum mx_err
look(struct mx_vigil *vigil)
{
	struct mx_vigil_facts *facts = vigil->facts;

	mx_standing_clear(&facts->standing);
	facts->now_us = mx_clock_wall_us();
	return mx_standing_load(vigil->params->store, facts->source, facts->group,
	    &facts->standing, vigil->err);
}

static enum mx_err
open_case(struct mx_vigil *vigil)
{
	const struct mx_vigil_facts *facts = vigil->facts;
	struct mx_request request = {
		.source = facts->source,
		.group = facts->group,
		.provider = facts->provider != NULL ? facts->provider->id : NULL,
		.destination = facts->destination,
		.ticket = vigil->params->ticket,
		.outcome = vigil->params->outcome,
		.time_us = facts->now_us,
	};

	mx_request_open(
	    vigil->params->store, vigil->params->state_rules, &request, NULL, NULL);
	return mx_store_wait(vigil->params->store, vigil->err) == MX_OK
		   ? look(vigil)
		   : vigil->err->code;
}

/* As it is known. */
static struct mx_store_case
case_of(const struct mx_vigil *vigil)
{
	const struct mx_vigil_facts *facts = vigil->facts;
	const struct mx_standing_case *one = &facts->standing.one;

	return (struct mx_store_case){
		.id = one->id,
		.source = facts->source,
		.group = facts->group,
		.ticket = one->ticket,
		.outcome = one->outcome,
		.note = one->note,
		.opened_us = one->opened_us,
		.expected_us = one->expected_us,
		.cleared_us = one->cleared_us,
		.closed_us = one->closed_us,
		.step = one->steps,
	};
}

static enum mx_err
write_case(struct mx_vigil *vigil, const struct mx_store_case *changed)
{
	mx_store_put_case(vigil->params->store, changed, NULL, NULL);
	return mx_store_wait(vigil->params->store, vigil->err) == MX_OK
		   ? look(vigil)
		   : vigil->err->code;
}

static enum mx_err
close_case(struct mx_vigil *vigil, int64_t cleared_us)
{
	struct mx_store_case changed = case_of(vigil);

	changed.cleared_us = cleared_us;
	changed.closed_us = vigil->facts->now_us;
	return write_case(vigil, &changed);
}

static enum mx_err
reopen_case(struct mx_vigil *vigil)
{
	struct mx_store_case changed = case_of(vigil);

	changed.closed_us = 0;
	return write_case(vigil, &changed);
}

/* What the operator knows by now. */
static enum mx_err
complete_case(struct mx_vigil *vigil)
{
	struct mx_store_case changed = case_of(vigil);

	if (vigil->params->ticket != NULL)
		changed.ticket = vigil->params->ticket;
	if (vigil->params->outcome != NULL)
		changed.outcome = vigil->params->outcome;
	return write_case(vigil, &changed);
}

/* What is asked for now is another request than the one that is known. */
static bool
is_new_request(const struct mx_vigil *vigil)
{
	const struct mx_standing_case *one = &vigil->facts->standing.one;
	bool is_another = vigil->params->ticket != NULL && one->ticket != NULL &&
			  !is_same(vigil->params->ticket, one->ticket);

	if (one->id == 0 || is_another)
		return true;
	/* Cleared, and blocked again since. */
	return one->cleared_us > 0 && vigil->facts->standing.pair.state != MX_STATE_CLEAR;
}

static enum mx_err
settle_case(struct mx_vigil *vigil)
{
	const struct mx_standing_case *one = &vigil->facts->standing.one;
	bool is_new = is_new_request(vigil);

	if (is_new) {
		/* The old request is answered by the new one. */
		if ((one->id != 0 && one->closed_us == 0 &&
			close_case(vigil, 0) != MX_OK) ||
		    open_case(vigil) != MX_OK)
			return vigil->err->code;
	} else if (complete_case(vigil) != MX_OK) {
		return vigil->err->code;
	}
	if (mx_store_events(vigil->params->store, vigil->facts->source,
		vigil->facts->group, 0, take_newest, vigil, vigil->err) == MX_OK &&
	    vigil->hooks->opened != NULL)
		vigil->hooks->opened(vigil->hooks->arg, vigil->facts, !is_new);
	return vigil->err->code;
}

/* ---- steps ---- */

/* Behind the ladder only those go on who are half-way: for all others it is time to ask a person. */
static bool
is_half_way(const struct mx_pair_state *pair)
{
	return pair->state == MX_STATE_CLEARING || pair->relapses > 0;
}

static void
find_next(struct mx_vigil *vigil)
{
	struct mx_vigil_facts *facts = vigil->facts;
	const struct mx_standing_case *one = &facts->standing.one;

	facts->next =
	    mx_ladder_next(facts->ladder, one->opened_us, one->steps, facts->now_us);
	if (facts->next.is_behind && !is_half_way(&facts->standing.pair))
		facts->next.is_over = true;
	if (facts->next.due_us < vigil->not_before_us)
		facts->next.due_us = vigil->not_before_us;
}

static void
on_taken(void *arg, bool is_ours, const struct mx_error *err)
{
	(void)err; /* mx_store_wait returns it */
	((struct mx_vigil *)arg)->is_ours = is_ours;
}

/* False: another process was quicker, or the store fails. */
static bool
change_steps(struct mx_vigil *vigil, unsigned from, unsigned to)
{
	vigil->is_ours = false;
	mx_store_take_step(vigil->params->store, vigil->facts->standing.one.id, from, to,
	    on_taken, vigil);
	return mx_store_wait(vigil->params->store, vigil->err) == MX_OK && vigil->is_ours;
}

static bool
tell_event(void *arg, const struct mx_store_event *event)
{
	struct mx_vigil *vigil = arg;

	if (event->id > vigil->last_event) {
		vigil->last_event = event->id;
		vigil->hooks->event(vigil->hooks->arg, event);
	}
	return true;
}

/* The step is written down before its session: who is killed in between loses it, and nobody is asked
 * twice. */
static enum mx_err
take_step(struct mx_vigil *vigil)
{
	struct mx_vigil_facts *facts = vigil->facts;
	unsigned index = facts->next.index, before = facts->standing.one.steps;
	bool is_last_chance =
	    facts->now_us - facts->standing.one.opened_us >= facts->ladder->end_us;

	if (!change_steps(vigil, before, index + 1) ||
	    mx_vigil_run_session(vigil) != MX_OK)
		return vigil->err->code;
	vigil->not_before_us = 0;
	if (!vigil->has_session && !is_last_chance) {
		if (!change_steps(vigil, index + 1, before) && vigil->err->code != MX_OK)
			return vigil->err->code;
		vigil->not_before_us = mx_clock_wall_us() + vigil->put_off_us;
	}
	if (mx_store_events(vigil->params->store, facts->source, facts->group, 0,
		tell_event, vigil, vigil->err) != MX_OK ||
	    look(vigil) != MX_OK)
		return vigil->err->code;
	find_next(vigil);
	vigil->has_stepped = true;
	vigil->hooks->step(vigil->hooks->arg, facts, index, vigil->has_session);
	return MX_OK;
}

/* ---- signals ---- */

/* Runs and pauses have handlers of their own; this is for the moments between them. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
#define SIGNALS (sizeof signals / sizeof *signals)

static volatile sig_atomic_t is_stop_asked;

static void
note_signal(int signo)
{
	(void)signo;
	is_stop_asked = 1;
}

static void
catch_signals(struct sigaction *before)
{
	struct sigaction mine = { .sa_handler = note_signal, .sa_flags = SA_RESTART };

	is_stop_asked = 0;
	for (size_t i = 0; i < SIGNALS; i++) {
		(void)sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &mine, NULL);
	}
}

static void
leave_signals(const struct sigaction *before)
{
	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigaction(signals[i], &before[i], NULL);
}

/* ---- the whole ---- */

static void
on_tick(void *arg)
{
	struct mx_vigil *vigil = arg;

	vigil->facts->now_us = mx_clock_wall_us();
	vigil->hooks->waiting(vigil->hooks->arg, vigil->facts, vigil->facts->next.due_us);
}

static enum mx_err
wait_for_step(struct mx_vigil *vigil)
{
	bool has_listener = vigil->hooks->waiting != NULL;
	struct mx_pause pause = {
		.until_us = vigil->facts->next.due_us,
		.tick = has_listener && vigil->params->wants_ticks ? on_tick : NULL,
		.arg = vigil,
	};

	if (has_listener && pause.tick == NULL)
		on_tick(vigil);
	return mx_pause(&pause, &vigil->is_interrupted, vigil->err);
}

/* Is there an end? The case is closed with it. */
static enum mx_err
conclude(struct mx_vigil *vigil)
{
	const struct mx_standing *standing = &vigil->facts->standing;
	const struct mx_standing_case *one = &standing->one;
	bool is_closed = one->closed_us > 0;

	if (standing->pair.state == MX_STATE_CLEAR) {
		mx_vigil_end_with(vigil, MX_VIGIL_CLEARED);
		return one->cleared_us > 0 ? MX_OK
					   : close_case(vigil, standing->pair.since_us);
	}
	if (is_same(one->outcome, NOT_QUALIFIED))
		mx_vigil_end_with(vigil, MX_VIGIL_NOT_QUALIFIED);
	else if (vigil->facts->next.is_over)
		mx_vigil_end_with(vigil, MX_VIGIL_OUT_OF_TIME);
	else if (is_closed) /* a longer ladder this time */
		return reopen_case(vigil);
	else
		return MX_OK;
	return is_closed ? MX_OK : close_case(vigil, 0);
}

static enum mx_err
go_on(struct mx_vigil *vigil)
{
	bool is_due;

	if (look(vigil) != MX_OK)
		return vigil->err->code;
	find_next(vigil);
	if (vigil->is_interrupted || is_stop_asked) {
		mx_vigil_end_with(vigil, MX_VIGIL_INTERRUPTED);
		return MX_OK;
	}
	if (conclude(vigil) != MX_OK || vigil->is_over)
		return vigil->err->code;
	is_due = vigil->facts->next.due_us <= vigil->facts->now_us;
	if (vigil->params->is_once && (vigil->has_stepped || !is_due)) {
		mx_vigil_end_with(vigil, MX_VIGIL_NOT_DUE);
		return MX_OK;
	}
	return is_due ? take_step(vigil) : wait_for_step(vigil);
}

enum mx_err
mx_vigil_run(const struct mx_vigil_params *params, const struct mx_vigil_hooks *hooks,
    struct mx_vigil_end *end, struct mx_error *err)
{
	struct mx_vigil vigil = {
		.params = params,
		.hooks = hooks,
		.facts = &end->facts,
		.end = end,
		.err = err,
	};
	struct sigaction before[SIGNALS];

	*end = (struct mx_vigil_end){ .facts = { .ladder = params->ladder,
					  .state_rules = params->state_rules } };
	catch_signals(before);
	if (mx_vigil_learn_pair(&vigil) == MX_OK && !vigil.is_over &&
	    look(&vigil) == MX_OK && settle_case(&vigil) == MX_OK)
		while (err->code == MX_OK && !vigil.is_over)
			(void)go_on(&vigil);
	leave_signals(before);
	return err->code;
}

void
mx_vigil_end_clear(struct mx_vigil_end *end)
{
	mx_standing_clear(&end->facts.standing);
	free(end->facts.group);
	free(end->text);
	*end = (struct mx_vigil_end){ 0 };
}

int
mx_vigil_status(const struct mx_vigil_end *end)
{
	const struct mx_standing *standing = &end->facts.standing;

	if (end->why == MX_VIGIL_CLEARED)
		return 0;
	if (end->why == MX_VIGIL_NO_WAY)
		return end->is_ours ? 4 : 3;
	if (standing->pair.state == MX_STATE_BLOCKED || standing->pair.holdouts > 0)
		return 1;
	return is_same(standing->last_verdict, "throttled") ||
		       is_same(standing->last_verdict, "greylisted") ||
		       is_same(standing->last_verdict, "identity") ||
		       is_same(standing->last_verdict, "policy")
		   ? 2
		   : 3;
}
