/*
 * pki.h - certificates for scripted servers, found or made.
 * In:   --certs, MXPROBE_CERTS, or the script certs/make-certs.sh and the openssl tool.
 * Out:  a directory with NAME.pem, NAME.key and ca.pem.
 * Not:  nothing is kept: what was made for a run goes with mx_pki_clear.
 */
#ifndef MX_CMD_PKI_H
#define MX_CMD_PKI_H

#include "probe/base/err.h"

struct mx_pki {
	char *dir;     /* NULL: there are none */
	char *ca_file; /* dir/ca.pem */
	char *made;    /* what to remove in the end; NULL: nothing */
};

/** given NULL: MXPROBE_CERTS; without that, made anew in a temporary directory, which takes a
 *  fifth of a second. MX_ERR_CONFIG when there are none and none can be made. */
enum mx_err mx_pki_open(struct mx_pki *pki, const char *given, struct mx_error *err)
    __attribute__((warn_unused_result));
/** Removes what was made. */
void mx_pki_clear(struct mx_pki *pki);

#endif
