/* scenario_record.c - `mxprobe scenario record`: a session that was kept becomes a scenario. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/anonymous.h"
#include "probe/cmd/remembered.h"
#include "probe/cmd/scenario_actions.h"
#include "probe/store/history.h"

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
	/* while the dialogue is walked */
	const char *command; /* what is answered now: "CONNECT", "MAIL", ... */
	bool is_encrypted, is_answered;
};

static const char *
text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const char *
result_text(const struct recording *r, const char *key)
{
	return text_at(r->result, key);
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
	mx_anonymous_name(&r->anonymous, text_at(mx, "address"), SERVER);
	mx_anonymous_name(&r->anonymous, text_at(mx, "host"), r->mx);
	/* The recipient's domain first: of equal names the first one counts. */
	mx_anonymous_name(&r->anonymous, result_text(r, "destination"), r->destination);
	mx_anonymous_name(&r->anonymous, result_text(r, "rcpt"), "{recipient}");
	name_mailbox(r, result_text(r, "mail_from"), "{sender}");
	free(dashes);
}

/* ---- YAML ---- */

/* A JSON string is a YAML string, where all that is not ASCII stays as it is. */
static void
put_quoted(FILE *out, const char *text)
{
	json_t *value = json_string(text);
	char *quoted =
	    value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : mx_strdup("\"\"");

	if (quoted == NULL)
		mx_out_of_memory();
	fputs(quoted, out);
	free(quoted);
	json_decref(value);
}

static void
put_anonymous(struct recording *r, const char *text)
{
	char *changed = mx_anonymous_text(&r->anonymous, text);

	put_quoted(r->out, changed);
	free(changed);
}

/* ---- the dialogue ---- */

/* "MAIL" of "MAIL FROM:<...>". */
static const char *
command_of(const char *line)
{
	static const char *const commands[] = { "EHLO", "HELO", "STARTTLS", "MAIL",
		"RCPT", "RSET", "NOOP", "QUIT" };

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strncasecmp(line, commands[i], strlen(commands[i])) == 0)
			return commands[i];
	return "OTHER";
}

static void
begin_rule(struct recording *r)
{
	fprintf(r->out, "      - command: %s\n", r->command);
	if (r->has_tls && strcmp(r->command, "CONNECT") != 0 &&
	    strcmp(r->command, "STARTTLS") != 0 && strcmp(r->command, "TLS") != 0)
		fprintf(r->out, "        when: {tls: %s}\n",
		    r->is_encrypted ? "encrypted" : "plain");
}

/* What has no code may stand between the lines of a reply. */
static bool
is_last_line(const char *line)
{
	return strspn(line, "0123456789") >= 3 && line[3] != '-';
}

/* The reply that begins at index; returns the index of its last line. The 220 that begins TLS is the
 * server's own business. */
static size_t
put_reply(struct recording *r, const json_t *lines, size_t index)
{
	const char *text = text_at(json_array_get(lines, index), "line");
	bool is_own = strcmp(r->command, "STARTTLS") == 0 && strncmp(text, "220", 3) == 0;

	if (!is_own) {
		begin_rule(r);
		fputs("        reply:\n", r->out);
	}
	for (;; index++) {
		const json_t *next = json_array_get(lines, index + 1);
		const char *from = text_at(next, "from");

		text = text_at(json_array_get(lines, index), "line");
		if (!is_own) {
			fputs("          - ", r->out);
			put_anonymous(r, text);
			fputc('\n', r->out);
		}
		if (is_last_line(text) || from == NULL || strcmp(from, "server") != 0)
			break;
	}
	if (is_own)
		r->command = "TLS";
	r->is_answered = !is_own;
	return index;
}

/* How the server, or what is left of it, ends a session; the words are those of the transcript. Ends
 * that are not here depend on bytes that nobody kept. */
/* clang-format off */
static const struct {
	const char *text, *rule; /* rule NULL: the lines themselves do it */
	bool is_connect; /* there is no session, but a port: rule is about that */
	bool is_slow;
} ends[] = {
	{ "the peer closed the connection",       "then: close", false, false },
	{ "the peer closed without close_notify", "then: cut",   false, false },
	{ "the peer reset the connection",        "then: reset", false, false },
	{ "no reply before the deadline",         "then: hang",  false, true },
	{ "text behind a complete reply",  "bytes: '250 2.0.0 Ok\\r\\n'", false, false },
	{ "a line that is no SMTP reply",         NULL,          false, false },
	{ "connection refused",                   "refuse",      true,  false },
	{ "no answer to our connection attempt",  "drop",        true,  true },
	{ "no answer; the kernel gave up",        "drop",        true,  true },
};
/* clang-format on */
#define ENDS (sizeof ends / sizeof *ends)

/* ENDS: none of them. */
static size_t
end_of(const char *line)
{
	size_t i = 0;

	while (i < ENDS && strcmp(ends[i].text, line) != 0)
		i++;
	return i;
}

static bool
is_end(const char *line)
{
	return strncmp(line, "connected", 9) != 0 && strncmp(line, "TLSv", 4) != 0;
}

/* The remark that ended the session; NULL: it was said goodbye to. */
static const char *
last_remark(const json_t *result)
{
	const json_t *lines = json_object_get(result, "transcript");

	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *row = json_array_get(lines, i);
		const char *from = text_at(row, "from"), *line = text_at(row, "line");

		if (from != NULL && line != NULL && strcmp(from, "probe") == 0 &&
		    is_end(line))
			return line;
	}
	return NULL;
}

static void
put_end(struct recording *r, const char *line)
{
	size_t end = end_of(line);

	if (end == ENDS || ends[end].rule == NULL)
		return;
	/* Behind a reply it is that rule's, else a rule of its own. */
	if (!r->is_answered)
		begin_rule(r);
	fprintf(r->out, "        %s\n", ends[end].rule);
}

static void
put_dialogue(struct recording *r)
{
	const json_t *lines = json_object_get(r->result, "transcript");

	r->command = "CONNECT";
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *row = json_array_get(lines, i);
		const char *from = text_at(row, "from"), *line = text_at(row, "line");

		if (from == NULL || line == NULL)
			continue;
		if (strcmp(from, "server") == 0) {
			i = put_reply(r, lines, i);
		} else if (strcmp(from, "client") == 0) {
			r->command = command_of(line);
			r->is_answered = false;
		} else if (strncmp(line, "TLSv", 4) == 0) {
			r->is_encrypted = true;
		} else if (is_end(line)) {
			put_end(r, line);
			return;
		}
	}
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
	const char *stage = text_at(finding(r), "stage");
	const char *code = text_at(finding(r), "provider_code");
	char *about =
	    mx_asprintf("A recorded session: %s%s%s%s%s", result_text(r, "verdict"),
		stage != NULL ? " at " : "", stage != NULL ? stage : "",
		code != NULL ? ", " : "", code != NULL ? code : "");
	char *origin = mx_asprintf("a session of %.10s; addresses and names are replaced",
	    result_text(r, "time"));

	fputs("about: ", r->out);
	put_quoted(r->out, about);
	fputs("\nsource: ", r->out);
	put_quoted(r->out, origin);
	fputc('\n', r->out);
	free(about);
	free(origin);
}

static bool
is_connected(const struct recording *r)
{
	const json_t *lines = json_object_get(r->result, "transcript");
	const char *first = text_at(json_array_get(lines, 0), "line");

	return first != NULL && strncmp(first, "connected", 9) == 0;
}

static void
put_probe(struct recording *r)
{
	const char *mail_from = result_text(r, "mail_from");
	const char *rcpt = result_text(r, "rcpt");
	const char *remark = last_remark(r->result);

	if (remark != NULL && ends[end_of(remark)].is_slow)
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
	const char *reason = text_at(tls, "reason");

	for (size_t i = 0; reason != NULL && i < sizeof faults / sizeof *faults; i++)
		if (strstr(reason, faults[i].reason) != NULL)
			return faults[i].kind;
	return "good";
}

static void
put_server(struct recording *r)
{
	const json_t *tls = json_object_get(r->result, "tls");
	const char *version = text_at(tls, "version");

	fprintf(r->out, "servers:\n  - address: %s\n", SERVER);
	if (!is_connected(r)) {
		fprintf(r->out, "    listen: %s\n",
		    ends[end_of(last_remark(r->result))].rule);
		return;
	}
	if (r->has_tls)
		fprintf(r->out, "    tls: %s\n", certificate(tls));
	if (version != NULL &&
	    (strcmp(version, "TLSv1.2") == 0 || strcmp(version, "TLSv1.3") == 0))
		fprintf(r->out, "    tls_version: %s\n", version);
	fputs("    replies:\n", r->out);
	put_dialogue(r);
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
		put_quoted(r->out, json_string_value(value));
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
	fprintf(r->out, "  polite:\n    - {sessions: %d}\n", is_connected(r) ? 1 : 0);
}

static void
put_scenario(struct recording *r, const struct mx_catalogue *catalogue)
{
	const char *host = text_at(json_object_get(r->result, "mx"), "host");
	const char *provider = result_text(r, "provider");
	const char *destination = result_text(r, "destination");

	if (provider != NULL)
		r->provider = mx_catalogue_provider(catalogue, provider);
	r->has_tls = text_at(json_object_get(r->result, "tls"), "version") != NULL;
	r->destination = mx_strdup(
	    is_providers_domain(r->provider, destination) ? destination : EXAMPLE);
	r->mx = name_of_mx(r, host);
	name_everybody(r);
	put_head(r);
	put_probe(r);
	put_zone(r);
	put_server(r);
	put_expectation(r);
	free(r->destination);
	free(r->mx);
	mx_anonymous_clear(&r->anonymous);
}

/* ---- the command ---- */

/* What stands against making a scenario of it; NULL: nothing. */
static const char *
obstacle(const json_t *result)
{
	const json_t *lines = json_object_get(result, "transcript");
	const char *remark = last_remark(result);
	const char *first = text_at(json_array_get(lines, 0), "line");
	bool is_connected = first != NULL && strncmp(first, "connected", 9) == 0;

	if (json_array_size(lines) == 0)
		return "there was no session of its own";
	if (remark == NULL)
		return is_connected ? NULL : "there was no session of its own";
	return end_of(remark) < ENDS && ends[end_of(remark)].is_connect != is_connected
		   ? NULL
		   : remark;
}

/* NULL: err says why. */
static json_t *
load_result(struct mx_store *store, const char *id, struct mx_error *err)
{
	char *text = mx_store_evidence(store, id, err);
	json_t *result = text != NULL ? json_loads(text, 0, NULL) : NULL;
	char *shown = mx_escape_terminal(id, strlen(id));
	const char *why = result != NULL ? obstacle(result) : NULL;

	free(text);
	if (result == NULL)
		mx_error_set(err, MX_ERR_USAGE,
		    "scenario record: no session is kept as \"%.40s\"; mxprobe history "
		    "--format json has the ids",
		    shown);
	else if (why != NULL)
		mx_error_set(err, MX_ERR_USAGE,
		    "scenario record: no scenario can be made of %.40s: %.200s", shown,
		    why);
	free(shown);
	if (why == NULL)
		return result;
	json_decref(result);
	return NULL;
}

/* Never over a file that is there. */
static FILE *
open_output(const char *path, FILE *fallback, struct mx_error *err)
{
	int fd;

	if (path == NULL)
		return fallback;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0) {
		mx_error_sys(err, errno, "%.200s", path);
		return NULL;
	}
	return fdopen(fd, "w");
}

static enum mx_err
record(struct mx_cli *cli, const struct mx_scenario_options *options,
    struct mx_remembered *remembered, struct mx_error *err)
{
	struct recording r = { .out = NULL };

	if (options->file_count != 1)
		return mx_error_set(err, MX_ERR_USAGE,
		    "say which session: mxprobe scenario record ID (mxprobe history "
		    "--format json has the ids)");
	if (mx_remembered_open(remembered, cli, options->store, MX_STORE_READ, err) !=
	    MX_OK)
		return err->code;
	r.result = load_result(remembered->store, options->files[0], err);
	if (r.result == NULL)
		return err->code;
	r.out = open_output(options->output, cli->out, err);
	if (r.out != NULL) {
		put_scenario(&r, remembered->catalogue);
		if (fflush(r.out) != 0)
			mx_error_sys(err, errno, "the scenario can't be written");
		if (r.out != cli->out)
			(void)fclose(r.out);
	}
	json_decref(r.result);
	return err->code;
}

int
mx_scenario_record(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files)
{
	struct mx_remembered remembered = { .store = NULL };
	struct mx_error err = { 0 };
	int status = 0;

	(void)files;
	if (record(cli, options, &remembered, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	mx_remembered_close(&remembered);
	return status;
}
