/*
 * conn.c - an answer is played step by step: delay, lines, bytes and flood, then the end
 * of it.
 *
 * Reading never stops, whatever is being said: only so can the oracle tell who spoke too
 * early, and only so is a prober that leaves in the middle of a silence noticed at once.
 */
#include "scenarios/fakemx/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "scenarios/fakemx/bytes.h"
#include "scenarios/fakemx/wire.h"

#define INPUT_MAX 8192
#define COMMANDS_MAX 1000
#define ANSWER_MAX ((size_t)1 << 20)

enum phase {
	PHASE_SAYING,    /* our turn: an answer is being played */
	PHASE_LISTENING, /* the prober's turn */
	PHASE_HELLO, /* 220 to STARTTLS was said; a TLS rule waits for the first bytes */
	PHASE_HANDSHAKE,
	PHASE_HUNG /* never again */
};

struct mx_conn {
	struct mx_conn_params params;
	struct mx_wire *wire;
	struct mx_wait wait;
	struct mx_buf input;
	enum phase phase;
	size_t session;  /* number in the oracle */
	unsigned number; /* 1: the first at this server */
	unsigned commands;
	char *helo, *sender, *recipient;
	bool mail_given, encrypted, quit_said;
	/* the answer being played */
	enum mx_word word;
	const struct mx_script_rule *rule;
	unsigned line;   /* next of the rule's lines */
	bool more_lines; /* the wire is flushed between two lines */
	enum mx_then then;
	int code; /* of the last line of our last answer; 0: it was no SMTP reply */
};

/* ---- the end of a session ---- */

static void
end_session(struct mx_conn *conn, enum mx_then how)
{
	const struct mx_conn_world *world = conn->params.world;

	mx_tempo_cancel(world->tempo, &conn->wait);
	mx_tempo_session(world->tempo, false);
	mx_oracle_close(world->oracle, conn->session);
	mx_wire_close(conn->wire, how);
	conn->params.done(conn->params.arg, conn);
	mx_buf_clear(&conn->input);
	free(conn->helo);
	free(conn->sender);
	free(conn->recipient);
	free(conn);
}

void
mx_conn_stop(struct mx_conn *conn)
{
	end_session(conn, MX_THEN_CLOSE);
}

static void
on_ended(void *arg)
{
	struct mx_conn *conn = arg;

	/* Who hears 421 need not say goodbye (RFC 5321 3.8); who hears no SMTP owes nothing. */
	if (conn->phase == PHASE_LISTENING && !conn->quit_said && conn->code != 0 &&
	    conn->code != 421)
		mx_oracle_broken(
		    conn->params.world->oracle, conn->session, MX_PROMISE_NO_QUIT);
	end_session(conn, MX_THEN_CLOSE);
}

/* ---- saying ---- */

static struct mx_bytes_facts
placeholders(const struct mx_conn *conn, char client[MX_ADDR_TEXT])
{
	return (struct mx_bytes_facts){
		.client = mx_addr_text(&conn->params.client, client),
		.helo = conn->helo,
		.sender = conn->sender,
		.recipient = conn->recipient,
		.server = conn->params.server->name,
	};
}

/* The code of a line that is an SMTP reply line, or 0. */
static int
code_of(const char *line)
{
	if (line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '9' ||
	    line[2] < '0' || line[2] > '9' || strchr(" -\r", line[3]) == NULL)
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* Raw bytes and floods may be anything: nothing is asked of a prober that hears them. */
static int
code_of_rule(const struct mx_script_rule *rule)
{
	int code = 0;

	if (rule->bytes != NULL || rule->flood != NULL)
		return 0;
	for (unsigned i = 0; i < rule->reply_count; i++) {
		code = code_of(rule->reply[i]);
		if (code == 0)
			return 0;
	}
	return code;
}

static bool
is_success(const struct mx_conn *conn)
{
	const struct mx_script_rule *rule = conn->rule;

	if (rule != NULL && rule->bytes != NULL)
		return rule->bytes[0] == '2';
	return conn->code / 100 == 2;
}

static void say_default(struct mx_conn *conn);

static void
say_rest(struct mx_conn *conn)
{
	const struct mx_script_rule *rule = conn->rule;
	char client[MX_ADDR_TEXT];
	struct mx_bytes_facts facts = placeholders(conn, client);
	struct mx_buf out;

	mx_buf_init(&out, ANSWER_MAX);
	if (rule->bytes != NULL)
		mx_bytes_expand(rule->bytes, &facts, &out);
	mx_wire_send(conn->wire, out.data, out.len);
	mx_buf_reset(&out);
	if (rule->flood != NULL) {
		mx_bytes_expand(rule->flood->text, &facts, &out);
		if (out.len > 0)
			mx_wire_flood(conn->wire, out.data, out.len, rule->flood->bytes);
	}
	mx_buf_clear(&out);
	conn->more_lines = false;
	mx_wire_flush(conn->wire);
}

/* All lines at once, or one and then a pause. */
static void
say_lines(void *arg)
{
	struct mx_conn *conn = arg;
	const struct mx_script_rule *rule = conn->rule;
	char client[MX_ADDR_TEXT];
	struct mx_bytes_facts facts = placeholders(conn, client);
	struct mx_buf out;

	mx_buf_init(&out, ANSWER_MAX);
	while (conn->line < rule->reply_count) {
		mx_bytes_fill(rule->reply[conn->line++], &facts, &out);
		mx_buf_addstr(&out, "\r\n");
		if (rule->line_delay_ms > 0)
			break;
	}
	mx_wire_send(conn->wire, out.data, out.len);
	mx_buf_clear(&out);
	conn->more_lines = conn->line < rule->reply_count;
	if (conn->more_lines)
		mx_wire_flush(conn->wire);
	else
		say_rest(conn);
}

/* A rule that says and ends nothing only makes the usual answer late. */
static bool
is_mere_delay(const struct mx_script_rule *rule)
{
	return rule->reply_count == 0 && rule->bytes == NULL && rule->flood == NULL &&
	       rule->then == MX_THEN_CONTINUE;
}

static void
say_late(void *arg)
{
	struct mx_conn *conn = arg;

	if (is_mere_delay(conn->rule))
		say_default(conn);
	else
		say_lines(conn);
}

static struct mx_script_facts
facts_of(const struct mx_conn *conn, enum mx_word word)
{
	const struct mx_conn_params *p = &conn->params;

	return (struct mx_script_facts){
		.word = word,
		.client = p->client,
		.helo = conn->helo,
		.sender = conn->sender,
		.recipient = conn->recipient,
		.session = conn->number,
		.others =
		    mx_oracle_open_count(p->world->oracle, p->server_index, &p->client) -
		    1,
		.elapsed_us = mx_clock_mono_us() - p->world->began_us,
		.encrypted = conn->encrypted,
		.mail_given = conn->mail_given,
	};
}

static void
say_default(struct mx_conn *conn)
{
	struct mx_script_facts facts = facts_of(conn, conn->word);
	struct mx_buf out;

	mx_buf_init(&out, ANSWER_MAX);
	conn->then = mx_script_default(conn->params.server, &facts, &out);
	conn->code = code_of(out.data);
	mx_wire_send(conn->wire, out.data, out.len);
	mx_buf_clear(&out);
	conn->more_lines = false;
	mx_wire_flush(conn->wire);
}

static void
answer(struct mx_conn *conn, enum mx_word word)
{
	struct mx_script_facts facts = facts_of(conn, word);
	const struct mx_script_rule *rule = mx_script_pick(conn->params.server, &facts);

	conn->phase = PHASE_SAYING;
	conn->word = word;
	conn->rule = rule;
	conn->line = 0;
	mx_wire_drip(conn->wire, 0, 0);
	if (rule == NULL) {
		say_default(conn);
		return;
	}
	conn->then = rule->then;
	conn->code = code_of_rule(rule);
	if (rule->drip != NULL)
		mx_wire_drip(conn->wire, rule->drip->bytes, rule->drip->every_ms);
	/* Even no delay takes the way over the loop: the wire's callbacks stay unnested. */
	mx_tempo_wait(conn->params.world->tempo, &conn->wait,
	    (int64_t)rule->delay_ms * 1000, say_late, conn);
}

/* ---- listening ---- */

static void listen_on(struct mx_conn *conn);

/* What the words before change, once the answer to them is out. */
static void
settle(struct mx_conn *conn)
{
	bool success = is_success(conn);

	if (conn->word == MX_WORD_MAIL)
		conn->mail_given = success;
	else if (conn->word == MX_WORD_RSET || conn->word == MX_WORD_EHLO ||
		 conn->word == MX_WORD_HELO)
		conn->mail_given = false;
}

static void
await_tls(struct mx_conn *conn)
{
	struct mx_script_facts facts = facts_of(conn, MX_WORD_TLS);

	mx_buf_reset(&conn->input);
	if (mx_script_pick(conn->params.server, &facts) != NULL) {
		conn->phase = PHASE_HELLO;
		return;
	}
	conn->phase = PHASE_HANDSHAKE;
	mx_wire_start_tls(conn->wire, conn->params.tls);
}

static void
on_sent(void *arg)
{
	struct mx_conn *conn = arg;

	if (conn->more_lines) {
		mx_tempo_wait(conn->params.world->tempo, &conn->wait,
		    (int64_t)conn->rule->line_delay_ms * 1000, say_lines, conn);
		return;
	}
	settle(conn);
	if (conn->then == MX_THEN_HANG)
		conn->phase = PHASE_HUNG;
	else if (conn->then != MX_THEN_CONTINUE)
		end_session(conn, conn->then);
	else if (conn->word == MX_WORD_STARTTLS && is_success(conn) && !conn->encrypted &&
		 conn->params.tls != NULL)
		await_tls(conn);
	else
		listen_on(conn);
}

static void
on_secured(void *arg)
{
	struct mx_conn *conn = arg;

	conn->encrypted = true;
	free(conn->helo); /* RFC 3207 4.2: all knowledge of the client is forgotten */
	conn->helo = NULL;
	mx_oracle_encrypted(conn->params.world->oracle, conn->session);
	/* The prober owes a QUIT again: what the code before TLS said is past. */
	conn->code = 220;
	listen_on(conn);
}

/* "MAIL FROM:<a@b> SIZE=1" -> "a@b". Caller frees. */
static char *
address_of(const char *line)
{
	const char *start = strchr(line, ':');

	start = start == NULL ? line + strlen(line) : start + 1;
	start += strspn(start, " <");
	return mx_strndup(start, strcspn(start, " >"));
}

static void
keep(char **into, char *text)
{
	free(*into);
	*into = text;
}

static void
take_command(struct mx_conn *conn, const char *line)
{
	enum mx_word word = mx_word_of_command(line);
	const char *argument = line + strcspn(line, " \t");

	argument += strspn(argument, " \t");
	mx_oracle_command(conn->params.world->oracle, conn->session, line);
	if (word == MX_WORD_EHLO || word == MX_WORD_HELO)
		keep(&conn->helo, mx_strdup(argument));
	else if (word == MX_WORD_MAIL)
		keep(&conn->sender, address_of(line));
	else if (word == MX_WORD_RCPT)
		keep(&conn->recipient, address_of(line));
	else if (word == MX_WORD_QUIT)
		conn->quit_said = true;
}

static void
note(struct mx_conn *conn, enum mx_promise promise)
{
	mx_oracle_broken(conn->params.world->oracle, conn->session, promise);
}

/* The first complete line of the input without its end; caller frees. NULL: none yet. */
static char *
next_line(struct mx_conn *conn)
{
	const char *end =
	    conn->input.len == 0 ? NULL : memchr(conn->input.data, '\n', conn->input.len);
	size_t len;
	char *line;

	if (end == NULL)
		return NULL;
	len = (size_t)(end - conn->input.data);
	if (memchr(conn->input.data, '\0', len) != NULL || len == 0 || end[-1] != '\r')
		note(conn, MX_PROMISE_BAD_LINE);
	line = mx_strndup(conn->input.data, len > 0 && end[-1] == '\r' ? len - 1 : len);
	mx_buf_drop(&conn->input, len + 1);
	return line;
}

static void
listen_on(struct mx_conn *conn)
{
	char *line;

	conn->phase = PHASE_LISTENING;
	line = next_line(conn);
	if (line == NULL)
		return;
	if (conn->input.len > 0)
		note(conn, MX_PROMISE_PIPELINED);
	take_command(conn, line);
	if (++conn->commands > COMMANDS_MAX)
		end_session(conn, MX_THEN_CLOSE);
	else
		answer(conn, mx_word_of_command(line));
	free(line);
}

/* QUIT out of turn is how a prober takes leave of a server that keeps it waiting: no offence. */
static void
judge_early_bytes(struct mx_conn *conn, const char *bytes, size_t len)
{
	bool is_quit = len >= 4 && strncasecmp(bytes, "QUIT", 4) == 0;

	if (conn->word == MX_WORD_CONNECT)
		note(conn, MX_PROMISE_PREGREET);
	else if (!is_quit)
		note(conn, MX_PROMISE_PIPELINED);
}

static void
on_data(void *arg, const char *bytes, size_t len)
{
	struct mx_conn *conn = arg;
	char *line;

	if (conn->phase == PHASE_HELLO)
		answer(conn, MX_WORD_TLS);
	if (conn->word == MX_WORD_TLS)
		return; /* the client's handshake, which nobody reads */
	if (!mx_buf_add(&conn->input, bytes, len)) {
		note(conn, MX_PROMISE_BAD_LINE);
		end_session(conn, MX_THEN_CLOSE);
		return;
	}
	if (conn->phase == PHASE_LISTENING) {
		listen_on(conn);
	} else if (conn->phase == PHASE_HUNG) {
		while ((line = next_line(conn)) != NULL) {
			take_command(conn, line);
			free(line);
		}
	} else {
		judge_early_bytes(conn, bytes, len);
	}
}

struct mx_conn *
mx_conn_start(const struct mx_conn_params *params)
{
	static const struct mx_wire_ops ops = {
		.data = on_data,
		.sent = on_sent,
		.secured = on_secured,
		.ended = on_ended,
	};
	const struct mx_conn_world *world = params->world;
	struct mx_conn *conn = mx_calloc(1, sizeof *conn);

	conn->params = *params;
	mx_buf_init(&conn->input, INPUT_MAX);
	conn->session =
	    mx_oracle_open(world->oracle, params->server_index, &params->client);
	conn->number =
	    (unsigned)mx_oracle_session_count(world->oracle, params->server_index);
	conn->wire = mx_wire_new(world->base, world->tempo, params->fd, &ops, conn);
	mx_tempo_session(world->tempo, true);
	mx_tempo_moved(world->tempo);
	answer(conn, MX_WORD_CONNECT);
	return conn;
}
