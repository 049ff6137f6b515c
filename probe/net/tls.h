/*
 * tls.h - what all TLS sessions share: trusted CAs, versions, sizes.
 * In:   where trusted CAs are.   Out: a set-up for mx_stream_start_tls().
 * Not:  never aborts a handshake for a bad certificate: it is recorded, the caller decides.
 */
#ifndef MX_NET_TLS_H
#define MX_NET_TLS_H

#include "probe/base/err.h"
#include "probe/transcript.h"

struct mx_tls; /* shared by all sessions */

/** ca_file NULL: the system's store. Accepts TLS 1.0 up, at security level 0: old servers are
 *  observed and reported as obsolete, not hidden. NULL and MX_ERR_USAGE when ca_file can't be read. */
struct mx_tls *mx_tls_new(const char *ca_file, struct mx_error *err);
void mx_tls_free(struct mx_tls *tls);

#endif
