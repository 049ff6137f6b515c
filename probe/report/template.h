/*
 * template.h - a reply without what is somebody's: who, where and which message.
 * In:   a reply's text, remote bytes.   Out: its wording, with <addr> <ip> <id> <domain> <url>.
 * Not:  no meaning: a word is taken out for its shape alone, and rather one too many than one
 *       too few, for these texts are meant to be sent to strangers.
 */
#ifndef MX_REPORT_TEMPLATE_H
#define MX_REPORT_TEMPLATE_H

#include <stddef.h>

/** One line of UTF-8 without ASCII controls. Caller frees. */
char *mx_template(const char *text, size_t len);

#endif
