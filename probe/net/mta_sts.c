/* mta_sts.c - reading what a domain says of its mail exchangers. Both grammars are tiny; what
 * makes them long is saying what is wrong. */
#include "probe/net/mta_sts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/ascii.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HOST_MAX 253
#define LABEL_MAX 63

/* ---- bytes -------------------------------------------------------------------------------------- */

/* A piece of the text, never empty beyond its end. */
struct span {
	const char *at, *end;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t
length(struct span span)
{
	return (size_t)(span.end - span.at);
}

static bool
is(struct span span, const char *word)
{
	return length(span) == strlen(word) && memcmp(span.at, word, strlen(word)) == 0;
}

static struct span
trim(struct span span)
{
	while (span.at < span.end && is_blank(*span.at))
		span.at++;
	while (span.at < span.end && is_blank(span.end[-1]))
		span.end--;
	return span;
}

/* Cuts the text up to mark (or all of it) off the front. False when nothing was left. */
static bool
cut(struct span *rest, char mark, struct span *piece)
{
	const char *found;

	if (rest->at == NULL)
		return false;
	found = memchr(rest->at, mark, length(*rest));
	*piece = (struct span){ rest->at, found != NULL ? found : rest->end };
	rest->at = found != NULL ? found + 1 : NULL;
	return true;
}

/* The text on both sides of the first mark. False when there is none. */
static bool
split(struct span text, char mark, struct span *before, struct span *after)
{
	const char *found = memchr(text.at, mark, length(text));

	if (found == NULL)
		return false;
	*before = (struct span){ text.at, found };
	*after = (struct span){ found + 1, text.end };
	return true;
}

/* A name of a field: a letter or digit, then up to 31 of those or "_-." (RFC 8461 3.1, 3.2). */
static bool
is_key(struct span key)
{
	if (length(key) == 0 || length(key) > 32 || !mx_ascii_is_alnum(*key.at))
		return false;
	for (const char *c = key.at; c < key.end; c++)
		if (!mx_ascii_is_alnum(*c) && (*c == '\0' || strchr("_-.", *c) == NULL))
			return false;
	return true;
}

/* ---- the TXT record ----------------------------------------------------------------------------- */

#define RECORD_VERSION "v=STSv1"

bool
mx_mta_sts_is_record(const uint8_t *text, size_t len)
{
	size_t head = strlen(RECORD_VERSION);

	if (len < head || memcmp(text, RECORD_VERSION, head) != 0)
		return false;
	return len == head || text[head] == ';' || is_blank((char)text[head]);
}

static bool
read_id(struct span value, char id[MX_MTA_STS_ID], const char **why)
{
	if (*id != '\0')
		return true; /* the first counts */
	*why = "its id is not 1 to 32 letters and digits";
	if (length(value) == 0 || length(value) >= MX_MTA_STS_ID)
		return false;
	for (const char *c = value.at; c < value.end; c++)
		if (!mx_ascii_is_alnum(*c))
			return false;
	memcpy(id, value.at, length(value));
	id[length(value)] = '\0';
	return true;
}

/* The value of a field that nobody knows yet: visible ASCII but for "=" and ";". */
static bool
is_extension(struct span value)
{
	if (length(value) == 0)
		return false;
	for (const char *c = value.at; c < value.end; c++)
		if (*c < '!' || *c > '~' || *c == '=')
			return false;
	return true;
}

static bool
read_field(struct span field, char id[MX_MTA_STS_ID], const char **why)
{
	struct span value, key;

	*why = "a field is not NAME=VALUE";
	if (!split(field, '=', &key, &value) || !is_key(key))
		return false;
	if (is(key, "id"))
		return read_id(value, id, why);
	return is_extension(value);
}

bool
mx_mta_sts_read_record(
    const uint8_t *text, size_t len, char id[MX_MTA_STS_ID], const char **why)
{
	struct span rest = { (const char *)text, (const char *)text + len }, field;

	memset(id, 0, MX_MTA_STS_ID);
	*why = "it does not begin with \"v=STSv1;\"";
	if (!mx_mta_sts_is_record(text, len) || !cut(&rest, ';', &field) ||
	    !is(trim(field), RECORD_VERSION))
		return false;
	while (cut(&rest, ';', &field)) {
		field = trim(field);
		/* One delimiter may end the record. */
		if (length(field) == 0 && rest.at == NULL)
			break;
		if (!read_field(field, id, why))
			return false;
	}
	*why = "it has no id";
	return *id != '\0';
}

/* ---- the policy --------------------------------------------------------------------------------- */

static const char *const mode_names[MX_MTA_STS_MODE_COUNT] = {
	[MX_MTA_STS_MODE_NONE] = "none",
	[MX_MTA_STS_MODE_TESTING] = "testing",
	[MX_MTA_STS_MODE_ENFORCE] = "enforce",
};

const char *
mx_mta_sts_mode_name(enum mx_mta_sts_mode mode)
{
	return mode_names[mode];
}

/* What each key may hold; false when value is not that. */
static bool
take_version(struct mx_mta_sts_policy *policy, struct span value)
{
	(void)policy;
	return is(value, "STSv1");
}

static bool
take_mode(struct mx_mta_sts_policy *policy, struct span value)
{
	for (unsigned i = 0; i < MX_MTA_STS_MODE_COUNT; i++) {
		if (!is(value, mode_names[i]))
			continue;
		policy->mode = (enum mx_mta_sts_mode)i;
		return true;
	}
	return false;
}

static bool
take_age(struct mx_mta_sts_policy *policy, struct span value)
{
	unsigned long age = 0;

	if (length(value) == 0 || length(value) > 10)
		return false;
	for (const char *c = value.at; c < value.end; c++) {
		if (*c < '0' || *c > '9')
			return false;
		age = 10 * age + (unsigned long)(*c - '0');
	}
	policy->max_age_s = (uint32_t)(age < MX_MTA_STS_AGE ? age : MX_MTA_STS_AGE);
	return true;
}

static bool
is_label(struct span label)
{
	if (length(label) == 0 || length(label) > LABEL_MAX || *label.at == '-' ||
	    label.end[-1] == '-')
		return false;
	for (const char *c = label.at; c < label.end; c++)
		if (!mx_ascii_is_alnum(*c) && *c != '-')
			return false;
	return true;
}

static bool
take_mx(struct mx_mta_sts_policy *policy, struct span value)
{
	struct span rest = value, label;

	if (length(value) > HOST_MAX)
		return false;
	if (length(value) > 2 && memcmp(value.at, "*.", 2) == 0)
		rest.at += 2;
	while (cut(&rest, '.', &label))
		if (!is_label(label))
			return false;
	policy->mx = mx_grow(policy->mx, policy->mx_count, sizeof *policy->mx);
	policy->mx[policy->mx_count++] = mx_strndup(value.at, length(value));
	return true;
}

enum key {
	KEY_VERSION,
	KEY_MODE,
	KEY_AGE,
	KEY_MX,
	KEY_COUNT
};

/* clang-format off */
static const struct {
	const char *name;
	bool (*take)(struct mx_mta_sts_policy *policy, struct span value);
	bool repeats;
} keys[KEY_COUNT] = {
	[KEY_VERSION] = { "version", take_version, false },
	[KEY_MODE]    = { "mode",    take_mode,    false },
	[KEY_AGE]     = { "max_age", take_age,     false },
	[KEY_MX]      = { "mx",      take_mx,      true  },
};
/* clang-format on */

struct reading {
	struct mx_mta_sts_policy *policy;
	bool seen[KEY_COUNT];
	size_t line;
	char **why;
};

static bool
refuse(struct reading *reading, const char *what, struct span text)
{
	char *safe = mx_escape_terminal(text.at, length(text) < 80 ? length(text) : 80);

	*reading->why =
	    mx_asprintf("line %zu of the policy %s: \"%s\"", reading->line, what, safe);
	free(safe);
	return false;
}

static bool
read_line(struct reading *reading, struct span line)
{
	struct span value, key;

	if (length(trim(line)) == 0)
		return true;
	if (!split(line, ':', &key, &value) || !is_key(key))
		return refuse(reading, "is not KEY: VALUE", line);
	value = trim(value);
	for (unsigned i = 0; i < KEY_COUNT; i++) {
		if (!is(key, keys[i].name) || (reading->seen[i] && !keys[i].repeats))
			continue;
		reading->seen[i] = true;
		if (!keys[i].take(reading->policy, value))
			return refuse(reading, "has a value that can't be", line);
	}
	return true;
}

static bool
is_complete(const struct reading *reading)
{
	const char *missing = NULL;

	for (unsigned i = 0; i < KEY_COUNT && missing == NULL; i++)
		if (!reading->seen[i])
			missing = keys[i].name;
	if (missing == NULL || (reading->seen[KEY_MODE] && reading->seen[KEY_AGE] &&
				   reading->seen[KEY_VERSION] &&
				   reading->policy->mode == MX_MTA_STS_MODE_NONE))
		return true;
	*reading->why = mx_asprintf("the policy has no \"%s\"", missing);
	return false;
}

/* A policy that is cut anywhere else than behind a line may say something else than was meant;
 * HTTP tells when a body is incomplete, so here each line counts, ended or not. */
static bool
read_lines(struct reading *reading, struct span text)
{
	struct span line;

	while (cut(&text, '\n', &line)) {
		reading->line++;
		if (line.at < line.end && line.end[-1] == '\r')
			line.end--;
		if (!read_line(reading, line))
			return false;
	}
	return is_complete(reading);
}

bool
mx_mta_sts_read_policy(
    const char *text, size_t len, struct mx_mta_sts_policy *out, char **why)
{
	struct reading reading = { .policy = out, .why = why };

	*out = (struct mx_mta_sts_policy){ 0 };
	*why = NULL;
	if (read_lines(&reading, (struct span){ text, text + len }))
		return true;
	mx_mta_sts_policy_clear(out);
	return false;
}

void
mx_mta_sts_policy_clear(struct mx_mta_sts_policy *policy)
{
	for (size_t i = 0; i < policy->mx_count; i++)
		free(policy->mx[i]);
	free(policy->mx);
	*policy = (struct mx_mta_sts_policy){ 0 };
}

void
mx_mta_sts_policy_copy(struct mx_mta_sts_policy *to, const struct mx_mta_sts_policy *from)
{
	*to = *from;
	to->mx = mx_calloc(from->mx_count + 1, sizeof *to->mx);
	for (size_t i = 0; i < from->mx_count; i++)
		to->mx[i] = mx_strdup(from->mx[i]);
}

/* ---- what it means ------------------------------------------------------------------------------ */

static bool
matches(const char *pattern, const char *host, size_t len)
{
	const char *dot;

	if (strncmp(pattern, "*.", 2) == 0) {
		dot = memchr(host, '.', len);
		if (dot == NULL || dot == host)
			return false;
		len -= (size_t)(dot - host);
		host = dot;
		pattern++; /* the dot stays on both sides */
	}
	return strlen(pattern) == len && strncasecmp(pattern, host, len) == 0;
}

bool
mx_mta_sts_lists(const struct mx_mta_sts_policy *policy, const char *host)
{
	size_t len = strlen(host);

	if (len > 0 && host[len - 1] == '.')
		len--;
	for (size_t i = 0; i < policy->mx_count; i++)
		if (matches(policy->mx[i], host, len))
			return true;
	return false;
}

bool
mx_mta_sts_is_plain_text(const char *content_type)
{
	static const char plain[] = "text/plain";
	const char *rest;

	if (content_type == NULL || strncasecmp(content_type, plain, strlen(plain)) != 0)
		return false;
	rest = content_type + strlen(plain);
	rest += strspn(rest, " \t");
	return *rest == '\0' || *rest == ';';
}

void
mx_mta_sts_clear(struct mx_mta_sts *sts)
{
	mx_mta_sts_policy_clear(&sts->policy);
	free(sts->why);
	*sts = (struct mx_mta_sts){ 0 };
}

const char *
mx_mta_sts_result_name(enum mx_mta_sts_result result)
{
	static const char *const names[MX_MTA_STS_RESULT_COUNT] = {
		[MX_MTA_STS_RESULT_NOT_ASKED] = NULL,
		[MX_MTA_STS_RESULT_UNKNOWN] = "unknown",
		[MX_MTA_STS_RESULT_NONE] = "none",
		[MX_MTA_STS_RESULT_TESTING] = "testing",
		[MX_MTA_STS_RESULT_ENFORCE] = "enforce",
		[MX_MTA_STS_RESULT_MISMATCH] = "mismatch",
		[MX_MTA_STS_RESULT_FAILED] = "failed",
	};

	return names[result];
}

static enum mx_mta_sts_result
judge(const struct mx_mta_sts_policy *policy, const char *mx_host)
{
	if (policy->mode == MX_MTA_STS_MODE_NONE)
		return MX_MTA_STS_RESULT_NONE;
	if (!mx_mta_sts_lists(policy, mx_host))
		return MX_MTA_STS_RESULT_MISMATCH;
	return policy->mode == MX_MTA_STS_MODE_ENFORCE ? MX_MTA_STS_RESULT_ENFORCE
						       : MX_MTA_STS_RESULT_TESTING;
}

enum mx_mta_sts_result
mx_mta_sts_result_for(const struct mx_mta_sts *sts, const char *mx_host)
{
	switch (sts->state) {
	case MX_MTA_STS_NOT_ASKED:
		break;
	case MX_MTA_STS_UNKNOWN:
		return MX_MTA_STS_RESULT_UNKNOWN;
	case MX_MTA_STS_ABSENT:
		return MX_MTA_STS_RESULT_NONE;
	case MX_MTA_STS_FOUND:
		return judge(&sts->policy, mx_host);
	case MX_MTA_STS_BROKEN:
		return MX_MTA_STS_RESULT_FAILED;
	}
	return MX_MTA_STS_RESULT_NOT_ASKED;
}

bool
mx_mta_sts_forbids(const struct mx_mta_sts *sts, const char *mx_host)
{
	return sts->policy.mode == MX_MTA_STS_MODE_ENFORCE &&
	       mx_mta_sts_result_for(sts, mx_host) == MX_MTA_STS_RESULT_MISMATCH;
}

char *
mx_mta_sts_sentence(const struct mx_mta_sts *sts, const char *mx_host)
{
	enum mx_mta_sts_result result = mx_mta_sts_result_for(sts, mx_host);
	const char *name = mx_mta_sts_result_name(result);

	switch (result) {
	case MX_MTA_STS_RESULT_TESTING:
	case MX_MTA_STS_RESULT_ENFORCE:
		return mx_asprintf("MTA-STS %s: the policy lists %s", name, mx_host);
	case MX_MTA_STS_RESULT_MISMATCH:
		return mx_asprintf("MTA-STS %s: the policy (mode %s) does not list %s",
		    name, mx_mta_sts_mode_name(sts->policy.mode), mx_host);
	case MX_MTA_STS_RESULT_UNKNOWN:
	case MX_MTA_STS_RESULT_FAILED:
		return mx_asprintf("MTA-STS %s: %s", name, sts->why);
	case MX_MTA_STS_RESULT_NONE:
	case MX_MTA_STS_RESULT_NOT_ASKED:
	case MX_MTA_STS_RESULT_COUNT:
		break;
	}
	return NULL;
}
