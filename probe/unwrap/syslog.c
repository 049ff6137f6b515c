#include "probe/unwrap/syslog.h"

#include <ctype.h>
#include <string.h>

/* d a digit, a a letter, s a digit or a space, else itself. */
static bool
looks_like(struct mx_span span, const char *shape)
{
	size_t len = strlen(shape);

	if (span.len < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)span.at[i];

		if (shape[i] == 'd'   ? !isdigit(c)
		    : shape[i] == 'a' ? !isalpha(c)
		    : shape[i] == 's' ? !isdigit(c) && c != ' '
				      : c != (unsigned char)shape[i])
			return false;
	}
	return true;
}

static struct mx_span
take_word(struct mx_span *rest)
{
	struct mx_span word;

	while (rest->len > 0 && *rest->at == ' ')
		*rest = mx_span_from(*rest, 1);
	word = mx_span_cut(*rest, 0, mx_span_chr(*rest, ' '));
	*rest = mx_span_from(*rest, word.len + 1);
	return word;
}

/* Bytes of "name[123]:" or "name:" without what is behind the name; 0 when it is neither. */
static size_t
program_length(struct mx_span word, bool with_pid)
{
	size_t open = mx_span_chr(word, '[');

	if (word.len < 2 || word.at[word.len - 1] != ':')
		return 0;
	if (open == word.len)
		return with_pid ? 0 : word.len - 1;
	for (size_t i = open + 1; i + 2 < word.len; i++)
		if (!isdigit((unsigned char)word.at[i]))
			return 0;
	return open + 3 < word.len && word.at[word.len - 2] == ']' ? open : 0;
}

/* "host program[1]: message", either of the first two perhaps missing. */
static bool
read_program(struct mx_span rest, bool with_pid, struct mx_log_frame *out)
{
	struct mx_span after = rest, word = take_word(&after);
	size_t len = program_length(word, with_pid);

	if (len == 0) {
		out->host = word;
		word = take_word(&after);
		len = program_length(word, with_pid);
	}
	if (len == 0)
		return false;
	out->program = mx_span_cut(word, 0, len);
	out->message = mx_span_trim(after);
	return true;
}

/* "1 STAMP HOST PROGRAM PID ID DATA message" (RFC 5424). */
static bool
read_rfc5424(struct mx_span rest, struct mx_log_frame *out)
{
	take_word(&rest);
	take_word(&rest);
	out->host = take_word(&rest);
	out->program = take_word(&rest);
	take_word(&rest);
	take_word(&rest);
	take_word(&rest);
	out->message = mx_span_trim(rest);
	return out->message.len > 0;
}

/* A stamp and the message, or a frame behind the stamp. */
static bool
read_stamped(struct mx_span rest, struct mx_log_frame *out)
{
	if (read_program(rest, true, out))
		return true;
	*out = (struct mx_log_frame){ .message = mx_span_trim(rest) };
	return true;
}

bool
mx_log_frame_read(struct mx_span line, struct mx_log_frame *out)
{
	size_t priority = mx_span_chr(line, '>');

	*out = (struct mx_log_frame){ 0 };
	if (looks_like(line, "<d") && priority < 6)
		line = mx_span_from(line, priority + 1);
	if (looks_like(line, "1 dddd-dd-ddT"))
		return read_rfc5424(line, out);
	if (looks_like(line, "aaa sd dd:dd:dd "))
		return read_program(mx_span_from(line, 16), false, out);
	if (looks_like(line, "dddd-dd-ddTdd:dd:dd") &&
	    mx_span_chr(line, ' ') < mx_span_chr(line, ','))
		return read_program(
		    mx_span_from(line, mx_span_chr(line, ' ') + 1), false, out);
	if (looks_like(line, "dddd-dd-dd dd:dd:dd")) {
		take_word(&line);
		take_word(&line);
		return read_stamped(line, out);
	}
	if (looks_like(line, "@4000") || looks_like(line, "dddddddddd.d")) {
		take_word(&line);
		return read_stamped(line, out);
	}
	return read_program(line, true, out);
}
