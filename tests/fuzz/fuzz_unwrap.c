/*
 * fuzz_unwrap.c - properties of unwrapping any bytes: the same replies are told however the input is
 * cut; each has text, a form and a plausible code; one value gives at most one reply.
 */
#include <string.h>

#include "probe/base/buf.h"
#include "probe/unwrap/unwrap.h"
#include "tests/fuzz/fuzz.h"

/* What was told, as bytes that can be compared. */
struct seen {
	struct mx_buf text;
	size_t count;
};

static void
note(void *arg, const struct mx_said *said)
{
	struct seen *seen = arg;

	FUZZ_REQUIRE(said->form != NULL && *said->form != '\0');
	FUZZ_REQUIRE(said->text != NULL && *said->text != '\0');
	FUZZ_REQUIRE(said->words != NULL && strlen(said->words) <= strlen(said->text));
	FUZZ_REQUIRE(said->code == 0 || (said->code >= 200 && said->code <= 599));
	FUZZ_REQUIRE(said->stage >= MX_STAGE_CONNECT && said->stage <= MX_STAGE_COUNT);
	FUZZ_REQUIRE(said->rcpt == NULL || *said->rcpt != '\0');
	mx_buf_addf(&seen->text, "%zu %s %d %d %s|%s|%s|%s\n", said->line, said->form,
	    said->code, (int)said->stage, said->text, said->mx_host ? said->mx_host : "",
	    said->rcpt ? said->rcpt : "", said->mail_from ? said->mail_from : "");
	seen->count++;
}

static void
unwrap(enum mx_unwrap_guess guess, const char *bytes, size_t len, size_t piece,
    struct seen *seen)
{
	struct mx_unwrap_sink sink = { note, seen };
	struct mx_unwrap *unwrap = mx_unwrap_new(guess, &sink);

	mx_buf_init(&seen->text, (size_t)1 << 26);
	seen->count = 0;
	while (len > 0) {
		size_t part = piece < len ? piece : len;

		mx_unwrap_feed(unwrap, bytes, part);
		bytes += part;
		len -= part;
	}
	mx_unwrap_finish(unwrap);
	mx_unwrap_free(unwrap);
}

/* The first byte chooses the guess, the second the size of the pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mx_unwrap_sink sink;
	struct seen whole, pieces, value = { .count = 0 };
	const char *bytes = (const char *)data + 2;
	enum mx_unwrap_guess guess;

	if (size < 2)
		return 0;
	guess = (enum mx_unwrap_guess)(data[0] % MX_UNWRAP_GUESSES);
	unwrap(guess, bytes, size - 2, size, &whole);
	unwrap(guess, bytes, size - 2, (size_t)data[1] + 1, &pieces);
	FUZZ_REQUIRE(whole.count == pieces.count && whole.text.len == pieces.text.len);
	FUZZ_REQUIRE(whole.text.len == 0 ||
		     memcmp(whole.text.data, pieces.text.data, whole.text.len) == 0);
	mx_buf_init(&value.text, (size_t)1 << 26);
	sink = (struct mx_unwrap_sink){ note, &value };
	FUZZ_REQUIRE(mx_unwrap_reply(bytes, size - 2, &sink) == value.count);
	FUZZ_REQUIRE(value.count <= 1);
	mx_buf_clear(&whole.text);
	mx_buf_clear(&pieces.text);
	mx_buf_clear(&value.text);
	return 0;
}
