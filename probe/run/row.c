/* row.c - what a visit came to, as rows for the hooks. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/run/run.h"
#include "probe/verdict/absent.h"

#define NOTES_MAX 4096

void
mx_run_tell_progress(struct mx_run *run)
{
	if (run->hooks->progress != NULL)
		run->hooks->progress(run->hooks->arg, run->over - run->asleep,
		    run->running, run->visit_count - run->asleep);
}

/* Remarks on the way there, one after the other; NULL when there is nothing to say. */
static char *
notes_of(const struct mx_run_destination *destination, const struct mx_hop *hop)
{
	const struct mx_route *route = destination->plan.route;
	char *alias = route->canonical == NULL ? NULL
					       : mx_asprintf("%s is an alias of %s",
						     route->domain, route->canonical);
	char *mx_alias =
	    hop == NULL || hop->host->canonical == NULL
		? NULL
		: mx_asprintf("the MX name is an alias of %s, which RFC 2181 forbids",
		      hop->host->canonical);
	const char *const notes[] = {
		destination->ask.note,
		route->kind == MX_ROUTE_IMPLICIT ? "no MX record: the domain's own "
						   "address takes its mail (RFC 5321 5.1)"
						 : NULL,
		alias,
		mx_alias,
		route->remark,
	};
	struct mx_buf all;

	mx_buf_init(&all, NOTES_MAX);
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		if (notes[i] != NULL)
			mx_buf_addf(&all, "%s%s", all.len > 0 ? "; " : "", notes[i]);
	free(alias);
	free(mx_alias);
	if (all.len > 0)
		return mx_buf_take(&all);
	mx_buf_clear(&all);
	return NULL;
}

/* Names and addresses both have to be signed. */
static enum mx_dnssec
weaker(enum mx_dnssec a, enum mx_dnssec b)
{
	return a < b ? a : b;
}

static void
set_mta_sts(struct mx_result *row, const struct mx_mta_sts *sts)
{
	if (sts == NULL || row->mx_host == NULL)
		return;
	row->mta_sts = mx_mta_sts_result_for(sts, row->mx_host);
	row->has_mta_sts_policy = sts->state == MX_MTA_STS_FOUND;
	row->mta_sts_mode = sts->policy.mode;
	row->mta_sts_text = mx_mta_sts_sentence(sts, row->mx_host);
}

static const char *
rcpt_of(const struct mx_run_destination *destination)
{
	return destination->ask.rcpt[0] != '\0' ? destination->ask.rcpt : NULL;
}

/* The row of a visit, all but what a session adds. Strings are copied: a row outlives nothing. */
static struct mx_result *
new_row(struct mx_run *run, const struct mx_visit *visit, size_t hop)
{
	const struct mx_run_destination *destination =
	    &run->destinations[visit->destination];
	const struct mx_probe_params *params = run->params;
	struct mx_result *row = mx_calloc(1, sizeof *row);

	mx_ulid_new(row->id);
	row->order = (size_t)(visit - run->visits) * MX_VISIT_HOPS + hop;
	row->time_us = mx_clock_wall_us();
	row->source = params->sources[visit->source].addr;
	row->seen_as = params->sources[visit->source].seen_as;
	row->helo = mx_strdup(run->helos[visit->source]);
	row->identity = run->survey->identities[visit->source];
	row->mail_from = mx_strdup(params->mail_from);
	row->rcpt = mx_strdup(rcpt_of(destination));
	row->destination = mx_strdup(params->destinations[visit->destination]);
	row->provider = destination->plan.provider;
	row->group = mx_strdup(destination->group);
	row->route = destination->plan.route->kind;
	row->dnssec = destination->plan.route->dnssec;
	row->depth = destination->ask.depth;
	row->note =
	    notes_of(destination, hop < visit->hop_count ? &visit->hops[hop] : NULL);
	if (hop < visit->hop_count) {
		row->mx_host = mx_strdup(visit->hops[hop].host->name);
		row->preference = visit->hops[hop].host->preference;
		row->address = visit->hops[hop].addr;
		row->addresses = visit->address_count;
		row->dnssec = weaker(row->dnssec, visit->hops[hop].host->dnssec);
	}
	set_mta_sts(row, mx_policies_mta_sts(run->policies, visit->destination));
	return row;
}

static void
set_note(struct mx_result *row, char *note)
{
	free(row->note);
	row->note = note;
}

void
mx_run_add_note(struct mx_result *row, char *note)
{
	char *all;

	if (note == NULL)
		return;
	all =
	    row->note == NULL ? mx_strdup(note) : mx_asprintf("%s; %s", row->note, note);
	free(note);
	set_note(row, all);
}

/* How much of the destination a visit sees, unless that is everything. */
static char *
coverage_words(const struct mx_visit *visit, size_t hop)
{
	size_t left_out = visit->address_count - visit->hop_count;

	if (visit->every_hop && left_out > 0)
		return mx_asprintf(
		    "%zu of %zu addresses probed, %zu left out: a visit takes "
		    "%d at most",
		    visit->hop_count, visit->address_count, left_out, MX_VISIT_HOPS);
	if (visit->every_hop || hop + 1 == visit->address_count)
		return NULL;
	return mx_asprintf("%zu of %zu addresses probed", hop + 1, visit->address_count);
}

static void
set_coverage(struct mx_result *row, const struct mx_visit *visit, size_t hop)
{
	row->probed = hop + 1;
	mx_run_add_note(row, coverage_words(visit, hop));
}

/* Now, or, where the failure may be on our side, when the source's other sessions have shown it. The
 * row is taken over. */
static void
tell(struct mx_flight *flight, struct mx_result *row, bool doubtful)
{
	if (doubtful) {
		mx_reach_hold(flight, row);
		return;
	}
	flight->run->hooks->result(flight->run->hooks->arg, row);
	mx_result_free(row);
}

/* A destination behind the same MX hosts has no session of its own: it shows this one's. */
static void
tell_sharers(struct mx_flight *flight, const struct mx_result *row, bool doubtful)
{
	struct mx_run *run = flight->run;
	const struct mx_visit *visit = flight->visit;
	struct mx_identity identity = mx_run_identity(flight);
	size_t index = (size_t)(visit - run->visits);

	for (size_t i = index + 1; i < run->visit_count; i++) {
		const struct mx_visit *other = &run->visits[i];

		if (other->source != visit->source)
			break;
		if (other->kind != MX_VISIT_SHARED || other->first != index)
			continue;

		struct mx_result *shared = new_row(run, other, flight->hop);

		shared->time_us = row->time_us;
		shared->probed = row->probed;
		shared->shares_id = mx_strdup(row->id);
		set_note(shared,
		    mx_asprintf("same mail exchangers as %s: one session for both",
			row->destination));
		mx_judge(run->rules, &identity, row->depth, row->transcript,
		    &shared->judgement);
		tell(flight, shared, doubtful);
	}
}

static void
tell_absent(
    struct mx_run *run, const struct mx_visit *visit, enum mx_absence why, char *text)
{
	struct mx_result *row = new_row(run, visit, 0);

	mx_judge_absent(why, text, &row->judgement);
	run->hooks->result(run->hooks->arg, row);
	mx_result_free(row);
	free(text);
}

/* The visit's row, and those of the visits that would have shared its session. */
static void
tell_absent_with_sharers(struct mx_run *run, const struct mx_visit *visit,
    enum mx_absence why, const char *text, long retry_after_s)
{
	size_t index = (size_t)(visit - run->visits);

	for (size_t i = index; i < run->visit_count; i++) {
		const struct mx_visit *other = &run->visits[i];
		struct mx_result *row;

		if (i != index &&
		    (other->kind != MX_VISIT_SHARED || other->first != index))
			continue;
		row = new_row(run, other, 0);
		mx_judge_absent(why, text, &row->judgement);
		row->judgement.finding.retry_after_s = retry_after_s;
		run->hooks->result(run->hooks->arg, row);
		mx_result_free(row);
	}
}

void
mx_run_tell_suppressed(struct mx_flight *flight, const char *why, long seconds)
{
	if (!flight->visit->control)
		tell_absent_with_sharers(
		    flight->run, flight->visit, MX_ABSENT_SUPPRESSED, why, seconds);
}

void
mx_run_tell_failed(struct mx_flight *flight, const char *why)
{
	if (!flight->visit->control)
		tell_absent_with_sharers(
		    flight->run, flight->visit, MX_ABSENT_OURS, why, -1);
}

void
mx_run_tell_plan(const struct mx_flight *flight, const char *why_not)
{
	struct mx_run *run = flight->run;
	struct mx_result *row = new_row(run, flight->visit, 0);

	run->hooks->plan(run->hooks->arg, row, why_not);
	mx_result_free(row);
}

static void
tell_no_route(struct mx_run *run, const struct mx_visit *visit)
{
	const struct mx_route *route = run->destinations[visit->destination].plan.route;
	const char *domain = run->params->destinations[visit->destination];
	bool ours = run->survey->resolver_dead && mx_route_lookup_failed(route);

	if (ours)
		tell_absent(run, visit, MX_ABSENT_OURS,
		    mx_strdup(
			"our resolver does not answer; name another with --dns-server"));
	else if (route->kind == MX_ROUTE_NULL)
		tell_absent(run, visit, MX_ABSENT_NULL_MX,
		    mx_asprintf("%s takes no mail: null MX (RFC 7505)", domain));
	else
		tell_absent(run, visit, MX_ABSENT_DNS,
		    mx_strdup(route->why != NULL ? route->why
						 : "no mail exchanger has an address"));
}

static void
tell_no_family(struct mx_run *run, const struct mx_visit *visit)
{
	int asked = run->params->family;
	int family = run->params->sources[visit->source].addr.family;
	const char *domain = run->params->destinations[visit->destination];

	if (asked != AF_UNSPEC && asked != family)
		tell_absent(run, visit, MX_ABSENT_FAMILY,
		    mx_asprintf("the source is %s and only %s was asked for",
			mx_addr_family_name(family), mx_addr_family_name(asked)));
	else
		tell_absent(run, visit, MX_ABSENT_FAMILY,
		    mx_asprintf(
			"no mail exchanger of %s has an %s address, and the source is %s",
			domain, mx_addr_family_name(family),
			mx_addr_family_name(family)));
}

static void
tell_never(struct mx_run *run, const struct mx_visit *visit)
{
	const char *entry = run->destinations[visit->destination].plan.never;

	tell_absent(run, visit, MX_ABSENT_SUPPRESSED,
	    entry != NULL
		? mx_asprintf(
		      "not probed: %s is in the configuration's never list", entry)
		: mx_strdup("not probed: this provider is marked \"probe: no\""));
}

/* Rows that are known before anything is sent. SHARED rows come with the session they share. */
void
mx_run_tell_without_session(struct mx_run *run, const struct mx_visit *visit)
{
	switch (visit->kind) {
	case MX_VISIT_PROBE:
	case MX_VISIT_SHARED:
		return;
	case MX_VISIT_NO_ROUTE:
		tell_no_route(run, visit);
		return;
	case MX_VISIT_NO_FAMILY:
		tell_no_family(run, visit);
		return;
	case MX_VISIT_NOWHERE:
		tell_absent(run, visit, MX_ABSENT_FAMILY,
		    mx_strdup(
			"not probed: its mail exchangers have only addresses that lead "
			"back to this host or to nobody, such as 127.0.0.1"));
		return;
	case MX_VISIT_NEVER:
		tell_never(run, visit);
		return;
	case MX_VISIT_SUPPRESSED:
		tell_absent(run, visit, MX_ABSENT_SUPPRESSED,
		    mx_asprintf(
			"not probed: one session per source and provider, and %s is the "
			"same provider; try again in 30 minutes",
			run->params
			    ->destinations[run->visits[visit->first].destination]));
		return;
	}
}

void
mx_run_tell_interrupted(struct mx_run *run, const struct mx_visit *visit)
{
	tell_absent_with_sharers(
	    run, visit, MX_ABSENT_OURS, "stopped by us before its turn came", -1);
}

struct mx_identity
mx_run_identity(const struct mx_flight *flight)
{
	const struct mx_run *run = flight->run;
	const struct mx_visit *visit = flight->visit;
	const struct mx_run_destination *destination =
	    &run->destinations[visit->destination];

	return (struct mx_identity){
		.source = run->params->sources[visit->source].addr,
		.seen_as = run->params->sources[visit->source].seen_as,
		.server = visit->hops[flight->hop].addr,
		.helo = run->helos[visit->source],
		.mail_from = run->params->mail_from,
		.rcpt = rcpt_of(destination),
		.mx_host = visit->hops[flight->hop].host->name,
		.provider = destination->plan.provider,
	};
}

/* What the ledger will be told of the visit. */
static void
note_verdict(struct mx_flight *flight, enum mx_verdict verdict)
{
	if (!flight->has_verdict || verdict < flight->worst)
		flight->worst = verdict;
	flight->has_verdict = true;
}

void
mx_run_tell_session(struct mx_flight *flight, struct mx_transcript *transcript)
{
	struct mx_run *run = flight->run;
	struct mx_identity identity = mx_run_identity(flight);
	struct mx_result *row = new_row(run, flight->visit, flight->hop);
	bool doubtful = mx_reach_is_doubtful(transcript);

	memcpy(row->id, flight->id, sizeof row->id);
	row->time_us = transcript->started_wall_us;
	row->transcript = transcript;
	set_coverage(row, flight->visit, flight->hop);
	mx_judge(run->rules, &identity, row->depth, transcript, &row->judgement);
	note_verdict(flight, row->judgement.verdict);
	if (doubtful)
		mx_reach_hold(flight, row); /* until the flight is over, at least */
	else
		run->hooks->result(run->hooks->arg, row);
	tell_sharers(flight, row, doubtful);
	if (!doubtful)
		mx_result_free(row);
}
