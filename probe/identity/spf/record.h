/*
 * record.h - an SPF record as its terms (RFC 7208 4.6.1, 5, 6 and 12).
 * In:   the text of a TXT record.   Out: directives in their order, redirect= and exp=.
 * Not:  nothing is expanded, looked up or matched.
 */
#ifndef MX_IDENTITY_SPF_RECORD_H
#define MX_IDENTITY_SPF_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/identity/spf/spf.h"

enum mx_spf_mechanism {
	MX_SPF_ALL,
	MX_SPF_INCLUDE,
	MX_SPF_A,
	MX_SPF_MX,
	MX_SPF_PTR,
	MX_SPF_IP4,
	MX_SPF_IP6,
	MX_SPF_EXISTS,
	MX_SPF_MECHANISM_COUNT
};

struct mx_spf_directive {
	enum mx_spf_mechanism mechanism;
	enum mx_spf_result qualifier; /* what a match means */
	char *text;                   /* as published, for sentences */
	char *domain; /* its domain-spec, macros and all; NULL: the current domain */
	struct mx_addr network; /* ip4, ip6 */
	unsigned bits4, bits6;  /* how much of an address must be the same */
};

/** Everything is the record's own. */
struct mx_spf_record {
	struct mx_spf_directive *directives;
	size_t count;
	char *redirect, *exp; /* their domain-specs, NULL where there is none */
};

/** Is this TXT record one for SPF? "v=spf1", and then a space or nothing (RFC 7208 4.5). */
bool mx_spf_record_is(const void *text, size_t len);
/** Reads a record that mx_spf_record_is. False at a syntax error anywhere, with a sentence in
 *  *fault (caller frees) and an empty record. Bytes of any kind are taken. */
bool mx_spf_record_parse(
    const void *text, size_t len, struct mx_spf_record *record, char **fault);
void mx_spf_record_clear(struct mx_spf_record *record);

#endif
