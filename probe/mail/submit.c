/*
 * submit.c - the course of one submission: addresses, front, thread, judgement. Whatever happens on
 * the way, there is one end, and only a reply that both libesmtp and the front have seen makes
 * something accepted.
 */
#include "probe/mail/submit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "probe/dns/route.h"
#include "probe/mail/answers.h"
#include "probe/mail/check.h"
#include "probe/mail/front.h"
#include "probe/mail/worker.h"

#define CONNECT_US (30 * MX_SECOND_US)
#define STEP_US MX_MINUTE_US
#define TOTAL_US (90 * MX_SECOND_US)
#define ADDRS_MAX 8U
/* How much later than the relay's end libesmtp may come to its own. */
#define SLACK_US (2 * MX_SECOND_US)
#define HELO_MAX 256

struct mx_mail_submission {
	TAILQ_ENTRY(mx_mail_submission) next;
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_mail_route route;
	char *from, *text, *envid, **to;
	size_t to_count;
	bool wants_dsn;
	void (*done)(void *arg, const struct mx_mail_outcome *outcome);
	void *arg;

	char *name; /* HOST:PORT */
	char helo[HELO_MAX];
	char secret[MX_FRONT_SECRET];
	struct mx_tls *tls;
	struct mx_route_search *search;
	struct mx_addr addrs[ADDRS_MAX];
	size_t addr_count, addr_next;
	int64_t deadline_us;
	struct mx_front *front;
	struct mx_worker *worker;
	struct mx_timer *turn; /* what must not happen inside a callback of the front */
	void (*at_turn)(struct mx_mail_submission *one);
	struct mx_timer *last; /* libesmtp itself hangs */

	/* what went wrong; why NULL: nothing yet */
	char *why;
	enum mx_mail_end end;
	enum mx_mail_step step;
	char *refusal;
};
TAILQ_HEAD(submission_list, mx_mail_submission);

/* One at a time, the first is under way: libesmtp writes into tables of its own without a lock. Used
 * on the loop's thread only. */
static struct submission_list all = TAILQ_HEAD_INITIALIZER(all);

static void begin(struct mx_mail_submission *one);

/* ---- the end ---- */

static void
free_submission(struct mx_mail_submission *one)
{
	mx_route_cancel(one->search);
	mx_front_close(one->front); /* before the thread is waited for: it ends with it */
	mx_worker_free(one->worker);
	mx_timer_free(one->turn);
	mx_timer_free(one->last);
	mx_tls_free(one->tls);
	mx_mail_route_clear(&one->route);
	for (size_t i = 0; i < one->to_count; i++)
		free(one->to[i]);
	free(one->to);
	free(one->from);
	free(one->text);
	free(one->envid);
	free(one->name);
	free(one->why);
	free(one->refusal);
	explicit_bzero(one->secret, sizeof one->secret);
	free(one);
}

/* The next in the queue starts from the loop, not from inside whoever ended this one. */
static void
leave_queue(struct mx_mail_submission *one)
{
	bool was_first = TAILQ_FIRST(&all) == one;
	struct mx_mail_submission *next;

	TAILQ_REMOVE(&all, one, next);
	next = TAILQ_FIRST(&all);
	if (was_first && next != NULL)
		begin(next);
}

static void
judge(struct mx_mail_submission *one, struct mx_mail_outcome *outcome,
    struct mx_mail_answer *answers)
{
	struct mx_front_heard nothing = { 0 };
	const struct mx_front_heard *heard =
	    one->front != NULL ? mx_front_heard(one->front) : &nothing;
	bool is_settled;

	*outcome = (struct mx_mail_outcome){ .recipients = answers,
		.count = one->to_count,
		.dsn_offered = heard->dsn,
		.used_tls = one->front != NULL && mx_front_used_tls(one->front) };
	is_settled =
	    one->worker != NULL &&
	    mx_mail_answers_fill(mx_worker_report(one->worker), one->to_count, answers);
	outcome->accepted =
	    is_settled && mx_mail_answers_accept(answers, one->to_count) &&
	    heard->dot_sent && heard->dot_code >= 200 && heard->dot_code < 300;
	if (!heard->dot_sent)
		mx_mail_answers_before_text(answers, one->to_count);
	outcome->in_doubt = heard->dot_sent && heard->dot_code == 0;
	if (is_settled)
		return;
	outcome->end = one->end;
	outcome->why = one->why;
	outcome->stage = mx_mail_step_stage(one->step);
	if (one->refusal != NULL)
		mx_mail_answer_read(one->refusal, outcome->stage, &outcome->refusal);
}

/* libesmtp has ended, and nothing says why: a login is all that it gives up for by itself. */
static void
find_reason(struct mx_mail_submission *one)
{
	const struct mx_front_heard *heard =
	    one->front != NULL ? mx_front_heard(one->front) : NULL;
	const char *trouble =
	    one->worker != NULL ? mx_worker_report(one->worker)->trouble : NULL;

	if (one->why != NULL)
		return;
	one->end = MX_MAIL_BROKEN;
	one->step = MX_MAIL_STEP_LOGIN;
	if (heard != NULL && heard->login_refused != NULL && !heard->logged_in) {
		size_t len = strcspn(heard->login_refused, "\r\n");
		char *said = mx_escape_terminal(heard->login_refused, len);

		one->end = MX_MAIL_REFUSED;
		one->refusal = mx_strdup(heard->login_refused);
		one->why = mx_asprintf("relay %s: refused the login of %s: %s", one->name,
		    one->route.user, said);
		free(said);
		return;
	}
	one->why = mx_asprintf("relay %s: the session ended early%s%s", one->name,
	    trouble != NULL ? ": " : "", trouble != NULL ? trouble : "");
}

static void
finish(struct mx_mail_submission *one)
{
	struct mx_mail_answer *answers = mx_calloc(one->to_count, sizeof *answers);
	void (*done)(void *arg, const struct mx_mail_outcome *outcome) = one->done;
	struct mx_mail_outcome outcome;
	char *why;

	find_reason(one);
	judge(one, &outcome, answers);
	why = mx_strdup(outcome.why);
	outcome.why = why;
	leave_queue(one);
	void *arg = one->arg;
	size_t count = one->to_count;
	free_submission(one);
	done(arg, &outcome);
	free(why);
	free(outcome.refusal.text);
	for (size_t i = 0; i < count; i++)
		free(answers[i].text);
	free(answers);
}

/* ---- what happens a turn later ---- */

static void
on_turn(void *arg)
{
	struct mx_mail_submission *one = arg;

	one->at_turn(one);
}

static void
do_next(struct mx_mail_submission *one, void (*what)(struct mx_mail_submission *one))
{
	one->at_turn = what;
	mx_timer_start(one->turn, 0);
}

static void
fail(struct mx_mail_submission *one, enum mx_mail_end end, enum mx_mail_step step,
    const char *why)
{
	if (one->why != NULL)
		return;
	one->end = end;
	one->step = step;
	one->why = mx_strdup(why); /* NULL: find_reason() has the words */
}

/* ---- the thread ---- */

static void
on_worker_done(void *arg)
{
	finish(arg);
}

/* Without its connection libesmtp comes to an end; then the worker is done. */
static void
cut_off(struct mx_mail_submission *one)
{
	if (one->worker == NULL)
		finish(one);
	else
		mx_front_hang_up(one->front);
}

static void
on_last(void *arg)
{
	struct mx_mail_submission *one = arg;

	fail(one, MX_MAIL_FAILED, MX_MAIL_STEP_QUIT,
	    "libesmtp did not come to an end in time");
	cut_off(one);
}

static void
on_open(void *arg, unsigned port, const char *secret)
{
	struct mx_mail_submission *one = arg;
	struct mx_worker_params params = {
		.port = port,
		.secret = one->secret,
		.user = one->route.user,
		.password = one->route.password,
		.from = one->from,
		.to = one->to,
		.to_count = one->to_count,
		.text = one->text,
		.envid = one->envid,
		.wants_dsn = one->wants_dsn,
		.timeout_us = one->route.timeouts.total_us + 2 * SLACK_US,
	};
	struct mx_error err = { 0 };

	memcpy(one->secret, secret, sizeof one->secret);
	one->worker = mx_worker_start(one->loop, &params, on_worker_done, one, &err);
	if (one->worker != NULL)
		return;
	fail(one, MX_MAIL_FAILED, MX_MAIL_STEP_CONNECT, err.text);
	do_next(one, finish);
}

/* ---- the relay's addresses, one after another ---- */

static void on_front_failed(void *arg, const struct mx_relay_failure *failure);

static const struct mx_front_ops front_ops = {
	.open = on_open,
	.failed = on_front_failed,
};

static void
try_address(struct mx_mail_submission *one)
{
	struct mx_relay_params params = {
		.loop = one->loop,
		.route = &one->route,
		.name = one->name,
		.helo = one->helo,
		.target = one->addrs[one->addr_next++],
		.tls = one->tls,
		.deadline_us = one->deadline_us,
	};
	struct mx_error err = { 0 };

	mx_front_close(one->front);
	free(one->why);
	one->why = NULL;
	one->front = mx_front_start(&params, &front_ops, one, &err);
	if (one->front != NULL)
		return;
	fail(one, MX_MAIL_FAILED, MX_MAIL_STEP_CONNECT, err.text);
	do_next(one, finish);
}

static void
on_front_failed(void *arg, const struct mx_relay_failure *failure)
{
	struct mx_mail_submission *one = arg;

	fail(one, failure->end, failure->step, failure->why);
	if (failure->reply != NULL && one->refusal == NULL)
		one->refusal = mx_strndup(failure->reply->wire, failure->reply->len);
	if (failure->step == MX_MAIL_STEP_CONNECT && one->addr_next < one->addr_count &&
	    mx_clock_mono_us() < one->deadline_us)
		do_next(one, try_address);
	else
		do_next(one, cut_off);
}

static void
add_address(struct mx_mail_submission *one, struct mx_addr addr)
{
	if (one->addr_count == ADDRS_MAX || (one->route.source.family != AF_UNSPEC &&
						one->route.source.family != addr.family))
		return;
	addr.port = one->route.port;
	one->addrs[one->addr_count++] = addr;
}

static void
go(struct mx_mail_submission *one)
{
	if (one->addr_count > 0) {
		try_address(one);
		return;
	}
	if (one->why == NULL) {
		char *why = mx_asprintf(
		    "relay %s: has no address that this source can reach", one->name);

		fail(one, MX_MAIL_BROKEN, MX_MAIL_STEP_CONNECT, why);
		free(why);
	}
	finish(one);
}

static void
on_route(void *arg, struct mx_route *route)
{
	struct mx_mail_submission *one = arg;
	char *why;

	one->search = NULL;
	if (route->why != NULL) {
		why = mx_asprintf("relay %s: %s", one->name, route->why);
		fail(one, MX_MAIL_BROKEN, MX_MAIL_STEP_CONNECT, why);
		free(why);
	}
	for (size_t i = 0; route->host_count > 0 && i < route->hosts[0].addr_count; i++)
		add_address(one, route->hosts[0].addrs[i]);
	mx_route_free(route);
	go(one);
}

/* Names are asked for in DNS, as everywhere in mxprobe; but who writes localhost means this host. */
static void
find_addresses(struct mx_mail_submission *one)
{
	struct mx_addr addr;

	if (mx_addr_parse(one->route.host, &addr)) {
		add_address(one, addr);
		go(one);
	} else if (mx_name_equal(one->route.host, "localhost")) {
		(void)mx_addr_parse("127.0.0.1", &addr);
		add_address(one, addr);
		(void)mx_addr_parse("::1", &addr);
		add_address(one, addr);
		go(one);
	} else {
		one->search = mx_route_find_host(one->resolver, one->route.host,
		    one->route.timeouts.connect_us, on_route, one);
	}
}

static void
begin(struct mx_mail_submission *one)
{
	one->deadline_us = mx_clock_mono_us() + one->route.timeouts.total_us;
	mx_timer_start(one->last, one->route.timeouts.total_us + SLACK_US);
	do_next(one, find_addresses);
}

/* ---- from outside ---- */

static void
set_timeouts(struct mx_mail_timeouts *timeouts)
{
	if (timeouts->total_us <= 0 || timeouts->total_us > TOTAL_US)
		timeouts->total_us = TOTAL_US;
	if (timeouts->connect_us <= 0)
		timeouts->connect_us = CONNECT_US;
	if (timeouts->step_us <= 0)
		timeouts->step_us = STEP_US;
}

/* The name for EHLO: a submission server takes any that is well-formed. */
static void
set_helo(struct mx_mail_submission *one)
{
	char host[HELO_MAX - 16] = "";

	(void)gethostname(host, sizeof host - 1);
	if (one->route.helo != NULL)
		(void)snprintf(one->helo, sizeof one->helo, "%s", one->route.helo);
	else if (mx_name_is_fqdn(host))
		(void)snprintf(one->helo, sizeof one->helo, "%s", host);
	else
		(void)snprintf(one->helo, sizeof one->helo, "%s", "[127.0.0.1]");
}

static void
copy_message(struct mx_mail_submission *one, const struct mx_mail_message *message)
{
	one->from = mx_strdup(message->from);
	one->text = mx_strdup(message->text);
	one->envid = mx_strdup(message->envid);
	one->wants_dsn = message->wants_dsn;
	one->to_count = message->to_count;
	one->to = mx_calloc(message->to_count, sizeof *one->to);
	for (size_t i = 0; i < message->to_count; i++)
		one->to[i] = mx_strdup(message->to[i]);
}

struct mx_mail_submission *
mx_mail_submit(struct mx_loop *loop, struct mx_resolver *resolver,
    const struct mx_mail_route *route, const struct mx_mail_message *message,
    void (*done)(void *arg, const struct mx_mail_outcome *outcome), void *arg,
    struct mx_error *err)
{
	struct mx_mail_submission *one;
	struct mx_tls *tls;

	if (mx_mail_check(route, message, err) != MX_OK)
		return NULL;
	tls = mx_tls_new(route->ca_file, err);
	if (tls == NULL)
		return NULL;
	one = mx_calloc(1, sizeof *one);
	one->loop = loop;
	one->resolver = resolver;
	one->route = mx_mail_route_copy(route);
	one->name = mx_mail_route_text(route);
	one->tls = tls;
	one->done = done;
	one->arg = arg;
	one->turn = mx_timer_new(loop, on_turn, one);
	one->last = mx_timer_new(loop, on_last, one);
	set_timeouts(&one->route.timeouts);
	set_helo(one);
	copy_message(one, message);
	TAILQ_INSERT_TAIL(&all, one, next);
	if (TAILQ_FIRST(&all) == one)
		begin(one);
	return one;
}

void
mx_mail_cancel(struct mx_mail_submission *submission)
{
	if (submission == NULL)
		return;
	leave_queue(submission);
	free_submission(submission);
}
