/* target.c - destinations, each once, in the order written. */
#include "probe/plan/target.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/lines.h"
#include "probe/base/mem.h"

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static enum mx_err
add_domain(struct mx_targets *targets, const char *domain, struct mx_error *err)
{
	if (tfind(domain, &targets->known, by_text) != NULL)
		return MX_OK;
	if (targets->count == MX_TARGETS_MAX)
		return mx_error_set(err, MX_ERR_USAGE,
		    "--to: more than %d destinations; split them over several runs",
		    MX_TARGETS_MAX);

	char *copy = mx_strdup(domain);

	if (tsearch(copy, &targets->known, by_text) == NULL)
		mx_out_of_memory();
	targets->domains =
	    mx_grow(targets->domains, targets->count, sizeof *targets->domains);
	targets->domains[targets->count++] = copy;
	return MX_OK;
}

static enum mx_err
add_one(struct mx_targets *targets, const char *spec,
    const struct mx_catalogue *catalogue, struct mx_error *err)
{
	const struct mx_provider *provider = mx_catalogue_provider(catalogue, spec);
	struct mx_error why = { 0 };
	char domain[MX_NAME_MAX];

	if (provider != NULL && provider->domain_count > 0)
		return add_domain(targets, provider->domains[0], err);
	if (provider != NULL)
		return mx_error_set(err, MX_ERR_USAGE,
		    "--to: provider '%s' has no domain of its own; name a customer's "
		    "domain",
		    spec);
	if (mx_name_to_ascii(spec, domain, &why) == MX_OK && mx_name_is_fqdn(domain))
		return add_domain(targets, domain, err);

	char *shown = mx_escape_terminal(spec, strlen(spec));
	enum mx_err code = mx_error_set(err, MX_ERR_USAGE,
	    "--to: '%s' is neither a domain nor a known provider%s%s; write a mail "
	    "domain such as outlook.com, or @FILE",
	    shown, why.code != MX_OK ? ": " : "", why.text);

	free(shown);
	return code;
}

struct addition {
	struct mx_targets *targets;
	const struct mx_catalogue *catalogue;
};

static enum mx_err
add_entry(void *arg, const char *entry, struct mx_error *err)
{
	const struct addition *to = arg;

	return add_one(to->targets, entry, to->catalogue, err);
}

enum mx_err
mx_targets_add(struct mx_targets *targets, const char *spec,
    const struct mx_catalogue *catalogue, struct mx_error *err)
{
	struct addition to = { targets, catalogue };

	if (spec[0] == '@')
		return mx_lines_each(spec + 1, add_entry, &to, err);
	return add_one(targets, spec, catalogue, err);
}

void
mx_targets_clear(struct mx_targets *targets)
{
	tdestroy(targets->known, free); /* holds the same strings */
	free(targets->domains);
	*targets = (struct mx_targets){ 0 };
}
