/* recording.c - the parts of the file, in their order; whose names and addresses they were. */
#include "probe/cmd/recording.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/cmd/anonymous.h"
#include "probe/cmd/recording_dialogue.h"

#define EXAMPLE "example.test"
#define EXAMPLE_MX "mx1." EXAMPLE
#define SERVER "127.0.1.1"
#define SOURCE "127.0.0.2"
#define HELO "mail.example.jp"
#define MAIL_FROM "probe@example.jp"

/** A result on its way into a file. */
struct recording {
	FILE *out;
	json_t *result;
	struct mx_anonymous anonymous;
	const struct mx_provider *provider; /* may be NULL */
	char *destination, *mx;             /* as the scenario has them */
	bool has_tls;
};

static const char *
result_text(const struct recording *r, const char *key)
{
	return mx_recording_text(r->result, key);
}

/* ---- whose it was ---- */

static bool
is_providers_domain(const struct mx_provider *provider, const char *domain)
{
	for (size_t i = 0; provider != NULL && i < provider->domain_count; i++)
		if (strcasecmp(provider->domains[i], domain) == 0)
			return true;
	return false;
}

/* A provider's own names are no secret, and rules go by them; of a customer's exchanger only what
 * the provider's all share. */
static char *
name_of_mx(const struct recording *r, const char *host)
{
	const struct mx_provider *provider = r->provider;

	for (size_t i = 0;
	     provider != NULL && host != NULL && i < provider->mx_suffix_count; i++) {
		const char *suffix = provider->mx_suffixes[i];
		size_t len = strlen(suffix), host_len = strlen(host);

		if (*suffix != '.' && strcasecmp(suffix, host) == 0)
			return mx_strdup(suffix);
		if (*suffix == '.' && host_len > len &&
		    strcasecmp(host + host_len - len, suffix) == 0)
			return mx_asprintf("mx1%s", suffix);
	}
	return mx_strdup(EXAMPLE_MX);
}

static void
name_mailbox(struct recording *r, const char *mailbox, const char *to)
{
	const char *at = mailbox != NULL ? strrchr(mailbox, '@') : NULL;

	mx_anonymous_name(&r->anonymous, mailbox, to);
	if (at != NULL && !is_providers_domain(r->provider, at + 1))
		mx_anonymous_name(&r->anonymous, at + 1, "example.jp");
}

static void
name_everybody(struct recording *r)
{
	const json_t *mx = json_object_get(r->result, "mx");
	const char *source = result_text(r, "source");
	char *dashes = mx_strdup(source);

	for (char *c = dashes; c != NULL && *c != '\0'; c++)
		if (*c == '.' || *c == ':')
			*c = '-';
	mx_anonymous_name(&r->anonymous, source, "{client}");
	mx_anonymous_name(&r->anonymous, dashes, "127-0-0-2");
	mx_anonymous_name(&r->anonymous, result_text(r, "helo"), "{helo}");
	mx_anonymous_name(&r->anonymous, mx_recording_text(mx, "address"), SERVER);
	mx_anonymous_name(&r->anonymous, mx_recording_text(mx, "host"), r->mx);
	/* The recipient's domain first: of equal names the first one counts. */
	mx_anonymous_name(&r->anonymous, result_text(r, "destination"), r->destination);
	mx_anonymous_name(&r->anonymous, result_text(r, "rcpt"), "{recipient}");
	name_mailbox(r, result_text(r, "mail_from"), "{sender}");
	free(dashes);
}

/* ---- the parts of the file ---- */

static const json_t *
finding(const struct recording *r)
{
	const json_t *found = json_object_get(r->result, "finding");

	return json_is_object(found) ? found : NULL;
}

/* about: 'blocked at mail: S3140', and where it comes from. */
static void
put_head(struct recording *r)
{
	const char *stage = mx_recording_text(finding(r), "stage");
	const char *code = mx_recording_text(finding(r), "provider_code");
	char *about =
	    mx_asprintf("A recorded session: %s%s%s%s%s", result_text(r, "verdict"),
		stage != NULL ? " at " : "", stage != NULL ? stage : "",
		code != NULL ? ", " : "", code != NULL ? code : "");
	char *origin = mx_asprintf("a session of %.10s; addresses and names are replaced",
	    result_text(r, "time"));

	fputs("about: ", r->out);
	mx_recording_put_quoted(r->out, about);
	fputs("\nsource: ", r->out);
	mx_recording_put_quoted(r->out, origin);
	fputc('\n', r->out);
	free(about);
	free(origin);
}

static void
put_probe(struct recording *r)
{
	const char *mail_from = result_text(r, "mail_from");
	const char *rcpt = result_text(r, "rcpt");
	const char *remark = mx_recording_last_remark(r->result);

	if (remark != NULL && mx_recording_end_of(remark)->is_slow)
		fputs("test_clock: true\n", r->out);
	fprintf(r->out, "probe:\n  to: [%s]\n  source: [%s]\n  helo: %s\n",
	    r->destination, SOURCE, HELO);
	fprintf(r->out, "  mail_from: %s\n",
	    mail_from != NULL && *mail_from == '\0' ? "''" : MAIL_FROM);
	if (rcpt != NULL)
		fprintf(r->out, "  rcpt: [postmaster@%s]\n", r->destination);
	if (result_text(r, "depth") != NULL)
		fprintf(r->out, "  depth: %s\n", result_text(r, "depth"));
}

static void
put_zone(struct recording *r)
{
	fprintf(r->out, "zone:\n  - {name: %s, type: MX, data: 10 %s}\n", r->destination,
	    r->mx);
	fprintf(r->out, "  - {name: %s, type: A, data: %s}\n", r->mx, SERVER);
}

/* The certificate of the test PKI that has the same fault. */
static const char *
certificate(const json_t *tls)
{
	static const struct {
		const char *reason, *kind;
	} faults[] = {
		{ "expired", "expired" },
		{ "not yet valid", "not-yet-valid" },
		{ "self-signed", "self-signed" },
		{ "self signed", "self-signed" },
		{ "issuer", "other-ca" },
		{ "name", "wrong-name" },
	};
	const char *reason = mx_recording_text(tls, "reason");

	for (size_t i = 0; reason != NULL && i < sizeof faults / sizeof *faults; i++)
		if (strstr(reason, faults[i].reason) != NULL)
			return faults[i].kind;
	return "good";
}

static void
put_server(struct recording *r)
{
	const json_t *tls = json_object_get(r->result, "tls");
	const char *version = mx_recording_text(tls, "version");

	fprintf(r->out, "servers:\n  - address: %s\n", SERVER);
	if (!mx_recording_is_connected(r->result)) {
		fprintf(r->out, "    listen: %s\n",
		    mx_recording_end_of(mx_recording_last_remark(r->result))->rule);
		return;
	}
	if (r->has_tls)
		fprintf(r->out, "    tls: %s\n", certificate(tls));
	if (version != NULL &&
	    (strcmp(version, "TLSv1.2") == 0 || strcmp(version, "TLSv1.3") == 0))
		fprintf(r->out, "    tls_version: %s\n", version);
	fputs("    replies:\n", r->out);
	mx_recording_put_replies(r->out, r->result, &r->anonymous, r->has_tls);
}

static int
exit_of(const char *verdict)
{
	static const struct {
		const char *verdict;
		int status;
	} rows[] = {
		{ "accepted", 0 },
		{ "blocked", 1 },
		{ "identity", 2 },
		{ "policy", 2 },
		{ "throttled", 2 },
		{ "greylisted", 2 },
		{ "recipient", 2 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].verdict, verdict) == 0)
			return rows[i].status;
	return 3;
}

static void
put_member(struct recording *r, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_string(value)) {
		fprintf(r->out, "      %s: ", key);
		mx_recording_put_quoted(r->out, json_string_value(value));
		fputc('\n', r->out);
	} else if (json_is_integer(value)) {
		fprintf(r->out, "      %s: %lld\n", key,
		    (long long)json_integer_value(value));
	}
}

static void
put_expectation(struct recording *r)
{
	static const char *const keys[] = { "category", "about", "permanence", "stage",
		"code", "enhanced", "list", "authority", "provider_code" };
	const char *verdict = result_text(r, "verdict");

	fprintf(r->out, "expect:\n  exit: %d\n  results:\n    - verdict: %s\n",
	    exit_of(verdict), verdict);
	put_member(r, r->result, "reached");
	put_member(r, r->result, "provider");
	if (finding(r) == NULL)
		fputs("      finding: none\n", r->out);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put_member(r, finding(r), keys[i]);
	fprintf(r->out, "  polite:\n    - {sessions: %d}\n",
	    mx_recording_is_connected(r->result) ? 1 : 0);
}

/* ---- the whole ---- */

const char *
mx_recording_obstacle(const json_t *result)
{
	const json_t *lines = json_object_get(result, "transcript");
	const char *remark = mx_recording_last_remark(result);
	bool is_connected = mx_recording_is_connected(result);
	const struct mx_recording_end *end;

	if (json_array_size(lines) == 0)
		return "there was no session of its own";
	if (remark == NULL)
		return is_connected ? NULL : "there was no session of its own";
	end = mx_recording_end_of(remark);
	return end != NULL && end->is_connect != is_connected ? NULL : remark;
}

void
mx_recording_write(FILE *out, json_t *result, const struct mx_catalogue *catalogue)
{
	struct recording r = { .out = out, .result = result };
	const char *host = mx_recording_text(json_object_get(result, "mx"), "host");
	const char *provider = result_text(&r, "provider");
	const char *destination = result_text(&r, "destination");

	if (provider != NULL)
		r.provider = mx_catalogue_provider(catalogue, provider);
	r.has_tls = mx_recording_text(json_object_get(result, "tls"), "version") != NULL;
	r.destination = mx_strdup(
	    is_providers_domain(r.provider, destination) ? destination : EXAMPLE);
	r.mx = name_of_mx(&r, host);
	name_everybody(&r);
	put_head(&r);
	put_probe(&r);
	put_zone(&r);
	put_server(&r);
	put_expectation(&r);
	free(r.destination);
	free(r.mx);
	mx_anonymous_clear(&r.anonymous);
}
