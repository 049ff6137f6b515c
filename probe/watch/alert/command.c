/* command.c - a program of the operator's: no shell, the notice on stdin, a limit on its time. */
#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/watch/alert/way.h"

#define RUN_US (30 * MX_SECOND_US)
#define REAP_US (MX_SECOND_US / 20)
#define SAID_MOST 2048U /* bytes of its stderr that are kept */
#define PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define ENVIRONMENT 8

struct command {
	struct mx_send *send;
	pid_t pid;       /* 0: none, or buried */
	int in, said_fd; /* our ends; -1: closed */
	struct event *writable, *readable;
	struct mx_timer *deadline, *reaper;
	char *body;
	size_t written, len;
	struct mx_buf said;
	bool is_late;
};

/* ---- the end ---- */

static void
close_end(int *fd, struct event **event)
{
	if (*event != NULL)
		event_free(*event);
	*event = NULL;
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Its children go with it: it leads a process group of its own. */
static void
stop(struct command *command)
{
	if (command->pid <= 0)
		return;
	(void)kill(-command->pid, SIGKILL);
	(void)kill(command->pid, SIGKILL);
}

static void
clear(void *state)
{
	struct command *command = state;

	stop(command);
	if (command->pid > 0)
		(void)waitpid(command->pid, NULL, 0);
	close_end(&command->in, &command->writable);
	close_end(&command->said_fd, &command->readable);
	mx_timer_free(command->deadline);
	mx_timer_free(command->reaper);
	mx_buf_clear(&command->said);
	free(command->body);
	free(command);
}

/* Exit status 0 has taken it; 75 (EX_TEMPFAIL) and ends by signals may be tried again, as may any
 * other status: a broken command should not lose alerts. */
static void
finish(struct command *command, int status)
{
	char *said = mx_escape_terminal(
	    command->said.data != NULL ? command->said.data : "", command->said.len);
	const char *name = command->send->receiver->to[0];

	if (command->said.len > 0)
		mx_log(MX_LOG_INFO, "%s said: %s", name, said);
	if (command->is_late)
		mx_way_finish(
		    command->send, MX_SEND_AGAIN, 0, "not done after 30 s, and killed");
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		mx_way_finish(command->send, MX_SEND_TAKEN, 0, "exit status 0");
	else if (WIFEXITED(status))
		mx_way_finish(command->send, MX_SEND_AGAIN, 0, "exit status %d%s%s",
		    WEXITSTATUS(status), *said != '\0' ? ": " : "", said);
	else
		mx_way_finish(command->send, MX_SEND_AGAIN, 0, "ended by signal %d",
		    WTERMSIG(status));
	free(said);
}

/* Asked for by its number, so that nobody else's child is taken away. */
static void
reap(void *arg)
{
	struct command *command = arg;
	int status = 0;
	pid_t pid = waitpid(command->pid, &status, WNOHANG);

	if (pid == 0) {
		mx_timer_start(command->reaper, REAP_US);
		return;
	}
	stop(command); /* what it left behind in its group */
	command->pid = 0;
	mx_timer_stop(command->deadline);
	close_end(&command->in, &command->writable);
	close_end(&command->said_fd, &command->readable);
	finish(command, status);
}

static void
on_deadline(void *arg)
{
	struct command *command = arg;

	command->is_late = true;
	stop(command);
}

/* ---- what it is told, and what it says ---- */

static void
write_more(evutil_socket_t fd, short what, void *arg)
{
	struct command *command = arg;
	ssize_t put = write(
	    (int)fd, command->body + command->written, command->len - command->written);

	(void)what;
	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* A command that does not read what it is told may still be right. */
	if (put > 0)
		command->written += (size_t)put;
	if (put <= 0 || command->written == command->len)
		close_end(&command->in, &command->writable);
}

static void
read_more(evutil_socket_t fd, short what, void *arg)
{
	struct command *command = arg;
	char chunk[512];
	ssize_t got = read((int)fd, chunk, sizeof chunk);
	size_t room = SAID_MOST - command->said.len;

	(void)what;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0)
		close_end(&command->said_fd, &command->readable);
	else
		(void)mx_buf_add(
		    &command->said, chunk, (size_t)got < room ? (size_t)got : room);
}

/* ---- the start ---- */

/* Nothing of ours is known there but where programs are and what this is about. */
static int
spawn(struct command *command, const struct mx_send_notice *notice, int in, int out)
{
	char *id = mx_asprintf("MXPROBE_ID=%s", notice->id);
	char path[] = PATH, home[] = "HOME=/", lang[] = "LANG=C.UTF-8";
	char *environment[ENVIRONMENT] = { path, home, lang, id, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int failed;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawn_file_actions_adddup2(&actions, in, 0);
	(void)posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, out, 2);
	(void)posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	(void)posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	(void)posix_spawnattr_setpgroup(&attributes, 0);
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setsigdefault(&attributes, &all);
	failed = posix_spawn(&command->pid, command->send->receiver->to[0], &actions,
	    &attributes, command->send->receiver->to, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	free(id);
	if (failed != 0)
		command->pid = 0;
	return failed;
}

static struct event *
watch(struct command *command, int fd, short what,
    void (*cb)(evutil_socket_t fd, short what, void *arg))
{
	struct event *event = event_new(mx_loop_base(command->send->tools->loop), fd,
	    (short)(what | EV_PERSIST), cb, command);

	if (event == NULL || event_add(event, NULL) != 0)
		mx_out_of_memory();
	(void)evutil_make_socket_nonblocking(fd);
	return event;
}

static void
start(struct mx_send *send, const struct mx_send_notice *notice)
{
	struct command *command = mx_calloc(1, sizeof *command);
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, failed;

	send->state = command;
	*command = (struct command){ .send = send, .in = -1, .said_fd = -1 };
	mx_buf_init(&command->said, SAID_MOST);
	command->body = mx_asprintf("%s\n", notice->body);
	command->len = strlen(command->body);
	command->deadline = mx_timer_new(send->tools->loop, on_deadline, command);
	command->reaper = mx_timer_new(send->tools->loop, reap, command);
	failed = pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0
		     ? errno
		     : spawn(command, notice, in[0], out[1]);
	if (in[0] >= 0)
		(void)close(in[0]);
	if (out[1] >= 0)
		(void)close(out[1]);
	command->in = in[1];
	command->said_fd = out[0];
	if (failed != 0) {
		mx_way_finish(send, MX_SEND_AGAIN, 0, "%s", strerror(failed));
		return;
	}
	command->writable = watch(command, command->in, EV_WRITE, write_more);
	command->readable = watch(command, command->said_fd, EV_READ, read_more);
	mx_timer_start(command->deadline, RUN_US);
	mx_timer_start(command->reaper, REAP_US);
}

const struct mx_way mx_way_command = { .start = start, .clear = clear };
