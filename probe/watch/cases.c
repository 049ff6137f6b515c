/* cases.c - open delist cases give their pairs the ladder's times; requests that nobody answered become
 * overdue. Other processes open and change cases, too: the store is looked at every minute. */
#include "probe/store/cases.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/watch/age.h"
#include "probe/watch/inside.h"

#define NOT_QUALIFIED "not_qualified"

/* ---- what there is ---- */

static void
forget_case(struct mx_watch_pair_row *pair)
{
	pair->case_id = 0;
	pair->is_hopeless = false;
}

/* Of several the newest counts, and that comes first. */
static bool
take_case(void *arg, const struct mx_store_case *one)
{
	struct mx_watch *watch = arg;
	struct mx_watch_pair_row *pair =
	    mx_watch_roster_find(watch, one->source, one->group);
	bool is_new;

	if (pair == NULL || pair->is_case_seen || pair->run != NULL)
		return true;
	pair->is_case_seen = true;
	if (one->closed_us != 0) {
		forget_case(pair);
		return true;
	}
	is_new = pair->case_id != one->id;
	pair->case_id = one->id;
	pair->case_opened_us = one->opened_us;
	pair->steps = (unsigned)one->step;
	pair->is_hopeless =
	    one->outcome != NULL && strcmp(one->outcome, NOT_QUALIFIED) == 0;
	if (is_new)
		mx_watch_roster_load(watch, pair);
	if (is_new && watch->clock.wall_us > 0 &&
	    one->opened_us >= watch->clock.wall_us - MX_MINUTE_US)
		mx_watch_tell_events(
		    watch, one->source, one->group, one->opened_us, NULL);
	return true;
}

/** What a pair's times hang on. */
struct case_mark {
	int64_t id;
	unsigned steps;
	bool is_hopeless;
};

static struct case_mark
mark_of(const struct mx_watch_pair_row *pair)
{
	return (struct case_mark){ pair->case_id, pair->steps, pair->is_hopeless };
}

static void
replan(struct mx_watch *watch, struct mx_watch_pair_row *pair)
{
	mx_watch_plan(watch, pair);
	if (watch->hooks.schedule != NULL)
		watch->hooks.schedule(
		    watch->hooks.arg, pair->source->text, pair->group->name);
}

void
mx_watch_cases_load(struct mx_watch *watch)
{
	struct case_mark *marks = mx_calloc(watch->pair_count + 1, sizeof *marks);
	struct mx_error err = { 0 };

	for (size_t i = 0; i < watch->pair_count; i++) {
		marks[i] = mark_of(watch->pairs[i]);
		watch->pairs[i]->is_case_seen = false;
	}
	if (mx_store_cases(watch->store, NULL, NULL, take_case, watch, &err) != MX_OK)
		mx_watch_note_write(watch, &err);
	for (size_t i = 0; i < watch->pair_count; i++) {
		struct mx_watch_pair_row *pair = watch->pairs[i];
		struct case_mark now = mark_of(pair);

		if (now.id != marks[i].id || now.steps != marks[i].steps ||
		    now.is_hopeless != marks[i].is_hopeless)
			replan(watch, pair);
	}
	free(marks);
}

/* ---- the end of a case ---- */

static void
on_closed(void *arg, const struct mx_error *err)
{
	struct mx_watch *watch = arg;

	watch->writes--;
	mx_watch_note_write(watch, err);
	mx_watch_settle(watch);
}

/** A case that is to be closed. */
struct closing {
	struct mx_watch *watch;
	const struct mx_watch_pair_row *pair;
};

static bool
close_it(void *arg, const struct mx_store_case *one)
{
	struct closing *closing = arg;
	struct mx_store_case changed = *one;

	if (one->id != closing->pair->case_id)
		return true;
	if (closing->pair->state == MX_STATE_CLEAR)
		changed.cleared_us = closing->pair->since_us;
	changed.closed_us = mx_watch_now();
	closing->watch->writes++;
	mx_store_put_case(closing->watch->store, &changed, on_closed, closing->watch);
	return false;
}

void
mx_watch_case_close(struct mx_watch *watch, struct mx_watch_pair_row *pair)
{
	struct closing closing = { watch, pair };
	struct mx_error err = { 0 };

	if (mx_store_cases(watch->store, pair->source->text, pair->group->name, close_it,
		&closing, &err) != MX_OK)
		mx_watch_note_write(watch, &err);
	forget_case(pair);
}

/* ---- time passes ---- */

/** A pair on its way to be overdue; names are own. */
struct growing {
	struct mx_watch *watch;
	char *source, *group;
	int64_t time_us;
};

static void
on_aged(void *arg, const struct mx_error *err)
{
	struct growing *growing = arg;
	struct mx_watch *watch = growing->watch;
	struct mx_watch_pair_row *pair =
	    mx_watch_roster_find(watch, growing->source, growing->group);

	watch->writes--;
	mx_watch_note_write(watch, err);
	if (err == NULL)
		mx_watch_tell_events(
		    watch, growing->source, growing->group, growing->time_us, NULL);
	if (pair != NULL) {
		mx_watch_roster_load(watch, pair);
		replan(watch, pair);
	}
	free(growing->source);
	free(growing->group);
	free(growing);
	mx_watch_settle(watch);
}

static void
age(struct mx_watch *watch, const struct mx_watch_pair_row *pair, int64_t now_us)
{
	struct growing *growing = mx_calloc(1, sizeof *growing);

	*growing = (struct growing){
		.watch = watch,
		.source = mx_strdup(pair->source->text),
		.group = mx_strdup(pair->group->name),
		.time_us = now_us,
	};
	watch->writes++;
	mx_age_pair(watch->store, watch->config->params.state_rules, growing->source,
	    growing->group, now_us, on_aged, growing);
}

void
mx_watch_age_all(struct mx_watch *watch)
{
	int64_t now_us = mx_watch_now();
	int64_t overdue_us = watch->config->params.state_rules->overdue_us;

	for (size_t i = 0; i < watch->pair_count; i++) {
		const struct mx_watch_pair_row *pair = watch->pairs[i];

		if (pair->state == MX_STATE_DELIST_REQUESTED && pair->expected_us > 0 &&
		    now_us > pair->expected_us + overdue_us)
			age(watch, pair, now_us);
	}
}

/* ---- events ---- */

struct telling {
	struct mx_watch *watch;
	const char *result;
};

static bool
tell_event(void *arg, const struct mx_store_event *event)
{
	struct telling *telling = arg;
	struct mx_watch *watch = telling->watch;
	bool is_meant =
	    telling->result == NULL
		? event->result == NULL
		: event->result != NULL && strcmp(event->result, telling->result) == 0;

	if (!is_meant)
		return true;
	watch->events++;
	if (watch->hooks.event != NULL)
		watch->hooks.event(watch->hooks.arg, event);
	return true;
}

void
mx_watch_tell_events(struct mx_watch *watch, const char *source, const char *group,
    int64_t since_us, const char *result)
{
	struct telling telling = { watch, result };
	struct mx_error err = { 0 };

	if (mx_store_events(watch->store, source, group, since_us - 1, tell_event,
		&telling, &err) != MX_OK)
		mx_watch_note_write(watch, &err);
}
