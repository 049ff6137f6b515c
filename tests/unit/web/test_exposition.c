/* test_exposition.c - the formats of Prometheus, and values that try to leave theirs. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/web/exposition.h"

TestSuite(exposition, .timeout = 10);

static void
write_all(struct mx_exposition *out, bool is_openmetrics)
{
	mx_exposition_begin(out, is_openmetrics);
	mx_exposition_family(out, "a_seconds", MX_METRIC_GAUGE, "A span.");
	mx_exposition_seconds(out, "", NULL, 1500000);
	mx_exposition_seconds(out, "x=\"1\"", "y=\"2\"", -2000);
	mx_exposition_family(out, "b_total", MX_METRIC_COUNTER, "Counted.");
	mx_exposition_integer(out, "x=\"1\"", NULL, 42);
	mx_exposition_family(out, "c_info", MX_METRIC_INFO, "Known.");
	mx_exposition_integer(out, "", "y=\"2\"", 1);
	(void)mx_exposition_end(out);
}

Test(exposition, text_format_names_samples_as_families)
{
	struct mx_exposition out;

	write_all(&out, false);
	cr_expect_str_eq(out.text.data,
	    "# HELP a_seconds A span.\n# TYPE a_seconds gauge\na_seconds 1.500\n"
	    "a_seconds{x=\"1\",y=\"2\"} -0.002\n"
	    "# HELP b_total Counted.\n# TYPE b_total counter\nb_total{x=\"1\"} 42\n"
	    "# HELP c_info Known.\n# TYPE c_info gauge\nc_info{y=\"2\"} 1\n");
	mx_buf_clear(&out.text);
}

Test(exposition, openmetrics_leaves_suffixes_out_of_the_family_and_says_where_it_ends)
{
	struct mx_exposition out;

	write_all(&out, true);
	cr_expect_str_eq(out.text.data,
	    "# HELP a_seconds A span.\n# TYPE a_seconds gauge\na_seconds 1.500\n"
	    "a_seconds{x=\"1\",y=\"2\"} -0.002\n"
	    "# HELP b Counted.\n# TYPE b counter\nb_total{x=\"1\"} 42\n"
	    "# HELP c Known.\n# TYPE c info\nc_info{y=\"2\"} 1\n# EOF\n");
	mx_buf_clear(&out.text);
}

static const struct {
	const char *value, *wanted;
} rows[] = {
	{ "plain", "l=\"plain\"" },
	{ NULL, "l=\"\"" },
	{ "a\"} 1\nfake 2", "l=\"a\\\"} 1\\nfake 2\"" },
	{ "back\\slash", "l=\"back\\\\slash\"" },
	{ "\xff\xe3\x81\x82", "l=\"\xef\xbf\xbd\xe3\x81\x82\"" },
};

Test(exposition, values_stay_values)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_buf labels;

		mx_buf_init(&labels, 256);
		mx_exposition_label(&labels, "l", rows[i].value);
		cr_expect_str_eq(labels.data, rows[i].wanted);
		mx_exposition_label(&labels, "m", "x");
		cr_expect_str_eq(labels.data + strlen(rows[i].wanted), ",m=\"x\"");
		mx_buf_clear(&labels);
	}
}
