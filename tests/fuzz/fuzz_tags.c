/*
 * fuzz_tags.c - any TXT record as a tag list, a DMARC record and a DKIM key: what is read can be
 * written again and reads the same, and each judgement comes with what it owes.
 */
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/identity/dkim_key.h"
#include "probe/identity/dmarc_record.h"
#include "probe/identity/tags.h"
#include "tests/fuzz/fuzz.h"

#define TEXT_MAX ((size_t)1 << 20)

static void
read_again(const struct mx_tags *tags)
{
	struct mx_tags again;
	struct mx_buf text;
	char *fault;

	mx_buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < tags->count; i++)
		FUZZ_REQUIRE(mx_buf_addf(
		    &text, "%s=%s;", tags->items[i].name, tags->items[i].value));
	fault = mx_tags_parse(&again, text.data, text.len);
	FUZZ_REQUIRE(fault == NULL);
	FUZZ_REQUIRE(again.count == tags->count);
	for (size_t i = 0; i < tags->count; i++) {
		FUZZ_REQUIRE(strcmp(again.items[i].name, tags->items[i].name) == 0);
		FUZZ_REQUIRE(strcmp(again.items[i].value, tags->items[i].value) == 0);
	}
	mx_tags_clear(&again);
	mx_buf_clear(&text);
}

static void
read_tags(const char *text, size_t len)
{
	struct mx_tags tags;
	char *fault = mx_tags_parse(&tags, text, len);

	FUZZ_REQUIRE(tags.count <= MX_TAGS_MAX);
	FUZZ_REQUIRE(fault != NULL || tags.count > 0);
	if (tags.count > 0)
		read_again(&tags);
	free(fault);
	mx_tags_clear(&tags);
}

static void
judge_dmarc(const char *text, size_t len, bool is_parent)
{
	struct mx_dmarc_policy policy = mx_dmarc_record_judge(text, len, is_parent);

	FUZZ_REQUIRE((policy.result == MX_CHECK_FAIL) == (policy.policy == NULL));
	FUZZ_REQUIRE((policy.result == MX_CHECK_PASS) == (policy.advice == NULL));
	/* Nobody's receiver honours what does not begin as it must. */
	FUZZ_REQUIRE(policy.result == MX_CHECK_FAIL ||
		     mx_dmarc_claim(text, len) == MX_DMARC_RECORD);
	free(policy.policy);
	free(policy.advice);
}

static void
judge_key(const char *text, size_t len)
{
	char *advice;
	enum mx_check_result result =
	    mx_dkim_key_judge("s._domainkey.x", text, len, &advice);

	FUZZ_REQUIRE((result == MX_CHECK_PASS) == (advice == NULL));
	FUZZ_REQUIRE(result != MX_CHECK_UNKNOWN);
	free(advice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	read_tags(text, size);
	judge_dmarc(text, size, false);
	judge_dmarc(text, size, true);
	judge_key(text, size);
	return 0;
}
