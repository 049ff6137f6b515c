/* deliver_options.c - one row and one take function per option. */
#include "probe/cmd/deliver_options.h"

#include <stdlib.h>

#include "probe/base/clock.h"

#define WAIT_US (120 * MX_SECOND_US)
#define WAIT_MOST_S 86400
#define TIMEOUT_LEAST_S 0.1
#define TIMEOUT_MOST_S 90

void
mx_deliver_options_init(struct mx_deliver_options *options)
{
	*options = (struct mx_deliver_options){ .wait_us = WAIT_US };
}

void
mx_deliver_options_clear(struct mx_deliver_options *options)
{
	free(options->mailboxes.items);
	free(options->dns_servers.items);
}

enum mx_err
mx_deliver_operand(void *into, const char *word, struct mx_error *err)
{
	struct mx_deliver_options *o = into;

	return mx_value_add("--to", word, &o->mailboxes, err);
}

/* Options that are kept as they were written. */
#define TAKE_WORD(member, option)                                \
	static enum mx_err take_##member(                        \
	    void *into, const char *value, struct mx_error *err) \
	{                                                        \
		struct mx_deliver_options *o = into;             \
                                                                 \
		o->member = value;                               \
		return mx_value_given(option, value, err);       \
	}

TAKE_WORD(via, "--via")
TAKE_WORD(password_file, "--password-file")
TAKE_WORD(mail_from, "--mail-from")
TAKE_WORD(source, "--source")
TAKE_WORD(helo, "--helo")
TAKE_WORD(ca_file, "--ca-file")
TAKE_WORD(imap, "--imap")
TAKE_WORD(imap_password_file, "--imap-password-file")
TAKE_WORD(imap_token_file, "--imap-token-file")
TAKE_WORD(bounce, "--bounce")
TAKE_WORD(store, "--store")

static enum mx_err
take_tls(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "require", "may" };
	struct mx_deliver_options *o = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--tls", value, words, 2, &index, err);

	o->tls_given = true;
	o->tls_optional = index == 1;
	return code;
}

static enum mx_err
take_wait(void *into, const char *value, struct mx_error *err)
{
	struct mx_deliver_options *o = into;

	return mx_value_seconds("--wait", value, 0, WAIT_MOST_S, &o->wait_us, err);
}

static enum mx_err
take_timeout(void *into, const char *value, struct mx_error *err)
{
	struct mx_deliver_options *o = into;

	return mx_value_seconds(
	    "--timeout", value, TIMEOUT_LEAST_S, TIMEOUT_MOST_S, &o->timeout_us, err);
}

static enum mx_err
take_clean(void *into, const char *value, struct mx_error *err)
{
	struct mx_deliver_options *o = into;

	(void)value, (void)err;
	o->clean = true;
	return MX_OK;
}

static enum mx_err
take_dns_server(void *into, const char *value, struct mx_error *err)
{
	struct mx_deliver_options *o = into;

	return mx_value_dns_server(value, &o->dns_servers, err);
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const formats[] = { "table", "json" };
	struct mx_deliver_options *o = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 2, &index, err);

	o->is_json = index == 1;
	return code;
}

/* clang-format off */
const struct mx_option mx_deliver_option_rows[] = {
	{ "What to send, and through whom", 't', "to", "MAILBOX",
	    "A mailbox of your own, declared in mailboxes: of the configuration. Repeatable.",
	    mx_deliver_operand },
	{ NULL, 0, "via", "URL",
	    "Your relay: smtp://[USER@]HOST[:PORT] (port 587, STARTTLS) or smtps:// (465). Default: "
	    "deliver.via of the configuration.", take_via },
	{ NULL, 'f', "mail-from", "MAILBOX",
	    "The sender, a mailbox of your own. Default: mail_from of the configuration.",
	    take_mail_from },
	{ NULL, 0, "tls", "require|may",
	    "Go no further without TLS and a certificate that holds (the default), or do without; a "
	    "password is not sent then.", take_tls },
	{ NULL, 0, "password-file", "FILE",
	    "The relay's password is the first line of this file. Else the configuration's, the "
	    "credential relay-password, or asked for.", take_password_file },
	{ NULL, 's', "source", "ADDRESS", "Go to the relay from this address of this host.",
	    take_source },
	{ NULL, 0, "helo", "NAME", "Greet the relay with this name. Default: this host's.", take_helo },
	MX_ROW_CA_FILE(take_ca_file),
	{ NULL, 0, "timeout", "SECONDS",
	    "Give up on the relay after this long. Default, and most: 90.", take_timeout },

	{ "Where it landed", 0, "imap", "URL",
	    "Look for it there: imaps://[USER@]HOST[:PORT], or imap:// (STARTTLS). Default: "
	    "deliver.inboxes of the configuration.", take_imap },
	{ NULL, 0, "imap-password-file", "FILE",
	    "That mailbox's password. Else the credential imap-password, or asked for.",
	    take_imap_password_file },
	{ NULL, 0, "imap-token-file", "FILE", "A token for XOAUTH2 instead of a password.",
	    take_imap_token_file },
	{ NULL, 0, "wait", "SECONDS",
	    "Look for so long. Default: 120. 0: look once.", take_wait },
	{ NULL, 0, "clean", NULL, "Remove the message where it was found.", take_clean },
	{ NULL, 0, "bounce", "FILE",
	    "Send nothing: read a bounce from this file (- is stdin) and add it to the test that it "
	    "belongs to.", take_bounce },

	{ "How", 0, "format", "table|json", "json prints one object a line. Default: table.",
	    take_format },
	MX_ROW_STORE(NULL, "it", take_store),
	MX_ROW_DNS_SERVER(take_dns_server),
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */
