/* dns_server.c - rows in, wire bytes out; evdns does the rest. */
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <event2/dns.h>
#include <event2/dns_struct.h>
#include <event2/event.h>

#include "probe/base/mem.h"
#include "probe/dns/resolver.h"
#include "tests/support/dns_server.h"

#define ASKED_MAX 4096
#define TTL_S 300
#define CHAIN_MAX 8

enum {
	RCODE_OK = 0,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_REFUSED = 5
};

struct dns_server {
	const struct dns_row *rows;
	size_t count;
	int fd;
	struct evdns_server_port *port;
	char *asked[ASKED_MAX];
	size_t asked_count;
};

static bool
is_for(const struct dns_row *row, const char *name)
{
	size_t len = strlen(name), tail = strlen(row->name);

	if (strncmp(row->name, "*.", 2) == 0)
		return len >= tail &&
		       strcasecmp(name + len - (tail - 1), row->name + 1) == 0;
	return strcasecmp(row->name, name) == 0;
}

static size_t
put_name(unsigned char *out, const char *name, const char *question)
{
	size_t n = 0;

	while (*name != '\0' && strcmp(name, ".") != 0) {
		size_t len = strcspn(name, ".");

		/* The question's name stands at offset 12. */
		if (strcasecmp(name, question) == 0) {
			out[n++] = 0xc0;
			out[n++] = 12;
			return n;
		}
		out[n++] = (unsigned char)len;
		memcpy(out + n, name, len);
		n += len;
		name += len + (name[len] == '.');
	}
	out[n++] = 0;
	return n;
}

static size_t
put_rdata(unsigned char *out, const struct dns_row *row, const char *question)
{
	const char *name = row->value;
	struct mx_addr addr;
	char *end;

	switch (row->type) {
	case MX_DNS_A:
	case MX_DNS_AAAA:
		cr_assert(mx_addr_parse(row->value, &addr), "%s", row->value);
		memcpy(out, addr.bytes, 16);
		return row->type == MX_DNS_A ? 4 : 16;
	case MX_DNS_TXT:
		out[0] = (unsigned char)strlen(row->value);
		memcpy(out + 1, row->value, strlen(row->value));
		return strlen(row->value) + 1;
	case MX_DNS_MX:
		out[0] = (unsigned char)(strtoul(row->value, &end, 10) >> 8);
		out[1] = (unsigned char)strtoul(row->value, &end, 10);
		return 2 + put_name(out + 2, end + 1, question);
	default:
		return put_name(out, name, question);
	}
}

static void
add_row(struct evdns_server_request *req, const struct dns_row *row, const char *owner)
{
	unsigned char rdata[512];
	size_t len = put_rdata(rdata, row, req->questions[0]->name);

	cr_assert_eq(
	    evdns_server_request_add_reply(req, EVDNS_ANSWER_SECTION, owner, row->type,
		EVDNS_CLASS_INET, TTL_S, (int)len, 0, (const char *)rdata),
	    0);
}

/* Adds the records of name, following CNAMEs. Returns the rcode, or -1 to say nothing. */
static int
answer(struct dns_server *server, struct evdns_server_request *req, const char *name,
    int type, int hops)
{
	int rcode = RCODE_NXDOMAIN;

	for (size_t i = 0; i < server->count; i++) {
		const struct dns_row *row = &server->rows[i];

		if (!is_for(row, name))
			continue;
		rcode = RCODE_OK;
		if (row->value[0] == '!' && (row->type == type || row->type == DNS_ANY))
			return row->value[1] == 's'   ? RCODE_SERVFAIL
			       : row->value[1] == 'r' ? RCODE_REFUSED
						      : -1;
		if (row->type == type)
			add_row(req, row, name);
		if (row->type == MX_DNS_CNAME && type != MX_DNS_CNAME &&
		    hops < CHAIN_MAX) {
			add_row(req, row, name);
			return answer(server, req, row->value, type, hops + 1);
		}
	}
	return rcode;
}

static void
on_request(struct evdns_server_request *req, void *arg)
{
	struct dns_server *server = arg;
	const struct evdns_server_question *question = req->questions[0];
	int rcode;

	cr_assert_lt(server->asked_count, (size_t)ASKED_MAX);
	server->asked[server->asked_count++] = mx_strdup(question->name);
	rcode = answer(server, req, question->name, question->type, 0);
	if (rcode < 0)
		evdns_server_request_drop(req);
	else
		evdns_server_request_respond(req, rcode);
}

struct dns_server *
dns_server_new(struct mx_loop *loop, const struct dns_row *rows, size_t count)
{
	struct dns_server *server = mx_calloc(1, sizeof *server);
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	server->rows = rows;
	server->count = count;
	server->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	cr_assert_geq(server->fd, 0);
	cr_assert_eq(bind(server->fd, (struct sockaddr *)&sin, sizeof sin), 0);
	server->port = evdns_add_server_port_with_base(
	    mx_loop_base(loop), server->fd, 0, on_request, server);
	cr_assert_not_null(server->port);
	return server;
}

void
dns_server_free(struct dns_server *server)
{
	evdns_close_server_port(server->port);
	for (size_t i = 0; i < server->asked_count; i++)
		free(server->asked[i]);
	free(server);
}

struct mx_addr
dns_server_addr(const struct dns_server *server)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	struct mx_addr addr;

	cr_assert_eq(getsockname(server->fd, (struct sockaddr *)&sa, &len), 0);
	cr_assert(mx_addr_from_sockaddr((struct sockaddr *)&sa, &addr));
	return addr;
}

size_t
dns_server_asked(const struct dns_server *server, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < server->asked_count; i++)
		count += strcasecmp(server->asked[i], name) == 0;
	return count;
}

void
dns_world_open(struct dns_world *world, const struct dns_row *rows, size_t count)
{
	struct mx_error err = { 0 };
	struct mx_addr addr;
	struct mx_resolver_params params = { .servers = &addr, .server_count = 1 };

	world->loop = mx_loop_new(&err);
	cr_assert_not_null(world->loop, "%s", err.text);
	world->server = dns_server_new(world->loop, rows, count);
	addr = dns_server_addr(world->server);
	world->resolver = mx_resolver_new(world->loop, &params, &err);
	cr_assert_not_null(world->resolver, "%s", err.text);
}

void
dns_world_close(struct dns_world *world)
{
	mx_resolver_free(world->resolver);
	dns_server_free(world->server);
	mx_loop_free(world->loop);
	*world = (struct dns_world){ 0 };
}
