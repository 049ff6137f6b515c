/* classify_input.c - reads in blocks; lines of NDJSON are cut here, the rest is fed to unwrap/. */
#include "probe/cmd/classify_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/cmd/classify_ndjson.h"

#define BLOCK ((size_t)256 * 1024)

struct input {
	const char *name;
	const struct mx_input_sink *sink;
	enum mx_classify_input form;
	struct mx_buf rest; /* of a line whose end is still to come */
	size_t line;        /* of NDJSON */
	bool overlong;      /* the line is being thrown away */
	struct mx_unwrap *unwrap;
	/* the line of NDJSON in hand, for on_said */
	const struct mx_ndjson_reply *ndjson;
	size_t said;
};

static void
on_said(void *arg, const struct mx_said *said)
{
	struct input *in = arg;
	char line[24];
	struct mx_input_reply reply = {
		.said = said,
		.id = line,
		.text = said->text,
		.len = strlen(said->text),
		.stage = MX_STAGE_COUNT,
	};

	snprintf(line, sizeof line, "%zu", said->line);
	in->said++;
	in->sink->reply(in->sink->arg, &reply);
}

/* A line of NDJSON is one reply, even when its text should quote two. */
static void
on_said_in_ndjson(void *arg, const struct mx_said *said)
{
	struct input *in = arg;
	const struct mx_ndjson_reply *n = in->ndjson;
	struct mx_input_reply reply = {
		.said = said,
		.id = n->id,
		.text = n->text,
		.len = n->len,
		.mx_host = n->mx_host,
		.helo = n->helo,
		.mail_from = n->mail_from,
		.rcpt = n->rcpt,
		.provider = n->provider,
		.source = n->source,
		.stage = n->stage,
	};

	if (in->said++ == 0)
		in->sink->reply(in->sink->arg, &reply);
}

static void
take_object(struct input *in, const struct mx_ndjson_reply *ndjson)
{
	const struct mx_unwrap_sink sink = { on_said_in_ndjson, in };
	const struct mx_said nothing = {
		.text = "", .words = "", .stage = MX_STAGE_COUNT
	};

	in->ndjson = ndjson;
	in->said = 0;
	(void)mx_unwrap_reply(ndjson->text, ndjson->len, &sink);
	/* Blank, but it has an id, and somebody counts on its answer. */
	if (in->said == 0)
		on_said_in_ndjson(in, &nothing);
}

static bool
is_white(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool
is_blank(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_white(line[i]))
			return false;
	return true;
}

static void
take_line(struct input *in, const char *line, size_t len)
{
	struct mx_ndjson_reply ndjson;
	struct mx_error err = { 0 };

	in->line++;
	if (is_blank(line, len))
		return;
	if (mx_ndjson_parse(line, len, &ndjson, &err) == MX_OK)
		take_object(in, &ndjson);
	else
		in->sink->malformed(in->sink->arg, in->name, in->line, err.text);
	mx_ndjson_clear(&ndjson);
}

/* The rest of a line has come (or the input's end). */
static void
end_line(struct input *in, const char *tail, size_t len)
{
	if (!in->overlong && !mx_buf_add(&in->rest, tail, len))
		in->overlong = true;
	if (in->overlong) {
		in->line++;
		in->sink->malformed(in->sink->arg, in->name, in->line,
		    "longer than 16 MiB, so it is no reply");
	} else {
		take_line(in, in->rest.data != NULL ? in->rest.data : "", in->rest.len);
	}
	in->overlong = false;
	mx_buf_reset(&in->rest);
}

static void
take_ndjson(struct input *in, const char *bytes, size_t len)
{
	while (len > 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t size = end != NULL ? (size_t)(end - bytes) : len;

		if (end == NULL) {
			if (!in->overlong && !mx_buf_add(&in->rest, bytes, size))
				in->overlong = true;
			return;
		}
		if (in->rest.len > 0 || in->overlong)
			end_line(in, bytes, size);
		else
			take_line(in, bytes, size);
		bytes += size + 1;
		len -= size + 1;
	}
}

static enum mx_unwrap_guess
guess_of(enum mx_classify_input form)
{
	switch (form) {
	case MX_INPUT_BARE:
		return MX_UNWRAP_BARE;
	case MX_INPUT_LOG:
		return MX_UNWRAP_LOG;
	case MX_INPUT_BOUNCE:
		return MX_UNWRAP_BOUNCE;
	case MX_INPUT_AUTO:
	case MX_INPUT_NDJSON:
		break;
	}
	return MX_UNWRAP_AUTO;
}

/* No reply, log line or message begins with a brace; every object does. */
static void
decide(struct input *in, const char *bytes, size_t len)
{
	const struct mx_unwrap_sink sink = { on_said, in };
	size_t at = 0;

	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < len && is_white(bytes[at]))
		at++;
	if (in->form == MX_INPUT_AUTO && at < len && bytes[at] == '{')
		in->form = MX_INPUT_NDJSON;
	if (in->form != MX_INPUT_NDJSON && in->unwrap == NULL)
		in->unwrap = mx_unwrap_new(guess_of(in->form), &sink);
}

static void
feed(struct input *in, const char *bytes, size_t len)
{
	if (in->unwrap == NULL && in->form != MX_INPUT_NDJSON)
		decide(in, bytes, len);
	if (in->form == MX_INPUT_NDJSON)
		take_ndjson(in, bytes, len);
	else
		mx_unwrap_feed(in->unwrap, bytes, len);
}

static void
finish(struct input *in)
{
	size_t skipped;

	if (in->rest.len > 0 || in->overlong)
		end_line(in, "", 0);
	if (in->unwrap == NULL)
		return;
	mx_unwrap_finish(in->unwrap);
	skipped = mx_unwrap_skipped(in->unwrap);
	if (skipped > 0)
		in->sink->skipped(in->sink->arg, in->name, skipped);
}

static enum mx_err
read_all(struct input *in, int fd, struct mx_error *err)
{
	char *block = mx_calloc(1, BLOCK);
	ssize_t got;

	for (;;) {
		in->sink->reading(in->sink->arg);
		got = read(fd, block, BLOCK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		feed(in, block, (size_t)got);
	}
	if (got < 0)
		mx_error_sys(err, errno, "cannot read %s", in->name);
	free(block);
	finish(in); /* what was read until then is still worth an answer */
	return got < 0 ? MX_ERR_SYSTEM : MX_OK;
}

enum mx_err
mx_input_read(const char *path, enum mx_classify_input form,
    const struct mx_input_sink *sink, struct mx_error *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct input in = {
		.name = is_stdin ? "standard input" : path,
		.sink = sink,
		.form = form,
	};
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	enum mx_err code;

	if (fd < 0)
		return mx_error_sys(err, errno, "cannot open %s", path);
	mx_buf_init(&in.rest, MX_INPUT_LINE_MAX);
	code = read_all(&in, fd, err);
	mx_unwrap_free(in.unwrap);
	mx_buf_clear(&in.rest);
	if (!is_stdin)
		close(fd);
	return code;
}
