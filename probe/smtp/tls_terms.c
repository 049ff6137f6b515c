/* tls_terms.c - what was promised about TLS, against what was there. */
#include "probe/smtp/tls_terms.h"

#include <stdlib.h>

#include "probe/base/mem.h"

/* DANE goes before CAs (RFC 7672 2.2), and neither makes up for a policy that does not list the
 * host. */
const char *
mx_tls_terms_unmet(const struct mx_session_params *params, const struct mx_tls_facts *tls)
{
	if (params->forbidden)
		return params->policy;
	if (tls->dane == MX_DANE_FAILED)
		return tls->dane_detail;
	if (tls->dane == MX_DANE_VALID || tls->verified)
		return NULL;
	return tls->reason != NULL ? tls->reason : "the certificate does not hold";
}

static char *
handshake_remark(const struct mx_tls_facts *tls)
{
	const char *reason = tls->reason != NULL ? tls->reason : "reason unknown";

	return mx_asprintf("%s %s, certificate %s%s",
	    tls->version != NULL ? tls->version : "TLS",
	    tls->cipher != NULL ? tls->cipher : "",
	    tls->verified ? "verified" : "not verified: ", tls->verified ? "" : reason);
}

size_t
mx_tls_terms_remarks(const struct mx_session_params *params,
    const struct mx_tls_facts *tls, char *lines[MX_TLS_REMARKS])
{
	size_t count = 0;

	lines[count++] = handshake_remark(tls);
	if (tls->dane > MX_DANE_NONE)
		lines[count++] = mx_asprintf("DANE %s%s%s", mx_dane_name(tls->dane),
		    tls->dane_detail != NULL ? ": " : "",
		    tls->dane_detail != NULL ? tls->dane_detail : "");
	if (params->policy != NULL)
		lines[count++] = mx_strdup(params->policy);
	return count;
}

/* TLSA records promise TLS: a server that was asked and has none breaks the promise. A session that
 * ended before says nothing about it. */
static const char *
broken_promise(const struct mx_transcript *transcript)
{
	const struct mx_reply_record *ehlo =
	    mx_transcript_reply(transcript, MX_STAGE_EHLO);

	switch (transcript->tls.seen) {
	case MX_TLS_NOT_OFFERED:
		return ehlo != NULL && ehlo->code / 100 == 2
			   ? "there are TLSA records, and the server offers no STARTTLS"
			   : NULL;
	case MX_TLS_REFUSED:
		return "there are TLSA records, and the server refuses STARTTLS";
	case MX_TLS_FAILED:
		return "there are TLSA records, and the handshake failed";
	case MX_TLS_NOT_TRIED:
	case MX_TLS_DONE:
		break;
	}
	return NULL;
}

void
mx_tls_terms_conclude(
    const struct mx_session_params *params, struct mx_transcript *transcript)
{
	const struct mx_dane *dane = params->dane;
	struct mx_tls_facts *tls = &transcript->tls;
	const char *broken;

	if (dane == NULL || tls->seen == MX_TLS_DONE)
		return;
	broken = dane->count > 0 ? broken_promise(transcript) : NULL;
	tls->dane = broken != NULL    ? MX_DANE_FAILED
		    : dane->count > 0 ? MX_DANE_UNKNOWN
				      : dane->known;
	free(tls->dane_detail);
	tls->dane_detail = mx_strdup(broken != NULL ? broken : dane->detail);
}
