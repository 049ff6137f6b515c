/* receiver.c - a row of the configuration, copied, so that it may be loaded again meanwhile. */
#include "probe/watch/alert/receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/mail/submit.h"

#define GROUP_WAIT_US (30 * MX_SECOND_US)

static const char *const kinds[MX_ALERTS_KINDS] = { "mail", "webhook", "command" };

const char *
mx_alerts_kind_name(enum mx_alerts_kind kind)
{
	return kinds[kind];
}

static char **
copy_words(char *const *words, size_t count)
{
	char **own = mx_calloc(count + 1, sizeof *own);

	for (size_t i = 0; i < count; i++)
		own[i] = mx_strdup(words[i]);
	return own;
}

static void
free_words(char **words)
{
	for (size_t i = 0; words != NULL && words[i] != NULL; i++)
		free(words[i]);
	free(words);
}

/* ---- the key ---- */

/* A hash, as a webhook's path is a secret of many services; the file is not told by it. Alike
 * entries are told apart by their order. */
static void
make_key(struct mx_receiver *receiver, const struct mx_receiver *before, size_t count,
    const char *url)
{
	uint64_t hash = mx_hash("", 0, receiver->kind);
	size_t twins = 0;
	char *stem;

	if (url != NULL)
		hash = mx_hash(url, strlen(url), hash);
	for (size_t i = 0; i < receiver->to_count; i++)
		hash = mx_hash(receiver->to[i], strlen(receiver->to[i]) + 1, hash);
	stem = mx_asprintf("%s:%016llx", kinds[receiver->kind], (unsigned long long)hash);
	for (size_t i = 0; i < count; i++)
		twins += strncmp(before[i].key, stem, strlen(stem)) == 0;
	receiver->key = twins > 0 ? mx_asprintf("%s:%zu", stem, twins) : mx_strdup(stem);
	free(stem);
}

/* ---- one entry ---- */

static enum mx_err
take_webhook(struct mx_receiver *receiver, const struct mx_config_webhook *webhook,
    size_t index, struct mx_error *err)
{
	struct mx_error why = { 0 };

	receiver->kind = MX_ALERTS_WEBHOOK;
	receiver->format = webhook->format;
	receiver->secret_file = mx_strdup(webhook->secret_file);
	receiver->ca_file = mx_strdup(webhook->ca_file);
	if (mx_fetch_url_parse(&receiver->url, webhook->url, &why) != MX_OK)
		return mx_error_set(
		    err, MX_ERR_CONFIG, "alerts[%zu].webhook.url: %s", index, why.text);
	receiver->name =
	    mx_asprintf("alerts[%zu], the webhook at %s", index, receiver->url.host);
	return MX_OK;
}

static void
take_mail(struct mx_receiver *receiver, const struct mx_config_mail *mail, size_t index)
{
	receiver->kind = MX_ALERTS_MAIL;
	receiver->to = copy_words(mail->to, mail->to_count);
	receiver->to_count = mail->to_count;
	receiver->name = mx_asprintf("alerts[%zu], mail to %s%s", index, mail->to[0],
	    mail->to_count > 1 ? " and others" : "");
}

static void
take_command(
    struct mx_receiver *receiver, const struct mx_config_alert *alert, size_t index)
{
	receiver->kind = MX_ALERTS_COMMAND;
	receiver->to = copy_words(alert->command, alert->command_count);
	receiver->to_count = alert->command_count;
	receiver->name =
	    mx_asprintf("alerts[%zu], the command %s", index, alert->command[0]);
}

static enum mx_err
take(struct mx_receiver *receiver, const struct mx_config_values *config, size_t index,
    struct mx_error *err)
{
	const struct mx_config_alert *alert = &config->alerts[index];

	receiver->only = copy_words(alert->only, alert->only_count);
	receiver->only_count = alert->only_count;
	receiver->least = alert->min_severity != MX_CONFIG_ANY_SEVERITY
			      ? alert->min_severity
			      : MX_CONFIG_WARNING;
	receiver->group_wait_us =
	    alert->group_wait.text != NULL ? alert->group_wait.us : GROUP_WAIT_US;
	if (alert->webhook != NULL)
		return take_webhook(receiver, alert->webhook, index, err);
	if (alert->mail == NULL)
		take_command(receiver, alert, index);
	else if (alert->mail->to_count > MX_MAIL_TO_MAX)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "alerts[%zu].mail.to: %u mailboxes; at most %u get a letter together",
		    index, alert->mail->to_count, MX_MAIL_TO_MAX);
	else if (config->mail_from == NULL || *config->mail_from == '\0' ||
		 config->deliver.via == NULL)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "alerts[%zu].mail: mail leaves as mail_from through deliver.via: say "
		    "both",
		    index);
	else
		take_mail(receiver, alert->mail, index);
	return MX_OK;
}

enum mx_err
mx_receivers_make(const struct mx_config_values *config, struct mx_receiver **receivers,
    size_t *count, struct mx_error *err)
{
	struct mx_receiver *made = mx_calloc(config->alert_count + 1, sizeof *made);

	*receivers = made;
	*count = 0;
	for (size_t i = 0; i < config->alert_count; i++) {
		const struct mx_config_alert *alert = &config->alerts[i];

		++*count;
		if (take(&made[i], config, i, err) != MX_OK)
			return err->code;
		make_key(&made[i], made, i,
		    alert->webhook != NULL ? alert->webhook->url : NULL);
	}
	return MX_OK;
}

void
mx_receiver_clear(struct mx_receiver *receiver)
{
	free(receiver->key);
	free(receiver->name);
	free_words(receiver->to);
	mx_fetch_url_clear(&receiver->url);
	free(receiver->secret_file);
	free(receiver->ca_file);
	free_words(receiver->only);
	*receiver = (struct mx_receiver){ 0 };
}

void
mx_receivers_free(struct mx_receiver *receivers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		mx_receiver_clear(&receivers[i]);
	free(receivers);
}
