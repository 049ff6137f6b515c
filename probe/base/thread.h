/*
 * thread.h - a thread for what blocks.
 * In:   a function.   Out: a thread that no signal reaches.
 * Not:  nothing is handed over: whoever starts it joins it.
 */
#ifndef MX_BASE_THREAD_H
#define MX_BASE_THREAD_H

#include <pthread.h>

/** 0, or the errno why there is none. Signals are for the loop's thread, so all are blocked here. */
int mx_thread_start(pthread_t *thread, void *(*work)(void *arg), void *arg);

#endif
