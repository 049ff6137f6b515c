/* nagios_range.c - [@][LOW:][HIGH]; LOW is 0 when left out and ~ for none, HIGH none when left out. */
#include "probe/report/nagios_range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double
unit_of(char letter)
{
	switch (letter) {
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	default:
		return 1;
	}
}

/* A number of seconds, or with a unit behind it; *text goes behind both. */
static bool
take_number(const char **text, double *value)
{
	const char *at = *text;
	char *end;

	/* strtod would take more: "inf", "0x10", "1e3", blanks. */
	if (strspn(at, "0123456789.") == 0 || strpbrk(at, "xXeE") != NULL)
		return false;
	*value = strtod(at, &end);
	if (end == at)
		return false;
	if (*end != '\0' && strchr("smhd", *end) != NULL)
		*value *= unit_of(*end++);
	*text = end;
	return true;
}

static bool
parse(const char *text, struct mx_nagios_range *range)
{
	const char *colon;

	range->is_inside = *text == '@';
	text += range->is_inside;
	colon = strchr(text, ':');
	range->low = 0;
	range->high = INFINITY;
	if (colon != NULL) {
		if (*text == '~') {
			range->low = -INFINITY;
			text++;
		} else if (!take_number(&text, &range->low)) {
			return false;
		}
		if (text != colon)
			return false;
		text++;
		if (*text == '\0')
			return true;
	}
	return take_number(&text, &range->high) && *text == '\0' &&
	       range->low <= range->high;
}

enum mx_err
mx_nagios_range_parse(const char *option, const char *text, struct mx_nagios_range *range,
    struct mx_error *err)
{
	range->is_set = parse(text, range);
	if (range->is_set)
		return MX_OK;
	return mx_error_set(err, MX_ERR_USAGE,
	    "%s: \"%.64s\" is no range; write 4h (more is told of), 10m:4h, ~:4h or @0:10m",
	    option, text);
}

bool
mx_nagios_range_tells(const struct mx_nagios_range *range, double value)
{
	bool is_within = value >= range->low && value <= range->high;

	return range->is_set && is_within == range->is_inside;
}
