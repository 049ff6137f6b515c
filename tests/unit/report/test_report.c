#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
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
		  "   1.235 127.0.0.2 > mx.test C: RCPT TO:<***@outlook.jp>\n",
		  "   1.235 127.0.0.2 > mx.test C: RCPT TO:<me@outlook.jp>\n" },
		{ MX_STAGE_RCPT, MX_FROM_SERVER, "550 5.1.1 <me+x.y@outlook.jp>: no such user me+x.y@outlook.jp",
		  "   1.235 127.0.0.2 > mx.test S: 550 5.1.1 <***@outlook.jp>: no such user ***@outlook.jp\n",
		  "   1.235 127.0.0.2 > mx.test S: 550 5.1.1 <me+x.y@outlook.jp>: no such user me+x.y@outlook.jp\n" },
		{ MX_STAGE_RCPT, MX_FROM_PROBE, "at @ all", "   1.235 127.0.0.2 > mx.test -- at @ all\n",
		  "   1.235 127.0.0.2 > mx.test -- at @ all\n" },
		{ MX_STAGE_MAIL, MX_FROM_CLIENT, "MAIL FROM:<probe@example.jp>",
		  "   1.235 127.0.0.2 > mx.test C: MAIL FROM:<probe@example.jp>\n",
		  "   1.235 127.0.0.2 > mx.test C: MAIL FROM:<probe@example.jp>\n" },
		{ MX_STAGE_BANNER, MX_FROM_SERVER, "220 \x1b[2J",
		  "   1.235 127.0.0.2 > mx.test S: 220 \\x1b[2J\n",
		  "   1.235 127.0.0.2 > mx.test S: 220 \\x1b[2J\n" },
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
	/* a name for each, so that no two strings can run into one */
	static const char long_word[] = "averyveryverylongwordwithoutanybreakatall";
	static const char url[] =
	    "https://sender.example.com/delist?ip=203.0.113.5&lang=en";
	static const char japanese[] = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae"
				       "\xe8\xbf\x94\xe4\xba\x8b two";
	static const char *const texts[] = { "", "a",
		"plain words that go on for a while", long_word,
		"two  blanks   and more  of them ", url, japanese,
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
				cr_expect(len == 1 || rest[len - 1] != ' ', "%u: %s",
				    width, texts[i]);
				for (size_t b = 0; b < len; b++)
					kept += rest[b] != ' ';
				rest = mx_wrap_skip(rest + len);
			}
			cr_expect_eq(
			    kept + blanks, strlen(texts[i]), "%u: %s", width, texts[i]);
		}
}

/* What a terminal was sent, all of it: the slave is closed by then. Caller frees. */
static char *
read_all(int fd)
{
	char *text = mx_calloc(4096, 1);
	size_t len = 0;
	ssize_t got;

	while (len < 4095 && (got = read(fd, text + len, 4095 - len)) > 0)
		len += (size_t)got;
	return text;
}

/* Drawn, not more often than every 100 ms, and wiped before anything else is printed. */
Test(report, progress_is_one_line_that_is_wiped)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	struct mx_progress *progress;
	FILE *slave;
	char *text;

	cr_assert_geq(master, 0);
	cr_assert_eq(grantpt(master) | unlockpt(master), 0);
	slave = fopen(ptsname(master), "w");
	cr_assert_not_null(slave);
	mx_clock_freeze(INT64_C(1795294800000000));
	progress = mx_progress_new(slave);
	mx_progress_show(progress, 0, 2, 3);
	mx_progress_show(progress, 1, 2, 3); /* too soon */
	mx_clock_advance(100000);
	mx_progress_show(progress, 2, 1, 3);
	mx_progress_wipe(progress);
	mx_progress_wipe(progress); /* nothing there any more */
	mx_progress_free(progress);
	fclose(slave);
	text = read_all(master);
	cr_expect_str_eq(text, "\r\033[K0 of 3 done, 2 running\r\033[K2 of 3 done, 1 "
			       "running\r\033[K");
	free(text);
	close(master);
}
