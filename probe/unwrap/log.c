#include "probe/unwrap/log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/unwrap/memo.h"
#include "probe/unwrap/quote.h"
#include "probe/unwrap/syslog.h"

struct mx_log {
	struct mx_memo *memo;
	struct mx_buf spelled; /* a qmail line with its spaces and line ends put back */
	enum mx_stage asked;   /* Exchange: the last command ... */
	char session[64];      /* ... of this session */
};

/* What the memo keeps apart. */
enum {
	SENDER = 'f',
	RECIPIENT = 'r',
	OF_MESSAGE = 'm'
};

struct mx_log *
mx_log_new(void)
{
	struct mx_log *log = mx_calloc(1, sizeof *log);

	log->memo = mx_memo_new();
	mx_buf_init(&log->spelled, (size_t)2 * MX_UNWRAP_LINE_LIMIT);
	return log;
}

void
mx_log_free(struct mx_log *log)
{
	if (log == NULL)
		return;
	mx_memo_free(log->memo);
	mx_buf_clear(&log->spelled);
	free(log);
}

/* The sender that an earlier line named for this message. */
static void
recall_sender(const struct mx_log *log, struct mx_span id, struct mx_draft *draft)
{
	struct mx_span sender = mx_memo_find(log->memo, SENDER, id);

	if (sender.at == NULL)
		return;
	draft->mail_from = sender;
	draft->has_from = true;
}

static void
note_sender(struct mx_log *log, struct mx_span id, struct mx_span message)
{
	struct mx_span sender = mx_span_between(message, "from=<", ">");

	if (sender.at != NULL)
		mx_memo_note(log->memo, SENDER, id, sender);
}

static void
read_status(struct mx_span text, struct mx_draft *draft)
{
	text = mx_span_cut(text, 0, mx_span_chr(text, ','));
	mx_enhanced_parse(text.at, text.len, &draft->enhanced);
}

static bool
quotes(struct mx_span text, const char *form, struct mx_draft *draft)
{
	size_t at = 0;

	if (!mx_quote_next(text, &at, MX_QUOTE_WRAPPED, draft))
		return false;
	draft->form = form;
	return true;
}

/* ---- Postfix: "QUEUE-ID: to=<>, relay=, delay=, dsn=, status=bounced (host X said: ...)" ---- */

static void
postfix_fields(struct mx_span fields, struct mx_draft *draft)
{
	struct mx_span relay = mx_span_between(fields, "relay=", ",");
	struct mx_span status = mx_span_between(fields, "dsn=", ",");

	draft->rcpt = mx_span_between(fields, "to=<", ">");
	if (relay.len > 0 && !mx_span_is(relay, "none"))
		mx_span_host(relay, &draft->mx_host, &draft->mx_addr);
	if (status.len > 0)
		read_status(status, draft);
}

/* "connect to NAME[ADDR]:25: Connection timed out", "lost connection with NAME[ADDR] while ..." */
static void
postfix_own_words(struct mx_span note, struct mx_draft *draft)
{
	static const char connect[] = "connect to ";
	size_t during = mx_span_find(note, " while ");

	draft->form = "postfix-log";
	draft->reply = note;
	draft->local = true;
	if (during < note.len)
		draft->stage = mx_span_stage(mx_span_from(note, during));
	if (!mx_span_starts(note, connect))
		return;
	draft->stage = MX_STAGE_CONNECT;
	note = mx_span_from(note, strlen(connect));
	mx_span_host(mx_span_cut(note, 0, mx_span_find(note, ": ")), &draft->mx_host,
	    &draft->mx_addr);
}

static enum mx_log_line
postfix_status(struct mx_span message, size_t at, struct mx_draft *draft)
{
	struct mx_span result = mx_span_from(message, at + strlen(" status="));
	struct mx_span note = mx_span_from(result, mx_span_chr(result, '('));

	if (note.len < 2 || mx_span_starts(result, "sent") ||
	    mx_span_starts(result, "deliverable"))
		return MX_LOG_SILENT;
	note = mx_span_trim(mx_span_from(note, 1));
	if (note.len > 0 && note.at[note.len - 1] == ')')
		note.len--;
	postfix_fields(mx_span_cut(message, 0, at), draft);
	if (quotes(note, "postfix-log", draft))
		return MX_LOG_QUOTES;
	postfix_own_words(note, draft);
	return MX_LOG_QUOTES;
}

/* Daemons that receive mail write replies too, but their own. The queue manager of old releases
 * tells what becomes of a recipient whose host it has given up for a while. */
static bool
postfix_sends(struct mx_span program, bool has_status)
{
	static const char *const senders[] = { "smtp", "lmtp", "relay", "error", "retry",
		"bounce", "local", "virtual", "pipe", "smtp-out" };
	size_t slash = mx_span_chr(program, '/');

	while (slash < program.len) {
		program = mx_span_from(program, slash + 1);
		slash = mx_span_chr(program, '/');
	}
	for (size_t i = 0; i < sizeof senders / sizeof *senders; i++)
		if (mx_span_is(program, senders[i]))
			return true;
	return has_status && mx_span_is(program, "qmgr");
}

static enum mx_log_line
read_postfix(struct mx_log *log, const struct mx_log_frame *frame, struct mx_draft *draft)
{
	struct mx_span message = frame->message;
	struct mx_span id = mx_span_cut(message, 0, mx_span_chr(message, ':'));
	size_t status = mx_span_find(message, " status=");

	note_sender(log, id, message);
	if (!postfix_sends(frame->program, status < message.len))
		return MX_LOG_SILENT;
	recall_sender(log, id, draft);
	if (status < message.len)
		return postfix_status(message, status, draft);
	return quotes(message, "postfix-log", draft) ? MX_LOG_QUOTES : MX_LOG_SILENT;
}

/* ---- Exim: "ID ** user@domain R=router T=transport H=host [addr]: text" ---------------------- */

static void
exim_fields(struct mx_span text, struct mx_draft *draft)
{
	struct mx_span from = mx_span_between(text, " F=<", ">");
	struct mx_span local = mx_span_between(text, " I=[", "]");
	size_t host = mx_span_find(text, " H=");

	draft->rcpt = mx_span_first_mailbox(mx_span_cut(text, 0, 512));
	if (from.at != NULL) {
		draft->mail_from = from;
		draft->has_from = true;
	}
	if (local.at != NULL)
		mx_span_addr(local, &draft->source_addr);
	if (host < text.len)
		mx_span_host(
		    mx_span_cut(text, host + 3, 255), &draft->mx_host, &draft->mx_addr);
}

static enum mx_log_line
exim_own_words(struct mx_span text, struct mx_draft *draft)
{
	size_t colon = mx_span_find(text, ": ");

	if (colon == text.len)
		return MX_LOG_SILENT;
	draft->form = "exim-log";
	draft->reply = mx_span_from(text, colon + 2);
	draft->local = true;
	return MX_LOG_QUOTES;
}

static enum mx_log_line
read_exim(struct mx_log *log, const struct mx_log_frame *frame, struct mx_draft *draft)
{
	struct mx_span message = frame->message, id, flag;

	if (mx_span_starts(message, "["))
		message =
		    mx_span_trim(mx_span_from(message, mx_span_chr(message, ']') + 1));
	id = mx_span_cut(message, 0, mx_span_chr(message, ' '));
	flag = mx_span_trim(mx_span_from(message, id.len));
	if (mx_span_starts(flag, "<= ")) {
		flag = mx_span_from(flag, 3);
		mx_memo_note(log->memo, SENDER, id,
		    mx_span_starts(flag, "<> ")
			? mx_span_cut(flag, 1, 0)
			: mx_span_cut(flag, 0, mx_span_chr(flag, ' ')));
		return MX_LOG_SILENT;
	}
	if (mx_span_starts(flag, "=> ") || mx_span_starts(flag, "-> "))
		return MX_LOG_SILENT;
	recall_sender(log, id, draft);
	if (!mx_span_starts(flag, "** ") && !mx_span_starts(flag, "== "))
		return quotes(message, "exim-log", draft) ? MX_LOG_QUOTES : MX_LOG_SILENT;
	flag = mx_span_from(flag, 3);
	exim_fields(flag, draft);
	return quotes(flag, "exim-log", draft) ? MX_LOG_QUOTES
					       : exim_own_words(flag, draft);
}

/* ---- Sendmail: "ID: to=<>, relay=host. [addr], dsn=, reply=, stat=" -------------------------- */

static struct mx_span
sendmail_reply(struct mx_span message, size_t stat, struct mx_draft *draft)
{
	struct mx_span said = mx_span_between(message, ", reply=", ", stat=");
	struct mx_span text = mx_span_from(message, stat + strlen("stat="));

	if (said.len == 0 && mx_span_starts(text, "Deferred: "))
		said = mx_span_from(text, strlen("Deferred: "));
	if (mx_span_code(said) != 0)
		return said;
	draft->local = mx_span_code(text) == 0;
	return text;
}

static enum mx_log_line
read_sendmail(
    struct mx_log *log, const struct mx_log_frame *frame, struct mx_draft *draft)
{
	struct mx_span message = frame->message, relay, status;
	struct mx_span id = mx_span_cut(message, 0, mx_span_chr(message, ':'));
	size_t stat = mx_span_find(message, "stat=");

	note_sender(log, id, message);
	if (stat == message.len || mx_span_has(message, "stat=Sent") ||
	    mx_span_has(message, "ruleset="))
		return MX_LOG_SILENT;
	recall_sender(log, id, draft);
	draft->form = "sendmail-log";
	draft->rcpt = mx_span_first_mailbox(
	    mx_span_from(message, mx_span_find(message, " to=") + strlen(" to=")));
	relay = mx_span_between(message, "relay=", ",");
	if (relay.len > 0)
		mx_span_host(relay, &draft->mx_host, &draft->mx_addr);
	status = mx_span_between(message, "dsn=", ",");
	if (status.len > 0)
		read_status(status, draft);
	draft->reply = sendmail_reply(message, stat, draft);
	return MX_LOG_QUOTES;
}

/* ---- qmail: "delivery 7: failure: ADDR_does_not_like_recipient./Remote_host_said:_550_..." --- */

static bool
ends_line(struct mx_span next)
{
	return next.len == 0 || mx_span_starts(next, "Remote_host_said") ||
	       mx_span_starts(next, "Giving_up_on") ||
	       (next.len > 3 && (next.at[3] == '-' || next.at[3] == '_') &&
		   mx_span_code(mx_span_cut(next, 0, 3)) != 0);
}

void
mx_log_spell_out(struct mx_span text, struct mx_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '_')
			c = ' ';
		else if (c == '/' && ends_line(mx_span_from(text, i + 1)))
			c = '\n';
		mx_buf_add(out, &c, 1);
	}
}

static enum mx_log_line
qmail_result(
    struct mx_log *log, struct mx_span id, struct mx_span text, struct mx_draft *draft)
{
	struct mx_span message = mx_memo_find(log->memo, OF_MESSAGE, id);

	draft->rcpt = mx_memo_find(log->memo, RECIPIENT, id);
	if (message.at != NULL)
		recall_sender(log, message, draft);
	mx_buf_reset(&log->spelled);
	mx_log_spell_out(text, &log->spelled);
	text = (struct mx_span){ log->spelled.data, log->spelled.len };
	if (quotes(text, "qmail-log", draft))
		return MX_LOG_QUOTES;
	draft->form = "qmail-log";
	draft->reply = text;
	draft->local = true;
	return MX_LOG_QUOTES;
}

/* "starting delivery 7: msg 12345 to remote user@domain" */
static void
qmail_start(struct mx_log *log, struct mx_span text)
{
	struct mx_span id = mx_span_cut(text, 0, mx_span_chr(text, ':'));

	mx_memo_note(log->memo, OF_MESSAGE, id, mx_span_between(text, " msg ", " "));
	mx_memo_note(log->memo, RECIPIENT, id, mx_span_last_word(text));
}

static enum mx_log_line
read_qmail(struct mx_log *log, struct mx_span message, struct mx_draft *draft)
{
	static const char starts[] = "starting delivery ", result[] = "delivery ";
	struct mx_span id, text;

	/* splogger puts its own stamp in front. */
	while (message.len > 0 && (isdigit((unsigned char)*message.at) ||
				      *message.at == '.' || *message.at == ' '))
		message = mx_span_from(message, 1);
	if (mx_span_starts(message, "info msg ")) {
		id = mx_span_between(message, "msg ", ":");
		text = mx_span_between(message, " from <", ">");
		if (text.at != NULL)
			mx_memo_note(log->memo, SENDER, id, text);
		return MX_LOG_SILENT;
	}
	if (mx_span_starts(message, starts)) {
		qmail_start(log, mx_span_from(message, strlen(starts)));
		return MX_LOG_SILENT;
	}
	if (!mx_span_starts(message, result))
		return MX_LOG_NONE;
	message = mx_span_from(message, strlen(result));
	id = mx_span_cut(message, 0, mx_span_chr(message, ':'));
	text = mx_span_trim(mx_span_from(message, id.len + 1));
	if (id.len > 20 ||
	    !(mx_span_starts(text, "failure:") || mx_span_starts(text, "deferral:")))
		return MX_LOG_SILENT;
	text = mx_span_trim(mx_span_from(text, mx_span_chr(text, ':') + 1));
	return qmail_result(log, id, text, draft);
}

/* ---- OpenSMTPD: "delivery ... relay="addr (host)" result="PermFail" stat="550 ..."" ---------- */

static struct mx_span
smtpd_field(struct mx_span message, const char *quoted, const char *plain)
{
	struct mx_span found = mx_span_between(message, quoted, "\"");

	return found.at != NULL ? found : mx_span_between(message, plain, ",");
}

static enum mx_log_line
read_opensmtpd(struct mx_span message, struct mx_draft *draft)
{
	struct mx_span relay = smtpd_field(message, " relay=\"", " relay=");
	struct mx_span source = smtpd_field(message, " source=\"", " source=");
	struct mx_span from = mx_span_between(message, " from=<", ">");
	size_t stat = mx_span_find(message, " stat=");

	if (stat == message.len || mx_span_has(message, "result=\"Ok\"") ||
	    mx_span_has(message, "delivery: Ok") || mx_span_has(message, "result=Ok"))
		return MX_LOG_SILENT;
	draft->form = "opensmtpd-log";
	draft->rcpt = mx_span_between(message, " to=<", ">");
	draft->mail_from = from;
	draft->has_from = from.at != NULL;
	if (relay.len > 0)
		mx_span_host(relay, &draft->mx_host, &draft->mx_addr);
	if (source.len > 0)
		mx_span_addr(mx_span_cut(source, 0, mx_span_chr(source, ' ')),
		    &draft->source_addr);
	draft->reply = mx_span_trim(mx_span_from(message, stat + strlen(" stat=")));
	if (mx_span_starts(draft->reply, "\""))
		draft->reply = mx_span_cut(
		    draft->reply, 1, mx_span_chr(mx_span_from(draft->reply, 1), '"'));
	draft->local = mx_span_code(draft->reply) == 0;
	return MX_LOG_QUOTES;
}

/* ---- Exchange's protocol log: stamp,connector,session,number,local,remote,event,data,context -- */

enum {
	SESSION = 2,
	LOCAL = 4,
	REMOTE = 5,
	EVENT = 6,
	WHAT = 7,
	COLUMNS
};

static bool
split_columns(struct mx_span line, struct mx_span column[COLUMNS])
{
	for (int i = 0; i < WHAT; i++) {
		size_t comma = mx_span_chr(line, ',');

		if (comma == line.len)
			return false;
		column[i] = mx_span_cut(line, 0, comma);
		line = mx_span_from(line, comma + 1);
	}
	column[WHAT] = line;
	return column[EVENT].len == 1;
}

static void
endpoint(struct mx_span text, struct mx_addr *addr)
{
	char plain[MX_ADDR_TEXT];

	if (text.len >= sizeof plain)
		return;
	memcpy(plain, text.at, text.len);
	plain[text.len] = '\0';
	if (!mx_addr_parse_port(plain, 0, addr))
		*addr = (struct mx_addr){ 0 };
	addr->port = 0;
}

static bool
same_session(const struct mx_log *log, struct mx_span session)
{
	return session.len < sizeof log->session && mx_span_is(session, log->session);
}

static enum mx_log_line
exchange_reply(
    const struct mx_log *log, const struct mx_span *column, struct mx_draft *draft)
{
	struct mx_span said = column[WHAT];

	if (said.len > 1 && *said.at == '"')
		said = mx_span_cut(said, 1, mx_span_chr(mx_span_from(said, 1), '"'));
	else
		said = mx_span_cut(
		    said, 0, said.len - (said.len > 0 && said.at[said.len - 1] == ','));
	if (mx_span_code(said) < 400)
		return MX_LOG_SILENT;
	draft->form = "exchange-log";
	draft->reply = said;
	draft->stage = same_session(log, column[SESSION]) ? log->asked : MX_STAGE_BANNER;
	endpoint(column[LOCAL], &draft->source_addr);
	endpoint(column[REMOTE], &draft->mx_addr);
	return MX_LOG_QUOTES;
}

static enum mx_log_line
read_exchange(struct mx_log *log, struct mx_span line, struct mx_draft *draft)
{
	struct mx_span column[COLUMNS];

	if (line.len < 20 || line.at[4] != '-' || line.at[10] != 'T' ||
	    !isdigit((unsigned char)*line.at) || !split_columns(line, column))
		return MX_LOG_NONE;
	if (*column[EVENT].at == '<')
		return exchange_reply(log, column, draft);
	if (*column[EVENT].at == '>' && column[SESSION].len < sizeof log->session) {
		memcpy(log->session, column[SESSION].at, column[SESSION].len);
		log->session[column[SESSION].len] = '\0';
		log->asked = mx_span_stage(mx_span_cut(column[WHAT], 0, 10));
	}
	return MX_LOG_SILENT;
}

/* ---- which of them ---------------------------------------------------------------------------- */

static enum mx_log_line
read_framed(struct mx_log *log, const struct mx_log_frame *frame, struct mx_draft *draft)
{
	enum mx_log_line found = read_qmail(log, frame->message, draft);

	if (found != MX_LOG_NONE)
		return found;
	if (mx_span_has(frame->program, "postfix") ||
	    mx_span_chr(frame->program, '/') < frame->program.len)
		return read_postfix(log, frame, draft);
	if (mx_span_is(frame->program, "sendmail") ||
	    mx_span_starts(frame->program, "sm-"))
		return read_sendmail(log, frame, draft);
	if (frame->program.len == 0 || mx_span_starts(frame->program, "exim"))
		return read_exim(log, frame, draft);
	if (mx_span_is(frame->program, "smtpd") ||
	    mx_span_is(frame->program, "opensmtpd"))
		return read_opensmtpd(frame->message, draft);
	return quotes(frame->message, "log", draft) ? MX_LOG_QUOTES : MX_LOG_SILENT;
}

enum mx_log_line
mx_log_read(struct mx_log *log, struct mx_span line, struct mx_draft *draft)
{
	struct mx_log_frame frame;
	enum mx_log_line found = read_exchange(log, line, draft);

	if (found != MX_LOG_NONE)
		return found;
	if (!mx_log_frame_read(line, &frame))
		return mx_span_starts(line, "#") ? MX_LOG_SILENT
						 : read_qmail(log, line, draft);
	found = read_framed(log, &frame, draft);
	draft->source_host = frame.host;
	return found;
}
