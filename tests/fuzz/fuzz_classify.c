/*
 * fuzz_classify.c - properties of classifying any bytes as a reply: there is an answer, it is a leaf of
 * the taxonomy, the same from rules that recall what they have read and from rules that never do, its
 * confidence is one, what it says about us is bounded text, and every place of the wording leads into the
 * text, in order.
 */
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/classify.h"
#include "probe/verdict/normal.h"
#include "probe/verdict/reading.h"
#include "probe/verdict/samples.h"
#include "tests/fuzz/fuzz.h"

static struct mx_catalogue *catalogue;
static struct mx_rules *rules;
static struct mx_rules *forgetful; /* the same, without a memory */

static void
unload(void)
{
	mx_rules_free(rules);
	mx_rules_free(forgetful);
	mx_catalogue_free(catalogue);
}

/* Once per process: an input is a reply, never a rule. */
static void
load(void)
{
	struct mx_error err = { 0 };

	if (rules != NULL)
		return;
	catalogue = mx_catalogue_load(NULL, &err);
	if (catalogue != NULL) {
		rules = mx_rules_load(catalogue, &err);
		forgetful = mx_rules_load(catalogue, &err);
	}
	if (rules == NULL || forgetful == NULL) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	mx_reading_recall(forgetful, false);
	atexit(unload);
}

/* The provider changes which rules apply; the first byte chooses one, or none. */
static struct mx_identity
identity_of(uint8_t choice)
{
	struct mx_identity identity = {
		.helo = "mail.example.jp",
		.mail_from = "probe@example.jp",
		.rcpt = "user@example.net",
	};
	size_t count;
	const struct mx_provider *providers = mx_catalogue_providers(catalogue, &count);

	FUZZ_REQUIRE(mx_addr_parse("203.0.113.5", &identity.source));
	if (choice < count)
		identity.provider = &providers[choice];
	return identity;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void
check(const struct mx_finding *finding)
{
	FUZZ_REQUIRE(finding->category != NULL);
	FUZZ_REQUIRE(mx_catalogue_category(catalogue, finding->category) != NULL);
	FUZZ_REQUIRE(finding->permanence != NULL && finding->remedy != NULL);
	FUZZ_REQUIRE(finding->confidence >= 0 && finding->confidence <= 1);
	FUZZ_REQUIRE(finding->candidate_count <= MX_CANDIDATES);
	FUZZ_REQUIRE(
	    (finding->rule == NULL) == (strcmp(finding->category, "unknown") == 0));
	FUZZ_REQUIRE(finding->list == NULL || strlen(finding->list) <= 128);
	FUZZ_REQUIRE(
	    finding->provider_code == NULL || strlen(finding->provider_code) <= 64);
	FUZZ_REQUIRE(
	    finding->listed_value == NULL || strlen(finding->listed_value) <= 255);
	FUZZ_REQUIRE(finding->delist_url == NULL || strlen(finding->delist_url) <= 512);
	FUZZ_REQUIRE(!finding->query_error ||
		     strncmp(finding->category, "blocklist", strlen("blocklist")) != 0);
}

static void
check_places(const struct mx_reply_facts *reply)
{
	struct mx_normal normal;
	size_t before = 0;

	mx_normal_init(&normal, reply->text, reply->len, reply->code, &reply->enhanced);
	for (size_t at = 0; at <= normal.wording.len; at++) {
		const struct mx_span here = { at, normal.wording.len - at };
		struct mx_span said = mx_wording_said(&normal.wording, &here);

		FUZZ_REQUIRE(said.at >= before && said.at + said.len == normal.len);
		before = said.at;
	}
	mx_normal_clear(&normal);
}

static void
compare(const struct mx_finding *a, const struct mx_finding *b)
{
	FUZZ_REQUIRE(same_text(a->category, b->category) && same_text(a->rule, b->rule));
	FUZZ_REQUIRE(same_text(a->about, b->about) && same_text(a->remedy, b->remedy));
	FUZZ_REQUIRE(same_text(a->permanence, b->permanence));
	FUZZ_REQUIRE(same_text(a->authority, b->authority));
	FUZZ_REQUIRE(same_text(a->list, b->list));
	FUZZ_REQUIRE(same_text(a->provider_code, b->provider_code));
	FUZZ_REQUIRE(same_text(a->listed_value, b->listed_value));
	FUZZ_REQUIRE(same_text(a->delist_url, b->delist_url));
	FUZZ_REQUIRE(a->retry_after_s == b->retry_after_s);
	FUZZ_REQUIRE(a->query_error == b->query_error);
	FUZZ_REQUIRE(a->confidence >= b->confidence && a->confidence <= b->confidence);
	FUZZ_REQUIRE(a->candidate_count == b->candidate_count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mx_reply_facts reply;
	struct mx_finding first, second;
	struct mx_identity identity;
	char *sample, *text;

	if (size == 0)
		return 0;
	load();
	identity = identity_of(data[0]);
	sample = mx_strndup((const char *)data + 1, size - 1);
	mx_sample_parse(sample, &reply, &text);
	mx_classify(rules, &identity, &reply, &first);
	mx_classify(forgetful, &identity, &reply, &second);
	check(&first);
	check_places(&reply);
	compare(&first, &second);
	mx_finding_clear(&first);
	mx_finding_clear(&second);
	free(text);
	free(sample);
	return 0;
}
