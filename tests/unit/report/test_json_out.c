/* test_json_out.c - whatever goes in, what comes out is JSON (jansson reads it back). */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "probe/report/json_out.h"

TestSuite(json_out, .timeout = 10);

struct written {
	char *text;
	size_t len;
	struct mx_json_out out;
};

static void
begin(struct written *w)
{
	*w = (struct written){ .text = NULL };
	w->out.stream = open_memstream(&w->text, &w->len);
	mx_json_open(&w->out, NULL, '{');
}

/* Caller decrefs; the text is freed. */
static json_t *
read_back(struct written *w)
{
	json_t *root;

	mx_json_close(&w->out, '}');
	mx_json_end_line(&w->out);
	fclose(w->out.stream);
	root = json_loadb(w->text, w->len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root, "no JSON: %s", w->text);
	cr_assert_eq(strchr(w->text, '\n') - w->text, (ptrdiff_t)w->len - 1,
	    "one object is one line");
	free(w->text);
	return root;
}

Test(json_out, every_kind_of_value_is_read_back)
{
	struct written w;
	json_t *root;

	begin(&w);
	mx_json_string(&w.out, "text", "a \"b\" \\ \n \033 é 日本");
	mx_json_string(&w.out, "nothing", NULL);
	mx_json_integer(&w.out, "big", 9007199254740993LL);
	mx_json_real(&w.out, "real", 0.99);
	mx_json_boolean(&w.out, "yes", true);
	mx_json_raw(&w.out, "raw", "[1,{}]");
	mx_json_open(&w.out, "list", '[');
	mx_json_string(&w.out, NULL, "x");
	mx_json_open(&w.out, NULL, '{');
	mx_json_close(&w.out, '}');
	mx_json_close(&w.out, ']');
	root = read_back(&w);
	cr_expect_str_eq(json_string_value(json_object_get(root, "text")),
	    "a \"b\" \\ \n \033 é 日本");
	cr_expect(json_is_null(json_object_get(root, "nothing")));
	cr_expect_eq(
	    json_integer_value(json_object_get(root, "big")), 9007199254740993LL);
	cr_expect_float_eq(json_real_value(json_object_get(root, "real")), 0.99, 1e-12);
	cr_expect(json_is_true(json_object_get(root, "yes")));
	cr_expect_eq(json_array_size(json_object_get(root, "raw")), 2);
	cr_expect_eq(json_array_size(json_object_get(root, "list")), 2);
	json_decref(root);
}

Test(json_out, each_byte_alone_and_in_a_pair_is_json)
{
	for (int first = 0; first < 256; first++) {
		char pair[2] = { (char)first, 'x' };

		for (size_t len = 1; len <= 2; len++) {
			struct written w;

			begin(&w);
			mx_json_bytes(&w.out, "bytes", pair, len);
			json_decref(read_back(&w));
		}
	}
}

Test(json_out, nothing_that_a_terminal_would_obey_comes_out)
{
	struct written w;

	begin(&w);
	mx_json_bytes(&w.out, "bytes", "\033[2J\x9b\x7f\0end", 10);
	mx_json_close(&w.out, '}');
	fclose(w.out.stream);
	for (size_t i = 0; i < w.len; i++)
		cr_expect(w.text[i] >= ' ' && w.text[i] < 0x7f, "byte %zu", i);
	free(w.text);
}

/* Longer than what is held back, with all that is escaped at its edges. */
Test(json_out, long_texts_of_any_length_are_read_back)
{
	static const char odd[] = "\"\xe6\x97\xa5\xf0\x9f\x93\xa7\n";
	char text[2 * MX_JSON_HELD + 200];

	memset(text, 'x', sizeof text);
	for (size_t len = sizeof odd; len < sizeof text; len += 97) {
		struct written w;
		json_t *root;

		memcpy(text + len - sizeof odd, odd, sizeof odd);
		begin(&w);
		mx_json_string(&w.out, "before", "short");
		mx_json_string(&w.out, "text", text);
		mx_json_real(&w.out, "behind", 0.5);
		root = read_back(&w);
		cr_expect_str_eq(json_string_value(json_object_get(root, "text")), text);
		json_decref(root);
		memset(text + len - sizeof odd, 'x', sizeof odd);
	}
}

Test(json_out, what_is_no_utf8_is_replaced_byte_by_byte)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *written;
	} rows[] = {
		{ "a\0b", 3, "\"a\\u2400b\"" },
		{ "\xff\xe6\x97", 3, "\"\\uFFFD\\uFFFD\\uFFFD\"" },
		{ "\xed\xa0\x80", 3, "\"\\uFFFD\\uFFFD\\uFFFD\"" },
		{ "\xe6\x97\xa5", 3, "\"\\u65E5\"" },
		{ "\xf0\x9f\x93\xa7", 4, "\"\\uD83D\\uDCE7\"" },
		{ "\x1f\t\x7f/", 4, "\"\\u001F\\t\\u007F/\"" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct written w = { .text = NULL };

		w.out.stream = open_memstream(&w.text, &w.len);
		mx_json_bytes(&w.out, NULL, rows[i].bytes, rows[i].len);
		fclose(w.out.stream);
		cr_expect_str_eq(w.text, rows[i].written, "row %zu", i);
		free(w.text);
	}
}
