/* remember.c - results into a store, as if they had just been probed: `remember STORE <RESULTS`.
 *
 * RESULTS are lines of `mxprobe check --format json`, at whatever time they say; so a script can
 * make a history of days. "group" may be added to a line; else it is the provider, or the
 * destination. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/record.h"
#include "probe/watch/state_text.h"

static const struct {
	const char *verdict;
	enum mx_observation_kind kind;
} kinds[] = {
	{ "accepted", MX_OBSERVED_ACCEPT },
	{ "recipient", MX_OBSERVED_ACCEPT },
	{ "blocked", MX_OBSERVED_BLOCK },
	{ "policy", MX_OBSERVED_REFUSAL },
	{ "identity", MX_OBSERVED_REFUSAL },
	{ "throttled", MX_OBSERVED_THROTTLE },
};

/* Of the line's provider; outlive the writer. */
static const bool is_seeing = true, is_blind = false;

static void
fold(const void *arg, const struct mx_store_state *before,
    const struct mx_store_result *row, struct mx_store_step *out)
{
	const bool *is_observable = arg;
	struct mx_observation seen = { .time_us = row->time_us };
	struct mx_pair_state pair;
	struct mx_state_change change;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].verdict, row->verdict) == 0)
			seen.kind = kinds[i].kind;
	/* Where blocks show only after DATA, an accept says nothing. */
	if (seen.kind == MX_OBSERVED_ACCEPT && !*is_observable)
		seen.kind = MX_OBSERVED_NOTHING;
	(void)snprintf(
	    seen.host, sizeof seen.host, "%s", row->address != NULL ? row->address : "");
	(void)mx_state_from_text(before != NULL ? before->fold : NULL, &pair);
	mx_state_observe(&mx_state_rules_default, &pair, &seen, &change);
	out->state = mx_state_name(change.after);
	out->since_us = change.after != change.before || before == NULL
			    ? row->time_us
			    : before->since_us;
	out->fold = mx_state_to_text(&pair);
	out->why = change.why;
	out->has_learned = seen.kind != MX_OBSERVED_NOTHING;
}

static const char *
text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int64_t
time_of(const json_t *line)
{
	struct tm tm = { 0 };

	if (text(line, "time") == NULL ||
	    strptime(text(line, "time"), "%Y-%m-%dT%H:%M:%S", &tm) == NULL)
		return 0;
	return (int64_t)timegm(&tm) * MX_SECOND_US;
}

static void
remember(struct mx_store *store, const json_t *line, const char *json)
{
	const json_t *mx = json_object_get(line, "mx");
	const json_t *finding = json_object_get(line, "finding");
	const char *provider = text(line, "provider"), *group = text(line, "group");
	struct mx_store_result row = {
		.id = text(line, "id"),
		.time_us = time_of(line),
		.source = text(line, "source"),
		.group = group != NULL      ? group
			 : provider != NULL ? provider
					    : text(line, "destination"),
		.provider = provider,
		.destination = text(line, "destination"),
		.mx_host = text(mx, "host"),
		.address = text(mx, "address"),
		.helo = text(line, "helo"),
		.mail_from = text(line, "mail_from"),
		.rcpt = text(line, "rcpt"),
		.depth = text(line, "depth"),
		.reached = text(line, "reached"),
		.verdict = text(line, "verdict"),
		.seen_source = text(line, "seen_source"),
		.note = text(line, "note"),
		.stage = text(finding, "stage"),
		.code = json_integer_value(json_object_get(finding, "code")),
		.enhanced = text(finding, "enhanced"),
		.text = text(finding, "text"),
		.category = text(finding, "category"),
		.about = text(finding, "about"),
		.permanence = text(finding, "permanence"),
		.authority = text(finding, "authority"),
		.list = text(finding, "list"),
		.provider_code = text(finding, "provider_code"),
		.listed_value = text(finding, "listed_value"),
		.delist_url = text(finding, "delist_url"),
		.rule = text(finding, "rule"),
		.remedy = text(finding, "remedy"),
		.confidence = json_number_value(json_object_get(finding, "confidence")),
	};

	mx_store_record(
	    store, &(struct mx_store_record){ .row = &row,
		       .json = json,
		       .fold = fold,
		       .fold_arg = json_is_false(json_object_get(line, "observable"))
				       ? &is_blind
				       : &is_seeing });
}

int
main(int argc, char **argv)
{
	struct mx_error err = { 0 };
	struct mx_store *store =
	    argc == 2 ? mx_store_open(argv[1], MX_STORE_WRITE, &err) : NULL;
	char *line = NULL;
	size_t room = 0;
	int status = 0;

	if (store == NULL) {
		fprintf(
		    stderr, "remember: %s\n", argc == 2 ? err.text : "remember STORE");
		return 1;
	}
	while (getline(&line, &room, stdin) > 0) {
		json_t *parsed;

		line[strcspn(line, "\n")] = '\0';
		parsed = json_loads(line, 0, NULL);
		if (parsed != NULL)
			remember(store, parsed, line);
		status = parsed != NULL ? status : 1;
		json_decref(parsed);
	}
	if (mx_store_wait(store, &err) != MX_OK) {
		fprintf(stderr, "remember: %s\n", err.text);
		status = 1;
	}
	mx_store_close(store);
	free(line);
	return status;
}
