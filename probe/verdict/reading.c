/* reading.c - match, mention, weigh; or recall. */
#include "probe/verdict/reading.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/verdict/delay.h"
#include "probe/verdict/recall.h"

struct mx_desk *
mx_desk_new(void)
{
	struct mx_desk *desk = mx_calloc(1, sizeof *desk);

	desk->recall = mx_recall_new();
	return desk;
}

void
mx_desk_free(struct mx_desk *desk)
{
	if (desk == NULL)
		return;
	mx_recall_free(desk->recall);
	free(desk);
}

void
mx_reading_recall(const struct mx_rules *rules, bool recall)
{
	mx_recall_free(rules->desk->recall);
	rules->desk->recall = recall ? mx_recall_new() : NULL;
}

static void
read_anew(const struct mx_rules *rules, const struct mx_circumstances *circumstances,
    struct mx_evidence_set *said, struct mx_reading *out)
{
	mx_match_reply(rules, circumstances, said);
	mx_mention_add(rules, said);
	mx_weigh(said, &out->weighed);
	out->mention = said->mention;
	out->delay_s = mx_delay_find(rules, circumstances->normal);
}

const struct mx_reading *
mx_reading_of(const struct mx_rules *rules, const struct mx_circumstances *circumstances)
{
	struct mx_desk *desk = rules->desk;
	const struct mx_reading *known =
	    desk->recall != NULL ? mx_recall_find(desk->recall, circumstances) : NULL;

	if (known != NULL)
		return known;
	read_anew(rules, circumstances, &desk->said, &desk->reading);
	if (desk->recall != NULL)
		mx_recall_keep(desk->recall, circumstances, &desk->reading);
	return &desk->reading;
}
