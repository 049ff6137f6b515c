/* dane.c - which TLSA records count. */
#include "probe/net/dane.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define HEAD 3 /* usage, selector, matching type */
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Usage 2 (DANE-TA) and 3 (DANE-EE); 0 and 1 ask for a CA that the world trusts, which mail
 * exchangers never agreed on. */
static bool
is_usage_known(uint8_t usage)
{
	return usage == 2 || usage == 3;
}

/* By matching type: bytes of the digest. Type 0 is the thing itself, of any length. */
static const size_t digests[] = { 0, 32, 64 };

bool
mx_tlsa_read(const uint8_t *rdata, size_t len, struct mx_tlsa *out)
{
	if (len <= HEAD)
		return false;
	*out = (struct mx_tlsa){ rdata[0], rdata[1], rdata[2], rdata + HEAD, len - HEAD };
	if (!is_usage_known(out->usage) || out->selector > 1 ||
	    out->matching >= COUNT(digests))
		return false;
	return out->matching == 0 || out->len == digests[out->matching];
}

void
mx_dane_add(struct mx_dane *dane, const uint8_t *rdata, size_t len)
{
	struct mx_dane_record *record;
	struct mx_tlsa tlsa;

	if (!mx_tlsa_read(rdata, len, &tlsa)) {
		dane->known = MX_DANE_UNUSABLE;
		return;
	}
	if (dane->count == MX_DANE_RECORDS)
		return;
	dane->records = mx_grow(dane->records, dane->count, sizeof *dane->records);
	record = &dane->records[dane->count++];
	record->rdata = mx_calloc(len, 1);
	memcpy(record->rdata, rdata, len);
	record->len = len;
}

void
mx_dane_clear(struct mx_dane *dane)
{
	for (size_t i = 0; i < dane->count; i++)
		free(dane->records[i].rdata);
	free(dane->records);
	free(dane->detail);
	free(dane->host);
	free(dane->base);
	free(dane->domain);
	*dane = (struct mx_dane){ 0 };
}
