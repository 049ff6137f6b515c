#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "probe/base/yaml_line.h"
#include "probe/config/config.h"

TestSuite(config, .timeout = 20);

/* A directory of our own, so that nobody's real configuration is read. */
static char place[] = "/tmp/mx-config-XXXXXX";

static void
set_up(void)
{
	cr_assert_not_null(mkdtemp(place));
	setenv("XDG_CONFIG_HOME", place, 1);
}

static int
remove_one(const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info, (void)type, (void)where;
	return remove(path);
}

static void
tear_down(void)
{
	cr_assert_eq(nftw(place, remove_one, 4, FTW_DEPTH | FTW_PHYS), 0);
}

/* Writes DIR/NAME and returns its path. Caller frees. */
static char *
write_file(const char *name, const char *text, size_t len)
{
	char *path = mx_asprintf("%s/%s", place, name);
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(text, 1, len, file), len);
	fclose(file);
	return path;
}

/* "PATH" at the beginning of a message is the temporary file's. */
static void
expect_error(const char *text, size_t len, const char *wanted)
{
	char *path = write_file("bad.yaml", text, len),
	     *whole = mx_asprintf("%s%s", path, wanted);
	struct mx_config config;
	struct mx_error err = { 0 };

	cr_expect_eq(mx_config_load(&config, path, &err), MX_ERR_CONFIG, "%s", text);
	cr_expect_str_eq(
	    err.text, whole, "\n%s\nwanted %s\ngot    %s", text, whole, err.text);
	mx_config_clear(&config);
	free(whole);
	free(path);
}

Test(config, a_full_file_gives_every_value, .init = set_up, .fini = tear_down)
{
	static const char text[] = "sources:\n"
				   "  - address: 203.0.113.5\n"
				   "    helo: mail.example.jp\n"
				   "    seen_as: 198.51.100.5\n"
				   "    tags: [shared, web01]\n"
				   "  - address: eth0\n"
				   "mail_from: probe@example.jp\n"
				   "destinations: [outlook.com, gmail.com]\n"
				   "mailboxes:\n  - me@outlook.jp\n"
				   "own: [lab.example.jp]\n"
				   "dnsbl:\n"
				   "  zones: [zen.spamhaus.org, bl.spamcop.net]\n"
				   "  keys: {spamhaus_dqs: abc123, abusix: d-4}\n";
	char *path = write_file("full.yaml", text, sizeof text - 1);
	struct mx_config config;
	struct mx_error err = { 0 };

	cr_assert_eq(mx_config_load(&config, path, &err), MX_OK, "%s", err.text);
	cr_expect_str_eq(config.path, path);
	cr_assert_eq(config.values->source_count, 2);
	cr_expect_str_eq(config.values->sources[0].address, "203.0.113.5");
	cr_expect_str_eq(config.values->sources[0].helo, "mail.example.jp");
	cr_expect_str_eq(config.values->sources[0].seen_as, "198.51.100.5");
	cr_assert_eq(config.values->sources[0].tag_count, 2);
	cr_expect_str_eq(config.values->sources[0].tags[1], "web01");
	cr_expect_str_eq(config.values->sources[1].address, "eth0");
	cr_expect_null(config.values->sources[1].helo);
	cr_expect_str_eq(config.values->mail_from, "probe@example.jp");
	cr_assert_eq(config.values->destination_count, 2);
	cr_expect_str_eq(config.values->destinations[1], "gmail.com");
	cr_assert_eq(config.values->mailbox_count, 1);
	cr_expect_str_eq(config.values->mailboxes[0], "me@outlook.jp");
	cr_assert_eq(config.values->own_count, 1);
	cr_expect_str_eq(config.values->own[0], "lab.example.jp");
	cr_assert_eq(config.values->dnsbl.zone_count, 2);
	cr_expect_str_eq(config.values->dnsbl.zones[1], "bl.spamcop.net");
	cr_expect_str_eq(config.values->dnsbl.keys.spamhaus_dqs, "abc123");
	cr_expect_str_eq(config.values->dnsbl.keys.abusix, "d-4");
	mx_config_clear(&config);
	free(path);
}

Test(config, an_empty_file_sets_nothing, .init = set_up, .fini = tear_down)
{
	static const char *const texts[] = { "", "\n\n", "# only a remark\n",
		"---\n# nothing\n...\n", "   \n  # here\n" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		char *path = write_file("empty.yaml", texts[i], strlen(texts[i]));
		struct mx_config config;
		struct mx_error err = { 0 };

		cr_expect_eq(mx_config_load(&config, path, &err), MX_OK, "%s", err.text);
		cr_expect_eq(config.values->source_count, 0);
		cr_expect_null(config.values->mail_from);
		mx_config_clear(&config);
		free(path);
	}
}

Test(config, the_user_s_file_comes_before_the_system_s, .init = set_up, .fini = tear_down)
{
	static const char text[] = "mail_from: here@example.jp\n";
	char *folder = mx_asprintf("%s/mxprobe", place), *path;
	struct mx_config config;
	struct mx_error err = { 0 };

	cr_assert_eq(mkdir(folder, 0700), 0);
	path = write_file("mxprobe/mxprobe.yaml", text, sizeof text - 1);
	cr_assert_eq(mx_config_load(&config, NULL, &err), MX_OK, "%s", err.text);
	cr_assert_str_eq(config.path, path);
	cr_expect_str_eq(config.values->mail_from, "here@example.jp");
	mx_config_clear(&config);
	/* Without that variable: ~/.config. */
	unsetenv("XDG_CONFIG_HOME");
	setenv("HOME", place, 1);
	free(folder);
	free(path);
	folder = mx_asprintf("%s/.config", place);
	cr_assert_eq(mkdir(folder, 0700), 0);
	path = mx_asprintf("%s/mxprobe", folder);
	cr_assert_eq(mkdir(path, 0700), 0);
	free(path);
	path = write_file(".config/mxprobe/mxprobe.yaml", text, sizeof text - 1);
	cr_assert_eq(mx_config_load(&config, NULL, &err), MX_OK, "%s", err.text);
	cr_expect_str_eq(config.path, path);
	mx_config_clear(&config);
	free(folder);
	free(path);
}

/* Presumes that no mxprobe is configured under this build's prefix, as on any build host. */
Test(config, no_file_at_all_is_fine, .init = set_up, .fini = tear_down)
{
	struct mx_config config;
	struct mx_error err = { 0 };

	if (access(MX_SYSCONFDIR "/mxprobe/mxprobe.yaml", F_OK) == 0)
		cr_skip_test("this host has a configuration of its own");
	cr_expect_eq(mx_config_load(&config, NULL, &err), MX_OK, "%s", err.text);
	cr_expect_null(config.path);
	cr_assert_not_null(config.values);
	cr_expect_eq(config.values->source_count, 0);
	mx_config_clear(&config);
}

Test(config, a_named_file_must_be_there, .init = set_up, .fini = tear_down)
{
	struct mx_config config;
	struct mx_error err = { 0 };

	cr_expect_eq(mx_config_load(&config, "/nowhere/mx.yaml", &err), MX_ERR_CONFIG);
	cr_expect_str_eq(err.text, "/nowhere/mx.yaml: No such file or directory");
	mx_config_clear(&config);
	err = (struct mx_error){ 0 };
	cr_expect_eq(mx_config_load(&config, place, &err), MX_ERR_CONFIG);
	cr_expect_not_null(strstr(err.text, ": Is a directory"), "%s", err.text);
	mx_config_clear(&config);
}

Test(config, errors_name_file_line_and_field, .init = set_up, .fini = tear_down)
{
	/* clang-format off */
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "mail_from: a@b.jp\nsource: []\n", ":2: source: unknown key \"source\" (did you mean \"sources\"?)" },
		{ "sources:\n  - address: 192.0.2.1\n    hello: x.jp\n", ":3: sources[0].hello: unknown key \"hello\" (did you mean \"helo\"?)" },
		{ "own: [a.jp]\nmailboxes: [b@c.jp]\nown: [d.jp]\n", ":3: own: duplicate key \"own\" (first on line 1)" },
		{ "sources:\n  - helo: x.jp\n", ":2: sources[0].address: is missing" },
		{ "destinations: outlook.com\n", ":1: destinations: must be a list, found a single value" },
		{ "sources:\n  - address: 192.0.2.1\n  - address: 192.0.2.300\n",
		  ":3: sources[1].address: \"192.0.2.300\" is neither an IP address nor the name of an interface" },
		{ "sources:\n  - address: 192.0.2.0/24\n",
		  ":2: sources[0].address: \"192.0.2.0/24\" is neither an IP address nor the name of an interface" },
		{ "sources:\n  - address: 192.0.2.1\n    seen_as: here\n",
		  ":3: sources[0].seen_as: \"here\" is no IP address" },
		{ "sources:\n  - address: \"eth0\\e[2J\"\n",
		  ":2: sources[0].address: \"eth0\\x1b[2J\" is neither an IP address nor the name of an interface" },
		{ "dnsbl:\n  zones: [zen.spamhaus.org, 'a b']\n", ":2: dnsbl.zones[1]: \"a b\" is no domain name" },
		{ "dnsbl: {zone: []}\n", ":1: dnsbl.zone: unknown key \"zone\" (did you mean \"zones\"?)" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect_error(cases[i].text, strlen(cases[i].text), cases[i].wanted);
}

/* A message goes to logs and mails: whatever is wrong with a key, it isn't repeated. */
Test(config, no_error_repeats_a_key, .init = set_up, .fini = tear_down)
{
	static const char *const texts[] = {
		"dnsbl:\n  keys:\n    spamhaus_dqs: \"S3CRET.x\"\n",
		"dnsbl:\n  keys:\n    spamhaus_dqs: [S3CRET]\n",
		"dnsbl:\n  keys:\n    spamhaus_dqs: {S3CRET: 1}\n",
		("dnsbl:\n  keys:\n    abusix: S3CRET-S3CRET-S3CRET-S3CRET-S3CRET-S3CRET-"
		 "S3CRET-S3CRET-S3CRET-S3CRET\n"),
		"dnsbl:\n  keys:\n    abusix: \"\"\n",
		"dnsbl:\n  keys:\n    abusix: &k S3CRET\n    spamhaus_dqs: *k\n",
		"dnsbl:\n  keys:\n    - S3CRET\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		char *path = write_file("bad.yaml", texts[i], strlen(texts[i]));
		struct mx_config config;
		struct mx_error err = { 0 };

		cr_expect_eq(
		    mx_config_load(&config, path, &err), MX_ERR_CONFIG, "%s", texts[i]);
		cr_expect_null(strstr(err.text, "S3CRET"), "%s", err.text);
		cr_expect_not_null(strstr(err.text, "dnsbl.keys"), "%s", err.text);
		mx_config_clear(&config);
		free(path);
	}
}

Test(config, a_huge_file_is_none_of_ours, .init = set_up, .fini = tear_down)
{
	size_t len = 1024 * 1024 + 1;
	char *text = mx_calloc(len, 1);

	memset(text, '#', len);
	expect_error(text, len, ": larger than 1 MiB: this is no configuration file");
	free(text);
}

/* An empty-looking file with a NUL in it is no empty file. */
Test(config, a_nul_is_not_the_end, .init = set_up, .fini = tear_down)
{
	static const char text[] = "# fine\n\0unknown: 1\n";
	char *path = write_file("nul.yaml", text, sizeof text - 1);
	struct mx_config config;
	struct mx_error err = { 0 };

	cr_expect_eq(mx_config_load(&config, path, &err), MX_ERR_CONFIG);
	mx_config_clear(&config);
	free(path);
}

Test(config, lines_of_fields_are_found)
{
	static const char text[] =
	    "a: 1\nb:\n  - c: x\n    d: y\n  - c: z\ne: {f: [1,\n  2]}\n";
	static const struct {
		const char *path;
		size_t line;
	} cases[] = { { "a", 1 }, { "b", 3 }, { "b[0].d", 4 }, { "b[1].c", 5 },
		{ "e.f[1]", 7 }, { "b[2].c", 0 }, { "a.b", 0 }, { "nix", 0 },
		{ "a[0]", 0 }, { "b[0", 3 } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_expect_eq(mx_yaml_line(text, sizeof text - 1, cases[i].path),
		    cases[i].line, "%s: %zu", cases[i].path,
		    mx_yaml_line(text, sizeof text - 1, cases[i].path));
	cr_expect_eq(mx_yaml_line("a: [", 4, "a"), 0, "no valid YAML");
	cr_expect_eq(mx_yaml_line("", 0, "a"), 0);
}
