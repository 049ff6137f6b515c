/* clock.c - the kernel's clocks, unless a test holds them. */
#include "probe/base/clock.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#define FROZEN_MONO_US MX_HOUR_US

static bool is_frozen;
static int64_t frozen_wall_us, frozen_mono_us;

/* What every process of a test maps: by how much time was moved, and who waits for it. */
struct shared {
	_Atomic int64_t offset_us;
	_Atomic int64_t waits;
	_Atomic int64_t idle_until_us;
};

#ifdef MX_TEST_CLOCK
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/base/log.h"

static struct shared *shared;
static pthread_once_t shared_once = PTHREAD_ONCE_INIT;

static void
map_shared(void)
{
	const char *path = getenv("MXPROBE_TEST_CLOCK");
	void *map = MAP_FAILED;
	int fd;

	if (path == NULL || path[0] == '\0')
		return;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	/* Growing to the size it already has keeps the offset that another process set. */
	if (fd >= 0 && ftruncate(fd, sizeof *shared) == 0)
		map =
		    mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		mx_log(MX_LOG_ERROR, "test clock %s: %s", path, strerror(errno));
	else
		shared = map;
	if (fd >= 0)
		close(fd);
}

static struct shared *
shared_clock(void)
{
	pthread_once(&shared_once, map_shared);
	return shared;
}
#else
static struct shared *
shared_clock(void)
{
	return NULL;
}
#endif

static int64_t
read_clock(clockid_t which)
{
	struct timespec now;
	struct shared *common = shared_clock();

	clock_gettime(which, &now);
	return now.tv_sec * MX_SECOND_US + now.tv_nsec / 1000 +
	       (common != NULL ? atomic_load(&common->offset_us) : 0);
}

int64_t
mx_clock_mono_us(void)
{
	return is_frozen ? frozen_mono_us : read_clock(CLOCK_MONOTONIC);
}

int64_t
mx_clock_wall_us(void)
{
	return is_frozen ? frozen_wall_us : read_clock(CLOCK_REALTIME);
}

void
mx_clock_freeze(int64_t wall_us)
{
	is_frozen = true;
	frozen_wall_us = wall_us;
	frozen_mono_us = FROZEN_MONO_US;
}

void
mx_clock_set_wall(int64_t wall_us)
{
	if (is_frozen)
		frozen_wall_us = wall_us;
}

void
mx_clock_advance(int64_t us)
{
	struct shared *common = shared_clock();

	if (is_frozen) {
		frozen_wall_us += us;
		frozen_mono_us += us;
	} else if (common != NULL) {
		atomic_fetch_add(&common->offset_us, us);
	}
}

bool
mx_clock_is_movable(void)
{
#ifdef MX_TEST_CLOCK
	return true;
#else
	return false;
#endif
}

bool
mx_clock_is_shared(void)
{
	return is_frozen || shared_clock() != NULL;
}

void
mx_clock_note_wait(void)
{
	struct shared *common = shared_clock();

	if (common != NULL)
		atomic_fetch_add(&common->waits, 1);
}

int64_t
mx_clock_waits(void)
{
	struct shared *common = shared_clock();

	return common != NULL ? atomic_load(&common->waits) : 0;
}

void
mx_clock_idle_until(int64_t mono_us)
{
	struct shared *common = shared_clock();

	if (common != NULL)
		atomic_store(&common->idle_until_us, mono_us);
}

int64_t
mx_clock_idle(void)
{
	struct shared *common = shared_clock();

	return common != NULL ? atomic_load(&common->idle_until_us) : 0;
}

const char *
mx_clock_format(int64_t wall_us, char *out)
{
	int64_t ms = wall_us / 1000 - (wall_us % 1000 < 0);
	int64_t ms_of_second = (ms % 1000 + 1000) % 1000;
	time_t seconds = (time_t)((ms - ms_of_second) / 1000);
	struct tm utc;
	size_t len = 0;

	if (gmtime_r(&seconds, &utc) != NULL)
		len = strftime(out, MX_CLOCK_TEXT - 5, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(out + len, MX_CLOCK_TEXT - len, ".%03dZ", (int)ms_of_second);
	return out;
}
