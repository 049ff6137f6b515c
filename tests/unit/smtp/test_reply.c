#include "probe/reply.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "probe/base/mem.h"

TestSuite(reply, .timeout = 20);

/* What a reader made of some bytes, as one line of text: equal texts mean equal answers. */
static void
note(struct mx_buf *seen, enum mx_reply_status status,
    const struct mx_reply_reader *reader)
{
	char code[MX_ENHANCED_TEXT];

	mx_buf_addf(seen, "<%d:%.*s|%.*s", (int)status, (int)reader->line_len,
	    reader->line, (int)reader->text_len, reader->text);
	if (status == MX_REPLY_LAST_LINE)
		mx_buf_addf(seen, "=%d %s %zu%s", reader->code,
		    mx_enhanced_text(&reader->enhanced, code), reader->lines,
		    reader->mixed_codes ? " mixed" : "");
	mx_buf_addstr(seen, ">");
}

static bool
feed(struct mx_reply_reader *reader, const char *bytes, size_t len, struct mx_buf *seen)
{
	while (len > 0) {
		enum mx_reply_status status = mx_reply_feed(reader, &bytes, &len);

		if (status == MX_REPLY_NEEDS_BYTES)
			return true;
		if (status == MX_REPLY_LINE_TOO_LONG || status == MX_REPLY_TOO_LONG) {
			mx_buf_addf(seen, "<%d>", (int)status);
			return false;
		}
		note(seen, status, reader);
		if (status == MX_REPLY_BAD_LINE)
			return false;
	}
	return true;
}

static char *
read_in_two(const char *bytes, size_t len, size_t cut)
{
	struct mx_reply_reader reader;
	struct mx_buf seen;

	mx_buf_init(&seen, 1U << 20);
	mx_reply_init(&reader);
	if (feed(&reader, bytes, cut, &seen))
		feed(&reader, bytes + cut, len - cut, &seen);
	mx_reply_clear(&reader);
	return mx_buf_take(&seen);
}

struct sample {
	const char *bytes;
	size_t len; /* 0: strlen */
	const char *seen;
};

/* Status numbers: 1 a line, 2 the last line, 3 no reply line. */
static const struct sample samples[] = {
	{ "220 mx.example.test ESMTP\r\n", 0,
	    "<2:220 mx.example.test ESMTP|mx.example.test ESMTP=220  1>" },
	{ "250-a\r\n250-STARTTLS\r\n250 HELP\r\n", 0,
	    "<1:250-a|a><1:250-STARTTLS|STARTTLS><2:250 HELP|HELP=250  3>" },
	{ "550 5.7.1 no\r\n", 0, "<2:550 5.7.1 no|5.7.1 no=550 5.7.1 1>" },
	{ "550-5.7.1 a\r\n550 b\r\n", 0,
	    "<1:550-5.7.1 a|5.7.1 a><2:550 b|b=550 5.7.1 2>" },
	{ "220-hi\r\n521 5.7.1 blocked\r\n", 0,
	    "<1:220-hi|hi><2:521 5.7.1 blocked|5.7.1 blocked=521 5.7.1 2 mixed>" },
	{ "250 bare lf\n", 0, "<2:250 bare lf|bare lf=250  1>" },
	{ "250-a\r\n\r\n250 b\r\n", 0, "<1:250-a|a><1:|><2:250 b|b=250  2>" },
	{ "\r\n220 x\r\n", 0, "<1:|><2:220 x|x=220  1>" },
	{ "250\r\n", 0, "<2:250|=250  1>" },
	{ "250 \r\n", 0, "<2:250 |=250  1>" },
	{ "220 \xff\xfe 8-bit\r\n", 0, "<2:220 \xff\xfe 8-bit|\xff\xfe 8-bit=220  1>" },
	{ "220 a\r b\r\n", 0, "<2:220 a\r b|a\r b=220  1>" },
	{ "2200 four digits\r\n", 0, "<3:2200 four digits|>" },
	{ "22 two\r\n", 0, "<3:22 two|>" },
	{ "120 one\r\n", 0, "<3:120 one|>" },
	{ "620 six\r\n", 0, "<3:620 six|>" },
	{ "220\ttab\r\n", 0, "<3:220\ttab|>" },
	{ "SSH-2.0-OpenSSH_9.2\r\n", 0, "<3:SSH-2.0-OpenSSH_9.2|>" },
	{ "HTTP/1.1 400 Bad Request\r\n", 0, "<3:HTTP/1.1 400 Bad Request|>" },
	{ "250 one\r\n250 two\r\n", 0, "<2:250 one|one=250  1><2:250 two|two=250  1>" },
	{ "550 5.7.1234 x\r\n", 0, "<2:550 5.7.1234 x|5.7.1234 x=550  1>" },
	{ "550 5.7.1\r\n", 0, "<2:550 5.7.1|5.7.1=550 5.7.1 1>" },
};

Test(reply, reads_what_servers_really_send)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		size_t len = samples[i].len ? samples[i].len : strlen(samples[i].bytes);
		char *seen = read_in_two(samples[i].bytes, len, len);

		cr_expect_str_eq(
		    seen, samples[i].seen, "%s gave %s", samples[i].bytes, seen);
		free(seen);
	}
}

Test(reply, same_answer_however_it_is_cut)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		size_t len = samples[i].len ? samples[i].len : strlen(samples[i].bytes);

		for (size_t cut = 0; cut <= len; cut++) {
			char *seen = read_in_two(samples[i].bytes, len, cut);

			cr_expect_str_eq(seen, samples[i].seen, "%s cut at %zu gave %s",
			    samples[i].bytes, cut, seen);
			free(seen);
		}
	}
}

Test(reply, nul_bytes_stay_in_the_line)
{
	const char bytes[] = "250 a\0b\r\n", *data = bytes;
	size_t len = sizeof bytes - 1;
	struct mx_reply_reader reader;

	mx_reply_init(&reader);
	cr_assert_eq(mx_reply_feed(&reader, &data, &len), MX_REPLY_LAST_LINE);
	cr_assert_eq(reader.line_len, 7);
	cr_assert_arr_eq(reader.line, "250 a\0b", 7);
	mx_reply_clear(&reader);
}

Test(reply, bytes_behind_a_reply_stay_with_the_caller)
{
	const char *data = "220 go\r\n250 injected\r\n";
	size_t len = strlen(data);
	struct mx_reply_reader reader;

	mx_reply_init(&reader);
	cr_assert_eq(mx_reply_feed(&reader, &data, &len), MX_REPLY_LAST_LINE);
	cr_assert_eq(len, strlen("250 injected\r\n"));
	cr_assert_str_eq(data, "250 injected\r\n");
	mx_reply_clear(&reader);
}

Test(reply, a_line_has_a_limit)
{
	struct mx_reply_reader reader;
	char *line = mx_calloc(1, MX_REPLY_LINE_LIMIT + 2);

	for (size_t size = MX_REPLY_LINE_LIMIT; size <= MX_REPLY_LINE_LIMIT + 1; size++) {
		const char *data = line;
		size_t len = size;

		memset(line, 'x', size);
		memcpy(line, "250 ", 4);
		memcpy(line + size - 2, "\r\n", 2);
		mx_reply_init(&reader);
		cr_expect_eq(mx_reply_feed(&reader, &data, &len),
		    size == MX_REPLY_LINE_LIMIT ? MX_REPLY_LAST_LINE
						: MX_REPLY_LINE_TOO_LONG);
		mx_reply_clear(&reader);
	}
	free(line);
}

Test(reply, a_line_without_end_is_stopped_byte_by_byte_too)
{
	struct mx_reply_reader reader;
	enum mx_reply_status status = MX_REPLY_NEEDS_BYTES;
	size_t sent = 0;

	mx_reply_init(&reader);
	while (status == MX_REPLY_NEEDS_BYTES && sent < 100000) {
		const char *data = "x";
		size_t len = 1;

		status = mx_reply_feed(&reader, &data, &len);
		sent++;
	}
	cr_expect_eq(status, MX_REPLY_LINE_TOO_LONG);
	cr_expect_eq(sent, MX_REPLY_LINE_LIMIT + 1);
	mx_reply_clear(&reader);
}

Test(reply, a_reply_has_a_limit_and_empty_lines_count)
{
	static const char *const endless[] = { "220-teaser\r\n", "\r\n" };

	for (size_t i = 0; i < 2; i++) {
		struct mx_reply_reader reader;
		enum mx_reply_status status = MX_REPLY_LINE;
		size_t received = 0;

		mx_reply_init(&reader);
		while (status == MX_REPLY_LINE) {
			const char *data = endless[i];
			size_t len = strlen(data);

			status = mx_reply_feed(&reader, &data, &len);
			received += strlen(endless[i]);
		}
		cr_expect_eq(status, MX_REPLY_TOO_LONG);
		cr_expect_leq(received, MX_REPLY_LIMIT + strlen(endless[i]));
		mx_reply_clear(&reader);
	}
}

Test(reply, the_limit_counts_each_reply_from_zero)
{
	struct mx_reply_reader reader;

	mx_reply_init(&reader);
	for (int i = 0; i < 20000; i++) {
		const char *data = "250 fine\r\n";
		size_t len = strlen(data);

		cr_assert_eq(mx_reply_feed(&reader, &data, &len), MX_REPLY_LAST_LINE);
	}
	mx_reply_clear(&reader);
}

Test(reply, knows_when_it_stands_inside_a_reply)
{
	struct mx_reply_reader reader;
	const char *data = "220-a\r\n220 b\r\n";
	size_t len = strlen("220-a\r\n");

	mx_reply_init(&reader);
	cr_expect_not(mx_reply_is_partial(&reader));
	mx_reply_feed(&reader, &data, &len);
	cr_expect(mx_reply_is_partial(&reader));
	len = strlen("220 b\r\n");
	mx_reply_feed(&reader, &data, &len);
	cr_expect_not(mx_reply_is_partial(&reader));
	mx_reply_clear(&reader);
}

/* 63 KiB of honest lines, then a line of 5,000 bytes: the reply's limit comes first, at any cut. */
Test(reply, no_cut_decides_between_two_limits)
{
	static const size_t pieces[] = { SIZE_MAX, 1, 7, 4096, 16384 };
	char text[70000];
	size_t len = 0;

	for (int i = 0; i < 16; i++) {
		memset(text + len, 'y', 3998);
		memcpy(text + len, "250-", 4);
		memcpy(text + len + 3998, "\r\n", 2);
		len += 4000;
	}
	memset(text + len, 'x', 5000);
	memcpy(text + len, "250 ", 4);
	len += 5000;
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct mx_reply_reader reader;
		enum mx_reply_status status = MX_REPLY_NEEDS_BYTES;
		const char *bytes = text;
		size_t left = len;

		mx_reply_init(&reader);
		while (left > 0 && status != MX_REPLY_TOO_LONG &&
		       status != MX_REPLY_LINE_TOO_LONG) {
			size_t now = left < pieces[i] ? left : pieces[i], rest = now;

			status = mx_reply_feed(&reader, &bytes, &rest);
			left -= now - rest;
		}
		cr_expect_eq(
		    status, MX_REPLY_TOO_LONG, "%zu: %d", pieces[i], (int)status);
		mx_reply_clear(&reader);
	}
}

Test(reply, an_enhanced_code_is_written_as_it_was_read)
{
	for (unsigned number = 0; number < 1000; number++) {
		char written[MX_ENHANCED_TEXT], text[MX_ENHANCED_TEXT];
		struct mx_enhanced code;

		snprintf(
		    text, sizeof text, "%u.%u.%u", number % 2 + 4, number, 999 - number);
		cr_assert_eq(mx_enhanced_parse(text, strlen(text), &code), strlen(text));
		cr_assert_str_eq(mx_enhanced_text(&code, written), text);
	}
}

Test(reply, an_enhanced_code_of_any_numbers_fits)
{
	char text[MX_ENHANCED_TEXT];
	const struct mx_enhanced none = { 0 }, most = {
		.klass = UINT8_MAX, .subject = UINT16_MAX, .detail = UINT16_MAX
	};

	cr_expect_str_eq(mx_enhanced_text(&most, text), "255.65535.65535");
	cr_expect_str_empty(mx_enhanced_text(&none, text));
}

Test(enhanced, is_equal_where_all_three_numbers_are)
{
	const struct mx_enhanced code = { .klass = 5, .subject = 7, .detail = 1 };
	struct mx_enhanced other = code;

	cr_assert(mx_enhanced_equal(&code, &other));
	other.klass = 4;
	cr_assert_not(mx_enhanced_equal(&code, &other));
	other = (struct mx_enhanced){ .klass = 5, .subject = 1, .detail = 1 };
	cr_assert_not(mx_enhanced_equal(&code, &other));
	other = (struct mx_enhanced){ .klass = 5, .subject = 7, .detail = 2 };
	cr_assert_not(mx_enhanced_equal(&code, &other));
}
