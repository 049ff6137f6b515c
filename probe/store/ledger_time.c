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
		(void)snprintf(now->boot, sizeof now->boot, "unknown");
	now->boot[strcspn(now->boot, "\n")] = '\0';
}

/* The name in the second field may hold blanks and brackets: fields count from its last bracket. */
static int64_t
start_of(int64_t pid)
{
	char path[64], text[1024];
	const char *at;

	(void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
	if (!read_small_file(path, text, sizeof text) ||
	    (at = strrchr(text, ')')) == NULL)
		return 0;
	for (int field = 2; field < START_FIELD && at != NULL; field++)
		at = strchr(at + 1, ' ');
	return at != NULL ? strtoll(at, NULL, 10) : 0;
}

void
mx_ledger_self(struct mx_ledger_process *self)
{
	struct stat facts;

	self->pid = getpid();
	self->start = start_of(self->pid);
	self->space = stat("/proc/self/ns/pid", &facts) == 0 ? (int64_t)facts.st_ino : 0;
}

bool
mx_ledger_may_live(
    const struct mx_ledger_process *process, const struct mx_ledger_process *self)
{
	if (process->space != self->space)
		return true;
	if (kill((pid_t)process->pid, 0) != 0 && errno == ESRCH)
		return false;
	/* Another process has its number by now. */
	return process->start == 0 || start_of(process->pid) == process->start;
}
