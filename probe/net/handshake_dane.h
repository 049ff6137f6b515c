/*
 * handshake_dane.h - DANE (RFC 7671, 7672) in one TLS handshake, by OpenSSL.
 * In:   TLSA records, a fresh SSL object; the same after the handshake.
 * Out:  whether the server showed what the records name.
 * Not:  the handshake goes on whatever comes out. Only net/ may include this (OpenSSL).
 */
#ifndef MX_NET_HANDSHAKE_DANE_H
#define MX_NET_HANDSHAKE_DANE_H

#include <openssl/ssl.h>

#include "probe/net/dane.h"

/** Names, SNI and records for a handshake whose chain is to be judged by DANE. False when OpenSSL
 *  can use none of the records: then the names are to be set anew. */
bool mx_handshake_expect_dane(SSL *ssl, const struct mx_dane *dane);
/** After such a handshake: fills dane and dane_detail. error is the first that verification met,
 *  X509_V_OK for none. */
void mx_handshake_judge_dane(SSL *ssl, long error, struct mx_tls_facts *facts);

#endif
