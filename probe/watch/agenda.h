/*
 * agenda.h - who is due next, of many.
 * In:   entries with a time each, which may change.   Out: the earliest.
 * Not:  no clock, no owner: entries are embedded in what they stand for.
 */
#ifndef MX_WATCH_AGENDA_H
#define MX_WATCH_AGENDA_H

#include <stddef.h>
#include <stdint.h>

/** Zero-initialised is in no agenda. */
struct mx_agenda_entry {
	int64_t due_us;
	size_t place; /* private: counted from 1; 0: in none */
};

/** Zero-initialised is empty. */
struct mx_agenda {
	struct mx_agenda_entry **heap; /* own; what it points to is not */
	size_t count;
};
void mx_agenda_clear(struct mx_agenda *agenda);

/** Enter it, or move it, to that time. */
void mx_agenda_put(
    struct mx_agenda *agenda, struct mx_agenda_entry *entry, int64_t due_us);
/** Nothing happens when it is in none. */
void mx_agenda_remove(struct mx_agenda *agenda, struct mx_agenda_entry *entry);
/** NULL when there is none. */
struct mx_agenda_entry *mx_agenda_first(const struct mx_agenda *agenda);

#endif
