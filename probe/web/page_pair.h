/*
 * page_pair.h - one source at one provider: its state, the reply it rests on, what comes next.
 * In:   what store and plan say of the pair.   Out: HTML.
 * Not:  nothing is decided or looked up here.
 */
#ifndef MX_WEB_PAGE_PAIR_H
#define MX_WEB_PAGE_PAIR_H

#include "probe/identity/check.h"
#include "probe/web/page.h"
#include "probe/web/pair_facts.h"

/** All borrowed. */
struct mx_pair_view {
	const struct mx_catalogue *catalogue;
	const char *source, *group;
	const char *destination;            /* may be NULL */
	const struct mx_provider *provider; /* NULL: not in the catalogue */
	enum mx_state state;                /* as of now */
	int64_t since_us, last_us;
	bool is_stale, is_blind; /* matrix.h */
	/* the plan */
	bool is_watched, is_running, is_late;
	int64_t next_us;
	const char *why_not;
	const struct mx_checks *checks;  /* of the source, by DNS; NULL: not looked up */
	int64_t checks_us;               /* when */
	struct mx_state_missing missing; /* for clear, while clearing */
	const struct mx_pair_facts *facts;
};

void mx_page_put_pair(struct mx_page *page, const struct mx_pair_view *view);

#endif
