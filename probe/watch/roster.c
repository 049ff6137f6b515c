/* roster.c - sources times groups; made anew by looking which of the old ones stay. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "probe/watch/inside.h"
#include "probe/watch/state_text.h"

/* ---- groups ---- */

static struct mx_watch_group *
group_of(struct mx_watch *watch, const char *name, const struct mx_provider *provider)
{
	struct mx_watch_group *group;

	for (size_t i = 0; i < watch->group_count; i++)
		if (strcmp(watch->groups[i]->name, name) == 0)
			return watch->groups[i];
	group = mx_calloc(1, sizeof *group);
	group->name = mx_strdup(name);
	group->provider = provider;
	group->counts = mx_watch_tally_row(watch, provider != NULL ? provider->id : name);
	TAILQ_INIT(&group->waiting);
	watch->groups = mx_grow(watch->groups, watch->group_count, sizeof *watch->groups);
	watch->groups[watch->group_count++] = group;
	return group;
}

static void
free_group(struct mx_watch_group *group)
{
	free(group->name);
	free(group);
}

static bool
is_own(const struct mx_watch *watch, const char *domain)
{
	const struct mx_probe_params *probe = watch->config->params.probe;

	for (size_t i = 0; i < probe->own_count; i++)
		if (mx_name_equal(probe->own[i], domain))
			return true;
	return false;
}

/* How many destinations each group has, and whether all of them are our own. */
static void
count_targets(struct mx_watch *watch)
{
	for (size_t i = 0; i < watch->group_count; i++) {
		watch->groups[i]->targets = 0;
		watch->groups[i]->is_own = true;
	}
	for (size_t i = 0; i < watch->target_count; i++) {
		struct mx_watch_target *target = watch->targets[i];

		target->group->targets++;
		target->group->is_own =
		    target->group->is_own && is_own(watch, target->domain);
	}
}

/* Once no pair points to them any more. */
static void
forget_groups(struct mx_watch *watch)
{
	size_t kept = 0;

	for (size_t i = 0; i < watch->group_count; i++)
		if (watch->groups[i]->targets > 0)
			watch->groups[kept++] = watch->groups[i];
		else
			free_group(watch->groups[i]);
	watch->group_count = kept;
}

/* ---- targets ---- */

static struct mx_watch_target *
find_target(const struct mx_watch *watch, const char *domain)
{
	for (size_t i = 0; i < watch->target_count; i++)
		if (mx_name_equal(watch->targets[i]->domain, domain))
			return watch->targets[i];
	return NULL;
}

static void
add_target(struct mx_watch *watch, const char *domain)
{
	const struct mx_provider *provider =
	    mx_catalogue_provider_by_domain(watch->config->params.host.catalogue, domain);
	struct mx_watch_target *target = mx_calloc(1, sizeof *target);

	target->domain = mx_strdup(domain);
	target->group =
	    group_of(watch, provider != NULL ? provider->id : domain, provider);
	watch->targets =
	    mx_grow(watch->targets, watch->target_count, sizeof *watch->targets);
	watch->targets[watch->target_count++] = target;
}

static void
free_target(struct mx_watch_target *target)
{
	free(target->domain);
	free(target);
}

static void
list_targets(struct mx_watch *watch)
{
	const struct mx_probe_params *probe = watch->config->params.probe;
	size_t kept = 0;

	for (size_t i = 0; i < watch->target_count; i++)
		watch->targets[i]->is_gone = true;
	for (size_t i = 0; i < probe->destination_count; i++) {
		struct mx_watch_target *target =
		    find_target(watch, probe->destinations[i]);

		if (target != NULL)
			target->is_gone = false;
		else
			add_target(watch, probe->destinations[i]);
	}
	for (size_t i = 0; i < watch->target_count; i++)
		if (watch->targets[i]->is_gone)
			free_target(watch->targets[i]);
		else
			watch->targets[kept++] = watch->targets[i];
	watch->target_count = kept;
}

/* ---- sources ---- */

static struct mx_watch_source *
find_source(const struct mx_watch *watch, const struct mx_addr *addr)
{
	for (size_t i = 0; i < watch->source_count; i++)
		if (mx_addr_equal(&watch->sources[i]->probe.addr, addr))
			return watch->sources[i];
	return NULL;
}

static struct mx_watch_source *
add_source(struct mx_watch *watch, const struct mx_addr *addr)
{
	struct mx_watch_source *source = mx_calloc(1, sizeof *source);

	(void)mx_addr_text(addr, source->text);
	watch->sources =
	    mx_grow(watch->sources, watch->source_count, sizeof *watch->sources);
	watch->sources[watch->source_count++] = source;
	return source;
}

static void
mark_sources(struct mx_watch *watch)
{
	const struct mx_probe_params *probe = watch->config->params.probe;

	for (size_t i = 0; i < watch->source_count; i++)
		watch->sources[i]->is_gone = true;
	for (size_t i = 0; i < probe->source_count; i++) {
		struct mx_watch_source *source =
		    find_source(watch, &probe->sources[i].addr);

		if (source == NULL)
			source = add_source(watch, &probe->sources[i].addr);
		source->probe = probe->sources[i];
		source->index = i;
		source->is_gone = false;
	}
}

static void
free_source(struct mx_watch *watch, struct mx_watch_source *source)
{
	mx_agenda_remove(&watch->checking, &source->check);
	mx_preflight_free(source->checks);
	free(source->warned);
	free(source);
}

static void
forget_sources(struct mx_watch *watch)
{
	size_t kept = 0;

	for (size_t i = 0; i < watch->source_count; i++)
		if (watch->sources[i]->is_gone)
			free_source(watch, watch->sources[i]);
		else
			watch->sources[kept++] = watch->sources[i];
	watch->source_count = kept;
}

/* ---- pairs ---- */

static int
compare_names(const char *source, const char *group, const struct mx_watch_pair_row *pair)
{
	int order = strcmp(source, pair->source->text);

	return order != 0 ? order : strcmp(group, pair->group->name);
}

static int
by_names(const void *a, const void *b)
{
	const struct mx_watch_pair_row *const *left = a, *const *right = b;

	return compare_names((*left)->source->text, (*left)->group->name, *right);
}

struct mx_watch_pair_row *
mx_watch_roster_find(const struct mx_watch *watch, const char *source, const char *group)
{
	size_t low = 0, high = watch->pair_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_names(source, group, watch->pairs[middle]);

		if (order == 0)
			return watch->pairs[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void
answer_askers(struct mx_watch_pair_row *pair)
{
	struct mx_watch_found nothing = {
		.verdict = MX_V_SUPPRESSED,
		.why = "this is not watched any more",
	};
	struct mx_watch_asker *asker;

	while ((asker = TAILQ_FIRST(&pair->askers)) != NULL) {
		TAILQ_REMOVE(&pair->askers, asker, link);
		asker->done(asker->arg, &nothing);
		free(asker);
	}
}

static void
free_pair(struct mx_watch *watch, struct mx_watch_pair_row *pair)
{
	mx_watch_run_orphan(pair);
	mx_watch_dequeue(pair);
	mx_agenda_remove(&watch->agenda, &pair->due);
	answer_askers(pair);
	free(pair->failure);
	free(pair);
}

static struct mx_watch_pair_row *
new_pair(const struct mx_watch *watch, struct mx_watch_source *source,
    struct mx_watch_group *group)
{
	struct mx_watch_pair_row *pair = mx_calloc(1, sizeof *pair);

	pair->source = source;
	pair->group = group;
	pair->key =
	    mx_schedule_key(source->text, group->name, watch->config->params.seed);
	pair->step = -1;
	TAILQ_INIT(&pair->askers);
	return pair;
}

/* Old pairs that stay, and new ones, of which *fresh counts how many. */
static void
list_pairs(struct mx_watch *watch, size_t *fresh)
{
	size_t count = 0, room = watch->source_count * watch->group_count;
	struct mx_watch_pair_row **pairs = mx_calloc(room + 1, sizeof(void *));

	for (size_t i = 0; i < watch->pair_count; i++)
		watch->pairs[i]->is_gone = true;
	for (size_t i = 0; i < room; i++) {
		struct mx_watch_source *source = watch->sources[i / watch->group_count];
		struct mx_watch_group *group = watch->groups[i % watch->group_count];
		struct mx_watch_pair_row *pair;

		if (source->is_gone || group->targets == 0)
			continue;
		pair = mx_watch_roster_find(watch, source->text, group->name);
		if (pair == NULL) {
			pair = new_pair(watch, source, group);
			(*fresh)++;
		}
		pair->is_gone = false;
		pairs[count++] = pair;
	}
	for (size_t i = 0; i < watch->pair_count; i++)
		if (watch->pairs[i]->is_gone)
			free_pair(watch, watch->pairs[i]);
	free(watch->pairs);
	qsort(pairs, count, sizeof(void *), by_names);
	watch->pairs = pairs;
	watch->pair_count = count;
}

/* ---- what the store knows ---- */

static void
take_row(struct mx_watch_pair_row *pair, const struct mx_store_pair *row)
{
	struct mx_pair_state state;

	(void)mx_state_from_text(row->fold, &state);
	pair->state = mx_state_from_name(row->state);
	pair->since_us = row->since_us;
	pair->last_us = row->last_us;
	pair->learned_us = row->learned_us;
	pair->expected_us = state.expected_us;
	pair->relapses = state.relapses;
	pair->has_verdict = row->last_verdict != NULL &&
			    mx_verdict_from_name(row->last_verdict, &pair->last_verdict);
}

static bool
take_any_row(void *arg, const struct mx_store_pair *row)
{
	struct mx_watch_pair_row *pair =
	    mx_watch_roster_find(arg, row->source, row->group);

	if (pair != NULL)
		take_row(pair, row);
	return true;
}

static bool
take_this_row(void *arg, const struct mx_store_pair *row)
{
	take_row(arg, row);
	return false;
}

void
mx_watch_roster_load(struct mx_watch *watch, struct mx_watch_pair_row *pair)
{
	struct mx_error err = { 0 };

	if (mx_store_pairs(watch->store, pair->source->text, pair->group->name,
		take_this_row, pair, &err) != MX_OK)
		mx_watch_note_write(watch, &err);
}

/* A destination that the catalogue does not know, but an earlier session of ours. */
static bool
learn_group(void *arg, const struct mx_store_pair *row)
{
	struct mx_watch *watch = arg;
	struct mx_watch_target *target =
	    row->destination != NULL ? find_target(watch, row->destination) : NULL;

	if (target != NULL && target->group->provider == NULL &&
	    strcmp(target->group->name, row->group) != 0 && row->last_us > 0)
		target->group = group_of(watch, row->group,
		    mx_catalogue_provider(
			watch->config->params.host.catalogue, row->group));
	return true;
}

/* ---- the whole ---- */

static enum mx_err
make_pairs(struct mx_watch *watch, struct mx_error *err)
{
	size_t fresh = 0;

	count_targets(watch);
	list_pairs(watch, &fresh);
	forget_groups(watch);
	forget_sources(watch);
	return fresh > 0
		   ? mx_store_pairs(watch->store, NULL, NULL, take_any_row, watch, err)
		   : MX_OK;
}

enum mx_err
mx_watch_roster_make(struct mx_watch *watch, struct mx_error *err)
{
	list_targets(watch);
	if (mx_store_pairs(watch->store, NULL, NULL, learn_group, watch, err) != MX_OK)
		return err->code;
	mark_sources(watch);
	return make_pairs(watch, err);
}

void
mx_watch_roster_learn(struct mx_watch *watch, const char *domain, const char *group,
    const struct mx_provider *provider)
{
	struct mx_watch_target *target = find_target(watch, domain);
	struct mx_error err = { 0 };

	if (target == NULL || strcmp(target->group->name, group) == 0)
		return;
	target->group = group_of(watch, group, provider);
	if (make_pairs(watch, &err) != MX_OK)
		mx_watch_note_write(watch, &err);
	mx_watch_cases_load(watch);
	for (size_t i = 0; i < watch->pair_count; i++)
		if (watch->pairs[i]->due.place == 0)
			mx_watch_plan(watch, watch->pairs[i]);
	if (watch->hooks.pairs != NULL)
		watch->hooks.pairs(watch->hooks.arg);
}

const char *
mx_watch_roster_destination(
    const struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	size_t turn = pair->turn % pair->group->targets;

	for (size_t i = 0; i < watch->target_count; i++)
		if (watch->targets[i]->group == pair->group && turn-- == 0)
			return watch->targets[i]->domain;
	return pair->group->name; /* not reached: a pair's group has targets */
}

void
mx_watch_roster_free(struct mx_watch *watch)
{
	for (size_t i = 0; i < watch->pair_count; i++)
		free_pair(watch, watch->pairs[i]);
	for (size_t i = 0; i < watch->group_count; i++)
		free_group(watch->groups[i]);
	for (size_t i = 0; i < watch->target_count; i++)
		free_target(watch->targets[i]);
	for (size_t i = 0; i < watch->source_count; i++)
		free_source(watch, watch->sources[i]);
	free(watch->pairs);
	free(watch->groups);
	free(watch->targets);
	free(watch->sources);
}
