/*
 * dane.h - TLSA records (RFC 6698) as far as SMTP uses them (RFC 7672).
 * In:   rdata, whatever its bytes.   Out: the records that count for a mail exchanger.
 * Not:  no lookup (dns/tlsa.h), no certificate (handshake_dane.h), no consequence.
 */
#ifndef MX_NET_DANE_H
#define MX_NET_DANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/transcript.h"

/** One record, read. data borrows from the rdata. */
struct mx_tlsa {
	uint8_t usage, selector, matching;
	const uint8_t *data;
	size_t len;
};

/** Reads rdata. False when SMTP can't use the record (RFC 7672 3.1.3): too short, usages 0 and 1
 *  (they need a public CA), unknown numbers, a digest of another length than its kind. That the
 *  whole certificate or key of matching type 0 is one, only the handshake finds out. */
bool mx_tlsa_read(const uint8_t *rdata, size_t len, struct mx_tlsa *out);

#define MX_DANE_RECORDS 32 /* usable ones kept of one name; honest ones have 2 to 4 */

struct mx_dane_record {
	uint8_t *rdata; /* own */
	size_t len;
};

/** What DNS says about one mail exchanger and port. */
struct mx_dane {
	/* without usable records, how that is to be called; UNUSABLE, NONE, ... */
	enum mx_dane_result known;
	char *detail; /* of known, or NULL */
	char *host;   /* the mail exchanger's own name; own */
	/* where the records were found (RFC 7672 2.2.3): SNI and the name expected; own */
	char *base;
	char *domain; /* of the mail: a second name that usage 2 accepts; own, or NULL */
	struct mx_dane_record *records; /* usable ones; own */
	size_t count;
};

/** Copies rdata if it is usable; else, if there is nothing better, known becomes UNUSABLE. */
void mx_dane_add(struct mx_dane *dane, const uint8_t *rdata, size_t len);
void mx_dane_clear(struct mx_dane *dane);

#endif
