#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "scenarios/fakemx/zone.h"

TestSuite(zone, .timeout = 20);

static void
add(struct mx_zone *zone, const char *name, enum mx_zone_type type, const char *data)
{
	struct mx_error err = { 0 };
	char owner[256], text[1024];
	struct mx_zone_record record = { .name = owner, .type = type };

	snprintf(owner, sizeof owner, "%s", name);
	if (data != NULL) {
		snprintf(text, sizeof text, "%s", data);
		record.data = text;
	} else {
		record.answer = MX_ZONE_SERVFAIL;
	}
	cr_assert_eq(mx_zone_add(zone, &record, &err), MX_OK, "%s", err.text);
}

static void
expect_rdata(enum mx_zone_type type, const char *data, const void *wire, size_t len)
{
	struct mx_zone zone = { 0 };
	const struct mx_zone_entry *entry;

	add(&zone, "example.test", type, data);
	entry = mx_zone_next(&zone, "example.test", type, NULL);
	cr_assert_not_null(entry, "%s", data);
	cr_expect_eq(entry->len, len, "%s", data);
	cr_expect(memcmp(entry->data, wire, len) == 0, "%s", data);
	mx_zone_clear(&zone);
}

Test(zone, records_take_their_wire_form)
{
	expect_rdata(MX_ZONE_A, "127.0.1.1", "\x7f\0\1\1", 4);
	expect_rdata(MX_ZONE_AAAA, "::1", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	expect_rdata(MX_ZONE_MX, "10 mx.a.test", "\0\x0a\2mx\1a\4test\0", 13);
	expect_rdata(MX_ZONE_MX, "65535 mx.a.test.", "\xff\xff\2mx\1a\4test\0", 13);
	expect_rdata(MX_ZONE_MX, "0 .", "\0\0\0", 3);
	expect_rdata(MX_ZONE_TXT, "v=spf1 -all", "\x0bv=spf1 -all", 12);
	expect_rdata(MX_ZONE_TXT, "", "\0", 1);
	expect_rdata(MX_ZONE_TLSA, "3 1 1 00ffA0", "\3\1\1\0\xff\xa0", 6);
}

Test(zone, a_long_text_becomes_several_strings)
{
	struct mx_zone zone = { 0 };
	const struct mx_zone_entry *entry;
	char text[301];

	memset(text, 'x', 300);
	text[300] = '\0';
	add(&zone, "example.test", MX_ZONE_TXT, text);
	entry = mx_zone_next(&zone, "example.test", MX_ZONE_TXT, NULL);
	cr_expect_eq(entry->len, 302);
	cr_expect_eq(entry->data[0], 255);
	cr_expect_eq(entry->data[256], 45);
	mx_zone_clear(&zone);
}

Test(zone, names_know_no_case_and_no_trailing_dot)
{
	struct mx_zone zone = { 0 };

	add(&zone, "Example.TEST.", MX_ZONE_A, "127.0.1.1");
	cr_expect_eq(mx_zone_ask(&zone, "eXample.test", MX_ZONE_A), MX_ZONE_DATA);
	cr_expect_eq(mx_zone_ask(&zone, "example.test.", MX_ZONE_A), MX_ZONE_DATA);
	mx_zone_clear(&zone);
}

Test(zone, what_lies_above_a_name_exists_and_what_lies_beside_does_not)
{
	struct mx_zone zone = { 0 };

	add(&zone, "mx.example.test", MX_ZONE_A, "127.0.1.1");
	cr_expect_eq(mx_zone_ask(&zone, "mx.example.test", MX_ZONE_MX), MX_ZONE_NODATA);
	cr_expect_eq(mx_zone_ask(&zone, "example.test", MX_ZONE_A), MX_ZONE_NODATA);
	cr_expect_eq(mx_zone_ask(&zone, "test", MX_ZONE_A), MX_ZONE_NODATA);
	cr_expect_eq(mx_zone_ask(&zone, "", MX_ZONE_A), MX_ZONE_NODATA);
	cr_expect_eq(mx_zone_ask(&zone, "ample.test", MX_ZONE_A), MX_ZONE_NXDOMAIN);
	cr_expect_eq(
	    mx_zone_ask(&zone, "a.mx.example.test", MX_ZONE_A), MX_ZONE_NXDOMAIN);
	mx_zone_clear(&zone);
}

Test(zone, an_outcome_without_a_type_is_for_all_types)
{
	struct mx_zone zone = { 0 };

	add(&zone, "sick.test", MX_ZONE_ANY, NULL);
	add(&zone, "half.test", MX_ZONE_AAAA, NULL);
	add(&zone, "half.test", MX_ZONE_A, "127.0.1.1");
	cr_expect_eq(mx_zone_ask(&zone, "sick.test", MX_ZONE_MX), MX_ZONE_SERVFAIL);
	cr_expect_eq(mx_zone_ask(&zone, "sick.test", MX_ZONE_A), MX_ZONE_SERVFAIL);
	cr_expect_eq(mx_zone_ask(&zone, "half.test", MX_ZONE_AAAA), MX_ZONE_SERVFAIL);
	cr_expect_eq(mx_zone_ask(&zone, "half.test", MX_ZONE_A), MX_ZONE_DATA);
	mx_zone_clear(&zone);
}

Test(zone, a_cname_answers_for_every_type)
{
	struct mx_zone zone = { 0 };

	add(&zone, "alias.test", MX_ZONE_CNAME, "real.test");
	cr_expect_eq(mx_zone_ask(&zone, "alias.test", MX_ZONE_A), MX_ZONE_DATA);
	cr_expect_null(mx_zone_next(&zone, "alias.test", MX_ZONE_A, NULL));
	cr_expect_str_eq(
	    mx_zone_next(&zone, "alias.test", MX_ZONE_CNAME, NULL)->target, "real.test");
	mx_zone_clear(&zone);
}

Test(zone, an_address_as_owner_of_ptr_becomes_its_reverse_name)
{
	struct mx_zone zone = { 0 };

	add(&zone, "127.0.0.2", MX_ZONE_PTR, "mail.example.jp");
	cr_expect_eq(
	    mx_zone_ask(&zone, "2.0.0.127.in-addr.arpa", MX_ZONE_PTR), MX_ZONE_DATA);
	mx_zone_clear(&zone);
}

Test(zone, several_records_of_one_name_come_one_after_the_other)
{
	struct mx_zone zone = { 0 };
	const struct mx_zone_entry *first, *second;

	add(&zone, "example.test", MX_ZONE_MX, "10 a.test");
	add(&zone, "example.test", MX_ZONE_A, "127.0.1.1");
	add(&zone, "example.test", MX_ZONE_MX, "20 b.test");
	first = mx_zone_next(&zone, "example.test", MX_ZONE_MX, NULL);
	second = mx_zone_next(&zone, "example.test", MX_ZONE_MX, first);
	cr_assert_not_null(second);
	cr_expect_neq(first, second);
	cr_expect_null(mx_zone_next(&zone, "example.test", MX_ZONE_MX, second));
	mx_zone_clear(&zone);
}
