/* agenda.c - a binary heap whose entries know their places. */
#include "probe/watch/agenda.h"

#include <stdlib.h>

#include "probe/base/mem.h"

void
mx_agenda_clear(struct mx_agenda *agenda)
{
	for (size_t i = 0; i < agenda->count; i++)
		agenda->heap[i]->place = 0;
	free(agenda->heap);
	*agenda = (struct mx_agenda){ .heap = NULL };
}

/* place is counted from 1, as in textbooks. */
static void
set(struct mx_agenda *agenda, size_t place, struct mx_agenda_entry *entry)
{
	agenda->heap[place - 1] = entry;
	entry->place = place;
}

static void
rise(struct mx_agenda *agenda, struct mx_agenda_entry *entry)
{
	size_t place = entry->place;

	while (place > 1 && agenda->heap[place / 2 - 1]->due_us > entry->due_us) {
		set(agenda, place, agenda->heap[place / 2 - 1]);
		place /= 2;
	}
	set(agenda, place, entry);
}

static void
sink(struct mx_agenda *agenda, struct mx_agenda_entry *entry)
{
	size_t place = entry->place, child;

	while ((child = 2 * place) <= agenda->count) {
		if (child < agenda->count &&
		    agenda->heap[child]->due_us < agenda->heap[child - 1]->due_us)
			child++;
		if (agenda->heap[child - 1]->due_us >= entry->due_us)
			break;
		set(agenda, place, agenda->heap[child - 1]);
		place = child;
	}
	set(agenda, place, entry);
}

void
mx_agenda_put(struct mx_agenda *agenda, struct mx_agenda_entry *entry, int64_t due_us)
{
	entry->due_us = due_us;
	if (entry->place == 0) {
		agenda->heap = mx_grow(agenda->heap, agenda->count, sizeof(void *));
		set(agenda, ++agenda->count, entry);
	}
	rise(agenda, entry);
	sink(agenda, entry);
}

void
mx_agenda_remove(struct mx_agenda *agenda, struct mx_agenda_entry *entry)
{
	struct mx_agenda_entry *last;
	size_t place = entry->place;

	if (place == 0)
		return;
	last = agenda->heap[--agenda->count];
	entry->place = 0;
	if (last == entry)
		return;
	set(agenda, place, last);
	rise(agenda, last);
	sink(agenda, last);
}

struct mx_agenda_entry *
mx_agenda_first(const struct mx_agenda *agenda)
{
	return agenda->count > 0 ? agenda->heap[0] : NULL;
}
