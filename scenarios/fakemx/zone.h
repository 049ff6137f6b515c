/*
 * zone.h - the names a scenario's name server knows.
 * In:   zone records of one or more scenarios.   Out: what to answer to a question.
 * Not:  no packets, no sockets (dnsd.h).
 */
#ifndef MX_FAKEMX_ZONE_H
#define MX_FAKEMX_ZONE_H

#include "scenarios/fakemx/scenario.h"

/* libevent's server half truncates above 512 bytes and has no TCP: keep answers below. */
#define MX_ZONE_RDATA_MAX 450

/** One record in wire form; or an outcome for a name. Strings and data are own. */
struct mx_zone_entry {
	char *name; /* lower case, no trailing dot */
	enum mx_zone_type type;
	enum mx_zone_outcome outcome;
	char *target;  /* CNAME, PTR, NS: a name instead of data */
	uint8_t *data; /* others: rdata */
	size_t len;
};

struct mx_zone {
	struct mx_zone_entry *entries;
	size_t count;
};

/** Add one record. Our failure (MX_ERR_CONFIG, no file or line) says what is wrong with it. */
enum mx_err mx_zone_add(struct mx_zone *zone, const struct mx_zone_record *record,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_zone_clear(struct mx_zone *zone);

/** DATA: there are records (walk with mx_zone_next); NODATA: the name or one below it exists;
 *  NXDOMAIN: it doesn't; else what the scenario wants. A CNAME at the name counts as DATA for any
 *  type. Name in any case, with or without trailing dot. */
enum mx_zone_outcome mx_zone_ask(
    const struct mx_zone *zone, const char *name, enum mx_zone_type type);
/** The next record of that name and type behind after (NULL: the first), or NULL. */
const struct mx_zone_entry *mx_zone_next(const struct mx_zone *zone, const char *name,
    enum mx_zone_type type, const struct mx_zone_entry *after);
/** A name that has this address, or NULL. */
const char *mx_zone_name_of(const struct mx_zone *zone, const struct mx_addr *addr);

#endif
