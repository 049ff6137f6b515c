/* addr.c - text, kernel and network forms of an address. */
#include "probe/base/addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t
byte_count(const struct mx_addr *addr)
{
	return addr->family == AF_INET6 ? 16 : addr->family == AF_INET ? 4 : 0;
}

/* A decimal number of digits only, at most max. */
static bool
parse_number(const char *text, unsigned long max, unsigned long *out)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 10 || text[digits] != '\0')
		return false;
	*out = strtoul(text, NULL, 10);
	return *out <= max;
}

/* ::ffff:a.b.c.d speaks of a v4 host; kept as v6 it would miss every v4 comparison. */
static void
unmap_v4(struct mx_addr *addr)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (addr->family != AF_INET6 || memcmp(addr->bytes, mapped, sizeof mapped) != 0)
		return;
	addr->family = AF_INET;
	memmove(addr->bytes, addr->bytes + 12, 4);
	memset(addr->bytes + 4, 0, 12);
}

/* Only a link-local address (fe80::/10) has a zone; on any other it is a typing error. */
static bool
parse_scope(const char *zone, struct mx_addr *addr)
{
	unsigned long index;

	if (addr->family != AF_INET6 || addr->bytes[0] != 0xfe ||
	    (addr->bytes[1] & 0xc0) != 0x80)
		return false;
	if (!parse_number(zone, UINT32_MAX, &index))
		index = if_nametoindex(zone);
	addr->scope = (uint32_t)index;
	return index != 0;
}

/* The text between from and end, when it fits an address's text. */
static bool
copy_part(char *out, const char *from, const char *end)
{
	size_t len = (size_t)(end - from);

	if (len >= MX_ADDR_TEXT)
		return false;
	memcpy(out, from, len);
	out[len] = '\0';
	return true;
}

bool
mx_addr_parse(const char *text, struct mx_addr *out)
{
	char host[MX_ADDR_TEXT];
	const char *zone = strchr(text, '%');

	*out = (struct mx_addr){ .family = AF_UNSPEC };
	if (!copy_part(host, text, zone != NULL ? zone : text + strlen(text)))
		return false;
	if (inet_pton(AF_INET, host, out->bytes) == 1)
		out->family = AF_INET;
	else if (inet_pton(AF_INET6, host, out->bytes) == 1)
		out->family = AF_INET6;
	else
		return false;
	unmap_v4(out);
	return zone == NULL || parse_scope(zone + 1, out);
}

/* "[V6]" and "[V6]:PORT"; *port is left at what follows the colon, NULL when nothing does. */
static bool
parse_bracketed(const char *text, struct mx_addr *out, const char **port)
{
	char host[MX_ADDR_TEXT];
	const char *close = strchr(text, ']');

	if (close == NULL || memchr(text, ':', (size_t)(close - text)) == NULL)
		return false;
	if (close[1] != '\0' && close[1] != ':')
		return false;
	*port = close[1] == ':' ? close + 2 : NULL;
	return copy_part(host, text + 1, close) && mx_addr_parse(host, out);
}

static bool
parse_bare(const char *text, struct mx_addr *out, const char **port)
{
	char host[MX_ADDR_TEXT];
	const char *mark = strchr(text, '@');

	/* More than one colon is a v6 address, whose port can't be told from its last group. */
	if (mark == NULL && strchr(text, ':') == strrchr(text, ':'))
		mark = strchr(text, ':');
	*port = mark != NULL ? mark + 1 : NULL;
	return copy_part(host, text, mark != NULL ? mark : text + strlen(text)) &&
	       mx_addr_parse(host, out);
}

static bool
parse_host(const char *text, struct mx_addr *out, const char **port)
{
	return (text[0] == '[' ? parse_bracketed : parse_bare)(text, out, port);
}

bool
mx_addr_parse_port(const char *text, uint16_t fallback, struct mx_addr *out)
{
	const char *port_text = NULL;
	unsigned long port = fallback;

	if (!parse_host(text, out, &port_text))
		return false;
	if (port_text != NULL &&
	    (!parse_number(port_text, UINT16_MAX, &port) || port == 0))
		return false;
	out->port = (uint16_t)port;
	return true;
}

bool
mx_addr_parse_listen(const char *text, struct mx_addr *out)
{
	const char *port_text = NULL;
	unsigned long port = 0;

	if (strchr(text, '@') != NULL || !parse_host(text, out, &port_text) ||
	    port_text == NULL || !parse_number(port_text, UINT16_MAX, &port))
		return false;
	out->port = (uint16_t)port;
	return true;
}

/* What inet_ntop() writes, without printf() behind it: logs are full of these. */
static const char *
text_v4(const uint8_t bytes[4], char *out)
{
	char *to = out;

	for (int i = 0; i < 4; i++) {
		unsigned byte = bytes[i];

		if (byte >= 100)
			*to++ = (char)('0' + byte / 100);
		if (byte >= 10)
			*to++ = (char)('0' + byte / 10 % 10);
		*to++ = (char)('0' + byte % 10);
		*to++ = i < 3 ? '.' : '\0';
	}
	return out;
}

const char *
mx_addr_text(const struct mx_addr *addr, char *out)
{
	char zone[IF_NAMESIZE];
	size_t len;

	if (addr->family == AF_INET && addr->scope == 0)
		return text_v4(addr->bytes, out);
	out[0] = '\0';
	if (byte_count(addr) == 0 ||
	    inet_ntop(addr->family, addr->bytes, out, MX_ADDR_TEXT) == NULL ||
	    addr->scope == 0)
		return out;
	len = strlen(out);
	if (if_indextoname(addr->scope, zone) != NULL)
		snprintf(out + len, MX_ADDR_TEXT - len, "%%%s", zone);
	else
		snprintf(out + len, MX_ADDR_TEXT - len, "%%%u", addr->scope);
	return out;
}

const char *
mx_addr_text_port(const struct mx_addr *addr, char *out)
{
	char host[MX_ADDR_TEXT];

	mx_addr_text(addr, host);
	snprintf(out, MX_ADDR_TEXT, addr->family == AF_INET6 ? "[%.80s]:%u" : "%.80s:%u",
	    host, (unsigned)addr->port);
	return out;
}

const char *
mx_addr_literal(const struct mx_addr *addr, char *out)
{
	char host[MX_ADDR_TEXT];
	struct mx_addr plain = *addr;

	/* A zone means something on this host only; the literal is read on another. */
	plain.scope = 0;
	mx_addr_text(&plain, host);
	snprintf(out, MX_ADDR_TEXT, addr->family == AF_INET6 ? "[IPv6:%.80s]" : "[%.80s]",
	    host);
	return out;
}

const char *
mx_addr_reverse_name(const struct mx_addr *addr, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i, len = 0;

	out[0] = '\0';
	if (addr->family == AF_INET) {
		snprintf(out, MX_ADDR_TEXT, "%u.%u.%u.%u.in-addr.arpa", addr->bytes[3],
		    addr->bytes[2], addr->bytes[1], addr->bytes[0]);
	} else if (addr->family == AF_INET6) {
		for (i = 16; i-- > 0;) {
			out[len++] = digits[addr->bytes[i] & 15];
			out[len++] = '.';
			out[len++] = digits[addr->bytes[i] >> 4];
			out[len++] = '.';
		}
		snprintf(out + len, MX_ADDR_TEXT - len, "ip6.arpa");
	}
	return out;
}

bool
mx_addr_equal(const struct mx_addr *a, const struct mx_addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, byte_count(a)) == 0 &&
	       (a->scope == 0 || b->scope == 0 || a->scope == b->scope);
}

int
mx_addr_compare(const struct mx_addr *a, const struct mx_addr *b)
{
	int order;

	if (a->family != b->family)
		return byte_count(a) < byte_count(b) ? -1 : 1;
	order = memcmp(a->bytes, b->bytes, byte_count(a));
	if (order != 0)
		return order;
	return (a->scope > b->scope) - (a->scope < b->scope);
}

struct mx_addr
mx_addr_network(const struct mx_addr *addr)
{
	struct mx_addr network = *addr;
	size_t keep = addr->family == AF_INET ? 3 : 8;

	memset(network.bytes + keep, 0, sizeof network.bytes - keep);
	network.port = 0;
	network.scope = 0;
	return network;
}

bool
mx_addr_is_loopback(const struct mx_addr *addr)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (addr->family == AF_INET)
		return addr->bytes[0] == 127;
	return addr->family == AF_INET6 && memcmp(addr->bytes, one, sizeof one) == 0;
}

const char *
mx_addr_family_name(int family)
{
	return family == AF_INET6 ? "IPv6" : "IPv4";
}

bool
mx_addr_is_one_hosts(const struct mx_addr *addr)
{
	static const uint8_t unspecified[16], wrapped[12] = { [10] = 0xff, [11] = 0xff };

	if (addr->family == AF_INET)
		return memcmp(addr->bytes, unspecified, 4) != 0 && addr->bytes[0] < 224;
	return addr->family == AF_INET6 && addr->bytes[0] != 0xff &&
	       memcmp(addr->bytes, unspecified, 16) != 0 &&
	       memcmp(addr->bytes, wrapped, sizeof wrapped) != 0;
}

socklen_t
mx_addr_to_sockaddr(const struct mx_addr *addr, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof *out);
	if (addr->family == AF_INET) {
		struct sockaddr_in v4 = { .sin_family = AF_INET,
			.sin_port = htons(addr->port) };

		memcpy(&v4.sin_addr, addr->bytes, 4);
		memcpy(out, &v4, sizeof v4);
		return sizeof v4;
	}
	if (addr->family == AF_INET6) {
		struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
			.sin6_port = htons(addr->port),
			.sin6_scope_id = addr->scope };

		memcpy(&v6.sin6_addr, addr->bytes, 16);
		memcpy(out, &v6, sizeof v6);
		return sizeof v6;
	}
	return 0;
}

bool
mx_addr_from_sockaddr(const struct sockaddr *sa, struct mx_addr *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	*out = (struct mx_addr){ .family = AF_UNSPEC };
	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof v4);
		out->family = AF_INET;
		out->port = ntohs(v4.sin_port);
		memcpy(out->bytes, &v4.sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof v6);
		out->family = AF_INET6;
		out->port = ntohs(v6.sin6_port);
		out->scope = v6.sin6_scope_id;
		memcpy(out->bytes, &v6.sin6_addr, 16);
		unmap_v4(out);
	}
	return out->family != AF_UNSPEC;
}

/* True when the bits behind the first `bits` are all zero. */
static bool
host_bits_are_zero(const struct mx_addr *addr, unsigned bits)
{
	size_t i;

	for (i = bits; i < byte_count(addr) * 8; i++)
		if (addr->bytes[i / 8] & (0x80 >> (i % 8)))
			return false;
	return true;
}

bool
mx_cidr_parse(const char *text, struct mx_cidr *out)
{
	char host[MX_ADDR_TEXT];
	const char *slash = strchr(text, '/');
	unsigned long bits;

	if (slash == NULL || !copy_part(host, text, slash) ||
	    !mx_addr_parse(host, &out->base))
		return false;
	if (!parse_number(slash + 1, byte_count(&out->base) * 8, &bits))
		return false;
	out->bits = (unsigned)bits;
	return host_bits_are_zero(&out->base, out->bits);
}

bool
mx_cidr_contains(const struct mx_cidr *block, const struct mx_addr *addr)
{
	unsigned whole = block->bits / 8, rest = block->bits % 8;
	unsigned mask = 0xff00u >> rest & 0xff;

	if (block->base.family != addr->family ||
	    memcmp(block->base.bytes, addr->bytes, whole) != 0)
		return false;
	return rest == 0 || ((block->base.bytes[whole] ^ addr->bytes[whole]) & mask) == 0;
}
