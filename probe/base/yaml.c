/* yaml.c - read the file, hold it against the schema, let libcyaml fill the structs. */
#include "probe/base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/base/yaml_pack.h"
#include "probe/base/yaml_strict.h"

#define TEXT_MOST (4u << 20)

/* Memory for libcyaml that ends the program when there is none, as ours does. */
static void *
manage_memory(void *ctx, void *old, size_t size)
{
	(void)ctx;
	if (size > 0)
		return mx_reallocarray(old, size, 1);
	free(old);
	return NULL;
}

/* libcyaml says what is wrong in several lines; all of them go into one. */
__attribute__((format(printf, 3, 0))) static void
keep_message(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
	char line[300];
	size_t len;

	(void)level;
	vsnprintf(line, sizeof line, format, args);
	len = strlen(line);
	if (len > 0 && line[len - 1] == '\n')
		line[len - 1] = ' ';
	(void)mx_buf_addstr(ctx, line);
}

static cyaml_config_t
config(struct mx_buf *messages)
{
	return (cyaml_config_t){
		.log_fn = messages != NULL ? keep_message : NULL,
		.log_ctx = messages,
		.log_level = CYAML_LOG_WARNING,
		.mem_fn = manage_memory,
		.flags = CYAML_CFG_NO_ALIAS,
	};
}

enum mx_err
mx_yaml_load_text(const char *name, const char *text, size_t len,
    const cyaml_schema_value_t *schema, void **out, unsigned *seq_count,
    struct mx_error *err)
{
	struct mx_buf messages;
	cyaml_config_t cfg;
	cyaml_err_t status;
	enum mx_err code;

	*out = NULL;
	if (len > TEXT_MOST)
		return mx_error_set(
		    err, MX_ERR_CONFIG, "%s: larger than %u MiB", name, TEXT_MOST >> 20);
	code = mx_yaml_check(name, text, len, schema, err);
	if (code != MX_OK)
		return code;
	mx_buf_init(&messages, 900);
	cfg = config(&messages);
	status =
	    cyaml_load_data((const uint8_t *)text, len, &cfg, schema, out, seq_count);
	if (status != CYAML_OK)
		code = mx_error_set(err, MX_ERR_CONFIG, "%s: %s: %s", name,
		    cyaml_strerror(status),
		    messages.len > 0 ? messages.data : "no details");
	mx_buf_clear(&messages);
	return code;
}

/* A file that can't be had is the fault of whoever named it: configuration, with errno
 * kept so that the caller can tell "not there" from the rest. */
static enum mx_err
fail_file(struct mx_error *err, const char *path, int sys)
{
	enum mx_err code =
	    mx_error_set(err, MX_ERR_CONFIG, "%s: %s", path, strerror(sys));

	if (err != NULL && err->sys == 0)
		err->sys = sys;
	return code;
}

static enum mx_err
check_kind(int fd, const char *path, struct mx_error *err)
{
	struct stat facts;

	if (fstat(fd, &facts) != 0)
		return fail_file(err, path, errno);
	if (S_ISDIR(facts.st_mode))
		return fail_file(err, path, EISDIR);
	if (!S_ISREG(facts.st_mode))
		return mx_error_set(err, MX_ERR_CONFIG, "%s: not a regular file", path);
	return MX_OK;
}

/* The size is judged by what is read: the file may grow meanwhile. */
static enum mx_err
read_all(int fd, const char *path, struct mx_buf *text, struct mx_error *err)
{
	char block[16384];
	ssize_t got;

	while ((got = read(fd, block, sizeof block)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_file(err, path, errno);
		if (!mx_buf_add(text, block, (size_t)got))
			return mx_error_set(err, MX_ERR_CONFIG, "%s: larger than %u MiB",
			    path, TEXT_MOST >> 20);
	}
	return MX_OK;
}

enum mx_err
mx_yaml_read_file(const char *path, struct mx_buf *text, struct mx_error *err)
{
	/* O_NONBLOCK: opening a pipe nobody writes to would wait for ever. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum mx_err code;

	mx_buf_init(text, TEXT_MOST);
	if (fd < 0)
		return fail_file(err, path, errno);
	code = check_kind(fd, path, err);
	if (code == MX_OK)
		code = read_all(fd, path, text, err);
	close(fd);
	return code;
}

static bool
unpack_from(const struct mx_image *image, const char *text, size_t len,
    const cyaml_schema_value_t *schema, void **out, unsigned *seq_count)
{
	size_t packed_len = 0;
	const char *packed =
	    image == NULL
		? NULL
		: mx_image_find(image, mx_yaml_pack_key(schema, text, len), &packed_len);

	return packed != NULL &&
	       mx_yaml_unpack(schema, packed, packed_len, out, seq_count);
}

enum mx_err
mx_yaml_load_imaged(const struct mx_image *image, const char *path,
    const cyaml_schema_value_t *schema, void **out, unsigned *seq_count,
    struct mx_error *err)
{
	struct mx_buf text;
	enum mx_err code = mx_yaml_read_file(path, &text, err);
	const char *bytes = text.len > 0 ? text.data : "";

	*out = NULL;
	if (code == MX_OK && !unpack_from(image, bytes, text.len, schema, out, seq_count))
		code =
		    mx_yaml_load_text(path, bytes, text.len, schema, out, seq_count, err);
	mx_buf_clear(&text);
	return code;
}

enum mx_err
mx_yaml_load_file(const char *path, const cyaml_schema_value_t *schema, void **out,
    unsigned *seq_count, struct mx_error *err)
{
	return mx_yaml_load_imaged(NULL, path, schema, out, seq_count, err);
}

void
mx_yaml_free(const cyaml_schema_value_t *schema, void *data, unsigned seq_count)
{
	cyaml_config_t cfg = config(NULL);

	(void)cyaml_free(&cfg, schema, data, seq_count);
}
