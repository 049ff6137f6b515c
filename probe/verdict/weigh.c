/*
 * weigh.c - not first match wins: the strongest evidence decides, agreement makes it
 * surer, contradiction less sure.
 *
 * A category's weight is that of its strongest evidence, never a sum: ten hints are no
 * proof, and adding an eleventh rule must not turn an answer round. The sum (of doubts,
 * as if the rules were independent) only says how sure we are. Ties go to more
 * agreement, then to the longer, hence more specific, words, then to the id: never to
 * the order of files.
 */
#include "probe/verdict/weigh.h"

#include <string.h>

/* Below this an answer would be a guess. */
#define ENOUGH 0.40
/* A candidate worth telling. */
#define WORTH_TELLING 0.20
/* We know of nothing that is never wrong. */
#define SUREST 0.99
/* How much of the confidence a contradiction of equal strength takes. */
#define CONTRADICTION 0.4

struct score {
	const struct mx_evidence *best;
	double doubt; /* what all its evidence together leaves open */
};

/* Larger is better; 0 only for one and the same evidence. */
static int
compare_evidence(const struct mx_evidence *a, const struct mx_evidence *b)
{
	if (a->weight < b->weight || a->weight > b->weight)
		return a->weight > b->weight ? 1 : -1;
	if (a->length != b->length)
		return a->length > b->length ? 1 : -1;
	return -strcmp(a->rule_id, b->rule_id);
}

static int
compare_scores(const struct score *a, const struct score *b)
{
	if (a->best->weight < b->best->weight || a->best->weight > b->best->weight)
		return a->best->weight > b->best->weight ? 1 : -1;
	if (a->doubt < b->doubt || a->doubt > b->doubt)
		return a->doubt < b->doubt ? 1 : -1;
	return compare_evidence(a->best, b->best);
}

static bool
is_listing(const struct mx_evidence *evidence)
{
	return strcmp(evidence->category->family, "blocklist") == 0;
}

static bool
is_query_error(const struct mx_evidence *evidence)
{
	return evidence->rule != NULL && evidence->rule->row->query_error == MX_YES;
}

static bool
has_query_error(const struct mx_evidence_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (is_query_error(&set->items[i]))
			return true;
	return false;
}

static void
add_to_scores(struct score *scores, size_t *count, const struct mx_evidence *evidence)
{
	size_t i = 0;

	while (i < *count && scores[i].best->category != evidence->category)
		i++;
	if (i == *count)
		scores[(*count)++] = (struct score){ .best = evidence, .doubt = 1 };
	else if (compare_evidence(evidence, scores[i].best) > 0)
		scores[i].best = evidence;
	scores[i].doubt *= 1 - evidence->weight;
}

static void
sort_scores(struct score *scores, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i;
		     k > 0 && compare_scores(&scores[k], &scores[k - 1]) > 0; k--) {
			struct score moved = scores[k];

			scores[k] = scores[k - 1];
			scores[k - 1] = moved;
		}
}

static double
confidence_of(const struct score *score)
{
	double sure = 1 - score->doubt;

	return sure < SUREST ? sure : SUREST;
}

/* A rival as strong as the winner takes most, one far below nothing. */
static double
contradiction(const struct score *winner, const struct score *rival)
{
	double lead = winner->best->weight - rival->best->weight;
	double force = rival->best->weight - 2 * lead;

	return force > 0 ? force * CONTRADICTION : 0;
}

static void
tell_candidates(
    const struct score *scores, size_t count, size_t from, struct mx_weighed *out)
{
	for (size_t i = from; i < count && out->candidate_count < MX_CANDIDATES; i++) {
		if (confidence_of(&scores[i]) < WORTH_TELLING)
			continue;
		out->candidates[out->candidate_count++] = (struct mx_candidate){
			.category = scores[i].best->category->id,
			.rule = scores[i].best->rule_id,
			.confidence = confidence_of(&scores[i]),
		};
	}
}

void
mx_weigh(const struct mx_evidence_set *set, struct mx_weighed *out)
{
	struct score scores[MX_EVIDENCE_MAX];
	size_t count = 0;

	*out = (struct mx_weighed){ .query_error = has_query_error(set) };
	/* A receiver whose own query fails still says "blocked using": no listing is meant. */
	for (size_t i = 0; i < set->count; i++)
		if (!out->query_error || !is_listing(&set->items[i]))
			add_to_scores(scores, &count, &set->items[i]);
	sort_scores(scores, count);
	if (count > 0 && confidence_of(&scores[0]) >= ENOUGH) {
		out->is_decided = true;
		out->winner = *scores[0].best;
		out->confidence = confidence_of(&scores[0]);
		if (count > 1)
			out->confidence *= 1 - contradiction(&scores[0], &scores[1]);
	}
	tell_candidates(scores, count, out->is_decided ? 1 : 0, out);
}
