/*
 * fuzz_relay.c - properties of what is read of the operator's own relay: libesmtp is shown a whole EHLO reply with
 * nothing in it but what does no harm; answers are one line; a login's challenge is answered or not, in base 64.
 */
#include <stdbool.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/mail/answers.h"
#include "probe/mail/offer.h"
#include "probe/net/cram_md5.h"
#include "tests/fuzz/fuzz.h"

#define SHOWN_MAX ((size_t)1 << 20)

static bool
is_harmless(const char *line, size_t len)
{
	static const char *const lines[] = { "250-DSN", "250-AUTH PLAIN",
		"250-AUTH LOGIN" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (len >= strlen(lines[i]) &&
		    strncmp(line, lines[i], strlen(lines[i])) == 0)
			return true;
	return false;
}

static void
check_offer(const char *wire, size_t len, bool may_log_in)
{
	static const char first[] = "250-front\r\n", last[] = "250 HELP\r\n";
	struct mx_mail_offer offer;
	struct mx_buf shown;
	const char *line;

	mx_buf_init(&shown, SHOWN_MAX);
	offer = mx_mail_offer_filter(wire, len, may_log_in, &shown);
	FUZZ_REQUIRE(may_log_in || (!offer.auth && !offer.only_cram));
	FUZZ_REQUIRE(!offer.auth || !offer.only_cram);
	FUZZ_REQUIRE(strncmp(shown.data, first, strlen(first)) == 0);
	line = shown.data + strlen(first);
	for (size_t end; strcmp(line, last) != 0; line += end + 2) {
		end = strcspn(line, "\r\n");
		FUZZ_REQUIRE(is_harmless(line, end));
		FUZZ_REQUIRE(line[end] == '\r' && line[end + 1] == '\n');
	}
	mx_buf_clear(&shown);
}

static void
check_answer(const char *text)
{
	struct mx_mail_answer answer;

	mx_mail_answer_read(text, MX_STAGE_RCPT, &answer);
	FUZZ_REQUIRE(answer.code >= 0 && answer.code <= 999);
	FUZZ_REQUIRE(answer.stage == MX_STAGE_RCPT);
	FUZZ_REQUIRE(answer.text == NULL || strpbrk(answer.text, "\r\n") == NULL);
	free(answer.text);
}

static void
check_login(const char *challenge)
{
	char *answer = mx_cram_md5_answer("user", "password", challenge);
	size_t len = answer != NULL ? strlen(answer) : 0;

	/* "user ", and 32 digits. */
	FUZZ_REQUIRE(answer == NULL ||
		     (len == 52 && strspn(answer, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
						  "mnopqrstuvwxyz0123456789+/=") == len));
	free(answer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mx_strndup((const char *)data, size);

	check_offer((const char *)data, size, true);
	check_offer((const char *)data, size, false);
	check_answer(text);
	check_login(text);
	free(text);
	return 0;
}
