/* query.c - the substitutions of RFC 7208 2.4 and 4.3, made before anybody reads a record. */
#include "probe/identity/spf/query.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

#define POSTMASTER "postmaster"

/* A-labels are what records and DNS know (RFC 8616 4); what cannot be one stays as it is. */
static char *
domain_copy(const char *domain)
{
	char ascii[MX_NAME_MAX];

	for (const char *c = domain; *c != '\0'; c++)
		if ((unsigned char)*c > 0x7e &&
		    mx_name_to_ascii(domain, ascii, NULL) == MX_OK)
			return mx_strdup(ascii);
	return mx_strdup(domain);
}

/* "::ffff:192.0.2.1" is an IPv4 client on an IPv6 socket (RFC 7208 5). */
static struct mx_addr
unwrap(const struct mx_addr *client)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct mx_addr v4 = { .family = AF_INET };

	if (client->family != AF_INET6 ||
	    memcmp(client->bytes, mapped, sizeof mapped) != 0)
		return *client;
	memcpy(v4.bytes, client->bytes + sizeof mapped, 4);
	return v4;
}

/* The local part may hold an "@" of its own, in quotes; the domain cannot. */
static void
split_sender(struct mx_spf_query *query, const char *mail_from)
{
	const char *at = strrchr(mail_from, '@');

	if (*mail_from == '\0') {
		query->local = mx_strdup(POSTMASTER);
		query->sender_domain = mx_strdup(query->helo);
		return;
	}
	if (at == NULL || at == mail_from)
		query->local = mx_strdup(POSTMASTER);
	else
		query->local = mx_strndup(mail_from, (size_t)(at - mail_from));
	query->sender_domain = domain_copy(at != NULL ? at + 1 : mail_from);
}

void
mx_spf_query_init(
    struct mx_spf_query *query, const struct mx_spf_params *params, int64_t now_s)
{
	*query =
	    (struct mx_spf_query){ .client = unwrap(params->client), .now_s = now_s };
	query->helo = domain_copy(params->helo != NULL ? params->helo : "");
	query->receiver =
	    domain_copy(params->receiver != NULL ? params->receiver : "unknown");
	split_sender(query, params->mail_from != NULL ? params->mail_from : "");
	query->domain =
	    domain_copy(params->domain != NULL ? params->domain : query->sender_domain);
}

void
mx_spf_query_clear(struct mx_spf_query *query)
{
	free(query->local);
	free(query->sender_domain);
	free(query->domain);
	free(query->helo);
	free(query->receiver);
	*query = (struct mx_spf_query){ 0 };
}
