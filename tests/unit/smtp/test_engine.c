/*
 * The promise of the product: whatever servers answer, in whatever order, no dialogue
 * ever says DATA, BDAT, VRFY or EXPN, none asks for two recipients, and each ends exactly
 * once, by QUIT.
 */
#include "probe/smtp/engine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

TestSuite(engine, .timeout = 120);

#define ANSWERS 8
#define LENGTH 7
#define MAX_LINES 32

/* One kind of answer each: positive, positive with STARTTLS, go ahead, wrong class,
 * temporary, closing, refused, unknown command. */
static const int codes[ANSWERS] = { 250, 250, 220, 354, 450, 421, 550, 502 };
static const bool offers[ANSWERS] = { false, true, false, false, false, false, false,
	false };

struct world {
	struct mx_engine engine;
	char said[MAX_LINES][64];
	size_t lines, rcpts, quits, done, unmet, tls;
	bool forbidden;
	bool handshake_due;
};

static bool
is_forbidden(const char *verb)
{
	static const char *const words[] = { "DATA", "BDAT", "VRFY", "EXPN", "TURN",
		"ETRN" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncasecmp(verb, words[i], 4) == 0)
			return true;
	return false;
}

static void
say(void *arg, const char *verb, const char *argument, const char *tail)
{
	struct world *world = arg;

	if (world->lines < MAX_LINES)
		snprintf(world->said[world->lines], 64, "%s%s%s", verb, argument, tail);
	world->lines++;
	world->forbidden |= is_forbidden(verb);
	world->rcpts += strncmp(verb, "RCPT", 4) == 0;
	world->quits += strcmp(verb, "QUIT") == 0;
}

static void
enter(void *arg, enum mx_step step)
{
	(void)arg, (void)step;
}

static void
start_tls(void *arg)
{
	struct world *world = arg;

	world->tls++;
	world->handshake_due = true;
}

static void
tls_unmet(void *arg, enum mx_end end)
{
	struct world *world = arg;

	(void)end;
	world->unmet++;
}

static void
done(void *arg)
{
	struct world *world = arg;

	world->done++;
}

static const struct mx_engine_ops ops = { enter, say, start_tls, tls_unmet, done };

static const struct mx_session_params full = {
	.helo = "mail.example.jp",
	.mail_from = "probe@example.jp",
	.rcpt = "me@example.test",
	.depth = MX_STAGE_RCPT,
};

/* Plays answers (digits in base ANSWERS) until the dialogue ends; what is left is
 * answered 250. */
static void
play(struct world *world, const struct mx_session_params *params, unsigned long answers)
{
	*world = (struct world){ 0 };
	mx_engine_start(&world->engine, params, &ops, world);
	for (int i = 0; world->done == 0 && i < 20; i++) {
		size_t kind = i < LENGTH ? answers % ANSWERS : 0;

		answers /= ANSWERS;
		if (world->handshake_due) {
			world->handshake_due = false;
			mx_engine_secured(&world->engine, kind % 2 == 0);
		} else {
			mx_engine_reply(&world->engine, codes[kind], offers[kind]);
		}
	}
}

static void
expect_promises(const struct world *world, unsigned long answers)
{
	cr_assert_not(world->forbidden, "dialogue %lu", answers);
	cr_assert_leq(world->rcpts, 1, "dialogue %lu", answers);
	cr_assert_eq(world->quits, 1, "dialogue %lu", answers);
	cr_assert_eq(world->done, 1, "dialogue %lu", answers);
	cr_assert_leq(world->tls, 1, "dialogue %lu", answers);
	cr_assert_leq(world->unmet, 1, "dialogue %lu", answers);
	cr_assert_leq(world->lines, 10, "dialogue %lu", answers);
}

static void
play_all(struct mx_session_params params)
{
	unsigned long all = 1;

	for (int i = 0; i < LENGTH; i++)
		all *= ANSWERS;
	for (unsigned long answers = 0; answers < all; answers++) {
		struct world world;

		play(&world, &params, answers);
		expect_promises(&world, answers);
	}
}

Test(engine, no_dialogue_says_data_and_each_ends_once_with_quit)
{
	play_all(full);
}

Test(engine, the_same_holds_when_tls_is_required)
{
	struct mx_session_params params = full;

	params.tls_mode = MX_TLS_REQUIRE;
	play_all(params);
}

Test(engine, the_same_holds_at_every_depth)
{
	static const enum mx_stage depths[] = { MX_STAGE_BANNER, MX_STAGE_EHLO,
		MX_STAGE_MAIL };

	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		struct mx_session_params params = full;

		params.depth = depths[i];
		for (unsigned long answers = 0; answers < 8UL * 8 * 8 * 8; answers++) {
			struct world world;

			play(&world, &params, answers);
			expect_promises(&world, answers);
			cr_assert_eq(world.rcpts, 0);
		}
	}
}

struct dialogue {
	const char *about;
	int codes[10]; /* 1250: 250 that offers STARTTLS; 1: handshake verified; 2: not */
	const char *said;
	enum mx_tls_mode tls_mode;
	enum mx_stage depth;
};

/* clang-format off */
static const struct dialogue dialogues[] = {
	{ "plain", { 220, 250, 250, 250, 250, 221 },
	  "EHLO,MAIL,RCPT,RSET,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "with TLS", { 220, 1250, 220, 1, 250, 250, 250, 250, 221 },
	  "EHLO,STARTTLS,EHLO,MAIL,RCPT,RSET,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "a bad certificate is only recorded", { 220, 1250, 220, 2, 250, 250, 250, 250, 221 },
	  "EHLO,STARTTLS,EHLO,MAIL,RCPT,RSET,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "unless TLS is required", { 220, 1250, 220, 2, 221 },
	  "EHLO,STARTTLS,QUIT", MX_TLS_REQUIRE, MX_STAGE_RCPT },
	{ "required and not offered", { 220, 250, 221 },
	  "EHLO,QUIT", MX_TLS_REQUIRE, MX_STAGE_RCPT },
	{ "STARTTLS once where offered, plaintext when refused", { 220, 1250, 454, 250, 250, 250, 221 },
	  "EHLO,STARTTLS,MAIL,RCPT,RSET,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "421 to STARTTLS closes", { 220, 1250, 421, 221 },
	  "EHLO,STARTTLS,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "TLS not wanted", { 220, 1250, 250, 250, 250, 221 },
	  "EHLO,MAIL,RCPT,RSET,QUIT", MX_TLS_NONE, MX_STAGE_RCPT },
	{ "banner refused", { 554, 221 }, "QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "HELO where EHLO is unknown", { 220, 502, 250, 250, 250, 250, 221 },
	  "EHLO,HELO,MAIL,RCPT,RSET,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "no second try where EHLO is refused", { 220, 550, 221 },
	  "EHLO,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "sender refused", { 220, 250, 550, 221 }, "EHLO,MAIL,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "recipient refused", { 220, 250, 250, 550, 250, 221 },
	  "EHLO,MAIL,RCPT,RSET,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "421 to RCPT", { 220, 250, 250, 421, 221 },
	  "EHLO,MAIL,RCPT,QUIT", MX_TLS_MAY, MX_STAGE_RCPT },
	{ "depth banner", { 220, 221 }, "QUIT", MX_TLS_MAY, MX_STAGE_BANNER },
	{ "depth ehlo looks at TLS", { 220, 1250, 220, 1, 250, 221 },
	  "EHLO,STARTTLS,EHLO,QUIT", MX_TLS_MAY, MX_STAGE_EHLO },
	{ "depth mail", { 220, 250, 250, 250, 221 }, "EHLO,MAIL,RSET,QUIT", MX_TLS_MAY, MX_STAGE_MAIL },
};
/* clang-format on */

static void
join_verbs(const struct world *world, char *out, size_t room)
{
	out[0] = '\0';
	for (size_t i = 0; i < world->lines && i < MAX_LINES; i++) {
		size_t used = strlen(out);

		snprintf(out + used, room - used, "%s%.*s", i > 0 ? "," : "",
		    (int)strcspn(world->said[i], " "), world->said[i]);
	}
}

Test(engine, walks_the_way_it_should)
{
	for (size_t i = 0; i < sizeof dialogues / sizeof *dialogues; i++) {
		const struct dialogue *d = &dialogues[i];
		struct mx_session_params params = full;
		struct world world = { 0 };
		char said[256];

		params.tls_mode = d->tls_mode;
		params.depth = d->depth;
		mx_engine_start(&world.engine, &params, &ops, &world);
		for (size_t j = 0; d->codes[j] != 0; j++) {
			if (d->codes[j] < 10)
				mx_engine_secured(&world.engine, d->codes[j] == 1);
			else
				mx_engine_reply(&world.engine, d->codes[j] % 1000,
				    d->codes[j] > 1000);
		}
		join_verbs(&world, said, sizeof said);
		cr_expect_str_eq(said, d->said, "%s: said %s", d->about, said);
		cr_expect_eq(world.done, 1, "%s: not over", d->about);
	}
}

Test(engine, commands_carry_their_arguments)
{
	struct world world;

	play(&world, &full, 02); /* octal digits: 220 to the banner, then 250s */
	cr_expect_str_eq(world.said[0], "EHLO mail.example.jp");
	cr_expect_str_eq(world.said[1], "MAIL FROM:<probe@example.jp>");
	cr_expect_str_eq(world.said[2], "RCPT TO:<me@example.test>");
	cr_expect_str_eq(world.said[3], "RSET");
	cr_expect_str_eq(world.said[4], "QUIT");
}

Test(engine, every_step_has_a_stage_and_none_hears_commands_before_the_greeting)
{
	for (int step = 0; step < MX_STEP_COUNT; step++)
		cr_expect_lt((int)mx_step_stage((enum mx_step)step), (int)MX_STAGE_COUNT);
	cr_expect_not(mx_step_hears_commands(MX_STEP_BANNER));
	cr_expect_not(mx_step_hears_commands(MX_STEP_TLS));
	cr_expect(mx_step_hears_commands(MX_STEP_RCPT));
}
