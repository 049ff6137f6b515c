/* events.c - one record an event. */
#include "tests/unit/watch/alert/events.h"

#include <string.h>

#include "probe/base/mem.h"
#include "tests/unit/store/world.h"

static void
become(const void *arg, const struct mx_store_state *before,
    const struct mx_store_result *row, struct mx_store_step *out)
{
	(void)before;
	*out = (struct mx_store_step){
		.state = arg,
		.since_us = row->time_us,
		.why = mx_strdup("because"),
		.has_learned = true,
	};
}

void
events_happen(struct mx_store *store, const char *source, const char *group,
    int64_t time_s, const char *state)
{
	struct mx_store_result row = world_result(source, group, time_s, "192.0.2.1",
	    strcmp(state, "clear") == 0 ? "accepted" : "blocked");

	row.code = 550;
	row.stage = "mail";
	row.text = "no \"\x1b[31m<script>\r\nX-Evil: 1\xff";
	row.remedy = "microsoft-consumer";
	mx_store_record(store,
	    &(struct mx_store_record){ .row = &row, .fold = become, .fold_arg = state });
	world_wait(store);
}
