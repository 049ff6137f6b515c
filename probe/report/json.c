/* json.c - one object a line, as doc/result.schema.json describes it: every key always
 * there, null for what is not known. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/enhanced.h"
#include "probe/report/words.h"
#include "probe/report/writer.h"

#define SCHEMA "mxprobe.result/1"

/* Escaping all that is not ASCII keeps controls out of a terminal that JSON would let through
 * (U+0080-009F, bidirectional overrides). 12 digits: microseconds of a day, no 12.1000000001. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(12))

/* Out of memory and bugs are all that can go wrong when jansson makes values. */
static json_t *
made(json_t *value)
{
	if (value == NULL)
		mx_out_of_memory();
	return value;
}

static void
set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, made(value)) != 0)
		mx_out_of_memory();
}

static void
append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, made(value)) != 0)
		mx_out_of_memory();
}

/* Remote or not, what is no UTF-8 is replaced. */
static json_t *
bytes(const char *text, size_t len)
{
	char *safe = mx_escape_utf8(text, len);
	json_t *value = made(json_string(safe));

	free(safe);
	return value;
}

static json_t *
string(const char *text)
{
	return text != NULL ? bytes(text, strlen(text)) : json_null();
}

static json_t *
address(const struct mx_addr *addr)
{
	char text[MX_ADDR_TEXT];

	return addr->family != AF_UNSPEC ? json_string(mx_addr_text(addr, text))
					 : json_null();
}

static json_t *
code(int value)
{
	return value != 0 ? json_integer(value) : json_null();
}

static json_t *
enhanced(const struct mx_enhanced *value)
{
	char text[MX_ENHANCED_TEXT];

	return value->klass != 0 ? json_string(mx_enhanced_text(value, text))
				 : json_null();
}

static json_t *
milliseconds(int64_t us)
{
	return json_real((double)us / 1e3);
}

static json_t *
wall_time(int64_t us)
{
	char text[MX_CLOCK_TEXT];

	return json_string(mx_clock_format(us, text));
}

static json_t *
dnssec(const struct mx_result *r)
{
	if (r->mx_host == NULL || r->dnssec == MX_DNSSEC_UNKNOWN)
		return json_null();
	return json_boolean(r->dnssec == MX_DNSSEC_SECURE);
}

static json_t *
mx_object(const struct mx_result *r)
{
	json_t *mx = made(json_object());
	bool has_address = r->address.family != AF_UNSPEC;

	set(mx, "host", string(r->mx_host));
	/* Only an MX record has a preference. */
	set(mx, "preference",
	    r->mx_host != NULL && r->route == MX_ROUTE_MX ? json_integer(r->preference)
							  : json_null());
	set(mx, "address", address(&r->address));
	set(mx, "port", has_address ? json_integer(r->address.port) : json_null());
	set(mx, "dnssec", dnssec(r));
	return mx;
}

static json_t *
stage(const char *name, int64_t us)
{
	json_t *object = made(json_object());

	set(object, "stage", json_string(name));
	set(object, "ms", milliseconds(us));
	set(object, "code", json_null());
	set(object, "enhanced", json_null());
	set(object, "text", json_null());
	return object;
}

static json_t *
reply_stage(const struct mx_transcript *t, const struct mx_reply_record *reply)
{
	json_t *object =
	    stage(mx_stage_name(reply->stage), reply->done_us - reply->asked_us);
	char *text = mx_reply_text(t, reply, false);

	set(object, "code", code(reply->code));
	set(object, "enhanced", enhanced(&reply->enhanced));
	set(object, "text", string(text));
	free(text);
	return object;
}

/* The handshake has no reply: it lies between STARTTLS's reply and whatever followed it. */
static void
append_handshake(json_t *stages, const struct mx_transcript *t, int64_t *starttls_us)
{
	if (*starttls_us >= 0 && t->tls_done_us >= 0)
		append(stages, stage("tls", t->tls_done_us - *starttls_us));
	*starttls_us = -1;
}

static json_t *
stages_array(const struct mx_transcript *t)
{
	json_t *stages = made(json_array());
	int64_t starttls_us = -1;

	if (t == NULL)
		return stages;
	if (t->connected_us >= 0)
		append(stages, stage("connect", t->connected_us));
	for (size_t i = 0; i < t->reply_count; i++) {
		append_handshake(stages, t, &starttls_us);
		append(stages, reply_stage(t, &t->replies[i]));
		if (t->replies[i].stage == MX_STAGE_STARTTLS)
			starttls_us = t->replies[i].done_us;
	}
	append_handshake(stages, t, &starttls_us);
	return stages;
}

static json_t *
names_array(const struct mx_tls_facts *facts)
{
	json_t *names = made(json_array());

	for (size_t i = 0; i < facts->name_count; i++)
		append(names, string(facts->names[i]));
	return names;
}

/* null unless a handshake was tried; whether STARTTLS was offered stands in the transcript. */
static json_t *
tls_object(const struct mx_transcript *t)
{
	const struct mx_tls_facts *facts = t != NULL ? &t->tls : NULL;
	json_t *tls;

	if (facts == NULL || (facts->seen != MX_TLS_DONE && facts->seen != MX_TLS_FAILED))
		return json_null();
	tls = made(json_object());
	set(tls, "version", string(facts->version));
	set(tls, "cipher", string(facts->cipher));
	set(tls, "verified", json_boolean(facts->verified));
	set(tls, "reason", string(facts->reason));
	set(tls, "names", names_array(facts));
	set(tls, "not_after",
	    facts->not_after_s != 0 ? wall_time(facts->not_after_s * 1000000)
				    : json_null());
	/* Neither TLSA records nor MTA-STS policies are looked up yet: unknown, not "none". */
	set(tls, "dane", json_null());
	set(tls, "mta_sts", json_null());
	return tls;
}

static json_t *
candidates_array(const struct mx_finding *f)
{
	json_t *array = made(json_array());

	for (size_t i = 0; i < f->candidate_count; i++) {
		json_t *object = made(json_object());

		set(object, "category", string(f->candidates[i].category));
		set(object, "rule", string(f->candidates[i].rule));
		set(object, "confidence", json_real(f->candidates[i].confidence));
		append(array, object);
	}
	return array;
}

static json_t *
finding_object(const struct mx_judgement *judgement)
{
	const struct mx_finding *f = &judgement->finding;
	json_t *finding;

	if (!judgement->has_finding)
		return json_null();
	finding = made(json_object());
	set(finding, "stage", json_string(mx_stage_name(f->stage)));
	set(finding, "code", code(f->code));
	set(finding, "enhanced", enhanced(&f->enhanced));
	set(finding, "text", string(f->text));
	set(finding, "category", string(f->category));
	set(finding, "about", string(f->about));
	set(finding, "permanence", string(f->permanence));
	set(finding, "authority", string(f->authority));
	set(finding, "list", string(f->list));
	set(finding, "provider_code", string(f->provider_code));
	set(finding, "listed_value", string(f->listed_value));
	set(finding, "delist_url", string(f->delist_url));
	set(finding, "retry_after_s",
	    f->retry_after_s >= 0 ? json_integer(f->retry_after_s) : json_null());
	set(finding, "query_error", json_boolean(f->query_error));
	set(finding, "rule", string(f->rule));
	set(finding, "confidence", json_real(f->confidence));
	set(finding, "candidates", candidates_array(f));
	set(finding, "remedy", string(f->remedy));
	return finding;
}

static json_t *
transcript_array(const struct mx_transcript *t)
{
	static const char *const speakers[] = {
		[MX_FROM_SERVER] = "server",
		[MX_FROM_CLIENT] = "client",
		[MX_FROM_PROBE] = "probe",
	};
	json_t *lines = made(json_array());

	for (size_t i = 0; t != NULL && i < t->line_count; i++) {
		const struct mx_line *line = &t->lines[i];
		json_t *object = made(json_object());

		set(object, "t", json_real((double)line->at_us / 1e6));
		set(object, "from", json_string(speakers[line->from]));
		set(object, "line", bytes(line->text, line->len));
		set(object, "stage", json_string(mx_stage_name(line->stage)));
		append(lines, object);
	}
	return lines;
}

static json_t *
blind_spots_array(const struct mx_provider *provider)
{
	json_t *array = made(json_array());
	size_t count;
	const char *const *spots = mx_words_blind_spots(provider, &count);

	for (size_t i = 0; i < count; i++)
		append(array, string(spots[i]));
	return array;
}

/* How far the session came, nowhere when nobody answered the connect. */
static json_t *
reached(const struct mx_result *r)
{
	if (r->transcript == NULL || r->transcript->connected_us < 0)
		return json_null();
	return json_string(mx_stage_name(r->judgement.reached));
}

/* Who, from where, to whom. */
static void
set_triplet(json_t *object, const struct mx_result *r)
{
	set(object, "source", address(&r->source));
	set(object, "helo", string(r->helo));
	set(object, "mail_from", string(r->mail_from));
	set(object, "rcpt", string(r->rcpt));
	set(object, "destination", string(r->destination));
	set(object, "provider", string(r->provider != NULL ? r->provider->id : NULL));
	set(object, "mx", mx_object(r));
}

static json_t *
result_object(const struct mx_result *r)
{
	json_t *object = made(json_object());

	set(object, "schema", json_string(SCHEMA));
	set(object, "id", json_string(r->id));
	set(object, "time", wall_time(r->time_us));
	set_triplet(object, r);
	set(object, "depth", json_string(mx_stage_name(r->depth)));
	set(object, "reached", reached(r));
	set(object, "stages", stages_array(r->transcript));
	set(object, "tls", tls_object(r->transcript));
	set(object, "seen_source", address(&r->judgement.seen_source));
	set(object, "verdict", json_string(mx_verdict_name(r->judgement.verdict)));
	set(object, "observable", json_boolean(mx_words_observable(r->provider)));
	set(object, "blind_spots", blind_spots_array(r->provider));
	set(object, "finding", finding_object(&r->judgement));
	set(object, "note", string(r->note));
	set(object, "transcript", transcript_array(r->transcript));
	return object;
}

struct json_writer {
	FILE *stream;
};

static void *
json_open(FILE *stream, const struct mx_report_options *options)
{
	struct json_writer *self = mx_calloc(1, sizeof *self);

	(void)options; /* what a program reads depends on no terminal */
	self->stream = stream;
	return self;
}

/* Whole lines, at once: somebody may be reading while sessions still run. */
static void
json_result(void *arg, const struct mx_result *result)
{
	struct json_writer *self = arg;
	json_t *object = result_object(result);

	(void)json_dumpf(
	    object, self->stream, DUMP_FLAGS); /* the stream keeps its error */
	fputc('\n', self->stream);
	fflush(self->stream);
	json_decref(object);
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
