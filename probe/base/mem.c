/* mem.c - the one place where memory runs out. */
#include "probe/base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Neither stdio nor atexit handlers: both may want memory. 4 is "our own failure". */
void
mx_out_of_memory(void)
{
	static const char text[] = "mxprobe: error: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);

	(void)ignored;
	_exit(4);
}

static void *
or_die(void *memory)
{
	if (memory == NULL)
		mx_out_of_memory();
	return memory;
}

void *
mx_calloc(size_t count, size_t size)
{
	/* calloc(0) may return NULL, which is not hunger. */
	return or_die(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *
mx_reallocarray(void *old, size_t count, size_t size)
{
	size_t len;

	if (__builtin_mul_overflow(count, size, &len))
		mx_out_of_memory();
	return or_die(realloc(old, len > 0 ? len : 1));
}

char *
mx_strdup(const char *text)
{
	return text == NULL ? NULL : or_die(strdup(text));
}

char *
mx_strndup(const char *text, size_t len)
{
	return or_die(strndup(text, len));
}

char *
mx_asprintf(const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		mx_out_of_memory();
	va_end(args);
	return text;
}

void *
mx_grow(void *items, size_t count, size_t size)
{
	bool full = count == 0 || (count >= 4 && (count & (count - 1)) == 0);

	if (full) {
		if (count > SIZE_MAX / 2)
			mx_out_of_memory();
		items = mx_reallocarray(items, count == 0 ? 4 : count * 2, size);
	}
	memset((char *)items + count * size, 0, size);
	return items;
}
