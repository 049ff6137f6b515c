/*
 * judge.h - a session's transcript to a verdict: the one place where a stage, a reply or a lost
 *           connection turns into a consequence.
 * In:   transcript, who we were, how deep we meant to go.   Out: struct mx_judgement.
 * Not:  no network, no clock, no output; no view of other sessions (run/reach.c has it).
 */
#ifndef MX_VERDICT_JUDGE_H
#define MX_VERDICT_JUDGE_H

#include "probe/catalogue/verdicts.h"
#include "probe/verdict/classify.h"

struct mx_judgement {
	enum mx_verdict verdict;
	bool has_finding;
	struct mx_finding finding;
	struct mx_addr seen_source; /* the client the server named; AF_UNSPEC: none */
	enum mx_stage reached;      /* mx_transcript_reached() */
	/* The connection ended as this provider is known to end those it refuses, which a closed
	 * port would look like, too. The verdict leaves it open, and finding.candidates[0] names
	 * it, until mx_judge_confirm() says that the source gets out. NULL: none. */
	const struct mx_provider *suspect;
};

/** mxprobe(1), "VERDICTS", says what each means; judge.c in which order they are sought. *out is to be cleared with mx_judgement_clear. */
void mx_judge(const struct mx_rules *rules, const struct mx_identity *identity,
    enum mx_stage depth, const struct mx_transcript *transcript,
    struct mx_judgement *out);
/** The verdict that a finding alone comes to: what a bounce, or the answer to a message, means. */
enum mx_verdict mx_judge_finding(
    const struct mx_rules *rules, const struct mx_finding *finding);
/** The source is known to reach others: the provider's signature is believed, as far as its
 *  confidence goes. Only where judgement->suspect is set. */
void mx_judge_confirm(const struct mx_rules *rules, struct mx_judgement *judgement);
void mx_judgement_clear(struct mx_judgement *judgement);

#endif
