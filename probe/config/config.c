/* config.c - finds the file, holds it against the schema, has its values checked. */
#include "probe/config/config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/base/yaml_line.h"
#include "probe/config/check.h"
#include "probe/config/schema.h"

#define FILE_NAME "mxprobe/mxprobe.yaml"
#define FILE_MAX ((size_t)1024 * 1024)

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

static enum mx_err
load_values(struct mx_config *config, struct mx_error *err)
{
	void *values = NULL;
	enum mx_err code;

	if (config->path == NULL ||
	    (strlen(config->text) == config->len && is_blank(config->text)))
		return MX_OK;
	code = mx_yaml_load_text(config->path, config->text, config->len,
	    &mx_config_schema, &values, NULL, err);
	if (code != MX_OK)
		return code;
	/* Both come from malloc; the schema frees what hangs below. */
	free(config->values);
	config->values = values;
	code = mx_config_read_spans(config, err);
	if (code == MX_OK)
		code = mx_config_check(config, err);
	return code == MX_OK ? mx_config_check_services(config, err) : code;
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
	mx_yaml_free(&mx_config_schema, config->values, 0);
	free(config->path);
	free(config->text);
	*config = (struct mx_config){ .values = NULL };
}
