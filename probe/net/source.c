/*
 * source.c - from what the user wrote to addresses this host owns.
 *
 * An address is ours when it stands on an interface, or when the kernel lets us bind it because
 * a route calls it local (127.0.0.0/8, AnyIP). The bind test proves nothing while
 * ip_nonlocal_bind is on, nor for multicast and broadcast, which any socket may bind.
 */
#include "probe/net/source.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/base/lines.h"
#include "probe/base/mem.h"

#define LISTED_MAX 8     /* addresses named in an error */
#define TRY_EACH_BITS 16 /* blocks up to 65,536 addresses are tried one by one */

/* ---- the host's addresses ---- */

struct interface_addr {
	struct mx_addr addr;
	struct mx_addr broadcast; /* AF_UNSPEC when none */
	char name[IF_NAMESIZE];
};

struct interfaces {
	struct interface_addr *addrs;
	size_t count;
	bool binds_anything_v4; /* ip_nonlocal_bind */
	bool binds_anything_v6;
};

static unsigned
address_bits(const struct mx_addr *addr)
{
	return addr->family == AF_INET ? 32 : 128;
}

static bool
is_link_local(const struct mx_addr *addr)
{
	return addr->family == AF_INET6 && addr->bytes[0] == 0xfe &&
	       (addr->bytes[1] & 0xc0) == 0x80;
}

/* The kernel routes the last address of a network as broadcast even where the interface has no
 * broadcast flag (lo), so it is worked out from the mask. A /31 and a /32 have none. */
static struct mx_addr
broadcast_of(const struct mx_addr *addr, const struct sockaddr *netmask)
{
	struct mx_addr mask, last = *addr;

	if (addr->family != AF_INET || netmask == NULL ||
	    !mx_addr_from_sockaddr(netmask, &mask) || (mask.bytes[3] & 3) != 0)
		return (struct mx_addr){ .family = AF_UNSPEC };
	for (size_t i = 0; i < 4; i++)
		last.bytes[i] = (uint8_t)(addr->bytes[i] | (uint8_t)~mask.bytes[i]);
	return last;
}

static enum mx_err
read_interfaces(struct interfaces *out, struct mx_error *err)
{
	struct ifaddrs *list, *at;

	*out = (struct interfaces){ 0 };
	if (getifaddrs(&list) != 0)
		return mx_error_sys(err, errno, "the interfaces can't be read");
	for (at = list; at != NULL; at = at->ifa_next) {
		struct mx_addr addr;
		struct interface_addr *slot;
		if (at->ifa_addr == NULL || !mx_addr_from_sockaddr(at->ifa_addr, &addr))
			continue;
		addr.port = 0;
		out->addrs = mx_grow(out->addrs, out->count, sizeof *out->addrs);
		slot = &out->addrs[out->count++];
		slot->addr = addr;
		slot->broadcast = broadcast_of(&addr, at->ifa_netmask);
		(void)snprintf(slot->name, sizeof slot->name, "%s", at->ifa_name);
	}
	freeifaddrs(list);
	return MX_OK;
}

static bool
reads_one(const char *path)
{
	FILE *file = fopen(path, "re");
	int first;

	if (file == NULL)
		return false;
	first = getc(file);
	(void)fclose(file);
	return first == '1';
}

static enum mx_err
read_host(struct interfaces *out, struct mx_error *err)
{
	enum mx_err code = read_interfaces(out, err);

	out->binds_anything_v4 = reads_one("/proc/sys/net/ipv4/ip_nonlocal_bind");
	out->binds_anything_v6 = reads_one("/proc/sys/net/ipv6/ip_nonlocal_bind");
	return code;
}

static bool
can_bind(const struct mx_addr *addr)
{
	struct sockaddr_storage local;
	socklen_t len = mx_addr_to_sockaddr(addr, &local);
	int fd = socket(addr->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool bound;

	if (fd < 0)
		return false;
	bound = bind(fd, (const struct sockaddr *)&local, len) == 0;
	(void)close(fd);
	return bound;
}

static bool
is_owned(const struct interfaces *host, const struct mx_addr *addr)
{
	/* Any socket may bind these, and no packet ever leaves from them. */
	if (!mx_addr_is_one_hosts(addr))
		return false;
	for (size_t i = 0; i < host->count; i++) {
		if (mx_addr_equal(&host->addrs[i].addr, addr))
			return true;
		if (mx_addr_equal(&host->addrs[i].broadcast, addr))
			return false;
	}
	if (!mx_addr_is_loopback(addr) &&
	    (addr->family == AF_INET ? host->binds_anything_v4 : host->binds_anything_v6))
		return false;
	return can_bind(addr);
}

/* "127.0.0.1, 203.0.113.5 and 3 more": what the user could have meant. */
static char *
list_owned(const struct interfaces *host)
{
	struct mx_buf list;
	char text[MX_ADDR_TEXT];
	size_t listed = 0, more = 0;

	mx_buf_init(&list, LISTED_MAX * MX_ADDR_TEXT + 64);
	for (size_t i = 0; i < host->count; i++) {
		if (is_link_local(&host->addrs[i].addr))
			continue;
		if (listed == LISTED_MAX) {
			more++;
			continue;
		}
		(void)mx_buf_addf(&list, "%s%s", listed++ > 0 ? ", " : "",
		    mx_addr_text(&host->addrs[i].addr, text));
	}
	if (more > 0)
		(void)mx_buf_addf(&list, " and %zu more", more);
	if (listed == 0)
		(void)mx_buf_addstr(&list, "no address at all");
	return mx_buf_take(&list);
}

/* ---- one specification ---- */

struct expansion {
	struct mx_sources *sources;
	const struct interfaces *host;
	bool any; /* no matter whose they are */
	struct mx_error *err;
};

static enum mx_err
append(struct expansion *to, const struct mx_addr *addr)
{
	struct mx_sources *sources = to->sources;

	if (sources->count >= MX_SOURCES_MAX)
		return mx_error_set(to->err, MX_ERR_USAGE,
		    "more than %d source addresses", MX_SOURCES_MAX);
	sources->addrs = mx_grow(sources->addrs, sources->count, sizeof *sources->addrs);
	sources->addrs[sources->count++] = *addr;
	return MX_OK;
}

static enum mx_err
refuse(struct expansion *to, const char *spec, const char *why)
{
	char *safe = mx_escape_terminal(spec, strlen(spec));
	char *owned = list_owned(to->host);
	enum mx_err code = mx_error_set(
	    to->err, MX_ERR_USAGE, "source '%s' %s; this host has %s", safe, why, owned);

	free(safe);
	free(owned);
	return code;
}

static enum mx_err
add_address(struct expansion *to, const char *spec, const struct mx_addr *addr)
{
	if (!to->any && !is_owned(to->host, addr))
		return refuse(to, spec, "is no address of this host");
	return append(to, addr);
}

static void
next_address(struct mx_addr *addr)
{
	unsigned i = address_bits(addr) / 8;

	while (i > 0 && ++addr->bytes[--i] == 0)
		;
}

static enum mx_err
add_each_owned(struct expansion *to, const struct mx_cidr *block)
{
	struct mx_addr addr = block->base;
	size_t left = (size_t)1 << (address_bits(&addr) - block->bits);
	enum mx_err code = MX_OK;

	for (; left > 0 && code == MX_OK; left--, next_address(&addr)) {
		if (to->any || is_owned(to->host, &addr))
			code = append(to, &addr);
	}
	return code;
}

static enum mx_err
add_interface_addresses_in(struct expansion *to, const struct mx_cidr *block)
{
	enum mx_err code = MX_OK;

	for (size_t i = 0; i < to->host->count && code == MX_OK; i++) {
		if (mx_cidr_contains(block, &to->host->addrs[i].addr))
			code = append(to, &to->host->addrs[i].addr);
	}
	return code;
}

static enum mx_err
add_block(struct expansion *to, const char *spec, const struct mx_cidr *block)
{
	bool small = address_bits(&block->base) - block->bits <= TRY_EACH_BITS;
	size_t before = to->sources->count;
	enum mx_err code;

	if (!small && (to->any || mx_addr_is_loopback(&block->base)))
		return mx_error_set(to->err, MX_ERR_USAGE,
		    "source '%s' is more than %d addresses, and all of them %s; take a "
		    "smaller block",
		    spec, MX_SOURCES_MAX, to->any ? "would be looked up" : "are ours");
	code = small ? add_each_owned(to, block) : add_interface_addresses_in(to, block);
	if (code == MX_OK && to->sources->count == before)
		return refuse(to, spec,
		    small ? "holds no address of this host"
			  : "is too large to try each address, and none of it is on an "
			    "interface");
	return code;
}

/* Link-local addresses reach nobody's mail exchanger; whoever means one writes it out. */
static enum mx_err
add_interface(struct expansion *to, const char *name)
{
	size_t before = to->sources->count;
	enum mx_err code = MX_OK;

	for (size_t i = 0; i < to->host->count && code == MX_OK; i++) {
		const struct interface_addr *at = &to->host->addrs[i];
		if (strcmp(at->name, name) == 0 && !is_link_local(&at->addr))
			code = append(to, &at->addr);
	}
	if (code == MX_OK && to->sources->count == before)
		return refuse(to, name,
		    if_nametoindex(name) != 0 ? "is an interface without an address"
		    : to->any                 ? "is no address, block or interface"
			      : "is no address, block or interface of this host");
	return code;
}

static enum mx_err
add_spec(struct expansion *to, const char *spec)
{
	struct mx_addr addr;
	struct mx_cidr block;

	if (mx_addr_parse(spec, &addr))
		return add_address(to, spec, &addr);
	if (mx_cidr_parse(spec, &block))
		return add_block(to, spec, &block);
	if (strchr(spec, '/') != NULL)
		return refuse(to, spec,
		    "is no block: write ADDRESS/LENGTH with zeros behind the first "
		    "LENGTH bits");
	return add_interface(to, spec);
}

/* ---- @FILE ---- */

static enum mx_err
add_entry(void *arg, const char *entry, struct mx_error *err)
{
	const struct expansion *to = arg;
	struct expansion here = { to->sources, to->host, to->any, err };

	return add_spec(&here, entry);
}

static enum mx_err
add_file(struct expansion *to, const char *path)
{
	size_t before = to->sources->count;
	enum mx_err code = mx_lines_each(path, add_entry, to, to->err);

	if (code == MX_OK && to->sources->count == before)
		code = mx_error_set(to->err, MX_ERR_USAGE, "%s names no source", path);
	return code;
}

/* ---- doubles ---- */

static int
by_address_then_place(const void *left, const void *right, void *addrs)
{
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	const struct mx_addr *at = addrs;
	int order = mx_addr_compare(&at[a], &at[b]);

	return order != 0 ? order : (a > b) - (a < b);
}

/* Keeps the first of each, in the order written. Doubles are marked before anything moves, and
 * found by sorting: 65,536 addresses would take seconds to compare one with another. */
static void
drop_doubles(struct mx_sources *sources)
{
	struct mx_addr *addrs = sources->addrs, *kept = NULL;
	size_t count = 0, *sorted;

	if (addrs == NULL)
		return;
	sorted = mx_calloc(sources->count, sizeof *sorted);
	for (size_t i = 0; i < sources->count; i++)
		sorted[i] = i;
	qsort_r(sorted, sources->count, sizeof *sorted, by_address_then_place, addrs);
	for (size_t i = 0; i < sources->count; i++) {
		struct mx_addr *addr = &addrs[sorted[i]];
		if (kept != NULL && mx_addr_equal(kept, addr))
			addr->family = AF_UNSPEC;
		else
			kept = addr;
	}
	for (size_t i = 0; i < sources->count; i++) {
		if (addrs[i].family != AF_UNSPEC)
			addrs[count++] = addrs[i];
	}
	sources->count = count;
	free(sorted);
}

static enum mx_err
add(struct mx_sources *sources, const char *spec, bool any, struct mx_error *err)
{
	struct interfaces host;
	struct expansion to = { sources, &host, any, err };
	size_t before = sources->count;
	enum mx_err code = read_host(&host, err);

	if (code == MX_OK)
		code = *spec == '@' ? add_file(&to, spec + 1) : add_spec(&to, spec);
	if (code == MX_OK)
		drop_doubles(sources);
	else
		sources->count = before; /* nothing half done */
	free(host.addrs);
	return code;
}

enum mx_err
mx_sources_add(struct mx_sources *sources, const char *spec, struct mx_error *err)
{
	return add(sources, spec, false, err);
}

enum mx_err
mx_sources_add_any(struct mx_sources *sources, const char *spec, struct mx_error *err)
{
	return add(sources, spec, true, err);
}

void
mx_sources_clear(struct mx_sources *sources)
{
	free(sources->addrs);
	*sources = (struct mx_sources){ 0 };
}
