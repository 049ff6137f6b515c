/* classify_plain.c - one pass over the line; strings are unescaped into a copy of it, which is never
 * shorter than they are. */
#include "probe/cmd/classify_plain.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* A whole number of so many digits is read and written alike by everybody. */
#define DIGITS_MAX 15

struct reading {
	const char *at, *end;
	char *to; /* in the copy */
};

static void
skip_blanks(struct reading *in)
{
	while (in->at < in->end && (*in->at == ' ' || *in->at == '\r'))
		in->at++;
}

/* White space before it, too. */
static bool
take(struct reading *in, char byte)
{
	skip_blanks(in);
	if (in->at == in->end || *in->at != byte)
		return false;
	in->at++;
	return true;
}

/* The byte that an escape stands for, 0 for the difficult ones. */
static char
unescaped(char letter)
{
	static const char letters[] = "\"\\/nt", bytes[] = "\"\\/\n\t";
	const char *at = letter != '\0' ? strchr(letters, letter) : NULL;

	if (at == NULL)
		return '\0';
	return bytes[at - letters];
}

/* Behind the quote that opens it. NULL: difficult. */
static const char *
take_string(struct reading *in, size_t *len, bool *is_escaped)
{
	char *start = in->to;

	*is_escaped = false;
	while (in->at < in->end && *in->at != '"') {
		char byte = *in->at++;

		if (byte < ' ' || byte > '~')
			return NULL;
		if (byte == '\\') {
			byte = '\0';
			if (in->at < in->end)
				byte = unescaped(*in->at++);
			*is_escaped = true;
			if (byte == '\0')
				return NULL;
		}
		*in->to++ = byte;
	}
	if (in->at == in->end)
		return NULL;
	in->at++;
	*len = (size_t)(in->to - start);
	*in->to++ = '\0'; /* where the closing quote was */
	return start;
}

/* NULL: no number, or one that may be written in several ways. What stands behind it is at least a
 * bracket, so that there is room for its end. */
static const char *
take_number(struct reading *in, size_t *len)
{
	char *start = in->to;

	while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
		*in->to++ = *in->at++;
	*len = (size_t)(in->to - start);
	if (*len == 0 || *len > DIGITS_MAX || (*start == '0' && *len > 1) ||
	    in->at == in->end)
		return NULL;
	*in->to++ = '\0';
	return start;
}

static bool
take_field(struct reading *in, struct mx_plain_field *out)
{
	size_t len;
	bool is_escaped;

	*out = (struct mx_plain_field){ 0 };
	if (!take(in, '"'))
		return false;
	out->key = take_string(in, &len, &is_escaped);
	if (out->key == NULL || !take(in, ':'))
		return false;
	out->is_string = take(in, '"');
	out->value = out->is_string ? take_string(in, &out->len, &out->is_escaped)
				    : take_number(in, &out->len);
	return out->value != NULL;
}

static bool
read_object(struct reading *in, struct mx_plain *out)
{
	if (!take(in, '{'))
		return false;
	do
		if (out->count == MX_PLAIN_FIELDS ||
		    !take_field(in, &out->fields[out->count++]))
			return false;
	while (take(in, ','));
	if (!take(in, '}'))
		return false;
	skip_blanks(in);
	return in->at == in->end;
}

bool
mx_plain_parse(const char *line, size_t len, struct mx_plain *out)
{
	struct reading in = { line, line + len, NULL };

	out->count = 0;
	out->bytes = mx_reallocarray(NULL, len + 1, 1);
	in.to = out->bytes;
	if (read_object(&in, out))
		return true;
	mx_plain_clear(out);
	return false;
}

void
mx_plain_clear(struct mx_plain *plain)
{
	free(plain->bytes);
	plain->bytes = NULL;
	plain->count = 0;
}
