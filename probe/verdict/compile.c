/* compile.c - references looked up, patterns compiled, everything a rule claims made true. */
#include "probe/verdict/compile.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/catalogue/files.h"

/* Chosen so that the order holds whatever the provider's part is (match.c): a strong
 * sentence at another provider than its own still weighs more than a weak one. */
static const double strength_weights[MX_STRENGTH_COUNT] = {
	[MX_STRENGTH_HINT] = 0.30,
	[MX_STRENGTH_WEAK] = 0.50,
	[MX_STRENGTH_USUAL] = 0.80,
	[MX_STRENGTH_STRONG] = 0.92,
	[MX_STRENGTH_CERTAIN] = 0.98,
};

/* What compiling needs everywhere: where we are, for messages. */
struct place {
	const struct mx_catalogue *catalogue;
	const struct mx_sieve *sieve;
	const char *path;
	const struct mx_rule_row *row;
	struct mx_error *err;
};

#define FAIL(place, field, value, ...) \
	mx_row_error(                  \
	    (place)->err, (place)->path, (place)->row->id, field, value, __VA_ARGS__)

/* ---- references ---- */

static enum mx_err
find_references(const struct place *at, struct mx_rule *out)
{
	const struct mx_rule_row *row = at->row;

	out->category = mx_catalogue_category(at->catalogue, row->category);
	if (out->category == NULL)
		return FAIL(at, "category", NULL, "no category \"%s\"", row->category);
	if (row->provider != NULL) {
		out->provider = mx_catalogue_provider(at->catalogue, row->provider);
		if (out->provider == NULL)
			return FAIL(
			    at, "provider", NULL, "no provider \"%s\"", row->provider);
	}
	if (row->list != NULL) {
		out->list = mx_catalogue_list(at->catalogue, row->list);
		if (out->list == NULL)
			return FAIL(at, "list", NULL, "no list \"%s\"", row->list);
	}
	if (row->remedy != NULL &&
	    mx_catalogue_remedy(at->catalogue, row->remedy) == NULL)
		return FAIL(at, "remedy", NULL, "no remedy \"%s\"", row->remedy);
	if (row->only_there == MX_YES && row->provider == NULL)
		return FAIL(at, "only_there", NULL, "needs a provider");
	return MX_OK;
}

/* ---- patterns ---- */

static enum mx_err
check_pattern(const struct place *at, const char *field, unsigned number,
    struct mx_pattern *pattern)
{
	char message[256];
	const char *stranger;

	pattern->anywhere.code =
	    mx_pattern_compile(pattern->text, message, sizeof message);
	if (pattern->anywhere.code == NULL)
		return FAIL(at, field, pattern->text, "pattern %u: %s", number, message);
	stranger = mx_pattern_stranger(pattern->anywhere.code);
	if (stranger != NULL)
		return FAIL(at, field, pattern->text,
		    "the capture \"%s\" is none of value, zone, code, url", stranger);
	return MX_OK;
}

static enum mx_err
compile_patterns(const struct place *at, const char *field, char *const *texts,
    unsigned count, struct mx_pattern **out)
{
	*out = mx_calloc(count + 1, sizeof **out);
	for (unsigned i = 0; i < count; i++) {
		(*out)[i] =
		    (struct mx_pattern){ .text = texts[i], .mesh = MX_SIEVE_NONE };
		if (!mx_sieve_knows(at->sieve, texts[i]) &&
		    check_pattern(at, field, i + 1, &(*out)[i]) != MX_OK)
			return MX_ERR_CONFIG;
	}
	return MX_OK;
}

/* ---- the rest ---- */

static enum mx_err
compile_codes(const struct place *at, struct mx_rule *out)
{
	const struct mx_rule_row *row = at->row;

	out->codes = mx_calloc(row->code_count + 1, sizeof *out->codes);
	for (unsigned i = 0; i < row->code_count; i++)
		if (!mx_code_pattern_parse(row->codes[i], &out->codes[i]))
			return FAIL(at, "codes", row->codes[i],
			    "\"%s\" is no code such as 550, 5xx, 5.7.1 or 5.7.606-649",
			    row->codes[i]);
	return MX_OK;
}

static enum mx_err
check_use(const struct place *at)
{
	const struct mx_rule_row *row = at->row;

	if (row->pattern_count == 0 && row->code_count == 0)
		return FAIL(at, "patterns", NULL, "a rule needs patterns or codes");
	if (row->samples.positive_count == 0)
		return FAIL(at, "samples", NULL, "a rule needs a positive sample");
	return MX_OK;
}

static double
weight_of(const struct mx_rule_row *row)
{
	if (row->strength != MX_STRENGTH_UNSET)
		return strength_weights[row->strength];
	return strength_weights[row->provider != NULL ? MX_STRENGTH_STRONG
						      : MX_STRENGTH_USUAL];
}

enum mx_err
mx_rule_compile(const struct mx_catalogue *catalogue, const struct mx_sieve *sieve,
    const char *path, const struct mx_rule_row *row, struct mx_rule *out,
    struct mx_error *err)
{
	const struct place at = { catalogue, sieve, path, row, err };

	*out = (struct mx_rule){ .row = row, .path = path, .weight = weight_of(row) };
	for (unsigned i = 0; i < row->stage_count; i++)
		out->stage_mask |= 1U << row->stages[i];
	if (check_use(&at) != MX_OK || find_references(&at, out) != MX_OK ||
	    compile_codes(&at, out) != MX_OK ||
	    compile_patterns(&at, "patterns", row->patterns, row->pattern_count,
		&out->patterns) != MX_OK ||
	    compile_patterns(
		&at, "without", row->without, row->without_count, &out->without) != MX_OK)
		return MX_ERR_CONFIG;
	return MX_OK;
}

static void
free_patterns(struct mx_pattern *patterns, unsigned count)
{
	for (unsigned i = 0; patterns != NULL && i < count; i++)
		mx_pattern_clear(&patterns[i]);
	free(patterns);
}

void
mx_rule_clear(struct mx_rule *rule)
{
	free_patterns(rule->patterns, rule->row->pattern_count);
	free_patterns(rule->without, rule->row->without_count);
	free(rule->codes);
}
