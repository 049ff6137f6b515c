/*
 * fuzz_scenario.c - properties of any text taken as a scenario file:
 * it is loaded, or there is one line that says what is wrong; and what was loaded can be played:
 * every record answers, every rule that is picked is one of the server's, every reply is bounded.
 */
#include <string.h>

#include "scenarios/fakemx/bytes.h"
#include "scenarios/fakemx/script.h"
#include "scenarios/fakemx/zone.h"
#include "tests/fuzz/fuzz.h"

static void
ask_zone(const struct mx_scenario *scenario)
{
	struct mx_zone zone = { 0 };

	for (unsigned i = 0; i < scenario->zone_count; i++) {
		struct mx_error err = { 0 };

		FUZZ_REQUIRE(mx_zone_add(&zone, &scenario->zone[i], &err) == MX_OK);
		if (i == 0 && scenario->zone[i].answer == MX_ZONE_DATA)
			FUZZ_REQUIRE(mx_zone_ask(&zone, scenario->zone[i].name,
					 scenario->zone[i].type) == MX_ZONE_DATA ||
				     scenario->zone[i].type == MX_ZONE_PTR);
		FUZZ_REQUIRE(zone.entries[i].len <= MX_ZONE_RDATA_MAX);
	}
	mx_zone_clear(&zone);
}

static void
expand_rule(const struct mx_script_rule *rule)
{
	struct mx_bytes_facts facts = { .helo = "h" };
	struct mx_buf out;

	mx_buf_init(&out, (size_t)1 << 20);
	for (unsigned i = 0; i < rule->reply_count; i++)
		mx_bytes_fill(rule->reply[i], &facts, &out);
	FUZZ_REQUIRE(out.len == 0 || strpbrk(out.data, "\r\n") == NULL);
	if (rule->bytes != NULL)
		mx_bytes_expand(rule->bytes, &facts, &out);
	mx_buf_clear(&out);
}

static void
play_server(const struct mx_fake_server *server)
{
	for (enum mx_word word = MX_WORD_CONNECT; word < MX_WORD_ANY; word++) {
		struct mx_script_facts facts = {
			.word = word, .helo = "h", .session = 1
		};
		const struct mx_script_rule *rule = mx_script_pick(server, &facts);
		struct mx_buf out;

		FUZZ_REQUIRE(
		    rule == NULL || (rule >= server->replies &&
					rule < server->replies + server->reply_count));
		mx_buf_init(&out, (size_t)1 << 20);
		mx_script_default(server, &facts, &out);
		mx_buf_clear(&out);
	}
	for (unsigned i = 0; i < server->reply_count; i++)
		expand_rule(&server->replies[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mx_error err = { 0 };
	struct mx_scenario *scenario =
	    mx_scenario_parse("/nonexistent/f", (const char *)data, size, &err);

	if (scenario == NULL) {
		FUZZ_REQUIRE(err.code == MX_ERR_CONFIG);
		FUZZ_REQUIRE(strncmp(err.text, "/nonexistent/f:", 15) == 0);
		FUZZ_REQUIRE(strpbrk(err.text, "\n\r\033") == NULL);
		return 0;
	}
	FUZZ_REQUIRE(err.code == MX_OK && scenario->about[0] != '\0');
	ask_zone(scenario);
	for (unsigned i = 0; i < scenario->server_count; i++) {
		FUZZ_REQUIRE(mx_addr_is_loopback(&scenario->servers[i].addr));
		FUZZ_REQUIRE(scenario->servers[i].name != NULL);
		play_server(&scenario->servers[i]);
	}
	mx_scenario_free(scenario);
	return 0;
}
