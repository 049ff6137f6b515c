/*
 * recall.h - what was read in a wording before; private to verdict/.
 * In:   a wording with all that its reading rests on, and the reading.
 * Out:  that reading again, for the same bytes under the same circumstances.
 * Not:  no answer of its own, and nothing of clients and recipients: whom a reply is about is found out
 *       anew each time (about.h).
 *
 * A mail log says a few hundred sentences a million times. Memory is bounded: of so many wordings those
 * asked for last are kept, and long ones never are.
 */
#ifndef MX_VERDICT_RECALL_H
#define MX_VERDICT_RECALL_H

#include "probe/verdict/reading.h"

#define MX_RECALL_WORDINGS 8192
#define MX_RECALL_LONGEST 1024

struct mx_recall;

/** Caller frees with mx_recall_free. */
struct mx_recall *mx_recall_new(void);
void mx_recall_free(struct mx_recall *recall);

/** NULL: not read yet, or forgotten. The pointer holds until the next mx_recall_keep. */
const struct mx_reading *mx_recall_find(
    struct mx_recall *recall, const struct mx_circumstances *circumstances);
/** Of what mx_recall_find did not find. What the reading points to must outlive the recall. */
void mx_recall_keep(struct mx_recall *recall,
    const struct mx_circumstances *circumstances, const struct mx_reading *reading);

#endif
