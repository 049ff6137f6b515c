/* pattern.c - PCRE2, late and within limits. */
#include "probe/verdict/pattern.h"

#include <stdio.h>
#include <string.h>

#include "probe/base/mem.h"

/* Steps and memory that one pattern may take on one reply. Ordinary replies take some dozens; a
 * reply made to exhaust us counts as not matched, the same way on every machine. */
#define MATCH_STEPS 100000
#define MATCH_HEAP_KIB 1024

const char *const mx_capture_names[MX_CAPTURE_COUNT] = {
	[MX_CAPTURE_VALUE] = "value",
	[MX_CAPTURE_ZONE] = "zone",
	[MX_CAPTURE_CODE] = "code",
	[MX_CAPTURE_URL] = "url",
};

/* ---- compiling ---- */

pcre2_code *
mx_pattern_compile(const char *text, char *message, size_t size)
{
	int error = 0;
	PCRE2_SIZE offset = 0;
	uint32_t matches_empty = 0;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
	    PCRE2_CASELESS | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
		PCRE2_NEVER_BACKSLASH_C,
	    &error, &offset, NULL);

	if (code == NULL) {
		PCRE2_UCHAR words[200];

		pcre2_get_error_message(error, words, sizeof words);
		snprintf(message, size, "%s at byte %zu", (const char *)words, offset);
		return NULL;
	}
	pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &matches_empty);
	if (matches_empty) {
		snprintf(message, size, "matches the empty text, hence every reply");
		pcre2_code_free(code);
		return NULL;
	}
	return code;
}

/* The n-th named group: its number and name. */
static size_t
named_group(const pcre2_code *code, uint32_t n, const char **name)
{
	PCRE2_SPTR table = NULL;
	uint32_t entry_size = 0;
	const unsigned char *entry;

	pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
	pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
	entry = table + (size_t)n * entry_size;
	*name = (const char *)entry + 2;
	return (size_t)(entry[0] << 8 | entry[1]);
}

static int
capture_of(const char *name)
{
	int capture = 0;

	while (capture < MX_CAPTURE_COUNT && strcmp(name, mx_capture_names[capture]) != 0)
		capture++;
	return capture;
}

static uint32_t
count_named(const pcre2_code *code)
{
	uint32_t count = 0;

	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
	return count;
}

const char *
mx_pattern_stranger(const pcre2_code *code)
{
	for (uint32_t i = 0; i < count_named(code); i++) {
		const char *name;

		(void)named_group(code, i, &name);
		if (capture_of(name) == MX_CAPTURE_COUNT)
			return name;
	}
	return NULL;
}

void
mx_pattern_clear(struct mx_pattern *pattern)
{
	pcre2_code_free(pattern->code);
	*pattern = (struct mx_pattern){ 0 };
}

/* ---- running ---- */

void
mx_runner_init(struct mx_runner *runner)
{
	runner->limits = pcre2_match_context_create(NULL);
	runner->match = pcre2_match_data_create(8, NULL);
	if (runner->limits == NULL || runner->match == NULL)
		mx_out_of_memory();
	pcre2_set_match_limit(runner->limits, MATCH_STEPS);
	pcre2_set_depth_limit(runner->limits, MATCH_STEPS);
	pcre2_set_heap_limit(runner->limits, MATCH_HEAP_KIB);
}

void
mx_runner_clear(struct mx_runner *runner)
{
	pcre2_match_data_free(runner->match);
	pcre2_match_context_free(runner->limits);
}

/* False only when PCRE2 refuses today what it took when the image was made: no hit then. */
static bool
make_ready(struct mx_pattern *pattern)
{
	char message[128];
	uint32_t groups = 0;

	if (pattern->code == NULL)
		pattern->code =
		    mx_pattern_compile(pattern->text, message, sizeof message);
	pattern->ready = true;
	if (pattern->code == NULL)
		return false;
	/* Without JIT (another processor, a hardened kernel) the interpreter does the same. */
	(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	pattern->pairs = groups + 1;
	for (uint32_t i = 0; i < count_named(pattern->code); i++) {
		const char *name;
		size_t number = named_group(pattern->code, i, &name);
		int capture = capture_of(name);

		if (capture < MX_CAPTURE_COUNT)
			pattern->groups[capture] = number;
	}
	return true;
}

bool
mx_pattern_hits(
    struct mx_pattern *pattern, struct mx_runner *runner, const char *text, size_t len)
{
	if (!pattern->ready)
		(void)make_ready(pattern);
	if (pattern->code == NULL)
		return false;
	if (pcre2_get_ovector_count(runner->match) < pattern->pairs) {
		pcre2_match_data_free(runner->match);
		runner->match = pcre2_match_data_create(pattern->pairs, NULL);
		if (runner->match == NULL)
			mx_out_of_memory();
	}
	return pcre2_match(pattern->code, (PCRE2_SPTR)text, len, 0, 0, runner->match,
		   runner->limits) > 0;
}
