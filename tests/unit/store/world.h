/*
 * world.h - a store of a test's own.
 * In:   -   Out: a temporary directory with an empty store in it; results to put there.
 * Not:  no taxonomy, no network.
 */
#ifndef MX_TESTS_UNIT_STORE_WORLD_H
#define MX_TESTS_UNIT_STORE_WORLD_H

#include "probe/store/record.h"

extern char *world_dir, *world_path;

/** For a suite's .init and .fini. */
void world_make(void);
void world_remove(void);

/** Opened for writing; the test fails otherwise. */
struct mx_store *world_open(void);
/** Block until it is written; the test fails when it cannot be. */
void world_wait(struct mx_store *store);

/** A plain result; id from a counter, time in seconds. Strings are literals. */
struct mx_store_result world_result(const char *source, const char *group, int64_t time_s,
    const char *address, const char *verdict);

#endif
