/* offer.c - keyword by keyword; what is not known to do no harm is not passed on. */
#include "probe/mail/offer.h"

#include <string.h>
#include <strings.h>

/* libesmtp has CRAM-MD5, too; but Debian installs its module under a name that is not looked for. */
static const char *const mechanisms[] = { "PLAIN", "LOGIN" };

static bool
is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(text, word, len) == 0;
}

/* "AUTH PLAIN LOGIN GSSAPI", and "AUTH=PLAIN" of servers from before the RFC. */
static bool
add_mechanisms(
    const char *text, size_t len, struct mx_mail_offer *offer, struct mx_buf *out)
{
	bool any = false, has_cram = false;

	while (len > 0) {
		size_t word = 0;

		while (word < len && text[word] != ' ')
			word++;
		for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
			if (!is_word(text, word, mechanisms[i]))
				continue;
			(void)mx_buf_addf(
			    out, any ? " %s" : "250-AUTH %s", mechanisms[i]);
			any = true;
		}
		has_cram = has_cram || is_word(text, word, "CRAM-MD5");
		text += word;
		len -= word;
		while (len > 0 && *text == ' ') {
			text++;
			len--;
		}
	}
	offer->only_cram = has_cram && !any;
	if (offer->only_cram)
		(void)mx_buf_addstr(out, "250-AUTH PLAIN");
	if (any || has_cram)
		(void)mx_buf_addstr(out, "\r\n");
	return any;
}

static void
add_line(const char *text, size_t len, bool may_log_in, struct mx_mail_offer *offer,
    struct mx_buf *out)
{
	if (is_word(text, len, "DSN")) {
		offer->dsn = true;
		(void)mx_buf_addstr(out, "250-DSN\r\n");
	} else if (len > 5 && strncasecmp(text, "AUTH", 4) == 0 &&
		   (text[4] == ' ' || text[4] == '=') && may_log_in && !offer->auth &&
		   !offer->only_cram) {
		offer->auth = add_mechanisms(text + 5, len - 5, offer, out);
	}
}

struct mx_mail_offer
mx_mail_offer_filter(const char *wire, size_t len, bool may_log_in, struct mx_buf *out)
{
	struct mx_mail_offer offer = { 0 };
	const char *end = wire + len;

	(void)mx_buf_addstr(out, "250-front\r\n");
	while (wire < end) {
		const char *newline = memchr(wire, '\r', (size_t)(end - wire));
		size_t line =
		    newline != NULL ? (size_t)(newline - wire) : (size_t)(end - wire);

		if (line > 4)
			add_line(wire + 4, line - 4, may_log_in, &offer, out);
		wire += line < (size_t)(end - wire) ? line + 2 : line;
	}
	(void)mx_buf_addstr(out, "250 HELP\r\n");
	return offer;
}
