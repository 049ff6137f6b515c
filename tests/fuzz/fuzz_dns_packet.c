/*
 * fuzz_dns_packet.c - properties of any bytes read as a DNS answer:
 * records only where the status says so, each whole and of the asked type; names that can be
 * shown as they are; nothing read from behind the packet's end.
 * The first byte of the input chooses the type that was asked, the rest is the packet.
 */
#include <stdbool.h>
#include <string.h>

#include "probe/dns/packet.h"
#include "tests/fuzz/fuzz.h"

static const enum mx_dns_type types[] = { MX_DNS_A, MX_DNS_NS, MX_DNS_CNAME, MX_DNS_PTR,
	MX_DNS_MX, MX_DNS_TXT, MX_DNS_AAAA, MX_DNS_DNSKEY, MX_DNS_TLSA };

static bool
is_plain_text(const char *text)
{
	if (strlen(text) > 1024)
		return false;
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

/* A record takes eleven bytes at least; what it holds cannot be longer than the packet. */
static void
check_record(const struct mx_dns_record *record, enum mx_dns_type type, size_t size)
{
	FUZZ_REQUIRE(record->type == type);
	switch (type) {
	case MX_DNS_A:
	case MX_DNS_AAAA:
		FUZZ_REQUIRE(
		    record->addr.family == (type == MX_DNS_A ? AF_INET : AF_INET6));
		FUZZ_REQUIRE(record->name == NULL && record->data == NULL);
		break;
	case MX_DNS_NS:
	case MX_DNS_CNAME:
	case MX_DNS_PTR:
	case MX_DNS_MX:
		FUZZ_REQUIRE(record->name != NULL && is_plain_text(record->name));
		FUZZ_REQUIRE(record->data == NULL && record->addr.family == AF_UNSPEC);
		break;
	case MX_DNS_TXT:
	case MX_DNS_DNSKEY:
	case MX_DNS_TLSA:
		FUZZ_REQUIRE(record->name == NULL && record->data != NULL);
		FUZZ_REQUIRE(record->len < size);
		break;
	}
}

static void
check_answer(const struct mx_dns_answer *answer, enum mx_dns_type type, size_t size)
{
	FUZZ_REQUIRE(answer->status < MX_DNS_STATUS_COUNT);
	FUZZ_REQUIRE(answer->status != MX_DNS_BOGUS && answer->status != MX_DNS_TIMEOUT);
	FUZZ_REQUIRE((answer->status == MX_DNS_OK) == (answer->count > 0));
	FUZZ_REQUIRE(answer->count <= MX_DNS_RECORDS_MAX && answer->count * 11 <= size);
	FUZZ_REQUIRE(answer->dnssec == MX_DNSSEC_UNKNOWN && answer->why == NULL);
	FUZZ_REQUIRE(answer->canonical == NULL || is_plain_text(answer->canonical));
	for (size_t i = 0; i < answer->count; i++)
		check_record(&answer->records[i], type, size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mx_dns_answer answer;
	enum mx_dns_type type;
	uint8_t *packet;

	if (size < 3)
		return 0;
	type = types[data[0] % (sizeof types / sizeof types[0])];
	packet =
	    malloc(--size); /* ends where the packet ends, for the sanitizer's sake */
	if (packet == NULL)
		return 0;
	memcpy(packet, data + 1, size);
	mx_dns_packet_parse(packet, size, type, &answer);
	check_answer(&answer, type, size);
	mx_dns_answer_clear(&answer);
	free(packet);
	return 0;
}
