/* model_plan.c - what the watch plans for each pair, laid over what the store knows. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/watch/watch.h"
#include "probe/web/model.h"
#include "probe/web/site.h"

static void
replace(char **mine, const char *text)
{
	if (*mine != NULL && text != NULL && strcmp(*mine, text) == 0)
		return;
	free(*mine);
	*mine = mx_strdup(text);
}

/* The watch has the last word: its state is what its own next session will go on from. */
static void
lay(struct mx_model_pair *pair, const struct mx_watch_pair *plan)
{
	pair->is_watched = pair->is_seen = true;
	pair->is_running = plan->is_running;
	pair->is_late = plan->is_late;
	pair->is_stale = plan->is_stale;
	pair->next_us = plan->next_us;
	pair->interval_us = plan->interval_us;
	pair->step = plan->step;
	pair->state = mx_state_name(mx_state_from_name(plan->state));
	pair->since_us = plan->since_us;
	replace(&pair->why_not, plan->why_not);
	replace(&pair->provider, plan->provider);
	replace(&pair->destination, plan->destination);
}

static bool
take_plan(void *arg, const struct mx_watch_pair *plan)
{
	struct mx_model *model = arg;

	lay(mx_model_pair(model, plan->source, plan->group), plan);
	return true;
}

void
mx_model_plan_all(struct mx_model *model)
{
	struct mx_watch *watch = model->web->params.watch;

	if (watch != NULL)
		mx_watch_pairs(watch, take_plan, model);
}

void
mx_model_plan_one(struct mx_model *model, struct mx_model_pair *pair)
{
	struct mx_watch *watch = model->web->params.watch;
	struct mx_watch_pair plan;

	if (watch != NULL && mx_watch_pair_of(watch, pair->source, pair->group, &plan) &&
	    strcmp(plan.group, pair->group) == 0)
		lay(pair, &plan);
}
