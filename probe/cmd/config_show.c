/* config_show.c - values to a JSON tree, and the tree to text. */
#include "probe/cmd/config_show.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "probe/base/duration.h"
#include "probe/base/mem.h"
#include "probe/cmd/limits.h"

#define SECRET "(set)"

/* ---- values to a tree; jansson runs out of memory by giving NULL ---- */

static json_t *
checked(json_t *json)
{
	if (json == NULL)
		mx_out_of_memory();
	return json;
}

static void
put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, checked(value)) != 0)
		mx_out_of_memory();
}

static void
put_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		put(object, key, json_string(text));
}

static void
put_secret(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		put(object, key, json_string(SECRET));
}

static void
put_span(json_t *object, const char *key, int64_t us)
{
	char text[MX_DURATION_TEXT];

	put(object, key, json_string(mx_duration_text(us, text)));
}

static void
put_number(json_t *object, const char *key, unsigned number)
{
	put(object, key, json_integer(number));
}

static json_t *
put_object(json_t *object, const char *key)
{
	json_t *inner = checked(json_object());

	put(object, key, inner);
	return inner;
}

static void
append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, checked(value)) != 0)
		mx_out_of_memory();
}

static void
put_list(json_t *object, const char *key, char *const *words, unsigned count)
{
	json_t *array = checked(json_array());

	for (unsigned i = 0; i < count; i++)
		append(array, json_string(words[i]));
	put(object, key, array);
}

/* ---- the keys ---- */

static void
put_sources(json_t *root, const struct mx_config_values *values)
{
	json_t *array = checked(json_array());

	for (unsigned i = 0; i < values->source_count; i++) {
		const struct mx_config_source *source = &values->sources[i];
		json_t *row = checked(json_object());

		put_text(row, "address", source->address);
		put_text(row, "helo", source->helo);
		put_text(row, "seen_as", source->seen_as);
		if (source->tag_count > 0)
			put_list(row, "tags", source->tags, source->tag_count);
		append(array, row);
	}
	put(root, "sources", array);
}

static void
put_dnsbl(json_t *root, const struct mx_config_dnsbl *dnsbl)
{
	json_t *to = put_object(root, "dnsbl"), *keys;

	put_list(to, "zones", dnsbl->zones, dnsbl->zone_count);
	keys = put_object(to, "keys");
	put_secret(keys, "spamhaus_dqs", dnsbl->keys.spamhaus_dqs);
	put_secret(keys, "abusix", dnsbl->keys.abusix);
}

static void
put_store(json_t *root, const char *given)
{
	struct mx_error ignored = { 0 };
	char *path = mx_store_path(given, &ignored);

	put_text(root, "store", path);
	free(path);
}

static void
put_limits(json_t *root, const struct mx_config_values *values)
{
	struct mx_limits limits = mx_limits_make(values);
	json_t *to = put_object(root, "politeness");

	put_span(to, "interval", limits.floors.pair_us);
	put_span(to, "blocked", limits.floors.blocked_us);
	put_span(to, "throttled", limits.floors.throttled_us);
	put_span(to, "throttled_most", limits.floors.throttled_most_us);
	put_span(to, "all_addresses", limits.floors.every_us);
	put_span(to, "network", limits.floors.network_us);
	put_number(to, "at_once", limits.floors.group_at_once);
	put_number(to, "per_minute", limits.floors.group_a_minute);
	to = put_object(root, "state");
	put_number(to, "clear_accepts", limits.rules.clear_accepts);
	put_number(to, "clear_addresses", limits.rules.clear_hosts);
	put_span(to, "clear_span", limits.rules.clear_span_us);
	put_span(to, "suspect_gap", limits.rules.suspect_gap_us);
	put_span(to, "regress", limits.rules.regress_us);
	put_span(to, "expected", limits.rules.expected_us);
	put_span(to, "overdue", limits.rules.overdue_us);
	to = put_object(root, "retention");
	put_span(to, "results", limits.keep_results_us);
	put_span(to, "transcripts", limits.keep_transcripts_us);
	to = put_object(root, "schedule");
	put_span(to, "interval", limits.schedule_us);
	put_span(to, "blocked", limits.schedule_blocked_us);
	put_span(to, "checks", limits.schedule_checks_us);
}

static void
put_inboxes(json_t *object, const struct mx_config_deliver *deliver)
{
	json_t *array = json_array();

	if (deliver->via != NULL)
		put_text(object, "tls", deliver->tls_optional ? "may" : "require");
	put_text(object, "interval", deliver->interval.text);
	for (unsigned i = 0; i < deliver->inbox_count; i++) {
		const struct mx_config_inbox *inbox = &deliver->inboxes[i];
		json_t *row = json_object();

		put_text(row, "mailbox", inbox->mailbox);
		put_text(row, "imap", inbox->imap);
		put_text(row, "password_file", inbox->password_file);
		put_text(row, "token_file", inbox->token_file);
		put_text(row, "authserv", inbox->authserv);
		put_text(row, "ca_file", inbox->ca_file);
		append(array, row);
	}
	put(object, "inboxes", array);
}

static void
put_services(json_t *root, const struct mx_config_values *values)
{
	const struct mx_config_web *web = &values->web;
	json_t *to = put_object(root, "web"), *tls;

	put_text(to, "listen", web->listen);
	if (web->tls.cert != NULL) {
		tls = put_object(to, "tls");
		put_text(tls, "cert", web->tls.cert);
		put_text(tls, "key", web->tls.key);
	}
	put_text(to, "token_file", web->token_file);
	put_text(to, "users_file", web->users_file);
	if (web->name_count > 0)
		put_list(to, "names", web->names, web->name_count);
	put_text(to, "url", web->url);
	to = put_object(root, "deliver");
	put_text(to, "via", values->deliver.via);
	put_text(to, "password_file", values->deliver.password_file);
	put_text(to, "ca_file", values->deliver.ca_file);
	put_inboxes(to, &values->deliver);
}

/* Whoever knows the path of a webhook can often write to it. */
static void
put_url(json_t *object, const char *url)
{
	const char *host = strstr(url, "://");
	size_t len = host != NULL ? (size_t)(host + 3 - url) : 0;
	char *shown;

	len += strcspn(url + len, "/?#");
	shown = strlen(url) > len + 1 ? mx_asprintf("%.*s/%s", (int)len, url, SECRET)
				      : mx_strdup(url);
	put_text(object, "url", shown);
	free(shown);
}

/* Who is told. */
static void
put_target(json_t *row, const struct mx_config_alert *alert)
{
	json_t *to;

	if (alert->mail != NULL) {
		to = put_object(row, "mail");
		put_list(to, "to", alert->mail->to, alert->mail->to_count);
	} else if (alert->webhook != NULL) {
		to = put_object(row, "webhook");
		put_url(to, alert->webhook->url);
		put_text(to, "format", mx_config_format_name(alert->webhook->format));
		put_text(to, "secret_file", alert->webhook->secret_file);
		put_text(to, "ca_file", alert->webhook->ca_file);
	} else {
		put_list(row, "command", alert->command, alert->command_count);
	}
}

static json_t *
make_report(const struct mx_config_report *report)
{
	json_t *row = checked(json_object());

	put_text(row, "at", report->at);
	put_target(row, &report->to);
	return row;
}

static json_t *
make_alert(const struct mx_config_alert *alert)
{
	json_t *row = checked(json_object());

	put_target(row, alert);
	if (alert->only_count > 0)
		put_list(row, "only", alert->only, alert->only_count);
	if (alert->min_severity != MX_CONFIG_ANY_SEVERITY)
		put_text(
		    row, "min_severity", mx_config_severity_name(alert->min_severity));
	if (alert->group_wait.text != NULL)
		put_span(row, "group_wait", alert->group_wait.us);
	return row;
}

static json_t *
make_tree(const struct mx_config_values *values)
{
	json_t *root = checked(json_object()), *alerts = checked(json_array());
	json_t *reports = checked(json_array());

	put_sources(root, values);
	put_text(root, "mail_from", values->mail_from);
	put_list(root, "destinations", values->destinations, values->destination_count);
	put_list(root, "mailboxes", values->mailboxes, values->mailbox_count);
	put_list(root, "own", values->own, values->own_count);
	put_list(root, "never", values->never, values->never_count);
	put_text(root, "control", values->control);
	put_list(
	    root, "dkim_selectors", values->dkim_selectors, values->dkim_selector_count);
	put_dnsbl(root, &values->dnsbl);
	put_store(root, values->store);
	put_limits(root, values);
	put_services(root, values);
	for (unsigned i = 0; i < values->alert_count; i++)
		append(alerts, make_alert(&values->alerts[i]));
	put(root, "alerts", alerts);
	for (unsigned i = 0; i < values->report_count; i++)
		append(reports, make_report(&values->reports[i]));
	put(root, "reports", reports);
	return root;
}

/* ---- the tree as YAML ---- */

static void print_value(FILE *out, json_t *value, int indent);

/* What no YAML reader takes for a number, a boolean or anything else but these characters. */
static bool
is_plain(const char *text)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on", "off",
		"null", "y", "n" };
	char *end;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(text, words[i]) == 0)
			return false;
	if (*text == '\0' || strchr("-.@", *text) != NULL)
		return false;
	(void)strtod(text, &end);
	return *end != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
						 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						 "0123456789_./@-")] == '\0';
}

static void
print_scalar(FILE *out, const json_t *value)
{
	const char *text = json_string_value(value);

	if (text != NULL && is_plain(text))
		fputs(text, out);
	else
		json_dumpf(value, out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
}

static bool
is_nested(const json_t *value)
{
	return json_object_size(value) > 0 || json_array_size(value) > 0;
}

/* Its first line's indentation is there already: behind the "- " of a list, or at the margin. */
static void
print_object(FILE *out, json_t *object, int indent)
{
	const char *key;
	json_t *value;
	int margin = 0;

	for (void *at = json_object_iter(object); at != NULL;
	     at = json_object_iter_next(object, at)) {
		key = json_object_iter_key(at);
		value = json_object_iter_value(at);
		fprintf(out, "%*s%s:", margin, "", key);
		margin = indent;
		if (is_nested(value)) {
			fprintf(out, "\n%*s", indent + 2, "");
			print_value(out, value, indent + 2);
			continue;
		}
		fputc(' ', out);
		print_scalar(out, value);
		fputc('\n', out);
	}
}

static void
print_value(FILE *out, json_t *value, int indent)
{
	if (json_is_object(value)) {
		print_object(out, value, indent);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		json_t *item = json_array_get(value, i);

		fprintf(out, "%*s- ", i > 0 ? indent : 0, "");
		if (is_nested(item)) {
			print_value(out, item, indent + 2);
		} else {
			print_scalar(out, item);
			fputc('\n', out);
		}
	}
}

void
mx_config_show(FILE *out, const struct mx_config *config, bool is_json)
{
	json_t *root = make_tree(config->values);

	if (is_json) {
		json_dumpf(root, out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		fputc('\n', out);
	} else {
		print_object(out, root, 0);
	}
	json_decref(root);
}
