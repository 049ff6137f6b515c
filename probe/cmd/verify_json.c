/* verify_json.c - an object a step and one at the end. */
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/verify_view.h"

#define SCHEMA "mxprobe.verify/1"

static json_t *
text(const char *value)
{
	char *safe;
	json_t *string;

	if (value == NULL)
		return json_null();
	safe = mx_escape_utf8(value, strlen(value));
	string = json_string(safe);
	free(safe);
	return string;
}

static json_t *
moment(int64_t wall_us)
{
	char out[MX_CLOCK_TEXT];

	return wall_us > 0 ? json_string(mx_clock_format(wall_us, out)) : json_null();
}

/* null where nothing was seen. */
static json_t *
seconds(int64_t from_us, int64_t to_us)
{
	return from_us > 0 && to_us > 0 ? json_integer((to_us - from_us) / MX_SECOND_US)
					: json_null();
}

static json_t *
missing_of(const struct mx_vigil_facts *facts)
{
	struct mx_state_missing missing = mx_state_missing(facts->state_rules,
	    &facts->standing.pair, (unsigned)mx_verify_addresses(facts), facts->now_us);

	if (facts->standing.pair.state == MX_STATE_CLEAR)
		return json_null();
	return json_pack("{s:i, s:i, s:i, s:I}", "accepts", (int)missing.accepts,
	    "addresses", (int)missing.hosts, "refusing", (int)missing.holdouts, "span_s",
	    (json_int_t)(missing.span_us / MX_SECOND_US));
}

static json_t *
addresses_of(const struct mx_vigil_facts *facts)
{
	json_t *all = json_array();

	for (size_t i = 0; i < facts->standing.hop_count; i++) {
		const struct mx_standing_hop *hop = &facts->standing.hops[i];

		json_array_append_new(all,
		    json_pack("{s:o, s:o, s:o, s:o, s:o}", "host", text(hop->mx_host),
			"address", text(hop->address), "verdict", text(hop->verdict),
			"time", moment(hop->time_us), "result", text(hop->result)));
	}
	return all;
}

/* What both kinds of object begin with. */
static json_t *
new_object(const char *type, const struct mx_vigil_facts *facts)
{
	const struct mx_standing *standing = &facts->standing;
	json_t *root = json_object();

	json_object_set_new(root, "schema", json_string(SCHEMA));
	json_object_set_new(root, "type", json_string(type));
	json_object_set_new(root, "time", moment(facts->now_us));
	json_object_set_new(root, "source", text(facts->source));
	json_object_set_new(root, "destination", text(facts->destination));
	json_object_set_new(
	    root, "provider", text(facts->provider != NULL ? facts->provider->id : NULL));
	json_object_set_new(root, "group", text(facts->group));
	json_object_set_new(root, "ticket", text(standing->one.ticket));
	json_object_set_new(root, "outcome", text(standing->one.outcome));
	json_object_set_new(root, "opened", moment(standing->one.opened_us));
	json_object_set_new(root, "state",
	    json_string(mx_state_name(mx_pair_state_shown(&standing->pair))));
	json_object_set_new(root, "accepts", json_integer(standing->pair.accepts));
	json_object_set_new(root, "missing", missing_of(facts));
	json_object_set_new(root, "propagation",
	    json_pack("{s:I, s:I}", "accepting", (json_int_t)standing->accepting, "of",
		(json_int_t)mx_verify_addresses(facts)));
	json_object_set_new(root, "addresses", addresses_of(facts));
	return root;
}

static void
print(FILE *out, json_t *root)
{
	char *line = json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);

	if (line == NULL)
		mx_out_of_memory();
	fprintf(out, "%s\n", line);
	fflush(out);
	free(line);
	json_decref(root);
}

void
mx_verify_json_step(
    FILE *out, const struct mx_vigil_facts *facts, const struct mx_verify_step *step)
{
	json_t *root = new_object("step", facts), *events = json_array();

	for (size_t i = 0; i < step->event_count; i++)
		json_array_append_new(events,
		    json_pack("{s:o, s:o, s:o, s:o}", "time",
			moment(step->events[i].time_us), "from",
			text(step->events[i].before), "to", text(step->events[i].after),
			"why", text(step->events[i].why)));
	json_object_set_new(root, "step", json_integer(step->index + 1));
	json_object_set_new(root, "session", json_boolean(step->has_session));
	json_object_set(root, "results", step->results);
	json_object_set_new(root, "events", events);
	json_object_set_new(root, "next",
	    facts->next.is_over || facts->standing.pair.state == MX_STATE_CLEAR
		? json_null()
		: moment(facts->next.due_us));
	print(out, root);
}

static json_t *
evidence(const char *line)
{
	json_t *result = line != NULL ? json_loads(line, 0, NULL) : NULL;

	return result != NULL ? result : json_null();
}

void
mx_verify_json_end(
    FILE *out, const struct mx_vigil_end *end, const struct mx_proof *proof)
{
	const struct mx_standing_case *one = &end->facts.standing.one;
	json_t *root = new_object("end", &end->facts);
	bool goes_on = end->why == MX_VIGIL_INTERRUPTED || end->why == MX_VIGIL_NOT_DUE;

	json_object_set_new(root, "end", json_string(mx_vigil_why_name(end->why)));
	json_object_set_new(root, "why", text(end->text));
	json_object_set_new(root, "status", json_integer(mx_vigil_status(end)));
	json_object_set_new(
	    root, "next", goes_on ? moment(end->facts.next.due_us) : json_null());
	json_object_set_new(root, "first_block", moment(proof->first_block_us));
	json_object_set_new(root, "cleared", moment(one->cleared_us));
	json_object_set_new(root, "time_to_clear_s",
	    json_pack("{s:o, s:o}", "request", seconds(one->opened_us, one->cleared_us),
		"first_block", seconds(proof->first_block_us, one->cleared_us)));
	json_object_set_new(root, "before", evidence(proof->before));
	json_object_set_new(root, "after", evidence(proof->after));
	print(out, root);
}
