/*
 * quote.h - where a text quotes a server's reply; private to unwrap/.
 * In:   a log line's message, or the text of a bounce.
 * Out:  one quotation at a time as a draft.
 * Not:  no log line's own fields (log.c), no MIME (message.c), no telling.
 */
#ifndef MX_UNWRAP_QUOTE_H
#define MX_UNWRAP_QUOTE_H

#include "probe/unwrap/draft.h"

enum mx_quote_where {
	MX_QUOTE_WRAPPED, /* behind a phrase that introduces a reply */
	MX_QUOTE_PROSE, /* also a code at a line's start, or with an enhanced code, anywhere */
	MX_QUOTE_INNER /* only what is itself part of a reply: a relay that quotes the next */
};

/** The next quotation at or behind index *at, which moves behind it. Fills reply, form, prose and,
 *  where the phrase tells, stage, mx_host, mx_addr and rcpt; the rest of draft stays. */
bool mx_quote_next(
    struct mx_span text, size_t *at, enum mx_quote_where where, struct mx_draft *draft);

/** A relay that passes on what the next server told it: keep what that one said. */
void mx_quote_innermost(struct mx_draft *draft);
/** "550 ... (in reply to RCPT TO command)": the remark behind the reply becomes its stage. */
void mx_quote_trailer(struct mx_draft *draft);

#endif
