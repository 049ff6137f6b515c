/* dmarc.c - all levels are asked at once: there are few, and each is one question. */
#include "probe/identity/dmarc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/dmarc_record.h"
#include "probe/identity/org_domain.h"

#define CHECK "dmarc"
#define LEVELS_MAX 8 /* as the walk of RFC 7489's successor has it */
#define PREFIX "_dmarc."

/* A domain whose record could count, and what stands there. */
struct level {
	struct mx_dmarc_search *search;
	char *name; /* "_dmarc.example.jp" */
	struct mx_query *query;
	enum mx_dns_status status;
	size_t records; /* that begin as they must */
	char *record;   /* the first of these, else a broken one, else NULL */
};

struct mx_dmarc_search {
	struct level levels[LEVELS_MAX]; /* the domain, then its parents up to the last */
	size_t count, open;
	void (*done)(void *arg, struct mx_checks *rows);
	void *arg;
};

static void
free_search(struct mx_dmarc_search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		mx_query_cancel(search->levels[i].query);
		free(search->levels[i].name);
		free(search->levels[i].record);
	}
	free(search);
}

static bool
is_told(const struct level *level)
{
	return level->status == MX_DNS_OK || level->status == MX_DNS_NODATA ||
	       level->status == MX_DNS_NXDOMAIN;
}

static void
add(struct mx_checks *rows, enum mx_check_result result, char *found, char *advice)
{
	mx_checks_add(rows, result, mx_strdup(CHECK), found, advice);
}

static char *
quoted(const struct level *level, const char *policy)
{
	if (policy == NULL)
		return mx_asprintf("%s TXT \"%s\"", level->name, level->record);
	return mx_asprintf(
	    "policy %s: %s TXT \"%s\"", policy, level->name, level->record);
}

static void
tell_record(struct mx_checks *rows, const struct level *level, bool is_parent)
{
	struct mx_dmarc_policy policy;

	if (level->records > 1) {
		add(rows, MX_CHECK_FAIL,
		    mx_asprintf("%zu DMARC records at %s", level->records, level->name),
		    mx_asprintf(
			"several records count as none: keep one at %s", level->name));
		return;
	}
	policy = mx_dmarc_record_judge(level->record, strlen(level->record), is_parent);
	add(rows, policy.result, quoted(level, policy.policy), policy.advice);
	free(policy.policy);
}

static void
tell_unknown(struct mx_checks *rows, const struct level *level)
{
	add(rows, MX_CHECK_UNKNOWN,
	    mx_asprintf("%s: %s", level->name, mx_dns_status_text(level->status)), NULL);
}

/* A record half-way counts only for those who walk the tree. */
static void
tell_half_way(struct mx_checks *rows, const struct level *level, const char *top)
{
	add(rows, MX_CHECK_WARN, quoted(level, NULL),
	    mx_asprintf(
		"many receivers look at the domain itself and at %s only: publish "
		"a record there",
		top));
}

static void
tell_none(struct mx_checks *rows, const struct level *top)
{
	const char *domain = top->name + sizeof PREFIX - 1;

	add(rows, MX_CHECK_WARN, mx_asprintf("no DMARC record up to %s", top->name),
	    mx_asprintf("publish %s TXT \"v=DMARC1; p=none; rua=mailto:postmaster@%s\"; "
			"large receivers ask for one",
		top->name, domain));
}

/* The domain's own record first, then the organisational domain's; what could not be looked up
 * may have been there. */
static void
judge(const struct mx_dmarc_search *search, struct mx_checks *rows)
{
	const struct level *own = &search->levels[0];
	const struct level *top = &search->levels[search->count - 1];

	if (own->record != NULL) {
		tell_record(rows, own, false);
		return;
	}
	if (!is_told(own) || (top->record == NULL && !is_told(top))) {
		tell_unknown(rows, is_told(own) ? top : own);
		return;
	}
	if (top->record != NULL) {
		tell_record(rows, top, true);
		return;
	}
	for (const struct level *level = own; level < top; level++)
		if (level->record != NULL) {
			tell_half_way(rows, level, top->name);
			return;
		}
	tell_none(rows, top);
}

/* done last, and nothing of the search left by then. */
static void
finish(struct mx_dmarc_search *search)
{
	void (*done)(void *arg, struct mx_checks *rows) = search->done;
	void *arg = search->arg;
	struct mx_checks rows = { .count = 0 };

	judge(search, &rows);
	free_search(search);
	done(arg, &rows);
	mx_checks_clear(&rows);
}

static void
keep_record(struct level *level, const struct mx_dns_record *record)
{
	const char *text = (const char *)record->data;
	enum mx_dmarc_claim claim = mx_dmarc_claim(text, record->len);

	if (claim == MX_DMARC_OTHER)
		return;
	if (claim == MX_DMARC_RECORD && level->records++ == 0) {
		free(level->record); /* a broken one says less */
		level->record = NULL;
	}
	if (level->record == NULL)
		level->record = mx_strndup(text, record->len);
}

static void
on_answer(void *arg, const struct mx_dns_answer *answer)
{
	struct level *level = arg;
	struct mx_dmarc_search *search = level->search;

	level->query = NULL;
	level->status = answer->status;
	for (size_t i = 0; i < answer->count; i++)
		keep_record(level, &answer->records[i]);
	if (--search->open == 0)
		finish(search);
}

static void
add_level(struct mx_dmarc_search *search, const char *domain)
{
	search->levels[search->count++] = (struct level){
		.search = search,
		.name = mx_asprintf("%s%s", PREFIX, domain),
	};
}

/* The domain, and its parents up to the organisational one; of very many labels the leftmost
 * parents are passed over. */
static void
list_levels(struct mx_dmarc_search *search, const char *domain)
{
	const char *top = mx_org_domain(domain), *parent = domain;
	size_t parents = 0;

	add_level(search, domain);
	if (top == NULL || top <= domain)
		return;
	for (const char *c = domain; c < top; c++)
		parents += *c == '.';
	while (parent != top) {
		parent = strchr(parent, '.') + 1;
		if (parents-- < LEVELS_MAX)
			add_level(search, parent);
	}
}

struct mx_dmarc_search *
mx_dmarc_find(struct mx_resolver *resolver, const char *domain, int64_t timeout_us,
    void (*done)(void *arg, struct mx_checks *rows), void *arg)
{
	struct mx_dmarc_search *search = mx_calloc(1, sizeof *search);

	search->done = done;
	search->arg = arg;
	list_levels(search, domain);
	search->open = search->count;
	for (size_t i = 0; i < search->count; i++)
		search->levels[i].query =
		    mx_resolver_ask(resolver, search->levels[i].name, MX_DNS_TXT,
			timeout_us, on_answer, &search->levels[i]);
	return search;
}

void
mx_dmarc_cancel(struct mx_dmarc_search *search)
{
	if (search != NULL)
		free_search(search);
}
