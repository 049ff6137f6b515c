/* reporter.c - a timer that looks at the wall clock, and what is to be seen then. */
#include "probe/watch/alert/reporter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/base/ulid.h"
#include "probe/store/pairs.h"
#include "probe/watch/aging.h"
#include "probe/watch/alert/tree.h"
#include "probe/watch/cron.h"

/* A wall clock may be set: it is looked at so often. */
#define LOOK_US MX_MINUTE_US
#define WIDTH 100
#define TITLE_MOST 512
#define PAIRS_MOST 1000 /* told one by one */
#define TEXT_MOST ((size_t)256 * 1024)

struct mx_reporter {
	const struct mx_post_office *office;
	struct mx_post *post;
	struct mx_timer *timer;
	struct mx_cron cron;
	int64_t due_us;
};

/* ---- what is told ---- */

struct tally {
	const struct mx_post_office *office;
	struct mx_states *states;
	int64_t now_us;
	size_t pairs, not_clear, stale, by_state[MX_STATE_COUNT];
};

/* What is stale is not clear, whatever it was. */
static bool
add_pair(void *arg, const struct mx_store_pair *pair)
{
	struct tally *tally = arg;
	struct mx_state_row row = mx_aged_row(
	    pair, &tally->office->rules, tally->office->stale_us, tally->now_us);

	tally->pairs++;
	tally->stale += row.is_stale;
	tally->by_state[mx_state_from_name(row.state)]++;
	if (strcmp(row.state, mx_state_name(MX_STATE_CLEAR)) == 0 && !row.is_stale)
		return true;
	if (tally->not_clear++ < PAIRS_MOST)
		mx_states_add(tally->states, &row);
	return true;
}

/* "12 pairs: 9 clear, 3 blocked; 2 of them stale". Caller frees. */
static char *
make_title(const struct tally *tally)
{
	struct mx_buf title;
	int told = 0;

	mx_buf_init(&title, TITLE_MOST);
	(void)mx_buf_addf(
	    &title, "%zu pair%s", tally->pairs, tally->pairs == 1 ? "" : "s");
	for (int i = 0; i < MX_STATE_COUNT; i++)
		if (tally->by_state[i] > 0)
			(void)mx_buf_addf(&title, "%s %zu %s", told++ == 0 ? ":" : ",",
			    tally->by_state[i], mx_state_name((enum mx_state)i));
	if (tally->stale > 0)
		(void)mx_buf_addf(&title, "; %zu of them stale", tally->stale);
	return mx_buf_take(&title);
}

static enum mx_err
look(struct tally *tally, FILE *stream, struct mx_error *err)
{
	static const struct mx_report_options plain = { .width = WIDTH };

	tally->pairs = tally->not_clear = tally->stale = 0;
	memset(tally->by_state, 0, sizeof tally->by_state);
	tally->states = mx_states_new(stream, &plain, tally->now_us);
	return mx_store_pairs(tally->office->store, NULL, NULL, add_pair, tally, err);
}

/* The pairs once as a table for people, once as JSON; "" where all are clear. Caller frees. */
static char *
show(struct tally *tally, void (*print)(const struct mx_states *states),
    struct mx_error *err)
{
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);

	if (stream == NULL)
		mx_out_of_memory();
	if (look(tally, stream, err) == MX_OK && tally->not_clear > 0)
		print(tally->states);
	mx_states_free(tally->states);
	(void)fclose(stream);
	return text;
}

static json_t *
pairs_of(const char *lines)
{
	json_t *pairs = mx_tree_array();

	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");
		json_t *pair = json_loadb(lines, len, 0, NULL);

		if (pair != NULL)
			mx_tree_append(pairs, pair);
		lines += len + (lines[len] == '\n');
	}
	return pairs;
}

static json_t *
make_report(
    const struct tally *tally, const char *id, const char *table, const char *lines)
{
	json_t *root = mx_tree_object();
	char *title = make_title(tally);

	mx_tree_text(root, "schema", "mxprobe.report/1", TEXT_MOST);
	mx_tree_text(root, "id", id, TEXT_MOST);
	mx_tree_time(root, "time", tally->now_us);
	mx_tree_put(root, "test", json_false());
	mx_tree_text(root, "status", "report", TEXT_MOST);
	mx_tree_text(root, "title", title, TEXT_MOST);
	mx_tree_text(root, "page", tally->office->page, TEXT_MOST);
	mx_tree_text(root, "text",
	    *table != '\0' ? table : "Every pair is clear, and not long ago.\n",
	    TEXT_MOST);
	mx_tree_number(root, "not_clear", (int64_t)tally->not_clear);
	mx_tree_put(root, "pairs", pairs_of(lines));
	free(title);
	return root;
}

char *
mx_report_text(const struct mx_post_office *office, const char *id, int64_t now_us,
    struct mx_error *err)
{
	struct tally tally = { .office = office, .now_us = now_us };
	char *table = show(&tally, mx_states_print, err);
	char *lines = err->code == MX_OK ? show(&tally, mx_states_json, err) : NULL;
	char *text = NULL;
	json_t *root;

	if (err->code == MX_OK) {
		root = make_report(&tally, id, table, lines);
		text = mx_tree_dump(root);
		json_decref(root);
	}
	free(table);
	free(lines);
	return text;
}

/* ---- when ---- */

static void
report(struct mx_reporter *reporter)
{
	int64_t now_us = mx_clock_wall_us();
	struct mx_error err = { 0 };
	char id[MX_ULID_TEXT], topic[] = "report";
	char *body = mx_report_text(reporter->office, mx_ulid_new(id), now_us, &err);

	if (body == NULL)
		mx_log(MX_LOG_ERROR, "%s: no report: %s",
		    mx_post_receiver(reporter->post)->name, err.text);
	else
		mx_post_put(reporter->post, &(struct mx_outbox_row){
						.notice = id,
						.topic = topic,
						.body = body,
						.created_us = now_us,
						.due_us = now_us,
					    });
	free(body);
}

static void
wait_for_it(struct mx_reporter *reporter)
{
	int64_t wait_us = reporter->due_us - mx_clock_wall_us();

	mx_timer_start(reporter->timer, wait_us < 0         ? 0
					: wait_us < LOOK_US ? wait_us
							    : LOOK_US);
}

static void
on_timer(void *arg)
{
	struct mx_reporter *reporter = arg;
	int64_t now_us = mx_clock_wall_us();

	if (now_us >= reporter->due_us && reporter->office->is_open)
		report(reporter);
	/* Anew each time: the clock, or the zone, may have been set. */
	reporter->due_us = mx_cron_next(&reporter->cron, now_us);
	wait_for_it(reporter);
}

struct mx_reporter *
mx_reporter_new(const struct mx_post_office *office, struct mx_post *post, const char *at)
{
	struct mx_reporter *reporter;
	struct mx_cron cron;
	const char *why;

	if (at == NULL || !mx_cron_parse(at, &cron, &why))
		return NULL;
	reporter = mx_calloc(1, sizeof *reporter);
	*reporter = (struct mx_reporter){
		.office = office,
		.post = post,
		.timer = mx_timer_new(office->tools.loop, on_timer, reporter),
		.cron = cron,
		.due_us = mx_cron_next(&cron, mx_clock_wall_us()),
	};
	wait_for_it(reporter);
	return reporter;
}

void
mx_reporter_free(struct mx_reporter *reporter)
{
	if (reporter == NULL)
		return;
	mx_timer_free(reporter->timer);
	free(reporter);
}
