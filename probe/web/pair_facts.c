/* pair_facts.c - the store tells oldest first; people read from the newest. */
#include "probe/web/pair_facts.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/deliveries.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"

bool
mx_pair_is_held(enum mx_state state)
{
	return state == MX_STATE_BLOCKED || state == MX_STATE_DELIST_REQUESTED ||
	       state == MX_STATE_OVERDUE || state == MX_STATE_CLEARING ||
	       state == MX_STATE_FLAPPING;
}

static bool
add_session(void *arg, const struct mx_store_result *row)
{
	struct mx_pair_facts *facts = arg;

	facts->sessions =
	    mx_grow(facts->sessions, facts->session_count, sizeof *facts->sessions);
	facts->sessions[facts->session_count++] = mx_store_result_copy(row);
	return true;
}

static bool
add_event(void *arg, const struct mx_store_event *event)
{
	struct mx_pair_facts *facts = arg;

	facts->events = mx_grow(facts->events, facts->event_count, sizeof *facts->events);
	facts->events[facts->event_count++] = (struct mx_pair_event){
		.time_us = event->time_us,
		.before = mx_strdup(event->old_state),
		.after = mx_strdup(event->new_state),
		.why = mx_strdup(event->why),
		.result = mx_strdup(event->result),
	};
	return true;
}

static bool
take_decided(void *arg, const struct mx_store_result *row)
{
	struct mx_pair_facts *facts = arg;

	facts->decided = mx_store_result_copy(row);
	return false;
}

/* Who is asked about one source is told of those that may have left from it. */
struct sent {
	const char *source;
	struct mx_pair_delivery *newest;
};

static bool
take_delivery(void *arg, const struct mx_store_delivery *one)
{
	struct sent *sent = arg;

	if (!mx_store_delivery_is_of(one, sent->source))
		return true;
	*sent->newest = (struct mx_pair_delivery){
		.time_us = one->time_us,
		.verdict = mx_strdup(one->verdict),
		.place = mx_strdup(one->place),
		.spf = mx_strdup(one->spf),
		.dkim = mx_strdup(one->dkim),
		.dmarc = mx_strdup(one->dmarc),
		.summary = mx_strdup(one->summary),
	};
	return false;
}

static enum mx_err
find_delivery(struct mx_store *store, const char *source, const char *group,
    struct mx_pair_facts *facts, struct mx_error *err)
{
	const struct mx_store_delivery_span span = { .group = group };
	struct sent sent = { source, &facts->delivery };

	return mx_store_deliveries(store, &span, take_delivery, &sent, err);
}

static void
turn_round(struct mx_pair_facts *facts)
{
	for (size_t i = 0, j = facts->session_count; i + 1 < j; i++) {
		struct mx_store_result *other = facts->sessions[--j];

		facts->sessions[j] = facts->sessions[i];
		facts->sessions[i] = other;
	}
	for (size_t i = 0, j = facts->event_count; i + 1 < j; i++) {
		struct mx_pair_event other = facts->events[--j];

		facts->events[j] = facts->events[i];
		facts->events[i] = other;
	}
}

static void
find_newest(struct mx_store *store, const char *source, const char *group,
    const char *verdict, struct mx_pair_facts *facts, struct mx_error *err)
{
	char *id = mx_store_newest(store, source, group, verdict, err);

	if (id != NULL && mx_store_find(store, id, take_decided, facts, err) != MX_OK)
		facts->decided = NULL;
	free(id);
}

/* A refusal from before this block has nothing to do with it. */
static void
find_decided(struct mx_store *store, const char *source, const char *group,
    struct mx_pair_facts *facts, struct mx_error *err)
{
	const struct mx_pair_state *pair = &facts->standing.pair;

	if (mx_pair_is_held(mx_pair_state_shown(pair)))
		find_newest(store, source, group, "blocked", facts, err);
	if (facts->decided != NULL && facts->decided->time_us < pair->blocked_us) {
		free(facts->decided);
		facts->decided = NULL;
	}
	if (facts->decided == NULL)
		find_newest(store, source, group, NULL, facts, err);
}

enum mx_err
mx_pair_facts_load(struct mx_store *store, const char *source, const char *group,
    int64_t since_us, struct mx_pair_facts *facts, struct mx_error *err)
{
	struct mx_store_span span = { .source = source,
		.group = group,
		.since_us = since_us,
		.newest = MX_PAIR_SESSIONS };

	*facts = (struct mx_pair_facts){ .sessions = NULL };
	if (mx_standing_load(store, source, group, &facts->standing, err) != MX_OK ||
	    !facts->standing.is_known)
		return err->code;
	if (mx_store_history(store, &span, add_session, facts, err) == MX_OK &&
	    mx_store_events(store, source, group, since_us, add_event, facts, err) ==
		MX_OK)
		find_decided(store, source, group, facts, err);
	if (err->code == MX_OK)
		find_delivery(store, source, group, facts, err);
	turn_round(facts);
	return err->code == MX_OK ? find_delivery(store, source, group, facts, err)
				  : err->code;
}

void
mx_pair_facts_clear(struct mx_pair_facts *facts)
{
	mx_standing_clear(&facts->standing);
	for (size_t i = 0; i < facts->session_count; i++)
		free(facts->sessions[i]);
	for (size_t i = 0; i < facts->event_count; i++) {
		free(facts->events[i].before);
		free(facts->events[i].after);
		free(facts->events[i].why);
		free(facts->events[i].result);
	}
	free(facts->sessions);
	free(facts->events);
	free(facts->decided);
	free(facts->delivery.verdict);
	free(facts->delivery.place);
	free(facts->delivery.spf);
	free(facts->delivery.dkim);
	free(facts->delivery.dmarc);
	free(facts->delivery.summary);
	*facts = (struct mx_pair_facts){ .sessions = NULL };
}
