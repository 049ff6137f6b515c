/* resolver.c - what libunbound leaves to its caller: a limit to what is under way, a deadline
 * for each question, and callbacks that come only from the loop. */
#include <stdlib.h>
#include <sys/queue.h>

#include "probe/base/mem.h"
#include "probe/dns/context.h"
#include "probe/dns/packet.h"
#include "probe/dns/trust.h"

enum stage {
	STAGE_WAITING,  /* for room, or for the trust to be settled; its deadline runs */
	STAGE_ASKED,    /* libunbound has it */
	STAGE_ANSWERED, /* for the callback */
	STAGE_COUNT
};

TAILQ_HEAD(query_list, mx_query);

struct mx_query {
	TAILQ_ENTRY(mx_query) next; /* in the resolver's list of its stage */
	struct mx_resolver *resolver;
	enum stage stage;
	char *name;
	struct mx_dns_question question;
	struct mx_timer *deadline;
	struct mx_dns_answer answer;
	void (*cb)(void *arg, const struct mx_dns_answer *answer);
	void *arg;
};

struct mx_resolver {
	struct mx_loop *loop;
	struct mx_dns_trust *trust;
	struct query_list queries[STAGE_COUNT];
	size_t asked;             /* how many are in STAGE_ASKED */
	struct mx_timer *deliver; /* a timer, not mx_loop_defer: it can be taken back */
	bool *freed; /* set while callbacks run, to learn that one freed us */
};

static void
unlink_query(struct mx_query *query)
{
	struct mx_resolver *resolver = query->resolver;

	TAILQ_REMOVE(&resolver->queries[query->stage], query, next);
	if (query->stage == STAGE_ASKED)
		resolver->asked--;
}

/* The only place where the stage changes. */
static void
enter(struct mx_query *query, enum stage stage)
{
	struct mx_resolver *resolver = query->resolver;

	unlink_query(query);
	query->stage = stage;
	TAILQ_INSERT_TAIL(&resolver->queries[stage], query, next);
	if (stage == STAGE_ASKED)
		resolver->asked++;
	if (stage == STAGE_ANSWERED) {
		mx_timer_stop(query->deadline);
		mx_timer_start(resolver->deliver, 0);
	}
}

static void
free_query(struct mx_query *query)
{
	mx_timer_free(query->deadline);
	mx_dns_answer_clear(&query->answer);
	free(query->name);
	free(query);
}

/* May come from inside mx_dns_context_ask(). */
static void
on_answer(void *arg, struct mx_dns_answer *answer)
{
	struct mx_query *query = arg;

	query->answer = *answer;
	*answer = (struct mx_dns_answer){ 0 };
	enter(query, STAGE_ANSWERED);
}

static void
ask(struct mx_query *query, struct mx_dns_context *context)
{
	enter(query, STAGE_ASKED);
	if (mx_dns_context_ask(context, query->name, &query->question))
		return;
	query->answer.status = MX_DNS_SERVFAIL;
	query->answer.why = mx_strdup("libunbound does not take the question");
	enter(query, STAGE_ANSWERED);
}

/* While callbacks run nothing is started: answers from the cache would be delivered at once,
 * and two callbacks asking each other would keep the loop for themselves. */
static void
ask_waiting(struct mx_resolver *resolver)
{
	struct query_list *waiting = &resolver->queries[STAGE_WAITING];
	struct mx_dns_context *context;

	if (resolver->freed != NULL)
		return;
	while (!TAILQ_EMPTY(waiting) && resolver->asked < MX_DNS_CONTEXT_QUESTIONS) {
		context = mx_dns_trust_context(resolver->trust);
		if (context == NULL)
			return;
		ask(TAILQ_FIRST(waiting), context);
	}
}

static void
on_settled(void *arg)
{
	ask_waiting(arg);
}

/* The handle dies before the callback runs, so that nothing the callback does can meet it. */
static void
deliver_one(struct mx_query *query)
{
	void (*cb)(void *arg, const struct mx_dns_answer *answer) = query->cb;
	void *arg = query->arg;
	struct mx_dns_answer answer = query->answer;

	query->answer = (struct mx_dns_answer){ 0 };
	unlink_query(query);
	free_query(query);
	cb(arg, &answer);
	mx_dns_answer_clear(&answer);
}

static void
deliver(void *arg)
{
	struct mx_resolver *resolver = arg;
	struct mx_query *query;
	bool freed = false;

	resolver->freed = &freed;
	while ((query = TAILQ_FIRST(&resolver->queries[STAGE_ANSWERED])) != NULL) {
		/* The analyzer cannot see that the first of the list is another one now. */
		deliver_one(query); /* NOLINT(clang-analyzer-unix.Malloc) */
		if (freed)
			return;
	}
	resolver->freed = NULL;
	ask_waiting(resolver);
}

static void
on_deadline(void *arg)
{
	struct mx_query *query = arg;

	if (query->stage == STAGE_ASKED)
		mx_dns_context_cancel(&query->question);
	query->answer.status = MX_DNS_TIMEOUT;
	enter(query, STAGE_ANSWERED);
}

struct mx_resolver *
mx_resolver_new(
    struct mx_loop *loop, const struct mx_resolver_params *params, struct mx_error *err)
{
	struct mx_resolver *resolver = mx_calloc(1, sizeof *resolver);

	resolver->loop = loop;
	for (size_t i = 0; i < STAGE_COUNT; i++)
		TAILQ_INIT(&resolver->queries[i]);
	resolver->deliver = mx_timer_new(loop, deliver, resolver);
	resolver->trust = mx_dns_trust_new(loop, params, on_settled, resolver, err);
	if (resolver->trust != NULL)
		return resolver;
	mx_resolver_free(resolver);
	return NULL;
}

void
mx_resolver_free(struct mx_resolver *resolver)
{
	struct mx_query *query;

	if (resolver == NULL)
		return;
	mx_dns_trust_free(
	    resolver->trust); /* first: it may still answer into the queries */
	for (size_t i = 0; i < STAGE_COUNT; i++) {
		while ((query = TAILQ_FIRST(&resolver->queries[i])) != NULL) {
			TAILQ_REMOVE(&resolver->queries[i], query, next);
			free_query(query);
		}
	}
	mx_timer_free(resolver->deliver);
	if (resolver->freed != NULL)
		*resolver->freed = true;
	free(resolver);
}

struct mx_loop *
mx_resolver_loop(const struct mx_resolver *resolver)
{
	return resolver->loop;
}

struct mx_query *
mx_resolver_ask(struct mx_resolver *resolver, const char *name, enum mx_dns_type type,
    int64_t timeout_us, void (*cb)(void *arg, const struct mx_dns_answer *answer),
    void *arg)
{
	struct mx_query *query = mx_calloc(1, sizeof *query);

	query->resolver = resolver;
	query->name = mx_strdup(name);
	query->question =
	    (struct mx_dns_question){ .type = type, .answered = on_answer, .arg = query };
	query->cb = cb;
	query->arg = arg;
	query->stage = STAGE_WAITING;
	TAILQ_INSERT_TAIL(&resolver->queries[STAGE_WAITING], query, next);
	query->deadline = mx_timer_new(resolver->loop, on_deadline, query);
	mx_timer_start(query->deadline, timeout_us);
	ask_waiting(resolver);
	return query;
}

void
mx_query_cancel(struct mx_query *query)
{
	struct mx_resolver *resolver;

	if (query == NULL)
		return;
	resolver = query->resolver;
	if (query->stage == STAGE_ASKED)
		mx_dns_context_cancel(&query->question);
	unlink_query(query);
	free_query(query);
	ask_waiting(resolver);
}
