/*
 * draft.h - what is known of one quoted reply while it is being read; private to unwrap/.
 * In:   pieces of the input as a form's reader finds them.
 * Out:  struct mx_said, told to the sink.
 * Not:  no searching: where the pieces stand is quote.c's and log.c's business.
 */
#ifndef MX_UNWRAP_DRAFT_H
#define MX_UNWRAP_DRAFT_H

#include "probe/unwrap/span.h"
#include "probe/unwrap/unwrap.h"

/** Pieces are borrowed from the input; zero means not known (but for stage: see init). */
struct mx_draft {
	const char *form;
	size_t line;
	struct mx_span reply;
	enum mx_stage stage;
	bool local;
	bool
	    prose; /* line breaks are the writer's: join what does not begin with a code */
	bool has_from;               /* mail_from is known, perhaps the null sender */
	struct mx_enhanced enhanced; /* as the log has it; the reply's own wins */
	struct mx_span mx_host, rcpt, mail_from, source_host;
	struct mx_addr mx_addr, source_addr;
};

void mx_draft_init(struct mx_draft *draft, const char *form, size_t line);
/** Tell it; nothing when the reply is blank. Returns how many were told. */
size_t mx_draft_tell(const struct mx_draft *draft, const struct mx_unwrap_sink *sink);

#endif
