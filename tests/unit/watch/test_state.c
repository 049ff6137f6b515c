/* test_state.c - stories of sessions, and the states they lead to. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/watch/state_text.h"

TestSuite(state, .timeout = 30);

/** Words "HOURS KIND HOST": a accept, b block, r refusal, t throttle, n nothing; "HOURS request" and
 *  "HOURS age". states: each state that was entered, in order. */
struct story {
	const char *claim;
	unsigned known_hosts;
	const char *sessions, *states;
};

/* clang-format off */
static const struct story stories[] = {
	{ "one accept is enough where nothing was known", 4, "0 a 1", "clear" },
	{ "one block is enough", 4, "0 b 1", "blocked" },
	{ "nothing learned leaves everything as it was", 4, "0 n 1, 1 b 1, 2 n 1, 3 t 1, 4 n 2", "blocked" },
	{ "one accept after a block is not clear", 4, "0 b 1, 1 a 1", "blocked clearing" },
	{ "three accepts at one address are not clear", 4,
	    "0 b 1, 1 a 1, 20 a 1, 30 a 1, 80 a 1", "blocked clearing" },
	{ "accepts elsewhere don't speak for the address that refused", 4,
	    "0 b 1, 1 a 2, 20 a 3, 30 a 4, 80 a 2", "blocked clearing" },
	{ "enough accepts at enough addresses over a day are", 4,
	    "0 b 1, 1 a 2, 20 a 1, 30 a 3", "blocked clearing clear" },
	{ "but not within a shorter time", 4, "0 b 1, 1 a 2, 2 a 1, 3 a 3, 24 a 4", "blocked clearing" },
	{ "a provider with one address is clear by that one", 1,
	    "0 b 1, 1 a 1, 20 a 1, 30 a 1", "blocked clearing clear" },
	{ "a relapse starts over", 4,
	    "0 b 1, 1 a 2, 20 a 3, 22 b 4, 30 a 1, 40 a 2, 56 a 4",
	    "blocked clearing blocked clearing clear" },
	{ "an unreachable address never makes it clear", 2,
	    "0 b 1, 1 a 1, 10 n 2, 20 a 1, 30 n 2, 40 a 1, 99 a 1", "blocked clearing" },
	{ "a refusal that names no list is suspect, two are a block", 4, "0 a 1, 4 r 1, 5 r 2", "clear suspect blocked" },
	{ "at the same address only after a while", 4, "0 a 1, 4 r 1, 4 r 1", "clear suspect" },
	{ "two accepts lift the suspicion", 4, "0 a 1, 4 r 1, 5 a 2, 6 a 1", "clear suspect clear" },
	{ "a request is remembered until the answer is late", 4,
	    "0 b 1, 1 request, 12 b 2, 72 age, 74 age", "blocked delist_requested overdue" },
	{ "an overdue request may still be granted", 4,
	    "0 b 1, 1 request, 74 age, 80 a 1, 90 a 2, 105 a 1",
	    "blocked delist_requested overdue clearing clear" },
	{ "who asks for a delisting knows of a block: one accept is not clear", 4, "0 request, 1 a 1",
	    "delist_requested clearing" },
	{ "blocked, clear and blocked again", 1,
	    "0 b 1, 1 a 1, 20 a 1, 30 a 1, 31 b 1", "blocked clearing clear blocked" },
	{ "again and again is flapping", 1,
	    "0 b 1, 1 a 1, 20 a 1, 30 a 1, 31 b 1, 32 a 1, 50 a 1, 60 a 1, 61 b 1",
	    "blocked clearing clear blocked clearing clear flapping" },
};
/* clang-format on */

static void
note_state(char *states, size_t size, enum mx_state state)
{
	size_t len = strlen(states);

	(void)snprintf(
	    states + len, size - len, "%s%s", len > 0 ? " " : "", mx_state_name(state));
}

static enum mx_observation_kind
kind_of(char letter)
{
	static const char letters[] = "nabrt";

	return (enum mx_observation_kind)(strchr(letters, letter) - letters);
}

static void
take_step(struct mx_pair_state *pair, const char *word, unsigned known_hosts,
    struct mx_state_change *change)
{
	const struct mx_state_rules *rules = &mx_state_rules_default;
	struct mx_observation seen = { .known_hosts = known_hosts };
	long hours;
	char what[16];
	int host = 0;

	cr_assert_geq(sscanf(word, "%ld %15s %d", &hours, what, &host), 2, "%s", word);
	seen.time_us = INT64_C(1700000000) * MX_SECOND_US + hours * MX_HOUR_US;
	(void)snprintf(seen.host, sizeof seen.host, "192.0.2.%d", host);
	if (strcmp(what, "request") == 0) {
		mx_state_request(rules, pair, seen.time_us, change);
	} else if (strcmp(what, "age") == 0) {
		mx_state_age(rules, pair, seen.time_us, change);
	} else {
		seen.kind = kind_of(*what);
		mx_state_observe(rules, pair, &seen, change);
	}
}

/* Between any two sessions the state goes through the store as text, as it does in life. */
static void
tell(const struct story *story)
{
	struct mx_pair_state pair = { 0 };
	char states[256] = "", *copy = mx_strdup(story->sessions), *rest = copy, *word;

	while ((word = strsep(&rest, ",")) != NULL) {
		struct mx_state_change change;
		char *text;

		take_step(&pair, word, story->known_hosts, &change);
		cr_expect_eq(change.why != NULL, change.before != change.after,
		    "%s: \"%s\"", story->claim, word);
		if (change.before != change.after)
			note_state(states, sizeof states, change.after);
		free(change.why);
		text = mx_state_to_text(&pair);
		cr_assert(mx_state_from_text(text, &pair), "%s", text);
		free(text);
	}
	cr_expect_str_eq(states, story->states, "%s: %s", story->claim, states);
	free(copy);
}

Test(state, stories)
{
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
		tell(&stories[i]);
}

/* Whatever is observed: clear after a block takes three accepts at two addresses over a day, and no
 * address that refused last. */
Test(state, no_row_of_observations_is_clear_too_early)
{
	const struct mx_state_rules *rules = &mx_state_rules_default;
	uint32_t random = 1;

	for (int run = 0; run < 2000; run++) {
		struct mx_pair_state pair = { 0 };
		int64_t now = MX_SECOND_US, first_accept = 0;
		bool refused[4] = { false }, accepted[4] = { false };
		unsigned accepts = 0;
		struct mx_state_change change;

		mx_state_request(rules, &pair, now, &change);
		free(change.why);
		for (int i = 0; i < 30 && pair.state != MX_STATE_CLEAR; i++) {
			struct mx_observation seen = { .known_hosts = 4 };
			unsigned host;

			random = random * 1664525 + 1013904223;
			host = random >> 8 & 3;
			now += (random >> 12 & 15) * MX_HOUR_US;
			seen.time_us = now;
			seen.kind = (random >> 20 & 7) < 6 ? MX_OBSERVED_ACCEPT
							   : MX_OBSERVED_BLOCK;
			(void)snprintf(seen.host, sizeof seen.host, "192.0.2.%u", host);
			mx_state_observe(rules, &pair, &seen, &change);
			free(change.why);
			if (seen.kind == MX_OBSERVED_BLOCK) {
				accepts = 0;
				memset(accepted, 0, sizeof accepted);
			} else if (accepts++ == 0) {
				first_accept = now;
			}
			refused[host] = seen.kind == MX_OBSERVED_BLOCK;
			accepted[host] = !refused[host];
		}
		if (pair.state != MX_STATE_CLEAR)
			continue;
		cr_expect_geq(accepts, 3);
		cr_expect_geq(accepted[0] + accepted[1] + accepted[2] + accepted[3], 2);
		cr_expect_geq(
		    now - first_accept, 24 * MX_HOUR_US - 24 * MX_HOUR_US / 100);
		for (int i = 0; i < 4; i++)
			cr_expect_not(refused[i] && now < 7 * 24 * MX_HOUR_US);
	}
}

Test(state, text_that_is_no_state_is_an_unseen_pair)
{
	static const char *const texts[] = { "", "{}", "[]", "{\"state\":\"clear\"}",
		"nonsense" };
	struct mx_pair_state pair = { .accepts = 7 };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cr_expect_not(mx_state_from_text(texts[i], &pair), "%s", texts[i]);
		cr_expect_eq(pair.accepts, 0);
	}
	cr_expect_not(mx_state_from_text(NULL, &pair));
}

Test(state, any_cut_of_its_text_is_an_unseen_pair)
{
	struct mx_pair_state pair = {
		.state = MX_STATE_CLEARING, .accepts = 2, .hosts = 1
	};
	char *text;

	(void)snprintf(pair.host[0], sizeof pair.host[0], "192.0.2.1");
	text = mx_state_to_text(&pair);
	for (size_t len = 0; len < strlen(text); len++) {
		char *cut = mx_strndup(text, len);

		cr_expect_not(mx_state_from_text(cut, &pair), "%zu bytes", len);
		free(cut);
	}
	free(text);
}

Test(state, a_day_is_a_day_though_the_last_step_was_a_little_quicker_than_the_first)
{
	const struct mx_state_rules *rules = &mx_state_rules_default;
	struct mx_pair_state pair = { 0 };
	struct mx_observation last = {
		.kind = MX_OBSERVED_ACCEPT, .host = "192.0.2.2", .known_hosts = 2
	};
	struct mx_state_change change;

	for (const char *const *step =
		 (const char *const[]){ "0 b 1", "24 a 2", "36 a 1", NULL };
	     *step != NULL; step++) {
		take_step(&pair, *step, 2, &change);
		free(change.why);
	}
	last.time_us = pair.first_accept_us + 24 * MX_HOUR_US - MX_SECOND_US;
	mx_state_observe(rules, &pair, &last, &change);
	free(change.why);
	cr_expect_eq(pair.state, MX_STATE_CLEAR);
}

Test(state, what_is_missing_for_clear_is_told)
{
	const struct mx_state_rules *rules = &mx_state_rules_default;
	struct mx_pair_state pair = { 0 };
	struct mx_state_change change;
	struct mx_state_missing missing;

	take_step(&pair, "0 b 1", 4, &change);
	free(change.why);
	take_step(&pair, "2 a 2", 4, &change);
	free(change.why);
	missing = mx_state_missing(rules, &pair, 4, pair.first_accept_us + MX_HOUR_US);
	cr_expect_eq(missing.accepts, 2);
	cr_expect_eq(missing.hosts, 1);
	cr_expect_eq(missing.holdouts, 1);
	cr_expect_eq(missing.span_us, 23 * MX_HOUR_US);
}
