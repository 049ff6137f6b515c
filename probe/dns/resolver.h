/*
 * resolver.h - DNS questions on the event loop (libunbound's event API).
 * In:   name, type, deadline.   Out: a parsed answer, with its DNSSEC status, exactly once.
 * Not:  no MX logic (route.h), no cache of ours (libunbound has one).
 */
#ifndef MX_DNS_RESOLVER_H
#define MX_DNS_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/net/loop.h"

enum mx_dns_type {
	MX_DNS_A = 1,
	MX_DNS_NS = 2,
	MX_DNS_CNAME = 5,
	MX_DNS_PTR = 12,
	MX_DNS_MX = 15,
	MX_DNS_TXT = 16,
	MX_DNS_AAAA = 28,
	MX_DNS_DNSKEY = 48,
	MX_DNS_TLSA = 52
};

enum mx_dns_status {
	MX_DNS_OK,        /* records are there */
	MX_DNS_NODATA,    /* the name exists, not this type */
	MX_DNS_NXDOMAIN,  /* the name does not exist */
	MX_DNS_SERVFAIL,  /* the servers failed (or another error rcode) */
	MX_DNS_BOGUS,     /* DNSSEC validation failed */
	MX_DNS_TIMEOUT,   /* our deadline passed */
	MX_DNS_MALFORMED, /* an answer that cannot be parsed */
	MX_DNS_STATUS_COUNT
};
/** "no such domain", "the name servers failed (SERVFAIL)", ...: goes after "NAME: ". */
const char *mx_dns_status_text(enum mx_dns_status status);

enum mx_dnssec {
	MX_DNSSEC_UNKNOWN, /* validation is off: nothing can be said */
	MX_DNSSEC_INSECURE,
	MX_DNSSEC_SECURE
};

struct mx_dns_record {
	enum mx_dns_type type;
	uint32_t ttl_s;
	uint16_t preference; /* MX */
	struct mx_addr addr; /* A, AAAA */
	char *name; /* MX host ("" is the null MX), PTR, CNAME target: no trailing dot */
	uint8_t *data; /* TXT (strings joined), TLSA rdata, others raw */
	size_t len;
};

/** Records of the asked type only, behind CNAMEs. */
struct mx_dns_answer {
	enum mx_dns_status status;
	enum mx_dnssec dnssec;
	char *canonical; /* name at the end of a CNAME chain, NULL when there was none */
	char *why;       /* why bogus, or NULL */
	struct mx_dns_record *records;
	size_t count;
};
void mx_dns_answer_clear(struct mx_dns_answer *answer);

/** All optional. */
struct mx_resolver_params {
	const struct mx_addr *servers; /* --dns-server; port 0 means 53 */
	size_t server_count;      /* 0: the system's resolvers, else full recursion */
	const char *resolv_conf;  /* NULL: /etc/resolv.conf */
	const char *trust_anchor; /* NULL: the root's, where it is installed */
	const char *root_anchor;  /* NULL: Debian's (package dns-root-data) */
};

struct mx_resolver;
struct mx_query;

/** NULL and MX_ERR_RESOLVER (or _USAGE for a bad anchor file). With forwarders and no explicit
 *  anchor, the first question asks them for the root DNSKEY; if they have none, validation is off
 *  and every answer's dnssec is UNKNOWN. Nothing is sent by this call. */
struct mx_resolver *mx_resolver_new(
    struct mx_loop *loop, const struct mx_resolver_params *params, struct mx_error *err);
/** Cancels what is running (those callbacks never come). Before the loop is freed. NULL is taken. */
void mx_resolver_free(struct mx_resolver *resolver);
/** The loop that it was made on, for those who time what they ask. */
struct mx_loop *mx_resolver_loop(const struct mx_resolver *resolver);
/** Ask. name: A-labels, or "." the root. The deadline counts from here, also while the question
 *  waits for its turn. cb is called once, from the loop, never from inside this call; the answer
 *  is borrowed until cb returns. The handle dies before cb is called, with mx_query_cancel, or
 *  with the resolver. cb may ask, cancel others, or free the resolver. */
struct mx_query *mx_resolver_ask(struct mx_resolver *resolver, const char *name,
    enum mx_dns_type type, int64_t timeout_us,
    void (*cb)(void *arg, const struct mx_dns_answer *answer), void *arg);
/** The callback never comes then. NULL is taken. */
void mx_query_cancel(struct mx_query *query);

#endif
