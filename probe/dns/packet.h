/*
 * packet.h - a DNS answer from its wire bytes (RFC 1035 4.1).
 * In:   one whole packet and the type that was asked.   Out: struct mx_dns_answer.
 * Not:  no socket, no query, no opinion about DNSSEC (the resolver adds what the validator said).
 */
#ifndef MX_DNS_PACKET_H
#define MX_DNS_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "probe/dns/resolver.h"

/** Records kept of one answer; no honest answer of ours comes near. More are dropped. */
#define MX_DNS_RECORDS_MAX 512
/** CNAMEs followed; a longer chain, or a circle, is MALFORMED. */
#define MX_DNS_CNAMES_MAX 16

/** Reads the packet, whatever its bytes, into *answer: status, canonical, and at OK the records.
 *  dnssec is left UNKNOWN and why NULL. Whatever *answer held is lost; the caller clears it
 *  (mx_dns_answer_clear). Nothing borrows from packet afterwards. */
void mx_dns_packet_parse(const uint8_t *packet, size_t len, enum mx_dns_type type,
    struct mx_dns_answer *answer);

/** Forget the records, keep the rest: what is not OK (bogus, above all) must not be read. */
void mx_dns_answer_drop(struct mx_dns_answer *answer);

#endif
