/* script.c - conditions of rules, and the manners of a server without any. */
#include "scenarios/fakemx/script.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

static bool
client_fits(const char *wanted, const struct mx_addr *client)
{
	struct mx_addr addr;
	struct mx_cidr block;

	if (wanted == NULL)
		return true;
	if (mx_addr_parse(wanted, &addr))
		return mx_addr_equal(&addr, client);
	return mx_cidr_parse(wanted, &block) && mx_cidr_contains(&block, client);
}

static bool
pattern_fits(const char *pattern, const char *text)
{
	return pattern == NULL ||
	       (text != NULL && fnmatch(pattern, text, FNM_CASEFOLD | FNM_NOESCAPE) == 0);
}

static bool
moment_fits(const struct mx_script_when *when, const struct mx_script_facts *facts)
{
	int64_t elapsed_ms = facts->elapsed_us / 1000;

	return facts->session >= when->session_from &&
	       (when->session_to == 0 || facts->session <= when->session_to) &&
	       elapsed_ms >= when->after_ms &&
	       (when->before_ms == 0 || elapsed_ms < when->before_ms) &&
	       facts->others >= when->others;
}

static bool
holds(const struct mx_script_when *when, const struct mx_script_facts *facts)
{
	if (when == NULL)
		return true;
	if (when->tls != MX_WHEN_EITHER &&
	    (when->tls == MX_WHEN_ENCRYPTED) != facts->encrypted)
		return false;
	return moment_fits(when, facts) && client_fits(when->client, &facts->client) &&
	       pattern_fits(when->helo, facts->helo) &&
	       pattern_fits(when->sender, facts->sender) &&
	       pattern_fits(when->recipient, facts->recipient);
}

static bool
answers(enum mx_word rule, enum mx_word said)
{
	if (rule == MX_WORD_ANY)
		return said != MX_WORD_CONNECT && said != MX_WORD_TLS;
	return rule == said;
}

const struct mx_script_rule *
mx_script_pick(const struct mx_fake_server *server, const struct mx_script_facts *facts)
{
	for (unsigned i = 0; i < server->reply_count; i++) {
		const struct mx_script_rule *rule = &server->replies[i];

		if (answers(rule->command, facts->word) && holds(rule->when, facts))
			return rule;
	}
	return NULL;
}

static void
say_greeting(const struct mx_fake_server *server, struct mx_buf *out)
{
	for (unsigned i = 0; i < server->greeting_count; i++)
		mx_buf_addf(out, "%s\r\n", server->greeting[i]);
	if (server->greeting_count == 0)
		mx_buf_addf(out, "220 %s ESMTP\r\n", server->name);
}

/* The default extensions are those that any probe meets at a plain Postfix. */
static void
say_ehlo(const struct mx_fake_server *server, const struct mx_script_facts *facts,
    struct mx_buf *out)
{
	mx_buf_addf(out, "250-%s\r\n", server->name);
	if (server->tls != NULL && !facts->encrypted)
		mx_buf_addstr(out, "250-STARTTLS\r\n");
	for (unsigned i = 0; i < server->capability_count; i++)
		mx_buf_addf(out, "250%c%s\r\n",
		    i + 1 < server->capability_count ? '-' : ' ',
		    server->capabilities[i]);
	if (server->capability_count == 0)
		mx_buf_addstr(out,
		    "250-SIZE 10240000\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n");
}

static const char *
answer_to_starttls(
    const struct mx_fake_server *server, const struct mx_script_facts *facts)
{
	if (server->tls == NULL)
		return "502 5.5.1 STARTTLS is not offered";
	return facts->encrypted ? "503 5.5.1 TLS is already active"
				: "220 2.0.0 Ready to start TLS";
}

static const char *
answer(const struct mx_fake_server *server, const struct mx_script_facts *facts)
{
	bool greeted = facts->helo != NULL;

	switch (facts->word) {
	case MX_WORD_STARTTLS:
		return answer_to_starttls(server, facts);
	case MX_WORD_MAIL:
		return greeted ? "250 2.1.0 Ok" : "503 5.5.1 EHLO or HELO first";
	case MX_WORD_RCPT:
		return facts->mail_given ? "250 2.1.5 Ok" : "503 5.5.1 MAIL first";
	case MX_WORD_RSET:
	case MX_WORD_NOOP:
		return "250 2.0.0 Ok";
	case MX_WORD_QUIT:
		return "221 2.0.0 Bye";
	case MX_WORD_DATA:
	case MX_WORD_BDAT:
	case MX_WORD_VRFY:
	case MX_WORD_EXPN:
		return "502 5.5.1 Nobody asked for this";
	case MX_WORD_CONNECT:
	case MX_WORD_EHLO:
	case MX_WORD_HELO:
	case MX_WORD_TLS:
	case MX_WORD_OTHER:
	case MX_WORD_ANY:
		break;
	}
	return "500 5.5.2 Command not recognised";
}

enum mx_then
mx_script_default(const struct mx_fake_server *server,
    const struct mx_script_facts *facts, struct mx_buf *out)
{
	if (facts->word == MX_WORD_CONNECT)
		say_greeting(server, out);
	else if (facts->word == MX_WORD_EHLO)
		say_ehlo(server, facts, out);
	else if (facts->word == MX_WORD_HELO)
		mx_buf_addf(out, "250 %s\r\n", server->name);
	else
		mx_buf_addf(out, "%s\r\n", answer(server, facts));
	return facts->word == MX_WORD_QUIT ? MX_THEN_CLOSE : MX_THEN_CONTINUE;
}
