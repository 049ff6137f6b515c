/*
 * dialogue.h - transcripts for tests of verdict/, written as people write dialogues.
 * In:   "banner< 220 mx ESMTP\nehlo> EHLO probe\nehlo< 250-mx\nehlo< 250 SIZE\n…"
 * Out:  the transcript that a session with these lines leaves; rules and identity to judge it.
 * Not:  no session runs: what is not written here did not happen.
 */
#ifndef MX_TESTS_UNIT_VERDICT_DIALOGUE_H
#define MX_TESTS_UNIT_VERDICT_DIALOGUE_H

#include "probe/verdict/judge.h"

/** The rule set of the data directory in use; loaded once, freed by dialogue_unload. */
const struct mx_rules *dialogue_rules(void);
const struct mx_catalogue *dialogue_catalogue(void);
void dialogue_load(void);
void dialogue_unload(void);

/** The prober of all tests: 203.0.113.5, mail.example.jp, probe@example.jp, user@example.net. */
struct mx_identity dialogue_identity(void);
/** The same at the provider with this id. */
struct mx_identity dialogue_identity_at(const char *provider);

/** "STAGE< line" from the server, "STAGE> line" from us. A line "tls" stands for a completed
 *  handshake. Caller frees the transcript. */
struct mx_transcript *dialogue_play(
    const char *script, enum mx_end end, enum mx_stage end_stage);

#endif
