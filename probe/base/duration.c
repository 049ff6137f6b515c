/* duration.c - one number, one unit. */
#include "probe/base/duration.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define MOST_S (INT64_C(100) * 366 * 86400)

static const struct unit {
	char letter;
	int64_t seconds;
} units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

#define UNITS (sizeof units / sizeof *units)

bool
mx_duration_parse(const char *text, int64_t *us)
{
	size_t digits = strspn(text, "0123456789");
	int64_t number = 0;

	if (digits == 0 || digits > 10 || text[digits] == '\0' ||
	    text[digits + 1] != '\0')
		return false;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (text[i] - '0');
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].letter == text[digits]) {
			if (number > MOST_S / units[i].seconds)
				return false;
			*us = number * units[i].seconds * SECOND_US;
			return true;
		}
	return false;
}

const char *
mx_duration_text(int64_t us, char out[MX_DURATION_TEXT])
{
	int64_t seconds = us / SECOND_US;
	size_t unit = 0;

	/* Two days are "48h" to nobody, but none at all is "0s". */
	while (unit + 1 < UNITS && (seconds == 0 || seconds % units[unit].seconds != 0))
		unit++;
	snprintf(out, MX_DURATION_TEXT, "%" PRId64 "%c", seconds / units[unit].seconds,
	    units[unit].letter);
	return out;
}
