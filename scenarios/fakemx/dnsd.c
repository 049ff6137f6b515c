/* dnsd.c - one question at a time, CNAMEs followed inside the zone. */
#include "scenarios/fakemx/dnsd.h"

#include <errno.h>
#include <event2/dns.h>
#include <event2/dns_struct.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/base/mem.h"

#define TTL_S 60
#define CNAME_HOPS 8

struct mx_dnsd {
	struct evdns_server_port *port;
	struct mx_tempo *tempo;
	const struct mx_zone *zone;
	struct mx_addr address;
	size_t questions;
};

static void
add_record(
    struct evdns_server_request *req, const char *owner, const struct mx_zone_entry *e)
{
	bool is_name = e->target != NULL;

	evdns_server_request_add_reply(req, EVDNS_ANSWER_SECTION, owner, (int)e->type,
	    EVDNS_CLASS_INET, TTL_S, is_name ? -1 : (int)e->len, is_name,
	    is_name ? e->target : (const char *)e->data);
}

static int
rcode_of(enum mx_zone_outcome outcome)
{
	switch (outcome) {
	case MX_ZONE_NXDOMAIN:
		return DNS_ERR_NOTEXIST;
	case MX_ZONE_SERVFAIL:
		return DNS_ERR_SERVERFAILED;
	case MX_ZONE_REFUSED:
		return DNS_ERR_REFUSED;
	case MX_ZONE_DATA:
	case MX_ZONE_NODATA:
	case MX_ZONE_DROP:
		break;
	}
	return DNS_ERR_NONE;
}

/* Adds what there is to say, and returns how the last name of the CNAME chain fared. */
static enum mx_zone_outcome
answer(const struct mx_dnsd *dnsd, struct evdns_server_request *req,
    const struct evdns_server_question *question)
{
	enum mx_zone_type type = (enum mx_zone_type)question->type;
	enum mx_zone_outcome outcome = MX_ZONE_NODATA;
	const char *name = question->name;

	for (unsigned hop = 0; hop < CNAME_HOPS; hop++) {
		const struct mx_zone_entry *entry = NULL;

		outcome = mx_zone_ask(dnsd->zone, name, type);
		if (outcome != MX_ZONE_DATA)
			return outcome;
		while ((entry = mx_zone_next(dnsd->zone, name, type, entry)) != NULL)
			add_record(req, name, entry);
		if (mx_zone_next(dnsd->zone, name, type, NULL) != NULL)
			return MX_ZONE_DATA;
		entry = mx_zone_next(dnsd->zone, name, MX_ZONE_CNAME, NULL);
		if (entry == NULL)
			return MX_ZONE_NODATA;
		add_record(req, name, entry);
		name = entry->target;
	}
	return MX_ZONE_SERVFAIL; /* a loop of CNAMEs */
}

static void
on_request(struct evdns_server_request *req, void *arg)
{
	struct mx_dnsd *dnsd = arg;
	enum mx_zone_outcome outcome = MX_ZONE_REFUSED;

	dnsd->questions++;
	mx_tempo_moved(dnsd->tempo);
	if (req->nquestions == 1 &&
	    req->questions[0]->dns_question_class == EVDNS_CLASS_INET)
		outcome = answer(dnsd, req, req->questions[0]);
	if (outcome == MX_ZONE_DROP) {
		evdns_server_request_drop(req);
		return;
	}
	evdns_server_request_set_flags(req, EVDNS_FLAGS_AA | EVDNS_FLAGS_RD);
	evdns_server_request_respond(req, rcode_of(outcome));
}

static int
bind_udp(struct mx_addr *address, struct mx_error *err)
{
	char text[MX_ADDR_TEXT];
	struct sockaddr_storage sa;
	socklen_t len = mx_addr_to_sockaddr(address, &sa);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&sa, len) == 0) {
		len = sizeof sa;
		getsockname(fd, (struct sockaddr *)&sa, &len);
		mx_addr_from_sockaddr((const struct sockaddr *)&sa, address);
		return fd;
	}
	mx_addr_text_port(address, text);
	if (errno == EADDRINUSE)
		mx_error_set(err, MX_ERR_SYSTEM,
		    "%s (DNS) is in use: end who listens there, or choose another port "
		    "(0: a free one)",
		    text);
	else
		mx_error_sys(err, errno, "can't bind %s (DNS)", text);
	if (fd >= 0)
		close(fd);
	return -1;
}

struct mx_dnsd *
mx_dnsd_start(struct event_base *base, struct mx_tempo *tempo, const struct mx_zone *zone,
    uint16_t port, struct mx_error *err)
{
	struct mx_addr address;
	struct mx_dnsd *dnsd;
	int fd;

	mx_addr_parse("127.0.0.1", &address);
	address.port = port;
	fd = bind_udp(&address, err);
	if (fd < 0)
		return NULL;
	dnsd = mx_calloc(1, sizeof *dnsd);
	dnsd->tempo = tempo;
	dnsd->zone = zone;
	dnsd->address = address;
	dnsd->port = evdns_add_server_port_with_base(base, fd, 0, on_request, dnsd);
	return dnsd;
}

void
mx_dnsd_stop(struct mx_dnsd *dnsd)
{
	if (dnsd == NULL)
		return;
	evdns_close_server_port(dnsd->port);
	free(dnsd);
}

struct mx_addr
mx_dnsd_address(const struct mx_dnsd *dnsd)
{
	return dnsd->address;
}

size_t
mx_dnsd_questions(const struct mx_dnsd *dnsd)
{
	return dnsd->questions;
}
