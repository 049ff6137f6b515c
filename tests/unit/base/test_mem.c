/* test_mem.c - growing arrays, and the end when there is no memory. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>

#include "probe/base/mem.h"

TestSuite(mem, .timeout = 5);

Test(mem, grown_array_keeps_old_items_and_zeroes_the_new)
{
	uint32_t *items = NULL;

	for (uint32_t i = 0; i < 1000; i++) {
		items = mx_grow(items, i, sizeof *items);
		cr_assert_eq(items[i], 0);
		items[i] = i + 1;
	}
	for (uint32_t i = 0; i < 1000; i++)
		cr_assert_eq(items[i], i + 1);
	free(items);
}

Test(mem, nothing_asked_is_still_memory)
{
	void *none = mx_calloc(0, 8), *other = mx_reallocarray(NULL, 0, 8);

	cr_assert_not_null(none);
	cr_assert_not_null(other);
	free(none);
	free(other);
}

Test(mem, copies_are_copies)
{
	char *text = mx_strdup("abc"), *part = mx_strndup("abcdef", 2),
	     *made = mx_asprintf("%d-%s", 7, "x");

	cr_assert_null(mx_strdup(NULL));
	cr_assert_str_eq(text, "abc");
	cr_assert_str_eq(part, "ab");
	cr_assert_str_eq(made, "7-x");
	free(text);
	free(part);
	free(made);
}

Test(mem, overflowing_size_ends_the_program_with_status_4, .exit_code = 4)
{
	volatile size_t count = SIZE_MAX / 2;

	free(mx_reallocarray(NULL, count, 16));
}
