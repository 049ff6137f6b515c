/* schema.c - one table per record, in the order of scenarios/README.md. */
#include "scenarios/fakemx/schema.h"

#include "scenarios/fakemx/scenario.h"

#define ENUM_COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT(key, type, member)                                                     \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, \
	    member, 0, MX_SCENARIO_LINE_MAX)
#define TEXTS(key, type, member)                                                  \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, \
	    member, &text_value, 0, 4096)
#define NUMBER(key, type, member) CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL, type, member)
#define WORD(key, flags, type, member, table) \
	CYAML_FIELD_ENUM(                     \
	    key, CYAML_FLAG_STRICT | (flags), type, member, table, ENUM_COUNT(table))
#define RECORD(key, type, member, fields) \
	CYAML_FIELD_MAPPING_PTR(          \
	    key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, fields)
#define RECORDS(key, type, member, entry)                                         \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, \
	    member, &(entry), 0, 4096)

static const cyaml_schema_value_t text_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, MX_SCENARIO_LINE_MAX),
};

/* clang-format off */
static const cyaml_strval_t zone_types[] = {
	{ "A", MX_ZONE_A }, { "AAAA", MX_ZONE_AAAA }, { "MX", MX_ZONE_MX },
	{ "PTR", MX_ZONE_PTR }, { "TXT", MX_ZONE_TXT }, { "TLSA", MX_ZONE_TLSA },
	{ "CNAME", MX_ZONE_CNAME }, { "NS", MX_ZONE_NS },
};
static const cyaml_strval_t zone_outcomes[] = {
	{ "data", MX_ZONE_DATA }, { "nodata", MX_ZONE_NODATA },
	{ "nxdomain", MX_ZONE_NXDOMAIN }, { "servfail", MX_ZONE_SERVFAIL },
	{ "refused", MX_ZONE_REFUSED }, { "drop", MX_ZONE_DROP },
};
static const cyaml_strval_t words[] = {
	{ "CONNECT", MX_WORD_CONNECT }, { "EHLO", MX_WORD_EHLO }, { "HELO", MX_WORD_HELO },
	{ "STARTTLS", MX_WORD_STARTTLS }, { "TLS", MX_WORD_TLS }, { "MAIL", MX_WORD_MAIL },
	{ "RCPT", MX_WORD_RCPT }, { "RSET", MX_WORD_RSET }, { "NOOP", MX_WORD_NOOP },
	{ "QUIT", MX_WORD_QUIT }, { "DATA", MX_WORD_DATA }, { "BDAT", MX_WORD_BDAT },
	{ "VRFY", MX_WORD_VRFY }, { "EXPN", MX_WORD_EXPN }, { "OTHER", MX_WORD_OTHER },
	{ "ANY", MX_WORD_ANY },
};
static const cyaml_strval_t thens[] = {
	{ "continue", MX_THEN_CONTINUE }, { "close", MX_THEN_CLOSE }, { "cut", MX_THEN_CUT },
	{ "reset", MX_THEN_RESET }, { "hang", MX_THEN_HANG },
};
static const cyaml_strval_t when_tls[] = {
	{ "plain", MX_WHEN_PLAIN }, { "encrypted", MX_WHEN_ENCRYPTED },
};
static const cyaml_strval_t listens[] = {
	{ "accept", MX_LISTEN_ACCEPT }, { "refuse", MX_LISTEN_REFUSE },
	{ "drop", MX_LISTEN_DROP },
};
static const cyaml_strval_t tls_versions[] = {
	{ "any", MX_TLSV_ANY }, { "TLSv1.0", MX_TLSV_1_0 }, { "TLSv1.1", MX_TLSV_1_1 },
	{ "TLSv1.2", MX_TLSV_1_2 }, { "TLSv1.3", MX_TLSV_1_3 },
};
/* clang-format on */

static const cyaml_schema_field_t record_fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "name", CYAML_FLAG_POINTER, struct mx_zone_record, name, 0, 1024),
	WORD("type", CYAML_FLAG_OPTIONAL, struct mx_zone_record, type, zone_types),
	WORD("answer", CYAML_FLAG_OPTIONAL, struct mx_zone_record, answer, zone_outcomes),
	TEXT("data", struct mx_zone_record, data),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t record_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_zone_record, record_fields),
};

static const cyaml_schema_field_t when_fields[] = {
	TEXT("client", struct mx_script_when, client),
	TEXT("helo", struct mx_script_when, helo),
	TEXT("sender", struct mx_script_when, sender),
	TEXT("recipient", struct mx_script_when, recipient),
	NUMBER("session_from", struct mx_script_when, session_from),
	NUMBER("session_to", struct mx_script_when, session_to),
	NUMBER("after_ms", struct mx_script_when, after_ms),
	NUMBER("before_ms", struct mx_script_when, before_ms),
	NUMBER("others", struct mx_script_when, others),
	WORD("tls", CYAML_FLAG_OPTIONAL, struct mx_script_when, tls, when_tls),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t drip_fields[] = {
	CYAML_FIELD_UINT("bytes", CYAML_FLAG_DEFAULT, struct mx_script_drip, bytes),
	CYAML_FIELD_UINT("every_ms", CYAML_FLAG_DEFAULT, struct mx_script_drip, every_ms),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t flood_fields[] = {
	CYAML_FIELD_UINT("bytes", CYAML_FLAG_DEFAULT, struct mx_script_flood, bytes),
	CYAML_FIELD_STRING_PTR("text", CYAML_FLAG_POINTER, struct mx_script_flood, text,
	    1, MX_SCENARIO_LINE_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t rule_fields[] = {
	WORD("command", CYAML_FLAG_DEFAULT, struct mx_script_rule, command, words),
	RECORD("when", struct mx_script_rule, when, when_fields),
	NUMBER("delay_ms", struct mx_script_rule, delay_ms),
	TEXTS("reply", struct mx_script_rule, reply),
	NUMBER("line_delay_ms", struct mx_script_rule, line_delay_ms),
	TEXT("bytes", struct mx_script_rule, bytes),
	RECORD("drip", struct mx_script_rule, drip, drip_fields),
	RECORD("flood", struct mx_script_rule, flood, flood_fields),
	WORD("then", CYAML_FLAG_OPTIONAL, struct mx_script_rule, then, thens),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_script_rule, rule_fields),
};

static const cyaml_schema_field_t server_fields[] = {
	CYAML_FIELD_STRING_PTR("address", CYAML_FLAG_POINTER, struct mx_fake_server,
	    address, 1, MX_ADDR_TEXT),
	TEXT("name", struct mx_fake_server, name),
	WORD("listen", CYAML_FLAG_OPTIONAL, struct mx_fake_server, listen, listens),
	TEXT("tls", struct mx_fake_server, tls),
	WORD("tls_version", CYAML_FLAG_OPTIONAL, struct mx_fake_server, tls_version,
	    tls_versions),
	TEXTS("greeting", struct mx_fake_server, greeting),
	CYAML_FIELD_SEQUENCE_COUNT("capabilities",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct mx_fake_server, capabilities,
	    capability_count, &text_value, 0, 64),
	CYAML_FIELD_SEQUENCE_COUNT("replies", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_fake_server, replies, reply_count, &rule_value, 0, 1024),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t server_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_fake_server, server_fields),
};

static const cyaml_schema_field_t probe_fields[] = {
	TEXTS("to", struct mx_scenario_probe, to),
	TEXTS("source", struct mx_scenario_probe, source),
	TEXT("helo", struct mx_scenario_probe, helo),
	TEXT("mail_from", struct mx_scenario_probe, mail_from),
	TEXTS("rcpt", struct mx_scenario_probe, rcpt),
	TEXT("depth", struct mx_scenario_probe, depth),
	TEXT("tls", struct mx_scenario_probe, tls),
	TEXT("mx", struct mx_scenario_probe, mx),
	TEXT("server", struct mx_scenario_probe, server),
	TEXT("connect_timeout", struct mx_scenario_probe, connect_timeout),
	TEXT("timeout", struct mx_scenario_probe, timeout),
	CYAML_FIELD_SEQUENCE_COUNT("options", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_scenario_probe, options, option_count, &text_value, 0, 64),
	TEXT("config", struct mx_scenario_probe, config),
	CYAML_FIELD_END,
};

#define EXPECT(key, member) TEXT(key, struct mx_expect_result, member)
static const cyaml_schema_field_t result_fields[] = {
	EXPECT("source", source),
	EXPECT("destination", destination),
	EXPECT("mx", mx),
	EXPECT("server", server),
	EXPECT("verdict", verdict),
	EXPECT("category", category),
	EXPECT("about", about),
	EXPECT("permanence", permanence),
	EXPECT("stage", stage),
	EXPECT("reached", reached),
	EXPECT("depth", depth),
	CYAML_FIELD_INT_PTR("code", CYAML_FLAG_OPTIONAL, struct mx_expect_result, code),
	EXPECT("enhanced", enhanced),
	EXPECT("list", list),
	EXPECT("authority", authority),
	EXPECT("provider", provider),
	EXPECT("provider_code", provider_code),
	EXPECT("listed_value", listed_value),
	CYAML_FIELD_INT_PTR(
	    "retry_after_s", CYAML_FLAG_OPTIONAL, struct mx_expect_result, retry_after_s),
	EXPECT("text", text),
	EXPECT("said", said),
	EXPECT("tls_version", tls_version),
	EXPECT("tls_verified", tls_verified),
	EXPECT("tls_reason", tls_reason),
	EXPECT("dane", dane),
	EXPECT("mta_sts", mta_sts),
	EXPECT("rcpt", rcpt),
	EXPECT("helo", helo),
	EXPECT("seen_source", seen_source),
	EXPECT("seen_as", seen_as),
	CYAML_FIELD_INT_PTR(
	    "probed", CYAML_FLAG_OPTIONAL, struct mx_expect_result, probed),
	CYAML_FIELD_INT_PTR(
	    "addresses", CYAML_FLAG_OPTIONAL, struct mx_expect_result, addresses),
	EXPECT("note", note),
	EXPECT("finding", finding),
	EXPECT("identity", identity),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t result_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_expect_result, result_fields),
};

static const cyaml_schema_field_t polite_fields[] = {
	TEXT("server", struct mx_expect_polite, server),
	CYAML_FIELD_INT_PTR(
	    "sessions", CYAML_FLAG_OPTIONAL, struct mx_expect_polite, sessions),
	CYAML_FIELD_INT_PTR("rcpts", CYAML_FLAG_OPTIONAL, struct mx_expect_polite, rcpts),
	CYAML_FIELD_INT_PTR(
	    "parallel", CYAML_FLAG_OPTIONAL, struct mx_expect_polite, parallel),
	TEXT("dialogue", struct mx_expect_polite, dialogue),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t polite_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_expect_polite, polite_fields),
};

static const cyaml_schema_field_t expect_fields[] = {
	CYAML_FIELD_INT("exit", CYAML_FLAG_DEFAULT, struct mx_expect, exit),
	CYAML_FIELD_SEQUENCE_COUNT("results", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_expect, results, result_count, &result_value, 0, 1024),
	RECORDS("polite", struct mx_expect, polite, polite_value),
	CYAML_FIELD_SEQUENCE_COUNT("diagnostics",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct mx_expect, diagnostics,
	    diagnostic_count, &text_value, 0, 64),
	NUMBER("within_ms", struct mx_expect, within_ms),
	NUMBER("memory_mib", struct mx_expect, memory_mib),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t scenario_fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "about", CYAML_FLAG_POINTER, struct mx_scenario, about, 1, 200),
	TEXT("source", struct mx_scenario, source),
	CYAML_FIELD_BOOL("demo", CYAML_FLAG_OPTIONAL, struct mx_scenario, demo),
	CYAML_FIELD_BOOL(
	    "test_clock", CYAML_FLAG_OPTIONAL, struct mx_scenario, test_clock),
	CYAML_FIELD_MAPPING(
	    "probe", CYAML_FLAG_OPTIONAL, struct mx_scenario, probe, probe_fields),
	RECORDS("zone", struct mx_scenario, zone, record_value),
	CYAML_FIELD_SEQUENCE_COUNT("servers", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct mx_scenario, servers, server_count, &server_value, 0, 4096),
	RECORD("expect", struct mx_scenario, expect, expect_fields),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t mx_scenario_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct mx_scenario, scenario_fields),
};

const char *
mx_word_name(enum mx_word word)
{
	for (size_t i = 0; i < ENUM_COUNT(words); i++)
		if (words[i].val == (int64_t)word)
			return words[i].str;
	return "OTHER";
}
