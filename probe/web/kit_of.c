/* kit_of.c - the kit borrows from the row, so it is shown while the row is there. */
#include "probe/web/kit_of.h"

#include <stdlib.h>

#include "probe/store/history.h"
#include "probe/web/pair_facts.h"

/** What the callbacks share. */
struct making {
	const struct mx_kit_ask *ask;
	const struct mx_standing *standing;
	const char *state;
	struct mx_error *err;
	bool is_shown;
};

static bool
show_row(void *arg, const struct mx_store_result *row)
{
	struct making *making = arg;
	const struct mx_kit_ask *ask = making->ask;
	const struct mx_standing_case *one = &making->standing->one;
	const struct mx_store_case request = { .id = one->id,
		.source = ask->source,
		.group = ask->group,
		.ticket = one->ticket,
		.outcome = one->outcome,
		.opened_us = one->opened_us,
		.expected_us = one->expected_us,
		.cleared_us = one->cleared_us,
		.closed_us = one->closed_us,
		.step = one->steps,
		.note = one->note };
	char *evidence = mx_store_evidence(ask->store, row->id, making->err);
	struct mx_kit_facts facts = { .catalogue = ask->catalogue,
		.row = row,
		.evidence = evidence,
		.state = making->state,
		.first_us = making->standing->pair.blocked_us,
		.last_us = row->time_us,
		.request = one->id != 0 ? &request : NULL };
	struct mx_kit *kit;

	if (making->err->code == MX_OK) {
		kit = mx_kit_new(&facts, ask->lang);
		ask->show(ask->arg, kit, making->standing);
		mx_kit_free(kit);
		making->is_shown = true;
	}
	free(evidence);
	return false;
}

static enum mx_kit_found
make(struct making *making, struct mx_pair_state pair)
{
	const struct mx_kit_ask *ask = making->ask;
	struct mx_state_change change = { 0 };
	char *id;

	mx_state_age(ask->rules, &pair, ask->now_us, &change);
	free(change.why);
	making->state = mx_state_name(mx_pair_state_shown(&pair));
	if (!mx_pair_is_held(mx_pair_state_shown(&pair)))
		return MX_KIT_NOT_BLOCKED;
	id = mx_store_newest(ask->store, ask->source, ask->group, "blocked", making->err);
	if (id != NULL &&
	    mx_store_find(ask->store, id, show_row, making, making->err) != MX_OK)
		making->is_shown = false;
	free(id);
	return making->is_shown ? MX_KIT_SHOWN : MX_KIT_GONE;
}

enum mx_kit_found
mx_kit_of(const struct mx_kit_ask *ask, struct mx_error *err)
{
	struct mx_standing standing = { 0 };
	struct making making = { .ask = ask, .standing = &standing, .err = err };
	enum mx_kit_found found = MX_KIT_NO_PAIR;

	if (mx_standing_load(ask->store, ask->source, ask->group, &standing, err) ==
		MX_OK &&
	    standing.is_known)
		found = make(&making, standing.pair);
	mx_standing_clear(&standing);
	return err->code == MX_OK ? found : MX_KIT_NO_PAIR;
}
