/* post.c - two things go on side by side: events become notices when they have waited for their like,
 * and notices leave one at a time. Every step is in the store before the next is taken. */
#include "probe/watch/alert/post.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/duration.h"
#include "probe/base/hash.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/watch/alert/backoff.h"
#include "probe/watch/alert/gather.h"

/* With so many waiting, events stay where they are: in the store, for as long as need be. */
#define WAITING_MOST 1000
#define OLDEST_US MX_GATHER_OLDEST_US
/* Of a store that can't be read or written now. */
#define MISHAP_US (10 * MX_SECOND_US)
/* A wall clock may be set: whoever waits for it looks again so often. */
#define LOOK_US (600 * MX_SECOND_US)
/* Later than any due time can be: the clock was set back. */
#define FAR_US (25 * MX_HOUR_US)

struct mx_post {
	const struct mx_post_office *office;
	struct mx_receiver receiver;
	struct mx_receiver
	    next; /* takes the place of receiver when nothing is under way */
	struct mx_timer *gathering, *sending;
	bool is_enrolled, is_gathering, is_filling, is_closing, is_gone;
	struct mx_send *send;
	struct mx_outbox_row row; /* that is sent, or settled */
	enum {
		NOTHING_TO_SETTLE,
		ROW_TO_DROP,
		ROW_TO_PUT_OFF
	} to_settle;
	bool is_settling;
	int64_t due_us;
	unsigned jobs; /* of the store's writer that will still answer */
	struct mx_alerts_counts counts;
};

static void send_next(struct mx_post *post);

/* ---- the end ---- */

static void
destroy(struct mx_post *post)
{
	mx_receiver_clear(&post->receiver);
	mx_receiver_clear(&post->next);
	mx_outbox_row_clear(&post->row);
	free(post);
}

/* The store answers every job, also when nobody wants to know any more. */
static bool
is_answer_wanted(struct mx_post *post)
{
	post->jobs--;
	if (!post->is_gone)
		return true;
	if (post->jobs == 0)
		destroy(post);
	return false;
}

void
mx_post_free(struct mx_post *post)
{
	if (post == NULL)
		return;
	mx_send_cancel(post->send);
	mx_timer_free(post->gathering);
	mx_timer_free(post->sending);
	post->send = NULL;
	post->gathering = post->sending = NULL;
	post->is_gone = true;
	if (post->jobs == 0)
		destroy(post);
}

static bool
is_idle(const struct mx_post *post)
{
	return post->send == NULL && !post->is_settling && !post->is_filling;
}

/* True: it is gone. */
static bool
close_if_over(struct mx_post *post)
{
	if (!post->is_closing || !is_idle(post))
		return false;
	post->office->closed(post->office->arg, post);
	return true;
}

/* ---- events become notices ---- */

static void
tell_mishap(const struct mx_post *post, const char *what, const struct mx_error *err)
{
	mx_log(MX_LOG_ERROR, "%s: %s: %s; trying again", post->receiver.name, what,
	    err->text);
}

static void
gather_in(struct mx_post *post, int64_t us)
{
	post->is_gathering = true;
	mx_timer_start(post->gathering, us);
}

/* The first event that nobody has told of says when: its like may still come. */
void
mx_post_poke(struct mx_post *post)
{
	struct mx_store *store = post->office->store;
	struct mx_error err = { 0 };
	int64_t from, first_us, waited_us;

	if (!post->office->is_open || post->receiver.at != NULL || !post->is_enrolled ||
	    post->is_gathering || post->is_filling || post->is_closing)
		return;
	if (mx_outbox_position(store, post->receiver.key, &from, &err) != MX_OK ||
	    mx_gather_first(store, from, &first_us, &err) != MX_OK) {
		tell_mishap(post, "events can't be read", &err);
		gather_in(post, MISHAP_US);
		return;
	}
	if (first_us == 0)
		return;
	waited_us = mx_clock_wall_us() - first_us;
	if (waited_us < 0)
		waited_us = 0;
	gather_in(post, waited_us < post->receiver.group_wait_us
			    ? post->receiver.group_wait_us - waited_us
			    : 0);
}

static void
on_filled(void *arg, bool is_ours, const struct mx_error *err)
{
	struct mx_post *post = arg;

	(void)is_ours; /* another process took them, and we look where it left off */
	if (!is_answer_wanted(post))
		return;
	post->is_filling = false;
	if (close_if_over(post))
		return;
	if (err != NULL) {
		tell_mishap(post, "events can't be taken", err);
		gather_in(post, MISHAP_US);
		return;
	}
	send_next(post);
	mx_post_poke(post);
}

static void
fill(struct mx_post *post, int64_t from, const struct mx_gathered *found)
{
	if (found->too_old > 0) {
		post->counts.expired += found->too_old;
		mx_log(MX_LOG_ERROR,
		    "%s: %zu events are not told of: they are older than 72 h",
		    post->receiver.name, found->too_old);
	}
	if (found->to == from)
		return;
	post->is_filling = true;
	post->jobs++;
	mx_outbox_fill(post->office->store, &(struct mx_outbox_filling){
						.receiver = post->receiver.key,
						.from = from,
						.to = found->to,
						.rows = found->rows,
						.count = found->count,
						.done = on_filled,
						.arg = post,
					    });
}

static void
on_gathering(void *arg)
{
	struct mx_post *post = arg;
	struct mx_store *store = post->office->store;
	struct mx_gather gather = {
		.store = store,
		.catalogue = post->office->catalogue,
		.page = post->office->page,
		.only = post->receiver.only,
		.only_count = post->receiver.only_count,
		.least = post->receiver.least,
		.now_us = mx_clock_wall_us(),
	};
	struct mx_gathered found = { 0 };
	struct mx_error err = { 0 };
	int64_t waiting;

	post->is_gathering = false;
	if (mx_outbox_count(store, post->receiver.key, &waiting, &err) == MX_OK &&
	    waiting < WAITING_MOST &&
	    mx_outbox_position(store, post->receiver.key, &gather.from, &err) == MX_OK &&
	    mx_gather(&gather, &found, &err) == MX_OK)
		fill(post, gather.from, &found);
	if (err.code != MX_OK) {
		tell_mishap(post, "events can't be read", &err);
		gather_in(post, MISHAP_US);
	}
	mx_gathered_clear(&found);
}

/* ---- notices leave ---- */

static void
on_settled(void *arg, const struct mx_error *err)
{
	struct mx_post *post = arg;

	if (!is_answer_wanted(post))
		return;
	post->is_settling = false;
	/* What was sent must not be sent again because the disk is full. */
	if (err != NULL) {
		tell_mishap(post, "what became of a notice can't be written", err);
		mx_timer_start(post->sending, MISHAP_US);
	} else {
		post->to_settle = NOTHING_TO_SETTLE;
		mx_outbox_row_clear(&post->row);
	}
	if (close_if_over(post) || err != NULL)
		return;
	send_next(post);
	mx_post_poke(post);
}

static void
settle(struct mx_post *post)
{
	post->is_settling = true;
	post->jobs++;
	if (post->to_settle == ROW_TO_DROP)
		mx_outbox_drop(post->office->store, post->row.id, on_settled, post);
	else
		mx_outbox_put_off(
		    post->office->store, post->row.id, post->due_us, on_settled, post);
}

static void
give_up(struct mx_post *post, const char *why)
{
	mx_log(MX_LOG_ERROR, "%s: notice %s is given up: %s", post->receiver.name,
	    post->row.notice, why);
	post->to_settle = ROW_TO_DROP;
	settle(post);
}

static void
put_off(struct mx_post *post, const struct mx_send_outcome *outcome)
{
	const char *id = post->row.notice;
	int64_t failed = post->row.tries + 1;
	int64_t wait_us = mx_backoff_us(
	    failed, outcome->asked_us, mx_hash(id, strlen(id), (uint64_t)failed));
	int64_t unit_us = wait_us < 2 * MX_MINUTE_US ? MX_SECOND_US : MX_MINUTE_US;
	char text[MX_DURATION_TEXT];

	mx_log(MX_LOG_WARNING, "%s: notice %s: %s; trying again in %s",
	    post->receiver.name, id, outcome->why,
	    mx_duration_text(wait_us - wait_us % unit_us, text));
	post->counts.failed++;
	post->due_us = mx_clock_wall_us() + wait_us;
	post->to_settle = ROW_TO_PUT_OFF;
	settle(post);
}

static void
on_sent(void *arg, const struct mx_send_outcome *outcome)
{
	struct mx_post *post = arg;

	post->send = NULL;
	switch (outcome->end) {
	case MX_SEND_TAKEN:
		mx_log(MX_LOG_INFO, "%s: notice %s: %s", post->receiver.name,
		    post->row.notice, outcome->why);
		post->counts.sent++;
		post->to_settle = ROW_TO_DROP;
		settle(post);
		break;
	case MX_SEND_AGAIN:
		put_off(post, outcome);
		break;
	case MX_SEND_REFUSED:
		post->counts.refused++;
		give_up(post, outcome->why);
		break;
	}
}

static void
send_row(struct mx_post *post)
{
	int64_t now_us = mx_clock_wall_us(), wait_us = post->row.due_us - now_us;

	if (now_us - post->row.created_us > OLDEST_US) {
		post->counts.expired++;
		give_up(post, "it has waited for 72 h");
	} else if (wait_us > 0 && wait_us < FAR_US) {
		mx_timer_start(post->sending, wait_us < LOOK_US ? wait_us : LOOK_US);
	} else {
		post->send = mx_send_start(&post->receiver, &post->office->tools,
		    &(struct mx_send_notice){
			.id = post->row.notice,
			.topic = post->row.topic,
			.body = post->row.body,
			.created_us = post->row.created_us,
		    },
		    on_sent, post);
	}
}

static void
send_next(struct mx_post *post)
{
	struct mx_error err = { 0 };

	if (!post->office->is_open || !post->is_enrolled || post->is_closing ||
	    !is_idle(post))
		return;
	if (post->to_settle != NOTHING_TO_SETTLE) {
		settle(post);
		return;
	}
	if (post->next.key != NULL) {
		mx_receiver_clear(&post->receiver);
		post->receiver = post->next;
		post->next = (struct mx_receiver){ 0 };
	}
	mx_outbox_row_clear(&post->row);
	if (mx_outbox_next(post->office->store, post->receiver.key, &post->row, &err) !=
	    MX_OK) {
		tell_mishap(post, "waiting notices can't be read", &err);
		mx_timer_start(post->sending, MISHAP_US);
	} else if (post->row.id != 0) {
		send_row(post);
	}
}

/* ---- notices of no event ---- */

static void
on_put(void *arg, const struct mx_error *err)
{
	struct mx_post *post = arg;

	if (!is_answer_wanted(post))
		return;
	if (err != NULL)
		mx_log(MX_LOG_ERROR, "%s: a report can't be written down: %s",
		    post->receiver.name, err->text);
	send_next(post);
}

void
mx_post_put(struct mx_post *post, const struct mx_outbox_row *row)
{
	post->jobs++;
	mx_outbox_put(post->office->store, post->receiver.key, row, on_put, post);
}

/* ---- a receiver's time ---- */

void
mx_post_wake(struct mx_post *post)
{
	send_next(post);
	mx_post_poke(post);
}

static void
on_enrolled(void *arg, const struct mx_error *err)
{
	struct mx_post *post = arg;

	if (!is_answer_wanted(post))
		return;
	post->is_enrolled = err == NULL;
	if (close_if_over(post))
		return;
	if (err != NULL) {
		tell_mishap(post, "it can't be enrolled", err);
		mx_timer_start(post->sending, MISHAP_US);
		return;
	}
	send_next(post);
	mx_post_poke(post);
}

static void
enrol(struct mx_post *post)
{
	post->jobs++;
	mx_outbox_enrol(post->office->store, post->receiver.key, on_enrolled, post);
}

static void
on_sending(void *arg)
{
	struct mx_post *post = arg;

	if (close_if_over(post))
		return;
	if (!post->is_enrolled)
		enrol(post);
	else
		send_next(post);
}

struct mx_post *
mx_post_open(const struct mx_post_office *office, struct mx_receiver *receiver)
{
	struct mx_post *post = mx_calloc(1, sizeof *post);

	post->office = office;
	post->receiver = *receiver;
	*receiver = (struct mx_receiver){ 0 };
	post->gathering = mx_timer_new(office->tools.loop, on_gathering, post);
	post->sending = mx_timer_new(office->tools.loop, on_sending, post);
	enrol(post);
	return post;
}

/* What is being sent still reads the old entry. */
void
mx_post_change(struct mx_post *post, struct mx_receiver *receiver)
{
	mx_receiver_clear(&post->next);
	post->next = *receiver;
	*receiver = (struct mx_receiver){ 0 };
	send_next(post);
}

const struct mx_receiver *
mx_post_receiver(const struct mx_post *post)
{
	return &post->receiver;
}

void
mx_post_close(struct mx_post *post)
{
	mx_timer_stop(post->gathering);
	post->is_closing = true;
	if (is_idle(post))
		mx_timer_start(post->sending, 0);
}

void
mx_post_count(const struct mx_post *post, struct mx_alerts_counts *counts)
{
	struct mx_error ignored = { 0 };
	int64_t waiting = 0;

	/* A store that can't be read is told of elsewhere. */
	if (mx_outbox_count(
		post->office->store, post->receiver.key, &waiting, &ignored) != MX_OK)
		waiting = 0;
	counts->sent += post->counts.sent;
	counts->failed += post->counts.failed;
	counts->refused += post->counts.refused;
	counts->expired += post->counts.expired;
	counts->waiting += (uint64_t)waiting;
}
