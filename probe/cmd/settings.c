/* settings.c - merges, expands and cross-checks; each function is one subject. */
#include "probe/cmd/settings.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/helo.h"
#include "probe/net/source.h"
#include "probe/plan/mailbox.h"

/** What is being put together, and from what. */
struct merge {
	struct mx_settings *to;
	const struct mx_check_options *options;
	const struct mx_config *config;
	const struct mx_catalogue *catalogue;
};

struct step {
	enum mx_err (*take)(struct merge *m, struct mx_error *err);
};

static void
add_text(char ***items, size_t *count, const char *text)
{
	*items = mx_grow(*items, *count, sizeof **items);
	(*items)[(*count)++] = mx_strdup(text);
}

static struct mx_probe_source *
find_source(const struct mx_settings *s, const struct mx_addr *addr)
{
	for (size_t i = 0; i < s->source_count; i++)
		if (mx_addr_equal(&s->sources[i].addr, addr))
			return &s->sources[i];
	return NULL;
}

/* --helo and --seen-as speak for every source; what the file says of one source comes second. */
static void
add_source(
    struct merge *m, const struct mx_addr *addr, const struct mx_config_source *declared)
{
	struct mx_settings *s = m->to;
	struct mx_probe_source *source;

	if (find_source(s, addr) != NULL)
		return;
	s->sources = mx_grow(s->sources, s->source_count, sizeof *s->sources);
	source = &s->sources[s->source_count++];
	*source = (struct mx_probe_source){ .addr = *addr, .helo = m->options->helo };
	if (source->helo == NULL && declared != NULL)
		source->helo = declared->helo;
	if (m->options->seen_as.family == addr->family)
		source->seen_as = m->options->seen_as;
	else if (declared != NULL && declared->seen_as != NULL)
		(void)mx_addr_parse(
		    declared->seen_as, &source->seen_as); /* checked at load */
}

static enum mx_err
config_fault(const struct merge *m, const char *key, unsigned index, const char *member,
    const struct mx_error *why, struct mx_error *err)
{
	char field[64];

	snprintf(field, sizeof field, "%s[%u]%s", key, index, member);
	return mx_config_fault(m->config, field, why->text, err);
}

/* Only the file's sources are meant when no --source is given. */
static enum mx_err
add_config_sources(struct merge *m, struct mx_error *err)
{
	const struct mx_config_values *values = m->config->values;
	enum mx_err code = MX_OK;

	for (unsigned i = 0; code == MX_OK && i < values->source_count; i++) {
		struct mx_sources found = { NULL, 0 };
		struct mx_error why = { 0 };

		if (mx_sources_add(&found, values->sources[i].address, &why) != MX_OK)
			code = config_fault(m, "sources", i, ".address", &why, err);
		for (size_t a = 0; code == MX_OK && a < found.count; a++)
			add_source(m, &found.addrs[a], &values->sources[i]);
		mx_sources_clear(&found);
	}
	return code;
}

/* What the file declares about an address that --source names. An interface that is gone
 * by now declares nothing. */
static const struct mx_config_source *
declared_for(const struct merge *m, const struct mx_addr *addr)
{
	const struct mx_config_values *values = m->config->values;
	const struct mx_config_source *hit = NULL;

	for (unsigned i = 0; hit == NULL && i < values->source_count; i++) {
		struct mx_sources found = { NULL, 0 };
		struct mx_error ignored = { 0 };

		if (mx_sources_add(&found, values->sources[i].address, &ignored) == MX_OK)
			for (size_t a = 0; a < found.count; a++)
				if (mx_addr_equal(&found.addrs[a], addr))
					hit = &values->sources[i];
		mx_sources_clear(&found);
	}
	return hit;
}

static enum mx_err
add_option_sources(struct merge *m, struct mx_error *err)
{
	struct mx_sources found = { NULL, 0 };
	enum mx_err code = MX_OK;

	for (size_t i = 0; code == MX_OK && i < m->options->sources.count; i++)
		code = mx_sources_add(&found, m->options->sources.items[i], err);
	for (size_t a = 0; code == MX_OK && a < found.count; a++)
		add_source(m, &found.addrs[a],
		    m->config->values->source_count > 0 ? declared_for(m, &found.addrs[a])
							: NULL);
	mx_sources_clear(&found);
	return code;
}

/* -4 and -6 choose among the sources. */
static enum mx_err
keep_family(struct merge *m, struct mx_error *err)
{
	struct mx_settings *s = m->to;
	char first[MX_ADDR_TEXT];
	size_t kept = 0;

	if (m->options->family == AF_UNSPEC)
		return MX_OK;
	mx_addr_text(&s->sources[0].addr, first);
	for (size_t i = 0; i < s->source_count; i++)
		if (s->sources[i].addr.family == m->options->family)
			s->sources[kept++] = s->sources[i];
	s->source_count = kept;
	if (kept == 0)
		return mx_error_set(err, MX_ERR_USAGE,
		    "-%c: no source is an %s address (the first is %s); give one with "
		    "--source",
		    m->options->family == AF_INET6 ? '6' : '4',
		    mx_addr_family_name(m->options->family), first);
	return MX_OK;
}

/* An address of a family that no source has would be of no use: say so before starting. */
static enum mx_err
check_family_of(
    struct merge *m, const char *option, const struct mx_addr *addr, struct mx_error *err)
{
	char text[MX_ADDR_TEXT];

	if (addr->family == AF_UNSPEC)
		return MX_OK;
	for (size_t i = 0; i < m->to->source_count; i++)
		if (m->to->sources[i].addr.family == addr->family)
			return MX_OK;
	return mx_error_set(err, MX_ERR_USAGE,
	    "%s: %s is %s, but no source is; give one with --source", option,
	    mx_addr_text(addr, text), mx_addr_family_name(addr->family));
}

static enum mx_err
merge_sources(struct merge *m, struct mx_error *err)
{
	enum mx_err code = m->options->sources.count > 0 ? add_option_sources(m, err)
							 : add_config_sources(m, err);

	if (code != MX_OK)
		return code;
	if (m->to->source_count == 0)
		return mx_error_set(err, MX_ERR_USAGE,
		    "no source address: give one of this host's with --source (an "
		    "address, a CIDR block, an interface or @FILE), or list sources in "
		    "the configuration file");
	code = keep_family(m, err);
	if (code == MX_OK)
		code = check_family_of(m, "--server", &m->options->server.addr, err);
	return code == MX_OK ? check_family_of(m, "--seen-as", &m->options->seen_as, err)
			     : code;
}

/* --helo was checked when it was parsed. */
static enum mx_err
check_config_helos(struct merge *m, struct mx_error *err)
{
	const struct mx_config_values *values = m->config->values;

	for (unsigned i = 0; i < values->source_count; i++) {
		struct mx_error why = { 0 };

		if (values->sources[i].helo != NULL &&
		    mx_helo_check(values->sources[i].helo, &why) != MX_OK)
			return config_fault(m, "sources", i, ".helo", &why, err);
	}
	return MX_OK;
}

static enum mx_err
merge_targets(struct merge *m, struct mx_error *err)
{
	const struct mx_config_values *values = m->config->values;
	const struct mx_word_list *words = &m->options->destinations;
	enum mx_err code = MX_OK;

	for (size_t i = 0; code == MX_OK && i < words->count; i++)
		code =
		    mx_targets_add(&m->to->targets, words->items[i], m->catalogue, err);
	for (unsigned i = 0;
	     code == MX_OK && words->count == 0 && i < values->destination_count; i++) {
		struct mx_error why = { 0 };

		if (mx_targets_add(&m->to->targets, values->destinations[i], m->catalogue,
			&why) != MX_OK)
			code = config_fault(m, "destinations", i, "", &why, err);
	}
	return code;
}

static enum mx_err
check_targets(struct merge *m, struct mx_error *err)
{
	if (m->to->targets.count > 0)
		return MX_OK;
	return mx_error_set(err, MX_ERR_USAGE,
	    "no destination: name a mail domain with --to, for example --to "
	    "outlook.com");
}

static enum mx_err
merge_own(struct merge *m, struct mx_error *err)
{
	const struct mx_config_values *values = m->config->values;

	for (unsigned i = 0; i < values->own_count; i++) {
		struct mx_error why = { 0 };
		char name[MX_NAME_MAX];

		if (mx_name_to_ascii(values->own[i], name, &why) != MX_OK)
			return config_fault(m, "own", i, "", &why, err);
		add_text(&m->to->own, &m->to->own_count, name);
	}
	return MX_OK;
}

/* One word without a dot is meant as a provider; a typing error would probe whom it should save. */
static enum mx_err
merge_never(struct merge *m, struct mx_error *err)
{
	const struct mx_config_values *values = m->config->values;

	for (unsigned i = 0; i < values->never_count; i++) {
		const char *entry = values->never[i];
		struct mx_error why = { 0 };
		char name[MX_NAME_MAX];

		if (mx_catalogue_provider(m->catalogue, entry) != NULL)
			snprintf(name, sizeof name, "%s", entry);
		else if (strchr(entry, '.') == NULL)
			mx_error_set(&why, MX_ERR_USAGE,
			    "is neither a provider of the catalogue nor a domain");
		else
			(void)!mx_name_to_ascii(entry + (*entry == '.'), name, &why);
		if (why.code != MX_OK)
			return config_fault(m, "never", i, "", &why, err);
		add_text(&m->to->never, &m->to->never_count, name);
	}
	return MX_OK;
}

static enum mx_err
merge_mail_from(struct merge *m, struct mx_error *err)
{
	const char *option = m->options->mail_from, *set = m->config->values->mail_from;
	struct mx_error why = { 0 };
	char ascii[MX_MAILBOX_MAX];
	enum mx_err code = MX_OK;

	if (option == NULL && set == NULL)
		return MX_OK;
	if (option != NULL)
		code = mx_mailbox_check("--mail-from", option, true, ascii, err);
	else if (mx_mailbox_check("sender", set, false, ascii, &why) != MX_OK)
		code = mx_config_fault(m->config, "mail_from", why.text, err);
	if (code == MX_OK)
		m->to->mail_from = mx_strdup(ascii);
	return code;
}

static enum mx_err
merge_mailboxes(struct merge *m, struct mx_error *err)
{
	const struct mx_config_values *values = m->config->values;
	char ascii[MX_MAILBOX_MAX];
	enum mx_err code = MX_OK;

	for (size_t i = 0; code == MX_OK && i < m->options->mailboxes.count; i++) {
		code = mx_mailbox_check(
		    "--rcpt", m->options->mailboxes.items[i], false, ascii, err);
		if (code == MX_OK)
			add_text(&m->to->mailboxes, &m->to->mailbox_count, ascii);
	}
	for (unsigned i = 0; code == MX_OK && i < values->mailbox_count; i++) {
		struct mx_error why = { 0 };

		if (mx_mailbox_check(
			"mailbox", values->mailboxes[i], false, ascii, &why) != MX_OK)
			code = config_fault(m, "mailboxes", i, "", &why, err);
		else
			add_text(&m->to->mailboxes, &m->to->mailbox_count, ascii);
	}
	return code;
}

/* A control of a family that no source has is of no use, but does no harm in the file. */
static enum mx_err
merge_control(struct merge *m, struct mx_error *err)
{
	const char *set = m->config->values->control;
	struct mx_error why = { 0 };

	m->to->control = m->options->control;
	if (mx_place_is_given(&m->to->control))
		return check_family_of(m, "--control", &m->to->control.addr, err);
	if (set != NULL && mx_place_parse("control", set, &m->to->control, &why) != MX_OK)
		return mx_config_fault(m->config, "control", why.text, err);
	return MX_OK;
}

/* Without a sender a session can't come to MAIL FROM, and inventing one is not ours to do. */
static enum mx_err
check_depth(struct merge *m, struct mx_error *err)
{
	const struct mx_check_options *o = m->options;

	if (m->to->mail_from != NULL || (o->depth_given && o->depth < MX_STAGE_MAIL))
		return MX_OK;
	return mx_error_set(err, MX_ERR_USAGE,
	    "no sender: give a mailbox of your own with --mail-from, or stop earlier "
	    "with --depth ehlo");
}

static void
fill_params(struct merge *m)
{
	struct mx_settings *s = m->to;
	const struct mx_check_options *o = m->options;
	const struct mx_config_values *values = m->config->values;

	s->params = (struct mx_probe_params){
		.sources = s->sources,
		.source_count = s->source_count,
		.destinations = (const char *const *)s->targets.domains,
		.destination_count = s->targets.count,
		.mail_from = s->mail_from,
		.mailboxes = (const char *const *)s->mailboxes,
		.mailbox_count = s->mailbox_count,
		.selectors = (const char *const *)values->dkim_selectors,
		.selector_count = values->dkim_selector_count,
		.dnsbl_zones = (const char *const *)values->dnsbl.zones,
		.dnsbl_zone_count = values->dnsbl.zone_count,
		.dnsbl_keys = s->dnsbl_keys,
		.dnsbl_key_count = mx_settings_dnsbl_keys(values, s->dnsbl_keys),
		.own = (const char *const *)s->own,
		.own_count = s->own_count,
		.never = { (const char *const *)s->never, s->never_count },
		.floors = &s->limits.floors,
		.depth_given = o->depth_given,
		.depth = o->depth,
		.mx_all = o->mx_all,
		.family = o->family,
		.server_name = *o->server.name != '\0' ? o->server.name : NULL,
		.server = o->server.addr,
		.control_name = *s->control.name != '\0' ? s->control.name : NULL,
		.control = s->control.addr,
		.port = o->server.port != 0 ? o->server.port : o->port,
		.tls_mode = o->tls_mode,
		.ca_file = o->ca_file,
		.timeouts = o->timeouts,
		.dns_servers = o->dns_servers.items,
		.dns_server_count = o->dns_servers.count,
		.trust_anchor = o->trust_anchor,
	};
	if (s->params.server.family != AF_UNSPEC)
		s->params.server.port = s->params.port;
	s->params.control.port = s->control.port != 0 ? s->control.port : o->port;
}

static enum mx_err
take_steps(struct merge *m, const struct step *steps, size_t count, struct mx_error *err)
{
	enum mx_err code = MX_OK;

	*m->to = (struct mx_settings){ .limits = mx_limits_make(m->config->values) };
	for (size_t i = 0; code == MX_OK && i < count; i++)
		code = steps[i].take(m, err);
	return code;
}

enum mx_err
mx_settings_make(struct mx_settings *settings, const struct mx_check_options *options,
    const struct mx_config *config, const struct mx_catalogue *catalogue,
    struct mx_error *err)
{
	/* In the order in which people read their own command line. */
	static const struct step steps[] = {
		{ merge_sources },
		{ check_config_helos },
		{ merge_targets },
		{ check_targets },
		{ merge_own },
		{ merge_never },
		{ merge_control },
		{ merge_mail_from },
		{ merge_mailboxes },
		{ check_depth },
	};
	struct merge m = { settings, options, config, catalogue };
	enum mx_err code = take_steps(&m, steps, sizeof steps / sizeof *steps, err);

	if (code == MX_OK)
		fill_params(&m);
	return code;
}

enum mx_err
mx_settings_from_file(struct mx_settings *settings, const struct mx_check_options *none,
    const struct mx_config *config, const struct mx_catalogue *catalogue,
    struct mx_error *err)
{
	static const struct step steps[] = {
		{ check_config_helos },
		{ merge_targets },
		{ merge_own },
		{ merge_never },
		{ merge_control },
		{ merge_mail_from },
		{ merge_mailboxes },
	};
	struct merge m = { settings, none, config, catalogue };

	return take_steps(&m, steps, sizeof steps / sizeof *steps, err);
}

static void
free_texts(char **items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(items[i]);
	free(items);
}

void
mx_settings_clear(struct mx_settings *settings)
{
	free(settings->sources);
	mx_targets_clear(&settings->targets);
	free(settings->mail_from);
	free_texts(settings->mailboxes, settings->mailbox_count);
	free_texts(settings->own, settings->own_count);
	free_texts(settings->never, settings->never_count);
	*settings = (struct mx_settings){ .source_count = 0 };
}
