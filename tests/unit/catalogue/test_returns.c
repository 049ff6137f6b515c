/* test_returns.c - what a blocklist's answer may look like. */
#include <criterion/criterion.h>

#include "probe/catalogue/returns.h"

TestSuite(returns, .timeout = 10);

Test(returns, one_answer_or_a_run_of_them)
{
	static const struct {
		const char *text;
		uint8_t middle, first, last;
	} rows[] = {
		{ "127.0.0.2", 0, 2, 2 },
		{ "127.0.0.9-24", 0, 9, 24 },
		{ "127.255.255.254", 255, 254, 254 },
		{ "127.0.0.0-255", 0, 0, 255 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_return_code code;

		cr_assert(mx_return_code_parse(rows[i].text, &code), "%s", rows[i].text);
		cr_expect_eq(code.bytes[0], 127);
		cr_expect_eq(code.bytes[1], rows[i].middle);
		cr_expect_eq(code.first, rows[i].first);
		cr_expect_eq(code.last, rows[i].last);
	}
}

Test(returns, anything_else_is_none)
{
	static const char *const texts[] = { "", "127", "127.0.0.2-", "127.0.0.2-2",
		"127.0.0.9-3", "127.0.0.2-256", "127.0.0.2-+4", "127.0.0.2-4-6",
		"10.0.0.2", "192.0.2.1", "::1", "-4",
		"127.0.0.2 and far more than any address needs to be written with" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct mx_return_code code;

		cr_expect_not(mx_return_code_parse(texts[i], &code), "%s", texts[i]);
	}
}
