/* test_packet.c - wire bytes to answers: real packets read right, no byte of them trusted. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/dns/packet.h"

TestSuite(packet, .timeout = 30);

/* ---- a packet, built byte by byte ----------------------------------------------------------- */

struct wire {
	uint8_t bytes[65536];
	size_t len;
};

static void
put(struct wire *wire, const void *bytes, size_t len)
{
	cr_assert_leq(wire->len + len, sizeof wire->bytes);
	memcpy(wire->bytes + wire->len, bytes, len);
	wire->len += len;
}

static void
put8(struct wire *wire, unsigned value)
{
	uint8_t byte = (uint8_t)value;

	put(wire, &byte, 1);
}

static void
put16(struct wire *wire, unsigned value)
{
	put8(wire, value >> 8);
	put8(wire, value & 0xff);
}

static void
set16(struct wire *wire, size_t at, unsigned value)
{
	wire->bytes[at] = (uint8_t)(value >> 8);
	wire->bytes[at + 1] = (uint8_t)value;
}

/* "@" at the end of a name stands for the question's, as a compression pointer. */
static void
put_name(struct wire *wire, const char *name)
{
	while (*name != '\0') {
		size_t len = strcspn(name, ".");

		if (strcmp(name, "@") == 0) {
			put16(wire, 0xc00c);
			return;
		}
		put8(wire, (unsigned)len);
		put(wire, name, len);
		name += len + (name[len] == '.');
	}
	put8(wire, 0);
}

static void
begin(struct wire *wire, unsigned rcode, const char *name, enum mx_dns_type type)
{
	wire->len = 0;
	put16(wire, 0x1234);
	put16(wire, 0x8180 | rcode);
	put16(wire, 1);
	put16(wire, 0);
	put16(wire, 0);
	put16(wire, 0);
	put_name(wire, name);
	put16(wire, type);
	put16(wire, 1);
}

/* Owner, type, class, TTL; returns where the rdata length goes. */
static size_t
begin_record(struct wire *wire, const char *owner, enum mx_dns_type type)
{
	set16(wire, 6, (unsigned)(wire->bytes[6] << 8 | wire->bytes[7]) + 1);
	put_name(wire, owner);
	put16(wire, type);
	put16(wire, 1);
	put16(wire, 0);
	put16(wire, 300);
	put16(wire, 0);
	return wire->len - 2;
}

static void
end_record(struct wire *wire, size_t at)
{
	set16(wire, at, (unsigned)(wire->len - at - 2));
}

static void
record(struct wire *wire, const char *owner, enum mx_dns_type type, const void *rdata,
    size_t len)
{
	size_t at = begin_record(wire, owner, type);

	put(wire, rdata, len);
	end_record(wire, at);
}

static void
record_name(
    struct wire *wire, const char *owner, enum mx_dns_type type, const char *target)
{
	size_t at = begin_record(wire, owner, type);

	put_name(wire, target);
	end_record(wire, at);
}

static void
record_mx(struct wire *wire, const char *owner, unsigned preference, const char *host)
{
	size_t at = begin_record(wire, owner, MX_DNS_MX);

	put16(wire, preference);
	put_name(wire, host);
	end_record(wire, at);
}

/* In memory that ends where the packet ends, so that the sanitizer sees one byte too many. */
static struct mx_dns_answer
parse_bytes(const uint8_t *bytes, size_t len, enum mx_dns_type type)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct mx_dns_answer answer;

	cr_assert_not_null(exact);
	if (len > 0)
		memcpy(exact, bytes, len);
	mx_dns_packet_parse(exact, len, type, &answer);
	free(exact);
	return answer;
}

static struct mx_dns_answer
parse(const struct wire *wire, enum mx_dns_type type)
{
	return parse_bytes(wire->bytes, wire->len, type);
}

/* What must hold of any answer to any bytes. */
static void
check_answer(const struct mx_dns_answer *answer, enum mx_dns_type type)
{
	cr_assert_lt(answer->status, MX_DNS_STATUS_COUNT);
	cr_assert_eq(answer->status == MX_DNS_OK, answer->count > 0);
	cr_assert_leq(answer->count, MX_DNS_RECORDS_MAX);
	cr_assert_eq(answer->dnssec, MX_DNSSEC_UNKNOWN);
	for (size_t i = 0; i < answer->count; i++) {
		const struct mx_dns_record *found = &answer->records[i];
		bool named = type == MX_DNS_MX || type == MX_DNS_PTR ||
			     type == MX_DNS_NS || type == MX_DNS_CNAME;
		bool address = type == MX_DNS_A || type == MX_DNS_AAAA;

		cr_assert_eq(found->type, type);
		cr_assert_eq(found->name != NULL, named);
		cr_assert_eq(found->addr.family != AF_UNSPEC, address);
		cr_assert_eq(found->data != NULL, !named && !address);
		cr_assert(!named || strlen(found->name) < 1025);
	}
}

/* ---- one packet of each kind ---------------------------------------------------------------- */

static const uint8_t v4[4] = { 192, 0, 2, 1 };
static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

static void
build_mx(struct wire *wire)
{
	begin(wire, 0, "example.test", MX_DNS_MX);
	record_mx(wire, "@", 20, "mx2.@");
	record_mx(wire, "@", 10, "mx1.example.test");
	record_mx(wire, "@", 10, "");
}

static void
build_a_behind_cnames(struct wire *wire)
{
	begin(wire, 0, "www.example.test", MX_DNS_A);
	record(wire, "host.example.test", MX_DNS_A, v4, sizeof v4);
	record_name(wire, "edge.example.test", MX_DNS_CNAME, "host.example.test");
	record_name(wire, "@", MX_DNS_CNAME, "edge.example.test");
	record(wire, "other.example.test", MX_DNS_A, v4, sizeof v4);
}

static void
build_aaaa(struct wire *wire)
{
	begin(wire, 0, "example.test", MX_DNS_AAAA);
	record(wire, "EXAMPLE.test", MX_DNS_AAAA, v6, sizeof v6);
}

static void
build_ptr(struct wire *wire)
{
	begin(wire, 0, "1.2.0.192.in-addr.arpa", MX_DNS_PTR);
	record_name(wire, "@", MX_DNS_PTR, "mail.example.test");
	record_name(wire, "@", MX_DNS_PTR, "a b.example\x01test");
}

static void
build_txt(struct wire *wire)
{
	begin(wire, 0, "example.test", MX_DNS_TXT);
	record(wire, "@", MX_DNS_TXT, "\x07v=spf1 \x04-all\x00", 14);
}

static void
build_tlsa(struct wire *wire)
{
	begin(wire, 0, "_25._tcp.mx.example.test", MX_DNS_TLSA);
	record(wire, "@", MX_DNS_TLSA, "\x03\x01\x01\xaa\xbb\xcc", 6);
}

static void
build_nodata(struct wire *wire)
{
	begin(wire, 0, "www.example.test", MX_DNS_MX);
	record_name(wire, "@", MX_DNS_CNAME, "host.example.test");
}

static void
build_nxdomain(struct wire *wire)
{
	begin(wire, 3, "nowhere.test", MX_DNS_A);
}

static const struct sample {
	enum mx_dns_type type;
	void (*build)(struct wire *wire);
	enum mx_dns_status status;
	size_t count;
} samples[] = {
	{ MX_DNS_MX, build_mx, MX_DNS_OK, 3 },
	{ MX_DNS_A, build_a_behind_cnames, MX_DNS_OK, 1 },
	{ MX_DNS_AAAA, build_aaaa, MX_DNS_OK, 1 },
	{ MX_DNS_PTR, build_ptr, MX_DNS_OK, 2 },
	{ MX_DNS_TXT, build_txt, MX_DNS_OK, 1 },
	{ MX_DNS_TLSA, build_tlsa, MX_DNS_OK, 1 },
	{ MX_DNS_MX, build_nodata, MX_DNS_NODATA, 0 },
	{ MX_DNS_A, build_nxdomain, MX_DNS_NXDOMAIN, 0 },
};

#define SAMPLE_COUNT (sizeof samples / sizeof samples[0])

Test(packet, each_kind_is_read)
{
	static struct wire wire;

	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct mx_dns_answer answer;

		samples[i].build(&wire);
		answer = parse(&wire, samples[i].type);
		cr_assert_eq(answer.status, samples[i].status, "sample %zu", i);
		cr_assert_eq(answer.count, samples[i].count, "sample %zu", i);
		check_answer(&answer, samples[i].type);
		mx_dns_answer_clear(&answer);
	}
}

Test(packet, no_part_of_a_packet_is_a_packet)
{
	static struct wire wire;

	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		samples[i].build(&wire);
		for (size_t cut = 0; cut < wire.len; cut++) {
			struct mx_dns_answer answer =
			    parse_bytes(wire.bytes, cut, samples[i].type);

			cr_assert_eq(answer.status, MX_DNS_MALFORMED,
			    "sample %zu, cut %zu", i, cut);
			cr_assert_eq(answer.count, 0);
			mx_dns_answer_clear(&answer);
		}
	}
}

Test(packet, any_byte_may_be_any_other)
{
	static struct wire wire;

	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		samples[i].build(&wire);
		for (size_t at = 0; at < wire.len; at++) {
			uint8_t kept = wire.bytes[at];

			for (unsigned value = 0; value < 256; value++) {
				struct mx_dns_answer answer;

				wire.bytes[at] = (uint8_t)value;
				answer = parse(&wire, samples[i].type);
				check_answer(&answer, samples[i].type);
				mx_dns_answer_clear(&answer);
			}
			wire.bytes[at] = kept;
		}
	}
}

/* ---- what is in them ------------------------------------------------------------------------ */

Test(packet, mx_has_preference_and_host_and_the_root_is_empty)
{
	static struct wire wire;
	struct mx_dns_answer answer;

	build_mx(&wire);
	answer = parse(&wire, MX_DNS_MX);
	cr_assert_eq(answer.records[0].preference, 20);
	cr_assert_str_eq(answer.records[0].name, "mx2.example.test");
	cr_assert_eq(answer.records[1].preference, 10);
	cr_assert_str_eq(answer.records[1].name, "mx1.example.test");
	cr_assert_str_eq(answer.records[2].name, "");
	cr_assert_eq(answer.records[0].ttl_s, 300);
	cr_assert_null(answer.canonical);
	mx_dns_answer_clear(&answer);
}

Test(packet, cnames_are_followed_whatever_their_order_and_strangers_left_out)
{
	static struct wire wire;
	struct mx_dns_answer answer;
	char text[MX_ADDR_TEXT];

	build_a_behind_cnames(&wire);
	answer = parse(&wire, MX_DNS_A);
	cr_assert_eq(answer.count, 1);
	cr_assert_str_eq(mx_addr_text(&answer.records[0].addr, text), "192.0.2.1");
	cr_assert_str_eq(answer.canonical, "host.example.test");
	mx_dns_answer_clear(&answer);
}

Test(packet, canonical_is_known_also_without_records)
{
	static struct wire wire;
	struct mx_dns_answer answer;

	build_nodata(&wire);
	answer = parse(&wire, MX_DNS_MX);
	cr_assert_str_eq(answer.canonical, "host.example.test");
	mx_dns_answer_clear(&answer);
}

Test(packet, a_cname_that_was_asked_for_is_a_record)
{
	static struct wire wire;
	struct mx_dns_answer answer;

	begin(&wire, 0, "www.example.test", MX_DNS_CNAME);
	record_name(&wire, "@", MX_DNS_CNAME, "host.example.test");
	answer = parse(&wire, MX_DNS_CNAME);
	cr_assert_eq(answer.status, MX_DNS_OK);
	cr_assert_str_eq(answer.records[0].name, "host.example.test");
	cr_assert_null(answer.canonical);
	mx_dns_answer_clear(&answer);
}

Test(packet, a_text_without_strings_is_empty_and_costs_its_neighbours_nothing)
{
	struct wire wire;
	struct mx_dns_answer answer;

	begin(&wire, 0, "example.test", MX_DNS_TXT);
	record(&wire, "@", MX_DNS_TXT, "", 0);
	record(&wire, "@", MX_DNS_TXT, "\x05hello", 6);
	answer = parse(&wire, MX_DNS_TXT);
	cr_assert_eq(answer.status, MX_DNS_OK);
	cr_assert_eq(answer.count, 2);
	cr_assert_eq(answer.records[0].len, 0);
	cr_assert_eq(answer.records[1].len, 5);
	mx_dns_answer_clear(&answer);
}

Test(packet, strings_of_a_text_are_joined_and_may_hold_anything)
{
	static struct wire wire;
	struct mx_dns_answer answer;

	build_txt(&wire);
	answer = parse(&wire, MX_DNS_TXT);
	cr_assert_eq(answer.records[0].len, 11);
	cr_assert_eq(memcmp(answer.records[0].data, "v=spf1 -all", 11), 0);
	mx_dns_answer_clear(&answer);
}

Test(packet, odd_bytes_of_a_name_are_escaped)
{
	static struct wire wire;
	struct mx_dns_answer answer;

	build_ptr(&wire);
	answer = parse(&wire, MX_DNS_PTR);
	cr_assert_str_eq(answer.records[0].name, "mail.example.test");
	cr_assert_str_eq(answer.records[1].name, "a\\032b.example\\001test");
	mx_dns_answer_clear(&answer);
}

Test(packet, rcodes_are_told_apart)
{
	static const struct {
		unsigned rcode;
		enum mx_dns_status status;
	} table[] = { { 0, MX_DNS_OK }, { 1, MX_DNS_SERVFAIL }, { 2, MX_DNS_SERVFAIL },
		{ 3, MX_DNS_NXDOMAIN }, { 5, MX_DNS_SERVFAIL }, { 15, MX_DNS_SERVFAIL } };
	static struct wire wire;

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_dns_answer answer;

		begin(&wire, table[i].rcode, "example.test", MX_DNS_A);
		record(&wire, "@", MX_DNS_A, v4, sizeof v4);
		answer = parse(&wire, MX_DNS_A);
		cr_assert_eq(answer.status, table[i].status, "rcode %u", table[i].rcode);
		check_answer(&answer, MX_DNS_A);
		mx_dns_answer_clear(&answer);
	}
}

/* ---- hostile ones --------------------------------------------------------------------------- */

static void
assert_malformed(const struct wire *wire, enum mx_dns_type type, const char *what)
{
	struct mx_dns_answer answer = parse(wire, type);

	cr_assert_eq(
	    answer.status, MX_DNS_MALFORMED, "%s: status %d", what, (int)answer.status);
	cr_assert_eq(answer.count, 0);
	cr_assert_null(answer.canonical);
	mx_dns_answer_clear(&answer);
}

Test(packet, rdata_of_the_wrong_size_is_malformed)
{
	static struct wire wire;

	begin(&wire, 0, "example.test", MX_DNS_A);
	record(&wire, "@", MX_DNS_A, v6, 5);
	assert_malformed(&wire, MX_DNS_A, "five bytes of A");
	begin(&wire, 0, "example.test", MX_DNS_AAAA);
	record(&wire, "@", MX_DNS_AAAA, v4, 4);
	assert_malformed(&wire, MX_DNS_AAAA, "four bytes of AAAA");
	begin(&wire, 0, "example.test", MX_DNS_MX);
	record(&wire, "@", MX_DNS_MX, "\0", 1);
	assert_malformed(&wire, MX_DNS_MX, "half a preference");
	begin(&wire, 0, "example.test", MX_DNS_MX);
	record(&wire, "@", MX_DNS_MX, "\0\x0a\0trailing", 11);
	assert_malformed(&wire, MX_DNS_MX, "bytes behind the name");
	begin(&wire, 0, "example.test", MX_DNS_MX);
	record(&wire, "@", MX_DNS_MX, "\0\x0a\x3fshort", 8);
	assert_malformed(&wire, MX_DNS_MX, "a label past the rdata");
	begin(&wire, 0, "example.test", MX_DNS_TXT);
	record(&wire, "@", MX_DNS_TXT, "\xffshort", 6);
	assert_malformed(&wire, MX_DNS_TXT, "a string past the rdata");
}

/* The rdata's name would be whole if it were read on into the next record. */
Test(packet, a_name_must_not_run_over_the_end_of_its_rdata)
{
	static struct wire wire;
	size_t at;

	begin(&wire, 0, "example.test", MX_DNS_PTR);
	at = begin_record(&wire, "@", MX_DNS_PTR);
	put_name(&wire, "mail.example.test");
	end_record(&wire, at);
	set16(&wire, at, (unsigned)(wire.len - at - 2 - 1));
	set16(&wire, 10, 1); /* what is left over would be an additional record */
	record_name(&wire, "x", MX_DNS_PTR, "y");
	assert_malformed(&wire, MX_DNS_PTR, "rdlength one too small");
}

Test(packet, pointers_in_circles_or_outside_are_malformed)
{
	static const unsigned pointers[] = { 0xc000 | 0x3fff, 0xc000, 0xc00b, 0xc029 };
	static struct wire wire;

	for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
		uint8_t rdata[2] = { (uint8_t)(pointers[i] >> 8), (uint8_t)pointers[i] };
		struct mx_dns_answer answer;

		begin(&wire, 0, "example.test", MX_DNS_PTR);
		record(&wire, "@", MX_DNS_PTR, rdata, sizeof rdata);
		answer = parse(&wire, MX_DNS_PTR);
		check_answer(&answer, MX_DNS_PTR);
		mx_dns_answer_clear(&answer);
	}
	/* 0xc028 is where the rdata itself stands: a name that points at itself. */
	begin(&wire, 0, "example.test", MX_DNS_PTR);
	record(&wire, "@", MX_DNS_PTR, "\xc0\x2a", 2);
	cr_assert_eq(wire.len, 0x2a + 2);
	assert_malformed(&wire, MX_DNS_PTR, "a pointer at itself");
}

Test(packet, cname_circles_and_endless_chains_are_malformed)
{
	static struct wire wire;
	char owner[32] = "@", target[32];

	begin(&wire, 0, "example.test", MX_DNS_A);
	record_name(&wire, "@", MX_DNS_CNAME, "b.test");
	record_name(&wire, "b.test", MX_DNS_CNAME, "@");
	assert_malformed(&wire, MX_DNS_A, "a circle");

	begin(&wire, 0, "example.test", MX_DNS_A);
	for (int i = 0; i < MX_DNS_CNAMES_MAX + 1; i++) {
		snprintf(target, sizeof target, "c%d.test", i);
		record_name(&wire, owner, MX_DNS_CNAME, target);
		snprintf(owner, sizeof owner, "%s", target);
	}
	assert_malformed(&wire, MX_DNS_A, "a chain of 17");
}

Test(packet, the_answer_must_be_to_the_question)
{
	static struct wire wire;

	begin(&wire, 0, "example.test", MX_DNS_A);
	record(&wire, "@", MX_DNS_A, v4, sizeof v4);
	assert_malformed(&wire, MX_DNS_AAAA, "another type");
	set16(&wire, 4, 0);
	assert_malformed(&wire, MX_DNS_A, "no question");
}

Test(packet, a_flood_of_records_is_cut)
{
	static struct wire wire;
	struct mx_dns_answer answer;

	begin(&wire, 0, "example.test", MX_DNS_A);
	for (int i = 0; i < 4000; i++)
		record(&wire, "@", MX_DNS_A, v4, sizeof v4);
	answer = parse(&wire, MX_DNS_A);
	cr_assert_eq(answer.count, MX_DNS_RECORDS_MAX);
	check_answer(&answer, MX_DNS_A);
	mx_dns_answer_clear(&answer);
}

Test(packet, nothing_and_too_much_are_malformed)
{
	struct mx_dns_answer answer;
	uint8_t *huge = mx_calloc(70000, 1);

	mx_dns_packet_parse(NULL, 0, MX_DNS_A, &answer);
	cr_assert_eq(answer.status, MX_DNS_MALFORMED);
	mx_dns_packet_parse(huge, 70000, MX_DNS_A, &answer);
	cr_assert_eq(answer.status, MX_DNS_MALFORMED);
	free(huge);
}

Test(packet, each_status_has_its_own_words)
{
	for (int i = 0; i < MX_DNS_STATUS_COUNT; i++) {
		cr_assert_not_null(mx_dns_status_text((enum mx_dns_status)i));
		for (int j = 0; j < i; j++)
			cr_assert_str_neq(mx_dns_status_text((enum mx_dns_status)i),
			    mx_dns_status_text((enum mx_dns_status)j));
	}
}
