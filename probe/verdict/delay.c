/* delay.c - the one phrase that is the same everywhere: a preposition, a number, a unit. */
#include "probe/verdict/delay.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/matcher.h"

/* No server means more than this; a bigger number is something else. */
#define DELAY_MAX (7L * 24 * 3600)

static const char delay_text[] =
    "\\b(?:in|for|after|wait|within|next)(?: about| at least| approximately)? "
    "(?<count>\\d{1,5}) "
    "?(?:(?<s>s|secs?|seconds?)|(?<m>m|mins?|minutes?)|(?<h>h|hrs?|hours?)|(?<d>days?))\\b";

struct mx_pattern *
mx_delay_pattern(void)
{
	struct mx_pattern *pattern = mx_calloc(1, sizeof *pattern);

	pattern->text = delay_text;
	return pattern;
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

/* " 5 minutes", " 30s": most replies hold no such thing, and need not be asked further. */
static bool
has_count(const struct mx_normal *normal)
{
	const char *text = normal->wording.text;

	for (size_t at = 1; at < normal->wording.len; at++) {
		char unit;

		if (!mx_ascii_is_digit(text[at]) || text[at - 1] != ' ')
			continue;
		while (mx_ascii_is_digit(text[at]))
			at++;
		unit = text[at + (text[at] == ' ')];
		if (unit == 's' || unit == 'm' || unit == 'h' || unit == 'd')
			return true;
	}
	return false;
}

long
mx_delay_find(const struct mx_rules *rules, const struct mx_normal *normal)
{
	pcre2_match_data *match;
	PCRE2_UCHAR count[8]; /* the pattern takes five digits */
	PCRE2_SIZE size = sizeof count;
	long seconds;

	if (!has_count(normal) || !mx_matcher_hits(rules, rules->delay, normal))
		return -1;
	match = mx_matcher_runner(rules)->match;
	if (pcre2_substring_copy_byname(match, (PCRE2_SPTR) "count", count, &size) != 0)
		return -1;
	seconds = strtol((const char *)count, NULL, 10) * unit_seconds(match);
	return seconds > 0 && seconds <= DELAY_MAX ? seconds : -1;
}
