/* classify.c - `mxprobe classify`: what replies from files mean. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/base/nearest.h"
#include "probe/base/term.h"
#include "probe/cmd/classify_input.h"
#include "probe/report/replies.h"
#include "probe/report/unknowns.h"
#include "probe/verdict/rules.h"

#define EXIT_UNKNOWN 1    /* some reply is unknown */
#define EXIT_MALFORMED 65 /* EX_DATAERR: some line is no reply */
#define COMPLAINTS_MAX 10
#define PROGRESS_STEP 1024 /* replies between two looks at the clock */

struct classify {
	struct mx_cli *cli;
	struct mx_classify_options options;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
	struct mx_replies *replies;
	struct mx_unknowns unknowns;
	struct mx_progress *progress;
	const struct mx_provider *provider; /* --provider */
	size_t count, unknown, malformed;
};

static const char *
first_of(const char *a, const char *b, const char *c)
{
	if (a != NULL)
		return a;
	return b != NULL ? b : c;
}

/* What the line of NDJSON says beats what the text around the reply says, and that beats the
 * options. */
static void
fill_identity(
    struct classify *c, const struct mx_input_reply *in, struct mx_identity *who)
{
	const struct mx_classify_options *o = &c->options;
	const struct mx_said *said = in->said;

	who->source = in->source.family != AF_UNSPEC ? in->source : said->source_addr;
	if (who->source.family == AF_UNSPEC)
		who->source = o->source;
	who->mx_host = first_of(in->mx_host, said->mx_host, o->mx_host);
	who->helo = first_of(in->helo, NULL, o->helo);
	who->mail_from = first_of(in->mail_from, said->mail_from, o->mail_from);
	who->rcpt = first_of(in->rcpt, said->rcpt, o->rcpt);
	if (in->provider != NULL)
		who->provider = mx_catalogue_provider(c->catalogue, in->provider);
	if (who->provider == NULL && who->mx_host != NULL)
		who->provider = mx_catalogue_provider_by_mx(c->catalogue, who->mx_host);
	if (who->provider == NULL)
		who->provider = c->provider;
}

static enum mx_stage
stage_of(const struct classify *c, const struct mx_input_reply *in)
{
	if (in->stage != MX_STAGE_COUNT)
		return in->stage;
	return in->said->stage != MX_STAGE_COUNT ? in->said->stage : c->options.stage;
}

/* Without a code the meaning alone says how lasting it is. */
static enum mx_verdict
verdict_of(const struct classify *c, const struct mx_finding *finding)
{
	const struct mx_category *category =
	    mx_catalogue_category(c->catalogue, finding->category);
	bool is_permanent = finding->code >= 500;

	if (finding->code == 0 && finding->permanence != NULL)
		is_permanent = strcmp(finding->permanence, "permanent") == 0;
	return is_permanent ? category->permanent : category->temporary;
}

static void
count_reply(
    struct classify *c, const struct mx_input_reply *in, const struct mx_finding *finding)
{
	c->count++;
	if (strcmp(finding->category, "unknown") == 0) {
		c->unknown++;
		if (c->options.unknown_out != NULL)
			mx_unknowns_add(&c->unknowns, in->text, in->len);
	}
	if (c->count % PROGRESS_STEP == 0)
		mx_progress_count(c->progress, c->count, "replies");
}

static void
on_reply(void *arg, const struct mx_input_reply *in)
{
	struct classify *c = arg;
	struct mx_identity who = { 0 };
	const struct mx_reply_facts facts = {
		.stage = stage_of(c, in),
		.code = in->said->code,
		.enhanced = in->said->enhanced,
		.text = in->said->words,
		.len = strlen(in->said->words),
	};
	struct mx_finding finding;

	fill_identity(c, in, &who);
	mx_classify(c->rules, &who, &facts, &finding);
	mx_replies_add(c->replies, &(struct mx_classified){
				       .id = in->id,
				       .text = in->text,
				       .len = in->len,
				       .finding = &finding,
				       .verdict = verdict_of(c, &finding),
				       .provider = who.provider,
				       .mx_host = who.mx_host,
				   });
	count_reply(c, in, &finding);
	mx_finding_clear(&finding);
}

static void
on_malformed(void *arg, const char *name, size_t line, const char *why)
{
	struct classify *c = arg;

	mx_progress_wipe(c->progress);
	if (c->malformed++ < COMPLAINTS_MAX)
		fprintf(c->cli->err, "mxprobe: %s:%zu: %s\n", name, line, why);
}

static void
on_skipped(void *arg, const char *name, size_t bytes)
{
	struct classify *c = arg;

	mx_progress_wipe(c->progress);
	mx_log(MX_LOG_WARNING, "%s: %zu bytes of over-long lines were passed over", name,
	    bytes);
}

/* Who asks through a pipe has the answers so far. */
static void
on_reading(void *arg)
{
	const struct classify *c = arg;

	(void)fflush(c->cli->out); /* mx_replies_finish tells of errors */
}

static enum mx_err
find_provider(struct classify *c, struct mx_error *err)
{
	const char *id = c->options.provider, *near, **names;
	const struct mx_provider *rows;
	size_t count;

	if (id == NULL)
		return MX_OK;
	c->provider = mx_catalogue_provider(c->catalogue, id);
	if (c->provider != NULL)
		return MX_OK;
	rows = mx_catalogue_providers(c->catalogue, &count);
	names = mx_calloc(count, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = rows[i].id;
	near = mx_nearest(id, names, count);
	free(names);
	return mx_error_set(err, MX_ERR_USAGE,
	    "--provider: no provider of that id%s%s%s; see mxprobe rules list",
	    near != NULL ? " (did you mean " : "", near != NULL ? near : "",
	    near != NULL ? "?)" : "");
}

static enum mx_err
prepare(struct classify *c, struct mx_error *err)
{
	static char answers[64 * 1024]; /* of a block read, in few pieces */
	struct mx_cli *cli = c->cli;
	const struct mx_report_options look = {
		.color = mx_term_has_color(cli->out),
		.width = mx_term_width(cli->out),
		.quiet = cli->quiet,
	};

	c->catalogue = mx_catalogue_load(NULL, err);
	if (c->catalogue == NULL)
		return err->code;
	c->rules = mx_rules_load(c->catalogue, err);
	if (c->rules == NULL || find_provider(c, err) != MX_OK)
		return err->code;
	(void)setvbuf(cli->out, answers, _IOFBF, sizeof answers);
	c->replies = mx_replies_new(c->options.format, cli->out,
	    &(struct mx_report_options){
		look.color, look.width, look.quiet, false, c->catalogue });
	c->progress = cli->quiet ? NULL : mx_progress_new(cli->err);
	return MX_OK;
}

static enum mx_err
classify_files(struct classify *c, struct mx_error *err)
{
	const struct mx_input_sink sink = { on_reply, on_malformed, on_skipped,
		on_reading, c };
	enum mx_err code = MX_OK, written;

	if (c->options.file_count == 0)
		code = mx_input_read("-", c->options.input, &sink, err);
	for (size_t i = 0; i < c->options.file_count && code == MX_OK; i++)
		code = mx_input_read(c->options.files[i], c->options.input, &sink, err);
	mx_progress_wipe(c->progress);
	written = mx_replies_finish(c->replies, err);
	if (code == MX_OK)
		code = written;
	if (code == MX_OK && c->options.unknown_out != NULL)
		code = mx_unknowns_write(&c->unknowns, c->options.unknown_out, err);
	return code;
}

static int
status_of(const struct classify *c)
{
	if (c->malformed > COMPLAINTS_MAX)
		fprintf(c->cli->err, "mxprobe: %zu more lines are no replies\n",
		    c->malformed - COMPLAINTS_MAX);
	if (c->malformed > 0)
		return EXIT_MALFORMED;
	return c->unknown > 0 ? EXIT_UNKNOWN : 0;
}

static void
clear(struct classify *c)
{
	mx_progress_free(c->progress);
	mx_replies_free(c->replies);
	mx_unknowns_clear(&c->unknowns);
	mx_rules_free(c->rules);
	mx_catalogue_free(c->catalogue);
	mx_classify_options_clear(&c->options);
}

static int
classify_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct classify c = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	mx_classify_options_init(&c.options);
	mx_unknowns_init(&c.unknowns);
	if (mx_options_parse(
		cli, self, argc, argv, &c.options, mx_classify_operand, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	else if (!cli->answered) {
		if (prepare(&c, &err) != MX_OK || classify_files(&c, &err) != MX_OK)
			status = mx_cli_fail(cli, &err);
		else
			status = status_of(&c);
	}
	clear(&c);
	return status;
}

const struct mx_command mx_cmd_classify = {
	.name = "classify",
	.summary =
	    "Say what replies mean: bare ones, NDJSON, bounce messages, mail logs.",
	.synopsis = "[OPTION...] [FILE...]",
	.notes =
	    "Without FILE, or where it is -, standard input is read. Exit status: 0 every "
	    "reply was classified, 1 some are unknown, 4 a failure on our side (a file "
	    "that can't be read), 64 wrong usage, 65 some lines of NDJSON are none (the "
	    "others were classified), 78 a faulty taxonomy.",
	.manual = "mxprobe-classify(1)",
	.options = mx_classify_option_rows,
	.run = classify_run,
};
