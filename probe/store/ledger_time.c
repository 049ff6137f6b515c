/* ledger_time.c - /proc tells: boot_id, a process's start, its PID namespace. */
#include "probe/store/ledger_time.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/clock.h"

#define START_FIELD 22 /* of /proc/PID/stat: proc(5) */

static bool
read_small_file(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t len;

	if (file == NULL)
		return false;
	len = fread(out, 1, size - 1, file);
	fclose(file);
	out[len] = '\0';
	return len > 0;
}

void
mx_ledger_now(struct mx_ledger_now *now)
{
	now->wall_us = mx_clock_wall_us();
	now->boot_us = mx_clock_mono_us();
	if (!read_small_file(
		"/proc/sys/kernel/random/boot_id", now->boot, sizeof now->boot))
		now->boot[0] = '\0';
	now->boot[strcspn(now->boot, "\n")] = '\0';
}

/** What /proc tells of a process. start 0: nothing. */
struct sight {
	int64_t start;
	char state;
};

/* The name in the second field may hold blanks and brackets: fields count from its last bracket. */
static struct sight
look_at(int64_t pid)
{
	char path[64], text[1024];
	struct sight sight = { 0 };
	const char *at;

	(void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
	if (!read_small_file(path, text, sizeof text) ||
	    (at = strrchr(text, ')')) == NULL || at[1] != ' ')
		return sight;
	sight.state = at[2];
	for (int field = 2; field < START_FIELD && at != NULL; field++)
		at = strchr(at + 1, ' ');
	sight.start = at != NULL ? strtoll(at, NULL, 10) : 0;
	return sight;
}

void
mx_ledger_self(struct mx_ledger_process *self)
{
	struct stat facts;

	self->pid = getpid();
	self->start = look_at(self->pid).start;
	self->space = stat("/proc/self/ns/pid", &facts) == 0 ? (int64_t)facts.st_ino : 0;
}

bool
mx_ledger_may_live(
    const struct mx_ledger_process *process, const struct mx_ledger_process *self)
{
	struct sight sight;

	if (process->space != self->space)
		return true;
	if (kill((pid_t)process->pid, 0) != 0 && errno == ESRCH)
		return false;
	sight = look_at(process->pid);
	if (process->start == 0 || sight.start == 0)
		return true; /* /proc hides what is not ours (hidepid) */
	/* Dead, but its parent has not asked; or another process has its number by now. */
	return sight.state != 'Z' && sight.state != 'X' && sight.start == process->start;
}
