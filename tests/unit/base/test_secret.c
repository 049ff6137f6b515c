/* test_secret.c - a secret comes from a file that is nobody else's, and is its first line. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "probe/base/secret.h"

static char place[] = "/tmp/mx-secret-XXXXXX";
static char *path;

static void
set_up(void)
{
	cr_assert_not_null(mkdtemp(place));
	path = mx_asprintf("%s/word", place);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
tear_down(void)
{
	(void)unlink(path);
	(void)rmdir(place);
	free(path);
}

TestSuite(secret, .init = set_up, .fini = tear_down, .timeout = 10);

static void
put(const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	cr_assert_geq(fputs(text, file), 0);
	cr_assert_eq(fclose(file), 0);
	cr_assert_eq(chmod(path, mode), 0);
}

static void
expect_refused(const char *why)
{
	struct mx_error err = { 0 };

	cr_expect_null(mx_secret_read(path, &err));
	cr_expect_eq(err.code, MX_ERR_CONFIG);
	cr_expect_not_null(strstr(err.text, path), "%s", err.text);
	cr_expect_not_null(strstr(err.text, why), "%s", err.text);
}

Test(secret, it_is_the_first_line_whatever_ends_it)
{
	static const char *const texts[] = { "S3CRET word", "S3CRET word\n",
		"S3CRET word\r\nsecond\n" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct mx_error err = { 0 };
		char *word;

		put(texts[i], 0600);
		word = mx_secret_read(path, &err);
		cr_assert_not_null(word, "%s", err.text);
		cr_expect_str_eq(word, "S3CRET word");
		mx_secret_wipe(word);
	}
}

Test(secret, what_everybody_may_read_is_no_secret)
{
	put("S3CRET\n", 0604);
	expect_refused("chmod 600");
	put("S3CRET\n", 0602);
	expect_refused("chmod 600");
}

Test(secret, an_empty_line_and_one_without_end_are_refused)
{
	char *longer = mx_calloc(20001, 1);

	put("\nS3CRET\n", 0600);
	expect_refused("empty");
	put("", 0600);
	expect_refused("empty");
	memset(longer, 'x', 20000);
	put(longer, 0600);
	expect_refused("too long");
	free(longer);
}

Test(secret, what_is_no_file_is_refused)
{
	struct mx_error err = { 0 };

	expect_refused("No such file");
	cr_expect_null(mx_secret_read(place, &err));
	cr_expect_not_null(strstr(err.text, "is no file"), "%s", err.text);
}

Test(secret, the_service_manager_may_give_it)
{
	struct mx_error err = { 0 };
	char *word;

	put("S3CRET\n", 0600);
	cr_expect_null(mx_secret_credential("word", &err));
	setenv("CREDENTIALS_DIRECTORY", place, 1);
	cr_expect_null(mx_secret_credential("another", &err));
	cr_expect_eq(err.code, MX_OK);
	word = mx_secret_credential("word", &err);
	cr_assert_not_null(word);
	cr_expect_str_eq(word, "S3CRET");
	mx_secret_wipe(word);
}
