/*
 * measure.h - what a benchmark run took, said in one line that the script reads.
 * In:   the moment the work starts and ends.   Out: wall time, CPU time, resident memory.
 * Not:  no statistics: the script compares rounds.
 */
#ifndef MX_BENCH_MEASURE_H
#define MX_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

struct measure {
	int64_t wall_us;
	int64_t cpu_us; /* this process, user and system */
};

struct measure measure_now(void);
/** "rate=SESSIONS_PER_S cpu_us=PER_SESSION failed=N" on stdout. */
void measure_print_rate(struct measure start, size_t sessions, size_t failed);
/** Bytes of this process in memory. */
size_t measure_resident(void);
/** The number in text, or the program ends with a usage line. */
size_t measure_number(const char *text, size_t most);

#endif
