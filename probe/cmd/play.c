/* play.c - loop, world and child, and the signals between them. */
#include "probe/cmd/play.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/net/loop.h"

struct mx_play {
	struct mx_loop *loop;
	struct mx_fakemx *fakemx;
	char *state; /* directory; own */
	pid_t child; /* 0: none runs */
	int wait_status;
	long peak_kib;
};

static void
on_child(void *arg, int signo)
{
	struct mx_play *play = arg;
	struct rusage used;

	(void)signo;
	if (play->child == 0 ||
	    wait4(play->child, &play->wait_status, WNOHANG, &used) != play->child)
		return;
	play->child = 0;
	play->peak_kib = used.ru_maxrss;
	mx_loop_stop(play->loop);
}

/* With a child the terminal's SIGINT has reached it already, and we stay to report. */
static void
on_end_signal(void *arg, int signo)
{
	struct mx_play *play = arg;

	if (play->child == 0)
		mx_loop_stop(play->loop);
	else if (signo == SIGTERM)
		kill(play->child, SIGTERM);
}

static int
remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
	(void)facts;
	(void)kind;
	(void)where;
	return remove(path);
}

/* What happens in a play is no experience: it must not be remembered beside what real providers said. */
static enum mx_err
open_state(struct mx_play *play, struct mx_error *err)
{
	const char *tmp = getenv("TMPDIR");

	play->state = mx_asprintf(
	    "%s/mxprobe-play-XXXXXX", tmp != NULL && *tmp == '/' ? tmp : "/tmp");
	if (mkdtemp(play->state) == NULL) {
		int sys = errno;

		free(play->state);
		play->state = NULL;
		return mx_error_sys(err, sys, "no temporary directory for the play");
	}
	setenv("XDG_STATE_HOME", play->state, 1);
	return MX_OK;
}

static void
close_state(struct mx_play *play)
{
	if (play->state != NULL)
		(void)nftw(play->state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(play->state);
}

struct mx_play *
mx_play_open(const struct mx_fakemx_params *params, struct mx_error *err)
{
	struct mx_play *play = mx_calloc(1, sizeof *play);

	if (open_state(play, err) == MX_OK)
		play->loop = mx_loop_new(err);
	if (play->loop != NULL)
		play->fakemx = mx_fakemx_start(mx_loop_base(play->loop), params, err);
	if (play->fakemx == NULL) {
		mx_play_close(play);
		return NULL;
	}
	mx_loop_on_signal(play->loop, SIGCHLD, on_child, play);
	mx_loop_on_signal(play->loop, SIGINT, on_end_signal, play);
	mx_loop_on_signal(play->loop, SIGTERM, on_end_signal, play);
	return play;
}

void
mx_play_close(struct mx_play *play)
{
	if (play == NULL)
		return;
	mx_fakemx_stop(play->fakemx);
	mx_loop_free(play->loop);
	close_state(play);
	free(play);
}

const struct mx_fakemx *
mx_play_world(const struct mx_play *play)
{
	return play->fakemx;
}

/* The child starts with the signals of a fresh program: we ignore SIGPIPE, it need not. */
static int
spawn(pid_t *pid, char *const argv[], int out_fd, int err_fd)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int sys;

	posix_spawn_file_actions_init(&files);
	if (out_fd >= 0)
		posix_spawn_file_actions_adddup2(&files, out_fd, STDOUT_FILENO);
	if (err_fd >= 0)
		posix_spawn_file_actions_adddup2(&files, err_fd, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	sys = posix_spawnp(pid, argv[0], &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return sys;
}

enum mx_err
mx_play_run(struct mx_play *play, char *const argv[], int out_fd, int err_fd,
    struct mx_play_ran *ran, struct mx_error *err)
{
	int64_t began_us = mx_clock_mono_us();
	int sys = spawn(&play->child, argv, out_fd, err_fd);

	if (sys != 0) {
		play->child = 0;
		return mx_error_sys(err, sys, "can't run %s", argv[0]);
	}
	while (play->child != 0)
		mx_loop_run(play->loop);
	mx_fakemx_settle(play->fakemx);
	*ran = (struct mx_play_ran){
		.status = WIFSIGNALED(play->wait_status)
			      ? 128 + WTERMSIG(play->wait_status)
			      : WEXITSTATUS(play->wait_status),
		.elapsed_us = mx_clock_mono_us() - began_us,
		.peak_kib = play->peak_kib,
	};
	return MX_OK;
}

void
mx_play_until_signal(struct mx_play *play)
{
	mx_loop_run(play->loop);
}

/* The clock's file is memory that the children inherit: nothing is left behind on disk. */
void
mx_play_own_clock(void)
{
	char path[64];
	int fd;

	if (!mx_clock_is_movable())
		return;
	fd = memfd_create("mxprobe-test-clock", 0);
	if (fd < 0)
		return;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	setenv("MXPROBE_TEST_CLOCK", path, 1);
}
