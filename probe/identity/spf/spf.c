/* spf.c - evaluate, look up what was missing, evaluate again. */
#include "probe/identity/spf/spf.h"

#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/identity/spf/eval.h"

/* One lookup under way. */
struct lookup {
	struct mx_spf_search *search;
	struct mx_query *query; /* NULL when it has come back */
};

struct mx_spf_search {
	struct mx_resolver *resolver;
	struct mx_timer *start;
	struct mx_spf_query query;
	struct mx_spf_memo memo;
	struct mx_spf_needs needs;
	struct lookup lookups[MX_SPF_HOSTS_MAX]; /* of needs, one for one */
	size_t open;
	int64_t deadline_us; /* mx_clock_mono_us */
	void (*done)(void *arg, struct mx_spf_answer *answer);
	void *arg;
};

static void
free_search(struct mx_spf_search *search)
{
	for (size_t i = 0; i < search->needs.count; i++)
		mx_query_cancel(search->lookups[i].query);
	mx_timer_free(search->start);
	mx_spf_needs_clear(&search->needs);
	mx_spf_memo_clear(&search->memo);
	mx_spf_query_clear(&search->query);
	free(search);
}

/* done last, and nothing of the search left by then. */
static void
finish(struct mx_spf_search *search, struct mx_spf_answer *answer)
{
	void (*done)(void *arg, struct mx_spf_answer *answer) = search->done;
	void *arg = search->arg;

	free_search(search);
	done(arg, answer);
	mx_spf_answer_clear(answer);
}

static void on_answer(void *arg, const struct mx_dns_answer *answer);

/* Past the deadline the resolver says "timeout" to everything at once, and the evaluation comes
 * to its end by the ordinary way: temperror, or a fail without its explanation. */
static void
look_up_needs(struct mx_spf_search *search)
{
	int64_t left_us = search->deadline_us - mx_clock_mono_us();

	search->open = search->needs.count;
	for (size_t i = 0; i < search->needs.count; i++) {
		struct mx_spf_need *need = &search->needs.items[i];

		search->lookups[i].search = search;
		search->lookups[i].query =
		    mx_resolver_ask(search->resolver, need->name, need->type,
			left_us > 0 ? left_us : 0, on_answer, &search->lookups[i]);
	}
}

static void
evaluate(void *arg)
{
	struct mx_spf_search *search = arg;
	struct mx_spf_answer answer;

	if (mx_spf_eval(&search->query, &search->memo, &answer, &search->needs))
		finish(search, &answer);
	else
		look_up_needs(search);
}

static void
on_answer(void *arg, const struct mx_dns_answer *answer)
{
	struct lookup *lookup = arg;
	struct mx_spf_search *search = lookup->search;
	struct mx_spf_need *need = &search->needs.items[lookup - search->lookups];

	lookup->query = NULL;
	mx_spf_memo_add(&search->memo, need->name, need->type, answer);
	if (--search->open > 0)
		return;
	mx_spf_needs_clear(&search->needs);
	evaluate(search);
}

/* A timer begins it, because some answers need no lookup, and done must not come from in here. */
struct mx_spf_search *
mx_spf_find(struct mx_resolver *resolver, const struct mx_spf_params *params,
    void (*done)(void *arg, struct mx_spf_answer *answer), void *arg)
{
	struct mx_spf_search *search = mx_calloc(1, sizeof *search);

	search->resolver = resolver;
	mx_spf_query_init(&search->query, params, mx_clock_wall_us() / MX_SECOND_US);
	search->deadline_us = mx_clock_mono_us() + params->timeout_us;
	search->done = done;
	search->arg = arg;
	search->start = mx_timer_new(mx_resolver_loop(resolver), evaluate, search);
	mx_timer_start(search->start, 0);
	return search;
}

void
mx_spf_cancel(struct mx_spf_search *search)
{
	if (search != NULL)
		free_search(search);
}
