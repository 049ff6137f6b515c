/* test_log_format.c - no value can end a line, or forge a key. */
#include "probe/base/log_format.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"

TestSuite(log_format, .timeout = 30);

/* clang-format off */
static const struct {
	const char *value, *logfmt, *json;
} values[] = {
	{ "outlook",        "outlook",               "\"outlook\"" },
	{ "",               "\"\"",                  "\"\"" },
	{ "a b",            "\"a b\"",               "\"a b\"" },
	{ "a=b",            "\"a=b\"",               "\"a=b\"" },
	{ "say \"no\"",     "\"say \\\"no\\\"\"",    "\"say \\\"no\\\"\"" },
	{ "two\nlines",     "\"two\\\\x0alines\"",   "\"two\\u000alines\"" },
	{ "\x1b[31m",       "\"\\\\x1b[31m\"",       "\"\\u001b[31m\"" },
	{ "\xff",           "\"\\\\xff\"",           "\"\xef\xbf\xbd\"" },
	{ "日本",           "日本",                  "\"日本\"" },
};
/* clang-format on */

static char *
record_of(enum mx_log_style style, const char *value)
{
	struct mx_log_field fields[] = { { "left_out", NULL }, { "key", value },
		{ NULL, NULL } };

	mx_clock_freeze(0);
	return mx_log_format(style, "info", "hello", fields);
}

Test(log_format, logfmt_quotes_what_needs_it)
{
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		char *record = record_of(MX_LOG_LOGFMT, values[i].value);
		char wanted[256];

		snprintf(wanted, sizeof wanted,
		    "ts=1970-01-01T00:00:00.000Z level=info msg=hello key=%s",
		    values[i].logfmt);
		cr_expect_str_eq(record, wanted);
		free(record);
	}
}

Test(log_format, json_is_one_object_a_line)
{
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		char *record = record_of(MX_LOG_JSON, values[i].value);
		char wanted[256];

		snprintf(wanted, sizeof wanted,
		    "{\"ts\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"msg\":"
		    "\"hello\",\"key\":%s}",
		    values[i].json);
		cr_expect_str_eq(record, wanted);
		free(record);
	}
}
