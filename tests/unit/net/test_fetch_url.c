/* test_fetch_url.c - what a webhook's URL may be, and that a refusal does not repeat it. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/net/fetch_url.h"

TestSuite(fetch_url, .timeout = 10);

Test(fetch_url, is_taken_apart)
{
	static const struct {
		const char *text;
		bool is_plain;
		const char *host;
		unsigned port;
		const char *path;
	} rows[] = {
		{ "https://hooks.example.jp/a/b?c=d", false, "hooks.example.jp", 443,
		    "/a/b?c=d" },
		{ "http://localhost:8080", true, "localhost", 8080, "/" },
		{ "https://[2001:db8::1]:8443/x", false, "2001:db8::1", 8443, "/x" },
		{ "https://192.0.2.1/", false, "192.0.2.1", 443, "/" },
		{ "HTTPS://Example.JP/X", false, "example.jp", 443, "/X" },
		{ "https://b\xc3\xbc"
		  "cher.example/",
		    false, "xn--bcher-kva.example", 443, "/" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_fetch_url url;
		struct mx_error err = { 0 };

		cr_assert_eq(mx_fetch_url_parse(&url, rows[i].text, &err), MX_OK,
		    "%s: %s", rows[i].text, err.text);
		cr_expect_eq(url.is_plain, rows[i].is_plain);
		cr_expect_str_eq(url.host, rows[i].host);
		cr_expect_eq(url.port, rows[i].port);
		cr_expect_str_eq(url.path, rows[i].path);
		mx_fetch_url_clear(&url);
	}
}

Test(fetch_url, that_is_none_is_refused_and_not_repeated)
{
	static const char *const rows[] = { "", "s3cret", "ftp://s3cret.example/",
		"https://", "https://user:s3cret@example.jp/", "file:///s3cret",
		"https://example.jp:70000/s3cret", "https://exa mple.jp/s3cret" };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_fetch_url url;
		struct mx_error err = { 0 };

		cr_expect_eq(mx_fetch_url_parse(&url, rows[i], &err), MX_ERR_CONFIG, "%s",
		    rows[i]);
		cr_expect_null(strstr(err.text, "s3cret"), "%s", err.text);
		mx_fetch_url_clear(&url);
	}
}
