/* expect.c - results against the JSON lines, politeness against the oracle. */
#include "probe/cmd/expect.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define RESULTS_MAX 4096

enum how {
	SAME,
	WITHIN, /* what is expected occurs in it */
	SAME_NUMBER
};

/* One row per field of expect.results. clang-format would make a paragraph of it. */
/* clang-format off */
static const struct field {
	const char *name;   /* in the scenario */
	const char *path;   /* in the JSON object */
	size_t offset;
	enum how how;
	bool selects;       /* chooses the line rather than judging it */
} fields[] = {
#define ROW(name, path, how, selects) \
	{ #name, path, offsetof(struct mx_expect_result, name), how, selects }
	ROW(source,        "source",                SAME,        true),
	ROW(destination,   "destination",           SAME,        true),
	ROW(mx,            "mx.host",               SAME,        true),
	ROW(server,        "mx.address",            SAME,        true),
	ROW(verdict,       "verdict",               SAME,        false),
	ROW(category,      "finding.category",      SAME,        false),
	ROW(about,         "finding.about",         SAME,        false),
	ROW(permanence,    "finding.permanence",    SAME,        false),
	ROW(stage,         "finding.stage",         SAME,        false),
	ROW(reached,       "reached",               SAME,        false),
	ROW(depth,         "depth",                 SAME,        false),
	ROW(code,          "finding.code",          SAME_NUMBER, false),
	ROW(enhanced,      "finding.enhanced",      SAME,        false),
	ROW(list,          "finding.list",          SAME,        false),
	ROW(authority,     "finding.authority",     SAME,        false),
	ROW(provider,      "provider",              SAME,        false),
	ROW(provider_code, "finding.provider_code", SAME,        false),
	ROW(listed_value,  "finding.listed_value",  SAME,        false),
	ROW(retry_after_s, "finding.retry_after_s", SAME_NUMBER, false),
	ROW(text,          "finding.text",          WITHIN,      false),
	ROW(tls_version,   "tls.version",           SAME,        false),
	ROW(tls_verified,  "tls.verified",          SAME,        false),
	ROW(tls_reason,    "tls.reason",            WITHIN,      false),
	ROW(dane,          "tls.dane",              SAME,        false),
	ROW(mta_sts,       "tls.mta_sts",           SAME,        false),
	ROW(rcpt,          "rcpt",                  SAME,        false),
	ROW(helo,          "helo",                  SAME,        false),
	ROW(seen_source,   "seen_source",           SAME,        false),
	ROW(seen_as,       "seen_as",               SAME,        false),
	ROW(probed,        "coverage.probed",       SAME_NUMBER, false),
	ROW(addresses,     "coverage.of",           SAME_NUMBER, false),
	ROW(note,          "note",                  WITHIN,      false),
#undef ROW
};
/* clang-format on */

/* Differences quote remote bytes: escaped here, once. A buffer that is full keeps what it has. */
__attribute__((format(printf, 2, 3))) static void
differ(struct mx_buf *out, const char *format, ...)
{
	struct mx_buf line;
	va_list args;
	char *text = NULL, *safe;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (text == NULL)
		mx_out_of_memory();
	safe = mx_escape_terminal(text, strlen(text));
	mx_buf_init(&line, out->limit);
	if (mx_buf_addf(&line, "%s\n", safe))
		mx_buf_add(out, line.data, line.len);
	mx_buf_clear(&line);
	free(safe);
	free(text);
}

/* ---- one result ---- */

static const json_t *
value_at(const json_t *object, const char *path)
{
	const char *dot = strchr(path, '.');
	char *key;
	const json_t *value;

	if (dot == NULL)
		return json_object_get(object, path);
	key = mx_strndup(path, (size_t)(dot - path));
	value = value_at(json_object_get(object, key), dot + 1);
	free(key);
	return value;
}

/* As text, whatever its type. Caller frees. */
static char *
text_of(const json_t *value)
{
	if (json_is_string(value))
		return mx_strdup(json_string_value(value));
	if (json_is_integer(value))
		return mx_asprintf("%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value))
		return mx_strdup(json_is_true(value) ? "true" : "false");
	return mx_strdup("null");
}

/* The expected value as text; NULL: not asked for. Caller frees. */
static char *
wanted_text(const struct field *field, const struct mx_expect_result *expected)
{
	const void *member = (const char *)expected + field->offset;

	if (field->how == SAME_NUMBER) {
		const int *number = *(int *const *)member;

		return number == NULL ? NULL : mx_asprintf("%d", *number);
	}
	return mx_strdup(*(char *const *)member);
}

static bool
field_holds(const struct field *field, const char *wanted, const char *found)
{
	return field->how == WITHIN ? strstr(found, wanted) != NULL
				    : strcmp(found, wanted) == 0;
}

static bool
is_selected(const struct mx_expect_result *expected, const json_t *line)
{
	bool selected = true;

	for (size_t i = 0; i < COUNT(fields) && selected; i++) {
		char *wanted =
		    fields[i].selects ? wanted_text(&fields[i], expected) : NULL;
		char *found = text_of(value_at(line, fields[i].path));

		selected = wanted == NULL || field_holds(&fields[i], wanted, found);
		free(found);
		free(wanted);
	}
	return selected;
}

static char *
label_of(const json_t *line)
{
	char *source = text_of(json_object_get(line, "source"));
	char *destination = text_of(json_object_get(line, "destination"));
	char *address = text_of(value_at(line, "mx.address"));
	char *label = mx_asprintf("%s > %s (%s)", source, destination, address);

	free(source);
	free(destination);
	free(address);
	return label;
}

static bool
was_said(const json_t *line, const char *wanted)
{
	const json_t *transcript = json_object_get(line, "transcript");
	const char *text;

	for (size_t i = 0; i < json_array_size(transcript); i++) {
		text = json_string_value(
		    json_object_get(json_array_get(transcript, i), "line"));
		if (text != NULL && strstr(text, wanted) != NULL)
			return true;
	}
	return false;
}

/* Is there a row of that name with that result? "ptr fail" */
static bool
has_check(const json_t *line, const char *wanted, size_t len)
{
	const json_t *checks = value_at(line, "identity.checks");
	bool has = false;

	for (size_t i = 0; i < json_array_size(checks) && !has; i++) {
		const json_t *row = json_array_get(checks, i);
		char *check = text_of(json_object_get(row, "check"));
		char *result = text_of(json_object_get(row, "result"));
		char *both = mx_asprintf("%s %s", check, result);

		has = strlen(both) == len && strncmp(both, wanted, len) == 0;
		free(check);
		free(result);
		free(both);
	}
	return has;
}

/* "ptr fail, spf_mail_from pass": each of them. */
static void
compare_identity(
    const char *wanted, const json_t *line, const char *label, struct mx_buf *out)
{
	while (*wanted != '\0') {
		size_t len = strcspn(wanted, ",");

		if (!has_check(line, wanted, len))
			differ(out, "%s: identity has no row \"%.*s\"", label, (int)len,
			    wanted);
		wanted += len;
		wanted += strspn(wanted, ", ");
	}
}

static void
compare_result(
    const struct mx_expect_result *expected, const json_t *line, struct mx_buf *out)
{
	char *label = label_of(line);

	for (size_t i = 0; i < COUNT(fields); i++) {
		char *wanted = wanted_text(&fields[i], expected);
		char *found = text_of(value_at(line, fields[i].path));

		if (wanted != NULL && !field_holds(&fields[i], wanted, found))
			differ(out, "%s: %s is \"%s\", expected %s\"%s\"", label,
			    fields[i].name, found,
			    fields[i].how == WITHIN ? "something with " : "", wanted);
		free(found);
		free(wanted);
	}
	if (expected->said != NULL && !was_said(line, expected->said))
		differ(out, "%s: nobody said \"%s\"", label, expected->said);
	if (expected->identity != NULL)
		compare_identity(expected->identity, line, label, out);
	if (expected->finding != NULL && !json_is_null(json_object_get(line, "finding")))
		differ(out, "%s: there is a finding, expected none", label);
	free(label);
}

/* ---- all results: each expectation claims one line, and no line is left over ---- */

struct lines {
	json_t *items[RESULTS_MAX];
	bool claimed[RESULTS_MAX];
	size_t count;
};

static void
read_lines(struct lines *lines, const char *out, size_t len, struct mx_buf *differences)
{
	const char *end = out + len;

	while (out < end) {
		const char *newline = memchr(out, '\n', (size_t)(end - out));
		size_t line_len = (size_t)((newline == NULL ? end : newline) - out);
		json_error_t why;
		json_t *line = json_loadb(out, line_len, JSON_ALLOW_NUL, &why);

		if (line == NULL || lines->count == RESULTS_MAX)
			differ(differences, "output line %zu is no JSON: %s",
			    lines->count + 1, line == NULL ? why.text : "too many lines");
		else
			lines->items[lines->count++] = line;
		if (line == NULL || newline == NULL)
			return;
		out = newline + 1;
	}
}

static void
compare_results(const struct mx_expect *expect, struct lines *lines, struct mx_buf *out)
{
	for (unsigned i = 0; i < expect->result_count; i++) {
		const struct mx_expect_result *expected = &expect->results[i];
		size_t at = 0;

		while (at < lines->count &&
		       (lines->claimed[at] || !is_selected(expected, lines->items[at])))
			at++;
		if (at == lines->count) {
			differ(out, "expect.results[%u]: no line of the output fits", i);
			continue;
		}
		lines->claimed[at] = true;
		compare_result(expected, lines->items[at], out);
	}
	for (size_t i = 0; i < lines->count; i++) {
		char *label;

		if (lines->claimed[i])
			continue;
		label = label_of(lines->items[i]);
		differ(out, "%s: a result that nobody expected", label);
		free(label);
	}
}

/* ---- politeness ---- */

static size_t
server_number(const struct mx_fakemx *fakemx, const char *address)
{
	struct mx_addr addr;

	if (address == NULL || !mx_addr_parse(address, &addr))
		return MX_ORACLE_ALL;
	for (size_t i = 0; i < mx_fakemx_server_count(fakemx); i++)
		if (mx_addr_equal(&mx_fakemx_server(fakemx, i)->addr, &addr))
			return i;
	return MX_ORACLE_ALL;
}

static void
compare_count(const char *whom, const char *what, const int *wanted, size_t found,
    struct mx_buf *out)
{
	if (wanted != NULL && (*wanted < 0 || (size_t)*wanted != found))
		differ(out, "%s saw %zu %s, expected %d", whom, found, what, *wanted);
}

static void
compare_dialogue(const struct mx_fakemx *fakemx, size_t server, const char *whom,
    const char *wanted, struct mx_buf *out)
{
	size_t count;
	const struct mx_seen_session *s =
	    mx_oracle_sessions(mx_fakemx_oracle(fakemx), &count);

	for (size_t i = 0; i < count; i++) {
		const char *found = s[i].dialogue.len > 0 ? s[i].dialogue.data : "";

		if ((server == MX_ORACLE_ALL || s[i].server == server) &&
		    strcmp(found, wanted) != 0)
			differ(
			    out, "%s heard \"%s\", expected \"%s\"", whom, found, wanted);
	}
}

static void
compare_polite(const struct mx_fakemx *fakemx, const struct mx_expect_polite *polite,
    struct mx_buf *out)
{
	const struct mx_oracle *oracle = mx_fakemx_oracle(fakemx);
	size_t server = server_number(fakemx, polite->server);
	const char *whom = polite->server != NULL ? polite->server : "the servers";

	compare_count(whom, "sessions", polite->sessions,
	    mx_oracle_session_count(oracle, server), out);
	compare_count(whom, "RCPTs", polite->rcpts, mx_oracle_rcpts(oracle, server), out);
	compare_count(whom, "sessions at once", polite->parallel,
	    mx_oracle_parallel(oracle, server), out);
	if (polite->dialogue != NULL)
		compare_dialogue(fakemx, server, whom, polite->dialogue, out);
}

size_t
mx_expect_promises(const struct mx_fakemx *fakemx, bool null_sender, bool parallel,
    struct mx_buf *differences)
{
	size_t count, broken = 0;
	const struct mx_seen_session *s =
	    mx_oracle_sessions(mx_fakemx_oracle(fakemx), &count);

	for (size_t i = 0; i < count; i++) {
		const char *address = mx_fakemx_server(fakemx, s[i].server)->address;
		const char *said = s[i].dialogue.len > 0 ? s[i].dialogue.data : "nothing";

		for (enum mx_promise p = 0; p < MX_PROMISE_COUNT; p++) {
			if ((s[i].broken & (1U << p)) == 0 ||
			    (p == MX_PROMISE_PARALLEL && parallel))
				continue;
			differ(differences,
			    "impolite: at %s, after \"%s\", the prober %s", address, said,
			    mx_promise_text(p));
			broken++;
		}
		if (s[i].null_sender && !null_sender) {
			differ(differences,
			    "impolite: at %s the prober used the null sender unasked",
			    address);
			broken++;
		}
	}
	return broken;
}

static bool
wants_parallel(const struct mx_expect *expect)
{
	for (unsigned i = 0; i < expect->polite_count; i++)
		if (expect->polite[i].parallel != NULL && *expect->polite[i].parallel > 1)
			return true;
	return false;
}

/* ---- the whole ---- */

static void
compare_run(
    const struct mx_expect *expect, const struct mx_happened *h, struct mx_buf *out)
{
	long long elapsed_ms = h->ran->elapsed_us / 1000;

	if (h->ran->status != expect->exit)
		differ(
		    out, "exit status is %d, expected %d", h->ran->status, expect->exit);
	if (expect->within_ms > 0 && elapsed_ms > expect->within_ms)
		differ(out, "it took %lld ms, expected at most %u", elapsed_ms,
		    expect->within_ms);
	if (expect->memory_mib > 0 && h->ran->peak_kib > (long)expect->memory_mib * 1024)
		differ(out, "it took %ld MiB of memory, expected at most %u",
		    h->ran->peak_kib / 1024, expect->memory_mib);
	for (unsigned i = 0; i < expect->diagnostic_count; i++)
		if (strstr(h->diagnostics, expect->diagnostics[i]) == NULL)
			differ(out, "the diagnostics don't say \"%s\"",
			    expect->diagnostics[i]);
}

void
mx_expect_compare(const struct mx_scenario *scenario, const struct mx_happened *happened,
    struct mx_buf *differences)
{
	const struct mx_expect *expect = scenario->expect;
	const char *sender = scenario->probe.mail_from;
	struct lines *lines = mx_calloc(1, sizeof *lines);

	compare_run(expect, happened, differences);
	read_lines(lines, happened->out, happened->out_len, differences);
	compare_results(expect, lines, differences);
	for (unsigned i = 0; i < expect->polite_count; i++)
		compare_polite(happened->fakemx, &expect->polite[i], differences);
	mx_expect_promises(happened->fakemx, sender != NULL && sender[0] == '\0',
	    wants_parallel(expect), differences);
	for (size_t i = 0; i < lines->count; i++)
		json_decref(lines->items[i]);
	free(lines);
}
