/*
 * dns_server.h - a name server inside the test program, on 127.0.0.1 and a port of its own
 * (the server half of libevent's evdns; UDP only, so answers stay within 512 bytes).
 * In:   a table of records and misbehaviours.   Out: answers, and how often it was asked.
 * Not:  no DNSSEC (tests/dns/ has a real server for that), no delegation: it acts as a forwarder.
 */
#ifndef MX_TESTS_DNS_SERVER_H
#define MX_TESTS_DNS_SERVER_H

#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/dns/resolver.h"
#include "probe/net/loop.h"

#define DNS_ANY 255

/** Name without trailing dot, "" is the root; "*.x" is every name under x. type is an
 *  enum mx_dns_type or DNS_ANY. value is "PREFERENCE NAME" (MX, "." for the null MX), an address,
 *  a name (CNAME, PTR), a text, or one of "!servfail" "!refuse" "!drop". A name in no row does not exist. */
struct dns_row {
	const char *name;
	int type;
	const char *value;
};

struct dns_server;

/** rows are borrowed. A failure fails the test. */
struct dns_server *dns_server_new(
    struct mx_loop *loop, const struct dns_row *rows, size_t count);
void dns_server_free(struct dns_server *server);
/** 127.0.0.1 and its port. */
struct mx_addr dns_server_addr(const struct dns_server *server);
/** How many questions about that name arrived. */
size_t dns_server_asked(const struct dns_server *server, const char *name);

/** What most tests need: a loop, a server on it, and a resolver that asks nobody else. */
struct dns_world {
	struct mx_loop *loop;
	struct dns_server *server;
	struct mx_resolver *resolver;
};
/** As a fixture's .init; rows are borrowed. A failure fails the test. */
void dns_world_open(struct dns_world *world, const struct dns_row *rows, size_t count);
/** As its .fini, last of all. */
void dns_world_close(struct dns_world *world);

#endif
