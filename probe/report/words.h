/*
 * words.h - stages, verdicts and facts as people say them.
 * In:   enums and results.   Out: English.
 * Not:  no layout (table.c), no contract words (mx_stage_name, mx_verdict_name).
 */
#ifndef MX_REPORT_WORDS_H
#define MX_REPORT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/result.h"

/** Where the deciding reply came: "in reply to MAIL FROM", "in the greeting". */
const char *mx_words_replied(enum mx_stage stage);
/** Where it happened when there was no reply: "after MAIL FROM", "while connecting". */
const char *mx_words_unanswered(enum mx_stage stage);
/** How far a session went: "RCPT TO". */
const char *mx_words_depth(enum mx_stage stage);
/** What to do about a verdict when no remedy is known: one sentence; "" for accepted. */
const char *mx_words_advice(enum mx_verdict verdict);

/** What a session without DATA can't see of this provider; the general one for an unknown
 *  provider. Sentences of the catalogue's or static; *count is how many. */
const char *const *mx_words_blind_spots(
    const struct mx_provider *provider, size_t *count);
/** False: verdicts on address and identity come only after DATA at this provider. */
bool mx_words_observable(const struct mx_provider *provider);

/** "mx1.example.test 203.0.113.25", the port when it is not 25; "-" when no host was found.
 *  Caller frees. */
char *mx_words_place(const struct mx_result *result);

#endif
