/* fields.c - a field begins a line; lines that begin with a blank belong to the one before. */
#include "probe/deliver/fields.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"

/* Longer ones exist (ARC), but none that is read here. */
#define BODY_MAX 16384U

static size_t
line_len(const struct mx_fields *fields)
{
	const char *newline =
	    memchr(fields->at, '\n', (size_t)(fields->end - fields->at));

	return (size_t)((newline != NULL ? newline + 1 : fields->end) - fields->at);
}

static void
add_cleaned(struct mx_buf *body, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool is_control = (unsigned char)text[i] < ' ' || text[i] == 0x7f;

		if (!mx_buf_add(body, is_control ? " " : &text[i], 1))
			return;
	}
}

static bool
continues(const struct mx_fields *fields)
{
	return fields->at < fields->end && (*fields->at == ' ' || *fields->at == '\t');
}

/* False: no field but a line of something else (an mbox's From_, junk). */
static bool
take_name(struct mx_fields *fields, size_t len, size_t *behind)
{
	const char *colon = memchr(fields->at, ':', len);
	size_t name = colon != NULL ? (size_t)(colon - fields->at) : 0;

	*behind = name + 1;
	while (name > 0 && (fields->at[name - 1] == ' ' || fields->at[name - 1] == '\t'))
		name--;
	if (name == 0 || name >= sizeof fields->field.name)
		return false;
	memcpy(fields->field.name, fields->at, name);
	fields->field.name[name] = '\0';
	return true;
}

void
mx_fields_open(struct mx_fields *fields, const char *header, size_t len)
{
	*fields = (struct mx_fields){ .at = header, .end = header + len };
}

bool
mx_fields_next(struct mx_fields *fields)
{
	struct mx_buf body;

	mx_fields_close(fields);
	while (fields->at < fields->end) {
		size_t len = line_len(fields), behind;

		if (*fields->at == '\r' || *fields->at == '\n')
			return false;
		if (continues(fields) || !take_name(fields, len, &behind)) {
			fields->at += len;
			continue;
		}
		mx_buf_init(&body, BODY_MAX);
		add_cleaned(&body, fields->at + behind, len - behind);
		fields->at += len;
		while (continues(fields)) {
			len = line_len(fields);
			add_cleaned(&body, fields->at, len);
			fields->at += len;
		}
		fields->field.body = mx_buf_take(&body);
		return true;
	}
	return false;
}

void
mx_fields_close(struct mx_fields *fields)
{
	free(fields->field.body);
	fields->field.body = NULL;
}
