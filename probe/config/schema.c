/* schema.c - the keys of the file, in the order of mxprobe.yaml(5). */
#include "probe/config/schema.h"

#include <stdlib.h>

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

#define SPAN(key, owner, text) \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, owner, text, 0, 64)
#define TEXT(key, owner, member) \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, owner, member, 1, 1024)

static const cyaml_schema_field_t politeness_fields[] = {
	SPAN("interval", struct mx_config_politeness, interval.text),
	SPAN("blocked", struct mx_config_politeness, blocked.text),
	SPAN("throttled", struct mx_config_politeness, throttled.text),
	SPAN("throttled_most", struct mx_config_politeness, throttled_most.text),
	SPAN("all_addresses", struct mx_config_politeness, all_addresses.text),
	SPAN("network", struct mx_config_politeness, network.text),
	CYAML_FIELD_UINT("at_once", CYAML_FLAG_OPTIONAL, struct mx_config_politeness, at_once),
	CYAML_FIELD_UINT("per_minute", CYAML_FLAG_OPTIONAL, struct mx_config_politeness, per_minute),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t state_fields[] = {
	CYAML_FIELD_UINT("clear_accepts", CYAML_FLAG_OPTIONAL, struct mx_config_state, clear_accepts),
	CYAML_FIELD_UINT("clear_addresses", CYAML_FLAG_OPTIONAL, struct mx_config_state,
	    clear_addresses),
	SPAN("clear_span", struct mx_config_state, clear_span.text),
	SPAN("suspect_gap", struct mx_config_state, suspect_gap.text),
	SPAN("regress", struct mx_config_state, regress.text),
	SPAN("expected", struct mx_config_state, expected.text),
	SPAN("overdue", struct mx_config_state, overdue.text),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t schedule_fields[] = {
	SPAN("interval", struct mx_config_schedule, interval.text),
	SPAN("blocked", struct mx_config_schedule, blocked.text),
	SPAN("checks", struct mx_config_schedule, checks.text),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t retention_fields[] = {
	SPAN("results", struct mx_config_retention, results.text),
	SPAN("transcripts", struct mx_config_retention, transcripts.text),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t tls_fields[] = {
	TEXT("cert", struct mx_config_tls, cert),
	TEXT("key", struct mx_config_tls, key),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t web_fields[] = {
	TEXT("listen", struct mx_config_web, listen),
	CYAML_FIELD_MAPPING("tls", CYAML_FLAG_OPTIONAL, struct mx_config_web, tls, tls_fields),
	TEXT("token_file", struct mx_config_web, token_file),
	TEXT("users_file", struct mx_config_web, users_file),
	CYAML_FIELD_SEQUENCE_COUNT("names", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_web, names, name_count, &word, 0, CYAML_UNLIMITED),
	TEXT("url", struct mx_config_web, url),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t inbox_fields[] = {
	CYAML_FIELD_STRING_PTR("mailbox", CYAML_FLAG_POINTER, struct mx_config_inbox, mailbox, 1, 1024),
	CYAML_FIELD_STRING_PTR("imap", CYAML_FLAG_POINTER, struct mx_config_inbox, imap, 1, 1024),
	TEXT("password_file", struct mx_config_inbox, password_file),
	TEXT("token_file", struct mx_config_inbox, token_file),
	TEXT("authserv", struct mx_config_inbox, authserv),
	TEXT("ca_file", struct mx_config_inbox, ca_file),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t inbox_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_config_inbox, inbox_fields),
};

/* As --tls of deliver. */
static const cyaml_strval_t tls_words[] = {
	{ "require", false },
	{ "may", true },
};

static const cyaml_schema_field_t deliver_fields[] = {
	TEXT("via", struct mx_config_deliver, via),
	TEXT("password_file", struct mx_config_deliver, password_file),
	TEXT("ca_file", struct mx_config_deliver, ca_file),
	CYAML_FIELD_ENUM("tls", CYAML_FLAG_OPTIONAL, struct mx_config_deliver, tls_optional, tls_words,
	    2),
	SPAN("interval", struct mx_config_deliver, interval.text),
	CYAML_FIELD_SEQUENCE_COUNT("inboxes", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_deliver, inboxes, inbox_count, &inbox_value, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t mail_fields[] = {
	CYAML_FIELD_SEQUENCE_COUNT("to", CYAML_FLAG_POINTER, struct mx_config_mail, to, to_count,
	    &word, 1, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_strval_t formats[] = {
	{ "json", MX_CONFIG_JSON },
	{ "alertmanager", MX_CONFIG_ALERTMANAGER },
};

static const cyaml_schema_field_t webhook_fields[] = {
	CYAML_FIELD_STRING_PTR("url", CYAML_FLAG_POINTER, struct mx_config_webhook, url, 1, 1024),
	CYAML_FIELD_ENUM("format", CYAML_FLAG_OPTIONAL, struct mx_config_webhook, format, formats, 2),
	TEXT("secret_file", struct mx_config_webhook, secret_file),
	TEXT("ca_file", struct mx_config_webhook, ca_file),
	CYAML_FIELD_END
};

static const cyaml_strval_t severities[] = {
	{ "info", MX_CONFIG_INFO },
	{ "warning", MX_CONFIG_WARNING },
	{ "critical", MX_CONFIG_CRITICAL },
};

static const cyaml_schema_field_t alert_fields[] = {
	CYAML_FIELD_MAPPING_PTR("mail", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_alert, mail, mail_fields),
	CYAML_FIELD_MAPPING_PTR("webhook", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_alert, webhook, webhook_fields),
	CYAML_FIELD_SEQUENCE_COUNT("command", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_alert, command, command_count, &word, 1, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE_COUNT("only", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_alert, only, only_count, &word, 1, CYAML_UNLIMITED),
	CYAML_FIELD_ENUM("min_severity", CYAML_FLAG_OPTIONAL, struct mx_config_alert, min_severity,
	    severities, 3),
	SPAN("group_wait", struct mx_config_alert, group_wait.text),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t alert_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_config_alert, alert_fields),
};

static const cyaml_schema_field_t report_fields[] = {
	CYAML_FIELD_STRING_PTR("at", CYAML_FLAG_POINTER, struct mx_config_report, at, 1, 256),
	CYAML_FIELD_MAPPING_PTR("mail", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_report, to.mail, mail_fields),
	CYAML_FIELD_MAPPING_PTR("webhook", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_report, to.webhook, webhook_fields),
	CYAML_FIELD_SEQUENCE_COUNT("command", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_report, to.command, to.command_count, &word, 1, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t report_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_config_report, report_fields),
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
	WORDS("never", never, never_count),
	CYAML_FIELD_MAPPING("politeness", CYAML_FLAG_OPTIONAL, struct mx_config_values, politeness,
	    politeness_fields),
	CYAML_FIELD_MAPPING("state", CYAML_FLAG_OPTIONAL, struct mx_config_values, state,
	    state_fields),
	CYAML_FIELD_MAPPING("retention", CYAML_FLAG_OPTIONAL, struct mx_config_values, retention,
	    retention_fields),
	CYAML_FIELD_MAPPING("schedule", CYAML_FLAG_OPTIONAL, struct mx_config_values, schedule,
	    schedule_fields),
	CYAML_FIELD_MAPPING("web", CYAML_FLAG_OPTIONAL, struct mx_config_values, web, web_fields),
	CYAML_FIELD_MAPPING("deliver", CYAML_FLAG_OPTIONAL, struct mx_config_values, deliver,
	    deliver_fields),
	CYAML_FIELD_SEQUENCE_COUNT("alerts", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_values, alerts, alert_count, &alert_value, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE_COUNT("reports", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_config_values, reports, report_count, &report_value, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

const cyaml_schema_value_t mx_config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct mx_config_values, fields),
};
/* clang-format on */

const char *
mx_config_format_name(enum mx_config_format format)
{
	return formats[format].str;
}

const char *
mx_config_severity_name(enum mx_config_severity severity)
{
	return severity == MX_CONFIG_ANY_SEVERITY ? "" : severities[severity - 1].str;
}
