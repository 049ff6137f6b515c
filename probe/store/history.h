/*
 * history.h - results read back, and their evidence.
 * In:   a store; a pair, or the id of a result.   Out: rows; JSON as it was printed then.
 * Not:  no states (pairs.h). On the caller's thread; what the writer still has in hand is not seen.
 */
#ifndef MX_STORE_HISTORY_H
#define MX_STORE_HISTORY_H

#include "probe/store/result_row.h"
#include "probe/store/store.h"

/** NULL and 0: no limit of that kind. */
struct mx_store_span {
	const char *source, *group;
	int64_t since_us, until_us;
	int64_t newest; /* at most so many, the newest ones */
};

/** Oldest first. Strings borrowed until the callback returns; each returns false to stop. */
enum mx_err mx_store_history(struct mx_store *store, const struct mx_store_span *span,
    bool (*each)(void *arg, const struct mx_store_result *row), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));

/** The result of that id: each is called once, or never when there is none (any more). */
enum mx_err mx_store_find(struct mx_store *store, const char *result,
    bool (*each)(void *arg, const struct mx_store_result *row), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));
/** The same as a copy of its own, in one piece: caller frees with free(). NULL with err untouched when
 *  there is none (any more). */
struct mx_store_result *mx_store_load(
    struct mx_store *store, const char *result, struct mx_error *err);
/** The result of that id as `--format json` printed it; NULL with err untouched when there is none
 *  (any more). Caller frees. */
char *mx_store_evidence(struct mx_store *store, const char *result, struct mx_error *err);
/** The id of the pair's newest result with that verdict (NULL: any); NULL: none. Caller frees. */
char *mx_store_newest(struct mx_store *store, const char *source, const char *group,
    const char *verdict, struct mx_error *err);

/** Forget results older than results_us and unkept evidence older than evidence_us (wall times), at
 *  most a few thousand rows a call, so that nobody waits long. done may be NULL. */
void mx_store_tidy(struct mx_store *store, int64_t results_us, int64_t evidence_us,
    void (*done)(void *arg, const struct mx_error *err), void *arg);

#endif
