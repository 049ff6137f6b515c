/* test_route.c - what a relay's URL may say, and what it must not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/mail/route.h"

TestSuite(route, .timeout = 10);

Test(route, takes_host_port_and_user_apart)
{
	static const struct {
		const char *url, *host, *user, *text;
		enum mx_mail_tls tls;
	} rows[] = {
		{ "smtp://relay.example.jp", "relay.example.jp", NULL,
		    "relay.example.jp:587", MX_MAIL_STARTTLS },
		{ "smtps://relay.example.jp/", "relay.example.jp", NULL,
		    "relay.example.jp:465", MX_MAIL_IMPLICIT },
		{ "SMTP://me@relay.example.jp:25", "relay.example.jp", "me",
		    "relay.example.jp:25", MX_MAIL_STARTTLS },
		{ "smtp://me@example.jp@relay.example.jp", "relay.example.jp",
		    "me@example.jp", "relay.example.jp:587", MX_MAIL_STARTTLS },
		{ "smtp://me%40example.jp@127.0.0.1:2525", "127.0.0.1", "me@example.jp",
		    "127.0.0.1:2525", MX_MAIL_STARTTLS },
		{ "smtps://[2001:db8::1]:4465", "2001:db8::1", NULL, "[2001:db8::1]:4465",
		    MX_MAIL_IMPLICIT },
		{ "smtp://[2001:db8::1]", "2001:db8::1", NULL, "[2001:db8::1]:587",
		    MX_MAIL_STARTTLS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_mail_route route;
		struct mx_error err = { 0 };
		char *text;

		cr_assert_eq(mx_mail_route_parse(&route, rows[i].url, &err), MX_OK,
		    "%s: %s", rows[i].url, err.text);
		text = mx_mail_route_text(&route);
		cr_expect_str_eq(route.host, rows[i].host);
		cr_expect_str_eq(text, rows[i].text);
		cr_expect_eq(route.tls, rows[i].tls);
		cr_expect_eq(route.user == NULL, rows[i].user == NULL);
		if (rows[i].user != NULL)
			cr_expect_str_eq(route.user, rows[i].user);
		free(text);
		mx_mail_route_clear(&route);
	}
}

Test(route, refuses_what_is_none_and_never_repeats_a_password)
{
	static const char *const urls[] = { "relay.example.jp", "http://relay.example.jp",
		"smtp://", "smtp://@relay.example.jp", "smtp://relay.example.jp:0",
		"smtp://relay.example.jp:66000", "smtp://relay.example.jp:25x",
		"smtp://me%0d%0a@relay.example.jp", "smtp://me%4@relay.example.jp",
		"smtp://re lay.example.jp", "smtp://me:S3CRET@relay.example.jp" };

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct mx_mail_route route;
		struct mx_error err = { 0 };

		cr_expect_eq(mx_mail_route_parse(&route, urls[i], &err), MX_ERR_USAGE,
		    "%s", urls[i]);
		cr_expect_null(strstr(err.text, "S3CRET"));
		mx_mail_route_clear(&route);
	}
}

Test(route, reads_the_first_line_of_a_file_that_others_can_t_read)
{
	char path[] = "/tmp/mx-route-XXXXXX";
	int fd = mkstemp(path);
	struct mx_mail_route route = { 0 };
	struct mx_error err = { 0 };

	cr_assert_eq(write(fd, "pass word\r\nmore\n", 16), 16);
	close(fd);
	cr_expect_eq(
	    mx_mail_route_read_password(&route, path, &err), MX_OK, "%s", err.text);
	cr_expect_str_eq(route.password, "pass word");
	chmod(path, 0644);
	cr_expect_eq(mx_mail_route_read_password(&route, path, &err), MX_ERR_CONFIG);
	cr_expect_not_null(strstr(err.text, "everybody may read it"));
	unlink(path);
	mx_mail_route_clear(&route);
}
