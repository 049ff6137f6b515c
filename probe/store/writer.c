/* writer.c - takes all that waits, does it in one transaction, hands the answers back. */
#include "probe/store/writer.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/base/thread.h"
#include "probe/store/state.h"

/* More in one transaction gains nothing and makes the first wait longer. */
#define BATCH_MOST 1000

struct mx_queued_job {
	struct mx_queued_job *next;
	struct mx_store_job job;
	struct mx_error err;
};

static void
put(struct mx_job_queue *queue, struct mx_queued_job *job)
{
	job->next = NULL;
	*queue->end = job;
	queue->end = &job->next;
}

static void
empty(struct mx_job_queue *queue)
{
	*queue = (struct mx_job_queue){ .first = NULL };
	queue->end = &queue->first;
}

/* ---- the writer's thread ---- */

/* A job that fails is undone alone, unless SQLite undid the whole transaction by itself, as it does
 * when the disk is full: then nobody's work stands, and err says why. */
static enum mx_err
run_job(struct mx_db *db, struct mx_queued_job *job, struct mx_error *err)
{
	if (mx_db_exec(db, "SAVEPOINT job", &job->err) == MX_OK &&
	    job->job.run(db, job->job.work, &job->err) == MX_OK &&
	    mx_db_exec(db, "RELEASE job", &job->err) == MX_OK)
		return MX_OK;
	if (sqlite3_get_autocommit(db->sqlite))
		*err = job->err;
	else
		mx_db_undo(db, "ROLLBACK TO job; RELEASE job");
	return err->code;
}

/* What could not be committed has failed, each and every job of it. */
static void
run_batch(struct mx_db *db, struct mx_queued_job *first)
{
	struct mx_error err = { 0 };

	if (mx_db_exec(db, "BEGIN IMMEDIATE", &err) == MX_OK) {
		for (struct mx_queued_job *job = first; job != NULL; job = job->next)
			if (run_job(db, job, &err) != MX_OK)
				break;
		if (err.code == MX_OK && mx_db_exec(db, "COMMIT", &err) != MX_OK)
			mx_db_undo(db, "ROLLBACK");
	}
	for (struct mx_queued_job *job = first; job != NULL && err.code != MX_OK;
	     job = job->next)
		job->err = err;
}

/* At most BATCH_MOST of what waits, taken out of the queue. */
static struct mx_queued_job *
take_batch(struct mx_store *store)
{
	struct mx_queued_job *first = store->waiting.first, *last = first;

	for (size_t i = 1; i < BATCH_MOST && last->next != NULL; i++)
		last = last->next;
	store->waiting.first = last->next;
	if (store->waiting.first == NULL)
		empty(&store->waiting);
	last->next = NULL;
	return first;
}

static void
hand_back(struct mx_store *store, struct mx_queued_job *first)
{
	for (struct mx_queued_job *job = first, *next; job != NULL; job = next) {
		next = job->next;
		if (job->err.code != MX_OK && store->failure.code == MX_OK)
			store->failure = job->err;
		put(&store->finished, job);
	}
	if (store->wake != NULL)
		mx_wake_ring(store->wake);
	if (store->waiting.first == NULL)
		pthread_cond_broadcast(&store->idle);
}

static void *
write_all(void *arg)
{
	struct mx_store *store = arg;

	pthread_mutex_lock(&store->lock);
	while (!store->is_over) {
		if (store->waiting.first == NULL) {
			pthread_cond_wait(&store->work, &store->lock);
			continue;
		}

		struct mx_queued_job *batch = take_batch(store);

		store->is_busy = true;
		pthread_mutex_unlock(&store->lock);
		run_batch(&store->writing, batch);
		pthread_mutex_lock(&store->lock);
		store->is_busy = false;
		hand_back(store, batch);
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}

/* ---- the caller's thread ---- */

/* An answer may submit again, and may wait: so each is taken out before it is given. */
static void
answer_all(struct mx_store *store)
{
	for (;;) {
		struct mx_queued_job *job;

		pthread_mutex_lock(&store->lock);
		job = store->finished.first;
		if (job != NULL && (store->finished.first = job->next) == NULL)
			empty(&store->finished);
		pthread_mutex_unlock(&store->lock);
		if (job == NULL)
			return;
		job->job.answer(job->job.work, job->err.code != MX_OK ? &job->err : NULL);
		free(job);
	}
}

static void
on_wake(void *arg)
{
	answer_all(arg);
}

enum mx_err
mx_writer_start(struct mx_store *store, struct mx_error *err)
{
	int code;

	empty(&store->waiting);
	empty(&store->finished);
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->work, NULL);
	pthread_cond_init(&store->idle, NULL);
	/* Signals are the loop's. */
	code = mx_thread_start(&store->thread, write_all, store);
	if (code != 0)
		return mx_error_sys(err, code, "no thread to write the store with");
	store->is_writing = true;
	return MX_OK;
}

void
mx_writer_stop(struct mx_store *store)
{
	pthread_mutex_lock(&store->lock);
	store->is_over = true;
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->lock);
	pthread_join(store->thread, NULL);
	pthread_cond_destroy(&store->idle);
	pthread_cond_destroy(&store->work);
	pthread_mutex_destroy(&store->lock);
}

void
mx_store_submit(struct mx_store *store, const struct mx_store_job *job)
{
	struct mx_queued_job *queued = mx_calloc(1, sizeof *queued);

	queued->job = *job;
	pthread_mutex_lock(&store->lock);
	put(&store->waiting, queued);
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->lock);
}

static void
set_wake(struct mx_store *store, struct mx_wake *wake)
{
	struct mx_wake *old;

	pthread_mutex_lock(&store->lock);
	old = store->wake;
	store->wake = wake;
	pthread_mutex_unlock(&store->lock);
	mx_wake_free(old);
}

enum mx_err
mx_store_attach(struct mx_store *store, struct mx_loop *loop, struct mx_error *err)
{
	struct mx_wake *wake = mx_wake_new(loop, on_wake, store, err);

	if (wake == NULL)
		return err->code;
	set_wake(store, wake);
	mx_wake_ring(wake); /* for answers that came before */
	return MX_OK;
}

void
mx_store_detach(struct mx_store *store)
{
	if (store->wake != NULL)
		set_wake(store, NULL);
}

static bool
is_idle(struct mx_store *store)
{
	bool idle;

	pthread_mutex_lock(&store->lock);
	while (store->waiting.first != NULL || store->is_busy)
		pthread_cond_wait(&store->idle, &store->lock);
	idle = store->finished.first == NULL;
	pthread_mutex_unlock(&store->lock);
	return idle;
}

enum mx_err
mx_store_wait(struct mx_store *store, struct mx_error *err)
{
	while (!is_idle(store))
		answer_all(store);
	if (store->failure.code != MX_OK && err->code == MX_OK)
		*err = store->failure;
	return store->failure.code;
}
