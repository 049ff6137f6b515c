/*
 * store.h - what mxprobe remembers between runs: one SQLite file.
 * In:   a path.   Out: a store to write to (record.h, ledger.h) and to read from (pairs.h, history.h).
 * Not:  no meaning of what is kept: states are watch/'s business, words are report/'s.
 *
 * Writing is done by a thread of its own, in the order in which it was asked for, so that no disk
 * holds up the event loop. Several processes may use one file (WAL).
 */
#ifndef MX_STORE_STORE_H
#define MX_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/err.h"
#include "probe/net/loop.h"

enum mx_store_mode {
	MX_STORE_READ, /* the file must exist */
	MX_STORE_WRITE /* made when it is missing, brought up to date when it is older */
};

/** given (--store or the configuration; may be NULL), else mxprobe.db in $XDG_STATE_HOME/mxprobe,
 *  in the system's state directory if that is writable, or in ~/.local/state/mxprobe. NULL and
 *  MX_ERR_SYSTEM when no place is left. Nothing is made yet. Caller frees. */
char *mx_store_path(const char *given, struct mx_error *err);

struct mx_store;

/** NULL and MX_ERR_SYSTEM: no such file or directory, no rights, locked, full, damaged, not ours,
 *  or of a newer mxprobe; the sentence says which and what to do. The directory is made (0700). */
struct mx_store *mx_store_open(
    const char *path, enum mx_store_mode mode, struct mx_error *err);
/** Waits until all is written, as mx_store_wait; a write that failed and was not asked about is
 *  logged. NULL is taken. */
void mx_store_close(struct mx_store *store);
const char *mx_store_file(const struct mx_store *store);

/** Answers of the writer come as callbacks on this loop from now on; without one, from inside
 *  mx_store_wait. Only a store that was opened for writing. */
enum mx_err mx_store_attach(struct mx_store *store, struct mx_loop *loop,
    struct mx_error *err) __attribute__((warn_unused_result));
/** No more callbacks on the loop; before it is freed. */
void mx_store_detach(struct mx_store *store);
/** Block until everything asked for is written and answered. MX_ERR_SYSTEM when anything since the
 *  store was opened could not be written. */
enum mx_err mx_store_wait(struct mx_store *store, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
