/* check.c - the catalogue's cross references. */
#include "probe/catalogue/check.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "probe/catalogue/files.h"
#include "probe/catalogue/returns.h"
#include "probe/dns/name.h"

/* Deepest nesting there is: CSS in SBL in ZEN in "Spamhaus". More than this is a circle. */
#define NESTING_MAX 8

static enum mx_err
check_remedy(const struct mx_catalogue *c, const char *path, const char *id,
    const char *remedy, struct mx_error *err)
{
	if (remedy == NULL || mx_catalogue_remedy(c, remedy) != NULL)
		return MX_OK;
	return mx_row_error(err, path, id, "remedy", NULL, "no remedy \"%s\" in %s",
	    remedy, c->remedy_table.sheets[0].path);
}

/* A lookup finds the first row of an id: when that is not the row itself, there are two. */
static enum mx_err
check_unique(const char *path, const char *id, const void *row, const void *found,
    struct mx_error *err)
{
	if (row == found)
		return MX_OK;
	return mx_row_error(err, path, id, "id", NULL, "\"%s\" is there twice", id);
}

/* The leaves are a contract: results print them and the program itself names some. */
static enum mx_err
check_leaves(const struct mx_catalogue *c, struct mx_error *err)
{
	static const char *const leaves[] = { "blocklist_dnsbl", "blocklist_own",
		"blocklist_domain", "blocklist_url", "blocklist_helo",
		"blocklist_recipient", "reputation_ip", "reputation_domain",
		"reputation_volume", "policy_network", "policy_other", "rate_connection",
		"rate_message", "rate_recipients", "rate_mailbox", "greylisted",
		"auth_spf", "auth_dkim", "auth_dmarc", "auth_missing", "auth_ptr",
		"auth_helo", "auth_login", "auth_tls", "sender_rejected", "sender_domain",
		"relay_denied", "recipient_unknown", "recipient_disabled",
		"recipient_restricted", "mailbox_full", "recipient_domain",
		"content_spam", "content_malware", "content_malformed", "content_size",
		"system_busy", "system_error", "expired", "protocol_error",
		"network_error", "routing_error", "unknown" };

	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
		if (mx_catalogue_category(c, leaves[i]) == NULL)
			return mx_error_set(err, MX_ERR_CONFIG,
			    "%s:1: id: the category \"%s\" is missing",
			    c->categories_path, leaves[i]);
	return MX_OK;
}

static enum mx_err
check_categories(const struct mx_catalogue *c, struct mx_error *err)
{
	for (size_t i = 0; i < c->category_count; i++) {
		const struct mx_category *row = &c->categories[i];

		if (check_unique(c->categories_path, row->id, row,
			mx_catalogue_category(c, row->id), err) != MX_OK ||
		    check_remedy(c, c->categories_path, row->id, row->remedy, err) !=
			MX_OK)
			return MX_ERR_CONFIG;
	}
	return check_leaves(c, err);
}

static enum mx_err
check_remedies(const struct mx_catalogue *c, struct mx_error *err)
{
	for (size_t i = 0; i < c->remedy_count; i++) {
		const struct mx_remedy *row = &c->remedies[i];

		if (check_unique(c->remedy_table.paths[i], row->id, row,
			mx_catalogue_remedy(c, row->id), err) != MX_OK)
			return MX_ERR_CONFIG;
	}
	return MX_OK;
}

static enum mx_err
check_kind(const struct mx_catalogue *c, const struct mx_list *row, struct mx_error *err)
{
	static const char *const kinds[] = { "ip", "domain", "url", "helo", "country",
		"greylist", "allow" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(row->kind, kinds[i]) == 0)
			return MX_OK;
	return mx_row_error(err, c->list_table.paths[row - c->lists], row->id, "kind",
	    NULL, "\"%s\" is none of ip, domain, url, helo, country, greylist, allow",
	    row->kind);
}

static enum mx_err
check_part_of(
    const struct mx_catalogue *c, const struct mx_list *row, struct mx_error *err)
{
	const struct mx_list *up = row;

	for (int depth = 0; up->part_of != NULL; depth++) {
		const struct mx_list *next = mx_catalogue_list(c, up->part_of);

		if (next == NULL)
			return mx_row_error(err, c->list_table.paths[up - c->lists],
			    up->id, "part_of", NULL, "no list \"%s\"", up->part_of);
		if (depth == NESTING_MAX)
			return mx_row_error(err, c->list_table.paths[row - c->lists],
			    row->id, "part_of", NULL,
			    "the lists contain each other in a circle");
		up = next;
	}
	return MX_OK;
}

static enum mx_err
check_returns(
    const struct mx_catalogue *c, const struct mx_list *row, struct mx_error *err)
{
	for (size_t i = 0; i < row->return_count; i++) {
		const struct mx_list_return *answer = &row->returns[i];
		struct mx_return_code code;

		if (!mx_return_code_parse(answer->code, &code))
			return mx_row_error(err, c->list_table.paths[row - c->lists],
			    row->id, "returns", answer->code,
			    "\"%s\" is no answer of a list", answer->code);
		if (answer->list != NULL && mx_catalogue_list(c, answer->list) == NULL)
			return mx_row_error(err, c->list_table.paths[row - c->lists],
			    row->id, "returns", answer->list, "no list \"%s\"",
			    answer->list);
	}
	return MX_OK;
}

static enum mx_err
check_query_point(const struct mx_catalogue *c, const struct mx_list *row,
    const char *point, struct mx_error *err)
{
	char name[MX_NAME_MAX];

	if (point == NULL || mx_name_to_ascii(point, name, NULL) == MX_OK)
		return MX_OK;
	/* An IPv6 address. */
	if (strchr(point, ':') != NULL && mx_addr_parse(point, &(struct mx_addr){ 0 }))
		return MX_OK;
	return mx_row_error(err, c->list_table.paths[row - c->lists], row->id, "queries",
	    point, "\"%s\" is neither a name nor an address", point);
}

static enum mx_err
check_queries(
    const struct mx_catalogue *c, const struct mx_list *row, struct mx_error *err)
{
	for (size_t i = 0; i < row->query_count; i++) {
		const struct mx_list_query *query = &row->queries[i];

		if (check_query_point(c, row, query->zone, err) != MX_OK ||
		    check_query_point(c, row, query->listed, err) != MX_OK ||
		    check_query_point(c, row, query->clean, err) != MX_OK)
			return MX_ERR_CONFIG;
	}
	return MX_OK;
}

static enum mx_err
check_lists(const struct mx_catalogue *c, struct mx_error *err)
{
	for (size_t i = 0; i < c->list_count; i++) {
		const struct mx_list *row = &c->lists[i];

		if (check_unique(c->list_table.paths[row - c->lists], row->id, row,
			mx_catalogue_list(c, row->id), err) != MX_OK ||
		    check_remedy(c, c->list_table.paths[row - c->lists], row->id,
			row->remedy, err) != MX_OK ||
		    check_kind(c, row, err) != MX_OK ||
		    check_part_of(c, row, err) != MX_OK ||
		    check_returns(c, row, err) != MX_OK ||
		    check_queries(c, row, err) != MX_OK)
			return MX_ERR_CONFIG;
	}
	return MX_OK;
}

/* Two providers that claim one name would make the answer depend on file names. */
static enum mx_err
check_claims(const struct mx_catalogue *c, const char *path,
    const struct mx_provider *row, struct mx_error *err)
{
	for (size_t i = 0; i < row->domain_count; i++) {
		const struct mx_provider *owner =
		    mx_catalogue_provider_by_domain(c, row->domains[i]);

		if (owner != row)
			return mx_row_error(err, path, row->id, "domains",
			    row->domains[i], "\"%s\" belongs to provider %s already",
			    row->domains[i], owner->id);
	}
	for (size_t i = 0; i < row->mx_suffix_count; i++)
		for (size_t k = 0; k < c->provider_count; k++)
			for (size_t m = 0; m < c->providers[k].mx_suffix_count; m++)
				if (&c->providers[k] != row &&
				    strcasecmp(c->providers[k].mx_suffixes[m],
					row->mx_suffixes[i]) == 0)
					return mx_row_error(err, path, row->id,
					    "mx_suffixes", row->mx_suffixes[i],
					    "\"%s\" belongs to provider %s too",
					    row->mx_suffixes[i], c->providers[k].id);
	return MX_OK;
}

static enum mx_err
check_signature(const struct mx_catalogue *c, const char *path,
    const struct mx_provider *row, struct mx_error *err)
{
	const struct mx_connect_signature *signature = &row->connect_signature;
	char confidence[16];

	if (signature->id == NULL)
		return MX_OK;
	if (mx_catalogue_category(c, signature->category) == NULL)
		return mx_row_error(err, path, row->id, "connect_signature",
		    signature->category, "no category \"%s\"", signature->category);
	snprintf(confidence, sizeof confidence, "%u", signature->confidence);
	if (signature->confidence < 1 || signature->confidence > 99)
		return mx_row_error(err, path, row->id, "connect_signature", confidence,
		    "%s is not from 1 to 99 per cent", confidence);
	return MX_OK;
}

static enum mx_err
check_providers(const struct mx_catalogue *c, struct mx_error *err)
{
	for (size_t i = 0; i < c->provider_count; i++) {
		const struct mx_provider *row = &c->providers[i];
		const char *path = c->provider_table.paths[i];

		if (check_unique(path, row->id, row, mx_catalogue_provider(c, row->id),
			err) != MX_OK ||
		    check_remedy(c, path, row->id, row->remedy, err) != MX_OK ||
		    check_signature(c, path, row, err) != MX_OK ||
		    check_claims(c, path, row, err) != MX_OK)
			return MX_ERR_CONFIG;
	}
	return MX_OK;
}

enum mx_err
mx_catalogue_check(const struct mx_catalogue *c, struct mx_error *err)
{
	if (check_remedies(c, err) != MX_OK || check_categories(c, err) != MX_OK ||
	    check_lists(c, err) != MX_OK || check_providers(c, err) != MX_OK)
		return MX_ERR_CONFIG;
	return MX_OK;
}
