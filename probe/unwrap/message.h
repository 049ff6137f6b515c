/*
 * message.h - replies in a bounce that is a whole mail message; private to unwrap/.
 * In:   a message as it lies in a mailbox.   Out: each reply, told to the sink.
 * Not:  no mailbox of many messages.
 */
#ifndef MX_UNWRAP_MESSAGE_H
#define MX_UNWRAP_MESSAGE_H

#include "probe/unwrap/draft.h"

/** True when text begins with a mail message's header. */
bool mx_message_begins(struct mx_span text);
/** In order of trust: the delivery report, the text for people, the report's status alone, an
 *  attached bounce, the whole text. Returns how many replies were told. */
size_t mx_message_read(
    struct mx_span text, const struct mx_draft *known, const struct mx_unwrap_sink *sink);

#endif
