/*
 * dnsbl_zone.h - which zones are asked, and by which names.
 * In:   the catalogue, the user's zones and keys.   Out: zones with what to ask them for.
 * Not:  no question is asked here.
 */
#ifndef MX_IDENTITY_DNSBL_ZONE_H
#define MX_IDENTITY_DNSBL_ZONE_H

#include <stdbool.h>

#include "probe/identity/dnsbl.h"

/** Room for the part of a question's name before the zone. */
#define MX_DNSBL_SUBJECT 256

/** What a zone can be asked about. Each has test entries of its own (RFC 5782 5). */
enum mx_dnsbl_aspect {
	MX_DNSBL_IPV4,
	MX_DNSBL_IPV6,
	MX_DNSBL_NAME,
	MX_DNSBL_ASPECT_COUNT
};

struct mx_dnsbl_zone {
	char *name;            /* as shown, without a key */
	char *asked;           /* with the key: for questions only, never to be shown */
	char *key;             /* its value, NULL when there is none */
	const char *needs_key; /* the key that is missing: it cannot be asked */
	const struct mx_list
	    *list; /* NULL: nobody knows it; addresses are taken for listed */
	const struct mx_list_query *query; /* NULL: as RFC 5782 has it */
	bool takes[MX_DNSBL_ASPECT_COUNT];
};

/** params->zones, or without any all that the catalogue and the keys allow; each once. Free with
 *  mx_dnsbl_zones_free(). */
struct mx_dnsbl_zone *mx_dnsbl_zones_choose(
    const struct mx_dnsbl_params *params, size_t *count);
void mx_dnsbl_zones_free(struct mx_dnsbl_zone *zones, size_t count);

/** The part of a question's name before the zone: "5.113.0.203", nibbles, or the name. False when
 *  the text is no address or name that the zone takes; aspect says which it is. */
bool mx_dnsbl_subject_address(
    const struct mx_addr *addr, char *out, size_t room, enum mx_dnsbl_aspect *aspect);
/** A HELO name or sender domain in A-labels: no literal, no bare word. */
bool mx_dnsbl_subject_name(const char *text, char *out, size_t room);

/** The entries that a zone must have (listed) and must not have, in the same form; *shown is how
 *  to tell people. */
void mx_dnsbl_test_entry(const struct mx_dnsbl_zone *zone, enum mx_dnsbl_aspect aspect,
    bool listed, char *out, size_t room, const char **shown);

#endif
