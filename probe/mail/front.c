/*
 * front.c - lines between libesmtp and the relay. It knows just enough SMTP to tell commands from
 * the message, to see that nothing is said which was not foreseen, and that no password leaves where
 * somebody could read it.
 */
#include "probe/mail/front.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "probe/base/mem.h"
#include "probe/mail/offer.h"
#include "probe/net/cram_md5.h"
#include "probe/net/listen.h"
#include "probe/net/stream.h"

#define LINE_LIMIT 8192U
#define GUESTS_MAX 16U

/* Whoever has found the port; the one with the secret becomes the client. */
struct guest {
	LIST_ENTRY(guest) next;
	struct mx_front *front;
	struct mx_stream *stream;
	struct mx_buf line;
};
LIST_HEAD(guest_list, guest);

struct mx_front {
	struct mx_relay_params params;
	const struct mx_front_ops *ops;
	void *arg;
	struct mx_relay *relay;
	struct mx_listener *listener;
	struct guest_list guests;
	unsigned guest_count;
	struct guest *client;
	struct mx_front_heard heard;
	char secret[MX_FRONT_SECRET];
	bool only_cram; /* the login is ours, whatever libesmtp says */
	bool in_login;  /* the next line is no command but an answer to 334 */
	bool in_text;
	unsigned dot; /* bytes of CR LF . CR LF seen */
	bool is_over;
};

/* ---- the end ---- */

static void
drop_guest(struct guest *guest)
{
	LIST_REMOVE(guest, next);
	guest->front->guest_count--;
	mx_stream_close(guest->stream);
	if (guest->line.data != NULL)
		explicit_bzero(guest->line.data, guest->line.len); /* perhaps a login */
	mx_buf_clear(&guest->line);
	free(guest);
}

static void
fail_because(struct mx_front *front, enum mx_mail_end end, const char *why)
{
	struct mx_relay_failure failure = {
		.end = end, .step = MX_MAIL_STEP_LOGIN, .why = why
	};

	if (front->is_over)
		return;
	front->is_over = true;
	front->ops->failed(front->arg, &failure);
}

/* ---- commands ---- */

/* clang-format off */
static const struct {
	const char *verb;
	enum mx_mail_step step;
} commands[] = {
	{ "EHLO", MX_MAIL_STEP_EHLO }, { "HELO", MX_MAIL_STEP_EHLO },
	{ "AUTH", MX_MAIL_STEP_LOGIN }, { "MAIL", MX_MAIL_STEP_MAIL },
	{ "RCPT", MX_MAIL_STEP_RCPT }, { "DATA", MX_MAIL_STEP_DATA },
	{ "RSET", MX_MAIL_STEP_QUIT }, { "NOOP", MX_MAIL_STEP_QUIT },
	{ "QUIT", MX_MAIL_STEP_QUIT },
};
/* clang-format on */

static bool
step_of(const char *line, enum mx_mail_step *step)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strncasecmp(line, commands[i].verb, 4) == 0) {
			*step = commands[i].step;
			return true;
		}
	}
	return false;
}

/* libesmtp goes on without a login where it finds none it can do; the operator asked for one. */
static const char *
why_no_mail(const struct mx_front *front)
{
	if (front->params.route->user == NULL || front->heard.logged_in)
		return NULL;
	if (!mx_relay_is_trusted(front->relay))
		return "the connection is not secure enough for a password: it needs TLS "
		       "and a certificate that holds";
	return "offers no login by PLAIN, LOGIN or CRAM-MD5";
}

static void
refuse_mail(struct mx_front *front, const char *what)
{
	char *why = mx_asprintf("relay %s: %s", front->params.name, what);

	fail_because(front, MX_MAIL_BROKEN, why);
	free(why);
}

static void
say_hello(struct mx_front *front, const char *verb)
{
	char *line = mx_asprintf("%.4s %s\r\n", verb, front->params.helo);

	mx_relay_say(front->relay, MX_MAIL_STEP_EHLO, line, strlen(line));
	free(line);
}

static void
pass_command(struct mx_front *front, const char *line, size_t len)
{
	enum mx_mail_step step = MX_MAIL_STEP_LOGIN;

	if (!front->in_login && !step_of(line, &step)) {
		fail_because(front, MX_MAIL_FAILED,
		    "libesmtp said something that was not foreseen");
		return;
	}
	/* Where every login failed libesmtp tries without. */
	if (step == MX_MAIL_STEP_MAIL && front->heard.login_refused != NULL &&
	    !front->heard.logged_in)
		fail_because(front, MX_MAIL_REFUSED, NULL);
	else if (step == MX_MAIL_STEP_MAIL && why_no_mail(front) != NULL)
		refuse_mail(front, why_no_mail(front));
	else if (step == MX_MAIL_STEP_EHLO)
		say_hello(front, line);
	else if (step == MX_MAIL_STEP_LOGIN && front->only_cram)
		mx_relay_say(front->relay, step, "AUTH CRAM-MD5\r\n", 15);
	else
		mx_relay_say(front->relay, step, line, len);
}

/* How much of bytes belongs to the message, its final dot included. */
static size_t
text_len(struct mx_front *front, const char *bytes, size_t len)
{
	static const char end[] = "\r\n.\r\n";

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != end[front->dot])
			front->dot = bytes[i] == '\r' ? 1 : 0;
		else if (++front->dot == sizeof end - 1)
			return i + 1;
	}
	return len;
}

static size_t
pass_text(struct mx_front *front, const char *bytes, size_t len)
{
	size_t taken = text_len(front, bytes, len);

	if (front->dot < 5) {
		mx_relay_pass(front->relay, bytes, taken);
		return taken;
	}
	front->in_text = false;
	front->heard.dot_sent = true;
	mx_relay_say(front->relay, MX_MAIL_STEP_DOT, bytes, taken);
	return taken;
}

/* ---- libesmtp's side ---- */

static bool
knows_secret(const struct mx_front *front, const char *line)
{
	return strncasecmp(line, "EHLO ", 5) == 0 &&
	       strncmp(line + 5, front->secret, MX_FRONT_SECRET - 1) == 0 &&
	       strcmp(line + 5 + MX_FRONT_SECRET - 1, "\r\n") == 0;
}

/* Nobody else is let in from here on. */
static void
become_client(struct guest *guest)
{
	struct mx_front *front = guest->front;
	struct guest *one, *next;

	front->client = guest;
	mx_listener_free(front->listener);
	front->listener = NULL;
	for (one = LIST_FIRST(&front->guests); one != NULL; one = next) {
		next = LIST_NEXT(one, next);
		if (one != guest)
			drop_guest(one);
	}
}

/* False when the guest may be gone. */
static bool
take_line(struct guest *guest)
{
	struct mx_front *front = guest->front;

	if (front->client == NULL && !knows_secret(front, guest->line.data)) {
		drop_guest(guest);
		return false;
	}
	if (front->client == NULL)
		become_client(guest);
	pass_command(front, guest->line.data, guest->line.len);
	if (front->is_over)
		return false;
	explicit_bzero(guest->line.data, guest->line.len);
	mx_buf_reset(&guest->line);
	return true;
}

static void
on_guest_data(void *arg, const uint8_t *data, size_t len)
{
	struct guest *guest = arg;
	const char *bytes = (const char *)data;

	while (len > 0) {
		const char *newline;
		size_t take;

		if (guest->front->in_text) {
			take = pass_text(guest->front, bytes, len);
			bytes += take;
			len -= take;
			continue;
		}
		newline = memchr(bytes, '\n', len);
		take = newline != NULL ? (size_t)(newline - bytes) + 1 : len;
		if (!mx_buf_add(&guest->line, bytes, take)) {
			drop_guest(guest);
			return;
		}
		bytes += take;
		len -= take;
		if (newline != NULL && !take_line(guest))
			return;
	}
}

/* libesmtp is done, or gave up: submit.c hears of that from its thread. */
static void
on_guest_ended(void *arg, enum mx_end end, const char *text, struct mx_tls_facts *facts)
{
	struct guest *guest = arg;

	(void)end, (void)text, (void)facts;
	if (guest != guest->front->client)
		drop_guest(guest);
}

static const struct mx_stream_ops guest_ops = {
	.data = on_guest_data,
	.ended = on_guest_ended,
};

static void
on_guest(void *arg, int fd, const struct mx_addr *peer)
{
	struct mx_front *front = arg;
	struct guest *guest = mx_calloc(1, sizeof *guest);

	(void)peer;
	guest->front = front;
	guest->stream = mx_stream_adopt(front->params.loop, fd, &guest_ops, guest);
	mx_buf_init(&guest->line, LINE_LIMIT);
	LIST_INSERT_HEAD(&front->guests, guest, next);
	if (++front->guest_count > GUESTS_MAX)
		drop_guest(guest);
	else
		mx_stream_write(guest->stream, "220 front\r\n", 11);
}

/* ---- the relay's side ---- */

/* 16 random bytes as hexadecimal, behind a word that shows up in no log but a debugger's. */
static bool
make_secret(struct mx_front *front)
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return false;
	(void)snprintf(front->secret, sizeof front->secret, "mxprobe-");
	for (size_t i = 0; i < sizeof bytes; i++)
		(void)snprintf(front->secret + 8 + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

static void
on_ready(void *arg)
{
	struct mx_front *front = arg;
	struct mx_addr loopback = { .family = AF_INET, .bytes = { 127, 0, 0, 1 } };
	struct mx_error err = { 0 };

	if (front->is_over)
		return;
	if (!make_secret(front)) {
		fail_because(front, MX_MAIL_FAILED, "the kernel gives no random bytes");
		return;
	}
	front->listener =
	    mx_listener_new(front->params.loop, &loopback, on_guest, front, &err);
	if (front->listener == NULL)
		fail_because(front, MX_MAIL_FAILED, err.text);
	else
		front->ops->open(
		    front->arg, mx_listener_addr(front->listener)->port, front->secret);
}

static void
pass_offer(struct mx_front *front, const struct mx_relay_reply *reply)
{
	bool may_log_in =
	    front->params.route->user != NULL && mx_relay_is_trusted(front->relay);
	struct mx_mail_offer offer;
	struct mx_buf out;

	mx_buf_init(&out, LINE_LIMIT);
	offer = mx_mail_offer_filter(reply->wire, reply->len, may_log_in, &out);
	front->heard.dsn = offer.dsn;
	front->only_cram = offer.only_cram;
	mx_stream_write(front->client->stream, out.data, out.len);
	mx_buf_clear(&out);
}

static void
note_login(struct mx_front *front, const struct mx_relay_reply *reply)
{
	front->in_login = reply->code == 334;
	front->heard.logged_in = reply->code == 235;
	if (reply->code < 400)
		return;
	free(front->heard.login_refused);
	front->heard.login_refused = mx_strndup(reply->wire, reply->len);
}

static void
note_reply(
    struct mx_front *front, enum mx_mail_step step, const struct mx_relay_reply *reply)
{
	if (step == MX_MAIL_STEP_LOGIN) {
		note_login(front, reply);
	} else if (step == MX_MAIL_STEP_DOT) {
		front->heard.dot_code = reply->code;
	} else if (step == MX_MAIL_STEP_DATA && reply->code == 354) {
		front->in_text = true;
		front->dot = 2; /* a dot may stand in the first line */
	}
}

/* False when the challenge is none. */
static bool
answer_challenge(struct mx_front *front, const struct mx_relay_reply *reply)
{
	const struct mx_mail_route *route = front->params.route;
	char *challenge = mx_strndup(reply->wire + 4, strcspn(reply->wire + 4, "\r\n"));
	char *answer = mx_cram_md5_answer(route->user, route->password, challenge), *line;

	free(challenge);
	if (answer == NULL)
		return false;
	line = mx_asprintf("%s\r\n", answer);
	mx_relay_say(front->relay, MX_MAIL_STEP_LOGIN, line, strlen(line));
	free(line);
	free(answer);
	return true;
}

static void
on_reply(void *arg, enum mx_mail_step step, const struct mx_relay_reply *reply)
{
	struct mx_front *front = arg;

	note_reply(front, step, reply);
	if (front->client == NULL)
		return; /* it was hung up on */
	if (step == MX_MAIL_STEP_EHLO && reply->code == 250)
		pass_offer(front, reply);
	else if (front->in_login && front->only_cram) {
		if (!answer_challenge(front, reply))
			refuse_mail(
			    front, "its challenge for CRAM-MD5 can't be answered");
	} else
		mx_stream_write(front->client->stream, reply->wire, reply->len);
}

static void
on_failed(void *arg, const struct mx_relay_failure *failure)
{
	struct mx_front *front = arg;

	if (front->is_over)
		return;
	front->is_over = true;
	front->ops->failed(front->arg, failure);
}

static const struct mx_relay_ops relay_ops = {
	.ready = on_ready,
	.reply = on_reply,
	.failed = on_failed,
};

/* ---- from outside ---- */

struct mx_front *
mx_front_start(const struct mx_relay_params *params, const struct mx_front_ops *ops,
    void *arg, struct mx_error *err)
{
	struct mx_front *front = mx_calloc(1, sizeof *front);

	front->params = *params;
	front->ops = ops;
	front->arg = arg;
	LIST_INIT(&front->guests);
	front->relay = mx_relay_start(&front->params, &relay_ops, front, err);
	if (front->relay == NULL) {
		free(front);
		return NULL;
	}
	return front;
}

const struct mx_front_heard *
mx_front_heard(const struct mx_front *front)
{
	return &front->heard;
}

bool
mx_front_used_tls(const struct mx_front *front)
{
	return mx_relay_is_secured(front->relay);
}

void
mx_front_hang_up(struct mx_front *front)
{
	struct guest *guest;

	/* The analyzer cannot see that the first of a list is another one each time. */
	while ((guest = LIST_FIRST(&front->guests)) != NULL)
		drop_guest(guest); /* NOLINT(clang-analyzer-unix.Malloc) */
	mx_listener_free(front->listener);
	front->listener = NULL;
	front->client = NULL;
	front->is_over = true;
}

void
mx_front_close(struct mx_front *front)
{
	if (front == NULL)
		return;
	mx_front_hang_up(front);
	mx_relay_close(front->relay);
	free(front->heard.login_refused);
	explicit_bzero(front->secret, sizeof front->secret);
	free(front);
}
