/* age.c - the state machine's own step, on the writer's thread. */
#include "probe/watch/age.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/store/aging.h"
#include "probe/watch/state_text.h"

struct growing {
	struct mx_state_rules rules;
	int64_t now_us;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

static void
fold(const void *arg, const struct mx_store_state *before, struct mx_store_step *out)
{
	const struct growing *growing = arg;
	struct mx_pair_state pair;
	struct mx_state_change change;

	(void)mx_state_from_text(before->fold, &pair);
	mx_state_age(&growing->rules, &pair, growing->now_us, &change);
	out->state = mx_state_name(change.after);
	out->since_us =
	    change.after != change.before ? growing->now_us : before->since_us;
	out->fold = mx_state_to_text(&pair);
	out->why = change.why;
}

static void
finish(void *arg, const struct mx_error *err)
{
	struct growing *growing = arg;

	if (growing->done != NULL)
		growing->done(growing->arg, err);
	free(growing);
}

void
mx_age_pair(struct mx_store *store, const struct mx_state_rules *rules,
    const char *source, const char *group, int64_t now_us,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	struct growing *growing = mx_calloc(1, sizeof *growing);

	*growing = (struct growing){
		.rules = *rules, .now_us = now_us, .done = done, .arg = arg
	};
	mx_store_age(store, &(struct mx_store_aging){ .source = source,
				.group = group,
				.time_us = now_us,
				.fold = fold,
				.fold_arg = growing,
				.done = finish,
				.arg = growing });
}
