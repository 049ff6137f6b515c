#include "tests/unit/unwrap/told.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"

static void
add_word(struct mx_buf *out, const char *word)
{
	mx_buf_addf(out, " %s", word == NULL || *word == '\0' ? "-" : word);
}

static const char *
addr_text(const struct mx_addr *addr, char *out)
{
	return addr->family == AF_UNSPEC ? "-" : mx_addr_text(addr, out);
}

static void
add_text(struct mx_buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\n')
			mx_buf_addstr(out, " / ");
		else
			mx_buf_add(out, text, 1);
}

static void
note(void *arg, const struct mx_said *said)
{
	struct mx_buf *out = arg;
	char enhanced[MX_ENHANCED_TEXT], addr[MX_ADDR_TEXT];

	mx_buf_addf(out, "%s%s %d", out->len > 0 ? "\n" : "", said->form, said->code);
	add_word(out, mx_enhanced_text(&said->enhanced, enhanced));
	add_word(out, said->stage == MX_STAGE_COUNT ? NULL : mx_stage_name(said->stage));
	add_word(out, said->mx_host);
	add_word(out, addr_text(&said->mx_addr, addr));
	add_word(out, said->rcpt);
	add_word(out, said->mail_from);
	add_word(out, said->source_host);
	add_word(out, addr_text(&said->source_addr, addr));
	mx_buf_addstr(out, said->local ? " ! " : " | ");
	add_text(out, said->text);
}

char *
told_cut(enum mx_unwrap_guess guess, const char *input, size_t len, size_t cut)
{
	struct mx_buf out;
	struct mx_unwrap_sink sink = { note, &out };
	struct mx_unwrap *unwrap = mx_unwrap_new(guess, &sink);

	mx_buf_init(&out, (size_t)1 << 24);
	mx_unwrap_feed(unwrap, input, cut);
	mx_unwrap_feed(unwrap, input + cut, len - cut);
	mx_unwrap_finish(unwrap);
	mx_unwrap_free(unwrap);
	return mx_buf_take(&out);
}

char *
told(enum mx_unwrap_guess guess, const char *input)
{
	return told_cut(guess, input, strlen(input), 0);
}

char *
told_of_reply(const char *text)
{
	struct mx_buf out;
	struct mx_unwrap_sink sink = { note, &out };

	mx_buf_init(&out, (size_t)1 << 20);
	mx_unwrap_reply(text, strlen(text), &sink);
	return mx_buf_take(&out);
}

/* What it says does not matter, but each reply has text. */
static void
check_ending_at(enum mx_unwrap_guess guess, const char *input, size_t len)
{
	char *copy = strndup(input, len), *seen;

	seen = told_cut(guess, copy, len, len / 2);
	cr_expect_null(strstr(seen, "| \n"), "\"%s\" tells a reply without text", copy);
	free(seen);
	free(copy);
}

void
told_check(enum mx_unwrap_guess guess, const struct told_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *input = cases[i].input;
		size_t len = strlen(input);

		for (size_t cut = 0; cut <= len; cut++) {
			char *seen = told_cut(guess, input, len, cut);
			bool right = strcmp(seen, cases[i].told) == 0;

			cr_expect(right, "cut at %zu of\n%s\ntold\n%s\nnot\n%s", cut,
			    input, seen, cases[i].told);
			free(seen);
			if (!right)
				break;
			check_ending_at(guess, input, cut);
		}
	}
}
