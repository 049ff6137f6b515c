/*
 * fuzz_mta_sts.c - properties of any bytes read as an MTA-STS record or policy:
 * what is valid is whole, bounded and stays so beside keys that nobody knows; each pattern lists a
 * host made of it; what is not valid has a reason that can be shown.
 * The first byte of the input chooses: even is a record, odd a policy.
 */
#include <string.h>

#include "probe/net/mta_sts.h"
#include "tests/fuzz/fuzz.h"

static void
check_text(const char *text)
{
	FUZZ_REQUIRE(text != NULL && *text != '\0');
	for (; *text != '\0'; text++)
		FUZZ_REQUIRE((unsigned char)*text >= ' ');
}

static void
check_record(const uint8_t *text, size_t len)
{
	char id[MX_MTA_STS_ID];
	const char *why = NULL;
	bool valid = mx_mta_sts_read_record(text, len, id, &why);

	check_text(why);
	if (!valid)
		return;
	FUZZ_REQUIRE(mx_mta_sts_is_record(text, len));
	FUZZ_REQUIRE(strlen(id) > 0 && strlen(id) < MX_MTA_STS_ID);
	FUZZ_REQUIRE(memmem(text, len, id, strlen(id)) != NULL);
}

/* "*.example.com" lists "x.example.com" and nothing below it. */
static void
check_pattern(const struct mx_mta_sts_policy *policy, const char *pattern)
{
	char host[300];
	bool wild = strncmp(pattern, "*.", 2) == 0;

	FUZZ_REQUIRE(strlen(pattern) > 0 && strlen(pattern) <= 253);
	snprintf(
	    host, sizeof host, "%s%s", wild ? "x" : "", wild ? pattern + 1 : pattern);
	FUZZ_REQUIRE(mx_mta_sts_lists(policy, host));
	FUZZ_REQUIRE(!mx_mta_sts_lists(policy, ""));
}

static void
check_policy(const char *text, size_t len)
{
	static const char unknown[] = "\nsome_key: of tomorrow\n";
	struct mx_mta_sts_policy policy, longer;
	char *why = NULL, *more = malloc(len + sizeof unknown);
	bool valid = mx_mta_sts_read_policy(text, len, &policy, &why);

	FUZZ_REQUIRE(more != NULL && valid == (why == NULL));
	if (why != NULL)
		check_text(why);
	FUZZ_REQUIRE(valid || policy.mx_count == 0);
	FUZZ_REQUIRE(policy.max_age_s <= MX_MTA_STS_AGE);
	FUZZ_REQUIRE(policy.mx_count * 4 <= len);
	FUZZ_REQUIRE(
	    !valid || policy.mx_count > 0 || policy.mode == MX_MTA_STS_MODE_NONE);
	for (size_t i = 0; i < policy.mx_count && i < 8; i++)
		check_pattern(&policy, policy.mx[i]);
	free(why);
	memcpy(more, text, len);
	memcpy(more + len, unknown, strlen(unknown));
	FUZZ_REQUIRE(
	    mx_mta_sts_read_policy(more, len + strlen(unknown), &longer, &why) == valid);
	FUZZ_REQUIRE(longer.mx_count == policy.mx_count && longer.mode == policy.mode);
	free(why);
	free(more);
	mx_mta_sts_policy_clear(&policy);
	mx_mta_sts_policy_clear(&longer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *text;

	if (size < 1 || size > MX_MTA_STS_POLICY)
		return 0;
	text = malloc(size); /* ends where the text ends, for the sanitizer's sake */
	if (text == NULL)
		return 0;
	memcpy(text, data + 1, size - 1);
	text = realloc(text, size > 1 ? size - 1 : 1);
	if (text == NULL)
		return 0;
	if (data[0] % 2 == 0)
		check_record(text, size - 1);
	else
		check_policy((const char *)text, size - 1);
	free(text);
	return 0;
}
