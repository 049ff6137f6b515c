/*
 * samples.h - a reply as a person pastes it, made into facts; private to verdict/ and its
 *             tests.
 * In:   "550 5.7.1 Blocked", "554-first line\n554 last line", "rcpt: 550 No such user".
 * Out:  what mx_classify() takes.
 * Not:  no unwrapping of log lines and bounces.
 */
#ifndef MX_VERDICT_SAMPLES_H
#define MX_VERDICT_SAMPLES_H

#include "probe/verdict/ruleset.h"

/** A stage in front of the code fills reply->stage, else that is MX_STAGE_COUNT. *text is what
 *  reply->text points into; caller frees. False when there is no reply code. */
bool mx_sample_parse(const char *sample, struct mx_reply_facts *reply, char **text);
/** Is the rule among those that hit this reply, said by the rule's own provider? */
bool mx_sample_hits(const struct mx_rules *rules, const struct mx_rule *rule,
    const struct mx_reply_facts *reply);

#endif
