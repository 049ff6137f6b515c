/* vigil_run.c - runs of their own loop each; an interrupt ends the vigil and is no failure. */
#include "probe/watch/vigil_run.h"

#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/watch/follow.h"

/* No session came about, and nobody said when one may: the name server was silent, say. */
#define AGAIN_US (30 * MX_MINUTE_US)

void
mx_vigil_end_with(struct mx_vigil *vigil, enum mx_vigil_why why)
{
	vigil->end->why = why;
	vigil->is_over = true;
}

static void
on_warning(void *arg, const char *text)
{
	struct mx_vigil *vigil = arg;

	if (vigil->hooks->warning != NULL)
		vigil->hooks->warning(vigil->hooks->arg, text);
}

static void
on_line(void *arg, const char *tag, const struct mx_line *line)
{
	struct mx_vigil *vigil = arg;

	vigil->hooks->line(vigil->hooks->arg, tag, line);
}

static void
on_interrupted(void *arg)
{
	((struct mx_vigil *)arg)->is_interrupted = true;
}

/* A run that was stopped before its first session calls that an error; here it is the end. */
static bool
forgive_interrupt(struct mx_vigil *vigil)
{
	if (vigil->is_interrupted)
		*vigil->err = (struct mx_error){ 0 };
	return vigil->is_interrupted;
}

/* A dry run says who is asked without asking him. */
static void
on_plan(void *arg, const struct mx_result *visit, const char *why_not)
{
	struct mx_vigil *vigil = arg;
	struct mx_vigil_facts *facts = vigil->facts;

	(void)why_not;
	facts->group = mx_strdup(visit->group);
	facts->provider = visit->provider;
	facts->addresses = visit->addresses;
}

static void
on_no_plan(void *arg, const struct mx_result *result)
{
	struct mx_vigil *vigil = arg;

	free(vigil->end->text);
	vigil->end->text = mx_strdup(
	    result->judgement.has_finding ? result->judgement.finding.text : NULL);
	vigil->end->is_ours = result->judgement.verdict == MX_V_FAILED;
}

enum mx_err
mx_vigil_learn_pair(struct mx_vigil *vigil)
{
	struct mx_probe_params probe = *vigil->params->probe;
	struct mx_probe_hooks hooks = {
		.plan = on_plan,
		.result = on_no_plan,
		.interrupted = on_interrupted,
		.warning = on_warning,
		.arg = vigil,
	};
	struct mx_vigil_facts *facts = vigil->facts;

	probe.store = vigil->params->store;
	probe.is_dry = true;
	(void)mx_addr_text(&probe.sources[0].addr, facts->source);
	facts->destination = probe.destinations[0];
	if (mx_probe_run(&probe, vigil->params->catalogue, vigil->params->rules, &hooks,
		vigil->err) != MX_OK &&
	    !forgive_interrupt(vigil))
		return vigil->err->code;
	if (vigil->is_interrupted)
		mx_vigil_end_with(vigil, MX_VIGIL_INTERRUPTED);
	/* DNS may be out of order today; what the store knows is enough to go on. */
	if (facts->group == NULL)
		facts->group = mx_standing_group(
		    vigil->params->store, facts->source, facts->destination, vigil->err);
	if (facts->group == NULL && !vigil->is_over)
		mx_vigil_end_with(vigil, MX_VIGIL_NO_WAY);
	return vigil->err->code;
}

static void
on_result(void *arg, const struct mx_result *result)
{
	struct mx_vigil *vigil = arg;
	int64_t retry_s = result->judgement.finding.retry_after_s;

	if (result->transcript != NULL)
		vigil->has_session = true;
	else if (result->judgement.verdict == MX_V_SUPPRESSED && retry_s > 0)
		vigil->put_off_us = retry_s * MX_SECOND_US;
	if (result->addresses > 0)
		vigil->facts->addresses = result->addresses;
	mx_follow_result(
	    vigil->params->store, vigil->params->state_rules, result, NULL, NULL);
	vigil->hooks->result(vigil->hooks->arg, result);
}

enum mx_err
mx_vigil_run_session(struct mx_vigil *vigil)
{
	struct mx_probe_params probe = *vigil->params->probe;
	struct mx_probe_hooks hooks = {
		.result = on_result,
		.line = vigil->hooks->line != NULL ? on_line : NULL,
		.interrupted = on_interrupted,
		.arg = vigil,
	};

	probe.store = vigil->params->store;
	probe.is_step = true;
	vigil->has_session = false;
	vigil->put_off_us = AGAIN_US;
	if (mx_probe_run(&probe, vigil->params->catalogue, vigil->params->rules, &hooks,
		vigil->err) != MX_OK &&
	    !forgive_interrupt(vigil))
		return vigil->err->code;
	return mx_store_wait(vigil->params->store, vigil->err);
}
