/* classify_ndjson.c - jansson reads, a table says which key goes where. */
#include "probe/cmd/classify_ndjson.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/classify_options.h"

/* *out stays NULL where the key is missing or null. */
static enum mx_err
get_string(const json_t *object, const char *key, const char **out, struct mx_error *err)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL || json_is_null(value))
		return MX_OK;
	if (!json_is_string(value))
		return mx_error_set(err, MX_ERR_USAGE, "\"%s\" is not a string", key);
	*out = json_string_value(value);
	return MX_OK;
}

static enum mx_err
get_strings(struct mx_ndjson_reply *reply, const char **stage, const char **source,
    struct mx_error *err)
{
	const struct {
		const char *key, **into;
	} keys[] = {
		{ "text", &reply->text },
		{ "mx_host", &reply->mx_host },
		{ "helo", &reply->helo },
		{ "mail_from", &reply->mail_from },
		{ "rcpt", &reply->rcpt },
		{ "provider", &reply->provider },
		{ "stage", stage },
		{ "source", source },
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (get_string(reply->object, keys[i].key, keys[i].into, err) != MX_OK)
			return err->code;
	return MX_OK;
}

static enum mx_err
unusable(const char *key, const char *value, const char *what, struct mx_error *err)
{
	char *shown = mx_escape_terminal(value, strlen(value));

	mx_error_set(err, MX_ERR_USAGE, "\"%s\": \"%.60s\" is %s", key, shown, what);
	free(shown);
	return MX_ERR_USAGE;
}

static enum mx_err
parse_values(struct mx_ndjson_reply *reply, struct mx_error *err)
{
	const char *stage = NULL, *source = NULL;

	if (get_strings(reply, &stage, &source, err) != MX_OK)
		return err->code;
	if (reply->text == NULL)
		return mx_error_set(err, MX_ERR_USAGE, "there is no \"text\"");
	reply->len = json_string_length(json_object_get(reply->object, "text"));
	if (stage != NULL && *stage != '\0' && !mx_classify_stage(stage, &reply->stage))
		return unusable("stage", stage, "no stage", err);
	if (source != NULL && *source != '\0' && !mx_addr_parse(source, &reply->source))
		return unusable("source", source, "no IP address", err);
	return MX_OK;
}

enum mx_err
mx_ndjson_parse(
    const char *line, size_t len, struct mx_ndjson_reply *out, struct mx_error *err)
{
	const json_t *id;
	json_error_t why;

	*out = (struct mx_ndjson_reply){ .stage = MX_STAGE_COUNT };
	out->object = json_loadb(line, len, JSON_ALLOW_NUL, &why);
	if (out->object == NULL)
		return mx_error_set(
		    err, MX_ERR_USAGE, "not JSON: column %d: %s", why.column, why.text);
	if (!json_is_object(out->object))
		return mx_error_set(err, MX_ERR_USAGE, "not a JSON object");
	id = json_object_get(out->object, "id");
	if (id != NULL)
		out->id =
		    json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
	if (id != NULL && out->id == NULL)
		mx_out_of_memory();
	return parse_values(out, err);
}

void
mx_ndjson_clear(struct mx_ndjson_reply *reply)
{
	free(reply->id);
	json_decref(reply->object);
	*reply = (struct mx_ndjson_reply){ .stage = MX_STAGE_COUNT };
}
