/*
 * recording_dialogue.h - what the server said in a session that was kept, as rules for a scripted one.
 * In:   a transcript; names to replace.   Out: the `replies:` of a scenario; how the session ended.
 * Not:  only for recording.c.
 */
#ifndef MX_CMD_RECORDING_DIALOGUE_H
#define MX_CMD_RECORDING_DIALOGUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "probe/cmd/anonymous.h"

/** The rules, below `replies:`. has_tls: the session was encrypted at some time. */
void mx_recording_put_replies(
    FILE *out, const json_t *result, struct mx_anonymous *anonymous, bool has_tls);
/** A member that is a string; NULL: it is none. Borrowed from object, which may be NULL. */
const char *mx_recording_text(const json_t *object, const char *key);
/** A string of YAML. */
void mx_recording_put_quoted(FILE *out, const char *text);

bool mx_recording_is_connected(const json_t *result);
/** How a session ended that nobody said goodbye to. */
struct mx_recording_end {
	const char *text; /* the transcript's remark */
	/* of the rule it stands behind; NULL: the lines themselves do it */
	const char *rule;
	bool is_connect; /* there is no session, but a port: rule is about that */
	bool is_slow;
};
/** The remark that ended the session; NULL: it was said goodbye to. Borrowed. */
const char *mx_recording_last_remark(const json_t *result);
/** NULL: it depends on bytes that nobody kept. */
const struct mx_recording_end *mx_recording_end_of(const char *remark);

#endif
