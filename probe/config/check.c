/* check.c - sources, blocklists, selectors: each value as its kind wants it. */
#include "probe/config/check.h"

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/addr.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/dns/name.h"

#define KEY_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

/* The kernel takes stranger names still; nobody gives them. */
static bool
is_interface_name(const char *text)
{
	size_t len = strlen(text);

	for (const char *c = text; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("/:%@", *c) != NULL)
			return false;
	return len > 0 && len < IF_NAMESIZE && strspn(text, "0123456789.") != len;
}

enum mx_err
mx_config_refuse(const struct mx_config *config, const char *field, const char *value,
    const char *why, struct mx_error *err)
{
	char *shown = mx_escape_terminal(value, strlen(value));
	char *text = mx_asprintf("\"%s\" is %s", shown, why);

	mx_config_fault(config, field, text, err);
	free(text);
	free(shown);
	return MX_ERR_CONFIG;
}

static enum mx_err
check_source(const struct mx_config *config, unsigned index, struct mx_error *err)
{
	const struct mx_config_source *source = &config->values->sources[index];
	struct mx_addr addr;
	char field[64];

	snprintf(field, sizeof field, "sources[%u].address", index);
	if (!mx_addr_parse(source->address, &addr) && !is_interface_name(source->address))
		return mx_config_refuse(config, field, source->address,
		    "neither an IP address nor the name of an interface", err);
	snprintf(field, sizeof field, "sources[%u].seen_as", index);
	if (source->seen_as != NULL && !mx_addr_parse(source->seen_as, &addr))
		return mx_config_refuse(
		    config, field, source->seen_as, "no IP address", err);
	return MX_OK;
}

/* The key itself is never repeated: whoever reads the message is not always its owner. */
static enum mx_err
check_key(const struct mx_config *config, const char *name, const char *key,
    struct mx_error *err)
{
	char field[64];

	if (key == NULL || (strlen(key) > 0 && strlen(key) < 64 &&
			       strspn(key, KEY_BYTES) == strlen(key)))
		return MX_OK;
	snprintf(field, sizeof field, "dnsbl.keys.%s", name);
	return mx_config_fault(config, field,
	    "a key is 1 to 63 letters, digits and hyphens (it is not shown here)", err);
}

static enum mx_err
check_dnsbl(const struct mx_config *config, struct mx_error *err)
{
	const struct mx_config_dnsbl *dnsbl = &config->values->dnsbl;
	char name[MX_NAME_MAX], field[64];

	for (unsigned i = 0; i < dnsbl->zone_count; i++) {
		snprintf(field, sizeof field, "dnsbl.zones[%u]", i);
		if (mx_name_to_ascii(dnsbl->zones[i], name, NULL) != MX_OK)
			return mx_config_refuse(
			    config, field, dnsbl->zones[i], "no domain name", err);
	}
	if (check_key(config, "spamhaus_dqs", dnsbl->keys.spamhaus_dqs, err) != MX_OK)
		return MX_ERR_CONFIG;
	return check_key(config, "abusix", dnsbl->keys.abusix, err);
}

static enum mx_err
check_selectors(const struct mx_config *config, struct mx_error *err)
{
	const struct mx_config_values *values = config->values;
	char name[MX_NAME_MAX], field[64];

	for (unsigned i = 0; i < values->dkim_selector_count; i++) {
		snprintf(field, sizeof field, "dkim_selectors[%u]", i);
		if (mx_name_to_ascii(values->dkim_selectors[i], name, NULL) != MX_OK)
			return mx_config_refuse(
			    config, field, values->dkim_selectors[i], "no selector", err);
	}
	return MX_OK;
}

enum mx_err
mx_config_check(const struct mx_config *config, struct mx_error *err)
{
	enum mx_err code = MX_OK;

	for (unsigned i = 0; code == MX_OK && i < config->values->source_count; i++)
		code = check_source(config, i, err);
	if (code == MX_OK)
		code = check_selectors(config, err);
	return code == MX_OK ? check_dnsbl(config, err) : code;
}
