/* replies.c - a line each for programs; for people every distinct reply while there are few, and
 * in any case how many there were of what. */
#include "probe/report/replies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/advice.h"
#include "probe/report/evidence.h"
#include "probe/report/finding_json.h"
#include "probe/report/tally.h"

#define BLOCKS_MAX 20 /* more is a log, and nobody reads on */
#define WORDS_MAX \
	4096        /* different lists or providers; a hostile log can name any number */
#define ROWS_MAX 40 /* of one summary */

struct block {
	char *head, *body;
	size_t count;
};

struct mx_replies {
	struct mx_json_out json;
	struct mx_report_options options;
	bool is_json;
	size_t count, unknown;
	struct block blocks[BLOCKS_MAX];
	size_t block_count;
	bool too_many; /* more distinct replies than blocks */
	struct mx_advice *advice;
	struct mx_tally categories, providers, lists;
};

struct mx_replies *
mx_replies_new(const char *format, FILE *stream, const struct mx_report_options *options)
{
	struct mx_replies *replies = mx_calloc(1, sizeof *replies);

	replies->json.stream = stream;
	replies->options = *options;
	replies->is_json = strcmp(format, "json") == 0;
	replies->advice = mx_advice_new(options->catalogue);
	replies->categories.limit = WORDS_MAX;
	replies->providers.limit = WORDS_MAX;
	replies->lists.limit = WORDS_MAX;
	return replies;
}

/* ---- for programs ---- */

static void
put_line(struct mx_json_out *out, const struct mx_classified *reply)
{
	mx_json_open(out, NULL, '{');
	mx_json_raw(out, "id", reply->id != NULL ? reply->id : "null");
	mx_json_bytes(out, "text", reply->text, reply->len);
	mx_finding_json_head(out, reply->finding);
	mx_finding_json_tail(out, reply->finding);
	mx_json_string(out, "verdict", mx_verdict_name(reply->verdict));
	mx_json_string(
	    out, "provider", reply->provider != NULL ? reply->provider->id : NULL);
	mx_json_close(out, '}');
	mx_json_end_line(out);
}

/* ---- for people ---- */

/* Evidence is written for results of sessions; a reply from a file is one without a session. */
static char *
body_of(const struct mx_replies *replies, const struct mx_classified *reply)
{
	struct mx_result result = {
		.judgement = { .verdict = reply->verdict, .has_finding = true },
	};

	result.judgement.finding = *reply->finding;
	return mx_evidence_text(&result, &replies->options);
}

static char *
head_of(const struct mx_classified *reply)
{
	const char *who = reply->mx_host != NULL
			      ? reply->mx_host
			      : (reply->provider != NULL ? reply->provider->name : "");
	char *safe = mx_escape_terminal(who, strlen(who));
	char *head =
	    mx_asprintf("%-*s%s%s%s", MX_EVIDENCE_INDENT, mx_verdict_name(reply->verdict),
		reply->finding->category, *safe != '\0' ? " at " : "", safe);

	free(safe);
	return head;
}

static void
add_block(struct mx_replies *replies, const struct mx_classified *reply)
{
	struct block *block = replies->blocks;
	char *head = head_of(reply), *body = body_of(replies, reply);
	size_t i = 0;

	while (i < replies->block_count &&
	       (strcmp(block[i].head, head) != 0 || strcmp(block[i].body, body) != 0))
		i++;
	if (i < replies->block_count) {
		block[i].count++;
	} else if (i < BLOCKS_MAX) {
		block[i] = (struct block){ head, body, 1 };
		replies->block_count++;
		mx_advice_add(replies->advice, reply->verdict, reply->finding->category,
		    reply->finding->remedy, reply->finding->delist_url);
		return;
	} else {
		replies->too_many = true;
	}
	free(head);
	free(body);
}

static void
count_words(struct mx_replies *replies, const struct mx_classified *reply)
{
	const struct mx_finding *f = reply->finding;

	mx_tally_add(&replies->categories, f->category);
	if (reply->provider != NULL)
		mx_tally_add(&replies->providers, reply->provider->name);
	else if (f->authority != NULL && f->list == NULL)
		mx_tally_add(&replies->providers, f->authority);
	if (f->list != NULL)
		mx_tally_add(&replies->lists, f->list);
}

void
mx_replies_add(struct mx_replies *replies, const struct mx_classified *reply)
{
	replies->count++;
	replies->unknown += strcmp(reply->finding->category, "unknown") == 0;
	if (replies->is_json) {
		put_line(&replies->json, reply);
		return;
	}
	if (!replies->too_many)
		add_block(replies, reply);
	count_words(replies, reply);
}

static void
print_blocks(const struct mx_replies *replies)
{
	for (size_t i = 0; i < replies->block_count; i++) {
		const struct block *block = &replies->blocks[i];

		fputs(block->head, replies->json.stream);
		if (block->count > 1)
			fprintf(replies->json.stream, ", %zu times", block->count);
		fprintf(replies->json.stream, "\n%s", block->body);
	}
}

static void
print_tally(FILE *out, const char *title, struct mx_tally *tally)
{
	size_t rest = tally->others;

	if (tally->row_count == 0)
		return;
	mx_tally_sort(tally);
	fprintf(out, "\n%9s  %s\n", "REPLIES", title);
	for (size_t i = 0; i < tally->row_count; i++) {
		char *safe;

		if (i >= ROWS_MAX) {
			rest += tally->rows[i]->count;
			continue;
		}
		safe = mx_escape_terminal(
		    tally->rows[i]->word, strlen(tally->rows[i]->word));
		fprintf(out, "%9zu  %s\n", tally->rows[i]->count, safe);
		free(safe);
	}
	if (rest > 0)
		fprintf(out, "%9zu  (others)\n", rest);
}

static void
print_summary(struct mx_replies *replies)
{
	FILE *out = replies->json.stream;

	fprintf(out, "%s%zu repl%s, %zu unknown\n", replies->too_many ? "" : "\n",
	    replies->count, replies->count == 1 ? "y" : "ies", replies->unknown);
	print_tally(out, "CATEGORY", &replies->categories);
	print_tally(out, "PROVIDER", &replies->providers);
	print_tally(out, "LIST", &replies->lists);
	if (replies->too_many)
		fputs("\n--format json shows every reply.\n", out);
}

enum mx_err
mx_replies_finish(struct mx_replies *replies, struct mx_error *err)
{
	FILE *out = replies->json.stream;

	errno = 0;
	if (!replies->is_json && !replies->too_many)
		print_blocks(replies);
	if (!replies->is_json && replies->count != 1)
		print_summary(replies);
	if (!replies->is_json && !replies->too_many && !replies->options.quiet)
		mx_advice_print(replies->advice, out, replies->options.width);
	if (fflush(out) != 0 || ferror(out))
		return mx_error_sys(
		    err, errno != 0 ? errno : EIO, "the results could not be written");
	return MX_OK;
}

void
mx_replies_free(struct mx_replies *replies)
{
	if (replies == NULL)
		return;
	for (size_t i = 0; i < replies->block_count; i++) {
		free(replies->blocks[i].head);
		free(replies->blocks[i].body);
	}
	mx_tally_clear(&replies->categories);
	mx_tally_clear(&replies->providers);
	mx_tally_clear(&replies->lists);
	mx_advice_free(replies->advice);
	free(replies);
}
