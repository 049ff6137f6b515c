#include "probe/plan/target.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

#define LINE_MAX_BYTES 1024

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

/* Cuts a comment and blanks off a line; what is left may be empty. */
static char *
trim(char *line)
{
	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	for (size_t len = strlen(line); len > 0 && strchr(" \t", line[len - 1]); len--)
		line[len - 1] = '\0';
	return line;
}

static enum mx_err
add_file(struct mx_targets *targets, const char *path,
    const struct mx_catalogue *catalogue, struct mx_error *err)
{
	char line[LINE_MAX_BYTES];
	FILE *file = fopen(path, "re");
	enum mx_err code = MX_OK;

	if (file == NULL)
		return mx_error_set(
		    err, MX_ERR_USAGE, "--to @%s: can't read the file: %m", path);
	for (unsigned number = 1; code == MX_OK && fgets(line, sizeof line, file);
	     number++) {
		struct mx_error why = { 0 };
		char *spec = trim(line);

		if (*spec == '@')
			mx_error_set(
			    &why, MX_ERR_USAGE, "a list can't name another list");
		else if (*spec != '\0')
			add_one(targets, spec, catalogue, &why);
		if (why.code != MX_OK)
			code = mx_error_set(
			    err, why.code, "%s:%u: %s", path, number, why.text);
	}
	if (code == MX_OK && ferror(file))
		code = mx_error_set(
		    err, MX_ERR_USAGE, "--to @%s: can't read the file: %m", path);
	fclose(file);
	return code;
}

enum mx_err
mx_targets_add(struct mx_targets *targets, const char *spec,
    const struct mx_catalogue *catalogue, struct mx_error *err)
{
	if (spec[0] == '@')
		return add_file(targets, spec + 1, catalogue, err);
	return add_one(targets, spec, catalogue, err);
}

void
mx_targets_clear(struct mx_targets *targets)
{
	tdestroy(targets->known, free); /* holds the same strings */
	free(targets->domains);
	*targets = (struct mx_targets){ 0 };
}
