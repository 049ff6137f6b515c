/*
 * session.c - one session from dial to goodbye. The engine decides what to say; this file feeds it
 * replies, keeps its deadlines, writes everything down, and turns each way a conversation
 * can break into exactly one end.
 *
 * Two habits of servers shape it. A refusal may be followed by a close or a reset at
 * once, so bytes are read before anything is concluded from the close. And a reply may
 * come with bytes behind it that nobody asked for: after STARTTLS that is an attack
 * (response injection), anywhere else the two sides no longer agree which reply belongs
 * to which command.
 */
#include "probe/smtp/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/net/stream.h"
#include "probe/smtp/ehlo.h"
#include "probe/smtp/engine.h"
#include "probe/reply.h"
#include "probe/smtp/tls_terms.h"

#define SECOND 1000000LL
#define SESSION_LIMIT ((size_t)256 * 1024)
/* EHLO, MAIL and RCPT lines: RFC 5321 4.5.3.1.4 allows 512, mailboxes and names are bounded. */
#define COMMAND_MAX 1024

static const char torn_text[] = "the reply changed its code and never came to an end";

struct mx_session {
	struct mx_session_params params;
	struct mx_loop *loop;
	struct mx_stream *stream;
	struct mx_timer *timer;
	struct mx_transcript *transcript;
	struct mx_reply_reader reader;
	struct mx_ehlo ehlo;
	struct mx_engine engine;
	int64_t start_us;   /* monotonic */
	int64_t asked_us;   /* since start: the current step began */
	size_t received;    /* bytes */
	size_t reply_first; /* line index where the current reply began */
	bool connected;     /* the engine runs */
	bool finished;
};

struct mx_timeouts
mx_session_defaults(void)
{
	/* Far below RFC 5321 4.5.3.2's five minutes: those protect mail, we only ask.
	 * Slow banners of 10 to 45 s are normal (laposte.net, tarpits). 90 s in all is
	 * the politeness bound. */
	return (struct mx_timeouts){
		.connect_us = 30 * SECOND,
		.banner_us = 75 * SECOND,
		.command_us = 45 * SECOND,
		.tls_us = 30 * SECOND,
		.quit_us = 5 * SECOND,
		.total_us = 90 * SECOND,
	};
}

static struct mx_timeouts
with_defaults(struct mx_timeouts given)
{
	struct mx_timeouts defaults = mx_session_defaults();

	return (struct mx_timeouts){
		.connect_us =
		    given.connect_us > 0 ? given.connect_us : defaults.connect_us,
		.banner_us = given.banner_us > 0 ? given.banner_us : defaults.banner_us,
		.command_us =
		    given.command_us > 0 ? given.command_us : defaults.command_us,
		.tls_us = given.tls_us > 0 ? given.tls_us : defaults.tls_us,
		.quit_us = given.quit_us > 0 ? given.quit_us : defaults.quit_us,
		.total_us = given.total_us > 0 ? given.total_us : defaults.total_us,
	};
}

static int64_t
elapsed_us(const struct mx_session *session)
{
	return mx_clock_mono_us() - session->start_us;
}

static enum mx_stage
current_stage(const struct mx_session *session)
{
	return session->connected ? mx_step_stage(session->engine.step)
				  : MX_STAGE_CONNECT;
}

static void
write_down(struct mx_session *session, enum mx_speaker from, const char *text, size_t len)
{
	struct mx_transcript *transcript = session->transcript;
	size_t index = mx_transcript_add(
	    transcript, elapsed_us(session), current_stage(session), from, text, len);

	if (session->params.line != NULL && index < transcript->line_count)
		session->params.line(session->params.arg, &transcript->lines[index]);
}

static void
remark(struct mx_session *session, const char *text)
{
	write_down(session, MX_FROM_PROBE, text, strlen(text));
}

/* ---- the end ---- */

static void
hand_over(void *arg)
{
	struct mx_session *session = arg;
	struct mx_transcript *transcript = session->transcript;
	void (*done)(void *, struct mx_transcript *) = session->params.done;
	void *done_arg = session->params.arg;

	mx_stream_close(session->stream);
	mx_timer_free(session->timer);
	mx_reply_clear(&session->reader);
	free(session);
	done(done_arg, transcript);
}

/* The one way out. Deferred, so that nothing above us on the stack is freed under it. */
static void
finish(struct mx_session *session, enum mx_end end, const char *detail)
{
	if (session->finished)
		return;
	session->finished = true;
	mx_timer_stop(session->timer);
	session->transcript->helo_fallback = session->engine.helo_fallback;
	if (session->transcript->tls.seen == MX_TLS_NOT_OFFERED)
		session->transcript->tls.seen = session->engine.tls;
	mx_tls_terms_conclude(&session->params, session->transcript);
	mx_transcript_end(session->transcript, elapsed_us(session), end,
	    current_stage(session), detail);
	mx_loop_defer(session->loop, hand_over, session);
}

/* wire: a command with its CRLF; the transcript keeps it without. */
static void
send_line(struct mx_session *session, const char *wire, size_t len)
{
	write_down(session, MX_FROM_CLIENT, wire, len - 2);
	mx_stream_write(session->stream, wire, len);
}

/* Behind the last line of a greeting the peer listens, whatever we think of it. */
static bool
peer_listens(const struct mx_session *session)
{
	if (!session->connected)
		return false;
	return mx_step_hears_commands(session->engine.step) ||
	       (session->engine.step == MX_STEP_BANNER && session->reader.complete);
}

/* Promise: QUIT in every ending where the peer still listens. mx_stream_close sends it
 * and reads what still comes, so that it is not lost to a reset. */
static void
give_up(struct mx_session *session, enum mx_end end, const char *detail)
{
	if (session->finished)
		return;
	if (detail != NULL)
		remark(session, detail);
	if (peer_listens(session)) {
		send_line(session, "QUIT\r\n", 6);
		session->transcript->quit_sent = true;
	}
	finish(session, end, detail);
}

/* ---- deadlines ---- */

static int64_t
step_timeout(const struct mx_session *session)
{
	const struct mx_timeouts *timeouts = &session->params.timeouts;

	if (!session->connected)
		return timeouts->connect_us;
	switch (session->engine.step) {
	case MX_STEP_BANNER:
		return timeouts->banner_us;
	case MX_STEP_TLS:
		return timeouts->tls_us;
	case MX_STEP_QUIT:
	case MX_STEP_DONE:
		return timeouts->quit_us;
	case MX_STEP_EHLO:
	case MX_STEP_HELO:
	case MX_STEP_STARTTLS:
	case MX_STEP_EHLO_TLS:
	case MX_STEP_MAIL:
	case MX_STEP_RCPT:
	case MX_STEP_RSET:
	case MX_STEP_COUNT:
		break;
	}
	return timeouts->command_us;
}

/* One timer serves both deadlines: whichever comes first. */
static void
set_deadline(struct mx_session *session)
{
	int64_t left = session->params.timeouts.total_us - elapsed_us(session);
	int64_t step = step_timeout(session);

	mx_timer_start(session->timer, step < left ? step : left > 0 ? left : 0);
}

/* The bytes of a line whose end never came: evidence, but no reply. */
static void
keep_partial_line(struct mx_session *session)
{
	const struct mx_buf *pending = &session->reader.pending;

	if (!session->reader.line_given && pending->len > 0)
		write_down(session, MX_FROM_SERVER, pending->data, pending->len);
}

/* "220-" then "521-" and nothing more: neither code has the last word. */
static bool
is_torn(const struct mx_session *session)
{
	return session->reader.mixed_codes && mx_reply_is_partial(&session->reader);
}

static void
on_deadline(void *arg)
{
	struct mx_session *session = arg;
	bool total = elapsed_us(session) >= session->params.timeouts.total_us;

	keep_partial_line(session);
	if (!session->connected)
		give_up(session, MX_END_FILTERED, "no answer to our connection attempt");
	else if (session->engine.step == MX_STEP_QUIT)
		finish(session, MX_END_QUIT, NULL); /* we said it; nobody has to answer */
	else if (is_torn(session))
		give_up(session, MX_END_MIXED_CODES, torn_text);
	else if (total)
		give_up(session, MX_END_SESSION_TIMEOUT, "the session's time is up");
	else
		give_up(session, MX_END_TIMEOUT, "no reply before the deadline");
}

/* ---- the engine's hands ---- */

static void
on_enter(void *arg, enum mx_step step)
{
	struct mx_session *session = arg;

	(void)step;
	session->asked_us = elapsed_us(session);
	session->reply_first = session->transcript->line_count;
	session->ehlo = (struct mx_ehlo){ 0 };
	set_deadline(session);
}

static void
on_say(void *arg, const char *verb, const char *argument, const char *tail)
{
	struct mx_session *session = arg;
	char line[COMMAND_MAX];
	int len = snprintf(line, sizeof line, "%s%s%s\r\n", verb, argument, tail);

	if (len < 0 || (size_t)len >= sizeof line) {
		finish(session, MX_END_LOCAL, "a command longer than 1,021 bytes");
		return;
	}
	send_line(session, line, (size_t)len);
	session->reply_first = session->transcript->line_count;
	if (session->engine.step == MX_STEP_QUIT)
		session->transcript->quit_sent = true;
}

static void
on_start_tls(void *arg)
{
	struct mx_session *session = arg;

	mx_stream_start_tls(session->stream, session->params.tls, session->params.mx_host,
	    session->params.dane);
}

static void
on_tls_unmet(void *arg, enum mx_end end)
{
	struct mx_session *session = arg;

	mx_transcript_end(session->transcript, elapsed_us(session), end,
	    current_stage(session),
	    end == MX_END_TLS_MISSING
		? "TLS is required and was not offered"
		: mx_tls_terms_unmet(&session->params, &session->transcript->tls));
}

static void
on_engine_done(void *arg)
{
	finish(arg, MX_END_QUIT, NULL);
}

static const struct mx_engine_ops engine_ops = {
	.enter = on_enter,
	.say = on_say,
	.start_tls = on_start_tls,
	.tls_unmet = on_tls_unmet,
	.done = on_engine_done,
};

/* ---- replies ---- */

static void
record_reply(struct mx_session *session)
{
	struct mx_transcript *transcript = session->transcript;
	struct mx_reply_record record = {
		.stage = current_stage(session),
		.code = session->reader.code,
		.enhanced = session->reader.enhanced,
		.first_line = session->reply_first,
		.lines = transcript->line_count - session->reply_first,
		.asked_us = session->asked_us,
		.done_us = elapsed_us(session),
		.mixed_codes = session->reader.mixed_codes,
	};

	mx_transcript_add_reply(transcript, &record);
	if (session->engine.step == MX_STEP_QUIT)
		transcript->quit_answered = true;
}

static bool
is_refusal(int code)
{
	return code >= 400;
}

/* Bytes behind a complete reply. Behind a refusal they don't matter: what they say can't
 * undo it, and servers do add a "421 closing" there. */
static bool
tolerates_rest(const struct mx_session *session, enum mx_step asked)
{
	return asked == MX_STEP_QUIT || asked == MX_STEP_RSET ||
	       is_refusal(session->reader.code);
}

/* Empty lines are tolerated within a reply, and so behind it: whether they come in the same packet
 * is chance. Not where the peer's next byte has to be TLS. */
static bool
is_blank(const char *rest, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (rest[i] != '\r' && rest[i] != '\n')
			return false;
	return true;
}

static void
complete_reply(struct mx_session *session, const char *rest, size_t rest_len)
{
	enum mx_step asked = session->engine.step;

	record_reply(session);
	if (asked != MX_STEP_STARTTLS && is_blank(rest, rest_len))
		rest_len = 0;
	if (rest_len > 0 && !tolerates_rest(session, asked)) {
		bool injected = asked == MX_STEP_STARTTLS && session->reader.code == 220;

		/* Behind STARTTLS's 220 the peer waits for a handshake: no QUIT in plaintext. */
		if (injected) {
			write_down(
			    session, MX_FROM_SERVER, rest, strnlen(rest, rest_len));
			remark(session, "plaintext behind the reply to STARTTLS");
			finish(session, MX_END_INJECTION,
			    "plaintext behind the reply to STARTTLS");
		} else {
			give_up(session, MX_END_DESYNC, "text behind a complete reply");
		}
		return;
	}
	mx_engine_reply(&session->engine, session->reader.code, session->ehlo.starttls);
}

static void
take_line(struct mx_session *session)
{
	write_down(
	    session, MX_FROM_SERVER, session->reader.line, session->reader.line_len);
	mx_ehlo_line(&session->ehlo, session->reader.text, session->reader.text_len);
}

/* A line that is no reply. Before the greeting is complete nothing may be said to this peer. */
static void
refuse_line(struct mx_session *session, enum mx_reply_status status)
{
	if (status == MX_REPLY_BAD_LINE) {
		write_down(session, MX_FROM_SERVER, session->reader.line,
		    session->reader.line_len);
		give_up(session, MX_END_NOT_SMTP, "a line that is no SMTP reply");
	} else if (status == MX_REPLY_LINE_TOO_LONG) {
		give_up(session, MX_END_LINE_LIMIT, "a line of more than 4 KiB");
	} else {
		give_up(session, MX_END_REPLY_LIMIT, "a reply of more than 64 KiB");
	}
}

static void
on_data(void *arg, const uint8_t *bytes, size_t len)
{
	struct mx_session *session = arg;
	const char *data = (const char *)bytes;

	session->received += len;
	while (len > 0 && !session->finished) {
		enum mx_reply_status status =
		    mx_reply_feed(&session->reader, &data, &len);

		if (status == MX_REPLY_NEEDS_BYTES)
			break;
		if (status != MX_REPLY_LINE && status != MX_REPLY_LAST_LINE) {
			refuse_line(session, status);
			break;
		}
		take_line(session);
		if (status == MX_REPLY_LAST_LINE) {
			complete_reply(session, data, len);
			break; /* what is left was judged there */
		}
	}
	if (!session->finished && session->received > SESSION_LIMIT)
		give_up(
		    session, MX_END_SESSION_LIMIT, "more than 256 KiB in one session");
}

/* ---- the stream's events ---- */

static void
on_connected(void *arg)
{
	struct mx_session *session = arg;

	session->transcript->connected_us = elapsed_us(session);
	remark(session, "connected");
	session->connected = true;
	mx_engine_start(&session->engine, &session->params, &engine_ops, session);
}

static void
remark_tls(struct mx_session *session)
{
	char *lines[MX_TLS_REMARKS];
	size_t count =
	    mx_tls_terms_remarks(&session->params, &session->transcript->tls, lines);

	for (size_t i = 0; i < count; i++) {
		remark(session, lines[i]);
		free(lines[i]);
	}
}

static void
on_secured(void *arg, struct mx_tls_facts *facts)
{
	struct mx_session *session = arg;

	session->transcript->tls = *facts;
	*facts = (struct mx_tls_facts){ 0 };
	session->transcript->tls_done_us = elapsed_us(session);
	remark_tls(session);
	mx_engine_secured(&session->engine,
	    mx_tls_terms_unmet(&session->params, &session->transcript->tls) == NULL);
}

static void
on_ended(void *arg, enum mx_end end, const char *text, struct mx_tls_facts *facts)
{
	struct mx_session *session = arg;

	if (facts != NULL) {
		session->transcript->tls = *facts;
		*facts = (struct mx_tls_facts){ 0 };
	}
	keep_partial_line(session);
	if (text != NULL)
		remark(session, text);
	if (session->connected && session->engine.step == MX_STEP_QUIT) {
		end = MX_END_QUIT; /* closing is an answer to QUIT, too */
	} else if (session->connected && session->reader.mixed_codes &&
		   mx_reply_is_partial(&session->reader)) {
		end = MX_END_MIXED_CODES;
		text = "the reply changed its code and never came to an end";
	}
	finish(session, end, text);
}

static const struct mx_stream_ops stream_ops = {
	.connected = on_connected,
	.data = on_data,
	.secured = on_secured,
	.ended = on_ended,
};

/* ---- from outside ---- */

static void
dial(struct mx_session *session)
{
	struct mx_error err = { 0 };

	session->stream = mx_stream_dial(session->loop, &session->params.source,
	    &session->params.target, &stream_ops, session, &err);
	if (session->stream == NULL)
		finish(session, MX_END_LOCAL, err.text);
	else
		set_deadline(session);
}

struct mx_session *
mx_session_start(struct mx_loop *loop, const struct mx_session_params *params)
{
	struct mx_session *session = mx_calloc(1, sizeof *session);

	session->params = *params;
	session->params.timeouts = with_defaults(params->timeouts);
	session->loop = loop;
	session->transcript = mx_transcript_new();
	session->timer = mx_timer_new(loop, on_deadline, session);
	session->start_us = mx_clock_mono_us();
	mx_reply_init(&session->reader);
	dial(session);
	return session;
}

void
mx_session_cancel(struct mx_session *session)
{
	give_up(session, MX_END_CANCELLED, "stopped by us");
}
