/*
 * log.h - replies that MTAs write into their logs; private to unwrap/.
 * In:   a log's lines, in order.
 * Out:  for each line, whether it is one, and the reply it quotes as a draft.
 * Not:  no bounces, no text without a log's frame.
 */
#ifndef MX_UNWRAP_LOG_H
#define MX_UNWRAP_LOG_H

#include "probe/unwrap/draft.h"

enum mx_log_line {
	MX_LOG_NONE,   /* not a log's line */
	MX_LOG_SILENT, /* one that quotes no server we talked to */
	MX_LOG_QUOTES  /* draft holds what it quotes */
};

struct mx_buf;
/** qmail-send writes spaces as '_' and line ends as '/'. Appends text as it was before that; a '/'
 *  is a line end only where qmail-remote ends a line, or a reply does. */
void mx_log_spell_out(struct mx_span text, struct mx_buf *out);

/** What a log has said so far that later lines refer to: senders, recipients, sessions. */
struct mx_log;
struct mx_log *mx_log_new(void);
void mx_log_free(struct mx_log *log);

/** Draft is filled only for MX_LOG_QUOTES; its pieces live as long as line and until the next
 *  call. */
enum mx_log_line mx_log_read(
    struct mx_log *log, struct mx_span line, struct mx_draft *draft);

#endif
