/* test_classify_ndjson.c - lines read the short way are read as jansson reads them: a list in a line
 * makes it difficult, and changes nothing else. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/cmd/classify_ndjson.h"

TestSuite(classify_ndjson, .timeout = 60);

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const easy[] = {
	"{\"id\":\"7\",\"text\":\"550 5.7.1 [203.0.113.5] listed at example.org, a \\\"list\\\"\"}",
	"{ \"text\" : \"450 4\\/\\b\\f\\n\\r\\t\\\\\", \"id\" : 12345, \"stage\" : \"rcpt\" }",
	"{\"text\":\"550 \xe5\xae\x9b\xe5\x85\x88 \xc3\xa9 \xf0\x9f\x93\xa7\",\"id\":\"0\",\"rcpt\":\"\xc3\xa9@example.net\"}",
	"{\"id\":0,\"text\":\"\",\"mx_host\":\"mx.example.net\",\"source\":\"192.0.2.1\",\"other\":\"\"}",
	"{\"id\":\"a\",\"text\":\"once\",\"text\":\"twice\",\"id\":\"b\",\"provider\":\"google\",\"helo\":\"h\"}",
};

static const char *const difficult[] = {
	"{\"text\":\"\\u0041\"}",
	"{\"text\":\"a\\u0000b\"}",
	"{\"text\":\"x\",\"id\":\"\xc3\xa9\"}",
	"{\"text\":\"x\",\"id\":\"a\\/b\"}",
	"{\"text\":\"x\",\"id\":-1}",
	"{\"text\":\"x\",\"id\":1.5}",
	"{\"text\":\"x\",\"id\":null}",
	"{\"text\":null,\"id\":12345678901234567890}",
	"{\"text\":\"\x7f\"}",
	"{\"text\":17}",
};

static char *
made_difficult(const char *line, size_t len)
{
	char *longer = mx_calloc(1, len + sizeof ",\"list\":[]}");

	memcpy(longer, line, len - 1);
	memcpy(longer + len - 1, ",\"list\":[]}", sizeof ",\"list\":[]}");
	return longer;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* len bytes of line, the last of them the closing bracket. */
static void
assert_read_alike(const char *line, size_t len)
{
	char *longer = made_difficult(line, len);
	struct mx_error error = { 0 };
	struct mx_ndjson_reply a, b;
	enum mx_err short_way = mx_ndjson_parse(line, len, &a, &error);
	enum mx_err long_way =
	    mx_ndjson_parse(longer, len + strlen(",\"list\":[]"), &b, &error);

	cr_assert_eq(short_way, long_way, "%.*s", (int)len, line);
	if (short_way == MX_OK)
		cr_assert(a.len == b.len && memcmp(a.text, b.text, a.len) == 0 &&
			      same_text(a.id, b.id) && same_text(a.mx_host, b.mx_host) &&
			      same_text(a.helo, b.helo) && same_text(a.rcpt, b.rcpt) &&
			      same_text(a.mail_from, b.mail_from) &&
			      same_text(a.provider, b.provider) && a.stage == b.stage &&
			      mx_addr_equal(&a.source, &b.source),
		    "%.*s", (int)len, line);
	mx_ndjson_clear(&a);
	mx_ndjson_clear(&b);
	free(longer);
}

Test(classify_ndjson, easy_lines_are_read_the_short_way)
{
	for (size_t i = 0; i < COUNT(easy); i++) {
		struct mx_error error = { 0 };
		struct mx_ndjson_reply reply;

		cr_assert_eq(
		    mx_ndjson_parse(easy[i], strlen(easy[i]), &reply, &error), MX_OK);
		cr_expect_null(reply.object, "row %zu", i);
		mx_ndjson_clear(&reply);
	}
}

Test(classify_ndjson, both_ways_read_alike)
{
	for (size_t i = 0; i < COUNT(easy); i++)
		assert_read_alike(easy[i], strlen(easy[i]));
	for (size_t i = 0; i < COUNT(difficult); i++)
		assert_read_alike(difficult[i], strlen(difficult[i]));
}

Test(classify_ndjson, both_ways_read_alike_whatever_byte_is_another)
{
	static const unsigned char others[] =
	    "\"\\{}[]:,/ 0u\t\n\x1f\x7f\x80\xc3\xe3\xed\xf5";

	for (size_t i = 0; i < COUNT(easy); i++) {
		size_t len = strlen(easy[i]);

		for (size_t at = 0; at + 1 < len; at++)
			for (size_t k = 0; k < sizeof others; k++) {
				char *line = mx_strdup(easy[i]);

				line[at] = (char)others[k];
				assert_read_alike(line, len);
				free(line);
			}
	}
}

/* In memory of just that size, so that reading on would show. */
Test(classify_ndjson, no_part_of_a_line_is_a_line)
{
	for (size_t i = 0; i < COUNT(easy); i++)
		for (size_t len = 1; len < strlen(easy[i]); len++) {
			char *part = mx_calloc(len, 1);
			struct mx_error error = { 0 };
			struct mx_ndjson_reply reply;

			memcpy(part, easy[i], len);
			cr_expect_eq(
			    mx_ndjson_parse(part, len, &reply, &error), MX_ERR_USAGE);
			mx_ndjson_clear(&reply);
			free(part);
		}
}
