/*
 * states_nagios.c - a table says how bad each state is. What nobody knows, or has not looked at for long, is
 * UNKNOWN: it must never look well.
 */
#include "probe/report/states_nagios.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/ages.h"

/* What Nagios keeps of a plugin's output is 8 KiB by default. */
#define DETAILS_MAX 6000
#define TEXT_MAX 300 /* of one reply */

enum level {
	OK,
	WARNING,
	CRITICAL,
	UNKNOWN,
	LEVELS
};

struct mx_states_nagios {
	FILE *stream;
	struct mx_nagios_range warning, critical;
	int64_t now_us;
	size_t pairs, levels[LEVELS], stale;
	size_t states[16]; /* by the table's rows */
	double oldest_s;   /* of the last results */
	char *worst;       /* the first of the worst level, in words */
	enum level worst_level;
	struct mx_buf details;
	size_t left_out;
};

/* clang-format off */
static const struct {
	const char *state;
	enum level level;
} states[] = {
	{ "clear",            OK },
	{ "clearing",         WARNING },
	{ "suspect",          WARNING },
	{ "flapping",         WARNING },
	{ "blocked",          CRITICAL },
	{ "delist_requested", CRITICAL },
	{ "overdue",          CRITICAL },
	{ "unknown",          UNKNOWN },
};
/* Where the state is no worse: what the last session says besides. */
static const struct {
	const char *verdict;
	enum level level;
} verdicts[] = {
	{ "identity",    CRITICAL },
	{ "blocked",     CRITICAL },
	{ "policy",      CRITICAL },
	{ "throttled",   WARNING },
	{ "greylisted",  WARNING },
	{ "recipient",   WARNING },
	{ "unreachable", UNKNOWN },
	{ "broken",      UNKNOWN },
	{ "void",        UNKNOWN },
	{ "failed",      UNKNOWN },
};
/* clang-format on */
#define STATES (sizeof states / sizeof *states)
#define VERDICTS (sizeof verdicts / sizeof *verdicts)

/* Worst first: CRITICAL, WARNING, UNKNOWN, OK, as `check` has it. */
static enum level
worse(enum level a, enum level b)
{
	static const int rank[LEVELS] = {
		[OK] = 0, [UNKNOWN] = 1, [WARNING] = 2, [CRITICAL] = 3
	};

	return rank[a] >= rank[b] ? a : b;
}

struct mx_states_nagios *
mx_states_nagios_new(FILE *stream, const struct mx_nagios_range *warning,
    const struct mx_nagios_range *critical, int64_t now_us)
{
	struct mx_states_nagios *nagios = mx_calloc(1, sizeof *nagios);

	nagios->stream = stream;
	nagios->warning = *warning;
	nagios->critical = *critical;
	nagios->now_us = now_us;
	mx_buf_init(&nagios->details, DETAILS_MAX);
	return nagios;
}

void
mx_states_nagios_free(struct mx_states_nagios *nagios)
{
	mx_buf_clear(&nagios->details);
	free(nagios->worst);
	free(nagios);
}

/* ---- how bad ---------------------------------------------------------------------------------- */

static size_t
row_of(const char *state)
{
	size_t i = 0;

	while (i + 1 < STATES && strcmp(states[i].state, state) != 0)
		i++;
	return i;
}

static double
age_of(const struct mx_states_nagios *nagios, const struct mx_state_row *row)
{
	int64_t age_s = (nagios->now_us - row->last_us) / MX_SECOND_US;

	return row->last_us != 0 ? (double)age_s : INFINITY;
}

static enum level
age_level(const struct mx_states_nagios *nagios, double age_s)
{
	if (mx_nagios_range_tells(&nagios->critical, age_s))
		return CRITICAL;
	return mx_nagios_range_tells(&nagios->warning, age_s) ? WARNING : OK;
}

static enum level
level_of(const struct mx_states_nagios *nagios, const struct mx_state_row *row)
{
	enum level level = states[row_of(row->state)].level;

	for (size_t i = 0; row->last_verdict != NULL && i < VERDICTS; i++)
		if (strcmp(verdicts[i].verdict, row->last_verdict) == 0)
			level = worse(level, verdicts[i].level);
	if (row->is_stale || row->last_us == 0)
		level = worse(level, UNKNOWN);
	return worse(level, age_level(nagios, age_of(nagios, row)));
}

/* ---- words ------------------------------------------------------------------------------------ */

/* Remote text: a bar would begin performance data. */
static char *
safe(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;
	char *clean =
	    mx_escape_terminal(text != NULL ? text : "", len > TEXT_MAX ? TEXT_MAX : len);

	for (char *c = clean; *c != '\0'; c++)
		if (*c == '|')
			*c = '/';
	return clean;
}

/* "203.0.113.5 -> microsoft_consumer: blocked S3140 at mail (since 14 h)" */
static char *
words_of(const struct mx_states_nagios *nagios, const struct mx_state_row *row,
    const struct mx_store_result *reply)
{
	bool has_reply = reply != NULL && reply->stage != NULL;
	bool is_other = row->last_verdict != NULL &&
			strcmp(row->last_verdict, row->state) != 0 &&
			strcmp(row->last_verdict, "accepted") != 0;
	char *code = safe(has_reply ? reply->provider_code : NULL);
	char age[MX_AGE_TEXT];
	char *words = mx_asprintf("%s -> %s: %s%s%s%s%s%s%s%s (since %s)%s", row->source,
	    row->group, row->is_stale ? "stale, was " : "", row->state,
	    *code != '\0' ? " " : "", code, has_reply ? " at " : "",
	    has_reply ? reply->stage : "", is_other ? ", last " : "",
	    is_other ? row->last_verdict : "",
	    mx_age_text(nagios->now_us - row->since_us, age),
	    age_level(nagios, age_of(nagios, row)) != OK ? ", not asked for too long"
							 : "");

	free(code);
	return words;
}

static void
add_detail(struct mx_states_nagios *nagios, const struct mx_state_row *row,
    const struct mx_store_result *reply, const char *words)
{
	char *text = safe(reply != NULL ? reply->text : NULL);
	char *url = safe(reply != NULL ? reply->delist_url : NULL);
	char age[MX_AGE_TEXT] = "never";

	if (row->last_us != 0)
		(void)mx_age_text(nagios->now_us - row->last_us, age);
	if (!mx_buf_addf(&nagios->details, "%s, last session %s%s%s%s%s%s\n", words, age,
		row->last_us != 0 ? " ago" : "", *text != '\0' ? ": " : "", text,
		*url != '\0' ? " " : "", url))
		nagios->left_out++;
	free(text);
	free(url);
}

void
mx_states_nagios_add(struct mx_states_nagios *nagios, const struct mx_state_row *row,
    const struct mx_store_result *reply)
{
	double age_s = age_of(nagios, row);
	enum level level = level_of(nagios, row);
	char *words;

	nagios->pairs++;
	nagios->levels[level]++;
	nagios->states[row_of(row->state)]++;
	nagios->stale += row->is_stale;
	if (isfinite(age_s) && age_s > nagios->oldest_s)
		nagios->oldest_s = age_s;
	if (level == OK)
		return;
	words = words_of(nagios, row, reply);
	add_detail(nagios, row, reply, words);
	if (nagios->worst == NULL || (level != nagios->worst_level &&
					 worse(level, nagios->worst_level) == level)) {
		free(nagios->worst);
		nagios->worst = words;
		nagios->worst_level = level;
	} else {
		free(words);
	}
}

/* ---- the end ---------------------------------------------------------------------------------- */

static enum level
worst_of(const struct mx_states_nagios *nagios)
{
	enum level level = nagios->pairs == 0 ? UNKNOWN : OK;

	for (int i = 0; i < LEVELS; i++)
		if (nagios->levels[i] > 0)
			level = worse(level, (enum level)i);
	return level;
}

/* As they were given, in seconds: LOW:HIGH. */
static void
put_range(FILE *stream, const struct mx_nagios_range *range)
{
	if (!range->is_set)
		return;
	fputs(range->is_inside ? "@" : "", stream);
	if (isinf(range->low))
		fputs("~:", stream);
	else if (range->low > 0)
		fprintf(stream, "%.15g:", range->low);
	else if (isinf(range->high))
		fputs("0:", stream);
	if (!isinf(range->high))
		fprintf(stream, "%.15g", range->high);
}

/* label=value;warn;crit;min;max: every state every time, or the graphs would have holes. */
static void
put_figures(const struct mx_states_nagios *nagios)
{
	for (size_t i = 0; i < STATES; i++)
		fprintf(nagios->stream, "%s=%zu;;;0;%zu ", states[i].state,
		    nagios->states[i], nagios->pairs);
	fprintf(nagios->stream, "stale=%zu;;;0;%zu age=%.0fs;", nagios->stale,
	    nagios->pairs, nagios->oldest_s);
	put_range(nagios->stream, &nagios->warning);
	fputc(';', nagios->stream);
	put_range(nagios->stream, &nagios->critical);
	fputs(";0\n", nagios->stream);
}

int
mx_states_nagios_finish(const struct mx_states_nagios *nagios)
{
	static const char *const words[LEVELS] = { "OK", "WARNING", "CRITICAL",
		"UNKNOWN" };
	enum level level = worst_of(nagios);

	fprintf(nagios->stream, "MXPROBE %s - ", words[level]);
	if (nagios->pairs == 0)
		fputs("nothing is recorded", nagios->stream);
	else if (level == OK)
		fprintf(nagios->stream, "%zu of %zu pairs clear", nagios->levels[OK],
		    nagios->pairs);
	else
		fputs(nagios->worst, nagios->stream);
	if (level != OK && nagios->levels[level] > 1)
		fprintf(nagios->stream, ", and %zu more", nagios->levels[level] - 1);
	fputs(" | ", nagios->stream);
	put_figures(nagios);
	fputs(nagios->details.data != NULL ? nagios->details.data : "", nagios->stream);
	if (nagios->left_out > 0)
		fprintf(nagios->stream, "and %zu more\n", nagios->left_out);
	return (int)level;
}
