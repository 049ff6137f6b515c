/*
 * catalogue.h - the knowledge of taxonomy/, loaded and looked up.
 * In:   categories.yaml, providers/NAME.yaml, lists.yaml, remedies.yaml of one data
 *       directory.
 * Out:  read-only rows; they live as long as the catalogue.
 * Not:  no rules (verdict/rules.h), no matching of replies.
 */
#ifndef MX_CATALOGUE_CATALOGUE_H
#define MX_CATALOGUE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/catalogue/verdicts.h"
#include "probe/transcript.h"

/** One leaf of the taxonomy. Its id is the contract word ("blocklist_own"). */
struct mx_category {
	const char *id;
	const char *family;
	const char *en, *ja;                  /* what it means */
	enum mx_verdict temporary, permanent; /* verdict at 4xx and at 5xx */
	const char *about;  /* whom it is usually about: "sender_ip", ... */
	const char *remedy; /* id, may be NULL: when nothing nearer is known */
};

/** How a provider ends connections without a word when it refuses them. The same end has innocent
 *  causes too, hence a confidence, and a verdict only once the source is known to get out. */
struct mx_connect_signature {
	const char *id;          /* "au.reset"; NULL: the provider has none */
	const enum mx_end *ends; /* before a greeting */
	size_t end_count;
	const char *category;
	unsigned confidence; /* per cent */
	const char *means;   /* half a sentence: "au answers a block so" */
};

struct mx_provider {
	const char *id;        /* "microsoft_consumer" */
	const char *name;      /* "Outlook.com / Hotmail" */
	const char *authority; /* who keeps its lists: "Microsoft"; may be NULL */
	const char *const *domains;
	size_t domain_count;
	/* ".olc.protection.outlook.com", or a whole host name */
	const char *const *mx_suffixes;
	size_t mx_suffix_count;
	enum mx_stage depth; /* deepest stage worth asking by default */
	bool postmaster; /* RCPT postmaster@ is allowed where no mailbox is declared */
	bool probe;      /* false: never probed ("probe: no") */
	/* What a session without DATA cannot see; English sentences. */
	const char *const *blind_spots;
	size_t blind_spot_count;
	bool observable; /* false: IP and authentication are judged only after DATA */
	const char *delist_url; /* may be NULL */
	const char *remedy;     /* id, may be NULL: for its own lists and limits */
	struct mx_connect_signature connect_signature;
	const char *source;
};

/** Who can ask a list by DNS. */
enum mx_list_access {
	MX_ACCESS_OPEN,  /* anybody, within its limits */
	MX_ACCESS_KEY,   /* whoever has registered */
	MX_ACCESS_PAID,  /* customers */
	MX_ACCESS_NOBODY /* it shows in replies only */
};

/** What one answer of a list stands for. */
struct mx_list_return {
	const char *code;  /* "127.0.0.2", or with a run at its end "127.0.2.2-24" */
	const char *list;  /* id of the part of the list that it names, may be NULL */
	const char *means; /* English */
	bool error;        /* the query itself failed: nobody is listed */
	bool harmless;     /* no accusation: a good reputation, a score, a mark "known" */
};

/** Which addresses a zone is asked about. */
enum mx_list_family {
	MX_FAMILY_IPV4,
	MX_FAMILY_IPV6,
	MX_FAMILY_BOTH
};

/** How a list is asked by DNS. */
struct mx_list_query {
	const char *zone; /* "zen.dq.spamhaus.net" */
	const char *key;  /* whose key goes in front ("spamhaus_dqs"), may be NULL */
	enum mx_list_family family; /* of no meaning where names are listed */
	/* An address or name that is listed, one that is not; NULL: those of RFC 5782. */
	const char *listed, *clean;
};

/** A blocklist: third party or a provider's own. */
struct mx_list {
	const char *id;       /* "spamhaus_zen" */
	const char *name;     /* "Spamhaus ZEN" */
	const char *operator; /* "Spamhaus" */
	/* What it lists: ip, domain, url, helo. Or what it is instead of a blocklist:
	 * country, greylist, allow. */
	const char *kind;
	const char *part_of; /* id of the list that contains it, may be NULL */
	bool closed;         /* nobody keeps it any more: the receiver is out of date */
	enum mx_list_access access;
	const struct mx_list_return *returns;
	size_t return_count;
	bool bits; /* the last octet of its answers is a sum of the returns' */
	bool mild; /* whole networks, or nothing about mail: hardly a receiver minds */
	/* How to ask it; those with a key stand in for the others. Empty: nobody should. */
	const struct mx_list_query *queries;
	size_t query_count;
	const char *const *zones; /* "zen.spamhaus.org" */
	size_t zone_count;
	const char *const *brands; /* words that name it in a reply: "Spamhaus" */
	size_t brand_count;
	const char *lookup_url, *delist_url; /* may be NULL */
	const char *remedy;                  /* id, may be NULL */
	const char *source;
};

/** The languages of texts for people. */
enum mx_lang {
	MX_LANG_EN,
	MX_LANG_JA
};

/** One thing in both languages. */
struct mx_text {
	const char *en, *ja;
};

/** What mxprobe knows of a form's field; NOTHING leaves it to the user. */
enum mx_field_value {
	MX_FIELD_NOTHING,
	MX_FIELD_TITLE,  /* one line: what is refused, and what is asked for */
	MX_FIELD_SOURCE, /* the address as the provider saw it */
	MX_FIELD_LISTED, /* what the reply says is listed: an address, network or name */
	MX_FIELD_DESTINATION,
	MX_FIELD_SENDING_DOMAIN,
	MX_FIELD_CONTACT, /* MAIL FROM */
	MX_FIELD_TIME_ZONE,
	MX_FIELD_ERROR, /* the refusal, word for word, with where it came from */
	MX_FIELD_WEB_SITE,
	MX_FIELD_HELO,
	MX_FIELD_CODE /* the provider's own */
};

/** A field of the form at a remedy's url, by the names that the form shows. */
struct mx_form_field {
	struct mx_text name;
	struct mx_text enter; /* what to write there */
	enum mx_field_value value;
};

/** What may come back after a request. Texts may hold {source}, {domain}, {helo}, {destination} and
 *  {error}. */
struct mx_remedy_answer {
	struct mx_text says; /* how to know it */
	const char *outcome; /* what `mxprobe delist --outcome` calls it; may be NULL */
	struct mx_text means;
	struct mx_text next;  /* what to do then */
	struct mx_text reply; /* what to write back; NULL: nothing */
};

struct mx_remedy {
	const char *id;
	const char *en, *ja;         /* what to do, one paragraph each */
	const struct mx_text *steps; /* the same at length, in order */
	size_t step_count;
	const struct mx_form_field *fields; /* in the order of the form */
	size_t field_count;
	const struct mx_remedy_answer *answers;
	size_t answer_count;
	bool has_first;          /* its steps begin with those of MX_REMEDY_FIRST */
	struct mx_text duration; /* how long it takes, as reported; NULL: not known */
	const char *url;         /* may be NULL */
	const char *source;
};

/** Id of the remedy whose steps come before any form. */
#define MX_REMEDY_FIRST "before-asking"

struct mx_catalogue;
struct mx_image;

/** Load the data directory (mx_catalogue_default_dir() when dir is NULL). On failure NULL with a
 *  MX_ERR_CONFIG error that names file, line and field; nothing is half loaded. */
struct mx_catalogue *mx_catalogue_load(const char *dir, struct mx_error *err);
void mx_catalogue_free(struct mx_catalogue *catalogue);
/** The directory in use: MXPROBE_TAXONOMY if set, else $(datadir)/mxprobe/taxonomy. */
const char *mx_catalogue_default_dir(void);
const char *mx_catalogue_dir(const struct mx_catalogue *catalogue);
/** What was worked out beforehand of this directory: DIR.image; NULL when there is none. */
const struct mx_image *mx_catalogue_image(const struct mx_catalogue *catalogue);

/** Lookups answer NULL when there is no such row. Case does not matter for names of hosts. */
const struct mx_category *mx_catalogue_category(
    const struct mx_catalogue *c, const char *id);
const struct mx_provider *mx_catalogue_provider(
    const struct mx_catalogue *c, const char *id);
/** By MX host name: the longest matching suffix wins. */
const struct mx_provider *mx_catalogue_provider_by_mx(
    const struct mx_catalogue *c, const char *mx_host);
/** By recipient domain (whole name). */
const struct mx_provider *mx_catalogue_provider_by_domain(
    const struct mx_catalogue *c, const char *domain);
const struct mx_list *mx_catalogue_list(const struct mx_catalogue *c, const char *id);
/** By DNS zone as a reply names it: the zone itself or a name below it (a key in front). */
const struct mx_list *mx_catalogue_list_by_zone(
    const struct mx_catalogue *c, const char *zone);
/** What an answer of this list means, by its own returns, else by those of the lists that it
 *  contains; of a sum, the only known bit in it. NULL when no row says. */
const struct mx_list_return *mx_catalogue_list_return(const struct mx_catalogue *c,
    const struct mx_list *list, const struct mx_addr *answer);
/** The same with every known bit of a sum: at most room rows into out. How many there are. */
size_t mx_catalogue_list_returns(const struct mx_catalogue *c, const struct mx_list *list,
    const struct mx_addr *answer, const struct mx_list_return **out, size_t room);
/** How to name a list beside another: "XBL" behind "Spamhaus SBL". before may be NULL. */
const char *mx_list_name_beside(const struct mx_list *list, const struct mx_list *before);
/** Is inner outer itself or, by part_of, inside it? Either may be NULL, which is in nothing. */
bool mx_catalogue_list_contains(const struct mx_catalogue *c, const struct mx_list *outer,
    const struct mx_list *inner);
const struct mx_remedy *mx_catalogue_remedy(const struct mx_catalogue *c, const char *id);

/** All rows, for listing and for matching. */
const struct mx_category *mx_catalogue_categories(
    const struct mx_catalogue *c, size_t *count);
const struct mx_provider *mx_catalogue_providers(
    const struct mx_catalogue *c, size_t *count);
const struct mx_list *mx_catalogue_lists(const struct mx_catalogue *c, size_t *count);
const struct mx_remedy *mx_catalogue_remedies(
    const struct mx_catalogue *c, size_t *count);

#endif
