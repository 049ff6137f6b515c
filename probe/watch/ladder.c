/* ladder.c - a table, and days behind it. */
#include "probe/watch/ladder.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"

#define SPAN_MOST_US (365 * MX_DAY_US)

const struct mx_ladder mx_ladder_default = {
	.count = 8,
	.step_us = { 0, 1 * MX_HOUR_US, 4 * MX_HOUR_US, 12 * MX_HOUR_US, 24 * MX_HOUR_US,
	    36 * MX_HOUR_US, 48 * MX_HOUR_US, 72 * MX_HOUR_US },
	.every_us = MX_DAY_US,
	.end_us = 7 * MX_DAY_US,
};

/* ---- as written ---- */

static int64_t
unit_us(char letter)
{
	switch (letter) {
	case 's':
		return MX_SECOND_US;
	case 'm':
		return MX_MINUTE_US;
	case 'h':
		return MX_HOUR_US;
	case 'd':
		return MX_DAY_US;
	default:
		return 0;
	}
}

/* One span of that length; false when it is none. */
static bool
read_span(const char *text, size_t len, int64_t *us)
{
	int64_t count = 0, unit = len > 1 ? unit_us(text[len - 1]) : 0;

	if (unit == 0)
		return false;
	for (size_t i = 0; i + 1 < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		count = count * 10 + (text[i] - '0');
		if (count > SPAN_MOST_US / unit)
			return false;
	}
	*us = count * unit;
	return true;
}

enum mx_err
mx_ladder_parse_span(
    const char *option, const char *text, int64_t *us, struct mx_error *err)
{
	if (read_span(text, strlen(text), us) && *us > 0)
		return MX_OK;
	return mx_error_set(err, MX_ERR_USAGE,
	    "%s: wants a number and s, m, h or d, such as 72h; a year at most", option);
}

enum mx_err
mx_ladder_parse(
    const char *option, const char *text, struct mx_ladder *ladder, struct mx_error *err)
{
	struct mx_ladder read = {
		.count = 1, .every_us = ladder->every_us, .end_us = ladder->end_us
	};

	for (const char *at = text;; at++) {
		size_t len = strcspn(at, ",");
		int64_t us;

		if (!read_span(at, len, &us))
			return mx_error_set(err, MX_ERR_USAGE,
			    "%s: wants spans with commas between them, such as 1h,4h,12h",
			    option);
		if (us <= read.step_us[read.count - 1])
			return mx_error_set(err, MX_ERR_USAGE,
			    "%s: each step must be later than the one before", option);
		if (read.count == MX_LADDER_STEPS)
			return mx_error_set(err, MX_ERR_USAGE, "%s: %d steps at most",
			    option, MX_LADDER_STEPS - 1);
		read.step_us[read.count++] = us;
		at += len;
		if (*at == '\0')
			break;
	}
	*ladder = read;
	return MX_OK;
}

/* ---- the steps ---- */

static int64_t
span_of(const struct mx_ladder *ladder, unsigned index)
{
	unsigned last = ladder->count - 1;

	return index <= last
		   ? ladder->step_us[index]
		   : ladder->step_us[last] + (int64_t)(index - last) * ladder->every_us;
}

static bool
is_within(const struct mx_ladder *ladder, unsigned index)
{
	return span_of(ladder, index) <= ladder->end_us;
}

struct mx_ladder_step
mx_ladder_next(
    const struct mx_ladder *ladder, int64_t opened_us, unsigned done, int64_t now_us)
{
	unsigned index = done;

	if (!is_within(ladder, index))
		return (struct mx_ladder_step){ .index = index, .is_over = true };
	while (is_within(ladder, index + 1) &&
	       opened_us + span_of(ladder, index + 1) <= now_us)
		index++;
	return (struct mx_ladder_step){
		.index = index,
		.due_us = opened_us + span_of(ladder, index),
		.is_behind = index >= ladder->count,
	};
}
