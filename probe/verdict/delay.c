/* delay.c - the one phrase that is the same everywhere: a preposition, a number, a unit. */
#include "probe/verdict/delay.h"

#include <stdlib.h>

#include "probe/verdict/compile.h"

/* No server means more than this; a bigger number is something else. */
#define DELAY_MAX (7L * 24 * 3600)

static const char delay_text[] =
    "\\b(?:in|for|after|wait|within|next)(?: about| at least| approximately)? "
    "(?<count>\\d{1,5}) "
    "?(?:(?<s>s|secs?|seconds?)|(?<m>m|mins?|minutes?)|(?<h>h|hrs?|hours?)|(?<d>days?))\\b";

pcre2_code *
mx_delay_pattern(void)
{
	char message[128];

	return mx_pattern_compile(delay_text, message, sizeof message);
}

static long
unit_seconds(pcre2_match_data *match)
{
	static const struct {
		const char *group;
		long seconds;
	} units[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
	PCRE2_SIZE len;

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (pcre2_substring_length_byname(
			match, (PCRE2_SPTR)units[i].group, &len) == 0 &&
		    len > 0)
			return units[i].seconds;
	return 0;
}

long
mx_delay_find(const struct mx_rules *rules, const struct mx_normal *normal)
{
	pcre2_match_data *match =
	    pcre2_match_data_create_from_pattern(rules->delay, NULL);
	long seconds = -1;

	if (pcre2_match(rules->delay, (PCRE2_SPTR)normal->text, normal->len, 0, 0, match,
		rules->limits) > 0) {
		size_t group = (size_t)pcre2_substring_number_from_name(
		    rules->delay, (PCRE2_SPTR) "count");
		PCRE2_SIZE start = pcre2_get_ovector_pointer(match)[2 * group];

		seconds = strtol(normal->text + start, NULL, 10) * unit_seconds(match);
	}
	pcre2_match_data_free(match);
	return seconds > 0 && seconds <= DELAY_MAX ? seconds : -1;
}
