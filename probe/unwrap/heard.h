/*
 * heard.h - what the text for people says beside a report for programs; private to unwrap/.
 * In:   the replies quoted in a bounce's text, then the same ones from its report.
 * Out:  the report's reply with the stage and the host that only the text knows.
 * Not:  no reply of its own: what the report leaves out stays out.
 */
#ifndef MX_UNWRAP_HEARD_H
#define MX_UNWRAP_HEARD_H

#include "probe/unwrap/unwrap.h"

struct mx_heard;
struct mx_heard *mx_heard_new(void);
void mx_heard_free(struct mx_heard *heard);
/** A sink's said for the text; arg is the mx_heard. */
void mx_heard_note(void *arg, const struct mx_said *said);
/** Fills what said lacks from the text's quotation of the same reply to the same recipient. What
 *  is filled in is borrowed from heard. */
void mx_heard_fill(const struct mx_heard *heard, struct mx_said *said);

#endif
