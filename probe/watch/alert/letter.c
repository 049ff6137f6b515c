/* letter.c - the notice as mail: plain words, quoted-printable, nothing that a server said in a header
 * line but its printable ASCII. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/watch/alert/shape.h"
#include "probe/watch/alert/tree.h"

#define LETTER_MOST 32768U
#define WORDS_MOST 24576U /* of the body, before it is encoded */
#define TAIL_ROOM 64U     /* kept free for saying that it was cut */
#define SUBJECT_MOST 160U
#define LINE_MOST 76U /* RFC 2045, section 6.7 */
#define DETAILED 20U  /* alerts told at length; of the others only whose they are */

/* ---- header ---- */

/* What isn't printable ASCII would need RFC 2047, and isn't worth it here: the body has it. */
static void
add_plain(struct mx_buf *out, const char *text, size_t most)
{
	for (size_t i = 0; i < most && text[i] != '\0'; i++) {
		char c = text[i];

		if (((unsigned char)c & 0xc0) == 0x80)
			continue; /* the rest of a character that has become a ? */
		if (c < ' ' || c > '~')
			c = '?';
		(void)mx_buf_add(out, &c, 1);
	}
}

/* RFC 5322, section 3.3: names are English whatever the locale is. */
static void
add_date(struct mx_buf *out, int64_t wall_us)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)(wall_us / MX_SECOND_US);
	struct tm tm;

	(void)gmtime_r(&seconds, &tm);
	(void)mx_buf_addf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
	    days + (ptrdiff_t)3 * tm.tm_wday, tm.tm_mday,
	    months + (ptrdiff_t)3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

static void
add_to(struct mx_buf *out, char *const *to)
{
	(void)mx_buf_addstr(out, "To: ");
	for (size_t i = 0; to[i] != NULL; i++) {
		if (i > 0)
			(void)mx_buf_addstr(out, ",\r\n\t");
		add_plain(out, to[i], 320);
	}
	(void)mx_buf_addstr(out, "\r\n");
}

/* All letters about one provider and network are one thread: they refer to a letter that was never
 * written. */
static void
add_header(struct mx_buf *out, const struct mx_letter *letter, const json_t *notice)
{
	const char *at = strrchr(letter->from, '@'),
		   *host = at != NULL ? at + 1 : "localhost";
	unsigned long long thread = mx_hash(letter->topic, strlen(letter->topic), 0);

	(void)mx_buf_addstr(out, "From: mxprobe <");
	add_plain(out, letter->from, 320);
	(void)mx_buf_addstr(out, ">\r\n");
	add_to(out, letter->to);
	(void)mx_buf_addf(out, "Subject: [mxprobe] %s: ",
	    json_is_true(json_object_get(notice, "test"))
		? "test"
		: mx_tree_get(notice, "status"));
	add_plain(out, mx_tree_get(notice, "title"), SUBJECT_MOST);
	(void)mx_buf_addstr(out, "\r\n");
	add_date(out, letter->time_us);
	(void)mx_buf_addf(
	    out, "Message-ID: <%s.mxprobe@%s>\r\n", mx_tree_get(notice, "id"), host);
	(void)mx_buf_addf(out,
	    "In-Reply-To: <%016llx.mxprobe@%s>\r\nReferences: <%016llx.mxprobe@%s>\r\n",
	    thread, host, thread, host);
	(void)mx_buf_addf(out, "Mxprobe-Id: %s\r\n", mx_tree_get(notice, "id"));
	(void)mx_buf_addstr(out, "Auto-Submitted: auto-generated\r\n"
				 "MIME-Version: 1.0\r\n"
				 "Content-Type: text/plain; charset=utf-8\r\n"
				 "Content-Transfer-Encoding: quoted-printable\r\n"
				 "\r\n");
}

/* ---- body, in plain UTF-8 with \n ---- */

/* "  LABEL: TEXT", where there is one. */
static void
add_fact(struct mx_buf *out, const char *label, const char *text)
{
	char *safe;

	if (*text == '\0')
		return;
	safe = mx_escape_terminal(text, strlen(text));
	(void)mx_buf_addf(out, "  %s: %s\n", label, safe);
	free(safe);
}

static void
add_reply(struct mx_buf *out, const json_t *reply)
{
	const char *enhanced = mx_tree_get(reply, "enhanced");
	char *safe, *text;

	if (!json_is_object(reply))
		return;
	text = mx_asprintf("%s", mx_tree_get(reply, "text"));
	safe = mx_escape_terminal(text, strlen(text));
	(void)mx_buf_addf(out, "  the server's reply at %s: %lld %s%s%s\n",
	    mx_tree_get(reply, "stage"),
	    (long long)json_integer_value(json_object_get(reply, "code")), enhanced,
	    *enhanced != '\0' ? " " : "", safe);
	free(safe);
	free(text);
}

static void
add_span(struct mx_buf *out, const json_t *alert)
{
	const json_t *span = json_object_get(alert, "time_to_clear_s");
	long long hours = (long long)json_integer_value(span) / 3600;

	if (json_is_integer(span))
		(void)mx_buf_addf(out, "  blocked for: %lld h %lld min\n", hours,
		    (long long)json_integer_value(span) / 60 % 60);
}

static void
add_alert(struct mx_buf *out, const json_t *alert)
{
	(void)mx_buf_addf(out, "%s is %s (%s)\n", mx_tree_get(alert, "source"),
	    mx_tree_get(alert, "state"), mx_tree_get(alert, "kind"));
	add_fact(out, "since", mx_tree_get(alert, "starts_at"));
	add_fact(out, "until", mx_tree_get(alert, "ends_at"));
	add_span(out, alert);
	add_fact(out, "was", mx_tree_get(alert, "old_state"));
	add_fact(out, "why", mx_tree_get(alert, "why"));
	add_fact(out, "ticket", mx_tree_get(alert, "ticket"));
	add_fact(out, "destination", mx_tree_get(alert, "destination"));
	add_fact(out, "mail exchanger", mx_tree_get(alert, "mx_host"));
	add_reply(out, json_object_get(alert, "reply"));
	add_fact(out, "list", mx_tree_get(alert, "list"));
	add_fact(out, "provider's code", mx_tree_get(alert, "provider_code"));
	add_fact(out, "delist", mx_tree_get(alert, "delist_url"));
	add_fact(out, "page", mx_tree_get(alert, "page"));
	add_fact(out, "evidence", mx_tree_get(alert, "result"));
	(void)mx_buf_addstr(out, "\n");
}

static void
add_remedies(struct mx_buf *out, const json_t *notice)
{
	const json_t *remedies = json_object_get(notice, "remedies"), *remedy;
	const json_t *first = json_array_get(json_object_get(notice, "alerts"), 0);
	size_t i;

	if (json_array_size(remedies) > 0)
		(void)mx_buf_addstr(out, "What to do\n");
	json_array_foreach (remedies, i, remedy) {
		(void)mx_buf_addf(out, "  %s\n", mx_tree_get(remedy, "text"));
		add_fact(out, "form", mx_tree_get(remedy, "url"));
	}
	if (json_array_size(remedies) > 0)
		(void)mx_buf_addf(out,
		    "  The request, filled in: mxprobe delist --source %s --provider %s\n\n",
		    mx_tree_get(first, "source"), mx_tree_get(first, "group"));
}

/* At length what fits; of the others only whose they are. */
static void
add_alerts(struct mx_buf *out, const json_t *notice)
{
	const json_t *alerts = json_object_get(notice, "alerts"), *alert;
	size_t i;

	json_array_foreach (alerts, i, alert)
		if (i < DETAILED)
			add_alert(out, alert);
	add_remedies(out, notice);
	json_array_foreach (alerts, i, alert)
		if (i >= DETAILED)
			(void)mx_buf_addf(out, "%s is %s\n", mx_tree_get(alert, "source"),
			    mx_tree_get(alert, "state"));
}

static char *
make_body(const json_t *notice)
{
	struct mx_buf out;

	mx_buf_init(&out, WORDS_MOST);
	(void)mx_buf_addf(&out, "%s\n\n", mx_tree_get(notice, "title"));
	(void)mx_buf_addf(&out, "%s", mx_tree_get(notice, "text")); /* of a report */
	add_alerts(&out, notice);
	(void)mx_buf_addf(&out, "%s%snotice %s\n", mx_tree_get(notice, "page"),
	    *mx_tree_get(notice, "page") != '\0' ? "\n" : "", mx_tree_get(notice, "id"));
	return mx_buf_take(&out);
}

/* ---- quoted-printable ---- */

/* A blank before a line's end is encoded, or it would be lost; so is a dot at its beginning. */
static bool
is_plain(const char *text, size_t i, size_t column)
{
	char c = text[i];

	if (c == '.' && column == 0)
		return false;
	if (c == ' ')
		return text[i + 1] != '\n' && text[i + 1] != '\0';
	return c > ' ' && c <= '~' && c != '=';
}

static void
add_encoded(struct mx_buf *out, const char *text)
{
	size_t column = 0;

	for (size_t i = 0; text[i] != '\0'; i++) {
		size_t width = is_plain(text, i, column) ? 1 : 3;

		if (out->len + width + TAIL_ROOM > out->limit) {
			(void)mx_buf_addstr(out, "=\r\n\r\n[cut: it is longer]");
			break;
		}
		if (text[i] == '\n') {
			(void)mx_buf_addstr(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + width >= LINE_MOST) {
			(void)mx_buf_addstr(out, "=\r\n");
			column = 0;
			width = is_plain(text, i, column) ? 1 : 3;
		}
		if (width == 1)
			(void)mx_buf_add(out, &text[i], 1);
		else
			(void)mx_buf_addf(out, "=%02X", (unsigned char)text[i]);
		column += width;
	}
	(void)mx_buf_addstr(out, "\r\n");
}

char *
mx_shape_letter(const struct mx_letter *letter)
{
	json_t *notice = json_loads(letter->notice, 0, NULL);
	struct mx_buf out;
	char *body = make_body(notice);

	mx_buf_init(&out, LETTER_MOST);
	add_header(&out, letter, notice);
	add_encoded(&out, body);
	free(body);
	json_decref(notice);
	return mx_buf_take(&out);
}
