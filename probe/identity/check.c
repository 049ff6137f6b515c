/* check.c - rows, and nothing but rows. */
#include "probe/identity/check.h"

#include <stdlib.h>

#include "probe/base/mem.h"

const char *
mx_check_result_name(enum mx_check_result result)
{
	static const char *const names[MX_CHECK_RESULT_COUNT] = {
		[MX_CHECK_PASS] = "pass",
		[MX_CHECK_WARN] = "warn",
		[MX_CHECK_FAIL] = "fail",
		[MX_CHECK_UNKNOWN] = "unknown",
	};

	return names[result];
}

void
mx_checks_add(struct mx_checks *checks, enum mx_check_result result, char *check,
    char *found, char *advice)
{
	checks->items = mx_grow(checks->items, checks->count, sizeof *checks->items);
	checks->items[checks->count++] = (struct mx_check){
		.check = check,
		.result = result,
		.found = found,
		.advice = advice,
	};
}

void
mx_checks_move(struct mx_checks *checks, struct mx_checks *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct mx_check *row = &from->items[i];

		mx_checks_add(checks, row->result, row->check, row->found, row->advice);
	}
	free(from->items);
	*from = (struct mx_checks){ .count = 0 };
}

size_t
mx_checks_count(const struct mx_checks *checks, enum mx_check_result result)
{
	size_t hits = 0;

	for (size_t i = 0; i < checks->count; i++)
		hits += checks->items[i].result == result;
	return hits;
}

void
mx_checks_clear(struct mx_checks *checks)
{
	for (size_t i = 0; i < checks->count; i++) {
		free(checks->items[i].check);
		free(checks->items[i].found);
		free(checks->items[i].advice);
	}
	free(checks->items);
	*checks = (struct mx_checks){ .count = 0 };
}
