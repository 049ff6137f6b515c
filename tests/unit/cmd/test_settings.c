#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "probe/cmd/settings.h"

TestSuite(settings, .timeout = 20);

/** Everything a merge needs; 127.0.0.0/8 is ours on any Linux. */
struct world {
	struct mx_check_options options;
	struct mx_config config;
	struct mx_catalogue *catalogue;
	struct mx_settings settings;
	struct mx_error err;
	char path[32];
};

static void
open_world(struct world *w, const char *yaml)
{
	int fd;

	*w = (struct world){ .path = "/tmp/mx-settings-XXXXXX" };
	mx_check_options_init(&w->options);
	w->options.mail_from = "probe@example.jp";
	fd = mkstemp(w->path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
	close(fd);
	cr_assert_eq(
	    mx_config_load(&w->config, w->path, &w->err), MX_OK, "%s", w->err.text);
	w->catalogue = mx_catalogue_load(MX_TAXONOMY_DIR, &w->err);
	cr_assert_not_null(w->catalogue, "%s", w->err.text);
}

static void
add(struct mx_word_list *words, const char *word)
{
	words->items = mx_grow(words->items, words->count, sizeof *words->items);
	words->items[words->count++] = word;
}

static enum mx_err
make(struct world *w)
{
	return mx_settings_make(
	    &w->settings, &w->options, &w->config, w->catalogue, &w->err);
}

static void
close_world(struct world *w)
{
	unlink(w->path);
	mx_settings_clear(&w->settings);
	mx_check_options_clear(&w->options);
	mx_config_clear(&w->config);
	mx_catalogue_free(w->catalogue);
}

#define FULL_FILE                      \
	"sources:\n"                   \
	"  - address: 127.0.0.2\n"     \
	"    helo: two.example.jp\n"   \
	"    seen_as: 198.51.100.2\n"  \
	"  - address: 127.0.0.3\n"     \
	"mail_from: file@example.jp\n" \
	"destinations: [file.test]\n"  \
	"mailboxes: [me@file.test]\n"  \
	"own: [Lab.test]\n"

Test(settings, the_file_alone_is_enough)
{
	struct world w;

	open_world(&w, FULL_FILE);
	w.options.mail_from = NULL;
	cr_assert_eq(make(&w), MX_OK, "%s", w.err.text);
	cr_assert_eq(w.settings.params.source_count, 2);
	cr_expect_str_eq(w.settings.params.sources[0].helo, "two.example.jp");
	cr_expect_eq(w.settings.params.sources[0].seen_as.family, AF_INET);
	cr_expect_null(w.settings.params.sources[1].helo);
	cr_expect_eq(w.settings.params.sources[1].seen_as.family, AF_UNSPEC);
	cr_expect_str_eq(w.settings.params.mail_from, "file@example.jp");
	cr_assert_eq(w.settings.params.destination_count, 1);
	cr_expect_str_eq(w.settings.params.destinations[0], "file.test");
	cr_assert_eq(w.settings.params.mailbox_count, 1);
	cr_assert_eq(w.settings.params.own_count, 1);
	cr_expect_str_eq(w.settings.params.own[0], "lab.test");
	close_world(&w);
}

Test(settings, options_beat_the_file)
{
	struct world w;

	open_world(&w, FULL_FILE);
	add(&w.options.sources, "127.0.0.4");
	add(&w.options.sources, "127.0.0.2");
	add(&w.options.destinations, "option.test");
	add(&w.options.mailboxes, "me@option.test");
	w.options.port = 2525;
	cr_assert_eq(make(&w), MX_OK, "%s", w.err.text);
	cr_assert_eq(w.settings.params.source_count, 2);
	cr_expect_null(w.settings.params.sources[0].helo);
	/* What the file says of an address still holds when an option names it. */
	cr_expect_str_eq(w.settings.params.sources[1].helo, "two.example.jp");
	cr_expect_str_eq(w.settings.params.mail_from, "probe@example.jp");
	cr_assert_eq(w.settings.params.destination_count, 1);
	cr_expect_str_eq(w.settings.params.destinations[0], "option.test");
	/* Mailboxes add up: both are declared. */
	cr_expect_eq(w.settings.params.mailbox_count, 2);
	cr_expect_eq(w.settings.params.port, 2525);
	close_world(&w);
}

Test(settings, helo_and_seen_as_options_hold_for_every_source)
{
	struct world w;

	open_world(&w, FULL_FILE);
	w.options.helo = "all.example.jp";
	cr_assert(mx_addr_parse("198.51.100.99", &w.options.seen_as));
	cr_assert_eq(make(&w), MX_OK, "%s", w.err.text);
	for (size_t i = 0; i < 2; i++) {
		cr_expect_str_eq(w.settings.params.sources[i].helo, "all.example.jp");
		cr_expect(mx_addr_equal(
		    &w.settings.params.sources[i].seen_as, &w.options.seen_as));
	}
	close_world(&w);
}

Test(settings, a_family_option_chooses_among_sources)
{
	struct world w;

	open_world(&w, "");
	add(&w.options.sources, "::1");
	add(&w.options.sources, "127.0.0.2");
	add(&w.options.destinations, "a.test");
	w.options.family = AF_INET;
	cr_assert_eq(make(&w), MX_OK, "%s", w.err.text);
	cr_assert_eq(w.settings.params.source_count, 1);
	cr_expect_eq(w.settings.params.sources[0].addr.family, AF_INET);
	close_world(&w);
}

Test(settings, the_same_address_twice_is_one_source)
{
	struct world w;

	open_world(&w, "sources:\n  - address: 127.0.0.2\n  - address: lo\n  - address: "
		       "127.0.0.2\n");
	add(&w.options.destinations, "a.test");
	cr_assert_eq(make(&w), MX_OK, "%s", w.err.text);
	for (size_t i = 0; i < w.settings.params.source_count; i++)
		for (size_t j = 0; j < i; j++)
			cr_expect_not(mx_addr_equal(&w.settings.params.sources[i].addr,
			    &w.settings.params.sources[j].addr));
	close_world(&w);
}

Test(settings, a_port_behind_the_server_beats_the_port_option)
{
	struct world w;

	open_world(&w, "");
	add(&w.options.sources, "127.0.0.2");
	add(&w.options.destinations, "a.test");
	w.options.port = 26;
	cr_assert(mx_addr_parse("127.0.0.1", &w.options.server.addr));
	w.options.server.port = 2525;
	cr_assert_eq(make(&w), MX_OK, "%s", w.err.text);
	cr_expect_eq(w.settings.params.port, 2525);
	cr_expect_eq(w.settings.params.server.port, 2525);
	cr_expect_null(w.settings.params.server_name);
	close_world(&w);
}

static void
no_source(struct world *w)
{
	add(&w->options.destinations, "a.test");
}

static void
no_destination(struct world *w)
{
	add(&w->options.sources, "127.0.0.2");
}

static void
no_sender(struct world *w)
{
	add(&w->options.sources, "127.0.0.2");
	add(&w->options.destinations, "a.test");
	w->options.mail_from = NULL;
}

static void
no_v6_source(struct world *w)
{
	add(&w->options.sources, "127.0.0.2");
	add(&w->options.destinations, "a.test");
	w->options.family = AF_INET6;
}

static void
v6_server(struct world *w)
{
	add(&w->options.sources, "127.0.0.2");
	add(&w->options.destinations, "a.test");
	(void)mx_addr_parse("::1", &w->options.server.addr);
}

static void
complete(struct world *w)
{
	add(&w->options.sources, "127.0.0.2");
	add(&w->options.destinations, "a.test");
}

/* "PATH" stands for the temporary file's name. */
Test(settings, refusals_name_the_option_or_the_line)
{
	/* clang-format off */
	static const struct {
		const char *yaml;
		void (*prepare)(struct world *w);
		enum mx_err code;
		const char *wanted;
	} cases[] = {
		{ "", no_source, MX_ERR_USAGE, "no source address: give one of this host's with --source (an address, a CIDR block, an interface or @FILE), or list sources in the configuration file" },
		{ "", no_destination, MX_ERR_USAGE, "no destination: name a mail domain with --to, for example --to outlook.com" },
		{ "", no_sender, MX_ERR_USAGE, "no sender: give a mailbox of your own with --mail-from, or stop earlier with --depth ehlo" },
		{ "", no_v6_source, MX_ERR_USAGE, "-6: no source is an IPv6 address (the first is 127.0.0.2); give one with --source" },
		{ "", v6_server, MX_ERR_USAGE, "--server: ::1 is IPv6, but no source is; give one with --source" },
		{ "mailboxes:\n  - a@b.jp\n  - no mailbox\n", complete, MX_ERR_CONFIG, "PATH:3: mailboxes[1]: " },
		{ "own: [x.jp]\nmail_from: \"a@b.jp>\"\n", no_sender, MX_ERR_CONFIG, "PATH:2: mail_from: " },
		{ "own: [good.jp, \"b d\"]\n", complete, MX_ERR_CONFIG, "PATH:1: own[1]: " },
		{ "destinations: [\"a..b\"]\n", no_destination, MX_ERR_CONFIG, "PATH:1: destinations[0]: " },
		{ "sources:\n  - address: 127.0.0.2\n    helo: localhost\n", complete, MX_ERR_CONFIG, "PATH:3: sources[0].helo: " },
		{ "sources:\n  - address: 192.0.2.77\n", no_source, MX_ERR_CONFIG, "PATH:2: sources[0].address: " },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world w;
		char *text;

		open_world(&w, cases[i].yaml);
		cases[i].prepare(&w);
		cr_expect_eq(make(&w), cases[i].code, "case %zu: %s", i, w.err.text);
		text = strncmp(cases[i].wanted, "PATH", 4) == 0
			   ? mx_asprintf("%s%s", w.path, cases[i].wanted + 4)
			   : mx_strdup(cases[i].wanted);
		cr_expect(strncmp(w.err.text, text, strlen(text)) == 0,
		    "wanted %s\ngot    %s", text, w.err.text);
		cr_expect_gt(strlen(w.err.text), strlen(text) - 1);
		free(text);
		close_world(&w);
	}
}

Test(settings, shallow_depths_need_no_sender)
{
	static const enum mx_stage depths[] = { MX_STAGE_BANNER, MX_STAGE_EHLO };

	for (size_t i = 0; i < 2; i++) {
		struct world w;

		open_world(&w, "");
		no_sender(&w);
		w.options.depth_given = true;
		w.options.depth = depths[i];
		cr_expect_eq(make(&w), MX_OK, "%s", w.err.text);
		close_world(&w);
	}
}
