/* services.c - web, deliver, alerts: where to listen, whom to submit to, whom to tell. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/addr.h"
#include "probe/base/clock.h"
#include "probe/base/duration.h"
#include "probe/base/mem.h"
#include "probe/config/check.h"
#include "probe/dns/name.h"

#define GROUP_WAIT_MOST MX_DAY_US

/* A relative path would mean another file to a daemon than to a shell. */
static enum mx_err
check_file(const struct mx_config *config, const char *field, const char *path,
    struct mx_error *err)
{
	if (path == NULL || *path == '/')
		return MX_OK;
	return mx_config_refuse(
	    config, field, path, "no absolute path; begin it with /", err);
}

/* ---- web ---- */

static enum mx_err
check_listen(
    const struct mx_config *config, const struct mx_config_web *web, struct mx_error *err)
{
	struct mx_addr addr;

	if (web->listen == NULL)
		return MX_OK;
	if (!mx_addr_parse_listen(web->listen, &addr))
		return mx_config_refuse(config, "web.listen", web->listen,
		    "neither ADDRESS:PORT nor [IPV6]:PORT", err);
	if (mx_addr_is_loopback(&addr))
		return MX_OK;
	if (web->tls.cert == NULL)
		return mx_config_fault(config, "web.listen",
		    "others can reach this address: it needs tls: {cert, key}", err);
	if (web->token_file == NULL && web->users_file == NULL)
		return mx_config_fault(config, "web.listen",
		    "others can reach this address: it needs token_file or users_file",
		    err);
	return MX_OK;
}

/* ---- URLs ---- */

/* Printable ASCII without blanks and quotes: what is left can be written anywhere. */
static bool
is_url_text(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\^`{|}", *c) != NULL)
			return false;
	return true;
}

/* HOST, HOST:PORT, ADDRESS:PORT, [IPV6]:PORT */
static bool
is_host_and_port(const char *text, size_t len)
{
	char *copy = mx_asprintf("%.*s", (int)len, text), *colon = strrchr(copy, ':');
	struct mx_addr addr;
	char name[MX_NAME_MAX], *end;
	bool fits = mx_addr_parse_port(copy, 1, &addr) && strchr(copy, '@') == NULL;

	if (!fits && colon != NULL && colon[1] >= '0' && colon[1] <= '9') {
		unsigned long port = strtoul(colon + 1, &end, 10);

		fits = *end == '\0' && port > 0 && port < 65536;
		*colon = '\0';
		fits = fits && mx_name_to_ascii(copy, name, NULL) == MX_OK;
	} else if (!fits && colon == NULL) {
		fits = mx_name_to_ascii(copy, name, NULL) == MX_OK;
	}
	free(copy);
	return fits;
}

/* Behind SCHEME://, if it is one of two; NULL else. */
static const char *
behind_scheme(const char *url, const char *scheme, const char *other)
{
	size_t len = strcspn(url, ":");

	if (strncmp(url + len, "://", 3) != 0)
		return NULL;
	if ((len == strlen(scheme) && strncasecmp(url, scheme, len) == 0) ||
	    (len == strlen(other) && strncasecmp(url, other, len) == 0))
		return url + len + 3;
	return NULL;
}

/* ---- the page ---- */

/* They are compared with what a browser says (Host:), without its port. */
static enum mx_err
check_names(
    const struct mx_config *config, const struct mx_config_web *web, struct mx_error *err)
{
	char name[MX_NAME_MAX], field[32];

	for (unsigned i = 0; i < web->name_count; i++) {
		snprintf(field, sizeof field, "web.names[%u]", i);
		if (mx_name_to_ascii(web->names[i], name, NULL) != MX_OK)
			return mx_config_refuse(
			    config, field, web->names[i], "no name of a host", err);
	}
	return MX_OK;
}

static enum mx_err
check_page(const struct mx_config *config, const char *url, struct mx_error *err)
{
	const char *rest = url != NULL ? behind_scheme(url, "https", "http") : NULL;

	if (url == NULL ||
	    (rest != NULL && *rest != '\0' && is_url_text(url) &&
		url[strlen(url) - 1] != '/' && strpbrk(rest, "?#@") == NULL &&
		strstr(rest, "//") == NULL))
		return MX_OK;
	return mx_config_refuse(config, "web.url", url,
	    "neither http://HOST[:PORT][/PATH] nor https://HOST[:PORT][/PATH]; no slash at its end",
	    err);
}

static enum mx_err
check_web(const struct mx_config *config, struct mx_error *err)
{
	const struct mx_config_web *web = &config->values->web;

	if ((web->tls.cert == NULL) != (web->tls.key == NULL))
		return mx_config_fault(
		    config, "web.tls", "takes both cert and key, or neither", err);
	if (check_file(config, "web.tls.cert", web->tls.cert, err) != MX_OK ||
	    check_file(config, "web.tls.key", web->tls.key, err) != MX_OK ||
	    check_file(config, "web.token_file", web->token_file, err) != MX_OK ||
	    check_file(config, "web.users_file", web->users_file, err) != MX_OK ||
	    check_names(config, web, err) != MX_OK ||
	    check_page(config, web->url, err) != MX_OK)
		return MX_ERR_CONFIG;
	return check_listen(config, web, err);
}

/* ---- deliver ---- */

/* A password in there would be repeated by every message that names the relay: it is not shown. */
static enum mx_err
check_via(const struct mx_config *config, const char *via, struct mx_error *err)
{
	const char *rest = behind_scheme(via, "smtp", "smtps"), *at;

	if (rest == NULL || !is_url_text(via))
		return mx_config_fault(config, "deliver.via",
		    "must be smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT]",
		    err);
	at = strrchr(rest, '@');
	if (at != NULL && memchr(rest, ':', (size_t)(at - rest)) != NULL)
		return mx_config_fault(config, "deliver.via",
		    "holds a password: that belongs in password_file", err);
	if (at != NULL)
		rest = at + 1;
	if (!is_host_and_port(rest, strlen(rest)))
		return mx_config_fault(config, "deliver.via",
		    "must be smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT]",
		    err);
	return MX_OK;
}

/* A password in there would be repeated by every message that names it, as above. */
static const char *
fault_in_imap(const char *url)
{
	const char *rest = behind_scheme(url, "imap", "imaps"), *at;

	if (rest == NULL || !is_url_text(url))
		return "must be imaps://[USER@]HOST[:PORT] or imap://[USER@]HOST[:PORT]";
	at = strrchr(rest, '@');
	if (at != NULL && memchr(rest, ':', (size_t)(at - rest)) != NULL)
		return "holds a password: that belongs in password_file";
	if (at != NULL)
		rest = at + 1;
	return is_host_and_port(rest, strlen(rest))
		   ? NULL
		   : "must be imaps://[USER@]HOST[:PORT] or imap://[USER@]HOST[:PORT]";
}

static enum mx_err
check_inbox(const struct mx_config *config, unsigned index, struct mx_error *err)
{
	const struct mx_config_inbox *inbox = &config->values->deliver.inboxes[index];
	const struct {
		const char *key, *path;
	} files[] = {
		{ "password_file", inbox->password_file },
		{ "token_file", inbox->token_file },
		{ "ca_file", inbox->ca_file },
	};
	const char *fault = fault_in_imap(inbox->imap);
	char field[64];

	(void)snprintf(field, sizeof field, "deliver.inboxes[%u].imap", index);
	if (fault != NULL)
		return mx_config_fault(config, field, fault, err);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(
		    field, sizeof field, "deliver.inboxes[%u].%s", index, files[i].key);
		if (check_file(config, field, files[i].path, err) != MX_OK)
			return MX_ERR_CONFIG;
	}
	if (inbox->password_file != NULL && inbox->token_file != NULL)
		return mx_config_fault(
		    config, field, "takes password_file or token_file, not both", err);
	return MX_OK;
}

static enum mx_err
check_deliver(const struct mx_config *config, struct mx_error *err)
{
	const struct mx_config_deliver *deliver = &config->values->deliver;

	if (deliver->via != NULL && check_via(config, deliver->via, err) != MX_OK)
		return MX_ERR_CONFIG;
	if (check_file(config, "deliver.ca_file", deliver->ca_file, err) != MX_OK)
		return MX_ERR_CONFIG;
	for (unsigned i = 0; i < deliver->inbox_count; i++)
		if (check_inbox(config, i, err) != MX_OK)
			return MX_ERR_CONFIG;
	if (deliver->password_file == NULL)
		return MX_OK;
	if (deliver->via == NULL || strchr(deliver->via, '@') == NULL)
		return mx_config_fault(config, "deliver.password_file",
		    "a password without a user: say smtp://USER@HOST in via", err);
	return check_file(config, "deliver.password_file", deliver->password_file, err);
}

/* ---- alerts and reports ---- */

/** An entry of alerts, or of reports, and how messages call it: "alerts[1]". */
struct entry {
	const struct mx_config *config;
	const char *name;
};

static char *
field_of(const struct entry *entry, const char *member)
{
	return mx_asprintf("%s.%s", entry->name, member);
}

/* A file that the entry names. */
static enum mx_err
check_entry_file(
    const struct entry *entry, const char *member, const char *path, struct mx_error *err)
{
	char *field = field_of(entry, member);
	enum mx_err code = check_file(entry->config, field, path, err);

	free(field);
	return code;
}

/* Many services put their secret into the path, so the URL isn't shown. */
static enum mx_err
check_webhook(const struct entry *entry, const struct mx_config_webhook *webhook,
    struct mx_error *err)
{
	const char *rest = behind_scheme(webhook->url, "https", "http");
	char *field = field_of(entry, "webhook.url");

	if (rest == NULL || !is_url_text(rest) ||
	    !is_host_and_port(rest, strcspn(rest, "/?#")))
		(void)mx_config_fault(entry->config, field,
		    "must be https://HOST[:PORT]/... or http://...; a user and a "
		    "password can't stand there",
		    err);
	free(field);
	if (err->code != MX_OK || check_entry_file(entry, "webhook.secret_file",
				      webhook->secret_file, err) != MX_OK)
		return MX_ERR_CONFIG;
	return check_entry_file(entry, "webhook.ca_file", webhook->ca_file, err);
}

/* The mailbox itself is checked by whoever writes to it; here only that it is meant as one. */
static enum mx_err
check_mail(
    const struct entry *entry, const struct mx_config_mail *mail, struct mx_error *err)
{
	for (unsigned i = 0; err->code == MX_OK && i < mail->to_count; i++) {
		const char *at = strrchr(mail->to[i], '@');
		char *field = mx_asprintf("%s.mail.to[%u]", entry->name, i);

		if (at == NULL || at == mail->to[i] || at[1] == '\0' ||
		    !is_url_text(mail->to[i]))
			(void)mx_config_refuse(
			    entry->config, field, mail->to[i], "no mailbox", err);
		free(field);
	}
	return err->code;
}

/* A span of a list: the table of spans.c knows only those that stand once. */
static enum mx_err
read_group_wait(
    const struct entry *entry, struct mx_config_span *wait, struct mx_error *err)
{
	char *field = field_of(entry, "group_wait");

	if (wait->text != NULL && !mx_duration_parse(wait->text, &wait->us))
		(void)mx_config_refuse(entry->config, field, wait->text,
		    "no span of time, such as 20s, 30m, 4h or 90d", err);
	else if (wait->us > GROUP_WAIT_MOST)
		(void)mx_config_refuse(
		    entry->config, field, wait->text, "longer than 24h", err);
	free(field);
	return err->code;
}

/* Who is told. */
static enum mx_err
check_target(
    const struct entry *entry, const struct mx_config_alert *target, struct mx_error *err)
{
	int ways = (target->mail != NULL) + (target->webhook != NULL) +
		   (target->command_count > 0);

	if (ways != 1)
		return mx_config_fault(entry->config, entry->name,
		    "takes exactly one of mail, webhook and command", err);
	if (target->mail != NULL)
		return check_mail(entry, target->mail, err);
	if (target->webhook != NULL)
		return check_webhook(entry, target->webhook, err);
	return check_entry_file(entry, "command[0]", target->command[0], err);
}

static enum mx_err
check_alert(const struct mx_config *config, unsigned index, struct mx_error *err)
{
	struct mx_config_alert *alert = &config->values->alerts[index];
	char name[32];
	struct entry entry = { config, name };

	(void)snprintf(name, sizeof name, "alerts[%u]", index);
	if (check_target(&entry, alert, err) != MX_OK)
		return MX_ERR_CONFIG;
	return read_group_wait(&entry, &alert->group_wait, err);
}

/* Whether its time is one is checked by whoever understands times (watch/cron.h). */
static enum mx_err
check_report(const struct mx_config *config, unsigned index, struct mx_error *err)
{
	const struct mx_config_alert *to = &config->values->reports[index].to;
	char name[32];
	struct entry entry = { config, name };
	char *field;

	(void)snprintf(name, sizeof name, "reports[%u]", index);
	if (check_target(&entry, to, err) != MX_OK || to->webhook == NULL ||
	    to->webhook->format != MX_CONFIG_ALERTMANAGER)
		return err->code;
	field = field_of(&entry, "webhook.format");
	(void)mx_config_fault(
	    config, field, "a report has no shape of Alertmanager; say json", err);
	free(field);
	return err->code;
}

enum mx_err
mx_config_check_services(const struct mx_config *config, struct mx_error *err)
{
	enum mx_err code = check_web(config, err);

	if (code == MX_OK)
		code = check_deliver(config, err);
	for (unsigned i = 0; code == MX_OK && i < config->values->alert_count; i++)
		code = check_alert(config, i, err);
	for (unsigned i = 0; code == MX_OK && i < config->values->report_count; i++)
		code = check_report(config, i, err);
	return code;
}
