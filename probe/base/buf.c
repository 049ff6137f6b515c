/* buf.c - growth by doubling, never past the lid. */
#include "probe/base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

void
mx_buf_init(struct mx_buf *buf, size_t limit)
{
	*buf = (struct mx_buf){ .limit = limit };
}

void
mx_buf_clear(struct mx_buf *buf)
{
	free(buf->data);
	mx_buf_init(buf, buf->limit);
}

void
mx_buf_reset(struct mx_buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

/* Room for len more bytes and the NUL behind them; false at the lid. */
static bool
reserve(struct mx_buf *buf, size_t len)
{
	size_t need, room;

	/* The lid itself must leave a byte for the NUL. */
	if (len > buf->limit - buf->len || buf->len + len == SIZE_MAX)
		return false;
	need = buf->len + len + 1;
	if (need <= buf->room)
		return true;
	room = buf->room > SIZE_MAX / 2 ? SIZE_MAX : buf->room * 2;
	if (room < 64)
		room = 64;
	if (room - 1 > buf->limit)
		room = buf->limit + 1;
	if (room < need)
		room = need;
	buf->data = mx_reallocarray(buf->data, room, 1);
	buf->room = room;
	return true;
}

bool
mx_buf_add(struct mx_buf *buf, const void *bytes, size_t len)
{
	if (len == 0)
		return true;
	if (!reserve(buf, len))
		return false;
	memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return true;
}

bool
mx_buf_addstr(struct mx_buf *buf, const char *text)
{
	return mx_buf_add(buf, text, strlen(text));
}

bool
mx_buf_addf(struct mx_buf *buf, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return false;
	if (len == 0)
		return true;
	if (!reserve(buf, (size_t)len))
		return false;
	va_start(args, format);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
	return true;
}

void
mx_buf_drop(struct mx_buf *buf, size_t len)
{
	if (buf->data == NULL)
		return;
	if (len > buf->len)
		len = buf->len;
	memmove(buf->data, buf->data + len, buf->len - len + 1);
	buf->len -= len;
}

void
mx_buf_cut(struct mx_buf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	buf->len = len;
	buf->data[len] = '\0';
}

char *
mx_buf_take(struct mx_buf *buf)
{
	char *text = buf->data != NULL ? buf->data : mx_strdup("");

	mx_buf_init(buf, buf->limit);
	return text;
}
