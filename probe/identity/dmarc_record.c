/* dmarc_record.c - a table of tags, each with the values it may have. */
#include "probe/identity/dmarc_record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/identity/tags.h"

#define DMARC1 "DMARC1"

static const char policies[] = "none quarantine reject";

/* Is value one of the words, whatever its case? (RFC 7489 6.4: ABNF strings) */
static bool
is_one_of(const char *value, const char *words)
{
	size_t len = strlen(value);

	while (*words != '\0') {
		size_t word = strcspn(words, " ");

		if (word == len && strncasecmp(words, value, len) == 0)
			return true;
		words += word + strspn(words + word, " ");
	}
	return false;
}

static bool
is_policy(const char *value)
{
	return is_one_of(value, policies);
}

static bool
is_alignment(const char *value)
{
	return is_one_of(value, "r s");
}

static bool
is_yes_no(const char *value)
{
	return is_one_of(value, "y n");
}

static bool
is_public_suffix(const char *value)
{
	return is_one_of(value, "y n u");
}

static bool
is_number(const char *value)
{
	size_t len = strlen(value);

	return len > 0 && len < 10 && strspn(value, "0123456789") == len;
}

static bool
is_percent(const char *value)
{
	return is_number(value) && strtol(value, NULL, 10) <= 100;
}

/* Colon-separated words, each one of those given. */
static bool
is_list_of(const char *value, const char *words)
{
	bool good = *value != '\0';

	while (good && *value != '\0') {
		size_t item = strcspn(value, ":");
		char *word = mx_strndup(value, item);

		good = is_one_of(word, words);
		free(word);
		value += item + (value[item] == ':');
	}
	return good;
}

static bool
is_failure_list(const char *value)
{
	return is_list_of(value, "0 1 d s");
}

static bool
is_format_list(const char *value)
{
	return is_list_of(value, "afrf iodef");
}

/* "mailto:a@b.example" with a limit such as "!10m" behind it. */
static bool
is_report_uri(const char *uri, size_t len)
{
	static const char scheme[] = "mailto:";
	const char *at = memchr(uri, '@', len);

	if (len < sizeof scheme || strncasecmp(uri, scheme, sizeof scheme - 1) != 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if (isspace((unsigned char)uri[i]))
			return false;
	return at != NULL && at > uri + sizeof scheme - 1 && at < uri + len - 1;
}

static bool
is_uri_list(const char *value)
{
	bool more;

	do {
		size_t item, to;

		value += strspn(value, " \t");
		item = to = strcspn(value, ",");
		more = value[item] == ',';
		while (to > 0 && (value[to - 1] == ' ' || value[to - 1] == '\t'))
			to--;
		if (!is_report_uri(value, to))
			return false;
		value += item + more;
	} while (more);
	return true;
}

/* Tags that RFC 7489 and its successor know; others are passed over, as receivers do. */
static const struct {
	const char *name;
	bool (*is_good)(const char *value);
	const char *wanted;
} known[] = {
	/* clang-format off */
	{ "p",     is_policy,        "none, quarantine or reject" },
	{ "sp",    is_policy,        "none, quarantine or reject" },
	{ "np",    is_policy,        "none, quarantine or reject" },
	{ "pct",   is_percent,       "a number from 0 to 100" },
	{ "rua",   is_uri_list,      "mailto:ADDRESS, or several with commas between them" },
	{ "ruf",   is_uri_list,      "mailto:ADDRESS, or several with commas between them" },
	{ "adkim", is_alignment,     "r or s" },
	{ "aspf",  is_alignment,     "r or s" },
	{ "fo",    is_failure_list,  "0, 1, d or s" },
	{ "rf",    is_format_list,   "afrf" },
	{ "ri",    is_number,        "a number of seconds" },
	{ "t",     is_yes_no,        "y or n" },
	{ "psd",   is_public_suffix, "y, n or u" },
	/* clang-format on */
};

/* RFC 7489 6.6.3: what does not begin with v=DMARC1 is no DMARC record. Blanks may stand around
 * "=" (6.4), and the value ends there. */
enum mx_dmarc_claim
mx_dmarc_claim(const char *record, size_t len)
{
	size_t i = 0, version = sizeof DMARC1 - 1;
	bool exact;

	while (i < len && isspace((unsigned char)record[i]))
		i++;
	exact = i == 0;
	if (i == len || tolower((unsigned char)record[i]) != 'v')
		return MX_DMARC_OTHER;
	exact = exact && record[i] == 'v';
	for (i++; i < len && isspace((unsigned char)record[i]); i++)
		;
	if (i == len || record[i] != '=')
		return MX_DMARC_OTHER;
	for (i++; i < len && isspace((unsigned char)record[i]); i++)
		;
	if (len - i < version || strncasecmp(record + i, DMARC1, version) != 0)
		return MX_DMARC_OTHER;
	exact = exact && strncmp(record + i, DMARC1, version) == 0;
	for (i += version; i < len && isspace((unsigned char)record[i]); i++)
		;
	exact = exact && (i == len || record[i] == ';');
	return exact ? MX_DMARC_RECORD : MX_DMARC_BROKEN;
}

/* The first value that no receiver understands; NULL: all are good. */
static char *
find_bad_value(const struct mx_tags *tags)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		const char *value = mx_tags_get(tags, known[i].name);

		if (value != NULL && !known[i].is_good(value))
			return mx_asprintf("%s=%s is malformed: write %s", known[i].name,
			    value, known[i].wanted);
	}
	return NULL;
}

static char *
find_fault(const struct mx_tags *tags, enum mx_dmarc_claim claim)
{
	if (claim != MX_DMARC_RECORD)
		return mx_strdup("the record must begin with \"v=DMARC1;\", spelt so: "
				 "receivers pass over this one");
	if (mx_tags_get(tags, "p") == NULL)
		return mx_strdup(
		    "p= is missing: write \"v=DMARC1; p=none\", or p=quarantine "
		    "or p=reject");
	return find_bad_value(tags);
}

static char *
lower(const char *text)
{
	char *copy = mx_strdup(text);

	for (char *c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static void
judge_tags(struct mx_dmarc_policy *out, const struct mx_tags *tags, bool is_parent)
{
	const char *policy = mx_tags_get(tags, is_parent ? "sp" : "p");

	out->result = MX_CHECK_PASS;
	out->policy = lower(policy != NULL ? policy : mx_tags_get(tags, "p"));
	if (tags->count > 1 && strcmp(tags->items[1].name, "p") != 0) {
		out->result = MX_CHECK_WARN;
		out->advice =
		    mx_strdup("p= belongs right behind v=DMARC1 (RFC 7489 6.4): "
			      "not every receiver reads it elsewhere");
	}
}

struct mx_dmarc_policy
mx_dmarc_record_judge(const char *record, size_t len, bool is_parent)
{
	struct mx_dmarc_policy out = { .result = MX_CHECK_FAIL };
	struct mx_tags tags;
	char *malformed = mx_tags_parse(&tags, record, len);

	if (malformed != NULL)
		out.advice = mx_asprintf("the record is malformed: %s", malformed);
	else
		out.advice = find_fault(&tags, mx_dmarc_claim(record, len));
	if (out.advice == NULL)
		judge_tags(&out, &tags, is_parent);
	free(malformed);
	mx_tags_clear(&tags);
	return out;
}
