/* dnsbl.c - questions to lists: each asked once, few at a time, and none before the list has shown
 * by its test entries that its answers mean something. */
#include "probe/identity/dnsbl.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "probe/base/mem.h"
#include "probe/identity/dnsbl_words.h"
#include "probe/identity/org_domain.h"

#define TIMEOUT_US INT64_C(5000000)
#define AT_ONCE 200
#define MEANINGS 32

enum role {
	ROLE_SUBJECT,
	ROLE_LISTED_ENTRY,
	ROLE_CLEAN_ENTRY
};

LIST_HEAD(slot_list, slot);

/* One (zone, subject), whoever wants to know. */
struct question {
	TAILQ_ENTRY(question) next; /* in its side's list, then in the object's */
	struct mx_dnsbl *dnsbl;
	struct side *side;
	enum role role;
	struct mx_query *query; /* NULL: not under way */
	struct mx_dnsbl_fact fact;
	const struct mx_dnsbl_fact *told; /* NULL: not settled; own fact or the side's */
	struct slot_list slots;
	char subject[]; /* the part of the name before the zone */
};
TAILQ_HEAD(question_list, question);

/* A zone as asked about one kind of subject. */
struct side {
	const struct mx_dnsbl_zone *zone;
	enum mx_dnsbl_aspect aspect;
	enum {
		SIDE_UNTESTED,
		SIDE_TESTING,
		SIDE_BELIEVED,
		SIDE_DISMISSED
	} trust;
	struct question *listed, *clean; /* while testing */
	struct question_list waiting;    /* for the test */
	struct mx_dnsbl_fact verdict;    /* when dismissed */
};

/* One search's place in a question. */
struct slot {
	LIST_ENTRY(slot) next;
	struct mx_dnsbl_search *search;
	struct question *question;
};

struct mx_dnsbl_search {
	TAILQ_ENTRY(mx_dnsbl_search) next; /* in the object's open or finished ones */
	struct mx_dnsbl *dnsbl;
	struct slot *slots;
	size_t count, open;
	bool finished;
	char source[MX_ADDR_TEXT];
	void (*done)(void *arg, const struct mx_dnsbl_answer *answers, size_t count);
	void *arg;
};
TAILQ_HEAD(search_list, mx_dnsbl_search);

struct mx_dnsbl {
	struct mx_resolver *resolver;
	const struct mx_catalogue *catalogue;
	int64_t timeout_us;
	size_t at_once, under_way;
	struct mx_dnsbl_zone *zones;
	size_t zone_count;
	struct side *sides; /* MX_DNSBL_ASPECT_COUNT for each zone */
	void *questions;    /* a tree, tsearch(3) */
	struct question_list ready;
	struct search_list open, finished;
	struct mx_timer *deliver;
	bool *freed; /* set while callbacks run, to learn that one freed us */
};

/* ---- questions ---- */

static int
by_identity(const void *a, const void *b)
{
	const struct question *x = a, *y = b;

	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	if (x->role != y->role)
		return x->role < y->role ? -1 : 1;
	return strcmp(x->subject, y->subject);
}

/* The question that has been put before, or a new one; *is_new says which. */
static struct question *
find_question(struct mx_dnsbl *dnsbl, struct side *side, enum role role,
    const char *subject, bool *is_new)
{
	size_t size = strlen(subject) + 1;
	struct question *question = mx_calloc(1, sizeof *question + size), **node;

	question->dnsbl = dnsbl;
	question->side = side;
	question->role = role;
	LIST_INIT(&question->slots);
	memcpy(question->subject, subject, size);
	node = tsearch(question, &dnsbl->questions, by_identity);
	if (node == NULL)
		mx_out_of_memory();
	*is_new = *node == question;
	if (!*is_new)
		free(question);
	return *node;
}

static void
free_question(void *node)
{
	struct question *question = node;

	mx_query_cancel(question->query);
	mx_dnsbl_fact_clear(&question->fact);
	free(question);
}

/* Its answers are told from the loop. */
static void
close_search(struct mx_dnsbl_search *search)
{
	struct mx_dnsbl *dnsbl = search->dnsbl;

	TAILQ_REMOVE(&dnsbl->open, search, next);
	TAILQ_INSERT_TAIL(&dnsbl->finished, search, next);
	search->finished = true;
	mx_timer_start(dnsbl->deliver, 0);
}

static void
settle(struct question *question, const struct mx_dnsbl_fact *told)
{
	struct slot *slot = LIST_FIRST(&question->slots);

	question->told = told;
	for (; slot != NULL; slot = LIST_NEXT(slot, next))
		if (--slot->search->open == 0 && !slot->search->finished)
			close_search(slot->search);
}

/* ---- asking ---- */

static void on_codes(void *arg, const struct mx_dns_answer *answer);

static void
put(struct question *question, enum mx_dns_type type,
    void (*cb)(void *arg, const struct mx_dns_answer *answer))
{
	struct mx_dnsbl *dnsbl = question->dnsbl;
	char *name = mx_asprintf("%s.%s", question->subject, question->side->zone->asked);

	question->query =
	    mx_resolver_ask(dnsbl->resolver, name, type, dnsbl->timeout_us, cb, question);
	free(name);
}

static void
ask_ready(struct mx_dnsbl *dnsbl)
{
	struct question *question;

	while (dnsbl->under_way < dnsbl->at_once &&
	       (question = TAILQ_FIRST(&dnsbl->ready)) != NULL) {
		TAILQ_REMOVE(&dnsbl->ready, question, next);
		dnsbl->under_way++;
		put(question, MX_DNS_A, on_codes);
	}
}

/* ---- is the list to be believed? ---- */

static struct question *
ask_entry(struct mx_dnsbl *dnsbl, struct side *side, bool listed)
{
	enum role role = listed ? ROLE_LISTED_ENTRY : ROLE_CLEAN_ENTRY;
	char subject[MX_DNSBL_SUBJECT];
	struct question *question;
	const char *shown;
	bool is_new;

	mx_dnsbl_test_entry(
	    side->zone, side->aspect, listed, subject, sizeof subject, &shown);
	question = find_question(dnsbl, side, role, subject, &is_new);
	TAILQ_INSERT_TAIL(&dnsbl->ready, question, next);
	return question;
}

static void
start_test(struct mx_dnsbl *dnsbl, struct side *side)
{
	side->trust = SIDE_TESTING;
	side->listed = ask_entry(dnsbl, side, true);
	side->clean = ask_entry(dnsbl, side, false);
}

/* Both entries are there: the questions that waited go out, or have their answer. */
static void
conclude_test(struct mx_dnsbl *dnsbl, struct side *side)
{
	struct question *question;

	if (side->listed->told == NULL || side->clean->told == NULL)
		return;
	side->trust = mx_dnsbl_fact_conclude(
			  &side->listed->fact, &side->clean->fact, &side->verdict)
			  ? SIDE_BELIEVED
			  : SIDE_DISMISSED;
	while ((question = TAILQ_FIRST(&side->waiting)) != NULL) {
		TAILQ_REMOVE(&side->waiting, question, next);
		if (side->trust == SIDE_BELIEVED)
			TAILQ_INSERT_TAIL(&dnsbl->ready, question, next);
		else
			settle(question, &side->verdict);
	}
}

static void
finish(struct question *question)
{
	struct mx_dnsbl *dnsbl = question->dnsbl;

	dnsbl->under_way--;
	settle(question, &question->fact);
	if (question->role != ROLE_SUBJECT)
		conclude_test(dnsbl, question->side);
	ask_ready(dnsbl);
}

static void
on_reason(void *arg, const struct mx_dns_answer *answer)
{
	struct question *question = arg;

	question->query = NULL;
	question->fact.reason = mx_dnsbl_reason_read(question->side->zone, answer);
	finish(question);
}

static void
on_codes(void *arg, const struct mx_dns_answer *answer)
{
	struct question *question = arg;

	question->query = NULL;
	mx_dnsbl_fact_read(
	    question->dnsbl->catalogue, question->side->zone, answer, &question->fact);
	if (question->role == ROLE_SUBJECT && question->fact.state == MX_DNSBL_LISTED)
		put(question, MX_DNS_TXT, on_reason);
	else
		finish(question);
}

/* ---- telling ---- */

static const char *
subject_of(const struct mx_dnsbl_search *search, const struct question *question)
{
	return question->side->aspect == MX_DNSBL_NAME ? question->subject
						       : search->source;
}

/* For who cannot wait any longer. */
static const struct mx_dnsbl_fact too_late = {
	.state = MX_DNSBL_UNKNOWN, .why = MX_DNSBL_BY_STATUS, .status = MX_DNS_TIMEOUT
};

/* What an answer shows and somebody must free. */
struct telling {
	const struct mx_list_return **meanings;
	char *found, *advice;
};

static void
tell_one(const struct mx_dnsbl_search *search, const struct question *question,
    struct telling *own, struct mx_dnsbl_answer *out)
{
	const struct mx_catalogue *catalogue = search->dnsbl->catalogue;
	const struct mx_dnsbl_zone *zone = question->side->zone;
	const struct mx_dnsbl_fact *fact =
	    question->told != NULL ? question->told : &too_late;
	const struct mx_list_return *rows[MEANINGS];
	struct mx_dnsbl_told told = { .catalogue = catalogue,
		.zone = zone,
		.fact = fact,
		.aspect = question->side->aspect,
		.meanings = rows };

	told.meaning_count =
	    mx_dnsbl_meanings(catalogue, zone->list, fact, rows, MEANINGS);
	own->meanings = mx_calloc(told.meaning_count, sizeof(struct mx_list_return *));
	for (size_t i = 0; i < told.meaning_count; i++)
		own->meanings[i] = rows[i];
	own->found = mx_dnsbl_found(&told);
	own->advice = mx_dnsbl_advice(&told);
	*out = (struct mx_dnsbl_answer){ .state = fact->state,
		.zone = zone->name,
		.subject = subject_of(search, question),
		.is_name = question->side->aspect == MX_DNSBL_NAME,
		.list = zone->list,
		.codes = fact->codes,
		.code_count = fact->code_count,
		.meanings = own->meanings,
		.meaning_count = told.meaning_count,
		.reason = fact->reason,
		.found = own->found,
		.advice = own->advice };
}

static void
free_search(struct mx_dnsbl_search *search)
{
	struct mx_dnsbl *dnsbl = search->dnsbl;

	for (size_t i = 0; i < search->count; i++)
		LIST_REMOVE(&search->slots[i], next);
	if (search->finished)
		TAILQ_REMOVE(&dnsbl->finished, search, next);
	else
		TAILQ_REMOVE(&dnsbl->open, search, next);
	free(search->slots);
	free(search);
}

static void
free_tellings(struct telling *tellings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(tellings[i].meanings);
		free(tellings[i].found);
		free(tellings[i].advice);
	}
	free(tellings);
}

/* The search is gone when done is called; its text is kept for the answers. */
static void
deliver_one(struct mx_dnsbl_search *search)
{
	void (*done)(void *arg, const struct mx_dnsbl_answer *answers, size_t count) =
	    search->done;
	void *arg = search->arg;
	size_t count = search->count;
	struct mx_dnsbl_answer *answers = mx_calloc(count, sizeof *answers);
	struct telling *tellings = mx_calloc(count, sizeof *tellings);
	char source[MX_ADDR_TEXT];

	memcpy(source, search->source, sizeof source);
	for (size_t i = 0; i < count; i++) {
		tell_one(search, search->slots[i].question, &tellings[i], &answers[i]);
		if (!answers[i].is_name)
			answers[i].subject = source;
	}
	free_search(search);
	done(arg, answers, count);
	free_tellings(tellings, count);
	free(answers);
}

static void
deliver(void *arg)
{
	struct mx_dnsbl *dnsbl = arg;
	struct mx_dnsbl_search *search;
	bool freed = false;

	dnsbl->freed = &freed;
	while ((search = TAILQ_FIRST(&dnsbl->finished)) != NULL) {
		/* The analyzer cannot see that the first of the list is another one now. */
		deliver_one(search); /* NOLINT(clang-analyzer-unix.Malloc) */
		if (freed)
			return;
	}
	dnsbl->freed = NULL;
}

/* ---- a search ---- */

static void
add_question(struct mx_dnsbl_search *search, struct side *side, const char *subject)
{
	struct mx_dnsbl *dnsbl = search->dnsbl;
	bool is_new;
	struct question *question =
	    find_question(dnsbl, side, ROLE_SUBJECT, subject, &is_new);
	struct slot *slot = &search->slots[search->count++];

	*slot = (struct slot){ .search = search, .question = question };
	LIST_INSERT_HEAD(&question->slots, slot, next);
	if (question->told == NULL)
		search->open++;
	if (!is_new)
		return;
	if (side->trust == SIDE_UNTESTED)
		start_test(dnsbl, side);
	if (side->trust == SIDE_TESTING)
		TAILQ_INSERT_TAIL(&side->waiting, question, next);
	else if (side->trust == SIDE_BELIEVED)
		TAILQ_INSERT_TAIL(&dnsbl->ready, question, next);
	else
		settle(question, &side->verdict);
}

/* What a search asks about, as it stands in front of a zone; "" is nothing. */
struct subjects {
	char address[MX_DNSBL_SUBJECT];
	enum mx_dnsbl_aspect aspect; /* the address's */
	char helo[MX_DNSBL_SUBJECT], sender[MX_DNSBL_SUBJECT];
};

static void
read_subjects(struct subjects *out, const struct mx_addr *source, const char *helo,
    const char *sender_domain)
{
	*out = (struct subjects){ .aspect = MX_DNSBL_IPV4 };
	if (source == NULL || !mx_dnsbl_subject_address(source, out->address,
				  sizeof out->address, &out->aspect))
		out->address[0] = '\0';
	if (helo == NULL || !mx_dnsbl_subject_name(helo, out->helo, sizeof out->helo))
		out->helo[0] = '\0';
	if (sender_domain == NULL ||
	    !mx_dnsbl_subject_name(sender_domain, out->sender, sizeof out->sender))
		out->sender[0] = '\0';
}

/* Lists of web addresses hold registered domains and nothing below them. */
static const char *
name_for(const struct mx_dnsbl_zone *zone, const char *name)
{
	const char *registered = NULL;

	if (zone->list != NULL && strcmp(zone->list->kind, "url") == 0)
		registered = mx_org_domain(name);
	return registered != NULL ? registered : name;
}

static void
add_zone_questions(struct mx_dnsbl_search *search, size_t index, const struct subjects *s)
{
	const struct mx_dnsbl_zone *zone = &search->dnsbl->zones[index];
	struct side *sides = &search->dnsbl->sides[index * MX_DNSBL_ASPECT_COUNT];
	bool only_helo = zone->list != NULL && strcmp(zone->list->kind, "helo") == 0;
	const char *helo, *sender;

	if (s->address[0] != '\0' && zone->takes[s->aspect])
		add_question(search, &sides[s->aspect], s->address);
	if (!zone->takes[MX_DNSBL_NAME])
		return;
	helo = name_for(zone, s->helo);
	sender = only_helo ? "" : name_for(zone, s->sender);
	if (*helo != '\0')
		add_question(search, &sides[MX_DNSBL_NAME], helo);
	if (*sender != '\0' && strcmp(helo, sender) != 0)
		add_question(search, &sides[MX_DNSBL_NAME], sender);
}

struct mx_dnsbl_search *
mx_dnsbl_ask(struct mx_dnsbl *dnsbl, const struct mx_addr *source, const char *helo,
    const char *sender_domain,
    void (*done)(void *arg, const struct mx_dnsbl_answer *answers, size_t count),
    void *arg)
{
	struct mx_dnsbl_search *search = mx_calloc(1, sizeof *search);
	struct subjects subjects;

	search->dnsbl = dnsbl;
	search->done = done;
	search->arg = arg;
	if (source != NULL)
		mx_addr_text(source, search->source);
	/* Two names at most, or an address. The slots stay where they are. */
	search->slots = mx_calloc(dnsbl->zone_count * 2, sizeof *search->slots);
	TAILQ_INSERT_TAIL(&dnsbl->open, search, next);
	read_subjects(&subjects, source, helo, sender_domain);
	search->open = 1; /* so that it cannot finish while it grows */
	for (size_t i = 0; i < dnsbl->zone_count; i++)
		add_zone_questions(search, i, &subjects);
	if (--search->open == 0)
		close_search(search);
	ask_ready(dnsbl);
	return search;
}

void
mx_dnsbl_conclude(struct mx_dnsbl_search *search)
{
	if (search != NULL && !search->finished)
		close_search(search);
}

void
mx_dnsbl_cancel(struct mx_dnsbl_search *search)
{
	if (search != NULL)
		free_search(search);
}

/* ---- the object ---- */

/* Some need no test: nobody answers for them. */
static void
init_side(
    struct side *side, const struct mx_dnsbl_zone *zone, enum mx_dnsbl_aspect aspect)
{
	side->zone = zone;
	side->aspect = aspect;
	TAILQ_INIT(&side->waiting);
	if (zone->list != NULL && zone->list->closed) {
		side->trust = SIDE_DISMISSED;
		side->verdict = (struct mx_dnsbl_fact){ .state = MX_DNSBL_UNUSABLE,
			.why = MX_DNSBL_CLOSED };
	} else if (zone->needs_key != NULL) {
		side->trust = SIDE_DISMISSED;
		side->verdict = (struct mx_dnsbl_fact){ .state = MX_DNSBL_REFUSED,
			.why = MX_DNSBL_NEEDS_KEY };
	}
}

struct mx_dnsbl *
mx_dnsbl_new(const struct mx_dnsbl_params *params)
{
	struct mx_dnsbl *dnsbl = mx_calloc(1, sizeof *dnsbl);

	dnsbl->resolver = params->resolver;
	dnsbl->catalogue = params->catalogue;
	dnsbl->timeout_us = params->timeout_us > 0 ? params->timeout_us : TIMEOUT_US;
	dnsbl->at_once = params->at_once > 0 ? params->at_once : AT_ONCE;
	TAILQ_INIT(&dnsbl->ready);
	TAILQ_INIT(&dnsbl->open);
	TAILQ_INIT(&dnsbl->finished);
	dnsbl->zones = mx_dnsbl_zones_choose(params, &dnsbl->zone_count);
	dnsbl->sides =
	    mx_calloc(dnsbl->zone_count * MX_DNSBL_ASPECT_COUNT, sizeof *dnsbl->sides);
	for (size_t i = 0; i < dnsbl->zone_count * MX_DNSBL_ASPECT_COUNT; i++)
		init_side(&dnsbl->sides[i], &dnsbl->zones[i / MX_DNSBL_ASPECT_COUNT],
		    (enum mx_dnsbl_aspect)(i % MX_DNSBL_ASPECT_COUNT));
	dnsbl->deliver = mx_timer_new(params->loop, deliver, dnsbl);
	return dnsbl;
}

void
mx_dnsbl_free(struct mx_dnsbl *dnsbl)
{
	struct mx_dnsbl_search *search;

	if (dnsbl == NULL)
		return;
	if (dnsbl->freed != NULL)
		*dnsbl->freed = true;
	/* The analyzer cannot see that free_search() takes the first out. */
	while ((search = TAILQ_FIRST(&dnsbl->open)) != NULL)
		free_search(search); /* NOLINT(clang-analyzer-unix.Malloc) */
	while ((search = TAILQ_FIRST(&dnsbl->finished)) != NULL)
		free_search(search); /* NOLINT(clang-analyzer-unix.Malloc) */
	tdestroy(dnsbl->questions, free_question);
	for (size_t i = 0; i < dnsbl->zone_count * MX_DNSBL_ASPECT_COUNT; i++)
		mx_dnsbl_fact_clear(&dnsbl->sides[i].verdict);
	mx_timer_free(dnsbl->deliver);
	mx_dnsbl_zones_free(dnsbl->zones, dnsbl->zone_count);
	free(dnsbl->sides);
	free(dnsbl);
}

size_t
mx_dnsbl_zone_count(const struct mx_dnsbl *dnsbl)
{
	return dnsbl->zone_count;
}
