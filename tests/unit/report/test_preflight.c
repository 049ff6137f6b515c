/* test_preflight.c - rows for people, for programs and for Nagios; and below a table of results. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/preflight_report.h"
#include "probe/report/preflight_text.h"
#include "tests/unit/report/sample.h"

TestSuite(preflight_report, .timeout = 20);

/* One row of each result, remote bytes in one of them. */
static struct mx_preflight *
new_preflight(const char *source)
{
	struct mx_preflight *p = mx_calloc(1, sizeof *p);

	cr_assert(mx_addr_parse(source, &p->source));
	p->helo = mx_strdup("mail.example.test");
	p->mail_from = mx_strdup("probe@example.test");
	p->has_mail_from_spf = true;
	p->mail_from_spf = MX_SPF_FAIL;
	p->explanation = mx_strdup("go\033[31maway");
	return p;
}

static void
add(struct mx_preflight *p, const char *check, enum mx_check_result result,
    const char *found, const char *advice)
{
	mx_checks_add(
	    &p->checks, result, mx_strdup(check), mx_strdup(found), mx_strdup(advice));
}

static struct mx_preflight *
new_troubled(const char *source)
{
	struct mx_preflight *p = new_preflight(source);

	add(p, "ptr", MX_CHECK_FAIL, "no PTR record", "publish one");
	add(p, "helo_ptr", MX_CHECK_WARN, "another name", "greet with it");
	add(p, "sender_domain", MX_CHECK_PASS, "MX 10 mx.example.test", NULL);
	add(p, "dmarc", MX_CHECK_UNKNOWN, "silence", NULL);
	add(p, "spf_mail_from", MX_CHECK_FAIL, "v=spf1 \033[2J|x", "publish another");
	add(p, "dnsbl:a.example.test", MX_CHECK_PASS, "not listed", NULL);
	add(p, "dnsbl:b.example.test", MX_CHECK_PASS, "not listed", NULL);
	add(p, "dnsbl:c.example.test", MX_CHECK_FAIL, "listed", "ask for removal");
	return p;
}

static char *
print(const char *format, struct mx_preflight *const *items, size_t count, bool quiet,
    int *status)
{
	struct mx_report_options options = { .width = 80, .quiet = quiet };
	struct mx_preflight_report *report;
	struct mx_error err = { 0 };
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);

	report = mx_preflight_report_new(format, stream, &options, &err);
	cr_assert_not_null(report, "%s", err.text);
	for (size_t i = 0; i < count; i++)
		mx_preflight_report_add(report, items[i]);
	cr_assert_eq(mx_preflight_report_finish(report, &err), MX_OK, "%s", err.text);
	*status = mx_preflight_report_status(report);
	mx_preflight_report_free(report);
	fclose(stream);
	return text;
}

Test(preflight_report, a_table_for_people)
{
	struct mx_preflight *p = new_troubled("203.0.113.5");
	int status;
	char *text = print("table", &p, 1, false, &status);

	cr_assert_eq(status, 1);
	cr_assert_str_eq(text,
	    "203.0.113.5, HELO mail.example.test, sender <probe@example.test>\n"
	    "  fail     ptr            no PTR record\n"
	    "                          publish one\n"
	    "  warn     helo_ptr       another name\n"
	    "                          greet with it\n"
	    "  pass     sender_domain  MX 10 mx.example.test\n"
	    "  unknown  dmarc          silence\n"
	    "  fail     spf_mail_from  v=spf1 \\x1b[2J|x\n"
	    "                          publish another\n"
	    "  fail     dnsbl:c.example.test\n"
	    "                          listed\n"
	    "                          ask for removal\n"
	    "  pass     dnsbl          2 lists without an entry: a.example.test,\n"
	    "                          b.example.test\n"
	    "\n"
	    "1 source: 3 pass, 1 warn, 3 fail, 1 unknown\n");
	free(text);
	text = print("table", &p, 1, true, &status);
	cr_assert_null(strstr(text, "pass"));
	cr_assert_null(strstr(text, "unknown"));
	cr_assert_not_null(strstr(text, "publish another"));
	free(text);
	mx_preflight_free(p);
}

Test(preflight_report, an_object_a_line_for_programs)
{
	struct mx_preflight *items[] = { new_troubled("203.0.113.5"),
		new_preflight("2001:db8::1") };
	int status;
	char *text, *second;
	json_t *object, *checks;

	free(items[1]->mail_from);
	items[1]->mail_from = NULL;
	items[1]->has_mail_from_spf = false;
	text = print("json", items, 2, false, &status);
	cr_assert_null(strchr(text, '\033'));
	second = strchr(text, '\n') + 1;
	second[-1] = '\0';
	object = json_loads(text, 0, NULL);
	cr_assert_str_eq(
	    json_string_value(json_object_get(object, "schema")), "mxprobe.preflight/1");
	cr_assert_str_eq(json_string_value(json_object_get(
			     json_object_get(object, "spf"), "mail_from")),
	    "fail");
	cr_assert_str_eq(json_string_value(json_object_get(
			     json_object_get(object, "spf"), "explanation")),
	    "go\033[31maway");
	checks = json_object_get(object, "checks");
	cr_assert_eq(json_array_size(checks), 8);
	cr_assert_str_eq(
	    json_string_value(json_object_get(json_array_get(checks, 4), "found")),
	    "v=spf1 \033[2J|x");
	json_decref(object);
	object = json_loads(second, 0, NULL);
	cr_assert_str_eq(
	    json_string_value(json_object_get(object, "source")), "2001:db8::1");
	cr_assert(json_is_null(json_object_get(object, "mail_from")));
	cr_assert(
	    json_is_null(json_object_get(json_object_get(object, "spf"), "mail_from")));
	json_decref(object);
	free(text);
	mx_preflight_free(items[0]);
	mx_preflight_free(items[1]);
}

Test(preflight_report, the_worst_row_is_the_status)
{
	static const struct {
		enum mx_check_result rows[3];
		size_t count;
		int status, nagios;
		const char *word;
	} table[] = {
		{ { MX_CHECK_PASS, MX_CHECK_PASS }, 2, 0, 0, "OK" },
		{ { MX_CHECK_PASS, MX_CHECK_UNKNOWN }, 2, 3, 3, "UNKNOWN" },
		{ { MX_CHECK_UNKNOWN, MX_CHECK_WARN }, 2, 2, 1, "WARNING" },
		{ { MX_CHECK_UNKNOWN, MX_CHECK_WARN, MX_CHECK_FAIL }, 3, 1, 2,
		    "CRITICAL" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_preflight *p = new_preflight("203.0.113.5");
		char *text, *begins = mx_asprintf("MXPROBE %s - ", table[i].word);
		int status;

		for (size_t r = 0; r < table[i].count; r++)
			add(p, "ptr", table[i].rows[r], "a|b", NULL);
		free(print("json", &p, 1, false, &status));
		cr_assert_eq(status, table[i].status);
		text = print("nagios", &p, 1, false, &status);
		cr_assert_eq(status, table[i].nagios);
		cr_assert_eq(strncmp(text, begins, strlen(begins)), 0, "%s", text);
		/* One bar, before the performance data. */
		cr_assert_eq(strchr(text, '|'), strrchr(text, '|'), "%s", text);
		free(text);
		free(begins);
		mx_preflight_free(p);
	}
}

Test(preflight_report, no_source_is_nothing_learned_and_no_other_format_is_known)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_error err = { 0 };
	int status;

	free(print("table", NULL, 0, false, &status));
	cr_assert_eq(status, 3);
	cr_assert_null(mx_preflight_report_new("xml", stdout, &options, &err));
	cr_assert_eq(err.code, MX_ERR_USAGE);
}

Test(preflight_report, a_summary_names_what_is_wrong_or_is_none)
{
	struct mx_preflight *p = new_troubled("203.0.113.5");
	char *summary = mx_preflight_summary(p);

	cr_assert_str_eq(
	    summary, "fail: ptr, spf_mail_from, dnsbl:c.example.test; warn: helo_ptr");
	free(summary);
	mx_preflight_free(p);
	p = new_preflight("203.0.113.5");
	add(p, "ptr", MX_CHECK_PASS, NULL, NULL);
	add(p, "dmarc", MX_CHECK_UNKNOWN, NULL, NULL);
	cr_assert_null(mx_preflight_summary(p));
	mx_preflight_free(p);
}

/* ---- below a table of results ---------------------------------------------------------------- */

static struct mx_result *
result_from(const struct mx_preflight *identity, size_t order)
{
	struct mx_result *result = sample_blind();

	result->order = order;
	result->source = identity->source;
	result->identity = identity;
	return result;
}

Test(preflight_report, a_source_in_many_rows_is_told_once_below_them)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_preflight *p = new_troubled("203.0.113.5");
	struct mx_result *results[] = { result_from(p, 0), result_from(p, 1) };
	char *text = sample_print("table", &options, results, 2), *section;

	/* In each row that cannot see it, and at length below. */
	cr_assert_not_null(strstr(text, "identity fail: ptr, spf_mail_from"));
	section = strstr(text, "\nNot in order about who we are:\n203.0.113.5, HELO");
	cr_assert_not_null(section, "%s", text);
	cr_assert_not_null(
	    strstr(section, "\n  fail     ptr            no PTR record\n"));
	cr_assert_null(strstr(section, "publish one"), "what to change is preflight's");
	section = strstr(section, "203.0.113.5, HELO");
	cr_assert_null(strstr(section + 1, "203.0.113.5, HELO"), "told twice");
	free(text);
	options.quiet = true;
	text = sample_print("table", &options, results, 2);
	cr_assert_null(strstr(text, "Not in order"));
	cr_assert_null(strstr(text, "identity"));
	free(text);
	mx_result_free(results[0]);
	mx_result_free(results[1]);
	mx_preflight_free(p);
}

Test(preflight_report, many_sources_have_a_line_each)
{
	enum {
		MANY = 7
	};
	struct mx_report_options options = { .width = 120 };
	struct mx_preflight *items[MANY];
	struct mx_result *results[MANY];
	char *text;

	for (size_t i = 0; i < MANY; i++) {
		items[i] = new_troubled("203.0.113.5");
		items[i]->source.bytes[3] = (uint8_t)i;
		results[i] = result_from(items[i], i);
	}
	text = sample_print("table", &options, results, MANY);
	cr_assert_not_null(strstr(text, "\n203.0.113.0: fail: ptr, spf_mail_from"));
	cr_assert_not_null(strstr(text, "\n203.0.113.6: fail: ptr, spf_mail_from"));
	cr_assert_null(strstr(text, ", HELO mail.example.test"));
	free(text);
	for (size_t i = 0; i < MANY; i++) {
		mx_result_free(results[i]);
		mx_preflight_free(items[i]);
	}
}

Test(preflight_report, a_result_has_its_identity_in_json)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_preflight *p = new_troubled("203.0.113.5");
	struct mx_result *result = result_from(p, 0);
	char *text = sample_print("json", &options, &result, 1);
	json_t *object = json_loads(text, 0, NULL);
	json_t *identity = json_object_get(object, "identity");

	cr_assert_str_eq(json_string_value(json_object_get(identity, "schema")),
	    "mxprobe.preflight/1");
	cr_assert_eq(json_array_size(json_object_get(identity, "checks")), 8);
	json_decref(object);
	free(text);
	mx_result_free(result);
	mx_preflight_free(p);
}
