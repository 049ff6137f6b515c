#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/report/wrap.h"
#include "tests/unit/report/sample.h"

TestSuite(report, .timeout = 20);

Test(report, unknown_format_names_the_ones_there_are)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_error err = { 0 };

	cr_assert_null(mx_report_new("xm\x1bl", stdout, &options, &err));
	cr_expect_eq(err.code, MX_ERR_USAGE);
	cr_expect_str_eq(
	    err.text, "no output format \"xm\\x1bl\": use table, json or nagios");
}

/* A full disk must not look like success. */
Test(report, a_stream_that_takes_no_more_is_an_error)
{
	static const char *const formats[] = { "table", "json", "nagios" };
	struct mx_report_options options = { .width = 80 };
	struct mx_result *result = sample_result(MX_V_BLOCKED);

	for (size_t i = 0; i < 3; i++) {
		FILE *full = fopen("/dev/full", "w");
		struct mx_error err = { 0 };
		struct mx_report *report =
		    mx_report_new(formats[i], full, &options, &err);

		mx_report_result(report, result);
		cr_expect_eq(
		    mx_report_finish(report, &err), MX_ERR_SYSTEM, "%s", formats[i]);
		cr_expect_str_eq(err.text,
		    "the results could not be written: No space left on device");
		mx_report_free(report);
		fclose(full);
	}
	mx_result_free(result);
}

static char *
show_line(enum mx_stage stage, enum mx_speaker from, const char *said, bool show_mailbox)
{
	struct mx_report_options options = { .show_mailbox = show_mailbox };
	char copy[256], *text = NULL;
	struct mx_line line = { 1234567, stage, from, strlen(said), copy };
	size_t len;
	FILE *stream = open_memstream(&text, &len);

	snprintf(copy, sizeof copy, "%s", said);
	mx_report_dialogue(stream, &options, "127.0.0.2 > mx.test", &line);
	fclose(stream);
	return text;
}

Test(report, dialogue_hides_the_mailbox_unless_asked_twice)
{
	/* clang-format off */
	static const struct {
		enum mx_stage stage;
		enum mx_speaker from;
		const char *said, *hidden, *shown;
	} cases[] = {
		{ MX_STAGE_RCPT, MX_FROM_CLIENT, "RCPT TO:<me@outlook.jp>",
		  "   1.235 127.0.0.2 > mx.test > RCPT TO:<***@outlook.jp>\n",
		  "   1.235 127.0.0.2 > mx.test > RCPT TO:<me@outlook.jp>\n" },
		{ MX_STAGE_RCPT, MX_FROM_SERVER, "550 5.1.1 <me+x.y@outlook.jp>: no such user me+x.y@outlook.jp",
		  "   1.235 127.0.0.2 > mx.test < 550 5.1.1 <***@outlook.jp>: no such user ***@outlook.jp\n",
		  "   1.235 127.0.0.2 > mx.test < 550 5.1.1 <me+x.y@outlook.jp>: no such user me+x.y@outlook.jp\n" },
		{ MX_STAGE_RCPT, MX_FROM_PROBE, "at @ all", "   1.235 127.0.0.2 > mx.test * at @ all\n",
		  "   1.235 127.0.0.2 > mx.test * at @ all\n" },
		{ MX_STAGE_MAIL, MX_FROM_CLIENT, "MAIL FROM:<probe@example.jp>",
		  "   1.235 127.0.0.2 > mx.test > MAIL FROM:<probe@example.jp>\n",
		  "   1.235 127.0.0.2 > mx.test > MAIL FROM:<probe@example.jp>\n" },
		{ MX_STAGE_BANNER, MX_FROM_SERVER, "220 \x1b[2J",
		  "   1.235 127.0.0.2 > mx.test < 220 \\x1b[2J\n",
		  "   1.235 127.0.0.2 > mx.test < 220 \\x1b[2J\n" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *hidden =
		    show_line(cases[i].stage, cases[i].from, cases[i].said, false);
		char *shown =
		    show_line(cases[i].stage, cases[i].from, cases[i].said, true);

		cr_expect_str_eq(hidden, cases[i].hidden);
		cr_expect_str_eq(shown, cases[i].shown);
		free(hidden);
		free(shown);
	}
}

Test(report, progress_is_silent_where_there_is_no_terminal)
{
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	struct mx_progress *progress = mx_progress_new(stream);

	mx_progress_show(progress, 1, 2, 3);
	mx_progress_wipe(progress);
	mx_progress_free(progress);
	mx_progress_wipe(NULL);
	fclose(stream);
	cr_expect_eq(len, 0);
	free(text);
}

/* Whatever the width: nothing lost, nothing too wide, nothing endless. */
Test(report, wrapping_keeps_every_character)
{
	static const char *const texts[] = { "", "a",
		"plain words that go on for a while",
		"averyveryverylongwordwithoutanybreakatall",
		"https://sender.example.com/delist?ip=203.0.113.5&lang=en",
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe8\xbf\x94\xe4\xba\x8b"
		" two",
		"2001:db8:1:2:3:4:5:6 mx.example.test" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		for (unsigned width = 1; width < 60; width++) {
			const char *rest = texts[i];
			size_t kept = 0, blanks = 0;

			for (const char *c = texts[i]; *c != '\0'; c++)
				blanks += *c == ' ';
			while (*rest != '\0') {
				size_t len = mx_wrap_piece(rest, width);

				cr_assert_gt(len, 0);
				for (size_t b = 0; b < len; b++)
					kept += rest[b] != ' ';
				rest = mx_wrap_skip(rest + len);
			}
			cr_expect_eq(
			    kept + blanks, strlen(texts[i]), "%u: %s", width, texts[i]);
		}
}
