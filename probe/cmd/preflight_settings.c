/* preflight_settings.c - merges; names are taken as they are. */
#include "probe/cmd/preflight_settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/net/source.h"

struct merge {
	struct mx_preflight_settings *to;
	const struct mx_preflight_options *options;
	const struct mx_config *config;
	const struct mx_catalogue *catalogue;
	/* what the file says of sources, each address of an interface by itself */
	struct mx_preflight_run_source *declared;
	size_t declared_count;
};

static void
add_source(struct mx_preflight_run_source **items, size_t *count,
    const struct mx_addr *addr, const char *helo)
{
	*items = mx_grow(*items, *count, sizeof **items);
	(*items)[(*count)++] =
	    (struct mx_preflight_run_source){ .addr = *addr, .helo = helo };
}

/* A source of the file that is not to be had any more matters only when nothing else is named. */
static enum mx_err
read_declared(struct merge *m, struct mx_error *err)
{
	const struct mx_config_values *values = m->config->values;
	bool is_needed = m->options->sources.count == 0;

	for (unsigned i = 0; i < values->source_count; i++) {
		struct mx_sources found = { NULL, 0 };
		struct mx_error why = { 0 };
		char field[64];

		if (mx_sources_add_any(&found, values->sources[i].address, &why) !=
			MX_OK &&
		    is_needed) {
			snprintf(field, sizeof field, "sources[%u].address", i);
			return mx_config_fault(m->config, field, why.text, err);
		}
		for (size_t a = 0; a < found.count; a++)
			add_source(&m->declared, &m->declared_count, &found.addrs[a],
			    values->sources[i].helo);
		mx_sources_clear(&found);
	}
	return MX_OK;
}

static const char *
declared_helo(const struct merge *m, const struct mx_addr *addr)
{
	for (size_t i = 0; i < m->declared_count; i++)
		if (mx_addr_equal(&m->declared[i].addr, addr))
			return m->declared[i].helo;
	return NULL;
}

static enum mx_err
expand_sources(struct merge *m, struct mx_sources *found, struct mx_error *err)
{
	enum mx_err code = MX_OK;

	for (size_t i = 0; code == MX_OK && i < m->options->sources.count; i++)
		code = mx_sources_add_any(found, m->options->sources.items[i], err);
	return code;
}

static enum mx_err
merge_sources(struct merge *m, struct mx_error *err)
{
	struct mx_preflight_settings *s = m->to;
	struct mx_sources found = { NULL, 0 };
	enum mx_err code = read_declared(m, err);

	if (code == MX_OK)
		code = expand_sources(m, &found, err);
	for (size_t i = 0; code == MX_OK && i < found.count; i++)
		add_source(&s->sources, &s->source_count, &found.addrs[i],
		    declared_helo(m, &found.addrs[i]));
	for (size_t i = 0;
	     code == MX_OK && m->options->sources.count == 0 && i < m->declared_count;
	     i++)
		add_source(&s->sources, &s->source_count, &m->declared[i].addr,
		    m->declared[i].helo);
	mx_sources_clear(&found);
	for (size_t i = 0; i < s->source_count && m->options->helo != NULL; i++)
		s->sources[i].helo = m->options->helo;
	if (code == MX_OK && s->source_count == 0)
		return mx_error_set(err, MX_ERR_USAGE,
		    "no source address: give one with --source (an address, a CIDR block, "
		    "an interface or @FILE), or list sources in the configuration file");
	return code;
}

static enum mx_err
merge_targets(struct merge *m, struct mx_error *err)
{
	const struct mx_word_list *words = &m->options->destinations;
	enum mx_err code = MX_OK;

	for (size_t i = 0; code == MX_OK && i < words->count; i++)
		code =
		    mx_targets_add(&m->to->targets, words->items[i], m->catalogue, err);
	return code;
}

size_t
mx_settings_dnsbl_keys(
    const struct mx_config_values *values, struct mx_dnsbl_key out[MX_DNSBL_KEYS])
{
	const struct mx_config_keys *keys = &values->dnsbl.keys;
	size_t count = 0;

	if (keys->spamhaus_dqs != NULL)
		out[count++] =
		    (struct mx_dnsbl_key){ "spamhaus_dqs", keys->spamhaus_dqs };
	if (keys->abusix != NULL)
		out[count++] = (struct mx_dnsbl_key){ "abusix", keys->abusix };
	return count;
}

static void
fill_params(struct merge *m)
{
	const struct mx_preflight_options *o = m->options;
	const struct mx_config_values *values = m->config->values;
	struct mx_preflight_settings *s = m->to;
	struct mx_preflight_run_params *p = &s->params;

	*p = (struct mx_preflight_run_params){
		.sources = s->sources,
		.source_count = s->source_count,
		.mail_from = o->mail_from != NULL ? o->mail_from : values->mail_from,
		.destinations = (const char *const *)s->targets.domains,
		.destination_count = s->targets.count,
		.selectors = o->selectors.items,
		.selector_count = o->selectors.count,
		.asks_dnsbl = !o->no_zone,
		.zones = o->zones.items,
		.zone_count = o->every_zone ? 0 : o->zones.count,
		.keys = s->keys,
		.dns_servers = o->dns_servers.items,
		.dns_server_count = o->dns_servers.count,
		.trust_anchor = o->trust_anchor,
		.timeout_us = o->timeout_us,
	};
	s->key_count = mx_settings_dnsbl_keys(values, s->keys);
	p->key_count = s->key_count;
	if (o->selectors.count == 0) {
		p->selectors = (const char *const *)values->dkim_selectors;
		p->selector_count = values->dkim_selector_count;
	}
	if (o->zones.count == 0 && !o->every_zone) {
		p->zones = (const char *const *)values->dnsbl.zones;
		p->zone_count = values->dnsbl.zone_count;
	}
}

enum mx_err
mx_preflight_settings_make(struct mx_preflight_settings *settings,
    const struct mx_preflight_options *options, const struct mx_config *config,
    const struct mx_catalogue *catalogue, struct mx_error *err)
{
	struct merge m = {
		.to = settings,
		.options = options,
		.config = config,
		.catalogue = catalogue,
	};
	enum mx_err code;

	*settings = (struct mx_preflight_settings){ .source_count = 0 };
	code = merge_sources(&m, err);
	if (code == MX_OK)
		code = merge_targets(&m, err);
	if (code == MX_OK)
		fill_params(&m);
	free(m.declared);
	return code;
}

void
mx_preflight_settings_clear(struct mx_preflight_settings *settings)
{
	free(settings->sources);
	mx_targets_clear(&settings->targets);
	*settings = (struct mx_preflight_settings){ .source_count = 0 };
}
