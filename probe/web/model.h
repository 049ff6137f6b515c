/*
 * model.h - what all views show: every pair as it stands, in memory.
 * In:   the store's pairs and the watch's plan at the start; from then on hints that one has changed.
 * Out:  pairs sorted by source and group; which sources belong together, which columns there are.
 * Not:  no history, no transcript: whoever wants those asks the store. Nothing is written.
 *
 * Hints only mark a pair; it is read again when somebody looks. So a burst of news costs no more than
 * those who watch it, and a view of 20,000 pairs costs no query.
 */
#ifndef MX_WEB_MODEL_H
#define MX_WEB_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/web/web.h"

#define MX_MODEL_TEXT_MAX 1024 /* bytes of a reply that are kept here */

/** What the last session's deciding reply said and came to. Strings own; NULL, 0: nothing. */
struct mx_model_reply {
	char *stage, *enhanced,
	    *text; /* text: as the server sent it, cut to MX_MODEL_TEXT_MAX */
	char *category, *list, *provider_code, *delist_url, *rule, *remedy;
	char *mx_host, *address, *depth, *reached, *note;
	int64_t code;
};

/** A source at a provider group. Strings own; NULL where nothing is known, times 0. */
struct mx_model_pair {
	char *source, *group;
	struct mx_addr addr; /* the source */
	char *provider;      /* id in the catalogue */
	char *destination;
	const char *state; /* static: "clear", "blocked", ... */
	int64_t since_us, overdue_us;
	int64_t last_us, learned_us;
	char *last_result, *last_verdict;
	struct mx_model_reply reply;
	int64_t hops, accepting; /* addresses of the provider seen; of those, accepting */
	bool is_stale;           /* two intervals without anything learned */
	/* the plan; nothing of it where the pair is not watched */
	bool is_watched, is_running, is_late;
	int64_t next_us, interval_us;
	int step;      /* of a delist case; -1: none */
	char *why_not; /* why not sooner */
	/* model.c's own */
	bool is_dirty, is_seen;
};

/** A row of the matrix. */
struct mx_model_source {
	const char *source;
	struct mx_addr addr;
	char *cluster;       /* its first tag, else its network: "203.0.113.0/24" */
	size_t first, count; /* of its pairs */
};

/** A column of the matrix. */
struct mx_model_column {
	const char *group;
	const struct mx_provider *provider; /* NULL: not in the catalogue */
	const char *name;                   /* for people */
	size_t pairs;
};

struct mx_model {
	struct mx_model_pair **pairs; /* by source, then group */
	size_t count;
	struct mx_model_source *sources; /* by cluster, then address */
	size_t source_count;
	struct mx_model_column *columns; /* by name */
	size_t column_count;
	uint64_t version; /* another one after each change that a view would show */
	/* model.c's own */
	struct mx_web *web;
	int64_t aged_us, planned_us;
	size_t dirty;
	bool is_all_dirty, is_filling;
};

/** All pairs are read. NULL with err when the store can't be. */
struct mx_model *mx_model_new(struct mx_web *web, struct mx_error *err);
void mx_model_free(struct mx_model *model);

/** Hints. group NULL: all pairs, and which there are. */
void mx_model_touch(struct mx_model *model, const char *source, const char *group);
/** Tags are others now. */
void mx_model_regroup(struct mx_model *model);

/** The model as of now; before each view. Pointers into it hold until the loop goes on. */
const struct mx_model *mx_model_look(struct mx_model *model);
/** whom: a group, a provider's id or a destination. NULL: there is none. After mx_model_look. */
const struct mx_model_pair *mx_model_find(
    const struct mx_model *model, const char *source, const char *whom);
/** The pair of a row and a column. NULL: there is none. */
const struct mx_model_pair *mx_model_cell(const struct mx_model *model,
    const struct mx_model_source *source, const struct mx_model_column *column);

/* For model.c: which rows and columns there are (model_index.c), and what the watch plans
 * (model_plan.c). */
void mx_model_index(struct mx_model *model);
void mx_model_index_clear(struct mx_model *model);
/** The pair of these, made when it is new. */
struct mx_model_pair *mx_model_pair(
    struct mx_model *model, const char *source, const char *group);
void mx_model_plan_all(struct mx_model *model);
void mx_model_plan_one(struct mx_model *model, struct mx_model_pair *pair);

#endif
