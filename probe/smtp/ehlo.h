/*
 * ehlo.h - what an EHLO reply offers (RFC 5321 section 4.1.1.1).
 * In:   the reply's lines behind their code, in order.   Out: the extensions we act on.
 * Not:  no parameters: a prober that never sends DATA needs no SIZE.
 */
#ifndef MX_SMTP_EHLO_H
#define MX_SMTP_EHLO_H

#include <stdbool.h>
#include <stddef.h>

struct mx_ehlo {
	size_t lines;
	bool starttls;
};

/** Take one line. The first is the greeting, never a keyword. */
void mx_ehlo_line(struct mx_ehlo *ehlo, const char *text, size_t len);

#endif
