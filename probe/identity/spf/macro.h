/*
 * macro.h - the macros of SPF (RFC 7208 7): their syntax, and what they stand for.
 * In:   a macro-string and the facts of one check.   Out: text.
 * Not:  no lookup: who wants %{p} has looked it up before.
 */
#ifndef MX_IDENTITY_SPF_MACRO_H
#define MX_IDENTITY_SPF_MACRO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/buf.h"

/** Where a macro-string stands decides what may be in it. */
enum mx_spf_macro_use {
	MX_SPF_MACRO_DOMAIN, /* a domain-spec: ends as a domain name does; no %{c} %{r} %{t} */
	MX_SPF_MACRO_MODIFIER,   /* the value of a modifier that nobody knows */
	MX_SPF_MACRO_EXPLANATION /* spaces too */
};
/** NULL when the text is right, else what is wrong with it (static, goes after "TEXT: "). */
const char *mx_spf_macro_fault(const char *text, size_t len, enum mx_spf_macro_use use);
/** Is %{LETTER}, in either case, in this text (which has no fault)? */
bool mx_spf_macro_uses(const char *text, size_t len, char letter);

/** What the letters stand for; borrowed. Strings are never NULL. */
struct mx_spf_values {
	const char *local, *sender_domain; /* l and o; s is both */
	const char *domain;                /* d */
	const struct mx_addr *client;      /* i, c and v */
	const char *validated;             /* p, "unknown" where there is none */
	const char *helo;                  /* h */
	const char *receiver;              /* r */
	int64_t now_s;                     /* t */
};
/** Appends the text (which has no fault) with its macros expanded. False when out is full. */
bool mx_spf_macro_expand(
    const char *text, size_t len, const struct mx_spf_values *values, struct mx_buf *out);

#endif
