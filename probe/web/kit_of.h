/*
 * kit_of.h - the delisting request of a pair, put together from the store.
 * In:   a store, the catalogue, a source, a provider group.   Out: a kit (report/kit.h), for a moment.
 * Not:  no HTML, no HTTP: the page and the API both ask here.
 */
#ifndef MX_WEB_KIT_OF_H
#define MX_WEB_KIT_OF_H

#include "probe/report/kit.h"
#include "probe/watch/standing.h"

enum mx_kit_found {
	MX_KIT_SHOWN,       /* show was called */
	MX_KIT_NO_PAIR,     /* nothing is recorded of this source at this provider */
	MX_KIT_NOT_BLOCKED, /* there is nothing to ask for */
	MX_KIT_GONE         /* blocked, but the refusal is kept no longer */
};

struct mx_kit_ask {
	struct mx_store *store;
	const struct mx_catalogue *catalogue;
	const struct mx_state_rules *rules;
	const char *source, *group;
	enum mx_lang lang;
	int64_t now_us;
	/* kit and standing are borrowed for the call */
	void (*show)(
	    void *arg, const struct mx_kit *kit, const struct mx_standing *standing);
	void *arg;
};

/** A store that can't be read: err, and MX_KIT_NO_PAIR. */
enum mx_kit_found mx_kit_of(const struct mx_kit_ask *ask, struct mx_error *err);

#endif
