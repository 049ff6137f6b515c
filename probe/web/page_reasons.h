/*
 * page_reasons.h - why a state changed, and why a pair is not asked sooner, in the page's language.
 * In:   a sentence of watch/ (state.c, why.c) as the store has it: English, with names and numbers in it.
 * Out:  the same in Japanese, where the sentence is known; else as it was.
 * Not:  what servers say is never translated.
 */
#ifndef MX_WEB_PAGE_REASONS_H
#define MX_WEB_PAGE_REASONS_H

#include "probe/web/page.h"

/** NULL: not a sentence that is known. Caller frees. */
char *mx_reason_in_japanese(const char *why);
/** In the page's language; what can be had in English only is marked as that. NULL is nothing. */
void mx_page_put_reason(struct mx_page *page, const char *why);

#endif
