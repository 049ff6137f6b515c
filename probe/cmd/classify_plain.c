/* classify_plain.c - one pass over the line; strings are unescaped into a copy of it, which is never
 * shorter than they are. */
#include "probe/cmd/classify_plain.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
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
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *at = letter != '\0' ? strchr(letters, letter) : NULL;

	if (at == NULL)
		return '\0';
	return bytes[at - letters];
}

/* What a string may hold besides plain bytes: an easy escape, a character that is not ASCII. */
static bool
take_special(struct reading *in)
{
	size_t left = (size_t)(in->end - in->at), used;
	uint32_t point;

	if (*in->at == '\\') {
		if (left < 2 || (*in->to = unescaped(in->at[1])) == '\0')
			return false;
		in->at += 2;
		in->to++;
		return true;
	}
	used = mx_utf8_decode(in->at, left, &point);
	if (used < 2)
		return false;
	memcpy(in->to, in->at, used);
	in->at += used;
	in->to += used;
	return true;
}

/* Behind the quote that opens it. NULL: difficult. */
static const char *
take_string(struct reading *in, size_t *len, bool *is_plain)
{
	char *start = in->to;

	*is_plain = true;
	for (;;) {
		size_t left = (size_t)(in->end - in->at);
		size_t run = mx_json_plain(in->at, left);

		memcpy(in->to, in->at, run);
		in->at += run;
		in->to += run;
		if (run == left)
			return NULL;
		if (*in->at == '"')
			break;
		*is_plain = false;
		if (!take_special(in))
			return NULL;
	}
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
	bool is_plain;

	*out = (struct mx_plain_field){ .is_plain = true };
	if (!take(in, '"'))
		return false;
	out->key = take_string(in, &len, &is_plain);
	if (out->key == NULL || !take(in, ':'))
		return false;
	out->is_string = take(in, '"');
	out->written = in->at - out->is_string;
	out->value = out->is_string ? take_string(in, &out->len, &out->is_plain)
				    : take_number(in, &out->len);
	out->written_len = (size_t)(in->at - out->written);
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
