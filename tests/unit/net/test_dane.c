/* test_dane.c - which TLSA records SMTP can use, whatever stands in them. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/net/dane.h"

TestSuite(dane, .timeout = 20);

static size_t
fill(uint8_t *rdata, unsigned usage, unsigned selector, unsigned matching, size_t data)
{
	rdata[0] = (uint8_t)usage;
	rdata[1] = (uint8_t)selector;
	rdata[2] = (uint8_t)matching;
	memset(rdata + 3, 0xaa, data);
	return 3 + data;
}

/* Exactly its length, so that a sanitizer sees every byte that is read behind it. */
static bool
is_usable(const uint8_t *rdata, size_t len)
{
	uint8_t *exact = mx_calloc(len > 0 ? len : 1, 1);
	struct mx_tlsa tlsa;
	bool usable;

	memcpy(exact, rdata, len);
	usable = mx_tlsa_read(exact, len, &tlsa);
	if (usable) {
		cr_expect_eq(tlsa.data, exact + 3);
		cr_expect_eq(tlsa.len, len - 3);
	}
	free(exact);
	return usable;
}

Test(dane, only_numbers_that_mail_uses_are_usable)
{
	static const size_t sizes[] = { 70, 32, 64 };
	uint8_t rdata[128];

	for (unsigned usage = 0; usage < 256; usage++)
		for (unsigned selector = 0; selector < 256; selector++)
			for (unsigned matching = 0; matching < 256; matching++) {
				size_t len = fill(rdata, usage, selector, matching,
				    sizes[matching < 3 ? matching : 0]);
				struct mx_tlsa tlsa;
				bool wanted = (usage == 2 || usage == 3) &&
					      selector <= 1 && matching <= 2;

				if (mx_tlsa_read(rdata, len, &tlsa) != wanted)
					cr_expect(
					    false, "%u %u %u", usage, selector, matching);
			}
}

Test(dane, a_record_cut_anywhere_is_unusable)
{
	static const size_t sizes[] = { 32, 64 };
	uint8_t rdata[128];

	for (unsigned matching = 1; matching <= 2; matching++) {
		size_t len = fill(rdata, 3, 1, matching, sizes[matching - 1]);

		for (size_t cut = 0; cut < len; cut++)
			cr_expect_not(is_usable(rdata, cut), "%zu bytes", cut);
		cr_expect(is_usable(rdata, len));
		cr_expect_not(is_usable(rdata, len + 1), "a byte too many");
	}
}

Test(dane, a_whole_certificate_may_have_any_length_but_none)
{
	uint8_t rdata[128];

	cr_expect_not(is_usable(rdata, fill(rdata, 3, 0, 0, 0)));
	for (size_t size = 1; size < 100; size++)
		cr_expect(is_usable(rdata, fill(rdata, 2, 0, 0, size)));
}

Test(dane, usable_records_are_kept_and_others_remembered)
{
	struct mx_dane dane = { .known = MX_DANE_NONE };
	uint8_t good[35], bad[35];

	fill(good, 3, 1, 1, 32);
	fill(bad, 1, 1, 1, 32);
	mx_dane_add(&dane, bad, sizeof bad);
	cr_expect_eq(dane.count, 0);
	cr_expect_eq(dane.known, MX_DANE_UNUSABLE);
	mx_dane_add(&dane, good, sizeof good);
	cr_expect_eq(dane.count, 1);
	cr_expect_eq(dane.records[0].len, sizeof good);
	cr_expect_arr_eq(dane.records[0].rdata, good, sizeof good);
	mx_dane_clear(&dane);
	cr_expect_eq(dane.count, 0);
}

Test(dane, ten_thousand_records_are_bounded)
{
	struct mx_dane dane = { .known = MX_DANE_NONE };
	uint8_t good[35];

	fill(good, 3, 1, 1, 32);
	for (size_t i = 0; i < 10000; i++)
		mx_dane_add(&dane, good, sizeof good);
	cr_expect_eq(dane.count, MX_DANE_RECORDS);
	mx_dane_clear(&dane);
}
