/* oracle.c - counting, and nothing but. */
#include "scenarios/fakemx/oracle.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"

#define DIALOGUE_MAX 1024
#define VERB_MAX 16

struct mx_oracle {
	struct mx_seen_session *sessions;
	size_t count, open;
	size_t server_count;
	unsigned *parallel; /* per server */
};

const char *
mx_promise_text(enum mx_promise promise)
{
	switch (promise) {
	case MX_PROMISE_PREGREET:
		return "spoke before the greeting's last line";
	case MX_PROMISE_PIPELINED:
		return "sent a command before the reply to the one before";
	case MX_PROMISE_FORBIDDEN:
		return "said DATA, BDAT, VRFY or EXPN";
	case MX_PROMISE_RCPTS:
		return "named more than one recipient";
	case MX_PROMISE_NO_QUIT:
		return "left without QUIT although the server listened";
	case MX_PROMISE_PARALLEL:
		return "held two sessions at once at the same server";
	case MX_PROMISE_BAD_LINE:
		return "sent a line that is too long or has no CRLF";
	case MX_PROMISE_COUNT:
		break;
	}
	return "broke no promise";
}

struct mx_oracle *
mx_oracle_new(size_t server_count)
{
	struct mx_oracle *oracle = mx_calloc(1, sizeof *oracle);

	oracle->server_count = server_count;
	oracle->parallel = mx_calloc(server_count + 1, sizeof *oracle->parallel);
	return oracle;
}

void
mx_oracle_free(struct mx_oracle *oracle)
{
	if (oracle == NULL)
		return;
	for (size_t i = 0; i < oracle->count; i++) {
		mx_buf_clear(&oracle->sessions[i].dialogue);
		free(oracle->sessions[i].helo);
		free(oracle->sessions[i].sender);
	}
	free(oracle->sessions);
	free(oracle->parallel);
	free(oracle);
}

unsigned
mx_oracle_open_count(
    const struct mx_oracle *oracle, size_t server, const struct mx_addr *client)
{
	unsigned count = 0;

	for (size_t i = 0; i < oracle->count; i++)
		if (oracle->sessions[i].open && oracle->sessions[i].server == server &&
		    mx_addr_equal(&oracle->sessions[i].client, client))
			count++;
	return count;
}

size_t
mx_oracle_open(struct mx_oracle *oracle, size_t server, const struct mx_addr *client)
{
	unsigned others = mx_oracle_open_count(oracle, server, client);
	size_t number = oracle->count;
	struct mx_seen_session *session;

	oracle->sessions = mx_grow(oracle->sessions, number, sizeof *oracle->sessions);
	session = &oracle->sessions[number];
	*session = (struct mx_seen_session){ .server = server,
		.client = *client,
		.open = true,
		.opened_us = mx_clock_mono_us() };
	mx_buf_init(&session->dialogue, DIALOGUE_MAX);
	oracle->count++;
	oracle->open++;
	if (others + 1 > oracle->parallel[server])
		oracle->parallel[server] = others + 1;
	if (others > 0)
		mx_oracle_broken(oracle, number, MX_PROMISE_PARALLEL);
	return number;
}

void
mx_oracle_close(struct mx_oracle *oracle, size_t session)
{
	struct mx_seen_session *s = &oracle->sessions[session];

	if (!s->open)
		return;
	s->open = false;
	s->closed_us = mx_clock_mono_us();
	oracle->open--;
}

static void
note_verb(struct mx_seen_session *s, const char *line)
{
	char verb[VERB_MAX + 1];
	size_t len = strcspn(line, " \t");

	if (len > VERB_MAX)
		len = VERB_MAX;
	for (size_t i = 0; i < len; i++)
		verb[i] = (char)(isalnum((unsigned char)line[i])
				     ? toupper((unsigned char)line[i])
				     : '?');
	verb[len] = '\0';
	mx_buf_addf(&s->dialogue, "%s%s", s->dialogue.len > 0 ? " " : "", verb);
}

static void
note_argument(char **into, const char *line, const char *from)
{
	const char *start = line + strcspn(line, from);

	free(*into);
	start += *start != '\0';
	start += strspn(start, " <");
	*into = mx_strndup(start, strcspn(start, " >"));
}

void
mx_oracle_command(struct mx_oracle *oracle, size_t session, const char *line)
{
	struct mx_seen_session *s = &oracle->sessions[session];
	enum mx_word word = mx_word_of_command(line);

	s->commands++;
	note_verb(s, line);
	if (word == MX_WORD_EHLO || word == MX_WORD_HELO) {
		note_argument(&s->helo, line, " \t");
	} else if (word == MX_WORD_MAIL) {
		note_argument(&s->sender, line, ":");
		s->null_sender = s->null_sender || s->sender[0] == '\0';
	} else if (word == MX_WORD_RCPT) {
		s->rcpts++;
		if (s->rcpts > 1)
			mx_oracle_broken(oracle, session, MX_PROMISE_RCPTS);
	} else if (word == MX_WORD_DATA || word == MX_WORD_BDAT || word == MX_WORD_VRFY ||
		   word == MX_WORD_EXPN) {
		mx_oracle_broken(oracle, session, MX_PROMISE_FORBIDDEN);
	}
}

void
mx_oracle_encrypted(struct mx_oracle *oracle, size_t session)
{
	oracle->sessions[session].encrypted = true;
}

void
mx_oracle_broken(struct mx_oracle *oracle, size_t session, enum mx_promise promise)
{
	oracle->sessions[session].broken |= 1U << promise;
}

const struct mx_seen_session *
mx_oracle_sessions(const struct mx_oracle *oracle, size_t *count)
{
	*count = oracle->count;
	return oracle->sessions;
}

size_t
mx_oracle_session_count(const struct mx_oracle *oracle, size_t server)
{
	size_t count = 0;

	for (size_t i = 0; i < oracle->count; i++)
		count += server == MX_ORACLE_ALL || oracle->sessions[i].server == server;
	return count;
}

unsigned
mx_oracle_parallel(const struct mx_oracle *oracle, size_t server)
{
	unsigned most = 0;

	for (size_t i = 0; i < oracle->server_count; i++)
		if ((server == MX_ORACLE_ALL || server == i) &&
		    oracle->parallel[i] > most)
			most = oracle->parallel[i];
	return most;
}

unsigned
mx_oracle_rcpts(const struct mx_oracle *oracle, size_t server)
{
	unsigned count = 0;

	for (size_t i = 0; i < oracle->count; i++)
		if (server == MX_ORACLE_ALL || oracle->sessions[i].server == server)
			count += oracle->sessions[i].rcpts;
	return count;
}

size_t
mx_oracle_open_total(const struct mx_oracle *oracle)
{
	return oracle->open;
}
