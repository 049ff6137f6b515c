#include "probe/catalogue/catalogue.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "tests/support/taxonomy.h"

TestSuite(load, .timeout = 60);

/* One fault each: what is replaced, by what, the text on the line that the error must name, and
 * what the message must say. */
/* clang-format off */
static const struct {
	const char *file, *from, *to, *line, *says;
} faults[] = {
	{ "categories.yaml", "family: blocklist\n", "familie: blocklist\n", "familie:", "familie" },
	{ "categories.yaml", "permanent: blocked\n", "permanent: maybe\n", "permanent: maybe", "permanent" },
	{ "categories.yaml", "remedy: dnsbl\n", "remedy: nowhere\n", "remedy: nowhere", "remedy: no remedy \"nowhere\"" },
	{ "categories.yaml", "- id: blocklist_own\n", "- id: blocklist_dnsbl\n", "- id: blocklist_dnsbl", "is there twice" },
	{ "categories.yaml", "- id: greylisted\n", "- id: graylisted\n", NULL, "\"greylisted\" is missing" },
	{ "lists.yaml", "part_of: spamhaus_zen\n", "part_of: nothing\n", "part_of: nothing", "part_of: no list \"nothing\"" },
	{ "lists.yaml", "part_of: spamhaus\n", "part_of: spamhaus_sbl\n", NULL, "part_of: the lists contain each other" },
	{ "lists.yaml", "kind: ip\n", "kind: ipv4\n", "kind: ipv4", "kind: \"ipv4\" is none of" },
	{ "lists.yaml", "closed: yes\n", "closed: perhaps\n", "closed: perhaps", "closed" },
	{ "lists.yaml", "operator: Spamhaus\n", "operator: Spamhaus\n  operator: Others\n", "operator: Others", "operator" },
	{ "lists.yaml", "zones: [bl.spamcop.net]\n", "zones: bl.spamcop.net\n", "zones: bl.spamcop.net", "zones" },
	{ "lists.yaml", "access: key\n", "access: maybe\n", "access: maybe", "access" },
	{ "lists.yaml", "{code: 127.0.0.2, list: spamhaus_sbl,", "{code: 128.0.0.2, list: spamhaus_sbl,", "128.0.0.2", "returns: \"128.0.0.2\" is no answer" },
	{ "lists.yaml", "{code: 127.0.0.4-7, list", "{code: 127.0.0.7-4, list", "127.0.0.7-4", "returns: \"127.0.0.7-4\" is no answer" },
	{ "lists.yaml", "list: spamhaus_drop, means", "list: spamhaus_crop, means", "spamhaus_crop", "returns: no list \"spamhaus_crop\"" },
	{ "remedies.yaml", "  duration: {en: \"about an hour\", ", "  duration: {an: \"about an hour\", ", "an: \"about an hour\"", "an" },
	{ "remedies.yaml", "    - en: \"Send under TLS.\"\n", "    - de: \"Send under TLS.\"\n", "de: \"Send under TLS.\"", "de" },
	{ "remedies.yaml", "  fields:\n    - name: {en:", "  fields:\n    - title: {en:", "title: {en", "title" },
	{ "remedies.yaml", "- id: microsoft-throttle\n", "- id: microsoft-consumer\n", NULL, "is there twice" },
	{ "providers/google.yaml", "depth: rcpt\n", "depth: data\n", "depth: data", "depth" },
	{ "providers/google.yaml", "  postmaster: yes\n", "", NULL, "postmaster" },
	{ "providers/google.yaml", "postmaster: yes\n", "postmaster: 1\n", "postmaster: 1", "postmaster" },
	{ "providers/google.yaml", "remedy: google\n", "remedy: gogle\n", "remedy: gogle", "remedy: no remedy \"gogle\"" },
	{ "providers/japan.yaml", "category: blocklist_own\n", "category: blocked\n", "category: blocked", "connect_signature: no category \"blocked\"" },
	{ "providers/japan.yaml", "confidence: 40\n", "confidence: 100\n", "confidence: 100", "connect_signature: 100 is not from 1 to 99 per cent" },
	{ "providers/japan.yaml", "ends: [reset, refused]\n", "ends: [quit]\n", "ends: [quit]", "ends" },
	{ "providers/americas.yaml", "[.comcast.net]", "[.comcast.net, .l.google.com]", "[.comcast.net, .l.google.com]", "belongs to provider" },
	{ "providers/yahoo.yaml", "[yahoo.co.jp, ", "[yahoo.co.jp, gmail.com, ", "[yahoo.co.jp, gmail.com", "domains: \"gmail.com\" belongs to provider google" },
	{ "providers/yahoo.yaml", "- id: yahoo_japan\n", "- id: yahoo\n", NULL, "is there twice" },
};
/* clang-format on */

static void
expect_error(const char *dir, const char *file, const char *line, const char *says)
{
	struct mx_error err = { 0 };
	struct mx_catalogue *catalogue = mx_catalogue_load(dir, &err);
	char *path = mx_asprintf("%s/%s:", dir, file);

	cr_assert_null(catalogue, "%s: a broken file was loaded (%s)", file, says);
	cr_assert_eq(err.code, MX_ERR_CONFIG);
	cr_assert_not_null(strstr(err.text, path), "no file in: %s", err.text);
	cr_assert_not_null(strstr(err.text, says), "no \"%s\" in: %s", says, err.text);
	if (line != NULL) {
		char *place =
		    mx_asprintf("%s%u:", path, taxonomy_line_of(dir, file, line));

		cr_assert_not_null(
		    strstr(err.text, place), "not %s in: %s", place, err.text);
		free(place);
	}
	free(path);
}

Test(load, names_file_line_and_field_of_every_fault)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char *dir = taxonomy_copy();

		taxonomy_edit(dir, faults[i].file, faults[i].from, faults[i].to);
		expect_error(dir, faults[i].file, faults[i].line, faults[i].says);
		taxonomy_remove(dir);
	}
}

Test(load, refuses_an_empty_file)
{
	static const char *const files[] = { "categories.yaml", "lists.yaml",
		"remedies.yaml", "providers/apple.yaml" };

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *dir = taxonomy_copy();

		taxonomy_write(dir, files[i], "");
		expect_error(dir, files[i], NULL, files[i]);
		taxonomy_remove(dir);
	}
}

Test(load, names_the_directory_that_is_not_there)
{
	struct mx_error err = { 0 };

	cr_assert_null(mx_catalogue_load("/nonexistent/taxonomy", &err));
	cr_assert_eq(err.code, MX_ERR_CONFIG);
	cr_assert_not_null(strstr(err.text, "/nonexistent/taxonomy"), "%s", err.text);
}

Test(load, ignores_files_that_are_no_yaml)
{
	struct mx_error err = { 0 };
	char *dir = taxonomy_copy();
	struct mx_catalogue *catalogue;

	taxonomy_write(dir, "providers/notes.txt", "not: [yaml");
	taxonomy_write(dir, "providers/apple.yaml~", "not: [yaml");
	catalogue = mx_catalogue_load(dir, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
	cr_assert_str_eq(mx_catalogue_dir(catalogue), dir);
	mx_catalogue_free(catalogue);
	taxonomy_remove(dir);
}

Test(load, works_on_the_copy_without_a_fault)
{
	struct mx_error err = { 0 };
	char *dir = taxonomy_copy();
	struct mx_catalogue *catalogue = mx_catalogue_load(dir, &err);

	cr_assert_not_null(catalogue, "%s", err.text);
	mx_catalogue_free(catalogue);
	taxonomy_remove(dir);
}
