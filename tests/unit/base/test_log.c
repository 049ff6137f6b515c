/* test_log.c - one line each, whatever is in it. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <string.h>

#include "probe/base/log.h"

static void
redirect(void)
{
	cr_redirect_stderr();
}

TestSuite(log, .timeout = 5, .init = redirect);

Test(log, lines_say_program_and_level)
{
	mx_log(MX_LOG_ERROR, "a %d", 1);
	mx_log(MX_LOG_WARNING, "b");
	fflush(stderr);
	cr_assert_stderr_eq_str("mxprobe: error: a 1\nmxprobe: warning: b\n");
}

Test(log, lines_above_the_level_are_dropped)
{
	mx_log(MX_LOG_INFO, "dropped");
	mx_log_set_level(MX_LOG_DEBUG);
	mx_log(MX_LOG_DEBUG, "kept");
	mx_log_set_level(MX_LOG_ERROR);
	mx_log(MX_LOG_WARNING, "dropped");
	fflush(stderr);
	cr_assert_stderr_eq_str("mxprobe: debug: kept\n");
}

Test(log, a_newline_or_escape_inside_cannot_forge_a_line)
{
	mx_log(MX_LOG_ERROR, "%s", "x\nmxprobe: error: forged\r\033[2J\x7f");
	fflush(stderr);
	cr_assert_stderr_eq_str("mxprobe: error: x mxprobe: error: forged  [2J \n");
}

static int calls;

static void
count_call(void)
{
	calls++;
}

Test(log, progress_is_wiped_before_lines_that_are_shown)
{
	mx_log_set_before(count_call);
	mx_log(MX_LOG_DEBUG, "dropped");
	cr_assert_eq(calls, 0);
	mx_log(MX_LOG_ERROR, "kept");
	cr_assert_eq(calls, 1);
	mx_log_set_before(NULL);
	mx_log(MX_LOG_ERROR, "kept");
	cr_assert_eq(calls, 1);
}

Test(log, a_line_longer_than_its_room_is_cut_not_split)
{
	char flood[9000], seen[9000];
	FILE *said;
	size_t len;

	memset(flood, 'x', sizeof flood);
	flood[sizeof flood - 1] = '\0';
	mx_log(MX_LOG_ERROR, "%s", flood);
	fflush(stderr);
	said = cr_get_redirected_stderr();
	len = fread(seen, 1, sizeof seen, said);
	cr_assert_gt(len, 1000);
	cr_assert_lt(len, 5000);
	cr_assert_eq(memchr(seen, '\n', len), seen + len - 1);
}
