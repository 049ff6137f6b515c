/* test_err.c - the first failure is the one that is told. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "probe/base/err.h"

TestSuite(err, .timeout = 5);

Test(err, first_failure_wins)
{
	struct mx_error err = { 0 };

	cr_assert_eq(mx_error_set(&err, MX_ERR_CONFIG, "bad %s", "key"), MX_ERR_CONFIG);
	cr_assert_eq(mx_error_set(&err, MX_ERR_USAGE, "later"), MX_ERR_USAGE);
	cr_assert_eq(err.code, MX_ERR_CONFIG);
	cr_assert_str_eq(err.text, "bad key");
}

Test(err, system_failure_keeps_errno_and_says_it)
{
	struct mx_error err = { 0 };

	cr_assert_eq(mx_error_sys(&err, ENOENT, "open %s", "x"), MX_ERR_SYSTEM);
	cr_assert_eq(err.sys, ENOENT);
	cr_assert_str_eq(err.text, "open x: No such file or directory");
}

Test(err, nobody_listening_is_allowed)
{
	cr_assert_eq(mx_error_set(NULL, MX_ERR_LIMIT, "x"), MX_ERR_LIMIT);
	cr_assert_eq(mx_error_sys(NULL, EINVAL, "x"), MX_ERR_SYSTEM);
}

Test(err, text_stays_one_line_and_fits)
{
	struct mx_error err = { 0 };
	char flood[4000];

	memset(flood, 'x', sizeof flood);
	flood[0] = '\n';
	flood[1] = 0x1b;
	flood[sizeof flood - 1] = '\0';
	(void)mx_error_sys(&err, EINVAL, "%s", flood);
	cr_assert_lt(strlen(err.text), sizeof err.text);
	cr_assert_eq(memcmp(err.text, "??xx", 4), 0);
}

Test(err, exit_statuses_are_the_contract)
{
	static const struct {
		enum mx_err code;
		int status;
	} table[] = { { MX_OK, 0 }, { MX_ERR_USAGE, 64 }, { MX_ERR_CONFIG, 78 },
		{ MX_ERR_SYSTEM, 4 }, { MX_ERR_RESOLVER, 4 }, { MX_ERR_LIMIT, 4 } };

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		cr_assert_eq(
		    mx_err_exit_status(table[i].code), table[i].status, "row %zu", i);
}
