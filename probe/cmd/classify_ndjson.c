/* classify_ndjson.c - jansson reads what is not plain, a table says which key goes where. */
#include "probe/cmd/classify_ndjson.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/classify_options.h"

enum key {
	TEXT,
	MX_HOST,
	HELO,
	MAIL_FROM,
	RCPT,
	PROVIDER,
	STAGE,
	SOURCE,
	KEYS
};

static const char *const keys[KEYS] = {
	[TEXT] = "text",
	[MX_HOST] = "mx_host",
	[HELO] = "helo",
	[MAIL_FROM] = "mail_from",
	[RCPT] = "rcpt",
	[PROVIDER] = "provider",
	[STAGE] = "stage",
	[SOURCE] = "source",
};

/* What the line says; NULL where it doesn't. */
struct values {
	const char *of[KEYS];
	size_t text_len;
};

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
get_strings(const json_t *object, struct values *values, struct mx_error *err)
{
	for (size_t i = 0; i < KEYS; i++)
		if (get_string(object, keys[i], &values->of[i], err) != MX_OK)
			return err->code;
	values->text_len = json_string_length(json_object_get(object, keys[TEXT]));
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
take_values(
    struct mx_ndjson_reply *reply, const struct values *values, struct mx_error *err)
{
	const char *stage = values->of[STAGE], *source = values->of[SOURCE];

	reply->text = values->of[TEXT];
	reply->len = values->text_len;
	reply->mx_host = values->of[MX_HOST];
	reply->helo = values->of[HELO];
	reply->mail_from = values->of[MAIL_FROM];
	reply->rcpt = values->of[RCPT];
	reply->provider = values->of[PROVIDER];
	if (reply->text == NULL)
		return mx_error_set(err, MX_ERR_USAGE, "there is no \"text\"");
	if (stage != NULL && *stage != '\0' && !mx_classify_stage(stage, &reply->stage))
		return unusable("stage", stage, "no stage", err);
	if (source != NULL && *source != '\0' && !mx_addr_parse(source, &reply->source))
		return unusable("source", source, "no IP address", err);
	return MX_OK;
}

/* ---- plain lines ---- */

/* False when jansson has to write the id. */
static bool
take_plain_id(const struct mx_plain_field *field, char **id)
{
	if (!field->is_plain)
		return false;
	free(*id);
	*id = mx_strndup(field->written, field->written_len);
	return true;
}

/* False when the field is not what it should be. Of one key's values the last counts. */
static bool
take_plain_field(const struct mx_plain_field *field, struct values *values,
    struct mx_ndjson_reply *out)
{
	size_t key = 0;

	if (strcmp(field->key, "id") == 0)
		return take_plain_id(field, &out->id);
	while (key < KEYS && strcmp(field->key, keys[key]) != 0)
		key++;
	if (key == KEYS)
		return true;
	values->of[key] = field->value;
	if (key == TEXT)
		values->text_len = field->len;
	return field->is_string;
}

static bool
read_plain(
    const char *line, size_t len, struct mx_ndjson_reply *out, struct values *values)
{
	if (!mx_plain_parse(line, len, &out->plain))
		return false;
	for (size_t i = 0; i < out->plain.count; i++)
		if (!take_plain_field(&out->plain.fields[i], values, out)) {
			mx_ndjson_clear(out);
			*values = (struct values){ .text_len = 0 };
			return false;
		}
	return true;
}

/* ---- all lines ---- */

static enum mx_err
read_any(const char *line, size_t len, struct mx_ndjson_reply *out, struct values *values,
    struct mx_error *err)
{
	const json_t *id;
	json_error_t why;

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
	return get_strings(out->object, values, err);
}

enum mx_err
mx_ndjson_parse(
    const char *line, size_t len, struct mx_ndjson_reply *out, struct mx_error *err)
{
	struct values values = { .text_len = 0 };

	*out = (struct mx_ndjson_reply){ .stage = MX_STAGE_COUNT };
	if (!read_plain(line, len, out, &values) &&
	    read_any(line, len, out, &values, err) != MX_OK)
		return err->code;
	return take_values(out, &values, err);
}

void
mx_ndjson_clear(struct mx_ndjson_reply *reply)
{
	free(reply->id);
	mx_plain_clear(&reply->plain);
	json_decref(reply->object);
	*reply = (struct mx_ndjson_reply){ .stage = MX_STAGE_COUNT };
}
