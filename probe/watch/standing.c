/* standing.c - one reader of the store for each part. */
#include "probe/watch/standing.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/cases.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"
#include "probe/watch/state_text.h"

static bool
is_word(const char *word, const char *wanted)
{
	return word != NULL && strcmp(word, wanted) == 0;
}

/* Only the mailbox was refused: the address got through. */
static bool
is_accept(const char *verdict)
{
	return is_word(verdict, "accepted") || is_word(verdict, "recipient");
}

static bool
take_pair(void *arg, const struct mx_store_pair *pair)
{
	struct mx_standing *standing = arg;

	standing->is_known = true;
	(void)mx_state_from_text(pair->fold, &standing->pair);
	standing->last_verdict = mx_strdup(pair->last_verdict);
	standing->last_us = pair->last_us;
	return false;
}

static bool
take_hop(void *arg, const struct mx_store_hop *hop)
{
	struct mx_standing *standing = arg;
	struct mx_standing_hop *mine;

	standing->hops =
	    mx_grow(standing->hops, standing->hop_count, sizeof *standing->hops);
	mine = &standing->hops[standing->hop_count++];
	*mine = (struct mx_standing_hop){
		.mx_host = mx_strdup(hop->mx_host),
		.address = mx_strdup(hop->address),
		.verdict = mx_strdup(hop->verdict),
		.result = mx_strdup(hop->result),
		.time_us = hop->time_us,
		.is_accepting = is_accept(hop->verdict),
	};
	standing->accepting += mine->is_accepting;
	return true;
}

/* They come newest first. */
static bool
take_case(void *arg, const struct mx_store_case *one)
{
	struct mx_standing *standing = arg;

	standing->one = (struct mx_standing_case){
		.id = one->id,
		.ticket = mx_strdup(one->ticket),
		.outcome = mx_strdup(one->outcome),
		.note = mx_strdup(one->note),
		.opened_us = one->opened_us,
		.expected_us = one->expected_us,
		.cleared_us = one->cleared_us,
		.closed_us = one->closed_us,
		.steps = (unsigned)one->step,
	};
	return false;
}

static int
by_name(const void *a, const void *b)
{
	const struct mx_standing_hop *one = a, *other = b;
	int order = strcmp(one->mx_host, other->mx_host);

	return order != 0 ? order : strcmp(one->address, other->address);
}

enum mx_err
mx_standing_load(struct mx_store *store, const char *source, const char *group,
    struct mx_standing *standing, struct mx_error *err)
{
	*standing = (struct mx_standing){ 0 };
	if (mx_store_pairs(store, source, group, take_pair, standing, err) != MX_OK ||
	    mx_store_hops(store, source, group, take_hop, standing, err) != MX_OK ||
	    mx_store_cases(store, source, group, take_case, standing, err) != MX_OK)
		return err->code;
	if (standing->hop_count > 0)
		qsort(
		    standing->hops, standing->hop_count, sizeof *standing->hops, by_name);
	return MX_OK;
}

void
mx_standing_clear(struct mx_standing *standing)
{
	for (size_t i = 0; i < standing->hop_count; i++) {
		free(standing->hops[i].mx_host);
		free(standing->hops[i].address);
		free(standing->hops[i].verdict);
		free(standing->hops[i].result);
	}
	free(standing->hops);
	free(standing->last_verdict);
	free(standing->one.ticket);
	free(standing->one.outcome);
	free(standing->one.note);
	*standing = (struct mx_standing){ 0 };
}

/* ---- which pair ---- */

struct search {
	const char *destination;
	char *group;
	int64_t last_us;
};

static bool
compare_destination(void *arg, const struct mx_store_pair *pair)
{
	struct search *search = arg;

	if (!is_word(pair->destination, search->destination) ||
	    (search->group != NULL && pair->last_us <= search->last_us))
		return true;
	free(search->group);
	search->group = mx_strdup(pair->group);
	search->last_us = pair->last_us;
	return true;
}

char *
mx_standing_group(struct mx_store *store, const char *source, const char *destination,
    struct mx_error *err)
{
	struct search search = { .destination = destination };

	if (mx_store_pairs(store, source, NULL, compare_destination, &search, err) ==
	    MX_OK)
		return search.group;
	free(search.group);
	return NULL;
}

/* ---- proof ---- */

/** The rows that matter, by their ids. */
struct episode {
	int64_t since_us;   /* just after the clear before it */
	int64_t cleared_us; /* the clear that ended it; 0: none has */
	int64_t first_block_us;
	char *refusal, *accept;
	bool has_block;
};

/* An episode begins where the one before was over. */
static bool
note_clear(void *arg, const struct mx_store_event *event)
{
	struct episode *episode = arg;

	if (is_word(event->new_state, "clear") && event->time_us != episode->cleared_us)
		episode->since_us = event->time_us + 1;
	return true;
}

static void
keep_id(char **kept, const char *id)
{
	free(*kept);
	*kept = mx_strdup(id);
}

/* Blocks come first: any other refusal stands for one only where none was seen. */
static bool
note_row(void *arg, const struct mx_store_result *row)
{
	struct episode *episode = arg;
	bool is_block = is_word(row->verdict, "blocked");

	if (is_block && episode->first_block_us == 0)
		episode->first_block_us = row->time_us;
	if (is_block || (!episode->has_block && (is_word(row->verdict, "identity") ||
						    is_word(row->verdict, "policy")))) {
		keep_id(&episode->refusal, row->id);
		episode->has_block |= is_block;
	} else if (is_accept(row->verdict)) {
		keep_id(&episode->accept, row->id);
	}
	return true;
}

enum mx_err
mx_proof_load(struct mx_store *store, const char *source, const char *group,
    const struct mx_standing *standing, struct mx_proof *proof, struct mx_error *err)
{
	struct episode episode = { 0 };
	struct mx_store_span span = { .source = source, .group = group };

	*proof = (struct mx_proof){ 0 };
	if (standing->pair.state == MX_STATE_CLEAR)
		episode.cleared_us = standing->pair.since_us;
	if (mx_store_events(store, source, group, 0, note_clear, &episode, err) != MX_OK)
		return err->code;
	span.since_us = episode.since_us;
	if (mx_store_history(store, &span, note_row, &episode, err) == MX_OK &&
	    episode.refusal != NULL)
		proof->before = mx_store_evidence(store, episode.refusal, err);
	if (err->code == MX_OK && episode.accept != NULL)
		proof->after = mx_store_evidence(store, episode.accept, err);
	proof->first_block_us = episode.first_block_us;
	free(episode.refusal);
	free(episode.accept);
	return err->code;
}

void
mx_proof_clear(struct mx_proof *proof)
{
	free(proof->before);
	free(proof->after);
	*proof = (struct mx_proof){ 0 };
}
