/* rule_schema.c - the one table that says what a rule may say. */
#include "probe/verdict/rule_schema.h"

#include "probe/verdict/ruleset.h"

#define TEXT_MAX 4096
#define ITEMS_MAX 256
#define REQUIRED CYAML_FLAG_POINTER
#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

/* clang-format off */
#define STRING(key, flags, member) \
	CYAML_FIELD_STRING_PTR(key, flags, struct mx_rule_row, member, 1, TEXT_MAX)
#define STRINGS(key, type, member, count) \
	CYAML_FIELD_SEQUENCE_COUNT(key, OPTIONAL, struct type, member, count, &text, 1, ITEMS_MAX)
#define WORD(key, member, words) \
	CYAML_FIELD_ENUM(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct mx_rule_row, \
	    member, words, CYAML_ARRAY_LEN(words))

static const cyaml_strval_t yes_no[] = { { "no", MX_NO }, { "yes", MX_YES } };

static const cyaml_strval_t strengths[] = {
	{ "hint",    MX_STRENGTH_HINT },
	{ "weak",    MX_STRENGTH_WEAK },
	{ "usual",   MX_STRENGTH_USUAL },
	{ "strong",  MX_STRENGTH_STRONG },
	{ "certain", MX_STRENGTH_CERTAIN },
};

static const cyaml_strval_t permanences[] = { { "temporary", '4' }, { "permanent", '5' } };

static const cyaml_strval_t stages[] = {
	{ "connect",  MX_STAGE_CONNECT },
	{ "banner",   MX_STAGE_BANNER },
	{ "ehlo",     MX_STAGE_EHLO },
	{ "starttls", MX_STAGE_STARTTLS },
	{ "tls",      MX_STAGE_TLS },
	{ "mail",     MX_STAGE_MAIL },
	{ "rcpt",     MX_STAGE_RCPT },
	{ "data",     MX_STAGE_DATA },
	{ "eod",      MX_STAGE_EOD },
};

static const cyaml_schema_value_t text = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX),
};
static const cyaml_schema_value_t stage = {
	CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, enum mx_stage, stages, CYAML_ARRAY_LEN(stages)),
};
static const cyaml_schema_field_t sample_fields[] = {
	STRINGS("positive", mx_rule_samples, positive, positive_count),
	STRINGS("negative", mx_rule_samples, negative, negative_count),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t rule_fields[] = {
	STRING("id", REQUIRED, id),
	STRING("provider", OPTIONAL, provider),
	WORD("only_there", only_there, yes_no),
	CYAML_FIELD_SEQUENCE_COUNT("stage", OPTIONAL, struct mx_rule_row, stages, stage_count,
	    &stage, 1, MX_STAGE_COUNT),
	STRINGS("codes", mx_rule_row, codes, code_count),
	STRINGS("patterns", mx_rule_row, patterns, pattern_count),
	STRINGS("without", mx_rule_row, without, without_count),
	WORD("strength", strength, strengths),
	STRING("category", REQUIRED, category),
	STRING("about", OPTIONAL, about),
	STRING("list", OPTIONAL, list),
	STRING("authority", OPTIONAL, authority),
	STRING("provider_code", OPTIONAL, provider_code),
	WORD("permanence", permanence, permanences),
	CYAML_FIELD_UINT("retry_after_s", CYAML_FLAG_OPTIONAL, struct mx_rule_row, retry_after_s),
	WORD("query_error", query_error, yes_no),
	STRING("delist_url", OPTIONAL, delist_url),
	STRING("remedy", OPTIONAL, remedy),
	STRING("source", REQUIRED, source),
	CYAML_FIELD_MAPPING("samples", CYAML_FLAG_OPTIONAL, struct mx_rule_row, samples,
	    sample_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t rule_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_rule_row, rule_fields),
};

const cyaml_schema_value_t mx_rules_schema = {
	CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct mx_rule_row, &rule_row, 1, 4096),
};
/* clang-format on */
