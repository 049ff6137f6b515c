#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/config/config.h"

TestSuite(values, .timeout = 20);

#define HOUR MX_HOUR_US

/** A configuration in a file of its own. */
struct world {
	char path[32];
	struct mx_config config;
	struct mx_error err;
	enum mx_err code;
};

static void
open_world(struct world *w, const char *text)
{
	int fd;

	*w = (struct world){ .path = "/tmp/mx-values-XXXXXX" };
	fd = mkstemp(w->path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	w->code = mx_config_load(&w->config, w->path, &w->err);
}

static void
close_world(struct world *w)
{
	unlink(w->path);
	mx_config_clear(&w->config);
}

static const char full[] =
    "never: [example.net, microsoft_consumer]\n"
    "politeness: {interval: 1h, blocked: 12h, throttled: 3h, throttled_most: 2d,\n"
    "  all_addresses: 8h, network: 60s, at_once: 1, per_minute: 3}\n"
    "state: {clear_accepts: 4, clear_addresses: 3, clear_span: 48h, suspect_gap: 0s,\n"
    "  regress: 10d, expected: 2d, overdue: 1d}\n"
    "schedule: {interval: 30m, blocked: 6h}\n"
    "retention: {results: 30d, transcripts: 1h}\n"
    "web:\n"
    "  listen: \"[2001:db8::1]:9925\"\n"
    "  tls: {cert: /etc/a.pem, key: /etc/a.key}\n"
    "  token_file: /etc/token\n"
    "deliver: {via: \"smtp://user@relay.example.jp:587\", password_file: /etc/pass}\n"
    "alerts:\n"
    "  - mail: {to: [ops@example.jp]}\n"
    "  - webhook: {url: \"https://hooks.example.jp/x\", format: alertmanager, "
    "secret_file: /etc/s}\n"
    "  - webhook: {url: \"http://127.0.0.1:9093/\"}\n"
    "  - command: [/usr/local/bin/page-me, now]\n";

Test(values, a_full_file_gives_every_span_and_service)
{
	struct world w;
	const struct mx_config_values *v;

	open_world(&w, full);
	cr_assert_eq(w.code, MX_OK, "%s", w.err.text);
	v = w.config.values;
	cr_expect_eq(v->never_count, 2);
	cr_expect_eq(v->politeness.interval.us, HOUR);
	cr_expect_eq(v->politeness.blocked.us, 12 * HOUR);
	cr_expect_eq(v->politeness.throttled.us, 3 * HOUR);
	cr_expect_eq(v->politeness.throttled_most.us, 48 * HOUR);
	cr_expect_eq(v->politeness.all_addresses.us, 8 * HOUR);
	cr_expect_eq(v->politeness.network.us, MX_MINUTE_US);
	cr_expect_eq(v->politeness.at_once, 1);
	cr_expect_eq(v->politeness.per_minute, 3);
	cr_expect_eq(v->state.clear_accepts, 4);
	cr_expect_eq(v->state.clear_addresses, 3);
	cr_expect_eq(v->state.clear_span.us, 48 * HOUR);
	cr_expect_not_null(v->state.suspect_gap.text);
	cr_expect_eq(v->state.suspect_gap.us, 0);
	cr_expect_eq(v->state.regress.us, 240 * HOUR);
	cr_expect_eq(v->state.expected.us, 48 * HOUR);
	cr_expect_eq(v->state.overdue.us, 24 * HOUR);
	cr_expect_eq(v->schedule.interval.us, HOUR / 2);
	cr_expect_eq(v->schedule.blocked.us, 6 * HOUR);
	cr_expect_eq(v->retention.results.us, 720 * HOUR);
	cr_expect_eq(v->retention.transcripts.us, HOUR);
	cr_expect_str_eq(v->web.listen, "[2001:db8::1]:9925");
	cr_expect_str_eq(v->web.tls.key, "/etc/a.key");
	cr_expect_str_eq(v->deliver.password_file, "/etc/pass");
	cr_assert_eq(v->alert_count, 4);
	cr_expect_str_eq(v->alerts[0].mail->to[0], "ops@example.jp");
	cr_expect_eq(v->alerts[1].webhook->format, MX_CONFIG_ALERTMANAGER);
	cr_expect_eq(v->alerts[2].webhook->format, MX_CONFIG_JSON);
	cr_expect_str_eq(v->alerts[3].command[1], "now");
	close_world(&w);
}

Test(values, loading_twice_gives_the_same)
{
	struct world first, second;

	open_world(&first, full);
	open_world(&second, full);
	cr_assert_eq(first.code, MX_OK);
	cr_assert_eq(second.code, MX_OK);
	cr_expect_str_eq(
	    second.config.values->deliver.via, first.config.values->deliver.via);
	close_world(&first);
	/* What was loaded second needs nothing of the first. */
	cr_expect_eq(second.config.values->politeness.interval.us, HOUR);
	cr_expect_str_eq(
	    second.config.values->alerts[1].webhook->url, "https://hooks.example.jp/x");
	close_world(&second);
}

Test(values, what_is_not_said_is_zero)
{
	struct world w;

	open_world(&w, "politeness: {interval: 1h}\nweb: {}\n");
	cr_assert_eq(w.code, MX_OK, "%s", w.err.text);
	cr_expect_null(w.config.values->politeness.blocked.text);
	cr_expect_eq(w.config.values->politeness.blocked.us, 0);
	cr_expect_eq(w.config.values->politeness.at_once, 0);
	cr_expect_null(w.config.values->web.listen);
	cr_expect_eq(w.config.values->alert_count, 0);
	close_world(&w);
}

/* clang-format off */
#define NO_SPAN "is no span of time, such as 20s, 30m, 4h or 90d"
#define NO_VIA "must be smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT]"
#define NO_HOOK "must be https://HOST[:PORT]/... or http://...; a user and a password can't stand there"

static const struct {
	const char *text, *wanted; /* behind the file's path */
} wrong[] = {
	{ "schedule:\n  interval: 4\n", ":2: schedule.interval: \"4\" " NO_SPAN },
	{ "schedule: {interval: 1h30m}\n", ":1: schedule.interval: \"1h30m\" " NO_SPAN },
	{ "schedule: {interval: 20m}\n",
	  ":1: schedule.interval: \"20m\" is below the floor: 30m between two sessions of a source to a provider; floors can only be raised" },
	{ "schedule:\n  blocked: 4h\n",
	  ":2: schedule.blocked: \"4h\" is below the floor: 6h after a block; floors can only be raised" },
	{ "schedule: {every: 4h}\n", ":1: schedule.every: unknown key \"every\" (known here: interval, blocked, checks)" },
	{ "\npoliteness:\n  interval: 29m\n",
	  ":3: politeness.interval: \"29m\" is below the floor: 30m between two sessions of a source to a provider; floors can only be raised" },
	{ "politeness: {blocked: 5h}\n",
	  ":1: politeness.blocked: \"5h\" is below the floor: 6h after a block; floors can only be raised" },
	{ "politeness: {throttled: 0s}\n",
	  ":1: politeness.throttled: \"0s\" is below the floor: 2h after a throttle; floors can only be raised" },
	{ "politeness: {throttled_most: 23h}\n",
	  ":1: politeness.throttled_most: \"23h\" is below the floor: 1d after many throttles; floors can only be raised" },
	{ "politeness: {all_addresses: 1h}\n",
	  ":1: politeness.all_addresses: \"1h\" is below the floor: 6h between two visits of every address of a provider; floors can only be raised" },
	{ "politeness: {network: 19s}\n",
	  ":1: politeness.network: \"19s\" is below the floor: 20s between sessions of one network to a provider; floors can only be raised" },
	{ "politeness: {interval: 49h}\n", ":1: politeness.interval: \"49h\" is not from 30m to 2d" },
	{ "politeness:\n  at_once: 3\n",
	  ":2: politeness.at_once: 3 is not from 1 to 2: at most two sessions at once are polite" },
	{ "politeness:\n  at_once: 0\n",
	  ":2: politeness.at_once: 0 is not from 1 to 2: at most two sessions at once are polite" },
	{ "politeness: {per_minute: 7}\n",
	  ":1: politeness.per_minute: 7 is not from 1 to 6: at most six sessions a minute are polite" },
	{ "politeness: {at_once: -1}\n",
	  ":1: politeness.at_once: must be a whole number from 0 to 4294967295, found \"-1\"" },
	{ "state:\n  clear_accepts: 0\n", ":2: state.clear_accepts: 0 is not from 1 to 20" },
	{ "state: {clear_addresses: 9}\n", ":1: state.clear_addresses: 9 is not from 1 to 8" },
	{ "state: {expected: 5m}\n", ":1: state.expected: \"5m\" is not from 1h to 3660d" },
	{ "state: {clear_span: soon}\n", ":1: state.clear_span: \"soon\" " NO_SPAN },
	{ "retention:\n  results: 1h\n", ":2: retention.results: \"1h\" is not from 1d to 3660d" },
	{ "retention: {transcripts: 4000d}\n", ":1: retention.transcripts: \"4000d\" is not from 1h to 3660d" },
	{ "web:\n  listen: 9925\n", ":2: web.listen: \"9925\" is neither ADDRESS:PORT nor [IPV6]:PORT" },
	{ "web: {listen: localhost:9925}\n",
	  ":1: web.listen: \"localhost:9925\" is neither ADDRESS:PORT nor [IPV6]:PORT" },
	{ "web: {listen: \"0.0.0.0:9925\"}\n",
	  ":1: web.listen: others can reach this address: it needs tls: {cert, key}" },
	{ "web:\n  listen: \"192.0.2.1:9925\"\n  tls: {cert: /a, key: /b}\n",
	  ":2: web.listen: others can reach this address: it needs token_file or users_file" },
	{ "web:\n  users_file: users\n", ":2: web.users_file: \"users\" is no absolute path; begin it with /" },
	{ "web:\n  names: [\"a b\"]\n", ":2: web.names[0]: \"a b\" is no name of a host" },
	{ "web:\n  url: https://x.jp/\n",
	  ":2: web.url: \"https://x.jp/\" is neither http://HOST[:PORT][/PATH] nor https://HOST[:PORT][/PATH]; no slash at its end" },
	{ "web:\n  url: ftp://x.jp\n",
	  ":2: web.url: \"ftp://x.jp\" is neither http://HOST[:PORT][/PATH] nor https://HOST[:PORT][/PATH]; no slash at its end" },
	{ "web:\n  tls: {cert: /a}\n", ":2: web.tls: takes both cert and key, or neither" },
	{ "web: {tls: {cert: a, key: /b}}\n", ":1: web.tls.cert: \"a\" is no absolute path; begin it with /" },
	{ "web: {tls: {cert: /a, key: b}}\n", ":1: web.tls.key: \"b\" is no absolute path; begin it with /" },
	{ "web:\n  token_file: token\n", ":2: web.token_file: \"token\" is no absolute path; begin it with /" },
	{ "deliver:\n  via: relay.example.jp\n", ":2: deliver.via: " NO_VIA },
	{ "deliver: {via: \"http://relay.example.jp\"}\n", ":1: deliver.via: " NO_VIA },
	{ "deliver: {via: \"smtp://relay.example.jp:99999\"}\n", ":1: deliver.via: " NO_VIA },
	{ "deliver: {via: \"smtp://relay example.jp\"}\n", ":1: deliver.via: " NO_VIA },
	{ "deliver: {via: \"smtp://relay.example.jp/x\"}\n", ":1: deliver.via: " NO_VIA },
	{ "deliver:\n  via: \"smtp://u:S3CRET@relay.example.jp\"\n",
	  ":2: deliver.via: holds a password: that belongs in password_file" },
	{ "deliver:\n  via: \"smtp://relay.example.jp\"\n  password_file: /p\n",
	  ":3: deliver.password_file: a password without a user: say smtp://USER@HOST in via" },
	{ "deliver: {via: \"smtps://u@relay.example.jp\", password_file: p}\n",
	  ":1: deliver.password_file: \"p\" is no absolute path; begin it with /" },
	{ "alerts:\n  - mail: {to: [a@b.jp]}\n    command: [/x]\n",
	  ":2: alerts[0]: takes exactly one of mail, webhook and command" },
	{ "alerts:\n  - {}\n", ":2: alerts[0]: takes exactly one of mail, webhook and command" },
	{ "alerts:\n  - mail: {to: [a@b.jp, ops]}\n", ":2: alerts[0].mail.to[1]: \"ops\" is no mailbox" },
	{ "alerts:\n  - command: [page-me]\n",
	  ":2: alerts[0].command[0]: \"page-me\" is no absolute path; begin it with /" },
	{ "alerts:\n  - webhook: {url: ftp://x.jp/S3CRET}\n", ":2: alerts[0].webhook.url: " NO_HOOK },
	{ "alerts:\n  - webhook: {url: \"https://u:S3CRET@x.jp/\"}\n", ":2: alerts[0].webhook.url: " NO_HOOK },
	{ "alerts:\n  - webhook: {url: https://x.jp/, secret_file: s}\n",
	  ":2: alerts[0].webhook.secret_file: \"s\" is no absolute path; begin it with /" },
	{ "alerts:\n  - webhook: {url: https://x.jp/, format: xml}\n",
	  ":2: alerts[0].webhook.format: must be one of json, alertmanager, found \"xml\"" },
};
/* clang-format on */

Test(values, a_wrong_value_is_told_with_file_line_and_field)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct world w;

		open_world(&w, wrong[i].text);
		cr_expect_eq(w.code, MX_ERR_CONFIG, "%s", wrong[i].text);
		cr_expect_eq(strncmp(w.err.text, w.path, strlen(w.path)), 0);
		cr_expect_str_eq(w.err.text + strlen(w.path), wrong[i].wanted,
		    "\n%s\nwanted %s\ngot    %s", wrong[i].text, wrong[i].wanted,
		    w.err.text + strlen(w.path));
		cr_expect_null(strstr(w.err.text, "S3CRET"), "%s", w.err.text);
		close_world(&w);
	}
}
