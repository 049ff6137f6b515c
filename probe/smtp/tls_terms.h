/*
 * tls_terms.h - what --tls require, DANE and MTA-STS ask of a session's TLS, and whether it is met.
 * In:   what the session was told, what the handshake showed.   Out: words, and one decision.
 * Not:  no handshake, no lookup; without --tls require nothing is decided here.
 */
#ifndef MX_SMTP_TLS_TERMS_H
#define MX_SMTP_TLS_TERMS_H

#include "probe/smtp/session.h"

/** Why TLS, once done, is not what --tls require asks for: a sentence, borrowed from the arguments
 *  or static. NULL when it is. */
const char *mx_tls_terms_unmet(
    const struct mx_session_params *params, const struct mx_tls_facts *tls);

#define MX_TLS_REMARKS 3
/** For the live view and the transcript: the handshake, then DANE and MTA-STS where there is
 *  something to say. Returns how many lines; the caller frees each. */
size_t mx_tls_terms_remarks(const struct mx_session_params *params,
    const struct mx_tls_facts *tls, char *lines[MX_TLS_REMARKS]);

/** At the end of a session: what DANE came to, where no handshake has told. */
void mx_tls_terms_conclude(
    const struct mx_session_params *params, struct mx_transcript *transcript);

#endif
