/* test_shape.c - Alertmanager's shape and the letter, of notices both harmless and hostile. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/watch/alert/notice.h"
#include "probe/watch/alert/shape.h"

static struct mx_catalogue *catalogue;

static void
begin(void)
{
	struct mx_error err = { 0 };

	catalogue = mx_catalogue_load(NULL, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
}

static void
end(void)
{
	mx_catalogue_free(catalogue);
}

TestSuite(shape, .init = begin, .fini = end, .timeout = 60);

#define HOSTILE \
	"no\r\n.\r\nSubject: evil\r\n\x1b[31m<script>\xff \xe6\xbc\xa2 \xe2\x80\xae="

static char *
notice_of(size_t count, bool is_firing)
{
	struct mx_notice *notice =
	    mx_notice_new("01ARZ3NDEKTSV4RRFFQ69G5FAV", 1000000, "https://page.example");
	char source[32], *text;

	for (size_t i = 0; i < count; i++) {
		struct mx_store_event event = {
			.id = (int64_t)i + 1,
			.time_us = 2000000,
			.source = source,
			.group = "yahoo",
			.provider = "yahoo",
			.old_state = "clear",
			.new_state = is_firing ? "blocked" : "clear",
			.why = HOSTILE,
		};
		struct mx_turn turn = {
			.is_firing = is_firing,
			.kind = is_firing ? "blocked" : "recovered",
			.severity = MX_CONFIG_CRITICAL,
		};

		(void)snprintf(source, sizeof source, "203.0.113.%zu", i + 1);
		cr_assert(
		    mx_notice_add(notice, &(struct mx_notice_facts){
					      .catalogue = catalogue,
					      .event = &event,
					      .turn = &turn,
					      .since_us = 1000000,
					      .row =
						  &(struct mx_store_result){
						      .id = "01ARZ3NDEKTSV4RRFFQ69G5FAW",
						      .destination = "yahoo.example",
						      .verdict = "blocked",
						      .stage = "mail",
						      .code = 553,
						      .text = HOSTILE,
						      .remedy = "yahoo",
						  },
					  }));
	}
	text = mx_notice_text(notice);
	mx_notice_free(notice);
	return text;
}

static json_t *
alertmanager_of(size_t count, bool is_firing)
{
	char *notice = notice_of(count, is_firing);
	char *body = mx_shape_alertmanager(notice, "webhook:1");
	json_t *tree = json_loads(body, 0, NULL);

	cr_assert_not_null(tree);
	free(notice);
	free(body);
	return tree;
}

static const char *
get(const json_t *tree, const char *key)
{
	const char *text = json_string_value(json_object_get(tree, key));

	cr_assert_not_null(text, "%s", key);
	return text;
}

Test(shape, for_alertmanagers_receivers_has_every_key_of_version_4)
{
	static const char *const keys[] = { "version", "groupKey", "truncatedAlerts",
		"status", "receiver", "groupLabels", "commonLabels", "commonAnnotations",
		"externalURL", "alerts" };
	static const char *const of_alert[] = { "status", "labels", "annotations",
		"startsAt", "endsAt", "generatorURL", "fingerprint" };
	json_t *tree = alertmanager_of(2, true);
	const json_t *alert = json_array_get(json_object_get(tree, "alerts"), 1);

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		cr_expect_not_null(json_object_get(tree, keys[i]), "%s", keys[i]);
	for (size_t i = 0; i < sizeof of_alert / sizeof *of_alert; i++)
		cr_expect_not_null(
		    json_object_get(alert, of_alert[i]), "%s", of_alert[i]);
	cr_expect_str_eq(get(tree, "version"), "4");
	cr_expect_str_eq(get(tree, "status"), "firing");
	cr_expect_str_eq(get(alert, "endsAt"), "0001-01-01T00:00:00Z");
	cr_expect_str_eq(get(json_object_get(alert, "labels"), "source"), "203.0.113.2");
	cr_expect_str_eq(
	    get(json_object_get(tree, "commonLabels"), "network"), "203.0.113.0/24");
	cr_expect_null(json_object_get(json_object_get(tree, "commonLabels"), "source"));
	json_decref(tree);
}

Test(shape, for_alertmanagers_receivers_keeps_labels_and_fingerprint_when_resolved)
{
	json_t *fired = alertmanager_of(1, true), *over = alertmanager_of(1, false);
	const json_t *a = json_array_get(json_object_get(fired, "alerts"), 0);
	const json_t *b = json_array_get(json_object_get(over, "alerts"), 0);

	cr_expect(json_equal(json_object_get(a, "labels"), json_object_get(b, "labels")));
	cr_expect_str_eq(get(a, "fingerprint"), get(b, "fingerprint"));
	cr_expect_str_eq(get(a, "startsAt"), get(b, "startsAt"));
	cr_expect_str_eq(get(b, "status"), "resolved");
	cr_expect_str_eq(get(b, "endsAt"), "1970-01-01T00:00:02.000Z");
	json_decref(fired);
	json_decref(over);
}

Test(shape, for_alertmanagers_receivers_holds_no_control_byte)
{
	json_t *tree = alertmanager_of(1, true);
	const json_t *alert = json_array_get(json_object_get(tree, "alerts"), 0);
	const char *reply = get(json_object_get(alert, "annotations"), "reply");

	cr_expect_not_null(strstr(reply, "\\x0d\\x0a"), "%s", reply);
	for (const char *c = reply; *c != '\0'; c++)
		cr_expect_not(iscntrl((unsigned char)*c));
	json_decref(tree);
}

static char *
letter_of(const char *notice)
{
	char *to[] = { (char[]){ "ops@example.jp" }, (char[]){ "me@example.jp" }, NULL };

	return mx_shape_letter(&(struct mx_letter){
	    .from = "probe@example.jp",
	    .to = to,
	    .notice = notice,
	    .topic = "yahoo 203.0.113.0/24",
	    .time_us = INT64_C(1795305600) * 1000000,
	});
}

Test(shape, a_letter_has_the_header_of_an_automatic_one)
{
	static const char *const lines[] = {
		"From: mxprobe <probe@example.jp>\r\n",
		"To: ops@example.jp,\r\n\tme@example.jp\r\n",
		"Subject: [mxprobe] firing: Yahoo",
		"Date: Sun, 22 Nov 2026 00:00:00 +0000\r\n",
		"Message-ID: <01ARZ3NDEKTSV4RRFFQ69G5FAV.mxprobe@example.jp>\r\n",
		"Auto-Submitted: auto-generated\r\n",
		"Content-Transfer-Encoding: quoted-printable\r\n",
	};
	char *notice = notice_of(1, true), *letter = letter_of(notice);

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		cr_expect_not_null(strstr(letter, lines[i]), "%s\n%s", lines[i], letter);
	free(letter);
	free(notice);
}

/* Every line short, ended by CRLF, of printable ASCII; no dot alone. */
static void
expect_clean(const char *letter)
{
	const char *line = letter, *end;

	cr_expect_lt(strlen(letter), 32768);
	while ((end = strstr(line, "\r\n")) != NULL) {
		cr_expect_leq(end - line, 200);
		cr_expect_neq(*line, '.');
		for (const char *c = line; c < end; c++)
			cr_expect((*c >= ' ' && *c <= '~') || *c == '\t');
		line = end + 2;
	}
	cr_expect_str_empty(line, "the last line has no end");
}

Test(shape, a_letter_stays_clean_and_short_whatever_a_server_said)
{
	static const size_t counts[] = { 1, 2, 20, 21, 250 };

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		char *notice = notice_of(counts[i], true), *letter = letter_of(notice);

		expect_clean(letter);
		cr_expect_null(strstr(letter, "\r\nSubject: evil"));
		free(letter);
		free(notice);
	}
}

Test(shape, a_letter_of_a_test_says_so)
{
	struct mx_notice *notice = mx_notice_new("01ARZ3NDEKTSV4RRFFQ69G5FAV", 1, NULL);
	char *text, *letter, *body;

	mx_notice_make_test(notice, "host.example");
	text = mx_notice_text(notice);
	letter = letter_of(text);
	body = mx_shape_alertmanager(text, "x");
	cr_expect_not_null(strstr(letter, "Subject: [mxprobe] test: This is a test"));
	cr_expect_not_null(strstr(body, "MxprobeTest"));
	expect_clean(letter);
	free(body);
	free(letter);
	free(text);
	mx_notice_free(notice);
}
