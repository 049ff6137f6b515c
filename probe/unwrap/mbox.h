/*
 * mbox.h - where one message of a mailbox file ends and the next begins; private to unwrap/.
 * In:   the file as far as it is there.
 * Out:  the index of the next "From " line.
 * Not:  no reading of messages; no Content-Length, which cannot be believed.
 */
#ifndef MX_UNWRAP_MBOX_H
#define MX_UNWRAP_MBOX_H

#include "probe/unwrap/span.h"

/** Does text begin with the line that parts messages ("From a@b Thu Apr 29 11:04:47 2010")? */
bool mx_mbox_begins(struct mx_span text);
/** Index of the next such line behind a blank one, or text.len. *from, where to look from, moves to
 *  where to look on when there is more text; with at_end there never is. */
size_t mx_mbox_next(struct mx_span text, size_t *from, bool at_end);

#endif
