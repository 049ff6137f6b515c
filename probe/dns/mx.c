/* mx.c - what people put into MX records, and what is made of it. */
#include "probe/dns/mx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

void
mx_route_add_remark(struct mx_route *route, const char *format, ...)
{
	char text[256], *joined;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	joined = route->remark == NULL ? mx_strdup(text)
				       : mx_asprintf("%s; %s", route->remark, text);
	free(route->remark);
	route->remark = joined;
}

struct mx_route_host *
mx_route_add_host(struct mx_route *route, const char *name, uint16_t preference)
{
	struct mx_route_host *host;

	route->hosts = mx_grow(route->hosts, route->host_count, sizeof *route->hosts);
	host = &route->hosts[route->host_count++];
	*host =
	    (struct mx_route_host){ .name = mx_strdup(name), .preference = preference };
	return host;
}

static int
by_preference_then_name(const void *a, const void *b)
{
	const struct mx_dns_record *x = a, *y = b;

	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return strcasecmp(x->name, y->name);
}

/* An address belongs into an A record; a name with bytes that no host name has cannot be one
 * (RFC 5321 2.3.5). Looking either up would only blame the name servers. */
bool
mx_route_names_host(const char *name)
{
	char ascii[MX_NAME_MAX];
	struct mx_addr addr;

	return !mx_addr_parse(name, &addr) &&
	       mx_name_to_ascii(name, ascii, NULL) == MX_OK;
}

bool
mx_route_has_host(const struct mx_route *route, const char *name)
{
	for (size_t i = 0; i < route->host_count; i++)
		if (mx_name_equal(route->hosts[i].name, name))
			return true;
	return false;
}

static void
add_host(struct mx_route *route, const struct mx_dns_record *record)
{
	struct mx_route_host *host =
	    mx_route_add_host(route, record->name, record->preference);

	if (mx_route_names_host(record->name))
		return;
	host->status_a = host->status_aaaa = MX_DNS_MALFORMED;
	mx_route_add_remark(route, "MX \"%.100s\" names no host", record->name);
}

static void
add_hosts(struct mx_route *route, const struct mx_dns_record *records, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (mx_route_has_host(route, records[i].name))
			continue;
		if (route->host_count == MX_ROUTE_HOSTS_MAX) {
			mx_route_add_remark(route,
			    "more than %d MX hosts, only the first %d are used",
			    MX_ROUTE_HOSTS_MAX, MX_ROUTE_HOSTS_MAX);
			return;
		}
		add_host(route, &records[i]);
	}
}

void
mx_route_read_mx(struct mx_route *route, const struct mx_dns_answer *answer)
{
	struct mx_dns_record *records = mx_calloc(answer->count, sizeof *records);
	size_t named = 0;

	for (size_t i = 0; i < answer->count; i++)
		if (answer->records[i].name[0] != '\0')
			records[named++] = answer->records[i];
	route->kind = named > 0 ? MX_ROUTE_MX : MX_ROUTE_NULL;
	/* RFC 7505 3: "." must stand alone. Beside others it says nothing. */
	if (named > 0 && named < answer->count)
		mx_route_add_remark(
		    route, "a null MX beside other MX records is ignored");
	qsort(records, named, sizeof *records, by_preference_then_name);
	add_hosts(route, records, named);
	free(records); /* the names stay the answer's */
}
