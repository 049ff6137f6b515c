/*
 * worker.c - one session of libesmtp. smtp_start_session() says "well" also of a session that
 * broke off; so nothing counts but the status of each recipient and of the message.
 */
#include "probe/mail/worker.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In this order: libesmtp.h declares what takes an auth_context_t only behind it. */
#include <auth-client.h>
#include <libesmtp.h>

#include "probe/base/mem.h"
#include "probe/base/thread.h"
#include "probe/net/wake.h"

struct mx_worker {
	struct mx_worker_params params;
	struct mx_worker_report report;
	struct mx_wake *wake;
	void (*done)(void *arg);
	void *arg;
	pthread_t thread;
	bool is_joined;
};

/* ---- in the thread ---- */

/* libesmtp asks for fields by flags; it only reads the strings. */
static int
answer_login(auth_client_request_t request, char **result, int fields, void *arg)
{
	const struct mx_worker_params *params = arg;

	for (int i = 0; i < fields; i++) {
		const char *value = "";

		if ((request[i].flags & AUTH_USER) != 0)
			value = params->user;
		else if ((request[i].flags & AUTH_PASS) != 0)
			value = params->password;
		memcpy(&result[i], &value, sizeof value); /* its type lacks a const */
	}
	return 1;
}

/* Extensions that we ask for and the relay does not offer are done without. */
static void
on_event(smtp_session_t session, int event, void *arg, ...)
{
	va_list more;

	(void)session;
	va_start(more, arg);
	if (event == SMTP_EV_EXTNA_DSN) {
		int *quit = va_arg(more, int *);

		if (quit != NULL)
			*quit = 0;
	}
	va_end(more);
}

static void
set_timeouts(smtp_session_t session, long ms)
{
	static const int which[] = { Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA,
		Timeout_TRANSFER, Timeout_DATA2 };

	for (size_t i = 0; i < sizeof which / sizeof *which; i++)
		(void)smtp_set_timeout(
		    session, which[i] | Timeout_OVERRIDE_RFC2822_MINIMUM, ms);
}

static void
add_message(
    struct mx_worker *worker, smtp_session_t session, smtp_recipient_t *recipients)
{
	const struct mx_worker_params *params = &worker->params;
	smtp_message_t message = smtp_add_message(session);
	void *text;

	memcpy(&text, &params->text, sizeof text); /* read only, whatever its type says */
	(void)smtp_set_reverse_path(message, *params->from != '\0' ? params->from : NULL);
	(void)smtp_set_message_str(message, text);
	if (params->wants_dsn) {
		(void)smtp_dsn_set_ret(message, Ret_HDRS);
		if (params->envid != NULL)
			(void)smtp_dsn_set_envid(message, params->envid);
	}
	for (size_t i = 0; i < params->to_count; i++) {
		recipients[i] = smtp_add_recipient(message, params->to[i]);
		if (params->wants_dsn)
			(void)smtp_dsn_set_notify(
			    recipients[i], Notify_FAILURE | Notify_DELAY);
	}
}

static struct mx_worker_status
copy_status(const smtp_status_t *status)
{
	if (status == NULL)
		return (struct mx_worker_status){ 0 };
	return (struct mx_worker_status){ status->code, mx_strdup(status->text) };
}

static void
take_sender_and_message(smtp_message_t message, void *arg)
{
	struct mx_worker_report *report = arg;

	report->sender = copy_status(smtp_reverse_path_status(message));
	report->message = copy_status(smtp_message_transfer_status(message));
}

static void
run_session(struct mx_worker *worker, smtp_session_t session)
{
	const struct mx_worker_params *params = &worker->params;
	smtp_recipient_t *recipients = mx_calloc(params->to_count, sizeof *recipients);
	char server[32], trouble[128];

	(void)snprintf(server, sizeof server, "127.0.0.1:%u", params->port);
	(void)smtp_set_server(session, server);
	(void)smtp_set_hostname(session, params->secret);
	(void)smtp_set_eventcb(session, on_event, NULL);
	(void)smtp_starttls_enable(session, Starttls_DISABLED);
	set_timeouts(session, (long)(params->timeout_us / 1000));
	add_message(worker, session, recipients);
	if (smtp_start_session(session) == 0)
		worker->report.trouble =
		    mx_strdup(smtp_strerror(smtp_errno(), trouble, sizeof trouble));
	(void)smtp_enumerate_messages(session, take_sender_and_message, &worker->report);
	for (size_t i = 0; i < params->to_count; i++)
		worker->report.recipients[i] =
		    copy_status(smtp_recipient_status(recipients[i]));
	free(recipients);
}

static void *
work(void *arg)
{
	struct mx_worker *worker = arg;
	smtp_session_t session = smtp_create_session();
	auth_context_t login = NULL;

	if (session == NULL)
		mx_out_of_memory();
	if (worker->params.user != NULL) {
		auth_client_init();
		login = auth_create_context();
		(void)auth_set_mechanism_flags(login, AUTH_PLUGIN_PLAIN, 0);
		(void)auth_set_interact_cb(login, answer_login, &worker->params);
		(void)smtp_auth_set_context(session, login);
	}
	run_session(worker, session);
	(void)smtp_destroy_session(session);
	if (login != NULL) {
		(void)auth_destroy_context(login);
		auth_client_exit();
	}
	mx_wake_ring(worker->wake);
	return NULL;
}

/* ---- on the loop ---- */

static void
join(struct mx_worker *worker)
{
	if (!worker->is_joined)
		(void)pthread_join(worker->thread, NULL);
	worker->is_joined = true;
}

static void
on_ring(void *arg)
{
	struct mx_worker *worker = arg;

	join(worker);
	worker->done(worker->arg);
}

struct mx_worker *
mx_worker_start(struct mx_loop *loop, const struct mx_worker_params *params,
    void (*done)(void *arg), void *arg, struct mx_error *err)
{
	struct mx_worker *worker = mx_calloc(1, sizeof *worker);
	int code;

	*worker = (struct mx_worker){ .params = *params, .done = done, .arg = arg };
	worker->report.recipients =
	    mx_calloc(params->to_count, sizeof *worker->report.recipients);
	worker->wake = mx_wake_new(loop, on_ring, worker, err);
	code = worker->wake != NULL ? mx_thread_start(&worker->thread, work, worker) : 0;
	if (code != 0)
		mx_error_sys(err, code, "no thread can be started to send mail");
	if (worker->wake == NULL || code != 0) {
		worker->is_joined = true;
		mx_worker_free(worker);
		return NULL;
	}
	return worker;
}

const struct mx_worker_report *
mx_worker_report(const struct mx_worker *worker)
{
	return &worker->report;
}

void
mx_worker_free(struct mx_worker *worker)
{
	if (worker == NULL)
		return;
	join(worker);
	mx_wake_free(worker->wake);
	for (size_t i = 0; i < worker->params.to_count; i++)
		free(worker->report.recipients[i].text);
	free(worker->report.recipients);
	free(worker->report.sender.text);
	free(worker->report.message.text);
	free(worker->report.trouble);
	free(worker);
}
