/* dnsbl_zone.c - a list may be asked openly or with a key, by its own zone or by that of the list
 * that contains it; once is enough. */
#include "probe/identity/dnsbl_zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

struct choice {
	const struct mx_dnsbl_params *params;
	struct mx_dnsbl_zone *zones;
	size_t count;
};

static const char *
key_value(const struct mx_dnsbl_params *params, const char *name)
{
	for (size_t i = 0; name != NULL && i < params->key_count; i++)
		if (strcmp(params->keys[i].name, name) == 0)
			return params->keys[i].value;
	return NULL;
}

static bool
is_kind(const struct mx_list *list, const char *kind)
{
	return strcmp(list->kind, kind) == 0;
}

/* ---- what a zone takes ---- */

static void
set_takes(struct mx_dnsbl_zone *zone)
{
	const struct mx_list *list = zone->list;
	const struct mx_list_query *query = zone->query;

	if (list != NULL && !is_kind(list, "ip")) {
		zone->takes[MX_DNSBL_NAME] = is_kind(list, "domain") ||
					     is_kind(list, "url") ||
					     is_kind(list, "helo");
		return;
	}
	zone->takes[MX_DNSBL_IPV4] = query == NULL || query->family != MX_FAMILY_IPV6;
	zone->takes[MX_DNSBL_IPV6] = query == NULL || query->family != MX_FAMILY_IPV4;
}

/* ---- choosing ---- */

static bool
is_chosen(const struct choice *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (mx_name_equal(c->zones[i].name, name))
			return true;
	return false;
}

/* key: its value; NULL when the zone is asked without one. */
static void
add_zone(struct choice *c, const char *name, const char *key, const struct mx_list *list,
    const struct mx_list_query *query)
{
	struct mx_dnsbl_zone *zone;

	if (is_chosen(c, name))
		return;
	c->zones = mx_grow(c->zones, c->count, sizeof *c->zones);
	zone = &c->zones[c->count++];
	zone->name = mx_strdup(name);
	zone->key = mx_strdup(key);
	zone->asked = key != NULL ? mx_asprintf("%s.%s", key, name) : mx_strdup(name);
	zone->list = list;
	zone->query = query;
	if (query != NULL && query->key != NULL && key == NULL)
		zone->needs_key = query->key;
	set_takes(zone);
}

/* The zone's row in the catalogue, or that of the zone in whose front a key stands. */
static const struct mx_list_query *
find_query(const struct mx_list *list, const char *name)
{
	for (size_t i = 0; i < list->query_count; i++) {
		const struct mx_list_query *query = &list->queries[i];

		if (mx_name_equal(query->zone, name) ||
		    (query->key != NULL && mx_name_under(name, query->zone)))
			return query;
	}
	return NULL;
}

static void
add_named(struct choice *c, const char *given)
{
	char ascii[MX_NAME_MAX];
	const char *name = mx_name_to_ascii(given, ascii, NULL) == MX_OK ? ascii : given;
	const struct mx_list *list =
	    mx_catalogue_list_by_zone(c->params->catalogue, name);
	const struct mx_list_query *query = list != NULL ? find_query(list, name) : NULL;
	char *key;

	if (query == NULL || mx_name_equal(query->zone, name)) {
		add_zone(c, name, query != NULL ? key_value(c->params, query->key) : NULL,
		    list, query);
		return;
	}
	key = mx_strndup(name, strlen(name) - strlen(query->zone) - 1);
	add_zone(c, query->zone, key, list, query);
	free(key);
}

static bool
has_its_key(const struct mx_dnsbl_params *params, const struct mx_list *list)
{
	for (size_t i = 0; i < list->query_count; i++)
		if (key_value(params, list->queries[i].key) != NULL)
			return true;
	return false;
}

static bool
is_askable(const struct mx_dnsbl_params *params, const struct mx_list *list)
{
	if (list->closed || list->query_count == 0 ||
	    (!is_kind(list, "ip") && !is_kind(list, "domain") && !is_kind(list, "helo")))
		return false;
	if (has_its_key(params, list))
		return true;
	/* Open to all, and not by its keyed zones only. */
	for (size_t i = 0; list->access == MX_ACCESS_OPEN && i < list->query_count; i++)
		if (list->queries[i].key == NULL)
			return true;
	return false;
}

/* ZEN's answers tell SBL from XBL; asking both again would tell nothing new. A list of names inside
 * one of addresses is another matter. */
static bool
is_inside_another(const struct mx_dnsbl_params *params, const struct mx_list *list)
{
	const struct mx_list *outer = list;

	while (outer->part_of != NULL) {
		outer = mx_catalogue_list(params->catalogue, outer->part_of);
		if (is_kind(outer, list->kind) && is_askable(params, outer))
			return true;
	}
	return false;
}

static void
add_list(struct choice *c, const struct mx_list *list)
{
	bool keyed = has_its_key(c->params, list);

	for (size_t i = 0; i < list->query_count; i++) {
		const struct mx_list_query *query = &list->queries[i];
		const char *key = key_value(c->params, query->key);

		if (keyed ? key != NULL : query->key == NULL)
			add_zone(c, query->zone, key, list, query);
	}
}

static void
add_all(struct choice *c)
{
	size_t count;
	const struct mx_list *lists = mx_catalogue_lists(c->params->catalogue, &count);

	for (size_t i = 0; i < count; i++)
		if (is_askable(c->params, &lists[i]) &&
		    !is_inside_another(c->params, &lists[i]))
			add_list(c, &lists[i]);
}

struct mx_dnsbl_zone *
mx_dnsbl_zones_choose(const struct mx_dnsbl_params *params, size_t *count)
{
	struct choice c = { .params = params };

	if (params->zone_count == 0)
		add_all(&c);
	for (size_t i = 0; i < params->zone_count; i++)
		add_named(&c, params->zones[i]);
	*count = c.count;
	return c.zones;
}

void
mx_dnsbl_zones_free(struct mx_dnsbl_zone *zones, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(zones[i].name);
		free(zones[i].asked);
		free(zones[i].key);
	}
	free(zones);
}

/* ---- subjects ---- */

bool
mx_dnsbl_subject_address(
    const struct mx_addr *addr, char *out, size_t room, enum mx_dnsbl_aspect *aspect)
{
	char name[MX_ADDR_TEXT];
	size_t len;

	if (addr->family != AF_INET && addr->family != AF_INET6)
		return false;
	*aspect = addr->family == AF_INET ? MX_DNSBL_IPV4 : MX_DNSBL_IPV6;
	mx_addr_reverse_name(addr, name);
	/* Without ".in-addr.arpa", ".ip6.arpa". */
	len = (size_t)(strstr(name, addr->family == AF_INET ? ".in-" : ".ip6") - name);
	if (len >= room)
		return false;
	memcpy(out, name, len);
	out[len] = '\0';
	return true;
}

bool
mx_dnsbl_subject_name(const char *text, char *out, size_t room)
{
	char name[MX_NAME_MAX];
	struct mx_addr addr;

	if (mx_addr_parse(text, &addr) || mx_name_to_ascii(text, name, NULL) != MX_OK ||
	    !mx_name_is_fqdn(name) || strlen(name) >= room)
		return false;
	memcpy(out, name, strlen(name) + 1);
	return true;
}

/* RFC 5782 5: what every list has, and what none has. IPv6 lists write the same addresses as
 * ::FFFF:127.0.0.2, which mx_addr_parse() would make an IPv4 address of. */
static const struct mx_addr mapped_listed = { .family = AF_INET6,
	.bytes = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 2 } };
static const struct mx_addr mapped_clean = { .family = AF_INET6,
	.bytes = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 } };

static const char *const shown_entries[MX_DNSBL_ASPECT_COUNT][2] = {
	[MX_DNSBL_IPV4] = { "127.0.0.1", "127.0.0.2" },
	[MX_DNSBL_IPV6] = { "::ffff:127.0.0.1", "::ffff:127.0.0.2" },
	[MX_DNSBL_NAME] = { "INVALID", "TEST" },
};

void
mx_dnsbl_test_entry(const struct mx_dnsbl_zone *zone, enum mx_dnsbl_aspect aspect,
    bool listed, char *out, size_t room, const char **shown)
{
	const char *own = NULL;
	enum mx_dnsbl_aspect found;
	struct mx_addr addr;

	if (zone->query != NULL)
		own = listed ? zone->query->listed : zone->query->clean;
	*shown = own != NULL ? own : shown_entries[aspect][listed];
	if (own == NULL && aspect == MX_DNSBL_IPV6)
		addr = listed ? mapped_listed : mapped_clean;
	else if (aspect == MX_DNSBL_NAME || !mx_addr_parse(*shown, &addr)) {
		snprintf(out, room, "%s", *shown);
		return;
	}
	(void)mx_dnsbl_subject_address(&addr, out, room, &found);
}
