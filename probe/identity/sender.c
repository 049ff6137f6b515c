/* sender.c - each kind of route is a row of its own. */
#include "probe/identity/sender.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"

#define CHECK "sender_domain"
#define FOUND_MAX 2048

static void
add(struct mx_checks *checks, enum mx_check_result result, char *found, char *advice)
{
	mx_checks_add(checks, result, mx_strdup(CHECK), found, advice);
}

bool
mx_sender_domain(const char *mail_from, char out[MX_NAME_MAX])
{
	const char *at = strrchr(mail_from, '@');
	struct mx_error ignored = { 0 };
	struct mx_addr addr;

	out[0] = '\0';
	if (at == NULL || at[1] == '\0' || mx_addr_parse(at + 1, &addr))
		return false;
	return mx_name_to_ascii(at + 1, out, &ignored) == MX_OK;
}

void
mx_sender_judge_odd(const char *mail_from, struct mx_checks *checks)
{
	if (*mail_from == '\0')
		add(checks, MX_CHECK_PASS,
		    mx_strdup("the null sender: nothing is ever returned to it"), NULL);
	else
		add(checks, MX_CHECK_FAIL,
		    mx_asprintf("%s has no domain that DNS could know", mail_from),
		    mx_strdup("send from an address such as postmaster@example.jp, in a "
			      "domain of your own"));
}

/* "10 mx1.example.jp, 20 mx2.example.jp". */
static char *
list_hosts(const struct mx_route *route)
{
	struct mx_buf text;

	mx_buf_init(&text, FOUND_MAX);
	for (size_t i = 0; i < route->host_count; i++)
		(void)mx_buf_addf(&text, "%s%u %s", i > 0 ? ", " : "MX ",
		    route->hosts[i].preference, route->hosts[i].name);
	return mx_buf_take(&text);
}

/* An exchanger without address costs every bounce a try. */
static const struct mx_route_host *
find_lost(const struct mx_route *route)
{
	for (size_t i = 0; i < route->host_count; i++)
		if (route->hosts[i].addr_count == 0)
			return &route->hosts[i];
	return NULL;
}

static void
judge_mx(const struct mx_route *route, struct mx_checks *checks)
{
	const struct mx_route_host *lost = find_lost(route);

	if (!mx_route_has_address(route) && mx_route_lookup_failed(route))
		add(checks, MX_CHECK_UNKNOWN, list_hosts(route), mx_strdup(route->why));
	else if (!mx_route_has_address(route))
		add(checks, MX_CHECK_FAIL,
		    mx_asprintf("%s: %s", route->domain, route->why),
		    mx_asprintf("give the MX of %s an address, or name another MX: "
				"receivers refuse a sender that cannot be answered",
			route->domain));
	else if (lost != NULL || route->remark != NULL)
		add(checks, MX_CHECK_WARN, list_hosts(route),
		    lost != NULL ? mx_asprintf("%s leads nowhere: give it an address or "
					       "drop that MX record",
				       lost->name)
				 : mx_strdup(route->remark));
	else
		add(checks, MX_CHECK_PASS, list_hosts(route), NULL);
}

static void
judge_nothing(const struct mx_route *route, struct mx_checks *checks)
{
	const char *why = route->why != NULL ? route->why : "nothing found";

	if (route->status == MX_DNS_NXDOMAIN || route->status == MX_DNS_NODATA)
		add(checks, MX_CHECK_FAIL, mx_asprintf("%s: %s", route->domain, why),
		    mx_asprintf(
			"publish %s MX 10 with the name of a host that takes your "
			"mail, or send from a domain that has one",
			route->domain));
	else
		add(checks, MX_CHECK_UNKNOWN, mx_asprintf("%s: %s", route->domain, why),
		    NULL);
}

void
mx_sender_judge_route(const struct mx_route *route, struct mx_checks *checks)
{
	switch (route->kind) {
	case MX_ROUTE_NULL:
		add(checks, MX_CHECK_FAIL,
		    mx_asprintf("%s MX 0 . (null MX, RFC 7505)", route->domain),
		    mx_asprintf(
			"a domain that takes no mail is refused as a sender: "
			"publish an MX record for %s, or send from another domain",
			route->domain));
		return;
	case MX_ROUTE_MX:
		judge_mx(route, checks);
		return;
	case MX_ROUTE_IMPLICIT:
	case MX_ROUTE_FIXED:
		add(checks, MX_CHECK_PASS,
		    mx_asprintf("no MX record, but an address: %s takes its own mail",
			route->domain),
		    NULL);
		return;
	case MX_ROUTE_NONE:
		judge_nothing(route, checks);
		return;
	}
}
