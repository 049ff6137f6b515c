/*
 * fuzz_spf.c - properties of SPF checks whatever domains publish and senders call themselves: they
 * come to an end within the limits of RFC 7208 4.6.4, say why, and say the same when asked again.
 * The input's lines: sender, HELO, client, then one answer after the other, over and over: "!" is
 * a failure, "0" nothing, "=" the client's address, else a text, an address, or a name; a digit
 * before a name says how many hosts of that name there are.
 */
#include <ctype.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/spf/eval.h"
#include "probe/identity/spf/target.h"
#include "tests/fuzz/fuzz.h"

#define LINES_MAX 64
/* Ten terms with a lookup of their own, ten hosts, and ten of the client's names (once). */
#define LOOKUPS_MAX (1 + 10 * (1 + 10) + 11 + 1)

struct script {
	char *lines[LINES_MAX];
	size_t lens[LINES_MAX];
	size_t count, at;
};

static void
cut(struct script *script, const char *bytes, size_t len)
{
	while (script->count < LINES_MAX && len > 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t line = end != NULL ? (size_t)(end - bytes) : len;
		char *copy = mx_calloc(line + 1, 1);

		memcpy(copy, bytes, line);
		script->lens[script->count] = line;
		script->lines[script->count++] = copy;
		bytes += end != NULL ? line + 1 : line;
		len -= end != NULL ? line + 1 : line;
	}
}

static const char *
line(const struct script *script, size_t i)
{
	return i < script->count ? script->lines[i] : "";
}

static void
add_hosts(struct mx_dns_answer *answer, enum mx_dns_type type, const char *text)
{
	size_t hosts = isdigit((unsigned char)*text) ? (size_t)(*text - '0') + 3 : 1;

	for (size_t i = 0; i < hosts; i++) {
		answer->records =
		    mx_grow(answer->records, answer->count, sizeof *answer->records);
		answer->records[answer->count++] = (struct mx_dns_record){ .type = type,
			.preference = (uint16_t)(i % 3),
			.name = i % 4 < 3 ? mx_asprintf("h%zu.%.200s", i, text)
					  : mx_strndup(text, 200) };
	}
}

static void
add_one(struct mx_dns_answer *answer, struct mx_dns_record record)
{
	answer->records = mx_calloc(1, sizeof *answer->records);
	answer->records[0] = record;
	answer->count = 1;
}

static struct mx_dns_answer
next_answer(struct script *script, enum mx_dns_type type, const struct mx_addr *client)
{
	struct mx_dns_answer answer = { .status = MX_DNS_OK };
	size_t i = script->count > 3 ? 3 + script->at++ % (script->count - 3) : 3;
	const char *text = line(script, i);
	struct mx_dns_record record = { .type = type };

	if (*text == '!' || *text == '0' || i >= script->count) {
		answer.status = *text == '!' ? MX_DNS_SERVFAIL : MX_DNS_NXDOMAIN;
	} else if (type == MX_DNS_TXT) {
		record.len = script->lens[i];
		record.data = mx_calloc(record.len + 1, 1);
		memcpy(record.data, text, record.len);
		add_one(&answer, record);
	} else if (type == MX_DNS_MX || type == MX_DNS_PTR) {
		add_hosts(&answer, type, text);
	} else {
		if (*text == '=' || !mx_addr_parse(text, &record.addr))
			record.addr = *client;
		add_one(&answer, record);
	}
	return answer;
}

static void
check_need(const struct mx_spf_need *need)
{
	size_t len = strlen(need->name);

	FUZZ_REQUIRE(len > 0);
	FUZZ_REQUIRE(
	    len < MX_SPF_NAME_MAX || need->type == MX_DNS_A || need->type == MX_DNS_AAAA);
}

static void
check_answer(const struct mx_spf_answer *answer, const struct mx_spf_query *query)
{
	FUZZ_REQUIRE(answer->result < MX_SPF_RESULT_COUNT);
	FUZZ_REQUIRE(answer->why != NULL && *answer->why != '\0');
	FUZZ_REQUIRE(strcmp(answer->domain, query->domain) == 0);
	FUZZ_REQUIRE(answer->explanation == NULL || answer->result == MX_SPF_FAIL);
	for (const char *c = answer->explanation; c != NULL && *c != '\0'; c++)
		FUZZ_REQUIRE((unsigned char)*c < 0x80);
}

static void
answer_needs(struct script *script, struct mx_spf_memo *memo, struct mx_spf_needs *needs,
    const struct mx_addr *client)
{
	FUZZ_REQUIRE(needs->count > 0 && needs->count <= MX_SPF_HOSTS_MAX);
	for (size_t i = 0; i < needs->count; i++) {
		struct mx_spf_need *need = &needs->items[i];
		struct mx_dns_answer answer = next_answer(script, need->type, client);

		check_need(need);
		mx_spf_memo_add(memo, need->name, need->type, &answer);
		mx_dns_answer_clear(&answer);
	}
	mx_spf_needs_clear(needs);
}

static void
check(struct script *script, const struct mx_spf_query *query)
{
	struct mx_spf_memo memo = { 0 };
	struct mx_spf_needs needs;
	struct mx_spf_answer answer, again;

	while (!mx_spf_eval(query, &memo, &answer, &needs)) {
		answer_needs(script, &memo, &needs, &query->client);
		FUZZ_REQUIRE(memo.count <= LOOKUPS_MAX);
	}
	FUZZ_REQUIRE(needs.count == 0);
	check_answer(&answer, query);
	FUZZ_REQUIRE(mx_spf_eval(query, &memo, &again, &needs));
	FUZZ_REQUIRE(again.result == answer.result && strcmp(again.why, answer.why) == 0);
	mx_spf_answer_clear(&answer);
	mx_spf_answer_clear(&again);
	mx_spf_memo_clear(&memo);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = { 0 };
	struct mx_addr client;
	struct mx_spf_params params = { .client = &client };
	struct mx_spf_query query;

	cut(&script, (const char *)data, size);
	if (!mx_addr_parse(line(&script, 2), &client))
		(void)mx_addr_parse("192.0.2.1", &client);
	params.mail_from = line(&script, 0);
	params.helo = line(&script, 1);
	mx_spf_query_init(&query, &params, 1234567890);
	check(&script, &query);
	mx_spf_query_clear(&query);
	for (size_t i = 0; i < script.count; i++)
		free(script.lines[i]);
	return 0;
}
