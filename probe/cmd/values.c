/* values.c - values that several options take. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/options.h"

#define DNS_PORT 53

enum mx_err
mx_value_refuse(
    const char *option, const char *text, const char *why, struct mx_error *err)
{
	char *shown = mx_escape_terminal(text, strlen(text));

	mx_error_set(err, MX_ERR_USAGE, "%s: \"%s\" %s", option, shown, why);
	free(shown);
	return MX_ERR_USAGE;
}

enum mx_err
mx_value_given(const char *option, const char *text, struct mx_error *err)
{
	if (*text == '\0')
		return mx_error_set(err, MX_ERR_USAGE, "%s: the value is empty", option);
	return MX_OK;
}

enum mx_err
mx_value_add(
    const char *option, const char *text, struct mx_word_list *list, struct mx_error *err)
{
	enum mx_err code = mx_value_given(option, text, err);

	if (code != MX_OK)
		return code;
	list->items = mx_grow(list->items, list->count, sizeof *list->items);
	list->items[list->count++] = text;
	return MX_OK;
}

enum mx_err
mx_value_dns_server(const char *text, struct mx_addr_list *list, struct mx_error *err)
{
	struct mx_addr addr;

	if (!mx_addr_parse_port(text, DNS_PORT, &addr))
		return mx_value_refuse(
		    "--dns-server", text, "is not ADDRESS or ADDRESS@PORT", err);
	list->items = mx_grow(list->items, list->count, sizeof *list->items);
	list->items[list->count++] = addr;
	return MX_OK;
}

static enum mx_err
bad_number(const char *option, const char *text, const char *kind, double least,
    double most, struct mx_error *err)
{
	char *shown = mx_escape_terminal(text, strlen(text));

	mx_error_set(err, MX_ERR_USAGE, "%s: \"%s\" is not %s from %g to %g", option,
	    shown, kind, least, most);
	free(shown);
	return MX_ERR_USAGE;
}

enum mx_err
mx_value_seconds(const char *option, const char *text, double least, double most,
    long long *us, struct mx_error *err)
{
	char *end;
	double value;

	/* strtod alone would take " 1", "inf", "0x10" and "1e3" as well. */
	if (strlen(text) > 16 || strspn(text, "0123456789.") != strlen(text))
		return bad_number(option, text, "a number of seconds", least, most, err);
	value = strtod(text, &end);
	if (end == text || *end != '\0' || value < least || value > most)
		return bad_number(option, text, "a number of seconds", least, most, err);
	*us = (long long)(value * 1e6 + 0.5);
	return MX_OK;
}

enum mx_err
mx_value_number(const char *option, const char *text, long least, long most, long *out,
    struct mx_error *err)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	if (*text == '\0' || strspn(text, "0123456789") != strlen(text) || *end != '\0' ||
	    errno != 0 || *out < least || *out > most)
		return bad_number(
		    option, text, "a number", (double)least, (double)most, err);
	return MX_OK;
}

enum mx_err
mx_value_port(const char *option, const char *text, long least, uint16_t *port,
    struct mx_error *err)
{
	long number = 0;
	enum mx_err code = mx_value_number(option, text, least, UINT16_MAX, &number, err);

	*port = (uint16_t)number;
	return code;
}

enum mx_err
mx_value_choice(const char *option, const char *text, const char *const *words,
    size_t count, size_t *index, struct mx_error *err)
{
	char *shown, *list;

	for (*index = 0; *index < count; ++*index)
		if (strcmp(words[*index], text) == 0)
			return MX_OK;
	list = mx_strdup(words[0]);
	for (size_t i = 1; i < count; i++) {
		char *longer = mx_asprintf("%s, %s", list, words[i]);

		free(list);
		list = longer;
	}
	shown = mx_escape_terminal(text, strlen(text));
	mx_error_set(
	    err, MX_ERR_USAGE, "%s: \"%s\" is not one of %s", option, shown, list);
	free(shown);
	free(list);
	return MX_ERR_USAGE;
}
