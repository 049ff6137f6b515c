/* preflights.c - a queue in front of mx_preflight_start(). */
#include "probe/identity/preflights.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"

/* Each asks about eight questions, and the resolver has 500 under way at most. */
#define AT_ONCE 64

struct entry {
	TAILQ_ENTRY(entry) next;
	struct mx_preflights *all;
	size_t index;
	struct mx_preflight_subject subject;
	struct mx_preflight_search *search; /* NULL while it waits */
};

TAILQ_HEAD(entry_list, entry);

struct mx_preflights {
	struct mx_preflights_params params;
	int64_t deadline_us; /* mx_clock_mono_us, with one_deadline */
	struct entry_list waiting, running;
	size_t running_count;
};

static void start_waiting(struct mx_preflights *all);

static void
on_done(void *arg, struct mx_preflight *preflight)
{
	struct entry *entry = arg;
	struct mx_preflights *all = entry->all;
	size_t index = entry->index;

	TAILQ_REMOVE(&all->running, entry, next);
	all->running_count--;
	free(entry);
	start_waiting(all);
	all->params.done(all->params.arg, index, preflight);
}

static void
start(struct mx_preflights *all, struct entry *entry)
{
	struct mx_preflight_params params = all->params.common;

	params.source = entry->subject.source;
	params.helo = entry->subject.helo;
	params.fcrdns = entry->subject.fcrdns;
	if (all->params.one_deadline) {
		params.timeout_us = all->deadline_us - mx_clock_mono_us();
		if (params.timeout_us < 0)
			params.timeout_us = 0;
	}
	TAILQ_INSERT_TAIL(&all->running, entry, next);
	all->running_count++;
	entry->search = mx_preflight_start(&params, on_done, entry);
}

static void
start_waiting(struct mx_preflights *all)
{
	struct entry *entry;

	while (all->running_count < all->params.at_once &&
	       (entry = TAILQ_FIRST(&all->waiting)) != NULL) {
		TAILQ_REMOVE(&all->waiting, entry, next);
		start(all, entry);
	}
}

struct mx_preflights *
mx_preflights_new(const struct mx_preflights_params *params)
{
	struct mx_preflights *all = mx_calloc(1, sizeof *all);

	all->params = *params;
	if (all->params.at_once == 0)
		all->params.at_once = AT_ONCE;
	all->deadline_us = mx_clock_mono_us() + params->common.timeout_us;
	TAILQ_INIT(&all->waiting);
	TAILQ_INIT(&all->running);
	return all;
}

void
mx_preflights_add(
    struct mx_preflights *all, size_t index, const struct mx_preflight_subject *subject)
{
	struct entry *entry = mx_calloc(1, sizeof *entry);

	entry->all = all;
	entry->index = index;
	entry->subject = *subject;
	TAILQ_INSERT_TAIL(&all->waiting, entry, next);
	start_waiting(all);
}

static void
free_list(struct entry_list *list)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, entry, next);
		mx_preflight_cancel(entry->search);
		free(entry);
	}
}

void
mx_preflights_free(struct mx_preflights *all)
{
	if (all == NULL)
		return;
	free_list(&all->waiting);
	free_list(&all->running);
	free(all);
}
