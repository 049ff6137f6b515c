/*
 * pattern.h - one regular expression of a rule; private to verdict/.
 * In:   its text.   Out: whether and where it hits, and what it captures by name.
 * Not:  no rule, no weight.
 *
 * Bytes, any case (ASCII only), only named groups capture. A pattern is compiled when it is first
 * needed, for one reply needs a dozen of a thousand.
 */
#ifndef MX_VERDICT_PATTERN_H
#define MX_VERDICT_PATTERN_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a pattern may capture by name. */
enum mx_capture {
	MX_CAPTURE_VALUE, /* the address or name that is listed */
	MX_CAPTURE_ZONE,  /* the list, as a zone or a brand */
	MX_CAPTURE_CODE,  /* the provider's own code */
	MX_CAPTURE_URL,   /* where to ask for removal */
	MX_CAPTURE_COUNT
};
extern const char *const mx_capture_names[MX_CAPTURE_COUNT];

/** PCRE2's program, and what was made of it. */
struct mx_program {
	pcre2_code *code; /* NULL: not compiled yet */
	bool ready;       /* compiled, if it can be */
	bool used;        /* once at least: from the second time on machine code pays */
	bool quick;       /* that was tried */
	bool jit;         /* and is there */
};

struct mx_pattern {
	const char *text; /* borrowed */
	/* the first looks for a hit, the second tries one place: most are needed for one of them */
	struct mx_program anywhere, here;
	uint32_t pairs; /* offsets a match needs; 0 until a program is ready */
	size_t groups[MX_CAPTURE_COUNT]; /* group number, 0 when it has none */
	uint32_t mesh;                   /* in the sieve (sieve.h) */
};

/** NULL with PCRE2's words in message (size bytes) when the text does not compile or would match
 *  nothing at all. */
pcre2_code *mx_pattern_compile(const char *text, char *message, size_t size);
/** The first named group that is none of mx_capture_names; NULL when all are known. */
const char *mx_pattern_stranger(const pcre2_code *code);
void mx_pattern_clear(struct mx_pattern *pattern);

/** What patterns are run with: limits, and room for offsets. */
struct mx_runner {
	pcre2_match_context *limits;
	pcre2_match_data *match;
};

void mx_runner_init(struct mx_runner *runner);
void mx_runner_clear(struct mx_runner *runner);
/** True: it hits, and runner->match tells where until the next call. A pattern that is not there
 *  yet gets compiled. Out of steps is no hit, the same way on every machine. */
bool mx_pattern_hits(
    struct mx_pattern *pattern, struct mx_runner *runner, const char *text, size_t len);
/** The same, when it is known that a hit can only begin at one of these places (ascending). */
bool mx_pattern_hits_at(struct mx_pattern *pattern, struct mx_runner *runner,
    const char *text, size_t len, const size_t *starts, size_t count);

#endif
