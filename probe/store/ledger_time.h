/*
 * ledger_time.h - time and processes as the ledger writes them down.
 * In:   the kernel.   Out: which boot this is, what its clocks say, whether a process lives.
 * Not:  no rows. Only store/ may include this.
 */
#ifndef MX_STORE_LEDGER_TIME_H
#define MX_STORE_LEDGER_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define MX_BOOT_TEXT 64

/** Both clocks at one moment. */
struct mx_ledger_now {
	int64_t wall_us, boot_us;
	char boot[MX_BOOT_TEXT]; /* id of this boot; "" when the kernel does not tell */
};
void mx_ledger_now(struct mx_ledger_now *now);

/** A process so that its number cannot be mistaken for a later one's. */
struct mx_ledger_process {
	int64_t pid;
	int64_t start; /* ticks since boot; 0: not known */
	int64_t space; /* inode of its PID namespace */
};
void mx_ledger_self(struct mx_ledger_process *self);
/** Might it still run? Of another namespace nothing can be known: true. */
bool mx_ledger_may_live(
    const struct mx_ledger_process *process, const struct mx_ledger_process *self);

#endif
