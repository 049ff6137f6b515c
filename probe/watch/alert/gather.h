/*
 * gather.h - events that a receiver has not been told of become notices.
 * In:   the store, a position, what the receiver wants to know.
 * Out:  rows for the outbox, and the position behind them.
 * Not:  nothing is written.
 */
#ifndef MX_WATCH_ALERT_GATHER_H
#define MX_WATCH_ALERT_GATHER_H

#include "probe/catalogue/catalogue.h"
#include "probe/config/config.h"
#include "probe/store/outbox.h"

/** Events of one gathering; the others wait for the next. */
#define MX_GATHER_EVENTS 2000
/** Nobody is told of what is older. */
#define MX_GATHER_OLDEST_US (INT64_C(72) * 3600 * 1000000)

/** Borrowed. */
struct mx_gather {
	struct mx_store *store;
	const struct mx_catalogue *catalogue;
	const char *page; /* or NULL */
	/* which alerts: of these providers or groups (none: all), as grave as this */
	char *const *only;
	size_t only_count;
	enum mx_config_severity least;
	int64_t from;   /* the receiver's position */
	int64_t now_us; /* wall clock */
};

/** All own. */
struct mx_gathered {
	int64_t to; /* from, where there was no event */
	struct mx_outbox_row *rows;
	size_t count;
	size_t too_old; /* events that nobody is told of any more */
};

/** Clear *out with mx_gathered_clear in any case. */
enum mx_err mx_gather(const struct mx_gather *gather, struct mx_gathered *out,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_gathered_clear(struct mx_gathered *out);

/** When the first event behind that position came about; 0: there is none. */
enum mx_err mx_gather_first(struct mx_store *store, int64_t from, int64_t *time_us,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
