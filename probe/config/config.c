/* config.c - finds the file, holds it against the schema, checks addresses. */
#include "probe/config/config.h"

#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/base/addr.h"
#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/base/yaml.h"
#include "probe/base/yaml_line.h"
#include "probe/dns/name.h"

#define FILE_NAME "mxprobe/mxprobe.yaml"
#define FILE_MAX ((size_t)1024 * 1024)
#define KEY_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

static const cyaml_schema_value_t word = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 1024),
};

#define WORDS(key, member, count)                                                 \
	CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, \
	    struct mx_config_values, member, count, &word, 0, CYAML_UNLIMITED)

/* clang-format off */
static const cyaml_schema_field_t source_fields[] = {
	CYAML_FIELD_STRING_PTR("address", CYAML_FLAG_POINTER,
	    struct mx_config_source, address, 1, 1024),
	CYAML_FIELD_STRING_PTR("helo", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_source, helo, 1, 1024),
	CYAML_FIELD_STRING_PTR("seen_as", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_source, seen_as, 1, 1024),
	CYAML_FIELD_SEQUENCE_COUNT("tags", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_source, tags, tag_count, &word, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t source_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_config_source, source_fields),
};

static const cyaml_schema_field_t key_fields[] = {
	CYAML_FIELD_STRING_PTR("spamhaus_dqs", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_keys, spamhaus_dqs, 0, 1024),
	CYAML_FIELD_STRING_PTR("abusix", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_keys, abusix, 0, 1024),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t dnsbl_fields[] = {
	CYAML_FIELD_SEQUENCE_COUNT("zones", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_dnsbl, zones, zone_count, &word, 0, CYAML_UNLIMITED),
	CYAML_FIELD_MAPPING("keys", CYAML_FLAG_OPTIONAL, struct mx_config_dnsbl, keys, key_fields),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_SEQUENCE_COUNT("sources", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_values, sources, source_count, &source_value, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("mail_from", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_values, mail_from, 0, 1024),
	WORDS("destinations", destinations, destination_count),
	WORDS("mailboxes", mailboxes, mailbox_count),
	WORDS("own", own, own_count),
	WORDS("dkim_selectors", dkim_selectors, dkim_selector_count),
	CYAML_FIELD_MAPPING("dnsbl", CYAML_FLAG_OPTIONAL, struct mx_config_values, dnsbl,
	    dnsbl_fields),
	CYAML_FIELD_STRING_PTR("store", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_values, store, 1, 1024),
	CYAML_FIELD_STRING_PTR("control", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_values, control, 1, 1024),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct mx_config_values, fields),
};
/* clang-format on */

enum mx_err
mx_config_fault(const struct mx_config *config, const char *field, const char *why,
    struct mx_error *err)
{
	return mx_error_set(err, MX_ERR_CONFIG, "%s:%zu: %s: %s", config->path,
	    mx_yaml_line(config->text, config->len, field), field, why);
}

/* Bounded, and from pipes as well: --config <(generator). */
static enum mx_err
read_stream(struct mx_config *config, FILE *file, struct mx_error *err)
{
	struct mx_buf text;
	char chunk[4096];
	size_t got;
	bool fits = true;

	mx_buf_init(&text, FILE_MAX);
	while (fits && (got = fread(chunk, 1, sizeof chunk, file)) > 0)
		fits = mx_buf_add(&text, chunk, got);
	config->len = text.len;
	config->text = mx_buf_take(&text);
	if (!fits)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "%s: larger than 1 MiB: this is no configuration file", config->path);
	if (ferror(file))
		return mx_error_set(
		    err, MX_ERR_CONFIG, "%s: %s", config->path, strerror(errno));
	return MX_OK;
}

/* config->path names the file; taken back when nothing is there and that is allowed. */
static enum mx_err
read_file(struct mx_config *config, bool must_exist, struct mx_error *err)
{
	FILE *file = fopen(config->path, "re");
	enum mx_err code;

	if (file != NULL) {
		code = read_stream(config, file, err);
		fclose(file);
		return code;
	}
	if (!must_exist && (errno == ENOENT || errno == ENOTDIR)) {
		free(config->path);
		config->path = NULL;
		return MX_OK;
	}
	return mx_error_set(err, MX_ERR_CONFIG, "%s: %s%s", config->path, strerror(errno),
	    must_exist ? "" : "; name another file with --config");
}

/* Where a user's files are; NULL when neither variable says so. */
static char *
user_path(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	/* The XDG specification: what is not absolute is to be ignored. */
	if (xdg != NULL && *xdg == '/')
		return mx_asprintf("%s/%s", xdg, FILE_NAME);
	if (home != NULL && *home == '/')
		return mx_asprintf("%s/.config/%s", home, FILE_NAME);
	return NULL;
}

static enum mx_err
find_file(struct mx_config *config, const char *given, struct mx_error *err)
{
	char *places[2];
	enum mx_err code = MX_OK;

	if (given != NULL) {
		config->path = mx_strdup(given);
		return read_file(config, true, err);
	}
	places[0] = user_path();
	places[1] = mx_strdup(MX_SYSCONFDIR "/" FILE_NAME);
	for (size_t i = 0; i < 2; i++) {
		if (places[i] != NULL && config->path == NULL && code == MX_OK) {
			config->path = mx_strdup(places[i]);
			code = read_file(config, false, err);
		}
		free(places[i]);
	}
	return code;
}

/* Nothing but blanks, comments and document marks: no value is set, and that is no error. */
static bool
is_blank(const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		const char *word_start = text + strspn(text, " \t\r");

		if (word_start < text + len && *word_start != '#' &&
		    strncmp(text, "---", 3) != 0 && strncmp(text, "...", 3) != 0)
			return false;
		text += len + (text[len] == '\n');
	}
	return true;
}

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

static enum mx_err
refuse(const struct mx_config *config, const char *field, const char *value,
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
		return refuse(config, field, source->address,
		    "neither an IP address nor the name of an interface", err);
	snprintf(field, sizeof field, "sources[%u].seen_as", index);
	if (source->seen_as != NULL && !mx_addr_parse(source->seen_as, &addr))
		return refuse(config, field, source->seen_as, "no IP address", err);
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
			return refuse(
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
			return refuse(
			    config, field, values->dkim_selectors[i], "no selector", err);
	}
	return MX_OK;
}

static enum mx_err
load_values(struct mx_config *config, struct mx_error *err)
{
	void *values = NULL;
	enum mx_err code;

	if (config->path == NULL ||
	    (strlen(config->text) == config->len && is_blank(config->text)))
		return MX_OK;
	code = mx_yaml_load_text(
	    config->path, config->text, config->len, &schema, &values, NULL, err);
	if (code != MX_OK)
		return code;
	/* Both come from malloc; the schema frees what hangs below. */
	free(config->values);
	config->values = values;
	for (unsigned i = 0; code == MX_OK && i < config->values->source_count; i++)
		code = check_source(config, i, err);
	if (code == MX_OK)
		code = check_selectors(config, err);
	return code == MX_OK ? check_dnsbl(config, err) : code;
}

enum mx_err
mx_config_load(struct mx_config *config, const char *given, struct mx_error *err)
{
	enum mx_err code;

	*config = (struct mx_config){ .values = mx_calloc(1, sizeof *config->values) };
	code = find_file(config, given, err);
	if (code == MX_OK)
		code = load_values(config, err);
	return code;
}

void
mx_config_clear(struct mx_config *config)
{
	mx_yaml_free(&schema, config->values, 0);
	free(config->path);
	free(config->text);
	*config = (struct mx_config){ .values = NULL };
}
