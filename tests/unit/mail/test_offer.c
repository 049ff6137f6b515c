/* test_offer.c - what libesmtp gets to see of an EHLO. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/mail/offer.h"

TestSuite(offer, .timeout = 10);

static struct mx_buf shown;

static struct mx_mail_offer
filter(const char *wire, bool may_log_in)
{
	mx_buf_clear(&shown);
	mx_buf_init(&shown, 8192);
	return mx_mail_offer_filter(wire, strlen(wire), may_log_in, &shown);
}

Test(offer, shows_nothing_but_login_and_dsn)
{
	struct mx_mail_offer offer = filter(
	    "250-relay\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-BINARYMIME\r\n"
	    "250-STARTTLS\r\n250-8BITMIME\r\n250-SIZE 1000\r\n250-ENHANCEDSTATUSCODES\r\n"
	    "250-dsn\r\n250 AUTH GSSAPI plain CRAM-MD5 LOGIN XOAUTH2\r\n",
	    true);

	cr_expect(offer.auth);
	cr_expect(offer.dsn);
	cr_expect_not(offer.only_cram);
	cr_expect_str_eq(
	    shown.data, "250-front\r\n250-DSN\r\n250-AUTH PLAIN LOGIN\r\n250 HELP\r\n");
	mx_buf_clear(&shown);
}

Test(offer, shows_no_login_where_none_may_be_sent)
{
	cr_expect_not(filter("250-relay\r\n250 AUTH PLAIN\r\n", false).auth);
	cr_expect_str_eq(shown.data, "250-front\r\n250 HELP\r\n");
	mx_buf_clear(&shown);
}

Test(offer, cram_md5_alone_is_answered_by_the_front)
{
	struct mx_mail_offer offer =
	    filter("250-relay\r\n250-AUTH=CRAM-MD5\r\n250 OK\r\n", true);

	cr_expect(offer.only_cram);
	cr_expect_str_eq(shown.data, "250-front\r\n250-AUTH PLAIN\r\n250 HELP\r\n");
	mx_buf_clear(&shown);
}

Test(offer, takes_any_bytes)
{
	static const char *const wires[] = { "", "250", "250 ", "250 AUTH",
		"250 AUTH \r\n", "250-AUTH   \r\n250 AUTH  PLAIN  ", "\r\n\r\n" };

	for (size_t i = 0; i < sizeof wires / sizeof *wires; i++)
		(void)filter(wires[i], true);
	mx_buf_clear(&shown);
}
