/*
 * check.h - facts about who we are, as rows: what was looked at, how it stands, what to change.
 * In:   one row at a time, from whoever looked.   Out: the rows in that order.
 * Not:  no lookup, no layout; text holds remote bytes as they came (report/ escapes them).
 */
#ifndef MX_IDENTITY_CHECK_H
#define MX_IDENTITY_CHECK_H

#include <stddef.h>

enum mx_check_result {
	MX_CHECK_PASS,
	MX_CHECK_WARN,
	MX_CHECK_FAIL,
	MX_CHECK_UNKNOWN, /* could not tell: DNS was silent, failed or lied; never a fail */
	MX_CHECK_RESULT_COUNT
};
/** "pass", "warn", "fail", "unknown": the contract words of JSON. */
const char *mx_check_result_name(enum mx_check_result result);

struct mx_check {
	char *
	    check; /* "ptr", "spf_mail_from", "dnsbl:zen.spamhaus.org", ...; own, as all here */
	enum mx_check_result result;
	char *found; /* the record, or what stands in its place; NULL: nothing to show */
	char *
	    advice; /* one sentence: what to change, or what to know; NULL where all is well */
};

/** Zero-initialised is empty. */
struct mx_checks {
	struct mx_check *items;
	size_t count;
};

/** Append a row. Takes the three strings over (they come from malloc; found and advice may be
 *  NULL). */
void mx_checks_add(struct mx_checks *checks, enum mx_check_result result, char *check,
    char *found, char *advice);
/** Append all rows of from, which is empty then. */
void mx_checks_move(struct mx_checks *checks, struct mx_checks *from);
/** How many rows have that result. */
size_t mx_checks_count(const struct mx_checks *checks, enum mx_check_result result);
void mx_checks_clear(struct mx_checks *checks);

#endif
