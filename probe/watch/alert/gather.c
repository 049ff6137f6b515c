/* gather.c - events first, all of them, as the store can read only one thing at a time. */
#include "probe/watch/alert/gather.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/base/ulid.h"
#include "probe/store/cases.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"
#include "probe/watch/alert/notice.h"

#define EVENT_TEXTS 7

/** A notice that is being written. */
struct draft {
	char *topic;
	char id[MX_ULID_TEXT];
	struct mx_notice *notice;
};

/** An event, and the strings that it borrows. */
struct kept {
	struct mx_store_event event;
	char *texts[EVENT_TEXTS];
};

struct work {
	const struct mx_gather *gather;
	struct kept *events;
	size_t event_count;
	struct draft *drafts;
	size_t draft_count;
	struct mx_gathered *out;
};

/* ---- the events ---- */

static bool
keep_event(void *arg, const struct mx_store_event *event)
{
	struct work *work = arg;
	struct kept *kept;

	work->events = mx_grow(work->events, work->event_count, sizeof *work->events);
	kept = &work->events[work->event_count++];
	kept->event = (struct mx_store_event){
		.id = event->id,
		.time_us = event->time_us,
		.source = kept->texts[0] = mx_strdup(event->source),
		.group = kept->texts[1] = mx_strdup(event->group),
		.provider = kept->texts[2] = mx_strdup(event->provider),
		.old_state = kept->texts[3] = mx_strdup(event->old_state),
		.new_state = kept->texts[4] = mx_strdup(event->new_state),
		.why = kept->texts[5] = mx_strdup(event->why),
		.result = kept->texts[6] = mx_strdup(event->result),
	};
	return true;
}

static bool
is_wanted(const struct mx_gather *gather, const struct mx_store_event *event)
{
	for (size_t i = 0; i < gather->only_count; i++)
		if (strcmp(gather->only[i], event->group) == 0 ||
		    (event->provider != NULL &&
			strcmp(gather->only[i], event->provider) == 0))
			return true;
	return gather->only_count == 0;
}

/* ---- what is known of one ---- */

struct search {
	struct mx_problem_history history;
	int64_t last; /* the event that is told of */
};

static bool
note_history(void *arg, const struct mx_store_event *event)
{
	struct search *search = arg;

	mx_problem_note(&search->history, event);
	return event->id != search->last;
}

/* The result that shows why: the event's own, else the last refusal; NULL when it is forgotten by
 * now. Caller frees. */
static struct mx_store_result *
load_row(struct mx_store *store, const struct mx_store_event *event, struct mx_error *err)
{
	char *id = event->result != NULL ? mx_strdup(event->result)
					 : mx_store_newest(store, event->source,
					       event->group, "blocked", err);
	struct mx_store_result *row = id != NULL ? mx_store_load(store, id, err) : NULL;

	free(id);
	return row;
}

/* They come newest first. */
static bool
keep_ticket(void *arg, const struct mx_store_case *one)
{
	*(char **)arg = mx_strdup(one->ticket);
	return false;
}

/* ---- notices ---- */

static struct draft *
new_draft(struct work *work, const char *topic)
{
	struct draft *draft;

	work->drafts = mx_grow(work->drafts, work->draft_count, sizeof *work->drafts);
	draft = &work->drafts[work->draft_count++];
	draft->topic = mx_strdup(topic);
	draft->notice = mx_notice_new(
	    mx_ulid_new(draft->id), work->gather->now_us, work->gather->page);
	return draft;
}

/* The last one of that topic: those before are full. */
static struct draft *
find_draft(struct work *work, const char *topic)
{
	for (size_t i = work->draft_count; i > 0; i--)
		if (strcmp(work->drafts[i - 1].topic, topic) == 0)
			return &work->drafts[i - 1];
	return new_draft(work, topic);
}

static void
add(struct work *work, const struct mx_notice_facts *facts)
{
	char *topic = mx_notice_topic(facts->event);

	if (!mx_notice_add(find_draft(work, topic)->notice, facts))
		(void)mx_notice_add(new_draft(work, topic)->notice, facts);
	free(topic);
}

static enum mx_err
tell(struct work *work, const struct mx_store_event *event, const struct mx_turn *turn,
    struct mx_error *err)
{
	struct mx_store *store = work->gather->store;
	struct search search = { .history = { .problem = turn->problem },
		.last = event->id };
	struct mx_store_result *row;
	char *ticket = NULL;

	if (mx_store_events(store, event->source, event->group, 0, note_history, &search,
		err) != MX_OK ||
	    mx_store_cases(
		store, event->source, event->group, keep_ticket, &ticket, err) != MX_OK)
		return err->code;
	row = load_row(store, event, err);
	if (err->code == MX_OK)
		add(work, &(struct mx_notice_facts){
			      .catalogue = work->gather->catalogue,
			      .page = work->gather->page,
			      .event = event,
			      .turn = turn,
			      .since_us = search.history.since_us,
			      .row = row,
			      .ticket = ticket,
			  });
	free(row);
	free(ticket);
	return err->code;
}

static enum mx_err
tell_event(struct work *work, const struct mx_store_event *event, struct mx_error *err)
{
	struct mx_turn turns[MX_PROBLEM_COUNT];
	size_t count = mx_problem_turns(event, turns);

	if (!is_wanted(work->gather, event))
		return MX_OK;
	for (size_t i = 0; i < count; i++) {
		if (turns[i].severity < work->gather->least)
			continue;
		if (work->gather->now_us - event->time_us > MX_GATHER_OLDEST_US) {
			work->out->too_old++;
			break;
		}
		if (tell(work, event, &turns[i], err) != MX_OK)
			return err->code;
	}
	return MX_OK;
}

static void
finish(struct work *work)
{
	struct mx_gathered *out = work->out;

	out->rows = mx_calloc(work->draft_count + 1, sizeof *out->rows);
	for (size_t i = 0; i < work->draft_count; i++)
		out->rows[out->count++] = (struct mx_outbox_row){
			.notice = mx_strdup(work->drafts[i].id),
			.topic = mx_strdup(work->drafts[i].topic),
			.body = mx_notice_text(work->drafts[i].notice),
			.created_us = work->gather->now_us,
			.due_us = work->gather->now_us,
		};
	if (work->event_count > 0)
		out->to = work->events[work->event_count - 1].event.id;
}

static void
clear(struct work *work)
{
	for (size_t i = 0; i < work->event_count; i++)
		for (size_t k = 0; k < EVENT_TEXTS; k++)
			free(work->events[i].texts[k]);
	free(work->events);
	for (size_t i = 0; i < work->draft_count; i++) {
		free(work->drafts[i].topic);
		mx_notice_free(work->drafts[i].notice);
	}
	free(work->drafts);
}

enum mx_err
mx_gather(const struct mx_gather *gather, struct mx_gathered *out, struct mx_error *err)
{
	struct work work = { .gather = gather, .out = out };

	*out = (struct mx_gathered){ .to = gather->from };
	if (mx_store_events_after(gather->store, gather->from, MX_GATHER_EVENTS,
		keep_event, &work, err) == MX_OK) {
		for (size_t i = 0; i < work.event_count; i++)
			if (tell_event(&work, &work.events[i].event, err) != MX_OK)
				break;
		finish(&work);
	}
	clear(&work);
	return err->code;
}

void
mx_gathered_clear(struct mx_gathered *out)
{
	for (size_t i = 0; i < out->count; i++)
		mx_outbox_row_clear(&out->rows[i]);
	free(out->rows);
	*out = (struct mx_gathered){ 0 };
}

static bool
note_time(void *arg, const struct mx_store_event *event)
{
	*(int64_t *)arg = event->time_us;
	return false;
}

enum mx_err
mx_gather_first(
    struct mx_store *store, int64_t from, int64_t *time_us, struct mx_error *err)
{
	*time_us = 0;
	return mx_store_events_after(store, from, 1, note_time, time_us, err);
}
