#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/cmd/options.h"

TestSuite(options, .timeout = 10);

/** What a parse did, in the order it happened. */
struct seen {
	char log[512];
};

static enum mx_err
note(struct seen *seen, const char *name, const char *value)
{
	size_t len = strlen(seen->log);

	snprintf(seen->log + len, sizeof seen->log - len, "%s(%s) ", name,
	    value != NULL ? value : "");
	return MX_OK;
}

static enum mx_err
take_depth(void *into, const char *value, struct mx_error *err)
{
	if (strcmp(value, "bad") == 0)
		return mx_error_set(err, MX_ERR_USAGE, "--depth: bad is bad");
	return note(into, "depth", value);
}

static enum mx_err
take_all(void *into, const char *value, struct mx_error *err)
{
	(void)err;
	return note(into, "all", value);
}

static enum mx_err
take_word(void *into, const char *word, struct mx_error *err)
{
	(void)err;
	return note(into, "word", word);
}

static const struct mx_option rows[] = {
	{ "First", 'd', "depth", "STAGE", "How deep.", take_depth },
	{ NULL, 'a', "all", NULL,
	    "All of them, and a sentence that is long enough to be wrapped "
	    "when the terminal is narrow.",
	    take_all },
	{ "Second", 0, "with-a-rather-long-name", "VALUE", "Long.", take_depth },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};

static const struct mx_command sample = {
	.name = "sample",
	.summary = "A command for tests.",
	.synopsis = "[OPTION...] WORD...",
	.notes = "Notes stand last.",
	.manual = "mxprobe-sample(1)",
	.options = rows,
};

/* One word a blank: "sample --depth mail". Answers the parser's code; log and error are kept. */
static enum mx_err
parse(const char *line, struct mx_cli *cli, struct seen *seen, struct mx_error *err)
{
	char copy[256], *words[32], *rest = copy;
	int count = 0;

	snprintf(copy, sizeof copy, "%s", line);
	while ((words[count] = strsep(&rest, " ")) != NULL)
		count++;
	return mx_options_parse(cli, &sample, count, words, seen, take_word, err);
}

Test(options, values_arrive_in_the_order_written)
{
	static const struct {
		const char *line, *log;
	} cases[] = {
		{ "sample", "" },
		{ "sample --depth mail", "depth(mail) " },
		{ "sample --depth=mail -a", "depth(mail) all() " },
		{ "sample -dmail", "depth(mail) " },
		{ "sample -ad mail one", "all() depth(mail) word(one) " },
		{ "sample one --all two", "word(one) all() word(two) " },
		{ "sample -- --all -d", "word(--all) word(-d) " },
		{ "sample one -- two", "word(one) word(two) " },
		{ "sample -", "word(-) " },
		{ "sample --depth -- one", "depth(--) word(one) " },
		{ "sample -v -q --config f --all", "all() " },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mx_cli cli = { .out = stdout, .err = stderr };
		struct seen seen = { "" };
		struct mx_error err = { 0 };

		cr_expect_eq(parse(cases[i].line, &cli, &seen, &err), MX_OK, "%s: %s",
		    cases[i].line, err.text);
		cr_expect_str_eq(
		    seen.log, cases[i].log, "%s: %s", cases[i].line, seen.log);
	}
}

Test(options, mistakes_are_one_sentence_that_helps)
{
	/* clang-format off */
	static const struct {
		const char *line, *wanted;
	} cases[] = {
		{ "sample --dept mail", "sample: unknown option --dept (did you mean --depth?); see mxprobe sample --help" },
		{ "sample --dep=mail", "sample: unknown option --dep (did you mean --depth?); see mxprobe sample --help" },
		{ "sample --dpeth mail", "sample: unknown option --dpeth (did you mean --depth?); see mxprobe sample --help" },
		{ "sample --al", "sample: unknown option --al (did you mean --all?); see mxprobe sample --help" },
		{ "sample --verbos", "sample: unknown option --verbos (did you mean --verbose?); see mxprobe sample --help" },
		{ "sample --zzz", "sample: unknown option --zzz; see mxprobe sample --help" },
		{ "sample --\x1b[2J", "sample: unknown option --\\x1b[2J; see mxprobe sample --help" },
		{ "sample -x", "sample: unknown option -x; see mxprobe sample --help" },
		{ "sample -ax", "sample: unknown option -x; see mxprobe sample --help" },
		{ "sample --all=yes", "sample: --all takes no value" },
		{ "sample --depth", "sample: --depth wants a value: --depth STAGE" },
		{ "sample -d", "sample: --depth wants a value: --depth STAGE" },
		{ "sample --depth bad --zzz", "--depth: bad is bad" },
		{ "sample --config", "sample: --config wants a value: --config FILE" },
		{ "sample --config=", "--config: the file name is empty" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mx_cli cli = { .out = stdout, .err = stderr };
		struct seen seen = { "" };
		struct mx_error err = { 0 };

		cr_expect_eq(parse(cases[i].line, &cli, &seen, &err), MX_ERR_USAGE, "%s",
		    cases[i].line);
		cr_expect_str_eq(err.text, cases[i].wanted, "got %s", err.text);
	}
}

Test(options, words_are_errors_where_a_command_takes_none)
{
	struct mx_cli cli = { .out = stdout, .err = stderr };
	struct mx_error err = { 0 };
	char name[] = "sample", word[] = "wo\nrd", *words[] = { name, word, NULL };

	cr_expect_eq(
	    mx_options_parse(&cli, &sample, 2, words, NULL, NULL, &err), MX_ERR_USAGE);
	cr_expect_str_eq(
	    err.text, "sample: takes no words besides options, but got \"wo\\x0ard\"");
}

Test(options, global_ones_count_before_and_behind_the_command)
{
	char program[] = "mxprobe", v[] = "-v", config[] = "--config", file[] = "f.yaml",
	     name[] = "sample", q[] = "-q", more[] = "-vv";
	char *words[] = { program, v, config, file, name, q, more, NULL };
	struct mx_cli cli = { .out = stdout, .err = stderr };
	struct seen seen = { "" };
	struct mx_error err = { 0 };
	int next = 0;

	cr_assert_eq(
	    mx_options_global(&cli, 7, words, &next, &err), MX_OK, "%s", err.text);
	cr_expect_eq(next, 4);
	cr_expect_eq(cli.verbose, 1);
	cr_expect_str_eq(cli.config_file, "f.yaml");
	cr_assert_eq(
	    mx_options_parse(&cli, &sample, 3, words + 4, &seen, take_word, &err), MX_OK);
	cr_expect_eq(cli.verbose, 3);
	cr_expect(cli.quiet);
}

Test(options, an_unknown_one_before_the_command_points_at_the_general_help)
{
	char program[] = "mxprobe", bad[] = "--quite", *words[] = { program, bad, NULL };
	struct mx_cli cli = { .out = stdout, .err = stderr };
	struct mx_error err = { 0 };
	int next;

	cr_expect_eq(mx_options_global(&cli, 2, words, &next, &err), MX_ERR_USAGE);
	cr_expect_str_eq(err.text,
	    "unknown option --quite (did you mean --quiet?); see mxprobe --help");
}

static char *
help_text(unsigned width)
{
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);

	mx_options_help(stream, &sample, width);
	fclose(stream);
	return text;
}

Test(options, help_comes_from_the_rows)
{
	static const char wanted[] =
	    "usage: mxprobe sample [OPTION...] WORD...\n"
	    "\n"
	    "A command for tests.\n"
	    "\n"
	    "First:\n"
	    "  -d, --depth STAGE       How deep.\n"
	    "  -a, --all               All of them, and a sentence that\n"
	    "                          is long enough to be wrapped when\n"
	    "                          the terminal is narrow.\n"
	    "\n"
	    "Second:\n"
	    "      --with-a-rather-long-name VALUE\n"
	    "                          Long.\n"
	    "\n"
	    "General:\n";
	char *text = help_text(60);

	cr_expect(strncmp(text, wanted, strlen(wanted)) == 0, "%s", text);
	cr_expect_not_null(
	    strstr(text, "\nNotes stand last.\n\nManual: mxprobe-sample(1)\n"));
	free(text);
}

Test(options, help_ends_the_parse_whatever_follows)
{
	struct mx_cli cli = { .err = stderr };
	struct seen seen = { "" };
	struct mx_error err = { 0 };
	char *text = NULL;
	size_t len;

	cli.out = open_memstream(&text, &len);
	cr_expect_eq(parse("sample --help --zzz", &cli, &seen, &err), MX_OK);
	cr_expect(cli.answered);
	fclose(cli.out);
	cr_expect(strncmp(text, "usage: mxprobe sample ", 22) == 0, "%s", text);
	free(text);
}

Test(options, version_is_the_name_and_the_number)
{
	struct mx_cli cli = { .err = stderr };
	struct seen seen = { "" };
	struct mx_error err = { 0 };
	char *text = NULL;
	size_t len;

	cli.out = open_memstream(&text, &len);
	cr_expect_eq(parse("sample --version", &cli, &seen, &err), MX_OK);
	cr_expect(cli.answered);
	fclose(cli.out);
#ifdef MX_TEST_CLOCK
	cr_expect_str_eq(text, "mxprobe " PACKAGE_VERSION " (test clock)\n");
#else
	cr_expect_str_eq(text, "mxprobe " PACKAGE_VERSION "\n");
#endif
	free(text);
}

Test(options, seconds_are_plain_decimals)
{
	static const struct {
		const char *text;
		long long us; /* -1: refused */
	} cases[] = { { "1", 1000000 }, { "0.5", 500000 }, { "90", 90000000 },
		{ ".25", 250000 }, { "0.01", 10000 }, { "0.000001", -1 }, { "0", -1 },
		{ "601", -1 }, { "-1", -1 }, { "1e3", -1 }, { "inf", -1 }, { "nan", -1 },
		{ "0x10", -1 }, { " 1", -1 }, { "1s", -1 }, { "1.2.3", -1 }, { ".", -1 },
		{ "", -1 }, { "00000000000000000000000001", -1 } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mx_error err = { 0 };
		long long us = -1;
		enum mx_err code =
		    mx_value_seconds("--timeout", cases[i].text, 0.01, 600, &us, &err);

		cr_expect_eq(
		    code, cases[i].us < 0 ? MX_ERR_USAGE : MX_OK, "%s", cases[i].text);
		if (cases[i].us >= 0)
			cr_expect_eq(us, cases[i].us, "%s: %lld", cases[i].text, us);
	}
}
