/*
 * addr.h - IPv4 and IPv6 addresses as plain values.
 * In:   text, sockaddr, network bytes.   Out: struct mx_addr, and text again.
 * Not:  no name is ever resolved here, no interface is asked.
 */
#ifndef MX_BASE_ADDR_H
#define MX_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/** An address, its scope (link-local v6) and a port where one belongs to it. */
struct mx_addr {
	sa_family_t family; /* AF_INET, AF_INET6, or AF_UNSPEC when empty */
	uint16_t port;      /* host byte order, 0 when none */
	uint32_t scope;     /* interface index, 0 when none */
	uint8_t bytes[16];  /* network order; the first 4 for AF_INET */
};

/** Longest text: v6, %scope, brackets, :port, NUL. */
#define MX_ADDR_TEXT 96

/** "203.0.113.5", "2001:db8::1", "fe80::1%eth0". Whole string or false. port becomes 0.
 *  A v4-mapped v6 address (::ffff:a.b.c.d) becomes AF_INET. */
bool mx_addr_parse(const char *text, struct mx_addr *out);
/** "ADDR", "ADDR@PORT", "ADDR:PORT" (v4), "[V6]", "[V6]:PORT"; port = fallback when absent. */
bool mx_addr_parse_port(const char *text, uint16_t fallback, struct mx_addr *out);
/** "ADDR:PORT" (v4), "[V6]:PORT": where to listen. Port 0 asks for a free one. */
bool mx_addr_parse_listen(const char *text, struct mx_addr *out);
/** Address only, canonical (RFC 5952). Returns out, which holds MX_ADDR_TEXT bytes. */
const char *mx_addr_text(const struct mx_addr *addr, char *out);
/** "203.0.113.5:25", "[2001:db8::1]:25". */
const char *mx_addr_text_port(const struct mx_addr *addr, char *out);
/** RFC 5321 4.1.3 address literal: "[203.0.113.5]", "[IPv6:2001:db8::1]". */
const char *mx_addr_literal(const struct mx_addr *addr, char *out);
/** "5.113.0.203.in-addr.arpa" or the ip6.arpa name; out holds MX_ADDR_TEXT bytes. */
const char *mx_addr_reverse_name(const struct mx_addr *addr, char *out);

/** Same family and bytes (and scope when both have one); ports are not compared. */
bool mx_addr_equal(const struct mx_addr *a, const struct mx_addr *b);
/** Total order for sorting: v4 before v6, then bytes. */
int mx_addr_compare(const struct mx_addr *a, const struct mx_addr *b);
/** The neighbourhood as providers see it: the /24 (IPv6: the /64), port and scope zero. */
struct mx_addr mx_addr_network(const struct mx_addr *addr);
bool mx_addr_is_loopback(const struct mx_addr *addr);
/** "IPv4" or "IPv6", for sentences; AF_INET or AF_INET6. */
const char *mx_addr_family_name(int family);
/** Can one host have it? Not the unspecified, multicast, reserved and broadcast addresses, nor an
 *  IPv6 address that only wraps an IPv4 one (::ffff:a.b.c.d): the kernel would leave by IPv4. */
bool mx_addr_is_one_hosts(const struct mx_addr *addr);

/** To and from the kernel's form. Returns the length to hand to bind() or connect(). */
socklen_t mx_addr_to_sockaddr(const struct mx_addr *addr, struct sockaddr_storage *out);
bool mx_addr_from_sockaddr(const struct sockaddr *sa, struct mx_addr *out);

/** A block of addresses. */
struct mx_cidr {
	struct mx_addr base; /* host bits zero */
	unsigned bits;
};
/** "203.0.113.0/24". False when there is no slash, the length is too big, or host bits are set. */
bool mx_cidr_parse(const char *text, struct mx_cidr *out);
bool mx_cidr_contains(const struct mx_cidr *block, const struct mx_addr *addr);

#endif
