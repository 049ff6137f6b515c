/* recording_dialogue.c - a walk through the transcript: each reply is a rule, and so is an end without one. */
#include "probe/cmd/recording_dialogue.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"

/** While the dialogue is walked. */
struct replies {
	FILE *out;
	struct mx_anonymous *anonymous;
	bool has_tls;
	const char *command; /* what is answered now: "CONNECT", "MAIL", ... */
	bool is_encrypted, is_answered;
};

const char *
mx_recording_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* ---- YAML ---- */

/* A JSON string is a YAML string, where all that is not ASCII stays as it is. */
void
mx_recording_put_quoted(FILE *out, const char *text)
{
	json_t *value = json_string(text);
	char *quoted =
	    value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : mx_strdup("\"\"");

	if (quoted == NULL)
		mx_out_of_memory();
	fputs(quoted, out);
	free(quoted);
	json_decref(value);
}

static void
put_anonymous(struct replies *r, const char *text)
{
	char *changed = mx_anonymous_text(r->anonymous, text);

	mx_recording_put_quoted(r->out, changed);
	free(changed);
}

/* ---- the dialogue ---- */

/* "MAIL" of "MAIL FROM:<...>". */
static const char *
command_of(const char *line)
{
	static const char *const commands[] = { "EHLO", "HELO", "STARTTLS", "MAIL",
		"RCPT", "RSET", "NOOP", "QUIT" };

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strncasecmp(line, commands[i], strlen(commands[i])) == 0)
			return commands[i];
	return "OTHER";
}

static void
begin_rule(struct replies *r)
{
	fprintf(r->out, "      - command: %s\n", r->command);
	if (r->has_tls && strcmp(r->command, "CONNECT") != 0 &&
	    strcmp(r->command, "STARTTLS") != 0 && strcmp(r->command, "TLS") != 0)
		fprintf(r->out, "        when: {tls: %s}\n",
		    r->is_encrypted ? "encrypted" : "plain");
}

/* What has no code may stand between the lines of a reply. */
static bool
is_last_line(const char *line)
{
	return strspn(line, "0123456789") >= 3 && line[3] != '-';
}

/* The reply that begins at index; returns the index of its last line. The 220 that begins TLS is the
 * server's own business. */
static size_t
put_reply(struct replies *r, const json_t *lines, size_t index)
{
	const char *text = mx_recording_text(json_array_get(lines, index), "line");
	bool is_own = strcmp(r->command, "STARTTLS") == 0 && strncmp(text, "220", 3) == 0;

	if (!is_own) {
		begin_rule(r);
		fputs("        reply:\n", r->out);
	}
	for (;; index++) {
		const json_t *next = json_array_get(lines, index + 1);
		const char *from = mx_recording_text(next, "from");

		text = mx_recording_text(json_array_get(lines, index), "line");
		if (!is_own) {
			fputs("          - ", r->out);
			put_anonymous(r, text);
			fputc('\n', r->out);
		}
		if (is_last_line(text) || from == NULL || strcmp(from, "server") != 0)
			break;
	}
	if (is_own)
		r->command = "TLS";
	r->is_answered = !is_own;
	return index;
}

/* How the server, or what is left of it, ends a session; the words are those of the transcript. */
/* clang-format off */
static const struct mx_recording_end ends[] = {
	{ "the peer closed the connection",       "then: close", false, false },
	{ "the peer closed without close_notify", "then: cut",   false, false },
	{ "the peer reset the connection",        "then: reset", false, false },
	{ "no reply before the deadline",         "then: hang",  false, true },
	{ "text behind a complete reply",  "bytes: '250 2.0.0 Ok\\r\\n'", false, false },
	{ "a line that is no SMTP reply",         NULL,          false, false },
	{ "connection refused",                   "refuse",      true,  false },
	{ "no answer to our connection attempt",  "drop",        true,  true },
	{ "no answer; the kernel gave up",        "drop",        true,  true },
};
/* clang-format on */

const struct mx_recording_end *
mx_recording_end_of(const char *remark)
{
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(ends[i].text, remark) == 0)
			return &ends[i];
	return NULL;
}

bool
mx_recording_is_connected(const json_t *result)
{
	const json_t *lines = json_object_get(result, "transcript");
	const char *first = mx_recording_text(json_array_get(lines, 0), "line");

	return first != NULL && strncmp(first, "connected", 9) == 0;
}

static bool
is_end(const char *line)
{
	return strncmp(line, "connected", 9) != 0 && strncmp(line, "TLSv", 4) != 0;
}

const char *
mx_recording_last_remark(const json_t *result)
{
	const json_t *lines = json_object_get(result, "transcript");

	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *row = json_array_get(lines, i);
		const char *from = mx_recording_text(row, "from"),
			   *line = mx_recording_text(row, "line");

		if (from != NULL && line != NULL && strcmp(from, "probe") == 0 &&
		    is_end(line))
			return line;
	}
	return NULL;
}

static void
put_end(struct replies *r, const char *line)
{
	const struct mx_recording_end *end = mx_recording_end_of(line);

	if (end == NULL || end->rule == NULL)
		return;
	/* Behind a reply it is that rule's, else a rule of its own. */
	if (!r->is_answered)
		begin_rule(r);
	fprintf(r->out, "        %s\n", end->rule);
}

static void
put_dialogue(struct replies *r, const json_t *lines)
{
	r->command = "CONNECT";
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *row = json_array_get(lines, i);
		const char *from = mx_recording_text(row, "from"),
			   *line = mx_recording_text(row, "line");

		if (from == NULL || line == NULL)
			continue;
		if (strcmp(from, "server") == 0) {
			i = put_reply(r, lines, i);
		} else if (strcmp(from, "client") == 0) {
			r->command = command_of(line);
			r->is_answered = false;
		} else if (strncmp(line, "TLSv", 4) == 0) {
			r->is_encrypted = true;
		} else if (is_end(line)) {
			put_end(r, line);
			return;
		}
	}
}

void
mx_recording_put_replies(
    FILE *out, const json_t *result, struct mx_anonymous *anonymous, bool has_tls)
{
	struct replies replies = {
		.out = out, .anonymous = anonymous, .has_tls = has_tls
	};

	put_dialogue(&replies, json_object_get(result, "transcript"));
}
