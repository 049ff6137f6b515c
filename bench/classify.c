/* classify.c - replies a second inside the classifier: by a PCRE2 loop over the rules, by the sieve,
 * and with sentences recalled; classify.sh runs it and README.md says how to read it. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "probe/base/mem.h"
#include "probe/verdict/matcher.h"
#include "probe/verdict/reading.h"
#include "probe/verdict/samples.h"

#define SHORTEST 100
#define LONGEST 250

struct corpus {
	struct mx_reply_facts *replies;
	size_t count, bytes;
};

/* What differs from one reply of a log to the next: the client, the recipient, the server's own id. */
#define OTHERS 3
static const struct {
	const char *was, *others[OTHERS];
} parts[] = {
	{ "203.0.113.5", { "203.0.113.5", "198.18.77.250", "2001:db8:7::25" } },
	{ "user@example.net",
	    { "user@example.net", "hanako.yamada@mail.example.jp", "x@example.com" } },
	{ "q18si2398475ywd.211",
	    { "q18si2398475ywd.211", "d2e1a72fcca58-7203e8b2si1234567b3a.45",
		"4XyZ12abcdz7Vv" } },
};

/* round counts through the combinations of the first two. */
static char *
vary(char *text, size_t round)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *other =
		    parts[i].others[(i == 0 ? round : round / OTHERS) % OTHERS];
		const char *at = strstr(text, parts[i].was);
		char *varied;

		if (at == NULL)
			continue;
		varied = mx_asprintf(
		    "%.*s%s%s", (int)(at - text), text, other, at + strlen(parts[i].was));
		free(text);
		text = varied;
	}
	return text;
}

/* Short samples get what servers put behind their sentences: who says it, to whom, an id. */
static char *
full_length(char *text)
{
	static const char tail[] =
	    " (in reply to RCPT TO command) [mx07.example.net "
	    "203.0.113.5] q18si2398475ywd.211 - gsmtp, please see the log";
	size_t len = strlen(text);
	char *longer;

	if (len >= SHORTEST)
		return text;
	longer = mx_asprintf("%s%s", text, tail);
	free(text);
	return longer;
}

static void
add_sample(struct corpus *corpus, const char *sample, size_t round)
{
	struct mx_reply_facts reply;
	char *text;

	if (!mx_sample_parse(sample, &reply, &text)) {
		free(text);
		return;
	}
	text = vary(full_length(text), round);
	reply.text = text;
	reply.len = strlen(text);
	if (reply.len < SHORTEST || reply.len > LONGEST) {
		free(text);
		return;
	}
	corpus->replies = mx_grow(corpus->replies, corpus->count, sizeof reply);
	corpus->replies[corpus->count++] = reply;
	corpus->bytes += reply.len;
}

static struct corpus
corpus_of(const struct mx_rules *rules)
{
	struct corpus corpus = { 0 };

	for (size_t round = 0; round < 9; round++)
		for (size_t i = 0; i < rules->count; i++) {
			const struct mx_rule_samples *samples =
			    &rules->rules[i].row->samples;

			for (unsigned k = 0; k < samples->positive_count; k++)
				add_sample(&corpus, samples->positive[k], round);
		}
	if (corpus.count == 0)
		errx(70, "no sample is of the length wanted");
	return corpus;
}

static void
corpus_clear(struct corpus *corpus)
{
	for (size_t i = 0; i < corpus->count; i++)
		free((char *)(uintptr_t)corpus->replies[i].text);
	free(corpus->replies);
}

/* CPU microseconds a reply; *unknown counts answers that are none. */
static double
run(const struct mx_rules *rules, const struct corpus *corpus, size_t count,
    size_t *unknown)
{
	const struct mx_identity nobody = { 0 };
	struct measure start = measure_now();

	*unknown = 0;
	for (size_t i = 0; i < count; i++) {
		struct mx_finding finding;

		mx_classify(
		    rules, &nobody, &corpus->replies[i % corpus->count], &finding);
		*unknown += strcmp(finding.category, "unknown") == 0;
		mx_finding_clear(&finding);
	}
	return (double)(measure_now().cpu_us - start.cpu_us) / (double)count;
}

static struct mx_rules *
load(const struct mx_catalogue *catalogue, enum mx_matching matching, bool recall)
{
	struct mx_error error = { 0 };
	struct mx_rules *rules = mx_rules_load(catalogue, &error);

	if (rules == NULL)
		errx(78, "%s", error.text);
	if (matching == MX_MATCHING_LOOP || mx_matcher_sieve(rules) == NULL)
		(void)mx_matcher_choose(rules, matching);
	mx_reading_recall(rules, recall);
	return rules;
}

/* The same three ways: a loop, each reply read anew, and as it is: sentences known are recalled. */
static void
rates(const struct mx_catalogue *catalogue, size_t rounds, size_t count)
{
	struct mx_rules *loop = load(catalogue, MX_MATCHING_LOOP, false);
	struct mx_rules *anew = load(catalogue, MX_MATCHING_SIEVE, false);
	struct mx_rules *quick = load(catalogue, MX_MATCHING_SIEVE, true);
	struct corpus corpus = corpus_of(quick);
	size_t unknown, before;

	printf("corpus replies=%zu bytes=%zu rules=%zu sieve=%s\n", corpus.count,
	    corpus.bytes / corpus.count, quick->count,
	    mx_matcher_sieve(quick) != NULL ? "yes" : "no");
	(void)run(loop, &corpus, corpus.count / 9, &unknown);
	(void)run(anew, &corpus, corpus.count, &unknown);
	(void)run(quick, &corpus, corpus.count, &unknown);
	before = measure_resident();
	for (size_t i = 0; i < rounds; i++) {
		double loop_us = run(loop, &corpus, corpus.count / 9, &unknown);
		double anew_us = run(anew, &corpus, count / 4, &unknown);
		double quick_us = run(quick, &corpus, count, &unknown);

		printf("round loop_us=%.2f anew_us=%.3f quick_us=%.3f\n", loop_us,
		    anew_us, quick_us);
	}
	printf("memory before=%zu after=%zu\n", before, measure_resident());
	corpus_clear(&corpus);
	mx_rules_free(quick);
	mx_rules_free(anew);
	mx_rules_free(loop);
}

/* For a profiler: one of the ways alone. */
static void
alone(const struct mx_catalogue *catalogue, size_t count, bool recall)
{
	struct mx_rules *rules = load(catalogue, MX_MATCHING_SIEVE, recall);
	struct corpus corpus = corpus_of(rules);
	size_t unknown;

	(void)run(rules, &corpus, 2 * corpus.count, &unknown);
	printf("alone us=%.3f\n", run(rules, &corpus, count, &unknown));
	corpus_clear(&corpus);
	mx_rules_free(rules);
}

/* One reply from process start, as `mxprobe classify` does it. */
static void
start(const struct mx_catalogue *catalogue)
{
	static const char text[] =
	    "5.7.1 Service unavailable; Client host [203.0.113.5] blocked "
	    "using zen.spamhaus.org";
	const struct mx_reply_facts reply = {
		.stage = MX_STAGE_COUNT, .code = 554, .text = text, .len = sizeof text - 1
	};
	const struct mx_identity nobody = { 0 };
	struct mx_error error = { 0 };
	struct mx_rules *rules = mx_rules_load(catalogue, &error);
	struct mx_finding finding;

	if (rules == NULL)
		errx(78, "%s", error.text);
	mx_classify(rules, &nobody, &reply, &finding);
	printf("start cpu_us=%lld category=%s image=%s\n",
	    (long long)measure_now().cpu_us, finding.category,
	    mx_catalogue_image(catalogue) != NULL ? "yes" : "no");
	mx_finding_clear(&finding);
	mx_rules_free(rules);
}

/* NDJSON for `mxprobe classify`; samples hold no byte that JSON wants escaped but these. */
static void
print_json(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			(void)putchar('\\');
		(void)putchar(*text);
	}
}

static void
lines(const struct mx_catalogue *catalogue, size_t count)
{
	struct mx_rules *rules = load(catalogue, MX_MATCHING_LOOP, false);
	struct corpus corpus = corpus_of(rules);

	for (size_t i = 0; i < count; i++) {
		const struct mx_reply_facts *reply = &corpus.replies[i % corpus.count];

		printf("{\"id\":\"%zu\",\"text\":\"%d ", i, reply->code);
		print_json(reply->text);
		(void)puts("\"}");
	}
	corpus_clear(&corpus);
	mx_rules_free(rules);
}

int
main(int argc, char **argv)
{
	struct mx_error error = { 0 };
	struct mx_catalogue *catalogue;

	if (argc < 3)
		errx(64,
		    "usage: classify TAXONOMY start | rates ROUNDS COUNT | quick COUNT | anew COUNT | lines COUNT");
	catalogue = mx_catalogue_load(argv[1], &error);
	if (catalogue == NULL)
		errx(78, "%s", error.text);
	if (argc == 4 && (strcmp(argv[2], "quick") == 0 || strcmp(argv[2], "anew") == 0))
		alone(catalogue, measure_number(argv[3], 100000000),
		    strcmp(argv[2], "quick") == 0);
	else if (argc == 5 && strcmp(argv[2], "rates") == 0)
		rates(catalogue, measure_number(argv[3], 1000),
		    measure_number(argv[4], 100000000));
	else if (argc == 4 && strcmp(argv[2], "lines") == 0)
		lines(catalogue, measure_number(argv[3], 100000000));
	else
		start(catalogue);
	mx_catalogue_free(catalogue);
	return 0;
}
