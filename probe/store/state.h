/*
 * state.h - a store's inside, for store.c and writer.c.
 * In:   what both of them keep.   Out: struct mx_store.
 * Not:  not for any other file.
 */
#ifndef MX_STORE_STATE_H
#define MX_STORE_STATE_H

#include <pthread.h>

#include "probe/net/wake.h"
#include "probe/store/writer.h"

struct mx_queued_job;

/** A first-in, first-out list. */
struct mx_job_queue {
	struct mx_queued_job *first, **end;
};

struct mx_store {
	char *path;
	struct mx_db reading; /* the caller's thread */
	struct mx_db writing; /* the writer's thread, once it runs */
	struct mx_wake *wake; /* NULL: no loop */
	bool is_writing;
	pthread_t thread;
	pthread_mutex_t lock; /* for all below */
	pthread_cond_t work, idle;
	struct mx_job_queue waiting, finished;
	bool is_busy, is_over;
	struct mx_error failure; /* the first write that failed */
};

enum mx_err mx_writer_start(struct mx_store *store, struct mx_error *err);
/** Nothing may be waiting. */
void mx_writer_stop(struct mx_store *store);

#endif
