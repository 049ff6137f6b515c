/* codes.c - three digits, or three numbers with a range in the last. */
#include "probe/verdict/codes.h"

#include <ctype.h>
#include <string.h>

#define DETAIL_MAX 999

/* "x" is any number; else one to three digits. Advances *at. */
static bool
read_number(const char **at, unsigned *low, unsigned *high)
{
	unsigned digits = 0;

	if (**at == 'x') {
		*low = 0;
		*high = DETAIL_MAX;
		++*at;
		return true;
	}
	*low = 0;
	while (isdigit((unsigned char)**at) && digits++ < 3)
		*low = *low * 10 + (unsigned)(*(*at)++ - '0');
	*high = *low;
	return digits > 0;
}

/* "5.7.1", "x.7.x", "5.7.606-649" */
static bool
parse_enhanced(const char *text, struct mx_code_pattern *out)
{
	for (int i = 0; i < 3; i++) {
		if (i > 0 && *text++ != '.')
			return false;
		if (!read_number(&text, &out->low[i], &out->high[i]))
			return false;
	}
	if (*text == '-') {
		unsigned low;

		text++;
		if (!isdigit((unsigned char)*text) ||
		    !read_number(&text, &low, &out->high[2]))
			return false;
	}
	return *text == '\0' && out->low[2] <= out->high[2];
}

/* "421", "4xx", "55x": an x stands for one digit. */
static bool
parse_reply(const char *text, struct mx_code_pattern *out)
{
	if (strlen(text) != 3 || text[0] < '2' || text[0] > '5')
		return false;
	for (int i = 0; i < 3; i++) {
		if (text[i] != 'x' && !isdigit((unsigned char)text[i]))
			return false;
		if (i > 0 && text[i - 1] == 'x' && text[i] != 'x')
			return false;
		out->low[0] =
		    out->low[0] * 10 + (text[i] == 'x' ? 0 : (unsigned)(text[i] - '0'));
		out->high[0] =
		    out->high[0] * 10 + (text[i] == 'x' ? 9 : (unsigned)(text[i] - '0'));
	}
	return true;
}

bool
mx_code_pattern_parse(const char *text, struct mx_code_pattern *out)
{
	*out = (struct mx_code_pattern){ .enhanced = strchr(text, '.') != NULL };
	return out->enhanced ? parse_enhanced(text, out) : parse_reply(text, out);
}

static bool
within(const struct mx_code_pattern *pattern, int i, unsigned value)
{
	return value >= pattern->low[i] && value <= pattern->high[i];
}

bool
mx_code_pattern_matches(
    const struct mx_code_pattern *pattern, int code, const struct mx_enhanced *enhanced)
{
	if (!pattern->enhanced)
		return code > 0 && within(pattern, 0, (unsigned)code);
	return enhanced->klass != 0 && within(pattern, 0, enhanced->klass) &&
	       within(pattern, 1, enhanced->subject) &&
	       within(pattern, 2, enhanced->detail);
}
