/* config_doubts.c - one function a subject. */
#include "probe/cmd/config_doubts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "probe/net/source.h"
#include "probe/plan/never.h"

/** What is looked at, and where the doubts go. */
struct doubts {
	FILE *out;
	const struct mx_config *config;
	const struct mx_catalogue *catalogue;
	unsigned count;
};

/* field, or "field[index]member" where index is not negative. Takes why over. */
static void
doubt(struct doubts *d, const char *field, long index, const char *member, char *why)
{
	struct mx_error text = { 0 };
	char *path = index >= 0 ? mx_asprintf("%s[%ld]%s", field, index, member)
				: mx_strdup(field);

	mx_config_fault(d->config, path, why, &text);
	fprintf(d->out, "warning: %s\n", text.text);
	d->count++;
	free(path);
	free(why);
}

static void
doubt_sources(struct doubts *d)
{
	const struct mx_config_values *values = d->config->values;

	for (unsigned i = 0; i < values->source_count; i++) {
		const struct mx_config_source *source = &values->sources[i];
		struct mx_sources found = { NULL, 0 };
		struct mx_error why = { 0 };

		if (mx_sources_add(&found, source->address, &why) != MX_OK)
			doubt(d, "sources", i, ".address", mx_strdup(why.text));
		mx_sources_clear(&found);
	}
}

/* Where its domain has the same mail exchangers it is used all the same, but only DNS knows. */
static bool
has_destination(const struct doubts *d, const char *domain)
{
	const struct mx_config_values *values = d->config->values;
	const struct mx_provider *provider =
	    mx_catalogue_provider_by_domain(d->catalogue, domain);

	for (unsigned i = 0; i < values->destination_count; i++) {
		const char *destination = values->destinations[i];
		const struct mx_provider *theirs =
		    mx_catalogue_provider(d->catalogue, destination);

		if (theirs == NULL)
			theirs =
			    mx_catalogue_provider_by_domain(d->catalogue, destination);
		if (mx_name_equal(destination, domain) ||
		    (provider != NULL && provider == theirs))
			return true;
	}
	return values->destination_count == 0;
}

static void
doubt_mailboxes(struct doubts *d)
{
	const struct mx_config_values *values = d->config->values;

	for (unsigned i = 0; i < values->mailbox_count; i++) {
		const char *at = strrchr(values->mailboxes[i], '@');

		if (at != NULL && !has_destination(d, at + 1))
			doubt(d, "mailboxes", i, "",
			    mx_asprintf("no destination is %s; the mailbox is used only "
					"where the mail exchangers are the same",
				at + 1));
	}
}

static void
doubt_destinations(struct doubts *d)
{
	const struct mx_config_values *values = d->config->values;
	struct mx_never never = { (const char *const *)values->never,
		values->never_count };

	for (unsigned i = 0; i < values->destination_count; i++) {
		const char *name = values->destinations[i], *entry;
		const struct mx_provider *provider =
		    mx_catalogue_provider(d->catalogue, name);

		if (provider == NULL)
			provider = mx_catalogue_provider_by_domain(d->catalogue, name);
		entry = mx_never_entry(&never, name, provider, NULL);
		if (entry != NULL)
			doubt(d, "destinations", i, "",
			    mx_asprintf("never probed: %s is in the never list", entry));
		else if (provider != NULL && !provider->probe)
			doubt(d, "destinations", i, "",
			    mx_asprintf("never probed: the catalogue says so of %s",
				provider->name));
	}
}

/* ---- files ---- */

static void
doubt_file(struct doubts *d, const char *field, long index, const char *member,
    const char *path, bool is_secret)
{
	struct stat info;

	if (path == NULL)
		return;
	if (stat(path, &info) != 0)
		doubt(d, field, index, member,
		    mx_asprintf("%s: %s", path, strerror(errno)));
	else if (is_secret && (info.st_mode & (S_IROTH | S_IWOTH)) != 0)
		doubt(d, field, index, member,
		    mx_asprintf("everybody on this host can read or change %s: chmod "
				"o-rw %s",
			path, path));
}

/* The file itself, when secrets stand in it. */
static void
doubt_own_file(struct doubts *d)
{
	const struct mx_config_keys *keys = &d->config->values->dnsbl.keys;

	if (keys->spamhaus_dqs != NULL || keys->abusix != NULL)
		doubt_file(d, "dnsbl.keys", -1, "", d->config->path, true);
}

static void
doubt_files(struct doubts *d)
{
	const struct mx_config_values *values = d->config->values;

	doubt_own_file(d);
	doubt_file(d, "web.tls.cert", -1, "", values->web.tls.cert, false);
	doubt_file(d, "web.tls.key", -1, "", values->web.tls.key, true);
	doubt_file(d, "web.token_file", -1, "", values->web.token_file, true);
	doubt_file(d, "web.users_file", -1, "", values->web.users_file, true);
	doubt_file(
	    d, "deliver.password_file", -1, "", values->deliver.password_file, true);
	doubt_file(d, "deliver.ca_file", -1, "", values->deliver.ca_file, false);
	for (unsigned i = 0; i < values->deliver.inbox_count; i++) {
		const struct mx_config_inbox *inbox = &values->deliver.inboxes[i];

		doubt_file(d, "deliver.inboxes", i, ".password_file",
		    inbox->password_file, true);
		doubt_file(
		    d, "deliver.inboxes", i, ".token_file", inbox->token_file, true);
		doubt_file(d, "deliver.inboxes", i, ".ca_file", inbox->ca_file, false);
	}
	for (unsigned i = 0; i < values->alert_count; i++) {
		const struct mx_config_alert *alert = &values->alerts[i];

		if (alert->webhook != NULL)
			doubt_file(d, "alerts", i, ".webhook.secret_file",
			    alert->webhook->secret_file, true);
		if (alert->webhook != NULL)
			doubt_file(d, "alerts", i, ".webhook.ca_file",
			    alert->webhook->ca_file, false);
		if (alert->mail != NULL &&
		    (values->mail_from == NULL || values->deliver.via == NULL))
			doubt(d, "alerts", i, ".mail",
			    mx_strdup("mail leaves as mail_from through deliver.via, and "
				      "not both are said"));
		if (alert->command_count > 0)
			doubt_file(
			    d, "alerts", i, ".command[0]", alert->command[0], false);
	}
}

unsigned
mx_config_doubts(
    FILE *out, const struct mx_config *config, const struct mx_catalogue *catalogue)
{
	struct doubts d = { .out = out, .config = config, .catalogue = catalogue };

	doubt_sources(&d);
	doubt_destinations(&d);
	doubt_mailboxes(&d);
	doubt_files(&d);
	return d.count;
}
