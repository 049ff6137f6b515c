/* reply.c - lines out of bytes, and where a reply ends. */
#include "probe/reply.h"

#include <string.h>

#include "probe/base/ascii.h"

void
mx_reply_init(struct mx_reply_reader *reader)
{
	*reader = (struct mx_reply_reader){ 0 };
	mx_buf_init(&reader->pending, MX_REPLY_LINE_LIMIT);
}

void
mx_reply_clear(struct mx_reply_reader *reader)
{
	mx_buf_clear(&reader->pending);
}

/* Forget the last reply and count the next one's bytes from zero. */
static void
next_reply(struct mx_reply_reader *reader)
{
	struct mx_buf pending = reader->pending;

	*reader = (struct mx_reply_reader){ .pending = pending };
	mx_buf_reset(&reader->pending);
}

bool
mx_reply_is_partial(const struct mx_reply_reader *reader)
{
	return !reader->complete && reader->received > 0;
}

/* "ddd", "ddd text" or "ddd-text", first digit 2 to 5 (RFC 5321 4.2.1). */
static bool
is_reply_line(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5' || !mx_ascii_is_digit(line[1]) ||
	    !mx_ascii_is_digit(line[2]))
		return false;
	return len == 3 || line[3] == ' ' || line[3] == '-';
}

static void
note_code(struct mx_reply_reader *reader, int code)
{
	struct mx_enhanced enhanced;

	if (reader->lines > 0 && reader->code != code)
		reader->mixed_codes = true;
	reader->code = code;
	reader->lines++;
	if (mx_enhanced_parse(reader->text, reader->text_len, &enhanced) > 0)
		reader->enhanced = enhanced;
}

static enum mx_reply_status
read_line(struct mx_reply_reader *reader)
{
	const char *line = reader->line;
	size_t len = reader->line_len;

	reader->text = line + len;
	reader->text_len = 0;
	if (len == 0) /* seen in the wild (Internet.nl issue 560); says nothing */
		return MX_REPLY_LINE;
	if (!is_reply_line(line, len))
		return MX_REPLY_BAD_LINE;
	if (len > 4) {
		reader->text = line + 4;
		reader->text_len = len - 4;
	}
	note_code(reader, (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
	reader->complete = len == 3 || line[3] == ' ';
	return reader->complete ? MX_REPLY_LAST_LINE : MX_REPLY_LINE;
}

static enum mx_reply_status
take_line(struct mx_reply_reader *reader)
{
	reader->line = reader->pending.data;
	reader->line_len = reader->pending.len - 1; /* without LF */
	if (reader->line_len > 0 && reader->line[reader->line_len - 1] == '\r')
		reader->line_len--;
	reader->pending.data[reader->line_len] = '\0';
	reader->line_given = true;
	return read_line(reader);
}

enum mx_reply_status
mx_reply_feed(struct mx_reply_reader *reader, const char **data, size_t *len)
{
	if (reader->complete)
		next_reply(reader);
	if (reader->line_given) {
		mx_buf_reset(&reader->pending);
		reader->line_given = false;
	}
	if (*len == 0)
		return MX_REPLY_NEEDS_BYTES;

	const char *newline = memchr(*data, '\n', *len);
	size_t take = newline != NULL ? (size_t)(newline - *data) + 1 : *len;
	/* Whichever limit the bytes meet first, so that no cut decides between them. */
	size_t line_room = MX_REPLY_LINE_LIMIT - reader->pending.len;
	size_t reply_room = MX_REPLY_LIMIT - reader->received;

	if (take > line_room || take > reply_room)
		return line_room < reply_room ? MX_REPLY_LINE_TOO_LONG
					      : MX_REPLY_TOO_LONG;
	(void)mx_buf_add(&reader->pending, *data, take); /* the line's limit is its own */
	reader->received += take;
	*data += take;
	*len -= take;
	return newline != NULL ? take_line(reader) : MX_REPLY_NEEDS_BYTES;
}
