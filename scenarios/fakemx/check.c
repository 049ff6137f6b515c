/* check.c - what the schema can't say: which values go together. */
#include "scenarios/fakemx/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/base/yaml_line.h"
#include "scenarios/fakemx/bytes.h"
#include "scenarios/fakemx/zone.h"

/* Where a field stands that isn't in the file is where its record stands. */
static size_t
nearest_line(const char *text, size_t len, const char *field)
{
	char *path = mx_strdup(field);
	size_t line = mx_yaml_line(text, len, path);

	while (line == 0 && *path != '\0') {
		char *dot = strrchr(path, '.'), *bracket = strrchr(path, '[');
		bool is_item = bracket != NULL && (dot == NULL || bracket > dot);
		char *end = is_item ? bracket : dot;

		*(end == NULL ? path : end) = '\0';
		line = mx_yaml_line(text, len, path);
	}
	free(path);
	return line;
}

/* Only so that a complaint can name the line; a file that went away since gives none. */
static size_t
line_of(const char *path, const char *field)
{
	FILE *file = fopen(path, "re");
	size_t room = 0, line = 0;
	char *text = NULL;
	ssize_t len;

	if (file == NULL)
		return 0;
	len = getdelim(&text, &room, '\0', file);
	if (len > 0)
		line = nearest_line(text, (size_t)len, field);
	free(text);
	fclose(file);
	return line;
}

enum mx_err
mx_scenario_complain(const struct mx_scenario *scenario, struct mx_error *err,
    const char *field, const char *format, ...)
{
	size_t line = line_of(scenario->path, field);
	char text[512], number[32] = "", *safe;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (line > 0)
		snprintf(number, sizeof number, ":%zu", line);
	safe = mx_escape_terminal(text, strlen(text)); /* it quotes the file */
	mx_error_set(
	    err, MX_ERR_CONFIG, "%s%s: %s: %s", scenario->path, number, field, safe);
	free(safe);
	return MX_ERR_CONFIG;
}

/* Where we are. Checks return false once err is filled, and nobody reads on. */
struct check {
	const struct mx_scenario *scenario;
	struct mx_error *err;
	struct mx_buf path; /* "servers[1].replies[0]" */
};

/* Append to the path "NAME" or "NAME[INDEX]"; the length before, for mx_buf_cut(). */
static size_t
enter(struct check *c, const char *name)
{
	size_t before = c->path.len;

	mx_buf_addf(&c->path, "%s%s", before > 0 ? "." : "", name);
	return before;
}

static size_t
enter_item(struct check *c, const char *name, unsigned index)
{
	size_t before = enter(c, name);

	mx_buf_addf(&c->path, "[%u]", index);
	return before;
}

__attribute__((format(printf, 3, 4))) static bool
fail(struct check *c, const char *field, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (field != NULL)
		enter(c, field);
	mx_scenario_complain(c->scenario, c->err, c->path.data, "%s", text);
	return false;
}

static bool
check_zone(struct check *c, struct mx_zone *zone)
{
	const struct mx_scenario *s = c->scenario;

	for (unsigned i = 0; i < s->zone_count; i++) {
		size_t before = enter_item(c, "zone", i);
		struct mx_error why = { 0 };

		if (mx_zone_add(zone, &s->zone[i], &why) != MX_OK)
			return fail(c, NULL, "%s", why.text);
		mx_buf_cut(&c->path, before);
	}
	return true;
}

/* A reply line is sent with CRLF behind it: one of its own would make two lines of it. */
static bool
check_lines(struct check *c, const char *name, char **lines, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (strpbrk(lines[i], "\r\n") == NULL)
			continue;
		enter_item(c, name, i);
		return fail(c, NULL,
		    "a line can't hold a line end; use bytes for a stray CR or LF");
	}
	return true;
}

static bool
check_escapes(struct check *c, const char *field, const char *text)
{
	const char *bad = text == NULL ? NULL : mx_bytes_bad_escape(text);

	return bad == NULL || fail(c, field,
				  "unknown escape at \"%.8s\"; there are \\r \\n \\t "
				  "\\\\ \\xNN",
				  bad);
}

static bool
check_when(struct check *c, const struct mx_script_when *when)
{
	struct mx_addr addr;
	struct mx_cidr block;

	if (when->client != NULL && !mx_addr_parse(when->client, &addr) &&
	    !mx_cidr_parse(when->client, &block))
		return fail(c, "client",
		    "\"%s\" is neither an address nor a block (host bits must be zero)",
		    when->client);
	if (when->session_to != 0 && when->session_to < when->session_from)
		return fail(c, "session_to", "less than session_from");
	if (when->before_ms != 0 && when->before_ms <= when->after_ms)
		return fail(c, "before_ms", "not more than after_ms");
	return true;
}

static const char *
rule_fault(const struct mx_script_rule *r)
{
	if (r->delay_ms > MX_SCENARIO_DELAY_MAX_MS ||
	    r->line_delay_ms > MX_SCENARIO_DELAY_MAX_MS)
		return "a delay can't be longer than a day (86400000 ms)";
	if (r->drip != NULL && (r->drip->bytes == 0 || r->drip->every_ms == 0 ||
				   r->drip->every_ms > MX_SCENARIO_DELAY_MAX_MS))
		return "drip needs bytes and every_ms above zero, and at most a day";
	if (r->flood != NULL && r->flood->bytes > MX_SCENARIO_FLOOD_MAX)
		return "flood can't be more than 1073741824 bytes";
	if (r->line_delay_ms > 0 && r->reply_count < 2)
		return "line_delay_ms needs two lines in reply";
	if (r->command == MX_WORD_TLS && r->then == MX_THEN_CONTINUE)
		return "a TLS rule replaces the handshake: say then: close, cut, reset "
		       "or hang";
	if (r->reply_count == 0 && r->bytes == NULL && r->flood == NULL &&
	    r->then == MX_THEN_CONTINUE && r->delay_ms == 0)
		return "the rule does nothing: reply, bytes, flood, delay_ms or then is "
		       "missing";
	return NULL;
}

static bool
check_rule(struct check *c, const struct mx_script_rule *r)
{
	const char *fault = rule_fault(r);
	size_t before;
	bool good;

	if (fault != NULL)
		return fail(c, NULL, "%s", fault);
	if (!check_lines(c, "reply", r->reply, r->reply_count) ||
	    !check_escapes(c, "bytes", r->bytes) ||
	    (r->flood != NULL && !check_escapes(c, "flood.text", r->flood->text)))
		return false;
	if (r->when == NULL)
		return true;
	before = enter(c, "when");
	good = check_when(c, r->when);
	mx_buf_cut(&c->path, before);
	return good;
}

static const char *const tls_kinds[] = { "good", "good-rsa", "expired", "not-yet-valid",
	"wrong-name", "self-signed", "other-ca" };

static bool
is_tls_kind(const char *name)
{
	for (size_t i = 0; i < sizeof tls_kinds / sizeof tls_kinds[0]; i++)
		if (strcmp(tls_kinds[i], name) == 0)
			return true;
	return false;
}

static bool
check_tls(struct check *c, struct mx_fake_server *server)
{
	if (server->tls != NULL && strcmp(server->tls, "none") == 0) {
		free(server->tls);
		server->tls = NULL;
	}
	if (server->tls != NULL && !is_tls_kind(server->tls))
		return fail(c, "tls",
		    "\"%s\" is no certificate; there are none, good, good-rsa, expired, "
		    "not-yet-valid, wrong-name, self-signed and other-ca",
		    server->tls);
	if (server->tls == NULL && server->tls_version != MX_TLSV_ANY)
		return fail(c, "tls_version", "needs tls: a certificate");
	return true;
}

static bool
check_address(struct check *c, unsigned index)
{
	struct mx_fake_server *servers = c->scenario->servers, *server = &servers[index];

	if (!mx_addr_parse(server->address, &server->addr) ||
	    !mx_addr_is_loopback(&server->addr))
		return fail(c, "address",
		    "\"%s\" is no loopback address (127.0.0.0/8 or ::1)",
		    server->address);
	for (unsigned i = 0; i < index; i++)
		if (mx_addr_equal(&servers[i].addr, &server->addr))
			return fail(c, "address", "%s is taken by servers[%u]",
			    server->address, i);
	return true;
}

/* What the server calls itself in its greeting. */
static void
name_server(struct mx_fake_server *server, const struct mx_zone *zone)
{
	const char *name = mx_zone_name_of(zone, &server->addr);
	char literal[MX_ADDR_TEXT];

	if (server->name == NULL)
		server->name = mx_strdup(
		    name != NULL ? name : mx_addr_literal(&server->addr, literal));
}

static bool
check_server(struct check *c, unsigned index)
{
	struct mx_fake_server *server = &c->scenario->servers[index];

	if (!check_address(c, index) || !check_tls(c, server) ||
	    !check_lines(c, "greeting", server->greeting, server->greeting_count) ||
	    !check_lines(
		c, "capabilities", server->capabilities, server->capability_count))
		return false;
	for (unsigned i = 0; i < server->reply_count; i++) {
		size_t before = enter_item(c, "replies", i);

		if (!check_rule(c, &server->replies[i]))
			return false;
		mx_buf_cut(&c->path, before);
	}
	return true;
}

static bool
check_servers(struct check *c, const struct mx_zone *zone)
{
	for (unsigned i = 0; i < c->scenario->server_count; i++) {
		size_t before = enter_item(c, "servers", i);

		if (!check_server(c, i))
			return false;
		name_server(&c->scenario->servers[i], zone);
		mx_buf_cut(&c->path, before);
	}
	return true;
}

/* Sessions must stay on this machine whatever the file says. */
static bool
check_probe(struct check *c)
{
	const struct mx_scenario_probe *probe = &c->scenario->probe;

	for (unsigned i = 0; i < probe->source_count; i++) {
		size_t before = enter_item(c, "probe.source", i);
		struct mx_addr addr;

		if (!mx_addr_parse(probe->source[i], &addr) ||
		    !mx_addr_is_loopback(&addr))
			return fail(c, NULL,
			    "\"%s\" is no loopback address (127.0.0.0/8 or ::1)",
			    probe->source[i]);
		mx_buf_cut(&c->path, before);
	}
	if (c->scenario->expect != NULL && probe->to_count == 0)
		return fail(c, "probe.to",
		    "missing: without a destination nothing is probed, so nothing can be "
		    "expected");
	return true;
}

static bool
has_server(const struct mx_scenario *s, const char *address)
{
	struct mx_addr addr;

	if (!mx_addr_parse(address, &addr))
		return false;
	for (unsigned i = 0; i < s->server_count; i++)
		if (mx_addr_equal(&addr, &s->servers[i].addr))
			return true;
	return false;
}

static bool
check_expect(struct check *c)
{
	const struct mx_expect *e = c->scenario->expect;

	for (unsigned i = 0; e != NULL && i < e->polite_count; i++) {
		const char *server = e->polite[i].server;

		if (server == NULL || has_server(c->scenario, server))
			continue;
		enter_item(c, "expect.polite", i);
		return fail(c, "server", "no server has the address %s", server);
	}
	for (unsigned i = 0; e != NULL && i < e->result_count; i++) {
		const char *finding = e->results[i].finding;

		if (finding == NULL || strcmp(finding, "none") == 0)
			continue;
		enter_item(c, "expect.results", i);
		return fail(c, "finding", "only \"none\" can be said here");
	}
	return true;
}

enum mx_err
mx_scenario_check(struct mx_scenario *scenario, struct mx_error *err)
{
	struct check c = { .scenario = scenario, .err = err };
	struct mx_zone zone = { 0 };
	bool good;

	mx_buf_init(&c.path, 256);
	good = check_zone(&c, &zone) && check_servers(&c, &zone) && check_probe(&c) &&
	       check_expect(&c);
	mx_buf_clear(&c.path);
	mx_zone_clear(&zone);
	return good ? MX_OK : MX_ERR_CONFIG;
}
