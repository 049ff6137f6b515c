/* claim.c - the ledger's leave before a visit, and its word that the visit is over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/run/run.h"
#include "probe/store/ledger.h"

/* So long a visit waits by itself, as long as a session lasts at most; for longer the user has to ask
 * (--wait). */
#define PATIENCE_US (90 * MX_SECOND_US)
/* Another process's session ends whenever it ends. */
#define BUSY_POLL_US (1 * MX_SECOND_US)

static const char *
network_of(const struct mx_addr *source, char out[MX_ADDR_TEXT])
{
	struct mx_addr network = mx_addr_network(source);

	return mx_addr_text(&network, out);
}

/** The texts that a key borrows. */
struct key_texts {
	char source[MX_ADDR_TEXT], network[MX_ADDR_TEXT];
};

static struct mx_ledger_key
key_of(const struct mx_flight *flight, struct key_texts *texts)
{
	const struct mx_run *run = flight->run;
	const struct mx_addr *source = &run->params->sources[flight->visit->source].addr;

	return (struct mx_ledger_key){
		.source = mx_addr_text(source, texts->source),
		.network = network_of(source, texts->network),
		.group = run->destinations[flight->visit->destination].group,
		.kind = run->params->is_step       ? MX_LEDGER_STEP
			: flight->visit->every_hop ? MX_LEDGER_EVERY
						   : MX_LEDGER_VISIT,
		.is_exempt = flight->visit->exempt,
	};
}

/* ---- why not, in words ---- */

/* "14:32", or with its date when that is not today's. */
static void
put_until(int64_t until_us, char *out, size_t size)
{
	time_t until = (time_t)(until_us / MX_SECOND_US),
	       now = (time_t)(mx_clock_wall_us() / MX_SECOND_US);
	struct tm then, today;

	localtime_r(&until, &then);
	localtime_r(&now, &today);
	if (strftime(out, size,
		then.tm_yday == today.tm_yday && then.tm_year == today.tm_year
		    ? "%H:%M"
		    : "%Y-%m-%d %H:%M",
		&then) == 0)
		*out = '\0';
}

static char *
span_words(int64_t us)
{
	if (us >= MX_HOUR_US)
		return mx_asprintf("%lld h", (long long)(us / MX_HOUR_US));
	if (us >= MX_MINUTE_US)
		return mx_asprintf("%lld min", (long long)(us / MX_MINUTE_US));
	return mx_asprintf("%lld s", (long long)(us / MX_SECOND_US));
}

/* clang-format off */
/* Goes behind the span: "30 min" + " between sessions to" + " Microsoft". */
static const char *const reasons[] = {
	[MX_LEDGER_GRANTED]    = "",
	[MX_LEDGER_UNDER_WAY]  = "another session of this source is under way to",
	[MX_LEDGER_PAIR]       = " between sessions to",
	[MX_LEDGER_BLOCKED]    = " after a block by",
	[MX_LEDGER_THROTTLED]  = " after a throttle by",
	[MX_LEDGER_EVERY_HOST] = " between visits of every address of",
	[MX_LEDGER_GROUP_BUSY] = "at once from this host to",
	[MX_LEDGER_GROUP_RATE] = "a minute from this host to",
	[MX_LEDGER_NETWORK]    = " between sessions of one network to",
};
/* clang-format on */

static const struct mx_ledger_floors *
floors_of(const struct mx_flight *flight)
{
	const struct mx_ledger_floors *floors = flight->run->params->floors;

	return floors != NULL ? floors : &mx_ledger_floors_default;
}

/* What stands before the reason: a span, or how many sessions. */
static char *
amount_words(const struct mx_flight *flight, const struct mx_ledger_answer *answer)
{
	const struct mx_ledger_floors *floors = floors_of(flight);

	if (answer->why == MX_LEDGER_GROUP_BUSY)
		return mx_asprintf("no more than %u ", floors->group_at_once);
	if (answer->why == MX_LEDGER_GROUP_RATE)
		return mx_asprintf("no more than %u ", floors->group_a_minute);
	return answer->floor_us > 0 ? span_words(answer->floor_us) : mx_strdup("");
}

static char *
refusal_words(const struct mx_flight *flight, const struct mx_ledger_answer *answer)
{
	const struct mx_run_destination *destination =
	    &flight->run->destinations[flight->visit->destination];
	const struct mx_provider *provider = destination->plan.provider;
	const char *whom = provider == NULL              ? destination->group
			   : provider->authority != NULL ? provider->authority
							 : provider->name;
	char *amount = amount_words(flight, answer);
	char until[32];
	char *words;

	put_until(answer->until_us, until, sizeof until);
	words = answer->until_us > 0 ? mx_asprintf("suppressed until %s (%s%s %s)", until,
					   amount, reasons[answer->why], whom)
				     : mx_asprintf("suppressed: %s%s %s", amount,
					   reasons[answer->why], whom);
	free(amount);
	return words;
}

/* ---- asking ---- */

/* Others' sessions end when they end: how long have we been looking already? */
static bool
is_soon_free(struct mx_flight *flight)
{
	int64_t now_us = mx_clock_mono_us();

	if (flight->busy_since_us == 0)
		flight->busy_since_us = now_us;
	return now_us - flight->busy_since_us <= PATIENCE_US;
}

static bool
is_worth_waiting(struct mx_flight *flight, const struct mx_ledger_answer *answer)
{
	if (flight->run->interrupted)
		return false;
	if (flight->run->params->waits)
		return true;
	if (answer->why == MX_LEDGER_GROUP_BUSY)
		return is_soon_free(flight);
	return answer->why != MX_LEDGER_UNDER_WAY &&
	       answer->until_us - mx_clock_wall_us() <= PATIENCE_US;
}

static void
refuse(struct mx_flight *flight, const struct mx_ledger_answer *answer)
{
	int64_t wait_us =
	    answer->until_us > 0 ? answer->until_us - mx_clock_wall_us() : BUSY_POLL_US;

	if (is_worth_waiting(flight, answer)) {
		mx_run_wait(flight, mx_clock_mono_us() + (wait_us > 0 ? wait_us : 1));
		return;
	}

	char *words = refusal_words(flight, answer);

	mx_run_tell_suppressed(flight, words,
	    answer->until_us > 0 ? (long)((wait_us + MX_SECOND_US - 1) / MX_SECOND_US)
				 : -1);
	free(words);
	mx_run_give_up(flight);
}

/* We were stopped between the question and its answer. */
static void
stop(struct mx_flight *flight)
{
	if (!flight->visit->control)
		mx_run_tell_interrupted(flight->run, flight->visit);
	mx_run_give_up(flight);
}

static void
on_answer(void *arg, const struct mx_ledger_answer *answer, const struct mx_error *err)
{
	struct mx_flight *flight = arg;

	flight->claiming = false;
	if (err != NULL) {
		mx_run_tell_failed(flight, err->text);
		mx_run_give_up(flight);
	} else if (answer->why != MX_LEDGER_GRANTED) {
		refuse(flight, answer);
	} else {
		flight->ledger_id = answer->id;
		if (flight->run->interrupted)
			stop(flight);
		else
			mx_run_leave(flight);
	}
}

void
mx_run_claim(struct mx_flight *flight)
{
	struct key_texts texts;
	struct mx_ledger_key key = key_of(flight, &texts);

	flight->claiming = true;
	mx_ledger_claim(
	    flight->run->params->store, &key, floors_of(flight), on_answer, flight);
}

void
mx_run_release(struct mx_flight *flight)
{
	if (flight->ledger_id == 0)
		return;
	mx_ledger_end(flight->run->params->store, flight->ledger_id,
	    flight->has_verdict ? mx_verdict_name(flight->worst) : "aborted",
	    floors_of(flight), NULL, NULL);
	flight->ledger_id = 0;
}

/* ---- a dry run ---- */

enum mx_err
mx_run_look(const struct mx_flight *flight, char **words, struct mx_error *err)
{
	struct key_texts texts;
	struct mx_ledger_key key = key_of(flight, &texts);
	struct mx_ledger_answer answer;

	*words = NULL;
	if (mx_ledger_look(flight->run->params->store, &key, floors_of(flight), &answer,
		err) == MX_OK &&
	    answer.why != MX_LEDGER_GRANTED)
		*words = refusal_words(flight, &answer);
	return err->code;
}
