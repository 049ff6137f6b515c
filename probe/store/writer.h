/*
 * writer.h - the thread that writes.
 * In:   jobs, from the loop's thread.   Out: each done in a transaction, then answered.
 * Not:  no table is known here. Only store/ may include this.
 */
#ifndef MX_STORE_WRITER_H
#define MX_STORE_WRITER_H

#include "probe/store/db.h"
#include "probe/store/store.h"

/** One piece of work. Jobs that wait together share a transaction; one that fails is undone alone
 *  and the others stand. */
struct mx_store_job {
	/** On the writer's thread. May use db and work, nothing else. */
	enum mx_err (*run)(struct mx_db *db, void *work, struct mx_error *err);
	/** On the loop's thread, after the commit; frees work. err NULL: it is on disk. */
	void (*answer)(void *work, const struct mx_error *err);
	void *work;
};

/** Copied. */
void mx_store_submit(struct mx_store *store, const struct mx_store_job *job);
/** The connection for reading, on the caller's thread. */
struct mx_db *mx_store_reader(struct mx_store *store);

#endif
