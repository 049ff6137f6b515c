/* receiver.c - a row of the configuration, copied, so that it may be loaded again meanwhile. */
#include "probe/watch/alert/receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/mail/submit.h"
#include "probe/watch/cron.h"

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
	stem = mx_asprintf("%s%s:%016llx", receiver->at != NULL ? "report:" : "",
	    kinds[receiver->kind], (unsigned long long)hash);
	for (size_t i = 0; i < count; i++)
		twins += strncmp(before[i].key, stem, strlen(stem)) == 0;
	receiver->key = twins > 0 ? mx_asprintf("%s:%zu", stem, twins) : mx_strdup(stem);
	free(stem);
}

/* ---- whom an entry names ---- */

/** An entry, and how messages call it: "alerts[1]". */
struct entry {
	const struct mx_config_values *config;
	const struct mx_config_alert *to;
	const char *name;
};

static enum mx_err
take_webhook(
    struct mx_receiver *receiver, const struct entry *entry, struct mx_error *err)
{
	const struct mx_config_webhook *webhook = entry->to->webhook;
	struct mx_error why = { 0 };

	receiver->kind = MX_ALERTS_WEBHOOK;
	receiver->format = webhook->format;
	receiver->secret_file = mx_strdup(webhook->secret_file);
	receiver->ca_file = mx_strdup(webhook->ca_file);
	if (mx_fetch_url_parse(&receiver->url, webhook->url, &why) != MX_OK)
		return mx_error_set(
		    err, MX_ERR_CONFIG, "%s.webhook.url: %s", entry->name, why.text);
	receiver->name =
	    mx_asprintf("%s, the webhook at %s", entry->name, receiver->url.host);
	return MX_OK;
}

static enum mx_err
take_mail(struct mx_receiver *receiver, const struct entry *entry, struct mx_error *err)
{
	const struct mx_config_mail *mail = entry->to->mail;
	const struct mx_config_values *config = entry->config;

	receiver->kind = MX_ALERTS_MAIL;
	if (mail->to_count > MX_MAIL_TO_MAX)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "%s.mail.to: %u mailboxes; at most %u get a letter together",
		    entry->name, mail->to_count, MX_MAIL_TO_MAX);
	if (config->mail_from == NULL || *config->mail_from == '\0' ||
	    config->deliver.via == NULL)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "%s.mail: mail leaves as mail_from through deliver.via: say both",
		    entry->name);
	receiver->to = copy_words(mail->to, mail->to_count);
	receiver->to_count = mail->to_count;
	receiver->name = mx_asprintf("%s, mail to %s%s", entry->name, mail->to[0],
	    mail->to_count > 1 ? " and others" : "");
	return MX_OK;
}

static enum mx_err
take_command(
    struct mx_receiver *receiver, const struct entry *entry, struct mx_error *err)
{
	const struct mx_config_alert *to = entry->to;

	(void)err;
	receiver->kind = MX_ALERTS_COMMAND;
	receiver->to = copy_words(to->command, to->command_count);
	receiver->to_count = to->command_count;
	receiver->name = mx_asprintf("%s, the command %s", entry->name, to->command[0]);
	return MX_OK;
}

static enum mx_err
take(struct mx_receiver *receiver, const struct entry *entry, struct mx_error *err)
{
	const struct mx_config_alert *to = entry->to;

	return to->webhook != NULL ? take_webhook(receiver, entry, err)
	       : to->mail != NULL  ? take_mail(receiver, entry, err)
				   : take_command(receiver, entry, err);
}

/* ---- all of them ---- */

static void
take_wishes(struct mx_receiver *receiver, const struct mx_config_alert *alert)
{
	receiver->only = copy_words(alert->only, alert->only_count);
	receiver->only_count = alert->only_count;
	receiver->least = alert->min_severity != MX_CONFIG_ANY_SEVERITY
			      ? alert->min_severity
			      : MX_CONFIG_WARNING;
	receiver->group_wait_us =
	    alert->group_wait.text != NULL ? alert->group_wait.us : GROUP_WAIT_US;
}

static enum mx_err
make_one(struct mx_receiver *made, size_t index, const struct mx_config_values *config,
    struct mx_error *err)
{
	bool is_report = index >= config->alert_count;
	size_t at = is_report ? index - config->alert_count : index;
	struct mx_cron cron;
	const char *why;
	char name[32];
	struct entry entry = {
		.config = config,
		.to = is_report ? &config->reports[at].to : &config->alerts[at],
		.name = name,
	};

	(void)snprintf(
	    name, sizeof name, "%s[%zu]", is_report ? "reports" : "alerts", at);
	made[index].at = is_report ? mx_strdup(config->reports[at].at) : NULL;
	take_wishes(&made[index], entry.to);
	if (is_report && !mx_cron_parse(made[index].at, &cron, &why))
		return mx_error_set(err, MX_ERR_CONFIG, "%s.at: %s", name, why);
	if (take(&made[index], &entry, err) == MX_OK)
		make_key(&made[index], made, index,
		    entry.to->webhook != NULL ? entry.to->webhook->url : NULL);
	return err->code;
}

enum mx_err
mx_receivers_make(const struct mx_config_values *config, struct mx_receiver **receivers,
    size_t *count, struct mx_error *err)
{
	size_t wanted = (size_t)config->alert_count + config->report_count;

	*receivers = mx_calloc(wanted + 1, sizeof **receivers);
	for (*count = 0; *count < wanted && err->code == MX_OK; ++*count)
		(void)make_one(*receivers, *count, config, err);
	return err->code;
}

void
mx_receiver_clear(struct mx_receiver *receiver)
{
	free(receiver->key);
	free(receiver->name);
	free(receiver->at);
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
