/* err.c - one struct filled once: the first failure is the cause, later ones only follow
 * from it. */
#include "probe/base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A sentence may quote an argument or a file's text; it must stay one line whatever that
 * holds. */
static void
keep_to_one_line(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

static bool
claim(struct mx_error *err, enum mx_err code, int sys)
{
	if (err == NULL || err->code != MX_OK)
		return false;
	err->code = code;
	err->sys = sys;
	return true;
}

enum mx_err
mx_error_set(struct mx_error *err, enum mx_err code, const char *format, ...)
{
	va_list args;

	if (!claim(err, code, 0))
		return code;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	keep_to_one_line(err->text);
	return code;
}

enum mx_err
mx_error_sys(struct mx_error *err, int sys, const char *format, ...)
{
	va_list args;
	size_t used;

	if (!claim(err, MX_ERR_SYSTEM, sys))
		return MX_ERR_SYSTEM;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s", strerror(sys));
	keep_to_one_line(err->text);
	return MX_ERR_SYSTEM;
}

int
mx_err_exit_status(enum mx_err code)
{
	switch (code) {
	case MX_OK:
		return 0;
	case MX_ERR_USAGE:
		return 64;
	case MX_ERR_CONFIG:
		return 78;
	case MX_ERR_SYSTEM:
	case MX_ERR_RESOLVER:
	case MX_ERR_LIMIT:
		return 4;
	}
	return 4;
}
