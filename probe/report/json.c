/* json.c - one object a line, as doc/result.schema.json describes it: every key always
 * there, null for what is not known. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/finding_json.h"
#include "probe/report/preflight_json.h"
#include "probe/report/tls_words.h"
#include "probe/report/words.h"
#include "probe/report/writer.h"

#define SCHEMA "mxprobe.result/1"

static void
set_address(struct mx_json_out *out, const char *key, const struct mx_addr *addr)
{
	char text[MX_ADDR_TEXT];

	mx_json_string(
	    out, key, addr->family != AF_UNSPEC ? mx_addr_text(addr, text) : NULL);
}

static void
set_milliseconds(struct mx_json_out *out, int64_t us)
{
	mx_json_real(out, "ms", (double)us / 1e3);
}

static void
set_dnssec(struct mx_json_out *out, const struct mx_result *r)
{
	if (r->mx_host == NULL || r->dnssec == MX_DNSSEC_UNKNOWN)
		mx_json_null(out, "dnssec");
	else
		mx_json_boolean(out, "dnssec", r->dnssec == MX_DNSSEC_SECURE);
}

static void
set_mx(struct mx_json_out *out, const struct mx_result *r)
{
	mx_json_open(out, "mx", '{');
	mx_json_string(out, "host", r->mx_host);
	/* Only an MX record has a preference. */
	if (r->mx_host != NULL && r->route == MX_ROUTE_MX)
		mx_json_integer(out, "preference", r->preference);
	else
		mx_json_null(out, "preference");
	set_address(out, "address", &r->address);
	if (r->address.family != AF_UNSPEC)
		mx_json_integer(out, "port", r->address.port);
	else
		mx_json_null(out, "port");
	set_dnssec(out, r);
	mx_json_close(out, '}');
}

/* reply is NULL where a stage has none. */
static void
add_stage(struct mx_json_out *out, const char *name, int64_t us,
    const struct mx_reply_record *reply, const char *text)
{
	static const struct mx_enhanced none = { 0 };

	mx_json_open(out, NULL, '{');
	mx_json_string(out, "stage", name);
	set_milliseconds(out, us);
	mx_code_json(out, "code", reply != NULL ? reply->code : 0);
	mx_enhanced_json(out, "enhanced", reply != NULL ? &reply->enhanced : &none);
	mx_json_string(out, "text", text);
	mx_json_close(out, '}');
}

static void
add_reply(struct mx_json_out *out, const struct mx_transcript *t,
    const struct mx_reply_record *reply)
{
	char *text = mx_reply_text(t, reply, false);

	add_stage(out, mx_stage_name(reply->stage), reply->done_us - reply->asked_us,
	    reply, text);
	free(text);
}

/* The handshake has no reply: it lies between STARTTLS's reply and whatever followed it. */
static void
add_handshake(
    struct mx_json_out *out, const struct mx_transcript *t, int64_t *starttls_us)
{
	if (*starttls_us >= 0 && t->tls_done_us >= 0)
		add_stage(out, "tls", t->tls_done_us - *starttls_us, NULL, NULL);
	*starttls_us = -1;
}

static void
set_stages(struct mx_json_out *out, const struct mx_transcript *t)
{
	int64_t starttls_us = -1;

	mx_json_open(out, "stages", '[');
	if (t != NULL && t->connected_us >= 0)
		add_stage(out, "connect", t->connected_us, NULL, NULL);
	for (size_t i = 0; t != NULL && i < t->reply_count; i++) {
		add_handshake(out, t, &starttls_us);
		add_reply(out, t, &t->replies[i]);
		if (t->replies[i].stage == MX_STAGE_STARTTLS)
			starttls_us = t->replies[i].done_us;
	}
	if (t != NULL)
		add_handshake(out, t, &starttls_us);
	mx_json_close(out, ']');
}

/* null unless a handshake was tried or a policy asks for one; whether STARTTLS was offered stands in
 * the transcript. */
static bool
has_tls(const struct mx_result *r)
{
	const struct mx_tls_facts *facts =
	    r->transcript != NULL ? &r->transcript->tls : NULL;

	return mx_tls_words_has_policy(r) ||
	       (facts != NULL &&
		   (facts->seen == MX_TLS_DONE || facts->seen == MX_TLS_FAILED));
}

static void
set_certificate(
    struct mx_json_out *out, const struct mx_result *r, const struct mx_tls_facts *facts)
{
	mx_json_open(out, "names", '[');
	for (size_t i = 0; i < facts->name_count; i++)
		mx_json_string(out, NULL, facts->names[i]);
	mx_json_close(out, ']');
	if (facts->not_after_s != 0) {
		mx_json_time(out, "not_after", facts->not_after_s * 1000000);
		mx_json_integer(out, "days_left", mx_tls_words_days_left(r));
	} else {
		mx_json_null(out, "not_after");
		mx_json_null(out, "days_left");
	}
}

static void
set_policies(
    struct mx_json_out *out, const struct mx_result *r, const struct mx_tls_facts *facts)
{
	mx_json_string(out, "dane", mx_dane_name(facts->dane));
	mx_json_string(out, "dane_reason", facts->dane_detail);
	mx_json_string(out, "mta_sts", mx_mta_sts_result_name(r->mta_sts));
	mx_json_string(out, "mta_sts_mode",
	    r->has_mta_sts_policy ? mx_mta_sts_mode_name(r->mta_sts_mode) : NULL);
	mx_json_string(out, "mta_sts_reason", r->mta_sts_text);
}

static void
set_tls(struct mx_json_out *out, const struct mx_result *r)
{
	static const struct mx_tls_facts none = { 0 };
	const struct mx_tls_facts *facts =
	    r->transcript != NULL ? &r->transcript->tls : &none;

	if (!has_tls(r)) {
		mx_json_null(out, "tls");
		return;
	}
	mx_json_open(out, "tls", '{');
	mx_json_string(out, "version", facts->version);
	mx_json_string(out, "cipher", facts->cipher);
	mx_json_boolean(out, "verified", facts->verified);
	mx_json_string(out, "reason", facts->reason);
	set_certificate(out, r, facts);
	set_policies(out, r, facts);
	mx_json_close(out, '}');
}

static void
set_finding(struct mx_json_out *out, const struct mx_judgement *judgement)
{
	if (!judgement->has_finding) {
		mx_json_null(out, "finding");
		return;
	}
	mx_json_open(out, "finding", '{');
	mx_finding_json_head(out, &judgement->finding);
	mx_json_string(out, "text", judgement->finding.text);
	mx_finding_json_tail(out, &judgement->finding);
	mx_json_close(out, '}');
}

static void
set_transcript(struct mx_json_out *out, const struct mx_transcript *t)
{
	static const char *const speakers[] = {
		[MX_FROM_SERVER] = "server",
		[MX_FROM_CLIENT] = "client",
		[MX_FROM_PROBE] = "probe",
	};

	mx_json_open(out, "transcript", '[');
	for (size_t i = 0; t != NULL && i < t->line_count; i++) {
		const struct mx_line *line = &t->lines[i];

		mx_json_open(out, NULL, '{');
		mx_json_real(out, "t", (double)line->at_us / 1e6);
		mx_json_string(out, "from", speakers[line->from]);
		mx_json_bytes(out, "line", line->text, line->len);
		mx_json_string(out, "stage", mx_stage_name(line->stage));
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

static void
set_blind_spots(struct mx_json_out *out, const struct mx_provider *provider)
{
	size_t count;
	const char *const *spots = mx_words_blind_spots(provider, &count);

	mx_json_open(out, "blind_spots", '[');
	for (size_t i = 0; i < count; i++)
		mx_json_string(out, NULL, spots[i]);
	mx_json_close(out, ']');
}

/* How far the session came, nowhere when nobody answered the connect. */
static const char *
reached(const struct mx_result *r)
{
	if (r->transcript == NULL || r->transcript->connected_us < 0)
		return NULL;
	return mx_stage_name(r->judgement.reached);
}

/* Who, from where, to whom. */
static void
set_triplet(struct mx_json_out *out, const struct mx_result *r)
{
	set_address(out, "source", &r->source);
	mx_json_string(out, "helo", r->helo);
	mx_json_string(out, "mail_from", r->mail_from);
	mx_json_string(out, "rcpt", r->rcpt);
	mx_json_string(out, "destination", r->destination);
	mx_json_string(out, "provider", r->provider != NULL ? r->provider->id : NULL);
	set_mx(out, r);
}

/* How much of the destination this visit has seen; null where there was nothing to see. */
static void
set_coverage(struct mx_json_out *out, const struct mx_result *r)
{
	if (r->addresses == 0) {
		mx_json_null(out, "coverage");
		return;
	}
	mx_json_open(out, "coverage", '{');
	mx_json_integer(out, "probed", (long long)r->probed);
	mx_json_integer(out, "of", (long long)r->addresses);
	mx_json_close(out, '}');
}

static void
put_result(struct mx_json_out *out, const struct mx_result *r)
{
	mx_json_open(out, NULL, '{');
	mx_json_string(out, "schema", SCHEMA);
	mx_json_string(out, "id", r->id);
	mx_json_time(out, "time", r->time_us);
	set_triplet(out, r);
	mx_json_string(out, "depth", mx_stage_name(r->depth));
	mx_json_string(out, "reached", reached(r));
	set_stages(out, r->transcript);
	set_tls(out, r);
	set_address(out, "seen_source", &r->judgement.seen_source);
	set_address(out, "seen_as", &r->seen_as);
	mx_json_string(out, "verdict", mx_verdict_name(r->judgement.verdict));
	mx_json_boolean(out, "observable", mx_words_observable(r->provider));
	set_blind_spots(out, r->provider);
	set_finding(out, &r->judgement);
	mx_preflight_json(out, "identity", r->identity);
	set_coverage(out, r);
	mx_json_string(out, "note", r->note);
	set_transcript(out, r->transcript);
	mx_json_close(out, '}');
	mx_json_end_line(out);
}

struct json_writer {
	struct mx_json_out out;
};

static void *
json_open(FILE *stream, const struct mx_report_options *options)
{
	struct json_writer *self = mx_calloc(1, sizeof *self);

	(void)options; /* what a program reads depends on no terminal */
	self->out.stream = stream;
	return self;
}

void
mx_result_json(FILE *stream, const struct mx_result *result)
{
	struct mx_json_out out = { .stream = stream };

	put_result(&out, result);
}

/* Whole lines, at once: somebody may be reading while sessions still run. */
static void
json_result(void *arg, const struct mx_result *result)
{
	struct json_writer *self = arg;

	put_result(&self->out, result);
	fflush(self->out.stream);
}

static void
json_finish(void *arg)
{
	(void)arg; /* each line stands for itself */
}

static void
json_close(void *arg)
{
	free(arg);
}

const struct mx_writer mx_writer_json = {
	"json",
	json_open,
	json_result,
	json_finish,
	json_close,
};
