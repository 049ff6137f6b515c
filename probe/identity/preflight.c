/* preflight.c - everything is asked at once, but for what needs the HELO name: that waits for the
 * PTR name when none was given. The parts keep their rows until all are in, so that the order of
 * the rows does not depend on who answers first. */
#include "probe/identity/preflight.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/dns/route.h"
#include "probe/identity/dkim.h"
#include "probe/identity/dmarc.h"
#include "probe/identity/helo.h"
#include "probe/identity/helo_facts.h"
#include "probe/identity/ptr.h"
#include "probe/identity/sender.h"
#include "probe/identity/spf_facts.h"

/* In the order of their rows. */
enum part {
	PART_PTR,
	PART_HELO,
	PART_SENDER,
	PART_SPF_MAIL_FROM,
	PART_SPF_HELO,
	PART_DMARC,
	PART_DKIM,
	PART_DNSBL,
	PART_COUNT
};

struct mx_preflight_search {
	struct mx_preflight_params params;
	struct mx_preflight *result;
	struct mx_checks rows[PART_COUNT];
	size_t open;                     /* parts not done yet */
	int64_t deadline_us;             /* mx_clock_mono_us */
	struct mx_fcrdns own_fcrdns;     /* where the caller had none */
	char sender_domain[MX_NAME_MAX]; /* "": none that DNS could know */
	struct mx_timer *begin;          /* the HELO half, from the loop */
	struct mx_timer *dnsbl_deadline;
	struct mx_fcrdns_search *fcrdns;
	struct mx_route_search *helo, *sender;
	struct mx_spf_search *spf_mail_from, *spf_helo;
	struct mx_dmarc_search *dmarc;
	struct mx_dkim_search *dkim;
	struct mx_dnsbl_search *dnsbl;
	void (*done)(void *arg, struct mx_preflight *preflight);
	void *arg;
};

void
mx_preflight_free(struct mx_preflight *preflight)
{
	if (preflight == NULL)
		return;
	free(preflight->helo);
	free(preflight->mail_from);
	free(preflight->explanation);
	mx_checks_clear(&preflight->checks);
	free(preflight);
}

static void
free_search(struct mx_preflight_search *search)
{
	mx_timer_free(search->begin);
	mx_timer_free(search->dnsbl_deadline);
	mx_fcrdns_cancel(search->fcrdns);
	mx_route_cancel(search->helo);
	mx_route_cancel(search->sender);
	mx_spf_cancel(search->spf_mail_from);
	mx_spf_cancel(search->spf_helo);
	mx_dmarc_cancel(search->dmarc);
	mx_dkim_cancel(search->dkim);
	mx_dnsbl_cancel(search->dnsbl);
	for (size_t i = 0; i < PART_COUNT; i++)
		mx_checks_clear(&search->rows[i]);
	mx_fcrdns_clear(&search->own_fcrdns);
	mx_preflight_free(search->result);
	free(search);
}

/* done last, and nothing of the search left by then. */
static void
finish(struct mx_preflight_search *search)
{
	void (*done)(void *arg, struct mx_preflight *preflight) = search->done;
	void *arg = search->arg;
	struct mx_preflight *result = search->result;

	for (size_t i = 0; i < PART_COUNT; i++)
		mx_checks_move(&result->checks, &search->rows[i]);
	search->result = NULL;
	free_search(search);
	done(arg, result);
}

/* Nothing of search may be touched behind this. */
static void
close_part(struct mx_preflight_search *search)
{
	if (--search->open == 0)
		finish(search);
}

static int64_t
left_us(const struct mx_preflight_search *search)
{
	int64_t left = search->deadline_us - mx_clock_mono_us();

	return left > 0 ? left : 0;
}

/* ---- the sender's domain -------------------------------------------------------------------- */

static void
on_sender(void *arg, struct mx_route *route)
{
	struct mx_preflight_search *search = arg;

	search->sender = NULL;
	mx_sender_judge_route(route, &search->rows[PART_SENDER]);
	mx_route_free(route);
	close_part(search);
}

static void
on_dmarc(void *arg, struct mx_checks *rows)
{
	struct mx_preflight_search *search = arg;

	search->dmarc = NULL;
	mx_checks_move(&search->rows[PART_DMARC], rows);
	close_part(search);
}

static void
on_dkim(void *arg, struct mx_checks *rows)
{
	struct mx_preflight_search *search = arg;

	search->dkim = NULL;
	mx_checks_move(&search->rows[PART_DKIM], rows);
	close_part(search);
}

/* Whose policy and keys count. */
static void
ask_policy(struct mx_preflight_search *search, const char *domain)
{
	const struct mx_preflight_params *params = &search->params;

	search->open++;
	search->dmarc =
	    mx_dmarc_find(params->resolver, domain, left_us(search), on_dmarc, search);
	if (params->selector_count == 0)
		return;
	search->open++;
	search->dkim = mx_dkim_find(params->resolver, domain, params->selectors,
	    params->selector_count, left_us(search), on_dkim, search);
}

static void
ask_sender(struct mx_preflight_search *search)
{
	const struct mx_preflight_params *params = &search->params;

	if (params->mail_from == NULL)
		return;
	if (!mx_sender_domain(params->mail_from, search->sender_domain)) {
		mx_sender_judge_odd(params->mail_from, &search->rows[PART_SENDER]);
		return;
	}
	search->open++;
	search->sender = mx_route_find(
	    params->resolver, search->sender_domain, left_us(search), on_sender, search);
	ask_policy(search, search->sender_domain);
}

/* ---- SPF ------------------------------------------------------------------------------------ */

static void
keep_explanation(struct mx_preflight *result, struct mx_spf_answer *answer)
{
	result->explanation = answer->explanation;
	answer->explanation = NULL;
}

static void
on_spf_mail_from(void *arg, struct mx_spf_answer *answer)
{
	struct mx_preflight_search *search = arg;
	struct mx_preflight *result = search->result;

	search->spf_mail_from = NULL;
	result->has_mail_from_spf = true;
	result->mail_from_spf = answer->result;
	mx_spf_judge(
	    "spf_mail_from", &result->source, answer, &search->rows[PART_SPF_MAIL_FROM]);
	keep_explanation(result, answer);
	close_part(search);
}

static void
on_spf_helo(void *arg, struct mx_spf_answer *answer)
{
	struct mx_preflight_search *search = arg;
	struct mx_preflight *result = search->result;

	search->spf_helo = NULL;
	result->has_helo_spf = true;
	result->helo_spf = answer->result;
	mx_spf_judge("spf_helo", &result->source, answer, &search->rows[PART_SPF_HELO]);
	/* Where a sender is judged, the HELO name's words would be taken for his domain's. */
	if (result->mail_from == NULL)
		keep_explanation(result, answer);
	close_part(search);
}

static bool
has_high_byte(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text != '\0';
}

static void
ask_spf(struct mx_preflight_search *search)
{
	struct mx_preflight *result = search->result;
	struct mx_spf_params spf = {
		.client = &result->source,
		.helo = result->helo,
		.mail_from = result->mail_from,
		.timeout_us = left_us(search),
	};

	/* Records stand under the ASCII form of a name. */
	if (*search->sender_domain != '\0' && has_high_byte(result->mail_from))
		spf.domain = search->sender_domain;
	if (result->mail_from != NULL) {
		search->open++;
		search->spf_mail_from =
		    mx_spf_find(search->params.resolver, &spf, on_spf_mail_from, search);
	}
	spf.mail_from = NULL;
	spf.domain = result->helo;
	search->open++;
	search->spf_helo =
	    mx_spf_find(search->params.resolver, &spf, on_spf_helo, search);
}

/* ---- blocklists ----------------------------------------------------------------------------- */

static void
on_dnsbl(void *arg, const struct mx_dnsbl_answer *answers, size_t count)
{
	struct mx_preflight_search *search = arg;

	search->dnsbl = NULL;
	mx_dnsbl_checks(answers, count, &search->rows[PART_DNSBL]);
	close_part(search);
}

/* The lists have deadlines of their own for each question; ours is for all of them. */
static void
on_dnsbl_deadline(void *arg)
{
	struct mx_preflight_search *search = arg;

	mx_dnsbl_conclude(search->dnsbl);
}

static void
ask_dnsbl(struct mx_preflight_search *search)
{
	const char *domain =
	    *search->sender_domain != '\0' ? search->sender_domain : NULL;

	if (search->params.dnsbl == NULL)
		return;
	search->open++;
	search->dnsbl_deadline =
	    mx_timer_new(search->params.loop, on_dnsbl_deadline, search);
	mx_timer_start(search->dnsbl_deadline, left_us(search));
	search->dnsbl = mx_dnsbl_ask(search->params.dnsbl, &search->result->source,
	    search->result->helo, domain, on_dnsbl, search);
}

/* ---- the HELO name -------------------------------------------------------------------------- */

static void
judge_helo(struct mx_preflight_search *search, const struct mx_route *route)
{
	struct mx_helo_facts facts = {
		.helo = search->result->helo,
		.source = &search->result->source,
		.fcrdns = search->params.fcrdns,
		.route = route,
		.destinations = search->params.destinations,
		.destination_count = search->params.destination_count,
		.catalogue = search->params.catalogue,
	};

	mx_helo_judge(&facts, &search->rows[PART_HELO]);
}

static void
on_helo(void *arg, struct mx_route *route)
{
	struct mx_preflight_search *search = arg;

	search->helo = NULL;
	judge_helo(search, route);
	mx_route_free(route);
	close_part(search);
}

static void
ask_helo(struct mx_preflight_search *search)
{
	if (!mx_helo_resolvable(search->result->helo)) {
		judge_helo(search, NULL);
		return;
	}
	search->open++;
	search->helo = mx_route_find_host(search->params.resolver, search->result->helo,
	    left_us(search), on_helo, search);
}

static char *
choose_helo(const struct mx_preflight_search *search)
{
	char helo[MX_HELO_MAX], *warning;

	if (search->params.helo != NULL)
		return mx_strdup(search->params.helo);
	mx_helo_choose(
	    NULL, search->params.fcrdns, &search->result->source, helo, &warning);
	free(warning); /* the rows say as much */
	return mx_strdup(helo);
}

/* The PTR name is known, and with it how we greet. */
static void
begin_helo_half(struct mx_preflight_search *search)
{
	struct mx_preflight *result = search->result;

	mx_ptr_judge(&result->source, search->params.fcrdns, &search->rows[PART_PTR]);
	result->helo = choose_helo(search);
	ask_helo(search);
	ask_spf(search);
	/* Bounces come from the greeting host: RFC 7208 2.4 takes its name for the sender's. */
	if (result->mail_from != NULL && *result->mail_from == '\0' &&
	    mx_name_is_fqdn(result->helo))
		ask_policy(search, result->helo);
	ask_dnsbl(search);
	close_part(search);
}

static void
on_begin(void *arg)
{
	begin_helo_half(arg);
}

static void
on_fcrdns(void *arg, struct mx_fcrdns *fcrdns)
{
	struct mx_preflight_search *search = arg;

	search->fcrdns = NULL;
	search->own_fcrdns = *fcrdns;
	*fcrdns = (struct mx_fcrdns){ 0 };
	search->params.fcrdns = &search->own_fcrdns;
	begin_helo_half(search);
}

struct mx_preflight_search *
mx_preflight_start(const struct mx_preflight_params *params,
    void (*done)(void *arg, struct mx_preflight *preflight), void *arg)
{
	struct mx_preflight_search *search = mx_calloc(1, sizeof *search);

	search->params = *params;
	search->done = done;
	search->arg = arg;
	search->deadline_us = mx_clock_mono_us() + params->timeout_us;
	search->result = mx_calloc(1, sizeof *search->result);
	search->result->source = params->source;
	search->result->mail_from = mx_strdup(params->mail_from);
	search->open = 1; /* the HELO half */
	if (params->fcrdns != NULL) {
		search->begin = mx_timer_new(params->loop, on_begin, search);
		mx_timer_start(search->begin, 0);
	} else {
		search->fcrdns = mx_fcrdns_find(params->resolver, &params->source,
		    params->timeout_us, on_fcrdns, search);
	}
	ask_sender(search);
	return search;
}

void
mx_preflight_cancel(struct mx_preflight_search *search)
{
	if (search != NULL)
		free_search(search);
}
