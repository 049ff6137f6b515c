/*
 * play.h - a scripted world on this process's loop, and a child process that meets it.
 * In:   scenarios; a command.   Out: where the world listens; how the command ended.
 * Not:  no comparison with what a scenario expects (expect.h), no output.
 */
#ifndef MX_CMD_PLAY_H
#define MX_CMD_PLAY_H

#include "scenarios/fakemx/fakemx.h"

struct mx_play;

/** Start the world. Whatever runs in it remembers in a directory of its own (XDG_STATE_HOME), which
 *  goes when the play is closed. NULL and an error when it can't be had (mx_fakemx_start). */
struct mx_play *mx_play_open(const struct mx_fakemx_params *params, struct mx_error *err)
    __attribute__((warn_unused_result));
/** NULL is taken. */
void mx_play_close(struct mx_play *play);
const struct mx_fakemx *mx_play_world(const struct mx_play *play);

/** How a command ended. */
struct mx_play_ran {
	int status;         /* its exit status, or 128 + the signal's number */
	int64_t elapsed_us; /* on base/clock: the test clock's time where it is shared */
	long peak_kib;      /* resident memory */
};

/** Run a command to its end while the world plays. argv[0] is looked up in PATH; out_fd and
 *  err_fd become its output (-1: ours). SIGTERM is passed on to it; SIGINT reaches it anyway when
 *  it comes from the terminal. What it left in sockets has been taken in when this returns. */
enum mx_err mx_play_run(struct mx_play *play, char *const argv[], int out_fd, int err_fd,
    struct mx_play_ran *ran, struct mx_error *err) __attribute__((warn_unused_result));
/** Play until SIGINT or SIGTERM. */
void mx_play_until_signal(struct mx_play *play);

/** Where the build can move time, give this process and its children a clock of their own. Call
 *  before anything reads the clock. Without --enable-test-clock nothing happens. */
void mx_play_own_clock(void);

#endif
