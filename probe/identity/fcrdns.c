/* fcrdns.c - anybody may point a PTR anywhere; only a name that leads back is ours. */
#include "probe/identity/fcrdns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/dns/name.h"

#define NAMES_MAX 10 /* as RFC 7208 4.6.4 has it for the same walk */

/* One PTR name and what its forward lookup says. */
struct candidate {
	struct mx_fcrdns_search *search;
	char *name; /* lower case */
	struct mx_query *query;
	enum mx_fcrdns_forward forward;
};

struct mx_fcrdns_search {
	struct mx_resolver *resolver;
	struct mx_addr addr;
	int64_t deadline_us; /* mx_clock_mono_us */
	struct mx_query *ptr_query;
	struct candidate candidates[NAMES_MAX];
	size_t count, open;
	size_t ptr_count;
	enum mx_dns_status status;
	void (*done)(void *arg, struct mx_fcrdns *fcrdns);
	void *arg;
};

void
mx_fcrdns_clear(struct mx_fcrdns *fcrdns)
{
	for (size_t i = 0; i < fcrdns->name_count; i++)
		free(fcrdns->names[i].name);
	free(fcrdns->names);
	free(fcrdns->name);
	*fcrdns = (struct mx_fcrdns){ 0 };
}

static void
free_search(struct mx_fcrdns_search *search)
{
	mx_query_cancel(search->ptr_query);
	for (size_t i = 0; i < search->count; i++) {
		mx_query_cancel(search->candidates[i].query);
		free(search->candidates[i].name);
	}
	free(search);
}

/* The names move from the search to the answer. */
static void
hand_over_names(struct mx_fcrdns_search *search, struct mx_fcrdns *found)
{
	found->names = mx_calloc(search->count + 1, sizeof *found->names);
	found->name_count = search->count;
	for (size_t i = 0; i < search->count; i++) {
		found->names[i] = (struct mx_fcrdns_name){
			.name = search->candidates[i].name,
			.forward = search->candidates[i].forward,
		};
		search->candidates[i].name = NULL;
	}
}

/* done last, and nothing of the search left by then. */
static void
finish(struct mx_fcrdns_search *search, enum mx_fcrdns_result result, const char *name)
{
	struct mx_fcrdns found = {
		.result = result,
		.name = mx_strdup(name),
		.ptr_count = search->ptr_count,
		.status = search->status,
	};
	void (*done)(void *arg, struct mx_fcrdns *fcrdns) = search->done;
	void *arg = search->arg;

	hand_over_names(search, &found);
	free_search(search);
	done(arg, &found);
	mx_fcrdns_clear(&found);
}

/* Every name has been looked up. The first that leads back is it; without one, a single name
 * that could not be looked up leaves the question open. */
static void
conclude(struct mx_fcrdns_search *search)
{
	enum mx_fcrdns_result result = MX_FCRDNS_MISMATCH;

	for (size_t i = 0; i < search->count; i++) {
		if (search->candidates[i].forward == MX_FORWARD_BACK) {
			finish(search, MX_FCRDNS_PASS, search->candidates[i].name);
			return;
		}
		if (search->candidates[i].forward == MX_FORWARD_UNKNOWN)
			result = MX_FCRDNS_UNKNOWN;
	}
	finish(search, result, search->candidates[0].name);
}

static bool
leads_back(const struct mx_dns_answer *answer, const struct mx_addr *addr)
{
	for (size_t i = 0; i < answer->count; i++)
		if (mx_addr_equal(&answer->records[i].addr, addr))
			return true;
	return false;
}

/* "No" is an answer; silence, failure and forgery are none. */
static bool
is_told(const struct mx_dns_answer *answer)
{
	return answer->status == MX_DNS_OK || answer->status == MX_DNS_NODATA ||
	       answer->status == MX_DNS_NXDOMAIN;
}

static void
on_forward(void *arg, const struct mx_dns_answer *answer)
{
	struct candidate *candidate = arg;
	struct mx_fcrdns_search *search = candidate->search;

	candidate->query = NULL;
	if (!is_told(answer))
		candidate->forward = MX_FORWARD_UNKNOWN;
	else if (leads_back(answer, &search->addr))
		candidate->forward = MX_FORWARD_BACK;
	else
		candidate->forward =
		    answer->count > 0 ? MX_FORWARD_ELSEWHERE : MX_FORWARD_NOWHERE;
	if (--search->open == 0)
		conclude(search);
}

static int
by_name(const void *a, const void *b)
{
	const struct mx_dns_record *x = a, *y = b;

	return strcasecmp(x->name, y->name);
}

static void
add_candidate(struct mx_fcrdns_search *search, const char *name)
{
	struct candidate *candidate = &search->candidates[search->count++];

	candidate->search = search;
	candidate->name = mx_strdup(name);
	for (char *c = candidate->name; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
}

/* Sorted before they are cut, so that the same ten are followed each time. */
static void
keep_names(struct mx_fcrdns_search *search, const struct mx_dns_answer *answer)
{
	struct mx_dns_record *sorted = mx_calloc(answer->count, sizeof *sorted);

	if (answer->count > 0)
		memcpy(sorted, answer->records, answer->count * sizeof *sorted);
	qsort(sorted, answer->count, sizeof *sorted, by_name);
	for (size_t i = 0; i < answer->count && search->count < NAMES_MAX; i++) {
		if (sorted[i].name[0] == '\0' ||
		    (i > 0 && mx_name_equal(sorted[i].name, sorted[i - 1].name)))
			continue;
		add_candidate(search, sorted[i].name);
	}
	free(sorted); /* the names stay the answer's */
}

static void
look_up_names(struct mx_fcrdns_search *search)
{
	enum mx_dns_type type = search->addr.family == AF_INET ? MX_DNS_A : MX_DNS_AAAA;
	int64_t left_us = search->deadline_us - mx_clock_mono_us();

	search->open = search->count;
	for (size_t i = 0; i < search->count; i++) {
		struct candidate *candidate = &search->candidates[i];

		candidate->query = mx_resolver_ask(search->resolver, candidate->name,
		    type, left_us > 0 ? left_us : 0, on_forward, candidate);
	}
}

static void
on_ptr(void *arg, const struct mx_dns_answer *answer)
{
	struct mx_fcrdns_search *search = arg;

	search->ptr_query = NULL;
	search->status = answer->status;
	search->ptr_count = answer->count;
	if (!is_told(answer)) {
		finish(search, MX_FCRDNS_UNKNOWN, NULL);
		return;
	}
	keep_names(search, answer);
	if (search->count == 0)
		finish(search, MX_FCRDNS_NO_PTR, NULL);
	else
		look_up_names(search);
}

struct mx_fcrdns_search *
mx_fcrdns_find(struct mx_resolver *resolver, const struct mx_addr *addr,
    int64_t timeout_us, void (*done)(void *arg, struct mx_fcrdns *fcrdns), void *arg)
{
	struct mx_fcrdns_search *search = mx_calloc(1, sizeof *search);
	char name[MX_ADDR_TEXT];

	search->resolver = resolver;
	search->addr = *addr;
	search->deadline_us = mx_clock_mono_us() + timeout_us;
	search->done = done;
	search->arg = arg;
	search->ptr_query = mx_resolver_ask(resolver, mx_addr_reverse_name(addr, name),
	    MX_DNS_PTR, timeout_us, on_ptr, search);
	return search;
}

void
mx_fcrdns_cancel(struct mx_fcrdns_search *search)
{
	if (search != NULL)
		free_search(search);
}
