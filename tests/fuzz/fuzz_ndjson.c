/*
 * fuzz_ndjson.c - a line of NDJSON is read alike by the two readers: what the fast one takes, jansson takes, too,
 * and for the same.
 */
#include <stdbool.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/cmd/classify_ndjson.h"
#include "tests/fuzz/fuzz.h"

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void
compare(const struct mx_ndjson_reply *a, const struct mx_ndjson_reply *b)
{
	FUZZ_REQUIRE(a->len == b->len);
	FUZZ_REQUIRE(a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
	FUZZ_REQUIRE(is_same(a->id, b->id));
	FUZZ_REQUIRE(is_same(a->mx_host, b->mx_host) && is_same(a->helo, b->helo));
	FUZZ_REQUIRE(is_same(a->mail_from, b->mail_from) && is_same(a->rcpt, b->rcpt));
	FUZZ_REQUIRE(is_same(a->provider, b->provider) && a->stage == b->stage);
	FUZZ_REQUIRE(memcmp(&a->source, &b->source, sizeof a->source) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mx_error err = { 0 }, slow_err = { 0 };
	struct mx_ndjson_reply reply, slow_reply;
	/* The fast reader refuses a tab; to JSON it is white space. */
	char *slow = mx_calloc(size + 2, 1), *line = slow + 1;
	enum mx_err code, slow_code;

	*slow = '\t';
	if (size > 0)
		memcpy(line, data, size);
	code = mx_ndjson_parse(line, size, &reply, &err);
	slow_code = mx_ndjson_parse(slow, size + 1, &slow_reply, &slow_err);
	FUZZ_REQUIRE(code == slow_code);
	if (code == MX_OK)
		compare(&reply, &slow_reply);
	else
		FUZZ_REQUIRE(code == MX_ERR_USAGE && *err.text != '\0');
	FUZZ_REQUIRE(strpbrk(err.text, "\n\r\033") == NULL);
	mx_ndjson_clear(&reply);
	mx_ndjson_clear(&slow_reply);
	free(slow);
	return 0;
}
