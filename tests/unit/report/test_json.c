#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/sample.h"

TestSuite(json, .timeout = 20);

static char *
print_one(struct mx_result *result)
{
	struct mx_report_options options = { .width = 80 };
	char *text = sample_print("json", &options, &result, 1);

	mx_result_free(result);
	return text;
}

static json_t *
parse_one(struct mx_result *result)
{
	char *text = print_one(result);
	json_error_t error;
	json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	cr_assert_not_null(object, "%s in %s", error.text, text);
	cr_expect_eq(strchr(text, '\n'), text + strlen(text) - 1, "one line each");
	free(text);
	return object;
}

Test(json, every_verdict)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_result *results[SAMPLE_COUNT + 1];
	char *text;

	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		results[i] = sample_result(i);
	results[SAMPLE_COUNT] = sample_blind();
	text = sample_print("json", &options, results, SAMPLE_COUNT + 1);
	golden_compare("results.json", text);
	free(text);
	for (size_t i = 0; i <= SAMPLE_COUNT; i++)
		mx_result_free(results[i]);
}

/* Whatever is unknown is null: a reader never has to ask whether a key is there. */
Test(json, keys_are_always_present)
{
	static const char *const keys[] = { "schema", "id", "time", "source", "helo",
		"mail_from", "rcpt", "destination", "provider", "mx", "depth", "reached",
		"stages", "tls", "seen_source", "seen_as", "verdict", "observable",
		"blind_spots", "finding", "identity", "coverage", "note", "transcript" };
	static const char *const mx_keys[] = { "host", "preference", "address", "port",
		"dnssec" };
	struct mx_result *bare = mx_calloc(1, sizeof *bare);

	for (size_t i = 0; i <= SAMPLE_COUNT; i++) {
		json_t *object = parse_one(i < SAMPLE_COUNT ? sample_result(i) : bare);
		json_t *mx = json_object_get(object, "mx");

		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
			cr_expect_not_null(
			    json_object_get(object, keys[k]), "%s", keys[k]);
		cr_expect_eq(json_object_size(object), sizeof keys / sizeof keys[0]);
		for (size_t k = 0; k < sizeof mx_keys / sizeof mx_keys[0]; k++)
			cr_expect_not_null(
			    json_object_get(mx, mx_keys[k]), "%s", mx_keys[k]);
		json_decref(object);
	}
}

Test(json, stages_carry_the_time_each_took)
{
	static const struct {
		const char *stage;
		double ms;
		int code;
	} wanted[] = {
		{ "connect", 12.1, 0 },
		{ "banner", 30.2, 220 },
		{ "starttls", 7.6, 220 },
		{ "tls", 1.5, 0 }, /* from STARTTLS's reply on */
		{ "mail", 9.9, 250 },
		{ "rcpt", 11.4, 250 },
		{ "quit", 1.0, 221 },
	};
	json_t *object = parse_one(sample_result(MX_V_ACCEPTED));
	json_t *stages = json_object_get(object, "stages");

	cr_assert_eq(json_array_size(stages), sizeof wanted / sizeof wanted[0]);
	for (size_t i = 0; i < json_array_size(stages); i++) {
		json_t *stage = json_array_get(stages, i),
		       *code = json_object_get(stage, "code");
		double ms = json_real_value(json_object_get(stage, "ms"));

		cr_expect_str_eq(
		    json_string_value(json_object_get(stage, "stage")), wanted[i].stage);
		cr_expect_float_eq(ms, wanted[i].ms, 1e-9, "%s: %f", wanted[i].stage, ms);
		cr_expect_eq(json_integer_value(code), wanted[i].code); /* 0 for null */
	}
	json_decref(object);
}

Test(json, hostile_bytes_are_ascii_on_the_wire_and_whole_inside)
{
	char *text = print_one(sample_result(SAMPLE_HOSTILE));
	json_t *object = json_loads(text, 0, NULL);
	const char *said;

	for (const char *c = text; *c != '\0'; c++)
		cr_expect((*c >= ' ' && *c < 0x7f) || *c == '\n', "byte %02x",
		    (unsigned)(unsigned char)*c);
	said = json_string_value(
	    json_object_get(json_object_get(object, "finding"), "text"));
	cr_expect_not_null(
	    strstr(said, "\x1b[31mred\x1b[0m \a\r\nmxprobe: forged \xe2\x80\xae"));
	cr_expect_not_null(
	    strstr(said, "\xef\xbf\xbd\xef\xbf\xbd "), "not UTF-8: U+FFFD each");
	json_decref(object);
	free(text);
}

/* A NUL ends nothing: the transcript shows what stood behind it. */
Test(json, transcript_keeps_what_stands_behind_a_nul)
{
	json_t *object = parse_one(sample_result(SAMPLE_HOSTILE));
	json_t *lines = json_object_get(object, "transcript"), *line;
	bool found = false;
	size_t i;

	json_array_foreach (lines, i, line)
		found = found || strstr(json_string_value(json_object_get(line, "line")),
				     "nul\xe2\x90\x80"
				     "behind") != NULL;
	cr_expect(found);
	json_decref(object);
}

Test(json, what_a_provider_hides_is_told)
{
	json_t *object = parse_one(sample_blind());

	cr_expect(json_is_false(json_object_get(object, "observable")));
	cr_expect_str_eq(
	    json_string_value(json_array_get(json_object_get(object, "blind_spots"), 0)),
	    "IP, PTR, SPF, DKIM, DMARC are judged at end of DATA");
	cr_expect_str_eq(json_string_value(json_object_get(object, "provider")), "gmail");
	json_decref(object);
	object = parse_one(sample_result(MX_V_ACCEPTED));
	cr_expect(json_is_true(json_object_get(object, "observable")));
	cr_expect_eq(json_array_size(json_object_get(object, "blind_spots")), 1);
	json_decref(object);
}

/* Each line leaves at once: a pipe's reader sees results while sessions still run. */
Test(json, prints_each_result_as_it_comes)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_result *result = sample_result(MX_V_BLOCKED);
	struct mx_error err = { 0 };
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	struct mx_report *report = mx_report_new("json", stream, &options, &err);

	mx_report_result(report, result);
	cr_expect_gt(len, 0, "before finish");
	cr_expect_eq(mx_report_finish(report, &err), MX_OK);
	mx_report_free(report);
	fclose(stream);
	free(text);
	mx_result_free(result);
}
