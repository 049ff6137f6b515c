/* hasher.c - a queue in, a queue out, a bell for each side. */
#include "probe/web/hasher.h"

#include <crypt.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "probe/base/mem.h"
#include "probe/net/wake.h"

#define WAITING_MAX 32

struct question {
	STAILQ_ENTRY(question) next;
	char *password, *hash;
	bool is_right;
	void (*done)(void *arg, bool is_right);
	void *arg;
};
STAILQ_HEAD(question_list, question);

struct mx_hasher {
	struct mx_wake *wake;
	bool is_running;
	pthread_t thread;
	pthread_mutex_t lock; /* for all below */
	pthread_cond_t work;
	struct question_list waiting, answered;
	unsigned count; /* of those waiting */
	bool is_over;
};

static void
free_question(struct question *question)
{
	/* Not to be found in memory that is given out again. */
	explicit_bzero(question->password, strlen(question->password));
	free(question->password);
	free(question->hash);
	free(question);
}

bool
mx_hasher_equal(const char *a, const char *b)
{
	size_t len = strlen(a);
	unsigned char difference = 0;

	if (strlen(b) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		difference |= (unsigned char)(a[i] ^ b[i]);
	return difference == 0;
}

bool
mx_hasher_knows(const char *hash)
{
	int known = crypt_checksalt(hash);

	/* What is old-fashioned still keeps people out. */
	return *hash == '$' &&
	       (known == CRYPT_SALT_OK || known == CRYPT_SALT_METHOD_LEGACY ||
		   known == CRYPT_SALT_TOO_CHEAP);
}

/* ---- the thread ------------------------------------------------------------------------------- */

static void
answer(struct question *question, struct crypt_data *data)
{
	const char *made = crypt_r(question->password, question->hash, data);

	question->is_right =
	    made != NULL && *made != '*' && mx_hasher_equal(made, question->hash);
}

static void *
work(void *arg)
{
	struct mx_hasher *hasher = arg;
	struct crypt_data *data = mx_calloc(1, sizeof *data);
	struct question *question;

	(void)pthread_mutex_lock(&hasher->lock);
	while (!hasher->is_over) {
		question = STAILQ_FIRST(&hasher->waiting);
		if (question == NULL) {
			(void)pthread_cond_wait(&hasher->work, &hasher->lock);
			continue;
		}
		STAILQ_REMOVE_HEAD(&hasher->waiting, next);
		hasher->count--;
		(void)pthread_mutex_unlock(&hasher->lock);
		answer(question, data);
		(void)pthread_mutex_lock(&hasher->lock);
		STAILQ_INSERT_TAIL(&hasher->answered, question, next);
		mx_wake_ring(hasher->wake);
	}
	(void)pthread_mutex_unlock(&hasher->lock);
	explicit_bzero(data, sizeof *data);
	free(data);
	return NULL;
}

/* ---- the loop's side -------------------------------------------------------------------------- */

static void
on_answers(void *arg)
{
	struct mx_hasher *hasher = arg;
	struct question_list answered = STAILQ_HEAD_INITIALIZER(answered);
	struct question *question;

	(void)pthread_mutex_lock(&hasher->lock);
	STAILQ_CONCAT(&answered, &hasher->answered);
	(void)pthread_mutex_unlock(&hasher->lock);
	while ((question = STAILQ_FIRST(&answered)) != NULL) {
		STAILQ_REMOVE_HEAD(&answered, next);
		question->done(question->arg, question->is_right);
		free_question(question);
	}
}

struct mx_hasher *
mx_hasher_new(struct mx_loop *loop, struct mx_error *err)
{
	struct mx_hasher *hasher = mx_calloc(1, sizeof *hasher);

	hasher->wake = mx_wake_new(loop, on_answers, hasher, err);
	if (hasher->wake == NULL) {
		free(hasher);
		return NULL;
	}
	(void)pthread_mutex_init(&hasher->lock, NULL);
	(void)pthread_cond_init(&hasher->work, NULL);
	STAILQ_INIT(&hasher->waiting);
	STAILQ_INIT(&hasher->answered);
	return hasher;
}

static void
drop_all(struct question_list *list)
{
	struct question *question;

	while ((question = STAILQ_FIRST(list)) != NULL) {
		STAILQ_REMOVE_HEAD(list, next);
		free_question(question);
	}
}

void
mx_hasher_free(struct mx_hasher *hasher)
{
	if (hasher == NULL)
		return;
	(void)pthread_mutex_lock(&hasher->lock);
	hasher->is_over = true;
	(void)pthread_cond_signal(&hasher->work);
	(void)pthread_mutex_unlock(&hasher->lock);
	if (hasher->is_running)
		(void)pthread_join(hasher->thread, NULL);
	drop_all(&hasher->waiting);
	drop_all(&hasher->answered);
	mx_wake_free(hasher->wake);
	(void)pthread_cond_destroy(&hasher->work);
	(void)pthread_mutex_destroy(&hasher->lock);
	free(hasher);
}

bool
mx_hasher_ask(struct mx_hasher *hasher, const char *password, const char *hash,
    void (*done)(void *arg, bool is_right), void *arg)
{
	struct question *question;
	bool is_taken;

	if (!hasher->is_running &&
	    pthread_create(&hasher->thread, NULL, work, hasher) != 0)
		return false;
	hasher->is_running = true;
	question = mx_calloc(1, sizeof *question);
	*question = (struct question){ .password = mx_strdup(password),
		.hash = mx_strdup(hash),
		.done = done,
		.arg = arg };
	(void)pthread_mutex_lock(&hasher->lock);
	is_taken = hasher->count < WAITING_MAX;
	if (is_taken) {
		STAILQ_INSERT_TAIL(&hasher->waiting, question, next);
		hasher->count++;
		(void)pthread_cond_signal(&hasher->work);
	}
	(void)pthread_mutex_unlock(&hasher->lock);
	if (!is_taken)
		free_question(question);
	return is_taken;
}
