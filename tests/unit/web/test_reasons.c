/* test_reasons.c - every sentence that the watch can say is known on the Japanese page. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/watch/state.h"
#include "probe/web/page_reasons.h"

TestSuite(reasons, .timeout = 30);

#define WALKS 3000
#define STEPS 60

static const struct {
	const char *why, *ja;
} cases[] = {
	{ "accepted 3 times at 2 addresses", "2 個のアドレスで 3 回受け付けられました" },
	{ "accepted 1 times at 1 address", "1 個のアドレスで 1 回受け付けられました" },
	{ "relapse: refused again at 2001:db8::1",
	    "再発：2001:db8::1 で再び拒否されました" },
	{ "asked every 4 h", "4 h ごとに確認します" },
	{ "no session came about (a (strange) reason, you see), it is tried again then",
	    "接続できませんでした（a (strange) reason, you see）。その時刻に再試行します" },
	{ "waits for its turn: A B is asked by no more than 2 at once and 6 a minute from "
	  "this host, by one network every 20 s",
	    "順番待ちです：A B への接続は同時に 2 件、毎分 6 件まで、同じネットワークからは 20 "
	    "秒に一件です" },
	{ "accepted, somehow", NULL },
	{ "first accepted", NULL },
	{ "", NULL },
};

Test(reasons, names_and_numbers_keep_their_place)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *ja = mx_reason_in_japanese(cases[i].why);

		if (cases[i].ja == NULL)
			cr_expect_null(ja, "%s", cases[i].why);
		else
			cr_expect(ja != NULL && strcmp(ja, cases[i].ja) == 0, "%s: %s",
			    cases[i].why, ja != NULL ? ja : "unknown");
		free(ja);
	}
}

/* A number below most, the same each time the test runs. */
static unsigned
draw(unsigned most)
{
	static uint64_t seed = 7;

	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % most;
}

static void
take_step(struct mx_pair_state *pair, int64_t now_us, struct mx_state_change *change)
{
	struct mx_observation seen = {
		.kind = (enum mx_observation_kind)draw(5),
		.time_us = now_us,
		.host = { '1', '9', '2', '.', (char)('0' + draw(3)) },
		.known_hosts = draw(4),
	};

	if (draw(8) == 0)
		mx_state_request(&mx_state_rules_default, pair, now_us, change);
	else if (draw(8) == 0)
		mx_state_age(&mx_state_rules_default, pair, now_us, change);
	else
		mx_state_observe(&mx_state_rules_default, pair, &seen, change);
}

Test(reasons, whatever_a_state_changes_for_is_known)
{
	size_t said = 0;

	for (int walk = 0; walk < WALKS; walk++) {
		struct mx_pair_state pair = { 0 };
		int64_t now_us = MX_DAY_US;

		for (int step = 0; step < STEPS; step++) {
			struct mx_state_change change;
			char *ja = NULL;

			now_us += (int64_t)draw(20) * MX_HOUR_US;
			take_step(&pair, now_us, &change);
			if (change.why != NULL) {
				said++;
				ja = mx_reason_in_japanese(change.why);
				cr_assert_not_null(ja, "%s", change.why);
			}
			free(ja);
			free(change.why);
		}
	}
	cr_expect_gt(said, WALKS);
}
