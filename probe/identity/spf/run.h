/*
 * run.h - one evaluation of an SPF record, among the files that make it.
 * In:   query, memo.   Out: what matched, or why it stopped.
 * Not:  for nobody else: eval.h is the way in.
 *
 * A lookup whose answer isn't known, and an error, end the run: `stopped` says so, and everybody
 * returns.
 */
#ifndef MX_IDENTITY_SPF_RUN_H
#define MX_IDENTITY_SPF_RUN_H

#include "probe/base/buf.h"
#include "probe/identity/spf/eval.h"
#include "probe/identity/spf/record.h"
#include "probe/identity/spf/target.h"

/** Bytes of a macro-string, expanded; a name has 253 of them. */
#define MX_SPF_EXPANDED_MAX 65536

struct mx_spf_run {
	const struct mx_spf_query *query;
	const struct mx_spf_memo *memo;
	struct mx_spf_needs *needs;
	unsigned terms, voids;
	bool stopped;             /* needs are there, or error is */
	enum mx_spf_result error; /* why it stopped, where needs are empty */
	bool explaining;          /* the result stands: nothing is counted any more */
	const char *term, *whose; /* the term at work, and in whose record it stands */
	char *why;                /* of the last result; own */
	char *record;             /* the first one; own */
	char *exp, *exp_domain; /* exp= of the record that counts, and whose it is; own */
};

/** The record being read. */
struct mx_spf_scope {
	const char *domain;
	bool included; /* its exp= does not count */
};

enum mx_spf_match {
	MX_SPF_NO_MATCH,
	MX_SPF_MATCH,
	MX_SPF_STOPPED
};

/* ---- run.c: ends, lookups, targets ---------------------------------------------------------- */

/** Keeps the sentence as `why`, in place of the last one. */
void mx_spf_say(struct mx_spf_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Ends the run. Returns MX_SPF_STOPPED, so that `return mx_spf_stop(...)` reads well. */
enum mx_spf_match mx_spf_stop(struct mx_spf_run *run, enum mx_spf_result error);
/** Ends the run for want of an answer. At most MX_SPF_HOSTS_MAX times a run. */
void mx_spf_need(struct mx_spf_run *run, const char *name, enum mx_dns_type type);

/** A or AAAA, by the client's family. */
enum mx_dns_type mx_spf_address_type(const struct mx_spf_run *run);
/** The memo's answer, whatever it says; NULL, and stopped, where there is none. */
const struct mx_dns_answer *mx_spf_recall(
    struct mx_spf_run *run, const char *name, enum mx_dns_type type);
/** The same for what must not fail: NULL, and stopped, also at an error of DNS and at one lookup
 *  too many that found nothing. */
const struct mx_dns_answer *mx_spf_look_up(
    struct mx_spf_run *run, const char *name, enum mx_dns_type type);
/** Did it find nothing? An error is not nothing. */
bool mx_spf_is_void(const struct mx_dns_answer *answer);
/** Counts a void lookup. False, and stopped, when that is one too many (RFC 7208 4.6.4). */
bool mx_spf_count_void(struct mx_spf_run *run, const char *name, enum mx_dns_type type);

/** Appends the macro-string, which has no fault, expanded. False: stopped, or too long. */
bool mx_spf_expand(struct mx_spf_run *run, const char *domain, const char *text,
    size_t len, struct mx_buf *out);
/** The target-name of a term (RFC 7208 4.8); spec NULL: the scope's domain. False: stopped, or DNS
 *  cannot have such a name. */
bool mx_spf_find_target(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const char *spec, char out[MX_SPF_TARGET_MAX]);
/** The same as the resolver wants it. */
bool mx_spf_find_name(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const char *spec, char out[MX_SPF_NAME_MAX]);

/* ---- names.c: names of hosts, names of the client ------------------------------------------- */

/** The names of an MX or PTR answer, in an order that isn't the server's of the day. Caller
 *  frees the array; the names stay the memo's. */
struct mx_dns_record *mx_spf_sorted_names(const struct mx_dns_answer *answer);
/** Ends the run with a need for each name (at most MX_SPF_HOSTS_MAX) whose addresses aren't known
 *  yet, so that they are looked up side by side. True when all are known. */
bool mx_spf_know_addresses(
    struct mx_spf_run *run, const struct mx_dns_record *names, size_t count);
/** The client's validated names (RFC 7208 5.5), borrowed from the memo. What cannot be looked up
 *  is no name. False: stopped. */
bool mx_spf_validate_names(
    struct mx_spf_run *run, const char *names[MX_SPF_HOSTS_MAX], size_t *count);
/** %{p} (RFC 7208 7.3), borrowed; NULL: stopped. */
const char *mx_spf_validated_name(struct mx_spf_run *run, const char *domain);

/* ---- match.c, eval.c: they call each other for include -------------------------------------- */

/** Counts the term, and says whether it matches. */
enum mx_spf_match mx_spf_match(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive);
/** Begins a term that needs DNS, and counts it. False, and stopped, at one too many. term lives
 *  as long as what it looks up. */
bool mx_spf_begin_term(
    struct mx_spf_run *run, const struct mx_spf_scope *scope, const char *term);
/** check_host() for one domain. Its result counts only when the run has not stopped. */
enum mx_spf_result mx_spf_check_domain(
    struct mx_spf_run *run, const char *domain, bool included);

#endif
