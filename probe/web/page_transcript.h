/*
 * page_transcript.h - one session: who met whom, and every line that was said.
 * In:   a result as `--format json` printed it.   Out: HTML, mailboxes left out.
 * Not:  no store, no verdict of its own.
 */
#ifndef MX_WEB_PAGE_TRANSCRIPT_H
#define MX_WEB_PAGE_TRANSCRIPT_H

#include "probe/store/result_row.h"
#include "probe/web/page.h"

/** evidence may be NULL: it is kept for a shorter time than the row. */
void mx_page_put_transcript(
    struct mx_page *page, const struct mx_store_result *row, const char *evidence);

#endif
