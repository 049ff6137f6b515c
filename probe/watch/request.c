/* request.c - the state machine's part of an opening. */
#include "probe/watch/request.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/store/opening.h"
#include "probe/watch/state_text.h"

/** One request on its way to the store. */
struct asking {
	struct mx_state_rules rules;
	int64_t time_us;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

/* On the writer's thread. */
static void
fold(const void *arg, const struct mx_store_state *before, struct mx_store_step *out)
{
	const struct asking *asking = arg;
	struct mx_pair_state pair;
	struct mx_state_change change;

	(void)mx_state_from_text(before != NULL ? before->fold : NULL, &pair);
	mx_state_request(&asking->rules, &pair, asking->time_us, &change);
	out->state = mx_state_name(change.after);
	out->since_us = change.after != change.before || before == NULL
			    ? asking->time_us
			    : before->since_us;
	out->fold = mx_state_to_text(&pair);
	out->why = change.why;
}

static void
finish(void *arg, const struct mx_error *err)
{
	struct asking *asking = arg;

	if (asking->done != NULL)
		asking->done(asking->arg, err);
	free(asking);
}

void
mx_request_open(struct mx_store *store, const struct mx_state_rules *rules,
    const struct mx_request *request, void (*done)(void *arg, const struct mx_error *err),
    void *arg)
{
	struct asking *asking = mx_calloc(1, sizeof *asking);
	struct mx_store_case one = {
		.source = request->source,
		.group = request->group,
		.ticket = request->ticket,
		.outcome = request->outcome,
		.opened_us = request->time_us,
		.expected_us = request->time_us + rules->expected_us,
	};

	*asking = (struct asking){
		.rules = *rules, .time_us = request->time_us, .done = done, .arg = arg
	};
	mx_store_open_case(store, &(struct mx_store_opening){ .one = &one,
				      .provider = request->provider,
				      .destination = request->destination,
				      .fold = fold,
				      .fold_arg = asking,
				      .done = finish,
				      .arg = asking });
}
