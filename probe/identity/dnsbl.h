/*
 * dnsbl.h - what blocklists say of a source address, its HELO name and its sender domain.
 * In:   the catalogue's lists or zones by name, keys, a resolver; then one identity after another.
 * Out:  one answer per zone and subject: listed or not, or why the list cannot be believed.
 * Not:  no judgement of what a listing is worth to a receiver beyond the catalogue's "mild".
 */
#ifndef MX_IDENTITY_DNSBL_H
#define MX_IDENTITY_DNSBL_H

#include <stdint.h>

#include "probe/catalogue/catalogue.h"
#include "probe/dns/resolver.h"
#include "probe/identity/check.h"

/** A list's key that stands in front of its zone. No output ever holds its value. */
struct mx_dnsbl_key {
	const char *name;  /* as the catalogue calls it: "spamhaus_dqs", "abusix" */
	const char *value; /* one label */
};

enum mx_dnsbl_state {
	MX_DNSBL_LISTED,
	MX_DNSBL_NOT_LISTED,
	MX_DNSBL_REFUSED, /* the list does not answer us: public resolver, too many, no key */
	MX_DNSBL_UNUSABLE, /* its test entries prove it dead or poisoned; closed lists */
	MX_DNSBL_UNKNOWN,  /* this one question failed */
	MX_DNSBL_STATE_COUNT
};

struct mx_dnsbl_answer {
	enum mx_dnsbl_state state;
	const char *zone;            /* without a key */
	const char *subject;         /* "203.0.113.5", "mail.example.jp" */
	bool is_name;                /* the subject is a HELO name or a sender domain */
	const struct mx_list *list;  /* NULL: a zone that the catalogue does not know */
	const struct mx_addr *codes; /* what the list answered, sorted */
	size_t code_count;
	/* What the codes stand for, as far as known: each sub-list, each bit. */
	const struct mx_list_return *const *meanings;
	size_t meaning_count;
	const char *reason; /* the TXT record, remote bytes; NULL: none, or not listed */
	const char *found;  /* the answer in words, remote bytes in it */
	const char *advice; /* what to do; NULL when nothing is */
};

struct mx_dnsbl_params {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	const struct mx_catalogue *catalogue;
	/* Zones to ask; with none, every list of the catalogue that anybody may ask or that a
	 * key is here for. A key in front of a known zone is taken as its key. */
	const char *const *zones;
	size_t zone_count;
	const struct mx_dnsbl_key *keys;
	size_t key_count;
	int64_t timeout_us; /* of one question; 0: 5 s */
	size_t at_once;     /* questions under way; 0: 200 */
};

struct mx_dnsbl;
struct mx_dnsbl_search;

/** Copies what it needs of params, except loop, resolver and catalogue, which must live on.
 *  Nothing is sent. Test entries and answers are kept: each is asked for once in its life. */
struct mx_dnsbl *mx_dnsbl_new(const struct mx_dnsbl_params *params);
/** Before loop and resolver. Callbacks under way never come. NULL is taken. */
void mx_dnsbl_free(struct mx_dnsbl *dnsbl);
/** How many zones are asked. */
size_t mx_dnsbl_zone_count(const struct mx_dnsbl *dnsbl);

/** Ask every zone that fits about the address, the HELO name and the sender's domain; the names may
 *  be NULL, and what is no domain name (a literal, a bare word) is not asked. done is called
 *  once, from the loop, never from inside this call; the answers are borrowed until it returns, in
 *  the order of the zones. The handle dies before done is called, which may do anything here. */
struct mx_dnsbl_search *mx_dnsbl_ask(struct mx_dnsbl *dnsbl, const struct mx_addr *source,
    const char *helo, const char *sender_domain,
    void (*done)(void *arg, const struct mx_dnsbl_answer *answers, size_t count),
    void *arg);
/** Call done with what is known by now; what is not answered yet is unknown. NULL is taken. */
void mx_dnsbl_conclude(struct mx_dnsbl_search *search);
/** done never comes then. NULL is taken. */
void mx_dnsbl_cancel(struct mx_dnsbl_search *search);

/** Append the rows "dnsbl:ZONE": listed fails (warns where the list is mild), not listed passes, all
 *  else is unknown. */
void mx_dnsbl_checks(
    const struct mx_dnsbl_answer *answers, size_t count, struct mx_checks *checks);

#endif
