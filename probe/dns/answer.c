/* answer.c - what every reader of a DNS answer needs, whoever made it. */
#include <stdlib.h>

#include "probe/dns/packet.h"

/* Each says something different to the reader, who has to do something different about it. */
static const char *const texts[MX_DNS_STATUS_COUNT] = {
	[MX_DNS_OK] = "found",
	[MX_DNS_NODATA] = "the name has no such record (NODATA)",
	[MX_DNS_NXDOMAIN] = "no such domain (NXDOMAIN)",
	[MX_DNS_SERVFAIL] = "the name servers failed (SERVFAIL)",
	[MX_DNS_BOGUS] = "DNSSEC validation failed (bogus)",
	[MX_DNS_TIMEOUT] = "no name server answered in time (timeout)",
	[MX_DNS_MALFORMED] = "the name servers' answer makes no sense (malformed)",
};

const char *
mx_dns_status_text(enum mx_dns_status status)
{
	return texts[status];
}

void
mx_dns_answer_drop(struct mx_dns_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		free(answer->records[i].name);
		free(answer->records[i].data);
	}
	free(answer->records);
	answer->records = NULL;
	answer->count = 0;
}

void
mx_dns_answer_clear(struct mx_dns_answer *answer)
{
	mx_dns_answer_drop(answer);
	free(answer->canonical);
	free(answer->why);
	*answer = (struct mx_dns_answer){ 0 };
}
