/* thread.c - a new thread inherits the signal mask, so it is set before. */
#include "probe/base/thread.h"

#include <signal.h>

int
mx_thread_start(pthread_t *thread, void *(*work)(void *arg), void *arg)
{
	sigset_t all, before;
	int code;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(thread, NULL, work, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}
