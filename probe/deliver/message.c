/* message.c - small, honest and the same each time: filters learn nothing from it but who sends. */
#include "probe/deliver/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/plan/mailbox.h"

#define DATE_TEXT 64

/* "Sun, 22 Nov 2026 05:00:00 +0000"; strftime would write the names in the user's language. */
static void
put_date(int64_t time_us, char out[DATE_TEXT])
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(time_us / MX_SECOND_US);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	(void)snprintf(out, DATE_TEXT, "%s, %02d %s %d %02d:%02d:%02d +0000",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}

char *
mx_message_id(const struct mx_message_facts *facts)
{
	const char *domain = mx_mailbox_domain(facts->from);

	return mx_asprintf("<" MX_TOKEN_PREFIX "%s@%s>", facts->id,
	    domain != NULL ? domain : "mxprobe.invalid");
}

char *
mx_message_text(const struct mx_message_facts *facts)
{
	char date[DATE_TEXT], *id = mx_message_id(facts), *text;

	put_date(facts->time_us, date);
	text = mx_asprintf(
	    "Date: %s\r\n"
	    "From: <%s>\r\n"
	    "To: <%s>\r\n"
	    "Subject: Delivery test " MX_TOKEN_PREFIX "%s\r\n"
	    "Message-ID: %s\r\n" MX_TOKEN_FIELD ": " MX_TOKEN_PREFIX "%s\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=us-ascii\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n"
	    "\r\n"
	    "This is a delivery test. The owner of this mailbox has sent it to\r\n"
	    "himself with mxprobe, to see whether mail from this sender arrives,\r\n"
	    "where it is filed, and what the receiver makes of it.\r\n"
	    "\r\n"
	    "It needs no answer, holds no links, and can be deleted.\r\n"
	    "\r\n"
	    "Test: " MX_TOKEN_PREFIX "%s\r\n"
	    "Sent: %s\r\n",
	    date, facts->from, facts->to, facts->id, id, facts->id, facts->id, date);
	free(id);
	return text;
}
