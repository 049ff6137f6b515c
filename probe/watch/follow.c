/* follow.c - results to rows, verdicts to observations. */
#include "probe/watch/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/report.h"
#include "probe/store/record.h"
#include "probe/watch/state_text.h"

#define MX_PERMANENT 500

/* ---- what was observed ---- */

static bool
is_deep_enough(const struct mx_result *result)
{
	enum mx_stage depth =
	    result->provider != NULL ? result->provider->depth : MX_STAGE_MAIL;

	return result->judgement.reached >= depth;
}

static bool
is_permanent(const struct mx_result *result)
{
	return result->judgement.has_finding &&
	       result->judgement.finding.code >= MX_PERMANENT;
}

/* Where blocks show only after DATA, no session of ours has anything to say for the address. */
static bool
can_tell(const struct mx_result *result)
{
	return result->provider == NULL || result->provider->observable;
}

/* Verdicts that are not here tell nothing about the pair. */
static const enum mx_observation_kind kinds[MX_V_COUNT] = {
	[MX_V_ACCEPTED] = MX_OBSERVED_ACCEPT,
	[MX_V_RECIPIENT] = MX_OBSERVED_ACCEPT, /* only the mailbox was refused */
	[MX_V_BLOCKED] = MX_OBSERVED_BLOCK,
	[MX_V_IDENTITY] = MX_OBSERVED_REFUSAL,
	[MX_V_POLICY] = MX_OBSERVED_REFUSAL,
	[MX_V_THROTTLED] = MX_OBSERVED_THROTTLE,
};

static enum mx_observation_kind
kind_of(const struct mx_result *result)
{
	enum mx_observation_kind kind = kinds[result->judgement.verdict];

	if (result->shares_id != NULL || result->transcript == NULL ||
	    (kind == MX_OBSERVED_ACCEPT &&
		(!can_tell(result) || !is_deep_enough(result))) ||
	    (kind == MX_OBSERVED_REFUSAL && !is_permanent(result)))
		return MX_OBSERVED_NOTHING;
	return kind;
}

void
mx_observe_result(const struct mx_result *result, struct mx_observation *out)
{
	struct mx_addr host = result->address;

	host.port = 0;
	*out = (struct mx_observation){
		.kind = kind_of(result),
		.time_us = result->time_us,
		.known_hosts = (unsigned)result->addresses,
	};
	if (host.family != AF_UNSPEC)
		(void)mx_addr_text(&host, out->host);
}

/* ---- the state, on the writer's thread ---- */

/** One result on its way to the store. */
struct following {
	struct mx_state_rules rules;
	struct mx_observation seen;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

static void
fold(const void *arg, const struct mx_store_state *before,
    const struct mx_store_result *row, struct mx_store_step *out)
{
	const struct following *following = arg;
	struct mx_pair_state pair;
	struct mx_state_change aged, change;

	(void)row;
	(void)mx_state_from_text(before != NULL ? before->fold : NULL, &pair);
	mx_state_age(&following->rules, &pair, following->seen.time_us, &aged);
	mx_state_observe(&following->rules, &pair, &following->seen, &change);
	out->state = mx_state_name(change.after);
	out->since_us = change.after != aged.before || before == NULL
			    ? following->seen.time_us
			    : before->since_us;
	out->fold = mx_state_to_text(&pair);
	out->why = change.why != NULL ? change.why : aged.why;
	out->has_learned = following->seen.kind != MX_OBSERVED_NOTHING;
	if (out->why != aged.why)
		free(aged.why);
}

static void
finish(void *arg, const struct mx_error *err)
{
	struct following *following = arg;

	if (following->done != NULL)
		following->done(following->arg, err);
	free(following);
}

/* ---- the row ---- */

/* Texts that stand nowhere as text yet. */
struct texts {
	char source[MX_ADDR_TEXT], address[MX_ADDR_TEXT], seen_source[MX_ADDR_TEXT];
	char enhanced[MX_ENHANCED_TEXT];
};

static const char *
address_text(const struct mx_addr *addr, char *out)
{
	return addr->family != AF_UNSPEC ? mx_addr_text(addr, out) : NULL;
}

static void
set_finding(
    struct mx_store_result *row, const struct mx_finding *finding, struct texts *texts)
{
	row->stage = mx_stage_name(finding->stage);
	row->code = finding->code;
	if (finding->enhanced.klass != 0)
		row->enhanced = mx_enhanced_text(&finding->enhanced, texts->enhanced);
	row->text = finding->text;
	row->category = finding->category;
	row->about = finding->about;
	row->permanence = finding->permanence;
	row->authority = finding->authority;
	row->list = finding->list;
	row->provider_code = finding->provider_code;
	row->listed_value = finding->listed_value;
	row->delist_url = finding->delist_url;
	row->rule = finding->rule;
	row->remedy = finding->remedy;
	row->confidence = finding->confidence;
}

static void
set_row(struct mx_store_result *row, const struct mx_result *result, struct texts *texts)
{
	const struct mx_judgement *judgement = &result->judgement;

	*row = (struct mx_store_result){
		.id = result->id,
		.time_us = result->time_us,
		.source = address_text(&result->source, texts->source),
		.group = result->group,
		.provider = result->provider != NULL ? result->provider->id : NULL,
		.destination = result->destination,
		.mx_host = result->transcript != NULL ? result->mx_host : NULL,
		.address = address_text(&result->address, texts->address),
		.helo = result->helo,
		.mail_from = result->mail_from,
		.rcpt = result->rcpt,
		.depth = mx_stage_name(result->depth),
		.reached = mx_stage_name(judgement->reached),
		.verdict = mx_verdict_name(judgement->verdict),
		.seen_source = address_text(&judgement->seen_source, texts->seen_source),
		.note = result->note,
	};
	if (judgement->has_finding)
		set_finding(row, &judgement->finding, texts);
}

static char *
json_of(const struct mx_result *result)
{
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	if (stream == NULL)
		mx_out_of_memory();
	mx_result_json(stream, result);
	if (fclose(stream) != 0)
		mx_out_of_memory();
	text[strcspn(text, "\n")] = '\0';
	return text;
}

void
mx_follow_result(struct mx_store *store, const struct mx_state_rules *rules,
    const struct mx_result *result, void (*done)(void *arg, const struct mx_error *err),
    void *arg)
{
	struct following *following;
	struct mx_store_result row;
	struct texts texts;
	char *json;

	if (result->judgement.verdict == MX_V_SUPPRESSED)
		return;
	following = mx_calloc(1, sizeof *following);
	*following = (struct following){ .rules = *rules, .done = done, .arg = arg };
	mx_observe_result(result, &following->seen);
	set_row(&row, result, &texts);
	json = json_of(result);
	mx_store_record(store, &(struct mx_store_record){ .row = &row,
				   .json = json,
				   .fold = fold,
				   .fold_arg = following,
				   .done = finish,
				   .arg = following });
	free(json);
}
