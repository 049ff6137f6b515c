#include "probe/plan/target.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(target, .timeout = 30);

static struct mx_catalogue *
catalogue(void)
{
	struct mx_error err = { 0 };
	struct mx_catalogue *loaded = mx_catalogue_load(NULL, &err);

	cr_assert_not_null(loaded, "%s", err.text);
	return loaded;
}

/* A file with this text; the caller unlinks it. spec becomes "@PATH". */
static void
write_list(const char *text, char spec[64])
{
	snprintf(spec, 64, "@/tmp/mxprobe-targets-XXXXXX");

	int fd = mkstemp(spec + 1);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

Test(target, takes_domains_providers_and_lists)
{
	struct mx_targets targets = { 0 };
	struct mx_catalogue *known = catalogue();
	struct mx_error err = { 0 };
	char spec[64];

	write_list("# ours\n\n docomo.ne.jp \t\nGMAIL.com # twice\n", spec);
	cr_assert_eq(mx_targets_add(&targets, "gmail.com", known, &err), MX_OK);
	cr_assert_eq(mx_targets_add(&targets, "microsoft_consumer", known, &err), MX_OK);
	cr_assert_eq(mx_targets_add(&targets, spec, known, &err), MX_OK, "%s", err.text);
	cr_assert_eq(
	    mx_targets_add(&targets, "\xe6\x97\xa5\xe6\x9c\xac.jp", known, &err), MX_OK);
	cr_assert_eq(targets.count, 4);
	cr_expect_str_eq(targets.domains[0], "gmail.com");
	cr_expect_str_eq(targets.domains[1], "outlook.com");
	cr_expect_str_eq(targets.domains[2], "docomo.ne.jp");
	cr_expect_str_eq(targets.domains[3], "xn--wgv71a.jp");
	mx_targets_clear(&targets);
	mx_catalogue_free(known);
	unlink(spec + 1);
}

Test(target, says_what_is_wrong_and_where)
{
	struct mx_targets targets = { 0 };
	struct mx_catalogue *known = catalogue();
	struct mx_error err = { 0 };
	char spec[64];

	cr_expect_eq(mx_targets_add(&targets, "nowhere", known, &err), MX_ERR_USAGE);
	cr_expect_not_null(
	    strstr(err.text, "'nowhere' is neither a domain nor a known provider"));
	err = (struct mx_error){ 0 };
	cr_expect_eq(
	    mx_targets_add(&targets, "a\r\n.example", known, &err), MX_ERR_USAGE);
	cr_expect_null(strpbrk(err.text, "\r\n"));
	err = (struct mx_error){ 0 };
	cr_expect_eq(
	    mx_targets_add(&targets, "@/nonexistent", known, &err), MX_ERR_USAGE);
	cr_expect_not_null(strstr(err.text, "/nonexistent"));
	err = (struct mx_error){ 0 };
	write_list("gmail.com\n\n@other\n", spec);
	cr_expect_eq(mx_targets_add(&targets, spec, known, &err), MX_ERR_USAGE);
	cr_expect_not_null(
	    strstr(err.text, ":3: a list can't name another list"), "%s", err.text);
	mx_targets_clear(&targets);
	mx_catalogue_free(known);
	unlink(spec + 1);
}

Test(target, the_end_of_a_long_comment_is_no_destination)
{
	struct mx_targets targets = { 0 };
	struct mx_catalogue *known = catalogue();
	struct mx_error err = { 0 };
	char spec[64], text[1200];

	memset(text, 'x', sizeof text);
	text[0] = '#';
	snprintf(text + 1024, sizeof text - 1024, "example.test\n");
	write_list(text, spec);
	cr_expect_eq(mx_targets_add(&targets, spec, known, &err), MX_OK, "%s", err.text);
	cr_expect_eq(targets.count, 0u);
	mx_targets_clear(&targets);
	mx_catalogue_free(known);
	unlink(spec + 1);
}

Test(target, a_full_list_is_no_slower_than_its_length)
{
	struct mx_targets targets = { 0 };
	struct mx_catalogue *known = catalogue();
	struct mx_error err = { 0 };
	char domain[64];

	for (int i = 0; i < MX_TARGETS_MAX; i++) {
		snprintf(domain, sizeof domain, "d%d.example", i);
		cr_assert_eq(mx_targets_add(&targets, domain, known, &err), MX_OK);
	}
	cr_expect_eq(
	    mx_targets_add(&targets, "d7.example", known, &err), MX_OK, "known already");
	cr_expect_eq(mx_targets_add(&targets, "more.example", known, &err), MX_ERR_USAGE);
	mx_targets_clear(&targets);
	mx_catalogue_free(known);
}
