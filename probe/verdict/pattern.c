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

static pcre2_code *
compile(const char *text, uint32_t options, char *message, size_t size)
{
	int error = 0;
	PCRE2_SIZE offset = 0;
	uint32_t matches_empty = 0;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
	    PCRE2_CASELESS | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
		PCRE2_NEVER_BACKSLASH_C | options,
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

pcre2_code *
mx_pattern_compile(const char *text, char *message, size_t size)
{
	return compile(text, 0, message, size);
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
	pcre2_code_free(pattern->anywhere.code);
	pcre2_code_free(pattern->here.code);
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

static void
find_groups(struct mx_pattern *pattern, const pcre2_code *code)
{
	uint32_t groups = 0;

	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	pattern->pairs = groups + 1;
	for (uint32_t i = 0; i < count_named(code); i++) {
		const char *name;
		size_t number = named_group(code, i, &name);
		int capture = capture_of(name);

		if (capture < MX_CAPTURE_COUNT)
			pattern->groups[capture] = number;
	}
}

/* No code afterwards only when PCRE2 refuses today what it took when the image was made: no hit
 * then. */
static void
make_ready(struct mx_pattern *pattern, struct mx_program *program, uint32_t options)
{
	char message[256];

	if (program->code == NULL)
		program->code = compile(pattern->text, options, message, sizeof message);
	program->ready = true;
	if (program->code == NULL)
		return;
	if (pattern->pairs == 0)
		find_groups(pattern, program->code);
}

static void
make_room(struct mx_runner *runner, uint32_t pairs)
{
	if (pcre2_get_ovector_count(runner->match) >= pairs)
		return;
	pcre2_match_data_free(runner->match);
	runner->match = pcre2_match_data_create(pairs, NULL);
	if (runner->match == NULL)
		mx_out_of_memory();
}

/* To make machine code takes longer than to run a pattern once without. Where there can be none
 * (another processor, a hardened kernel) the interpreter does the same. */
static void
quicken(struct mx_program *program)
{
	if (program->used && !program->quick) {
		program->quick = true;
		program->jit = pcre2_jit_compile(program->code, PCRE2_JIT_COMPLETE) == 0;
	}
	program->used = true;
}

static bool
run(struct mx_program *program, struct mx_runner *runner, const char *text, size_t len,
    size_t start)
{
	PCRE2_SPTR subject = (PCRE2_SPTR)text;

	quicken(program);
	return (program->jit ? pcre2_jit_match(program->code, subject, len, start, 0,
				   runner->match, runner->limits)
			     : pcre2_match(program->code, subject, len, start, 0,
				   runner->match, runner->limits)) > 0;
}

bool
mx_pattern_hits(
    struct mx_pattern *pattern, struct mx_runner *runner, const char *text, size_t len)
{
	if (!pattern->anywhere.ready)
		make_ready(pattern, &pattern->anywhere, 0);
	if (pattern->anywhere.code == NULL)
		return false;
	make_room(runner, pattern->pairs);
	return run(&pattern->anywhere, runner, text, len, 0);
}

bool
mx_pattern_hits_at(struct mx_pattern *pattern, struct mx_runner *runner, const char *text,
    size_t len, const size_t *starts, size_t count)
{
	if (!pattern->here.ready)
		make_ready(pattern, &pattern->here, PCRE2_ANCHORED);
	if (pattern->here.code == NULL)
		return false;
	make_room(runner, pattern->pairs);
	for (size_t i = 0; i < count; i++)
		if (run(&pattern->here, runner, text, len, starts[i]))
			return true;
	return false;
}
