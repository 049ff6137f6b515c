/*
 * judge.c - a transcript to a verdict.
 *
 * Three questions, in this order, and the first that has an answer decides:
 *   1. Did a reply refuse us? What it says counts, however the connection ended
 *      afterwards: servers hang up, or reset, right behind a refusal.
 *   2. Did the two sides stop understanding each other (FAULT below)? Then no 2xx is worth
 *      anything any more, as nobody knows which command it answered.
 *   3. Was the deepest stage answered with 2xx? Then the question we came with has its
 *      answer, and whatever was lost afterwards concerns only our leaving.
 * Else the connection was lost on the way, and where that happened decides.
 */
#include "probe/verdict/judge.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/ruleset.h"
#include "probe/verdict/seen.h"

enum end_kind {
	LOST,  /* the connection went away: its place decides */
	FAULT, /* the remote broke TLS or the protocol */
	OURS   /* we failed or were stopped */
};

/* DETAIL: the transcript's end_text adds something (an errno, a cause). */
enum end_words {
	PLAIN,
	DETAIL
};

/* clang-format off */
static const struct {
	enum end_kind kind;
	enum end_words detail;
	const char *words;
} ends[MX_END_COUNT] = {
	[MX_END_NONE]            = { OURS,  PLAIN,  "the session never came to its end" },
	[MX_END_QUIT]            = { OURS,  PLAIN,  "the session was left before the stage that was asked for" },
	[MX_END_CLOSED]          = { LOST,  PLAIN,  "the server closed the connection" },
	[MX_END_CLOSED_UNCLEAN]  = { LOST,  PLAIN,  "the connection was closed under TLS without a goodbye" },
	[MX_END_RESET]           = { LOST,  PLAIN,  "the connection was reset" },
	[MX_END_REFUSED]         = { LOST,  PLAIN,  "the connection was refused" },
	[MX_END_UNREACHABLE]     = { LOST,  DETAIL, "the network says there is no way to that address" },
	[MX_END_FILTERED]        = { LOST,  PLAIN,  "no answer to the attempt to connect" },
	[MX_END_TIMEOUT]         = { LOST,  PLAIN,  "no reply before the deadline" },
	[MX_END_SESSION_TIMEOUT] = { LOST,  PLAIN,  "no end before the session's deadline" },
	[MX_END_TLS_FAILED]      = { FAULT, DETAIL, "the TLS handshake failed" },
	[MX_END_TLS_MISSING]     = { FAULT, PLAIN,  "TLS is required here and the server has none to offer" },
	[MX_END_TLS_UNVERIFIED]  = { FAULT, DETAIL, "TLS is required here and this does not hold" },
	[MX_END_INJECTION]       = { FAULT, PLAIN,  "plaintext followed the reply to STARTTLS" },
	[MX_END_DESYNC]          = { FAULT, PLAIN,  "text followed a complete reply" },
	[MX_END_NOT_SMTP]        = { FAULT, PLAIN,  "the server does not speak SMTP" },
	[MX_END_MIXED_CODES]     = { FAULT, PLAIN,  "the codes changed within one reply and none of them had the last word" },
	[MX_END_LINE_LIMIT]      = { FAULT, PLAIN,  "a line is longer than we are willing to read" },
	[MX_END_REPLY_LIMIT]     = { FAULT, PLAIN,  "a reply is longer than we are willing to read" },
	[MX_END_SESSION_LIMIT]   = { FAULT, PLAIN,  "the server sent more than we are willing to read" },
	[MX_END_LOCAL]           = { OURS,  DETAIL, "our own failure" },
	[MX_END_CANCELLED]       = { OURS,  PLAIN,  "stopped before the end" },
};
/* clang-format on */

/* ---- replies ---- */

static bool
is_positive(const struct mx_reply_record *reply)
{
	return reply->code / 100 == 2;
}

static bool
is_refusal(const struct mx_reply_record *reply)
{
	return reply->code / 100 == 4 || reply->code / 100 == 5;
}

/* The last reply of the session that was about our business: RSET and QUIT only end it. */
static const struct mx_reply_record *
last_reply(const struct mx_transcript *transcript)
{
	for (size_t i = transcript->reply_count; i > 0; i--)
		if (transcript->replies[i - 1].stage != MX_STAGE_QUIT)
			return &transcript->replies[i - 1];
	return NULL;
}

static bool
is_business(const struct mx_line *line)
{
	return line->from == MX_FROM_CLIENT && strcmp(line->text, "QUIT") != 0 &&
	       strcmp(line->text, "RSET") != 0;
}

/* Did we say anything behind this reply but goodbye? */
static bool
went_on(const struct mx_transcript *transcript, const struct mx_reply_record *reply)
{
	for (size_t i = reply->first_line + reply->lines; i < transcript->line_count; i++)
		if (is_business(&transcript->lines[i]))
			return true;
	return false;
}

/*
 * The last reply is enough. A refusal from which we went on stopped nothing: EHLO
 * unknown and HELO tried, STARTTLS refused and the dialogue continued in plaintext.
 * Where STARTTLS is the last word TLS was required, and its absence is the finding,
 * unless 421 threw us out.
 */
static const struct mx_reply_record *
deciding_refusal(const struct mx_transcript *transcript)
{
	const struct mx_reply_record *last = last_reply(transcript);

	if (last == NULL || !is_refusal(last) || went_on(transcript, last))
		return NULL;
	if (last->stage == MX_STAGE_STARTTLS && last->code != 421)
		return NULL;
	return last;
}

/* A reply that neither accepts nor refuses: 354 to MAIL, 1xx, 3xx. */
static bool
is_nonsense(const struct mx_reply_record *reply)
{
	return reply != NULL && !is_positive(reply) && !is_refusal(reply);
}

/* Was this stage answered with 2xx, and for good? EHLO is asked again after
 * STARTTLS, so one before it does not count. */
static bool
was_answered(const struct mx_transcript *transcript, enum mx_stage depth)
{
	bool answered = false;

	if (depth == MX_STAGE_CONNECT)
		return transcript->connected_us >= 0;
	for (size_t i = 0; i < transcript->reply_count; i++) {
		const struct mx_reply_record *reply = &transcript->replies[i];

		if (reply->stage == depth)
			answered = is_positive(reply);
		else if (reply->stage == MX_STAGE_STARTTLS && is_positive(reply) &&
			 depth == MX_STAGE_EHLO)
			answered = false;
	}
	return answered;
}

static bool
was_greeted(const struct mx_transcript *transcript)
{
	return transcript->reply_count > 0;
}

/* Nonsense in reply to RSET or QUIT takes nothing back. */
static bool
has_fault(const struct mx_transcript *transcript)
{
	return ends[transcript->end].kind == FAULT &&
	       transcript->end_stage != MX_STAGE_QUIT;
}

/* ---- findings ---- */

static enum mx_verdict
verdict_of(const struct mx_rules *rules, const struct mx_finding *finding)
{
	const struct mx_category *category = mx_rules_category(rules, finding->category);

	/* By the digit, not by permanence: a reputation of 421 throttles, whatever
	 * it promises. */
	return finding->code >= 500 ? category->permanent : category->temporary;
}

enum mx_verdict
mx_judge_finding(const struct mx_rules *rules, const struct mx_finding *finding)
{
	/* A bounce may quote no code; then the meaning alone says how lasting it is. */
	if (finding->code == 0 && finding->permanence != NULL &&
	    strcmp(finding->permanence, "permanent") == 0)
		return mx_rules_category(rules, finding->category)->permanent;
	return verdict_of(rules, finding);
}

static void
judge_refusal(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_transcript *transcript, const struct mx_reply_record *reply,
    struct mx_judgement *out)
{
	char *text = mx_reply_text(transcript, reply, false);
	const struct mx_reply_facts facts = {
		.stage = reply->stage,
		.code = reply->code,
		.enhanced = reply->enhanced,
		.text = text,
		.len = strlen(text),
	};

	mx_classify(rules, identity, &facts, &out->finding);
	out->has_finding = true;
	out->verdict = verdict_of(rules, &out->finding);
	free(text);
}

/* "the connection was reset while we waited for the reply to MAIL" */
static char *
own_words(const struct mx_transcript *transcript)
{
	static const char *const awaited[MX_STAGE_COUNT] = {
		[MX_STAGE_BANNER] = "the greeting",
		[MX_STAGE_EHLO] = "the reply to EHLO",
		[MX_STAGE_STARTTLS] = "the reply to STARTTLS",
		[MX_STAGE_TLS] = "the TLS handshake",
		[MX_STAGE_MAIL] = "the reply to MAIL",
		[MX_STAGE_RCPT] = "the reply to RCPT",
	};
	const char *words = ends[transcript->end].words;
	const char *what = awaited[transcript->end_stage];
	const char *detail = transcript->end_text;

	/* Behind a handshake that was done, reason only says what the certificate is worth. */
	if (transcript->end == MX_END_TLS_FAILED && transcript->tls.seen == MX_TLS_DONE)
		words = "TLS broke behind the handshake";
	else if (transcript->end == MX_END_TLS_FAILED && transcript->tls.reason != NULL)
		detail = transcript->tls.reason;
	if (ends[transcript->end].detail == DETAIL && detail != NULL)
		return mx_asprintf("%s: %s", words, detail);
	if (ends[transcript->end].kind == LOST && what != NULL)
		return mx_asprintf("%s while we waited for %s", words, what);
	return mx_strdup(words);
}

/* A finding in our own words: there is no reply to quote. category NULL: the fault is ours. */
static void
find_without_reply(const struct mx_rules *rules, const struct mx_transcript *transcript,
    enum mx_verdict verdict, const char *category, struct mx_judgement *out)
{
	const struct mx_category *row =
	    category != NULL ? mx_rules_category(rules, category) : NULL;

	out->verdict = verdict;
	out->has_finding = true;
	out->finding = (struct mx_finding){
		.stage = transcript->end_stage,
		.text = own_words(transcript),
		.retry_after_s = -1,
		.confidence = 1,
	};
	if (row == NULL)
		return;
	out->finding.category = row->id;
	out->finding.about = row->about;
	out->finding.remedy = row->remedy;
	out->finding.permanence = "temporary";
}

static void
judge_fault(const struct mx_rules *rules, const struct mx_transcript *transcript,
    struct mx_judgement *out)
{
	find_without_reply(rules, transcript, MX_V_BROKEN, "protocol_error", out);
}

static void
judge_nonsense(const struct mx_rules *rules, const struct mx_transcript *transcript,
    const struct mx_reply_record *reply, struct mx_judgement *out)
{
	judge_fault(rules, transcript, out);
	free(out->finding.text);
	out->finding.stage = reply->stage;
	out->finding.code = reply->code;
	out->finding.enhanced = reply->enhanced;
	out->finding.text = mx_reply_text(transcript, reply, false);
}

/* ---- connections that end as a provider is known to end them ---- */

/* The provider, if it is known to end connections in this way; else NULL. */
static const struct mx_provider *
suspect_of(
    const struct mx_rules *rules, const struct mx_identity *identity, enum mx_end end)
{
	const struct mx_provider *provider = mx_rules_provider(rules, identity);
	const struct mx_connect_signature *signature;

	if (provider == NULL)
		return NULL;
	signature = &provider->connect_signature;
	for (size_t i = 0; i < signature->end_count; i++)
		if (signature->ends[i] == end)
			return provider;
	return NULL;
}

/* "the connection was reset while ...; au answers a block, or congestion, with a TCP reset" */
static void
suspect(const struct mx_rules *rules, const struct mx_provider *provider,
    struct mx_judgement *out)
{
	const struct mx_connect_signature *signature = &provider->connect_signature;
	struct mx_finding *finding = &out->finding;
	double confidence = signature->confidence / 100.0;
	char *text = mx_asprintf("%s; %s", finding->text, signature->means);

	free(finding->text);
	finding->text = text;
	finding->confidence = 1 - confidence;
	finding->candidate_count = 1;
	finding->candidates[0] = (struct mx_candidate){
		.category = mx_rules_category(rules, signature->category)->id,
		.rule = signature->id,
		.confidence = confidence,
	};
	out->suspect = provider;
}

void
mx_judge_confirm(const struct mx_rules *rules, struct mx_judgement *judgement)
{
	struct mx_finding *finding = &judgement->finding;
	const struct mx_candidate believed = finding->candidates[0];

	finding->candidates[0] = (struct mx_candidate){
		.category = finding->category,
		.confidence = finding->confidence,
	};
	finding->category = believed.category;
	finding->about = mx_rules_category(rules, believed.category)->about;
	finding->rule = believed.rule;
	finding->confidence = believed.confidence;
	finding->authority = judgement->suspect->authority;
	if (judgement->suspect->remedy != NULL)
		finding->remedy = judgement->suspect->remedy;
	judgement->verdict = verdict_of(rules, finding);
	judgement->suspect = NULL;
}

/* ---- the end without a reply ---- */

/* Before a greeting there was no conversation; after it, the server broke one off. */
static void
judge_loss(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_transcript *transcript, struct mx_judgement *out)
{
	const struct mx_provider *provider = suspect_of(rules, identity, transcript->end);

	if (was_greeted(transcript)) {
		judge_fault(rules, transcript, out);
		return;
	}
	find_without_reply(rules, transcript, MX_V_UNREACHABLE, "network_error", out);
	if (provider != NULL)
		suspect(rules, provider, out);
}

static void
judge_end(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_transcript *transcript, struct mx_judgement *out)
{
	switch (ends[transcript->end].kind) {
	case LOST:
		judge_loss(rules, identity, transcript, out);
		return;
	case FAULT:
		judge_fault(rules, transcript, out);
		return;
	case OURS:
		find_without_reply(rules, transcript, MX_V_FAILED, NULL, out);
		return;
	}
}

/* The server saw another address than the one we bound: whatever it said is about
 * that one. The finding stays, as evidence. */
static void
judge_seen(const struct mx_transcript *transcript, const struct mx_identity *identity,
    struct mx_judgement *out)
{
	struct mx_seen seen;

	mx_seen_find(transcript, identity, &seen);
	out->seen_source = seen.named;
	if (seen.named.family == AF_UNSPEC || identity->source.family == AF_UNSPEC)
		return;
	if (!seen.ours_occurs && out->verdict != MX_V_FAILED)
		out->verdict = MX_V_VOID;
}

void
mx_judge(const struct mx_rules *rules, const struct mx_identity *identity,
    enum mx_stage depth, const struct mx_transcript *transcript, struct mx_judgement *out)
{
	const struct mx_reply_record *refusal = deciding_refusal(transcript);
	const struct mx_reply_record *last = last_reply(transcript);

	*out = (struct mx_judgement){
		.verdict = MX_V_ACCEPTED,
		.finding = { .retry_after_s = -1 },
		.seen_source = { .family = AF_UNSPEC },
		.reached = mx_transcript_reached(transcript),
	};
	if (refusal != NULL)
		judge_refusal(rules, identity, transcript, refusal, out);
	else if (has_fault(transcript))
		judge_fault(rules, transcript, out);
	else if (is_nonsense(last))
		judge_nonsense(rules, transcript, last, out);
	else if (!was_answered(transcript, depth))
		judge_end(rules, identity, transcript, out);
	judge_seen(transcript, identity, out);
}

void
mx_judgement_clear(struct mx_judgement *judgement)
{
	mx_finding_clear(&judgement->finding);
	*judgement = (struct mx_judgement){ .verdict = MX_V_FAILED };
}
