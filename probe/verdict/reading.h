/*
 * reading.h - what a reply's words say, whoever asks; private to verdict/.
 * In:   the wording, the codes, the stage and the provider on the other side.
 * Out:  the evidence that decides, weighed, and what else the words mention.
 * Not:  no identity: whether it is about us, and where to turn to, is classify.c's.
 */
#ifndef MX_VERDICT_READING_H
#define MX_VERDICT_READING_H

#include "probe/verdict/ruleset.h"
#include "probe/verdict/weigh.h"

struct mx_reading {
	struct mx_weighed weighed;
	struct mx_mention mention;
	long delay_s; /* "try again in 5 minutes"; -1: not said */
};

/** Where replies are read: twenty KiB that need not be cleared for each, and what was read before. Like
 *  the matcher's, this memory is for one thread at a time. */
struct mx_desk {
	struct mx_normal normal;
	struct mx_evidence_set said;
	struct mx_reading reading;
	struct mx_recall *recall; /* NULL: everything is read anew */
};

/** Caller frees with mx_desk_free. */
struct mx_desk *mx_desk_new(void);
void mx_desk_free(struct mx_desk *desk);

/** On the rule set's desk, until the next is read. */
const struct mx_reading *mx_reading_of(
    const struct mx_rules *rules, const struct mx_circumstances *circumstances);
/** Whether what was read before is recalled, as it is unless somebody says no; either way readings
 *  are the same. What was read until now is forgotten. */
void mx_reading_recall(const struct mx_rules *rules, bool recall);

#endif
