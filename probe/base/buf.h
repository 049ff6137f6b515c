/*
 * buf.h - a growing byte buffer with a lid.
 * In:   bytes from anywhere.   Out: the bytes kept, NUL-terminated for convenience.
 * Not:  never grows past the limit given at init; says so instead of truncating silently.
 */
#ifndef MX_BASE_BUF_H
#define MX_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct mx_buf {
	char *data; /* NULL until the first byte; else data[len] == '\0' */
	size_t len;
	size_t room;  /* bytes allocated */
	size_t limit; /* most bytes that len may reach */
};

void mx_buf_init(struct mx_buf *buf, size_t limit);
/** Frees the memory; the buffer can be used again with the same limit. */
void mx_buf_clear(struct mx_buf *buf);
/** len = 0, memory kept. */
void mx_buf_reset(struct mx_buf *buf);
/** Append; false (and nothing appended) when the limit would be passed. */
bool mx_buf_add(struct mx_buf *buf, const void *bytes, size_t len);
bool mx_buf_addstr(struct mx_buf *buf, const char *text);
bool mx_buf_addf(struct mx_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Drop len bytes from the front (all of them if there are fewer). */
void mx_buf_drop(struct mx_buf *buf, size_t len);
/** Keep only the first len bytes (all of them if there are fewer). */
void mx_buf_cut(struct mx_buf *buf, size_t len);
/** Hand the bytes over as a string, "" when empty; the buffer is empty then. Caller frees. */
char *mx_buf_take(struct mx_buf *buf);

#endif
