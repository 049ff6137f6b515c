/* timeline.c - equal sessions in a row are one line; a change of state is a line of its own. */
#include "probe/report/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/catalogue/verdicts.h"
#include "probe/report/ages.h"
#include "probe/report/states.h"
#include "probe/report/wrap.h"

#define INDENT 2
#define TEXT_AT 24 /* behind "  2026-11-20 02:26 UTC  " */
#define REPLY_LINES 4

/** A session or a change of state. Strings are own. */
struct moment {
	char *source, *group;
	int64_t time_us;
	size_t order; /* as it came, for moments of one time */
	/* a session */
	enum mx_verdict verdict;
	char *
	    what; /* "blocked at mx1.example.org 198.51.100.1"; NULL: a change of state */
	char *reply; /* safe to print, or NULL */
	char *key;   /* equal for sessions that tell the same */
	/* a change of state */
	char *new_state, *change;
};

struct mx_timeline {
	FILE *stream;
	const struct mx_report_options *options;
	int64_t now_us;
	struct moment *moments;
	size_t count, sessions;
};

/* clang-format off */
static const struct {
	char mark;
	const char *color, *means;
} marks[] = {
	{ '+', "32",   "accepted" },
	{ '#', "1;31", "blocked" },
	{ 'x', "31",   "refused otherwise" },
	{ '~', "33",   "put off" },
	{ '?', "35",   "nothing learned" },
	{ '.', "",     "no session" },
};
enum { ACCEPTED, BLOCKED, REFUSED, PUT_OFF, NOTHING, NO_SESSION, MARKS };

/* Which mark a verdict has, and how much it says against a day: the higher the worse. */
static const struct {
	int mark, weight;
} verdict_marks[MX_V_COUNT] = {
	[MX_V_ACCEPTED]    = { ACCEPTED, 2 },
	[MX_V_RECIPIENT]   = { ACCEPTED, 2 },
	[MX_V_BLOCKED]     = { BLOCKED, 5 },
	[MX_V_IDENTITY]    = { REFUSED, 4 },
	[MX_V_POLICY]      = { REFUSED, 4 },
	[MX_V_THROTTLED]   = { PUT_OFF, 3 },
	[MX_V_GREYLISTED]  = { PUT_OFF, 3 },
	[MX_V_VOID]        = { NOTHING, 1 },
	[MX_V_BROKEN]      = { NOTHING, 1 },
	[MX_V_UNREACHABLE] = { NOTHING, 1 },
	[MX_V_SUPPRESSED]  = { NOTHING, 1 },
	[MX_V_FAILED]      = { NOTHING, 1 },
};
/* clang-format on */

struct mx_timeline *
mx_timeline_new(FILE *stream, const struct mx_report_options *options, int64_t now_us)
{
	struct mx_timeline *timeline = mx_calloc(1, sizeof *timeline);

	timeline->stream = stream;
	timeline->options = options;
	timeline->now_us = now_us;
	return timeline;
}

static struct moment *
add_moment(
    struct mx_timeline *timeline, const char *source, const char *group, int64_t time_us)
{
	struct moment *moment;

	timeline->moments =
	    mx_grow(timeline->moments, timeline->count, sizeof *timeline->moments);
	moment = &timeline->moments[timeline->count];
	*moment = (struct moment){ .source = mx_strdup(source),
		.group = mx_strdup(group),
		.time_us = time_us,
		.order = timeline->count++ };
	return moment;
}

static char *
safe(const char *text)
{
	return text != NULL ? mx_escape_terminal(text, strlen(text)) : NULL;
}

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "";
}

/* A reply is told where it says more than that all is well. */
static char *
reply_of(const struct mx_store_result *row)
{
	char *text = safe(row->text), *reply;
	char code[8];

	(void)snprintf(code, sizeof code, "%d", (int)(row->code % 1000));
	if (text == NULL || row->code == 0)
		return text != NULL ? text : safe(row->note);
	reply = strncmp(text, code, strlen(code)) == 0 ? mx_strdup(text)
						       : mx_asprintf("%s %s", code, text);
	free(text);
	return reply;
}

void
mx_timeline_result(struct mx_timeline *timeline, const struct mx_store_result *row)
{
	struct moment *moment =
	    add_moment(timeline, row->source, row->group, row->time_us);
	char *host = safe(row->mx_host);

	if (!mx_verdict_from_name(row->verdict, &moment->verdict))
		moment->verdict = MX_V_FAILED;
	moment->what = mx_asprintf("%s%s%s%s%s", row->verdict, host != NULL ? " at " : "",
	    or_none(host), row->address != NULL ? " " : "", or_none(row->address));
	moment->reply = reply_of(row);
	moment->key = mx_asprintf("%s|%d|%s|%s|%s", row->verdict, (int)row->code,
	    or_none(row->stage), or_none(row->category), or_none(row->provider_code));
	timeline->sessions++;
	free(host);
}

void
mx_timeline_event(struct mx_timeline *timeline, const struct mx_store_event *event)
{
	struct moment *moment =
	    add_moment(timeline, event->source, event->group, event->time_us);
	char *why = safe(event->why);

	moment->new_state = mx_strdup(event->new_state);
	moment->change = mx_asprintf("%s -> %s%s%s", event->old_state, event->new_state,
	    why != NULL ? ": " : "", or_none(why));
	free(why);
}

void
mx_timeline_free(struct mx_timeline *timeline)
{
	if (timeline == NULL)
		return;
	for (size_t i = 0; i < timeline->count; i++) {
		struct moment *moment = &timeline->moments[i];

		free(moment->source);
		free(moment->group);
		free(moment->what);
		free(moment->reply);
		free(moment->key);
		free(moment->new_state);
		free(moment->change);
	}
	free(timeline->moments);
	free(timeline);
}

/* ---- bars ---- */

static void
put_mark(const struct mx_timeline *timeline, int mark)
{
	if (timeline->options->color && *marks[mark].color != '\0')
		fprintf(timeline->stream, "\033[%sm%c\033[0m", marks[mark].color,
		    marks[mark].mark);
	else
		fputc(marks[mark].mark, timeline->stream);
}

static void
put_legend(const struct mx_timeline *timeline, const bool seen[MARKS], const char *each,
    const struct moment *first, const struct moment *last)
{
	char from[MX_AGE_TEXT], until[MX_AGE_TEXT];
	char *text = mx_asprintf("each %s, from %s to %s:", each,
	    mx_time_utc(first->time_us, from), mx_time_utc(last->time_us, until));

	for (int m = 0; m < MARKS; m++)
		if (seen[m]) {
			char *longer =
			    mx_asprintf("%s  %c %s", text, marks[m].mark, marks[m].means);

			free(text);
			text = longer;
		}
	fprintf(timeline->stream, "\n%*s", INDENT, "");
	mx_wrap_print(
	    timeline->stream, text, INDENT, INDENT, timeline->options->width, 0);
	free(text);
}

/* One mark a day; the day's worst session decides. */
static void
print_days(const struct mx_timeline *timeline, const struct moment *first,
    const struct moment *end, size_t room)
{
	const struct moment *last = end - 1;
	int64_t day = first->time_us / MX_DAY_US, last_day = last->time_us / MX_DAY_US;
	bool seen[MARKS] = { false };

	if (last_day - day >= (int64_t)room)
		day = last_day - (int64_t)room + 1;
	while (first < end && first->time_us / MX_DAY_US < day)
		first++;
	for (const struct moment *moment = first; day <= last_day; day++) {
		int mark = NO_SESSION, weight = 0;

		for (; moment < end && moment->time_us / MX_DAY_US == day; moment++)
			if (moment->what != NULL &&
			    verdict_marks[moment->verdict].weight > weight) {
				mark = verdict_marks[moment->verdict].mark;
				weight = verdict_marks[moment->verdict].weight;
			}
		put_mark(timeline, mark);
		seen[mark] = true;
	}
	put_legend(timeline, seen, "a day", first, last);
}

static void
print_bar(const struct mx_timeline *timeline, const struct moment *first,
    const struct moment *end, size_t sessions)
{
	size_t room = timeline->options->width - INDENT;
	bool seen[MARKS] = { false };

	fprintf(timeline->stream, "\n%*s", INDENT, "");
	if (sessions > room) {
		print_days(timeline, first, end, room);
		return;
	}
	for (const struct moment *moment = first; moment < end; moment++)
		if (moment->what != NULL) {
			put_mark(timeline, verdict_marks[moment->verdict].mark);
			seen[verdict_marks[moment->verdict].mark] = true;
		}
	put_legend(timeline, seen, "a session", first, end - 1);
}

/* ---- lines ---- */

static void
print_line(const struct mx_timeline *timeline, int64_t time_us, const char *text,
    const char *color)
{
	char when[MX_AGE_TEXT];
	bool colored = timeline->options->color && *color != '\0';

	fprintf(timeline->stream, "%*s%s  ", INDENT, "", mx_time_utc(time_us, when));
	if (colored)
		fprintf(timeline->stream, "\033[%sm", color);
	mx_wrap_print(
	    timeline->stream, text, TEXT_AT, TEXT_AT, timeline->options->width, 0);
	if (colored)
		fputs("\033[0m", timeline->stream);
}

/* The sessions from first on that tell the same, on one line. Returns what comes behind them. */
static const struct moment *
print_run(const struct mx_timeline *timeline, const struct moment *first,
    const struct moment *end)
{
	const struct moment *next = first + 1;
	char until[MX_AGE_TEXT];
	char *text;

	while (next < end && next->what != NULL && strcmp(next->key, first->key) == 0)
		next++;
	text = next - first > 1
		   ? mx_asprintf("%s; %td like it until %s", first->what,
			 next - first - 1, mx_time_utc(next[-1].time_us, until))
		   : mx_strdup(first->what);
	print_line(timeline, first->time_us, text, "");
	free(text);
	if (first->reply != NULL && !timeline->options->quiet) {
		fprintf(timeline->stream, "%*s", TEXT_AT, "");
		mx_wrap_print(timeline->stream, first->reply, TEXT_AT, TEXT_AT,
		    timeline->options->width, REPLY_LINES);
	}
	return next;
}

static void
print_head(const struct mx_timeline *timeline, const struct moment *first,
    const struct moment *end, size_t sessions)
{
	const struct moment *change = NULL;
	char age[MX_AGE_TEXT];
	char *group = safe(first->group);

	for (const struct moment *moment = first; moment < end; moment++)
		if (moment->change != NULL)
			change = moment;
	fprintf(timeline->stream, "%s at %s: ", first->source, group);
	if (change != NULL)
		fprintf(timeline->stream, "%s since %s, ", change->new_state,
		    mx_time_utc(change->time_us, age));
	fprintf(timeline->stream, "%zu session%s\n", sessions, sessions == 1 ? "" : "s");
	free(group);
}

static void
print_pair(const struct mx_timeline *timeline, const struct moment *first,
    const struct moment *end)
{
	size_t sessions = 0;

	for (const struct moment *moment = first; moment < end; moment++)
		sessions += moment->what != NULL;
	print_head(timeline, first, end, sessions);
	if (sessions > 0)
		print_bar(timeline, first, end, sessions);
	fputc('\n', timeline->stream);
	while (first < end)
		if (first->change != NULL) {
			print_line(timeline, first->time_us, first->change,
			    mx_state_color(first->new_state));
			first++;
		} else {
			first = print_run(timeline, first, end);
		}
}

/* By pair, then by time; a change of state stands before the session that made it. */
static int
compare(const void *left, const void *right)
{
	const struct moment *a = left, *b = right;
	struct mx_addr one = { 0 }, other = { 0 };
	int diff;

	(void)mx_addr_parse(a->source, &one);
	(void)mx_addr_parse(b->source, &other);
	if ((diff = mx_addr_compare(&one, &other)) != 0 ||
	    (diff = strcmp(a->group, b->group)) != 0)
		return diff;
	if (a->time_us != b->time_us)
		return a->time_us < b->time_us ? -1 : 1;
	if ((a->change != NULL) != (b->change != NULL))
		return a->change != NULL ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static bool
is_same_pair(const struct moment *a, const struct moment *b)
{
	return strcmp(a->source, b->source) == 0 && strcmp(a->group, b->group) == 0;
}

void
mx_timeline_print(struct mx_timeline *timeline, int64_t cut)
{
	if (timeline->count == 0) {
		fputs("Nothing is recorded.\n", timeline->stream);
		return;
	}
	qsort(timeline->moments, timeline->count, sizeof *timeline->moments, compare);
	for (size_t i = 0, end; i < timeline->count; i = end) {
		for (end = i + 1;
		     end < timeline->count &&
		     is_same_pair(&timeline->moments[i], &timeline->moments[end]);
		     end++)
			;
		if (i > 0)
			fputc('\n', timeline->stream);
		print_pair(timeline, &timeline->moments[i], &timeline->moments[end]);
	}
	if (cut > 0 && timeline->sessions == (size_t)cut && !timeline->options->quiet)
		fprintf(timeline->stream,
		    "\nOnly the newest %lld sessions are shown; --limit shows more.\n",
		    (long long)cut);
}
