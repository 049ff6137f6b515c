/*
 * fuzz_tlsa.c - properties of any bytes read as TLSA rdata:
 * what is usable has numbers that mail uses and data of the right length, all of it; and a name's
 * records are kept as they came, or remembered as unusable.
 */
#include <string.h>

#include "probe/net/dane.h"
#include "tests/fuzz/fuzz.h"

static void
check_record(const uint8_t *rdata, size_t len)
{
	struct mx_tlsa tlsa;

	if (!mx_tlsa_read(rdata, len, &tlsa))
		return;
	FUZZ_REQUIRE(tlsa.usage == 2 || tlsa.usage == 3);
	FUZZ_REQUIRE(tlsa.selector <= 1 && tlsa.matching <= 2);
	FUZZ_REQUIRE(tlsa.data == rdata + 3 && tlsa.len == len - 3 && tlsa.len > 0);
	FUZZ_REQUIRE(tlsa.matching != 1 || tlsa.len == 32);
	FUZZ_REQUIRE(tlsa.matching != 2 || tlsa.len == 64);
}

static void
check_name(const uint8_t *rdata, size_t len)
{
	struct mx_dane dane = { .known = MX_DANE_NONE };
	struct mx_tlsa tlsa;

	mx_dane_add(&dane, rdata, len);
	if (mx_tlsa_read(rdata, len, &tlsa)) {
		FUZZ_REQUIRE(dane.count == 1 && dane.records[0].len == len);
		FUZZ_REQUIRE(memcmp(dane.records[0].rdata, rdata, len) == 0);
	} else {
		FUZZ_REQUIRE(dane.count == 0 && dane.known == MX_DANE_UNUSABLE);
	}
	mx_dane_clear(&dane);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *rdata = malloc(
	    size > 0 ? size
		     : 1); /* ends where the rdata ends, for the sanitizer's sake */

	if (rdata == NULL)
		return 0;
	if (size > 0)
		memcpy(rdata, data, size);
	check_record(rdata, size);
	check_name(rdata, size);
	free(rdata);
	return 0;
}
