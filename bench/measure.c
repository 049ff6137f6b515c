/* measure.c - see measure.h. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/measure.h"
#include "probe/base/clock.h"

static int64_t
microseconds(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

struct measure
measure_now(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		err(4, "getrusage");
	return (struct measure){ .wall_us = mx_clock_mono_us(),
		.cpu_us = microseconds(usage.ru_utime) + microseconds(usage.ru_stime) };
}

void
measure_print_rate(struct measure start, size_t sessions, size_t failed)
{
	struct measure end = measure_now();
	double seconds = (double)(end.wall_us - start.wall_us) / 1e6;

	printf("rate=%.0f cpu_us=%.1f failed=%zu\n", (double)sessions / seconds,
	    (double)(end.cpu_us - start.cpu_us) / (double)sessions, failed);
}

size_t
measure_resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char line[128], *second; /* "SIZE RESIDENT ...", in pages */

	if (file == NULL || fgets(line, sizeof line, file) == NULL)
		err(4, "/proc/self/statm");
	(void)fclose(file);
	second = strchr(line, ' ');
	if (second == NULL)
		errx(4, "/proc/self/statm: %s", line);
	return strtoul(second, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

size_t
measure_number(const char *text, size_t most)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || number == 0 || number > most)
		errx(64, "%s is no number from 1 to %zu", text, most);
	return number;
}
