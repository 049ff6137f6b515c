/*
 * paste.h - replies quoted in a bounce's text, as a person reads or pastes it; private to unwrap/.
 * In:   text without MIME, in any charset, perhaps quoted with "> ".
 * Out:  each reply once, told to the sink.
 * Not:  no message structure (message.c).
 */
#ifndef MX_UNWRAP_PASTE_H
#define MX_UNWRAP_PASTE_H

#include "probe/unwrap/draft.h"

/** What holds for every reply of this text; known is a draft with what is known beforehand. With
 *  whole, a text that quotes none is told as one reply. Returns how many were told. */
size_t mx_paste_read(struct mx_span text, const struct mx_draft *known, bool whole,
    const struct mx_unwrap_sink *sink);
/** True when the text quotes a reply somewhere, so that its lines belong together. */
bool mx_paste_quotes(struct mx_span text);

#endif
