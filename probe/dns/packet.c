/* packet.c - glibc walks the packet (ns_initparse refuses one whose sections do not fit); what
 * it hands out as rdata is measured again here, because it is only a pointer and a length. */
#include "probe/dns/packet.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

struct reader {
	ns_msg msg;
	enum mx_dns_type type;
	char owner
	    [NS_MAXDNAME]; /* whose records we want: the name asked, behind its CNAMEs */
	struct mx_dns_answer *answer;
};

/* A name that fills the rdata to its end exactly. */
static bool
read_name(const ns_msg *msg, const uint8_t *bytes, size_t len, char *out)
{
	int used =
	    dn_expand(ns_msg_base(*msg), ns_msg_end(*msg), bytes, out, NS_MAXDNAME);

	return used > 0 && (size_t)used == len;
}

static bool
keep_name(
    const ns_msg *msg, const uint8_t *bytes, size_t len, struct mx_dns_record *record)
{
	char name[NS_MAXDNAME];

	if (!read_name(msg, bytes, len, name))
		return false;
	record->name = mx_strdup(name);
	return true;
}

static bool
keep_mx(const ns_msg *msg, const uint8_t *bytes, size_t len, struct mx_dns_record *record)
{
	if (len < 2)
		return false;
	record->preference = (uint16_t)ns_get16(bytes);
	return keep_name(msg, bytes + 2, len - 2, record);
}

static bool
keep_address(sa_family_t family, size_t expected, const uint8_t *bytes, size_t len,
    struct mx_dns_record *record)
{
	if (len != expected)
		return false;
	record->addr.family = family;
	memcpy(record->addr.bytes, bytes, len);
	return true;
}

/* Always at least one byte, so that data is never NULL where there are records. */
static void
keep_bytes(const uint8_t *bytes, size_t len, struct mx_dns_record *record)
{
	record->data = mx_calloc(len + 1, 1);
	memcpy(record->data, bytes, len);
	record->len = len;
}

/* The strings of a TXT record are pieces of one text (RFC 7208 3.3). One at least has to be
 * there (RFC 1035 3.3.14), but none at all is taken for "": it must not cost its neighbours. */
static bool
keep_text(const uint8_t *bytes, size_t len, struct mx_dns_record *record)
{
	const uint8_t *end = bytes + len;

	record->data = mx_calloc(len + 1, 1);
	while (bytes < end) {
		size_t piece = *bytes++;
		if (piece > (size_t)(end - bytes))
			return false;
		memcpy(record->data + record->len, bytes, piece);
		record->len += piece;
		bytes += piece;
	}
	return true;
}

static bool
keep_rdata(const ns_msg *msg, const ns_rr *rr, struct mx_dns_record *record)
{
	const uint8_t *bytes = ns_rr_rdata(*rr);
	size_t len = ns_rr_rdlen(*rr);

	switch (record->type) {
	case MX_DNS_A:
		return keep_address(AF_INET, 4, bytes, len, record);
	case MX_DNS_AAAA:
		return keep_address(AF_INET6, 16, bytes, len, record);
	case MX_DNS_MX:
		return keep_mx(msg, bytes, len, record);
	case MX_DNS_NS:
	case MX_DNS_CNAME:
	case MX_DNS_PTR:
		return keep_name(msg, bytes, len, record);
	case MX_DNS_TXT:
		return keep_text(bytes, len, record);
	case MX_DNS_DNSKEY:
	case MX_DNS_TLSA:
		break;
	}
	keep_bytes(bytes, len, record);
	return true;
}

static bool
keep_record(struct reader *reader, const ns_rr *rr)
{
	struct mx_dns_answer *answer = reader->answer;
	struct mx_dns_record *record;

	if (answer->count == MX_DNS_RECORDS_MAX)
		return true;
	answer->records = mx_grow(answer->records, answer->count, sizeof *record);
	record = &answer->records[answer->count++];
	record->type = reader->type;
	record->ttl_s = ns_rr_ttl(*rr);
	return keep_rdata(&reader->msg, rr, record);
}

/* The next record of that type and owner in the answer section, from *index on, which is left
 * behind it. False at the end; *index is then -1 if the section could not be read. */
static bool
next_record(struct reader *reader, unsigned type, int *index, ns_rr *rr)
{
	while (*index < ns_msg_count(reader->msg, ns_s_an)) {
		if (ns_parserr(&reader->msg, ns_s_an, (*index)++, rr) != 0) {
			*index = -1;
			return false;
		}
		if (rr->type == type && ns_rr_class(*rr) == ns_c_in &&
		    mx_name_equal(ns_rr_name(*rr), reader->owner))
			return true;
	}
	return false;
}

static bool
read_records(struct reader *reader)
{
	int index = 0;
	ns_rr rr;

	while (next_record(reader, reader->type, &index, &rr))
		if (!keep_record(reader, &rr))
			return false;
	return index >= 0;
}

/* Move owner to the end of its CNAME chain, whatever the order of the records. */
static bool
follow_cnames(struct reader *reader)
{
	int hops, index = 0;
	ns_rr rr;

	for (hops = 0; next_record(reader, ns_t_cname, &index, &rr); hops++) {
		if (hops == MX_DNS_CNAMES_MAX || !read_name(&reader->msg, ns_rr_rdata(rr),
						     ns_rr_rdlen(rr), reader->owner))
			return false;
		index = 0;
	}
	if (hops > 0)
		reader->answer->canonical = mx_strdup(reader->owner);
	return index >= 0;
}

static bool
read_question(struct reader *reader)
{
	ns_rr rr;

	if (ns_msg_count(reader->msg, ns_s_qd) != 1 ||
	    ns_parserr(&reader->msg, ns_s_qd, 0, &rr) != 0 || rr.type != reader->type ||
	    ns_rr_class(rr) != ns_c_in)
		return false;
	memcpy(reader->owner, ns_rr_name(rr), strlen(ns_rr_name(rr)) + 1);
	return true;
}

static bool
read_sections(struct reader *reader)
{
	if (!read_question(reader))
		return false;
	if (reader->type != MX_DNS_CNAME && !follow_cnames(reader))
		return false;
	return read_records(reader);
}

static enum mx_dns_status
read_packet(struct reader *reader, const uint8_t *packet, size_t len)
{
	int rcode;

	if (packet == NULL || len > NS_MAXMSG ||
	    ns_initparse(packet, (int)len, &reader->msg) != 0)
		return MX_DNS_MALFORMED;
	rcode = ns_msg_getflag(reader->msg, ns_f_rcode);
	if (rcode != ns_r_noerror && rcode != ns_r_nxdomain)
		return MX_DNS_SERVFAIL; /* may lack even the question */
	if (!read_sections(reader))
		return MX_DNS_MALFORMED;
	if (rcode == ns_r_nxdomain)
		return MX_DNS_NXDOMAIN;
	return reader->answer->count > 0 ? MX_DNS_OK : MX_DNS_NODATA;
}

void
mx_dns_packet_parse(const uint8_t *packet, size_t len, enum mx_dns_type type,
    struct mx_dns_answer *answer)
{
	struct reader reader = { .type = type, .answer = answer };
	enum mx_dns_status status;

	*answer = (struct mx_dns_answer){ 0 };
	status = read_packet(&reader, packet, len);
	if (status == MX_DNS_MALFORMED)
		mx_dns_answer_clear(answer); /* half a CNAME chain is no fact either */
	else if (status != MX_DNS_OK)
		mx_dns_answer_drop(answer);
	answer->status = status;
}
