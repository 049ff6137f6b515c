/* schema.c - one table per file; the structs are the catalogue's own rows, so nothing is copied
 * from a shape of the file to a shape of the program. */
#include "probe/catalogue/schema.h"

#include "probe/catalogue/rows.h"

#define TEXT_MAX 4096
#define ITEMS_MAX 256
#define REQUIRED CYAML_FLAG_POINTER
#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

/* clang-format off */
#define STRING(key, flags, type, member) \
	CYAML_FIELD_STRING_PTR(key, flags, struct type, member, 1, TEXT_MAX)
#define STRINGS(key, flags, type, member, count, least) \
	CYAML_FIELD_SEQUENCE_COUNT(key, (flags) | CYAML_FLAG_POINTER, struct type, member, \
	    count, &text, least, ITEMS_MAX)
/* Not CYAML_BOOL: that reads any word but "no" as true. */
#define YES_NO(key, flags, type, member) \
	CYAML_FIELD_ENUM(key, (flags) | CYAML_FLAG_STRICT, struct type, member, yes_no, 2)

static const cyaml_strval_t yes_no[] = { { "no", 0 }, { "yes", 1 } };

/* The verdicts a reply can lead to; the others are no reply's doing. */
static const cyaml_strval_t verdicts[] = {
	{ "blocked",     MX_V_BLOCKED },
	{ "identity",    MX_V_IDENTITY },
	{ "policy",      MX_V_POLICY },
	{ "throttled",   MX_V_THROTTLED },
	{ "greylisted",  MX_V_GREYLISTED },
	{ "recipient",   MX_V_RECIPIENT },
	{ "broken",      MX_V_BROKEN },
	{ "unreachable", MX_V_UNREACHABLE },
};

static const cyaml_strval_t depths[] = {
	{ "banner", MX_STAGE_BANNER },
	{ "ehlo",   MX_STAGE_EHLO },
	{ "mail",   MX_STAGE_MAIL },
	{ "rcpt",   MX_STAGE_RCPT },
};

static const cyaml_strval_t accesses[] = {
	{ "open",   MX_ACCESS_OPEN },
	{ "key",    MX_ACCESS_KEY },
	{ "paid",   MX_ACCESS_PAID },
	{ "nobody", MX_ACCESS_NOBODY },
};

static const cyaml_strval_t families[] = {
	{ "ipv4", MX_FAMILY_IPV4 },
	{ "ipv6", MX_FAMILY_IPV6 },
	{ "both", MX_FAMILY_BOTH },
};

static const cyaml_schema_value_t text = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX),
};

/* Only the ends by which a server or its firewall can be saying something. */
static const cyaml_strval_t ends[] = {
	{ "closed",   MX_END_CLOSED },
	{ "reset",    MX_END_RESET },
	{ "refused",  MX_END_REFUSED },
	{ "filtered", MX_END_FILTERED },
};

static const cyaml_schema_value_t end = {
	CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, enum mx_end, ends, CYAML_ARRAY_LEN(ends)),
};

static const cyaml_schema_field_t category_fields[] = {
	STRING("id", REQUIRED, mx_category, id),
	STRING("family", REQUIRED, mx_category, family),
	STRING("about", REQUIRED, mx_category, about),
	CYAML_FIELD_ENUM("temporary", CYAML_FLAG_STRICT, struct mx_category, temporary,
	    verdicts, CYAML_ARRAY_LEN(verdicts)),
	CYAML_FIELD_ENUM("permanent", CYAML_FLAG_STRICT, struct mx_category, permanent,
	    verdicts, CYAML_ARRAY_LEN(verdicts)),
	STRING("en", REQUIRED, mx_category, en),
	STRING("ja", REQUIRED, mx_category, ja),
	STRING("remedy", OPTIONAL, mx_category, remedy),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t signature_fields[] = {
	STRING("id", REQUIRED, mx_connect_signature, id),
	CYAML_FIELD_SEQUENCE_COUNT("ends", CYAML_FLAG_POINTER, struct mx_connect_signature, ends,
	    end_count, &end, 1, CYAML_ARRAY_LEN(ends)),
	STRING("category", REQUIRED, mx_connect_signature, category),
	CYAML_FIELD_UINT("confidence", CYAML_FLAG_DEFAULT, struct mx_connect_signature,
	    confidence),
	STRING("means", REQUIRED, mx_connect_signature, means),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t provider_fields[] = {
	STRING("id", REQUIRED, mx_provider, id),
	STRING("name", REQUIRED, mx_provider, name),
	STRING("authority", OPTIONAL, mx_provider, authority),
	STRINGS("domains", 0, mx_provider, domains, domain_count, 0),
	STRINGS("mx_suffixes", 0, mx_provider, mx_suffixes, mx_suffix_count, 0),
	CYAML_FIELD_ENUM("depth", CYAML_FLAG_STRICT, struct mx_provider, depth, depths,
	    CYAML_ARRAY_LEN(depths)),
	YES_NO("postmaster", 0, mx_provider, postmaster),
	YES_NO("probe", 0, mx_provider, probe),
	YES_NO("observable", 0, mx_provider, observable),
	STRINGS("blind_spots", 0, mx_provider, blind_spots, blind_spot_count, 0),
	STRING("delist_url", OPTIONAL, mx_provider, delist_url),
	STRING("remedy", OPTIONAL, mx_provider, remedy),
	CYAML_FIELD_MAPPING("connect_signature", CYAML_FLAG_OPTIONAL, struct mx_provider,
	    connect_signature, signature_fields),
	STRING("source", REQUIRED, mx_provider, source),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t return_fields[] = {
	STRING("code", REQUIRED, mx_list_return, code),
	STRING("list", OPTIONAL, mx_list_return, list),
	STRING("means", REQUIRED, mx_list_return, means),
	YES_NO("error", CYAML_FLAG_OPTIONAL, mx_list_return, error),
	YES_NO("harmless", CYAML_FLAG_OPTIONAL, mx_list_return, harmless),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t return_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_list_return, return_fields),
};

static const cyaml_schema_field_t query_fields[] = {
	STRING("zone", REQUIRED, mx_list_query, zone),
	STRING("key", OPTIONAL, mx_list_query, key),
	CYAML_FIELD_ENUM("family", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct mx_list_query,
	    family, families, CYAML_ARRAY_LEN(families)),
	STRING("listed", OPTIONAL, mx_list_query, listed),
	STRING("clean", OPTIONAL, mx_list_query, clean),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t query_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_list_query, query_fields),
};

static const cyaml_schema_field_t list_fields[] = {
	STRING("id", REQUIRED, mx_list, id),
	STRING("name", REQUIRED, mx_list, name),
	STRING("operator", REQUIRED, mx_list, operator),
	STRING("kind", REQUIRED, mx_list, kind),
	STRING("part_of", OPTIONAL, mx_list, part_of),
	YES_NO("closed", CYAML_FLAG_OPTIONAL, mx_list, closed),
	CYAML_FIELD_ENUM("access", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct mx_list,
	    access, accesses, CYAML_ARRAY_LEN(accesses)),
	CYAML_FIELD_SEQUENCE_COUNT("returns", OPTIONAL, struct mx_list, returns, return_count,
	    &return_row, 1, ITEMS_MAX),
	YES_NO("bits", CYAML_FLAG_OPTIONAL, mx_list, bits),
	YES_NO("mild", CYAML_FLAG_OPTIONAL, mx_list, mild),
	CYAML_FIELD_SEQUENCE_COUNT("queries", OPTIONAL, struct mx_list, queries, query_count,
	    &query_row, 1, ITEMS_MAX),
	STRINGS("zones", 0, mx_list, zones, zone_count, 0),
	STRINGS("brands", 0, mx_list, brands, brand_count, 0),
	STRING("lookup_url", OPTIONAL, mx_list, lookup_url),
	STRING("delist_url", OPTIONAL, mx_list, delist_url),
	STRING("remedy", OPTIONAL, mx_list, remedy),
	STRING("source", REQUIRED, mx_list, source),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t text_fields[] = {
	STRING("en", REQUIRED, mx_text, en),
	STRING("ja", REQUIRED, mx_text, ja),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t text_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_text, text_fields),
};

static const cyaml_strval_t field_values[] = {
	{ "title",          MX_FIELD_TITLE },
	{ "source",         MX_FIELD_SOURCE },
	{ "listed",         MX_FIELD_LISTED },
	{ "destination",    MX_FIELD_DESTINATION },
	{ "sending_domain", MX_FIELD_SENDING_DOMAIN },
	{ "contact",        MX_FIELD_CONTACT },
	{ "time_zone",      MX_FIELD_TIME_ZONE },
	{ "error",          MX_FIELD_ERROR },
	{ "web_site",       MX_FIELD_WEB_SITE },
	{ "helo",           MX_FIELD_HELO },
	{ "code",           MX_FIELD_CODE },
};

static const cyaml_schema_field_t form_fields[] = {
	CYAML_FIELD_MAPPING("name", CYAML_FLAG_DEFAULT, struct mx_form_field, name, text_fields),
	CYAML_FIELD_MAPPING("enter", CYAML_FLAG_DEFAULT, struct mx_form_field, enter, text_fields),
	CYAML_FIELD_ENUM("value", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct mx_form_field,
	    value, field_values, CYAML_ARRAY_LEN(field_values)),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t form_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_form_field, form_fields),
};

static const cyaml_schema_field_t answer_fields[] = {
	CYAML_FIELD_MAPPING("says", CYAML_FLAG_DEFAULT, struct mx_remedy_answer, says, text_fields),
	STRING("outcome", OPTIONAL, mx_remedy_answer, outcome),
	CYAML_FIELD_MAPPING("means", CYAML_FLAG_DEFAULT, struct mx_remedy_answer, means, text_fields),
	CYAML_FIELD_MAPPING("do", CYAML_FLAG_DEFAULT, struct mx_remedy_answer, next, text_fields),
	CYAML_FIELD_MAPPING("reply", CYAML_FLAG_OPTIONAL, struct mx_remedy_answer, reply,
	    text_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t answer_row = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mx_remedy_answer, answer_fields),
};

static const cyaml_schema_field_t remedy_fields[] = {
	STRING("id", REQUIRED, mx_remedy, id),
	STRING("en", REQUIRED, mx_remedy, en),
	STRING("ja", REQUIRED, mx_remedy, ja),
	CYAML_FIELD_SEQUENCE_COUNT("steps", OPTIONAL, struct mx_remedy, steps, step_count,
	    &text_row, 1, ITEMS_MAX),
	CYAML_FIELD_SEQUENCE_COUNT("fields", OPTIONAL, struct mx_remedy, fields, field_count,
	    &form_row, 1, ITEMS_MAX),
	CYAML_FIELD_SEQUENCE_COUNT("answers", OPTIONAL, struct mx_remedy, answers, answer_count,
	    &answer_row, 1, ITEMS_MAX),
	YES_NO("first", CYAML_FLAG_OPTIONAL, mx_remedy, has_first),
	CYAML_FIELD_MAPPING("duration", CYAML_FLAG_OPTIONAL, struct mx_remedy, duration,
	    text_fields),
	STRING("url", OPTIONAL, mx_remedy, url),
	STRING("source", REQUIRED, mx_remedy, source),
	CYAML_FIELD_END,
};

#define ROW(name, type, fields) \
	static const cyaml_schema_value_t name = { \
		CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct type, fields), \
	}
ROW(category_row, mx_category, category_fields);
ROW(provider_row, mx_provider, provider_fields);
ROW(list_row, mx_list, list_fields);
ROW(remedy_row, mx_remedy, remedy_fields);

#define ROWS(name, type, row) \
	const cyaml_schema_value_t name = { \
		CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct type, &(row), 1, 4096), \
	}
ROWS(mx_categories_schema, mx_category, category_row);
ROWS(mx_providers_schema, mx_provider, provider_row);
ROWS(mx_lists_schema, mx_list, list_row);
ROWS(mx_remedies_schema, mx_remedy, remedy_row);
/* clang-format on */
