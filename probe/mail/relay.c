/*
 * relay.c - greeting, STARTTLS or TLS, then replies one by one. What libesmtp does not see to is
 * seen to here: nothing behind STARTTLS's reply is believed, no reply is taken before something was
 * asked, and each wait has its end.
 */
#include "probe/mail/relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/net/stream.h"
#include "probe/reply.h"

#define SESSION_LIMIT ((size_t)256 * 1024)
#define QUIT_US (5 * MX_SECOND_US)
#define TEXT_SHOWN 400 /* bytes of a reply in a sentence */
/* What libesmtp reads as one line; nobody says so much in one line but to do harm. */
#define TEXT_PASSED 900

struct mx_relay {
	struct mx_relay_params params;
	const struct mx_relay_ops *ops;
	void *arg;
	struct mx_stream *stream;
	struct mx_timer *timer;
	struct mx_reply_reader reader;
	struct mx_buf wire; /* the current reply, cleaned */
	enum mx_mail_step step;
	size_t received;
	bool is_due;  /* a reply (or the handshake) is being waited for */
	bool is_over; /* failed; nothing is said or heard any more */
	bool offers_starttls, is_secured, is_trusted, is_ready, has_left;
};

/* ---- the end ---- */

static void
fail(struct mx_relay *relay, enum mx_mail_end end, char *why)
{
	struct mx_relay_reply reply = { relay->reader.code, relay->wire.data,
		relay->wire.len };
	struct mx_relay_failure failure = { .end = end,
		.step = relay->step,
		.why = why,
		.reply = end == MX_MAIL_REFUSED ? &reply : NULL };

	if (!relay->is_over) {
		relay->is_over = true;
		mx_timer_stop(relay->timer);
		relay->ops->failed(relay->arg, &failure);
	}
	free(why); /* the relay may be gone */
}

static void
fail_saying(struct mx_relay *relay, enum mx_mail_end end, const char *what)
{
	fail(relay, end, mx_asprintf("relay %s: %s", relay->params.name, what));
}

/* The reply's words on one line, safe to print. */
static char *
shown(const struct mx_relay *relay)
{
	size_t len = relay->wire.len;
	char *text, *out;

	while (len > 0 && strchr("\r\n", relay->wire.data[len - 1]) != NULL)
		len--;
	text = mx_strndup(relay->wire.data != NULL ? relay->wire.data : "",
	    len < TEXT_SHOWN ? len : TEXT_SHOWN);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\r' || *c == '\n')
			*c = ' ';
	out = mx_escape_terminal(text, strlen(text));
	free(text);
	return out;
}

static void
fail_with_reply(struct mx_relay *relay, enum mx_mail_end end, const char *what)
{
	char *text = shown(relay);

	fail(relay, end, mx_asprintf("relay %s: %s: %s", relay->params.name, what, text));
	free(text);
}

/* ---- deadlines ---- */

static int64_t
step_us(const struct mx_relay *relay)
{
	if (relay->step == MX_MAIL_STEP_CONNECT)
		return relay->params.route->timeouts.connect_us;
	return relay->step == MX_MAIL_STEP_QUIT ? QUIT_US
						: relay->params.route->timeouts.step_us;
}

static void
wait_for(struct mx_relay *relay, enum mx_mail_step step)
{
	int64_t left = relay->params.deadline_us - mx_clock_mono_us(), most;

	relay->step = step;
	relay->is_due = step != MX_MAIL_STEP_TEXT;
	most = step_us(relay);
	mx_timer_start(relay->timer, left < most ? (left > 0 ? left : 0) : most);
}

static void
on_deadline(void *arg)
{
	struct mx_relay *relay = arg;
	const char *awaited = mx_mail_step_awaits(relay->step);
	const struct mx_mail_timeouts *timeouts = &relay->params.route->timeouts;
	bool is_last = mx_clock_mono_us() >= relay->params.deadline_us;
	long long span = (is_last ? timeouts->total_us : step_us(relay)) / MX_SECOND_US;

	fail(relay, MX_MAIL_BROKEN,
	    mx_asprintf(is_last
			    ? "relay %s: no %s, and %lld s are over, which is all one "
			      "relay gets"
			    : "relay %s: no %s within %lld s",
		relay->params.name, awaited, span));
}

/* ---- saying ---- */

void
mx_relay_say(
    struct mx_relay *relay, enum mx_mail_step step, const char *bytes, size_t len)
{
	if (relay->is_over)
		return;
	relay->has_left = step == MX_MAIL_STEP_QUIT;
	wait_for(relay, step);
	mx_stream_write(relay->stream, bytes, len);
}

void
mx_relay_pass(struct mx_relay *relay, const char *bytes, size_t len)
{
	if (relay->is_over)
		return;
	wait_for(relay, MX_MAIL_STEP_TEXT);
	mx_stream_write(relay->stream, bytes, len);
}

/* ---- before it is ready ---- */

static void
become_ready(struct mx_relay *relay)
{
	relay->is_ready = true;
	relay->ops->ready(relay->arg);
}

static void
start_tls(struct mx_relay *relay)
{
	wait_for(relay, MX_MAIL_STEP_TLS);
	mx_stream_start_tls(
	    relay->stream, relay->params.tls, relay->params.route->host, NULL);
}

static void
say_ehlo(struct mx_relay *relay)
{
	char *line = mx_asprintf("EHLO %s\r\n", relay->params.helo);

	mx_relay_say(relay, MX_MAIL_STEP_EHLO, line, strlen(line));
	free(line);
}

static void
take_greeting(struct mx_relay *relay)
{
	if (relay->reader.code != 220)
		fail_with_reply(relay, MX_MAIL_REFUSED, "refused us in its greeting");
	else if (relay->params.route->tls == MX_MAIL_IMPLICIT)
		become_ready(relay);
	else
		say_ehlo(relay);
}

static void
take_offers(struct mx_relay *relay)
{
	if (relay->reader.code != 250)
		fail_with_reply(relay, MX_MAIL_REFUSED, "refused our EHLO");
	else if (relay->offers_starttls)
		mx_relay_say(relay, MX_MAIL_STEP_STARTTLS, "STARTTLS\r\n", 10);
	else if (relay->params.route->tls_optional)
		become_ready(relay);
	else
		fail_saying(relay, MX_MAIL_BROKEN,
		    "offers no STARTTLS, and TLS is required (--tls may does without)");
}

/* Bytes behind its 220 came in plaintext and would be read as if TLS had brought them. */
static void
take_starttls(struct mx_relay *relay, size_t behind)
{
	if (relay->reader.code != 220 && relay->params.route->tls_optional)
		become_ready(relay);
	else if (relay->reader.code != 220)
		fail_with_reply(relay, MX_MAIL_BROKEN, "refused STARTTLS");
	else if (behind > 0)
		fail_saying(relay, MX_MAIL_BROKEN,
		    "sent plaintext behind its reply to STARTTLS, as if somebody on the way "
		    "had put it there; nothing was sent");
	else
		start_tls(relay);
}

/* ---- replies ---- */

static void
note_line(struct mx_relay *relay)
{
	const struct mx_reply_reader *reader = &relay->reader;
	size_t len = reader->text_len < TEXT_PASSED ? reader->text_len : TEXT_PASSED;
	size_t at;

	if (reader->line_len == 0)
		return;
	if (reader->text_len >= 8 && strncasecmp(reader->text, "STARTTLS", 8) == 0)
		relay->offers_starttls = true;
	(void)mx_buf_addf(
	    &relay->wire, "%03d%c", reader->code, reader->complete ? ' ' : '-');
	at = relay->wire.len;
	(void)mx_buf_add(&relay->wire, reader->text, len);
	for (; at < relay->wire.len; at++)
		if ((unsigned char)relay->wire.data[at] < ' ' ||
		    relay->wire.data[at] == 0x7f)
			relay->wire.data[at] = ' ';
	(void)mx_buf_addstr(&relay->wire, "\r\n");
}

static void
take_unasked(struct mx_relay *relay)
{
	if (relay->has_left)
		return;
	fail_with_reply(relay, MX_MAIL_BROKEN, "spoke before it was asked");
}

/* The last line's code decides; libesmtp takes a reply whose lines don't agree for none at all. */
static void
agree_on_code(struct mx_relay *relay)
{
	char code[4], *line = relay->wire.data, *end = line + relay->wire.len;

	if (!relay->reader.mixed_codes)
		return;
	(void)snprintf(code, sizeof code, "%03d", relay->reader.code);
	while (line < end) {
		memcpy(line, code, 3);
		line = memchr(line, '\n', (size_t)(end - line));
		line++;
	}
}

/* behind: bytes that came with the reply, after its last line. */
static void
take_reply(struct mx_relay *relay, size_t behind)
{
	struct mx_relay_reply reply = { relay->reader.code, relay->wire.data,
		relay->wire.len };

	agree_on_code(relay);
	relay->is_due = false;
	mx_timer_stop(relay->timer);
	if (relay->is_ready)
		relay->ops->reply(relay->arg, relay->step, &reply);
	else if (relay->step == MX_MAIL_STEP_GREETING)
		take_greeting(relay);
	else if (relay->step == MX_MAIL_STEP_EHLO)
		take_offers(relay);
	else
		take_starttls(relay, behind);
}

static void
refuse_line(struct mx_relay *relay, enum mx_reply_status status)
{
	if (status == MX_REPLY_BAD_LINE)
		fail_saying(
		    relay, MX_MAIL_BROKEN, "said something that is no SMTP reply");
	else
		fail_saying(relay, MX_MAIL_BROKEN, "sent a reply that is far too long");
}

/* What stands behind a reply answers something that nobody has said yet: believed, it would pass for
 * the answer to what comes next. Behind a refusal it changes nothing. */
static bool
answers_too_much(const struct mx_relay *relay, const char *rest, size_t rest_len)
{
	if (relay->step == MX_MAIL_STEP_STARTTLS || relay->step == MX_MAIL_STEP_QUIT ||
	    relay->reader.code >= 400)
		return false;
	for (size_t i = 0; i < rest_len; i++)
		if (rest[i] != '\r' && rest[i] != '\n')
			return true;
	return false;
}

/* False when the relay may be gone: whoever reads on must not. */
static bool
take_line(struct mx_relay *relay, enum mx_reply_status status, const char *rest,
    size_t rest_len)
{
	bool was_due = relay->is_due;

	if (status != MX_REPLY_LINE && status != MX_REPLY_LAST_LINE) {
		refuse_line(relay, status);
		return false;
	}
	note_line(relay);
	if (status == MX_REPLY_LINE)
		return true;
	if (!was_due || answers_too_much(relay, rest, rest_len))
		take_unasked(relay);
	else
		take_reply(relay, rest_len);
	return false;
}

static void
on_data(void *arg, const uint8_t *bytes, size_t len)
{
	struct mx_relay *relay = arg;
	const char *data = (const char *)bytes;
	enum mx_reply_status status;
	bool goes_on = true;

	relay->received += len;
	if (relay->received > SESSION_LIMIT) {
		fail_saying(relay, MX_MAIL_BROKEN, "sent more than 256 KiB");
		return;
	}
	while (goes_on && len > 0 && !relay->is_over) {
		if (relay->reader.complete)
			mx_buf_reset(&relay->wire);
		status = mx_reply_feed(&relay->reader, &data, &len);
		if (status == MX_REPLY_NEEDS_BYTES)
			break;
		goes_on = take_line(relay, status, data, len);
	}
}

/* ---- the stream's other events ---- */

static void
on_connected(void *arg)
{
	struct mx_relay *relay = arg;

	if (relay->params.route->tls == MX_MAIL_IMPLICIT)
		start_tls(relay);
	else
		wait_for(relay, MX_MAIL_STEP_GREETING);
}

/* What the certificate was for, behind the reason why that does not do. */
static char *
untrusted(const struct mx_relay *relay, const struct mx_tls_facts *facts)
{
	struct mx_buf names;
	char *list, *shown_names, *why;

	mx_buf_init(&names, TEXT_SHOWN);
	for (size_t i = 0; i < facts->name_count; i++)
		if (!mx_buf_addf(&names, "%s%s", i > 0 ? ", " : "", facts->names[i]))
			break;
	list = mx_buf_take(&names);
	shown_names = mx_escape_terminal(list, strlen(list));
	why = mx_asprintf(
	    "relay %s: its certificate does not hold: %s; expected one for %s "
	    "from a trusted CA, and this one is for %s",
	    relay->params.name, facts->reason != NULL ? facts->reason : "unknown reason",
	    relay->params.route->host, *list != '\0' ? shown_names : "nobody");
	free(list);
	free(shown_names);
	return why;
}

static void
on_secured(void *arg, struct mx_tls_facts *facts)
{
	struct mx_relay *relay = arg;
	bool is_optional = relay->params.route->tls_optional;

	relay->is_due = false;
	relay->is_secured = true;
	relay->is_trusted = facts->verified && !facts->obsolete;
	mx_timer_stop(relay->timer);
	if (!facts->verified && !is_optional)
		fail(relay, MX_MAIL_BROKEN, untrusted(relay, facts));
	else if (facts->obsolete && !is_optional)
		fail(relay, MX_MAIL_BROKEN,
		    mx_asprintf("relay %s: knows nothing newer than %s",
			relay->params.name, facts->version));
	else if (relay->params.route->tls == MX_MAIL_IMPLICIT)
		wait_for(relay, MX_MAIL_STEP_GREETING);
	else
		become_ready(relay);
	mx_tls_facts_clear(facts);
}

static void
on_ended(void *arg, enum mx_end end, const char *text, struct mx_tls_facts *facts)
{
	struct mx_relay *relay = arg;
	enum mx_mail_end how = end == MX_END_LOCAL ? MX_MAIL_FAILED : MX_MAIL_BROKEN;

	if (facts != NULL)
		mx_tls_facts_clear(facts);
	if (relay->step == MX_MAIL_STEP_CONNECT || relay->step == MX_MAIL_STEP_TLS)
		fail(relay, how,
		    mx_asprintf("relay %s: %s%s", relay->params.name,
			relay->step == MX_MAIL_STEP_TLS ? "the TLS handshake failed: "
							: "",
			text));
	else
		fail(relay, how,
		    mx_asprintf("relay %s: no %s: %s", relay->params.name,
			mx_mail_step_awaits(relay->step), text));
}

static const struct mx_stream_ops stream_ops = {
	.connected = on_connected,
	.data = on_data,
	.secured = on_secured,
	.ended = on_ended,
};

/* ---- from outside ---- */

struct mx_relay *
mx_relay_start(const struct mx_relay_params *params, const struct mx_relay_ops *ops,
    void *arg, struct mx_error *err)
{
	struct mx_relay *relay = mx_calloc(1, sizeof *relay);

	relay->params = *params;
	relay->ops = ops;
	relay->arg = arg;
	mx_reply_init(&relay->reader);
	mx_buf_init(&relay->wire, (size_t)2 * MX_REPLY_LIMIT);
	relay->timer = mx_timer_new(params->loop, on_deadline, relay);
	relay->stream = mx_stream_dial(params->loop, &params->route->source,
	    &relay->params.target, &stream_ops, relay, err);
	if (relay->stream == NULL) {
		mx_relay_close(relay);
		return NULL;
	}
	wait_for(relay, MX_MAIL_STEP_CONNECT);
	return relay;
}

bool
mx_relay_is_trusted(const struct mx_relay *relay)
{
	return relay->is_trusted;
}

bool
mx_relay_is_secured(const struct mx_relay *relay)
{
	return relay->is_secured;
}

/* Does it listen to commands, as far as we know? Not inside the message, nor in a handshake. */
static bool
listens(const struct mx_relay *relay)
{
	return relay->step >= MX_MAIL_STEP_EHLO && relay->step != MX_MAIL_STEP_TLS &&
	       relay->step != MX_MAIL_STEP_TEXT && !relay->has_left && !relay->is_due;
}

void
mx_relay_close(struct mx_relay *relay)
{
	if (relay == NULL)
		return;
	if (relay->stream != NULL && listens(relay))
		mx_stream_write(relay->stream, "QUIT\r\n", 6);
	mx_stream_close(relay->stream);
	mx_timer_free(relay->timer);
	mx_reply_clear(&relay->reader);
	mx_buf_clear(&relay->wire);
	free(relay);
}
