/* serve_log.c - the fields that an operator greps for. */
#include "probe/cmd/serve_log.h"

#include <stdio.h>
#include <string.h>

#include "probe/base/log.h"

/** Texts that stand nowhere as text yet. */
struct texts {
	char source[MX_ADDR_TEXT], address[MX_ADDR_TEXT], code[16], duration[32];
};

static const char *
code_text(const struct mx_result *result, struct texts *texts)
{
	if (!result->judgement.has_finding || result->judgement.finding.code == 0)
		return NULL;
	snprintf(texts->code, sizeof texts->code, "%d", result->judgement.finding.code);
	return texts->code;
}

static const char *
duration_text(const struct mx_result *result, struct texts *texts)
{
	if (result->transcript == NULL)
		return NULL;
	snprintf(texts->duration, sizeof texts->duration, "%lld",
	    (long long)(result->transcript->ended_us / 1000));
	return texts->duration;
}

static bool
is_worth_a_look(const struct mx_result *result)
{
	return result->judgement.verdict == MX_V_FAILED;
}

void
mx_serve_log_result(const struct mx_result *result)
{
	const struct mx_finding *finding =
	    result->judgement.has_finding ? &result->judgement.finding : NULL;
	struct texts texts;
	const struct mx_log_field fields[] = {
		{ "probe_id", result->id },
		{ "source", mx_addr_text(&result->source, texts.source) },
		{ "provider",
		    result->provider != NULL ? result->provider->id : result->group },
		{ "destination", result->destination },
		{ "mx", result->mx_host },
		{ "address", result->address.family != AF_UNSPEC
				 ? mx_addr_text_port(&result->address, texts.address)
				 : NULL },
		{ "verdict", mx_verdict_name(result->judgement.verdict) },
		{ "code", code_text(result, &texts) },
		{ "stage", finding != NULL ? mx_stage_name(finding->stage) : NULL },
		{ "duration_ms", duration_text(result, &texts) },
		{ "note", result->transcript == NULL && finding != NULL ? finding->text
									: NULL },
		{ NULL, NULL },
	};
	bool is_suppressed = result->judgement.verdict == MX_V_SUPPRESSED;

	mx_log_record(is_worth_a_look(result) ? MX_LOG_WARNING
		      : is_suppressed         ? MX_LOG_DEBUG
					      : MX_LOG_INFO,
	    result->transcript != NULL ? "session" : "no session", fields);
}

/* Good news is news, too; bad news is a warning. */
static bool
is_bad(const char *state)
{
	return strcmp(state, "blocked") == 0 || strcmp(state, "overdue") == 0 ||
	       strcmp(state, "flapping") == 0;
}

void
mx_serve_log_event(const struct mx_store_event *event)
{
	const struct mx_log_field fields[] = {
		{ "source", event->source },
		{ "provider", event->provider != NULL ? event->provider : event->group },
		{ "from", event->old_state },
		{ "to", event->new_state },
		{ "why", event->why },
		{ "probe_id", event->result },
		{ NULL, NULL },
	};

	mx_log_record(
	    is_bad(event->new_state) ? MX_LOG_WARNING : MX_LOG_INFO, "state", fields);
}
