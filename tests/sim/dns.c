/* dns.c - name servers that know the providers and nobody else. */
#include "probe/dns/resolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "tests/sim/sim.h"

#define ANSWER_US 3000

bool sim_dns_is_dead;

struct mx_query {
	LIST_ENTRY(mx_query) link;
	char *name;
	enum mx_dns_type type;
	int64_t timeout_us;
	struct mx_timer *timer;
	bool is_dead;
	void (*cb)(void *arg, const struct mx_dns_answer *answer);
	void *arg;
};

struct mx_resolver {
	struct mx_loop *loop;
	LIST_HEAD(, mx_query) queries;
};

struct mx_resolver *
mx_resolver_new(
    struct mx_loop *loop, const struct mx_resolver_params *params, struct mx_error *err)
{
	struct mx_resolver *resolver = mx_calloc(1, sizeof *resolver);

	(void)params, (void)err;
	resolver->loop = loop;
	LIST_INIT(&resolver->queries);
	return resolver;
}

void
mx_resolver_free(struct mx_resolver *resolver)
{
	struct mx_query *query;

	if (resolver == NULL)
		return;
	while ((query = LIST_FIRST(&resolver->queries)) != NULL)
		mx_query_cancel(query);
	free(resolver);
}

struct mx_loop *
mx_resolver_loop(const struct mx_resolver *resolver)
{
	return resolver->loop;
}

void
mx_query_cancel(struct mx_query *query)
{
	if (query == NULL)
		return;
	LIST_REMOVE(query, link);
	mx_timer_free(query->timer);
	free(query->name);
	free(query);
}

static void
answer_mx(struct mx_dns_answer *answer, struct mx_dns_record *records, const char *mx)
{
	records[0] = (struct mx_dns_record){
		.type = MX_DNS_MX, .ttl_s = 300, .preference = 10, .name = mx_strdup(mx)
	};
	answer->status = MX_DNS_OK;
	answer->records = records;
	answer->count = 1;
}

/* Provider p's host h is 192.0.p.(h+1). */
static void
answer_hosts(struct mx_dns_answer *answer, struct mx_dns_record *records, size_t provider)
{
	for (unsigned i = 0; i < SIM_HOSTS; i++) {
		char text[32];

		snprintf(text, sizeof text, "192.0.%zu.%u", provider, i + 1);
		records[i] = (struct mx_dns_record){ .type = MX_DNS_A, .ttl_s = 300 };
		(void)mx_addr_parse(text, &records[i].addr);
	}
	answer->status = MX_DNS_OK;
	answer->records = records;
	answer->count = SIM_HOSTS;
}

static void
fill(const struct mx_query *query, struct mx_dns_answer *answer,
    struct mx_dns_record *records)
{
	for (size_t i = 0; i < SIM_PROVIDERS; i++) {
		if (query->type == MX_DNS_MX &&
		    mx_name_equal(query->name, sim_providers[i].domain))
			answer_mx(answer, records, sim_providers[i].mx);
		if (query->type == MX_DNS_A &&
		    mx_name_equal(query->name, sim_providers[i].mx))
			answer_hosts(answer, records, i);
	}
}

static void
on_answer(void *arg)
{
	struct mx_query *query = arg;
	struct mx_dns_record records[SIM_HOSTS] = { 0 };
	struct mx_dns_answer answer = { .status = query->is_dead ? MX_DNS_TIMEOUT
								 : MX_DNS_NXDOMAIN };
	void (*cb)(void *, const struct mx_dns_answer *) = query->cb;
	void *cb_arg = query->arg;

	if (!query->is_dead)
		fill(query, &answer, records);
	mx_query_cancel(query);
	cb(cb_arg, &answer);
	for (size_t i = 0; i < answer.count; i++)
		free(records[i].name);
}

struct mx_query *
mx_resolver_ask(struct mx_resolver *resolver, const char *name, enum mx_dns_type type,
    int64_t timeout_us, void (*cb)(void *arg, const struct mx_dns_answer *answer),
    void *arg)
{
	struct mx_query *query = mx_calloc(1, sizeof *query);

	query->name = mx_strdup(name);
	query->type = type;
	query->cb = cb;
	query->arg = arg;
	query->is_dead = sim_dns_is_dead;
	query->timer = mx_timer_new(resolver->loop, on_answer, query);
	mx_timer_start(query->timer, query->is_dead ? timeout_us : ANSWER_US);
	LIST_INSERT_HEAD(&resolver->queries, query, link);
	return query;
}
