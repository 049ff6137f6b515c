/*
 * result_row.h - a result as it is kept: strings and numbers, one column each.
 * In:   filled by whoever has a result.   Out: written by record.h, read back by history.h.
 * Not:  no enum of another folder: words are those of `--format json`.
 */
#ifndef MX_STORE_RESULT_ROW_H
#define MX_STORE_RESULT_ROW_H

#include <stdint.h>

/** All strings borrowed; NULL where there is nothing to say, but for those marked so. */
struct mx_store_result {
	const char *id; /* ULID; never NULL */
	int64_t time_us;
	/* the pair: never NULL */
	const char *source, *group;
	const char *provider;    /* catalogue's id */
	const char *destination; /* never NULL */
	const char *mx_host, *address;
	const char *helo, *mail_from, *rcpt;
	const char *depth, *reached;
	const char *verdict; /* never NULL */
	/* the deciding reply and what it came to */
	const char *stage;
	int64_t code; /* 0: none */
	const char *enhanced, *text;
	const char *category, *about, *permanence, *authority, *list;
	const char *provider_code, *listed_value, *delist_url, *rule, *remedy;
	double confidence;
	const char *seen_source, *note;
};

/** A deep copy in one piece; caller frees with free(). */
struct mx_store_result *mx_store_result_copy(const struct mx_store_result *row);

#endif
