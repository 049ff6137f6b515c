/* test_buf.c - the lid holds, and says so. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"

TestSuite(buf, .timeout = 5);

Test(buf, lid_refuses_the_whole_piece)
{
	struct mx_buf buf;

	mx_buf_init(&buf, 10);
	cr_assert(mx_buf_add(&buf, "12345678", 8));
	cr_assert_not(mx_buf_addstr(&buf, "abc"));
	cr_assert_str_eq(buf.data, "12345678");
	cr_assert_not(mx_buf_addf(&buf, "%03d", 7));
	cr_assert_str_eq(buf.data, "12345678");
	cr_assert(mx_buf_addf(&buf, "%02d", 7));
	cr_assert_str_eq(buf.data, "1234567807");
	cr_assert_not(mx_buf_add(&buf, "x", 1));
	cr_assert(mx_buf_add(&buf, "", 0));
	mx_buf_clear(&buf);
}

Test(buf, memory_never_passes_the_lid)
{
	struct mx_buf buf;

	mx_buf_init(&buf, 1000);
	while (mx_buf_add(&buf, "abcdefg", 7))
		cr_assert_leq(buf.room, 1001);
	cr_assert_eq(buf.len, 994);
	mx_buf_clear(&buf);
}

Test(buf, no_lid_and_huge_pieces_do_not_overflow)
{
	struct mx_buf buf;

	mx_buf_init(&buf, SIZE_MAX);
	cr_assert(mx_buf_add(&buf, "x", 1));
	cr_assert_not(mx_buf_add(&buf, "x", SIZE_MAX - 1));
	cr_assert_str_eq(buf.data, "x");
	mx_buf_clear(&buf);
	mx_buf_init(&buf, 0);
	cr_assert_not(mx_buf_add(&buf, "x", 1));
	cr_assert_null(buf.data);
}

Test(buf, bytes_are_kept_as_they_are_and_terminated)
{
	struct mx_buf buf;

	mx_buf_init(&buf, 100);
	cr_assert(mx_buf_add(&buf, "a\0b", 3));
	cr_assert_eq(buf.len, 3);
	cr_assert_eq(memcmp(buf.data, "a\0b", 4), 0);
	mx_buf_clear(&buf);
}

Test(buf, dropping_and_cutting)
{
	struct mx_buf buf;

	mx_buf_init(&buf, 100);
	mx_buf_drop(&buf, 3);
	mx_buf_cut(&buf, 0);
	cr_assert(mx_buf_addstr(&buf, "abcdef"));
	mx_buf_drop(&buf, 2);
	cr_assert_str_eq(buf.data, "cdef");
	mx_buf_cut(&buf, 3);
	mx_buf_cut(&buf, 9);
	cr_assert_str_eq(buf.data, "cde");
	mx_buf_drop(&buf, 99);
	cr_assert_eq(buf.len, 0);
	cr_assert_str_eq(buf.data, "");
	mx_buf_clear(&buf);
}

Test(buf, taking_empties_it)
{
	struct mx_buf buf;
	char *text;

	mx_buf_init(&buf, 100);
	text = mx_buf_take(&buf);
	cr_assert_str_eq(text, "");
	free(text);
	cr_assert(mx_buf_addstr(&buf, "abc"));
	text = mx_buf_take(&buf);
	cr_assert_str_eq(text, "abc");
	free(text);
	cr_assert_null(buf.data);
	cr_assert_eq(buf.limit, 100);
	cr_assert(mx_buf_addstr(&buf, "again"));
	mx_buf_reset(&buf);
	cr_assert_eq(buf.len, 0);
	mx_buf_clear(&buf);
}
