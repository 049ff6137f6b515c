/* deliver_settings.c - the relay, the mailboxes, and the secrets that open them. */
#include "probe/cmd/deliver_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/base/secret.h"
#include "probe/dns/name.h"
#include "probe/net/source.h"

struct making {
	struct mx_deliver_settings *to;
	const struct mx_deliver_options *options;
	const struct mx_config_values *values;
	const struct mx_config *config;
	bool can_ask;
	struct mx_error *err;
};

/* ---- secrets ---- */

/* From a file, else as a credential, else asked for. */
static char *
find_secret(const struct making *m, const char *path, const char *credential,
    const char *user, const char *place)
{
	char *question, *secret;

	if (path != NULL)
		return mx_secret_read(path, m->err);
	secret = mx_secret_credential(credential, m->err);
	if (secret != NULL || m->err->code != MX_OK)
		return secret;
	if (!m->can_ask) {
		mx_error_set(m->err, MX_ERR_CONFIG,
		    "the password of %s at %s stands nowhere: name a file", user, place);
		return NULL;
	}
	question = mx_asprintf("Password of %s at %s: ", user, place);
	secret = mx_secret_ask(question, m->err);
	free(question);
	return secret;
}

/* ---- the relay ---- */

static enum mx_err
set_source(struct making *m)
{
	struct mx_sources sources = { 0 };

	if (m->options->source == NULL)
		return MX_OK;
	if (mx_sources_add(&sources, m->options->source, m->err) == MX_OK) {
		if (sources.count == 1)
			m->to->route.source = sources.addrs[0];
		else
			mx_error_set(m->err, MX_ERR_USAGE,
			    "--source: %zu addresses: a relay is gone to from one",
			    sources.count);
	}
	mx_sources_clear(&sources);
	return m->err->code;
}

static enum mx_err
set_route(struct making *m)
{
	const struct mx_deliver_options *o = m->options;
	const struct mx_config_deliver *file = &m->values->deliver;
	const char *via = o->via != NULL ? o->via : file->via;
	struct mx_mail_route *route = &m->to->route;

	if (via == NULL)
		return mx_error_set(m->err, MX_ERR_USAGE,
		    "no relay: name yours with --via smtp://[USER@]HOST[:PORT], or in deliver: "
		    "of the configuration");
	if (mx_mail_route_parse(route, via, m->err) != MX_OK)
		return m->err->code;
	route->tls_optional =
	    o->tls_given ? o->tls_optional : o->via == NULL && file->tls_optional;
	route->helo = mx_strdup(o->helo);
	route->ca_file = mx_strdup(o->ca_file != NULL ? o->ca_file : file->ca_file);
	route->timeouts.total_us = o->timeout_us;
	return set_source(m);
}

/* The file's password is for the file's relay. */
static enum mx_err
set_password(struct making *m)
{
	const struct mx_deliver_options *o = m->options;
	struct mx_mail_route *route = &m->to->route;
	const char *path = o->password_file != NULL ? o->password_file
			   : o->via == NULL         ? m->values->deliver.password_file
						    : NULL;

	if (route->user == NULL)
		return o->password_file == NULL
			   ? MX_OK
			   : mx_error_set(m->err, MX_ERR_USAGE,
				 "--password-file: a password without a user: say "
				 "smtp://USER@HOST");
	route->password =
	    find_secret(m, path, "relay-password", route->user, route->host);
	return m->err->code;
}

/* ---- the mailboxes ---- */

static enum mx_err
set_mail_from(struct making *m)
{
	const char *given =
	    m->options->mail_from != NULL ? m->options->mail_from : m->values->mail_from;

	if (given == NULL || *given == '\0')
		return mx_error_set(m->err, MX_ERR_USAGE,
		    "no sender: give a mailbox of your own with --mail-from, or mail_from in "
		    "the configuration");
	return mx_mailbox_check("--mail-from", given, false, m->to->mail_from, m->err);
}

static bool
is_same(const char *ascii, const char *written)
{
	char other[MX_MAILBOX_MAX];
	struct mx_error ignored = { 0 };

	return mx_mailbox_check("", written, false, other, &ignored) == MX_OK &&
	       strcasecmp(ascii, other) == 0;
}

static bool
is_declared(const struct making *m, const char *mailbox)
{
	for (unsigned i = 0; i < m->values->mailbox_count; i++)
		if (is_same(mailbox, m->values->mailboxes[i]))
			return true;
	return false;
}

static bool
is_own_domain(const struct making *m, const char *domain)
{
	for (unsigned i = 0; i < m->values->own_count; i++)
		if (mx_name_equal(m->values->own[i], domain))
			return true;
	return false;
}

static enum mx_err
open_account(struct making *m, struct mx_deliver_box *box, const char *url,
    const char *password_file, const char *token_file, const char *ca_file)
{
	struct mx_imap_account *account = &box->account;

	if (mx_imap_account_parse(account, url, m->err) != MX_OK)
		return m->err->code;
	box->has_account = true;
	account->ca_file = mx_strdup(ca_file);
	if (account->user == NULL)
		account->user = mx_strdup(box->mailbox);
	if (token_file != NULL)
		account->token = mx_secret_read(token_file, m->err);
	else
		account->password = find_secret(
		    m, password_file, "imap-password", account->user, account->url);
	return m->err->code;
}

/* As the configuration has it; that it does not is no error. */
static enum mx_err
find_account(struct making *m, struct mx_deliver_box *box)
{
	for (unsigned i = 0; i < m->values->deliver.inbox_count; i++) {
		const struct mx_config_inbox *inbox = &m->values->deliver.inboxes[i];

		if (!is_same(box->mailbox, inbox->mailbox))
			continue;
		box->authserv = inbox->authserv;
		return open_account(m, box, inbox->imap, inbox->password_file,
		    inbox->token_file, inbox->ca_file);
	}
	return MX_OK;
}

static enum mx_err
set_box(struct making *m, const char *written, struct mx_deliver_box *box)
{
	const struct mx_deliver_options *o = m->options;

	if (mx_mailbox_check("--to", written, false, box->mailbox, m->err) != MX_OK)
		return m->err->code;
	if (!is_declared(m, box->mailbox))
		return mx_error_set(m->err, MX_ERR_USAGE,
		    "--to: %s is not declared as a mailbox of your own: only those in "
		    "mailboxes: of the configuration are written to",
		    box->mailbox);
	box->is_exempt = is_own_domain(m, mx_mailbox_domain(box->mailbox));
	if (o->imap != NULL)
		return open_account(m, box, o->imap, o->imap_password_file,
		    o->imap_token_file, o->ca_file);
	return find_account(m, box);
}

static enum mx_err
set_boxes(struct making *m)
{
	const struct mx_word_list *words = &m->options->mailboxes;
	struct mx_deliver_settings *to = m->to;

	if (words->count == 0)
		return mx_error_set(
		    m->err, MX_ERR_USAGE, "no mailbox: name one of your own with --to");
	to->boxes = mx_calloc(words->count, sizeof *to->boxes);
	to->targets = mx_calloc(words->count, sizeof *to->targets);
	for (size_t i = 0; i < words->count; i++) {
		struct mx_deliver_box *box = &to->boxes[i];

		to->box_count = i + 1;
		if (set_box(m, words->items[i], box) != MX_OK)
			return m->err->code;
		to->targets[i] = (struct mx_deliver_target){
			.mailbox = box->mailbox,
			.inbox = box->has_account ? &box->account : NULL,
			.authserv = box->authserv,
			.is_exempt = box->is_exempt,
		};
	}
	return MX_OK;
}

static enum mx_err
set_bounces(struct making *m)
{
	struct mx_deliver_box *box = &m->to->bounces;

	(void)snprintf(box->mailbox, sizeof box->mailbox, "%s", m->to->mail_from);
	return find_account(m, box);
}

/* ---- all ---- */

enum mx_err
mx_deliver_settings_make(struct mx_deliver_settings *settings,
    const struct mx_deliver_options *options, const struct mx_config *config,
    bool can_ask, struct mx_error *err)
{
	static enum mx_err (*const steps[])(struct making * m) = { set_route,
		set_mail_from, set_boxes, set_bounces, set_password };
	struct making m = { settings, options, config->values, config, can_ask, err };

	*settings = (struct mx_deliver_settings){ 0 };
	settings->floors = mx_limits_make(config->values).floors;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i](&m) != MX_OK)
			return err->code;
	return MX_OK;
}

void
mx_deliver_settings_clear(struct mx_deliver_settings *settings)
{
	mx_mail_route_clear(&settings->route);
	for (size_t i = 0; i < settings->box_count; i++)
		mx_imap_account_clear(&settings->boxes[i].account);
	mx_imap_account_clear(&settings->bounces.account);
	free(settings->boxes);
	free(settings->targets);
	*settings = (struct mx_deliver_settings){ 0 };
}
