/*
 * turn.h - of all processes on one store, one tells.
 * In:   the store's file.   Out: whether it is this one.
 * Not:  no waiting; the kernel lets go when a process ends, however it does.
 */
#ifndef MX_WATCH_ALERT_TURN_H
#define MX_WATCH_ALERT_TURN_H

#include <stdbool.h>

struct mx_alert_turn;

/** store_file: copied. Nothing is locked yet. */
struct mx_alert_turn *mx_alert_turn_new(const char *store_file);
/** Lets go. NULL is taken. */
void mx_alert_turn_free(struct mx_alert_turn *turn);
/** Is it ours, or has it just become so? False: another process has it, which is logged once. Where no
 *  lock is to be had (a file system without locks) it is ours, which is logged as well. */
bool mx_alert_turn_take(struct mx_alert_turn *turn);

#endif
