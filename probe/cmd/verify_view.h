/*
 * verify_view.h - what `mxprobe verify` shows: lines for people, or objects for programs.
 * In:   where a pair stands, what a step found, how it ended.   Out: bytes on a stream.
 * Not:  no session, no waiting, no store.
 */
#ifndef MX_CMD_VERIFY_VIEW_H
#define MX_CMD_VERIFY_VIEW_H

#include <jansson.h>
#include <stdio.h>

#include "probe/watch/vigil.h"

/** A change of state. Strings own. */
struct mx_verify_event {
	int64_t time_us;
	char *before, *after, *why;
};

/** One step, put together from the hooks. */
struct mx_verify_step {
	unsigned index;
	bool has_session;
	json_t *results; /* array of objects as `check --format json` prints them */
	struct mx_verify_event *events;
	size_t event_count;
};

/** Lines for people. */
struct mx_verify_look {
	FILE *out;
	unsigned width; /* columns; 0: as wide as it gets */
	bool is_quiet;  /* no way there, only the end */
};

void mx_verify_text_opened(const struct mx_verify_look *look,
    const struct mx_vigil_facts *facts, bool is_resumed);
void mx_verify_text_step(const struct mx_verify_look *look,
    const struct mx_vigil_facts *facts, const struct mx_verify_step *step);
void mx_verify_text_end(const struct mx_verify_look *look, const struct mx_vigil_end *end,
    const struct mx_proof *proof);
/** Every address, what is missing, when it goes on; for a terminal, drawn again and again. Returns the
 *  number of lines. */
unsigned mx_verify_text_live(
    const struct mx_verify_look *look, const struct mx_vigil_facts *facts);

/** Objects, one a line: schema mxprobe.verify/1. */
void mx_verify_json_step(
    FILE *out, const struct mx_vigil_facts *facts, const struct mx_verify_step *step);
void mx_verify_json_end(
    FILE *out, const struct mx_vigil_end *end, const struct mx_proof *proof);

/** How many addresses of the provider there are, as far as anybody knows. */
size_t mx_verify_addresses(const struct mx_vigil_facts *facts);

#endif
