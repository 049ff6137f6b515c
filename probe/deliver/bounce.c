/* bounce.c - of several replies quoted, the first that a server said counts, else the first at all. */
#include "probe/deliver/bounce.h"

#include <string.h>

#include "probe/unwrap/unwrap.h"

struct reading {
	const struct mx_rules *rules;
	const struct mx_identity *who;
	struct mx_bounce *out;
	bool is_remote; /* what was found is a server's word */
};

static void
take(struct reading *reading, const struct mx_said *said)
{
	struct mx_identity who = *reading->who;
	const struct mx_reply_facts facts = {
		.stage = said->stage,
		.code = said->code,
		.enhanced = said->enhanced,
		.text = said->words,
		.len = strlen(said->words),
	};

	if (said->mx_host != NULL)
		who.mx_host = said->mx_host;
	if (said->source_addr.family != AF_UNSPEC)
		who.source = said->source_addr;
	if (said->rcpt != NULL)
		who.rcpt = said->rcpt;
	mx_bounce_clear(reading->out);
	mx_classify(reading->rules, &who, &facts, &reading->out->finding);
	reading->out->has_finding = true;
	reading->out->verdict = mx_judge_finding(reading->rules, &reading->out->finding);
	reading->is_remote = !said->local;
}

static void
on_said(void *arg, const struct mx_said *said)
{
	struct reading *reading = arg;

	if (!reading->out->has_finding || (!reading->is_remote && !said->local))
		take(reading, said);
}

void
mx_bounce_read(const char *bytes, size_t len, const struct mx_rules *rules,
    const struct mx_identity *who, struct mx_bounce *out)
{
	struct reading reading = { .rules = rules, .who = who, .out = out };
	const struct mx_unwrap_sink sink = { on_said, &reading };

	*out = (struct mx_bounce){ 0 };
	(void)mx_unwrap_all(MX_UNWRAP_BOUNCE, bytes, len, &sink);
	if (!mx_token_find(bytes, len, out->id))
		out->id[0] = '\0';
}

void
mx_bounce_clear(struct mx_bounce *bounce)
{
	if (bounce->has_finding)
		mx_finding_clear(&bounce->finding);
	bounce->has_finding = false;
}
