/* alertmanager.c - the notice in the shape that receivers of Alertmanager know already. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/watch/alert/shape.h"
#include "probe/watch/alert/tree.h"

#define MOST 8192U

/* clang-format off */
/* Labels tell alerts apart, so nothing may stand there that changes while one of them lasts. */
static const char *const labels[] = {
	"alertname", "severity", "source", "network", "provider", "group",
};
/* Key in the notice, key here. */
static const char *const annotations[][2] = {
	{ "kind", "kind" }, { "state", "state" }, { "why", "why" }, { "ticket", "ticket" }, { "result", "result" },
	{ "destination", "destination" }, { "category", "category" }, { "list", "list" },
	{ "authority", "authority" }, { "provider_code", "provider_code" },
	{ "listed_value", "listed_value" }, { "delist_url", "delist_url" }, { "page", "page" },
};
/* clang-format on */

/* Alertmanager has texts only, and receivers show them as they are. */
static void
put(json_t *object, const char *key, const char *text)
{
	char *safe;

	if (*text == '\0')
		return;
	safe = mx_escape_terminal(text, strlen(text));
	mx_tree_text(object, key, safe, MOST);
	free(safe);
}

static json_t *
make_labels(const json_t *alert)
{
	json_t *object = mx_tree_object();

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		put(object, labels[i], mx_tree_get(alert, labels[i]));
	return object;
}

static void
put_reply(json_t *object, const json_t *alert)
{
	const json_t *reply = json_object_get(alert, "reply");
	char *text;

	if (!json_is_object(reply))
		return;
	text = mx_asprintf("%lld %s",
	    (long long)json_integer_value(json_object_get(reply, "code")),
	    mx_tree_get(reply, "text"));
	put(object, "reply", text);
	put(object, "stage", mx_tree_get(reply, "stage"));
	free(text);
}

static void
put_remedy(json_t *object, const json_t *notice, const char *id)
{
	const json_t *remedy;
	size_t i;

	json_array_foreach (json_object_get(notice, "remedies"), i, remedy)
		if (strcmp(mx_tree_get(remedy, "id"), id) == 0)
			put(object, "description", mx_tree_get(remedy, "text"));
}

static json_t *
make_annotations(const json_t *notice, const json_t *alert)
{
	json_t *object = mx_tree_object();
	char *summary = mx_asprintf("%s: %s %s", mx_tree_get(alert, "provider_name"),
	    mx_tree_get(alert, "source"), mx_tree_get(alert, "kind"));

	put(object, "summary", summary);
	free(summary);
	for (size_t i = 0; i < sizeof annotations / sizeof *annotations; i++)
		put(object, annotations[i][1], mx_tree_get(alert, annotations[i][0]));
	put_reply(object, alert);
	put_remedy(object, notice, mx_tree_get(alert, "remedy"));
	return object;
}

/* An alert that lasts has Go's zero time as its end. */
static json_t *
make_alert(const json_t *notice, const json_t *alert)
{
	json_t *object = mx_tree_object();
	const char *end = mx_tree_get(alert, "ends_at");

	mx_tree_text(object, "status", mx_tree_get(alert, "status"), MOST);
	mx_tree_put(object, "labels", make_labels(alert));
	mx_tree_put(object, "annotations", make_annotations(notice, alert));
	mx_tree_text(object, "startsAt", mx_tree_get(alert, "starts_at"), MOST);
	mx_tree_text(object, "endsAt", *end != '\0' ? end : "0001-01-01T00:00:00Z", MOST);
	mx_tree_text(object, "generatorURL", mx_tree_get(alert, "page"), MOST);
	mx_tree_text(object, "fingerprint", mx_tree_get(alert, "fingerprint"), MOST);
	return object;
}

/* `mxprobe alert test`: an alert like others, so that the way through the receiver is the same. */
static json_t *
make_test(const json_t *notice)
{
	json_t *object = mx_tree_object(), *marks = mx_tree_object();
	json_t *texts = mx_tree_object();

	put(marks, "alertname", "MxprobeTest");
	put(marks, "severity", "info");
	put(texts, "summary", mx_tree_get(notice, "title"));
	mx_tree_text(object, "status", "firing", MOST);
	mx_tree_put(object, "labels", marks);
	mx_tree_put(object, "annotations", texts);
	mx_tree_text(object, "startsAt", mx_tree_get(notice, "time"), MOST);
	mx_tree_text(object, "endsAt", "0001-01-01T00:00:00Z", MOST);
	mx_tree_text(object, "generatorURL", mx_tree_get(notice, "page"), MOST);
	mx_tree_text(object, "fingerprint", "0000000000000000", MOST);
	return object;
}

/* The entries that all objects have alike. */
static json_t *
common(const json_t *alerts, const char *key)
{
	json_t *first = json_object_get(json_array_get(alerts, 0), key);
	json_t *shared = json_copy(first);
	const json_t *alert, *value;
	const char *name;
	size_t i;

	if (shared == NULL)
		return mx_tree_object();
	json_array_foreach (alerts, i, alert) {
		const json_t *its = json_object_get(alert, key);

		json_object_foreach (first, name, value) {
			if (!json_equal(value, json_object_get(its, name)))
				(void)json_object_del(shared, name);
		}
	}
	return shared;
}

static json_t *
make_group_labels(const json_t *notice)
{
	json_t *object = mx_tree_object();

	put(object, "group", mx_tree_get(notice, "group"));
	put(object, "network", mx_tree_get(notice, "network"));
	return object;
}

char *
mx_shape_alertmanager(const char *text, const char *receiver)
{
	json_t *notice = json_loads(text, 0, NULL), *body = mx_tree_object();
	json_t *alerts = mx_tree_array();
	const json_t *alert;
	char *key, *dump;
	size_t i;

	json_array_foreach (json_object_get(notice, "alerts"), i, alert)
		mx_tree_append(alerts, make_alert(notice, alert));
	if (json_array_size(alerts) == 0)
		mx_tree_append(alerts, make_test(notice));
	key = mx_asprintf("{}:{group=\"%s\", network=\"%s\"}",
	    mx_tree_get(notice, "group"), mx_tree_get(notice, "network"));
	mx_tree_text(body, "version", "4", MOST);
	mx_tree_text(body, "groupKey", key, MOST);
	mx_tree_number(body, "truncatedAlerts", 0);
	mx_tree_text(body, "status", mx_tree_get(notice, "status"), MOST);
	mx_tree_text(body, "receiver", receiver, MOST);
	mx_tree_put(body, "groupLabels", make_group_labels(notice));
	mx_tree_put(body, "commonLabels", common(alerts, "labels"));
	mx_tree_put(body, "commonAnnotations", common(alerts, "annotations"));
	mx_tree_text(body, "externalURL", mx_tree_get(notice, "page"), MOST);
	mx_tree_text(body, "notificationId", mx_tree_get(notice, "id"), MOST);
	mx_tree_put(body, "alerts", alerts);
	dump = mx_tree_dump(body);
	free(key);
	json_decref(body);
	json_decref(notice);
	return dump;
}
