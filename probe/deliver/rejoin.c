/* rejoin.c - the keys of the bounce go over those of the test; the rest of it stays as it was. */
#include "probe/deliver/rejoin.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/deliver/bounce.h"
#include "probe/deliver/delivery.h"

struct joining {
	struct mx_store *store;
	const struct mx_catalogue *catalogue;
	const struct mx_rules *rules;
	const char *bytes;
	size_t len;
	struct mx_rejoined *out;
	bool is_found, is_bounce;
};

/* What a bounce says anew of a test. */
static const char *const changed[] = { "verdict", "finding", "bounced", "summary" };

/* Owned text. */
static char *
merge(const char *before, const char *now)
{
	json_t *old = json_loads(before, 0, NULL), *new = json_loads(now, 0, NULL);
	char *text;

	if (old == NULL)
		old = json_object();
	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
		(void)json_object_set(old, changed[i], json_object_get(new, changed[i]));
	text = json_dumps(old, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(old);
	json_decref(new);
	if (text == NULL)
		mx_out_of_memory();
	return text;
}

static void
put(struct joining *joining, const struct mx_store_delivery *row,
    const struct mx_bounce *bounce)
{
	struct mx_delivery now = {
		.mailbox = row->mailbox,
		.verdict = bounce->verdict,
		.has_finding = true,
		.finding = bounce->finding, /* borrowed: now is not cleared */
		.bounced_us = mx_clock_wall_us(),
	};
	struct mx_rejoined *out = joining->out;
	struct mx_store_delivery changed_row = *row;
	char *json = mx_delivery_json(&now);

	out->mailbox = mx_strdup(row->mailbox);
	out->summary = mx_delivery_summary(&now);
	out->json = merge(row->json, json);
	out->verdict = bounce->verdict;
	changed_row.verdict = mx_verdict_name(bounce->verdict);
	changed_row.summary = out->summary;
	changed_row.json = out->json;
	mx_store_put_delivery(joining->store, &changed_row, NULL, NULL);
	free(json);
}

static bool
on_row(void *arg, const struct mx_store_delivery *row)
{
	struct joining *joining = arg;
	struct mx_identity who = { .rcpt = row->mailbox };
	struct mx_bounce bounce;

	joining->is_found = true;
	if (row->provider != NULL)
		who.provider = mx_catalogue_provider(joining->catalogue, row->provider);
	mx_bounce_read(joining->bytes, joining->len, joining->rules, &who, &bounce);
	joining->is_bounce = bounce.has_finding;
	if (bounce.has_finding)
		put(joining, row, &bounce);
	mx_bounce_clear(&bounce);
	return false;
}

enum mx_err
mx_rejoin_bounce(struct mx_store *store, const struct mx_catalogue *catalogue,
    const struct mx_rules *rules, const char *bytes, size_t len, struct mx_rejoined *out,
    struct mx_error *err)
{
	struct joining joining = { store, catalogue, rules, bytes, len, out, false,
		false };
	char id[MX_ULID_TEXT];
	const struct mx_store_delivery_span span = { .id = id };

	*out = (struct mx_rejoined){ 0 };
	if (!mx_token_find(bytes, len, id))
		return mx_error_set(err, MX_ERR_USAGE,
		    "the bounce quotes no message of mxprobe's: no " MX_TOKEN_PREFIX
		    "... in it");
	if (mx_store_deliveries(store, &span, on_row, &joining, err) != MX_OK)
		return err->code;
	if (!joining.is_found)
		return mx_error_set(err, MX_ERR_USAGE,
		    "this store knows no test " MX_TOKEN_PREFIX "%s: name the one it was "
		    "made with by --store",
		    id);
	if (!joining.is_bounce)
		return mx_error_set(
		    err, MX_ERR_USAGE, "nothing in it says why test %s came back", id);
	return MX_OK;
}

void
mx_rejoined_clear(struct mx_rejoined *rejoined)
{
	free(rejoined->mailbox);
	free(rejoined->summary);
	free(rejoined->json);
	*rejoined = (struct mx_rejoined){ 0 };
}
