/* remembered.c - opening the store, and what people call things in it. */
#include "probe/cmd/remembered.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/limits.h"
#include "probe/store/pairs.h"

enum mx_err
mx_remembered_open(struct mx_remembered *remembered, const struct mx_cli *cli,
    const char *given, enum mx_store_mode mode, struct mx_error *err)
{
	char *path;

	*remembered = (struct mx_remembered){ .store = NULL };
	if (mx_config_load(&remembered->config, cli->config_file, err) != MX_OK)
		return err->code;
	remembered->rules = mx_limits_make(remembered->config.values).rules;
	remembered->catalogue = mx_catalogue_load(NULL, err);
	if (remembered->catalogue == NULL)
		return err->code;
	if (given == NULL)
		given = remembered->config.values->store;
	path = mx_store_path(given, err);
	if (path != NULL)
		remembered->store = mx_store_open(path, mode, err);
	free(path);
	return remembered->store != NULL ? MX_OK : err->code;
}

void
mx_remembered_close(struct mx_remembered *remembered)
{
	mx_store_close(remembered->store);
	mx_catalogue_free(remembered->catalogue);
	mx_config_clear(&remembered->config);
}

enum mx_err
mx_remembered_source(
    const char *option, const char *text, char out[MX_ADDR_TEXT], struct mx_error *err)
{
	struct mx_addr addr;
	char *shown;

	if (mx_addr_parse(text, &addr)) {
		(void)mx_addr_text(&addr, out);
		return MX_OK;
	}
	shown = mx_escape_terminal(text, strlen(text));
	mx_error_set(err, MX_ERR_USAGE,
	    "%s: \"%.100s\" is no address; mxprobe status lists what is recorded", option,
	    shown);
	free(shown);
	return MX_ERR_USAGE;
}

/** What a walk over the pairs looks for. */
struct search {
	const char *text;
	char *group; /* own; NULL: not found yet */
};

static bool
match_group(void *arg, const struct mx_store_pair *pair)
{
	struct search *search = arg;

	if (strcasecmp(pair->group, search->text) == 0)
		search->group = mx_strdup(pair->group);
	return search->group == NULL;
}

static bool
match_destination(void *arg, const struct mx_store_pair *pair)
{
	struct search *search = arg;

	if (pair->destination != NULL && strcasecmp(pair->destination, search->text) == 0)
		search->group = mx_strdup(pair->group);
	return search->group == NULL;
}

static const struct mx_provider *
find_provider(const struct mx_catalogue *catalogue, const char *text)
{
	const struct mx_provider *provider = mx_catalogue_provider(catalogue, text);

	if (provider == NULL)
		provider = mx_catalogue_provider_by_domain(catalogue, text);
	return provider != NULL ? provider : mx_catalogue_provider_by_mx(catalogue, text);
}

enum mx_err
mx_remembered_group(const struct mx_remembered *remembered, const char *option,
    const char *text, char **group, struct mx_error *err)
{
	struct search search = { .text = text };
	const struct mx_provider *provider;
	char *shown;

	*group = NULL;
	if (text == NULL)
		return MX_OK;
	/* What was probed comes first: a domain of ours may lie with a known provider today. */
	if (mx_store_pairs(remembered->store, NULL, NULL, match_group, &search, err) !=
	    MX_OK)
		return err->code;
	if (search.group == NULL && mx_store_pairs(remembered->store, NULL, NULL,
					match_destination, &search, err) != MX_OK)
		return err->code;
	provider = find_provider(remembered->catalogue, text);
	if (search.group == NULL && provider != NULL)
		search.group = mx_strdup(provider->id);
	*group = search.group;
	if (*group != NULL)
		return MX_OK;
	shown = mx_escape_terminal(text, strlen(text));
	mx_error_set(err, MX_ERR_USAGE,
	    "%s: \"%.100s\" is neither recorded nor a known provider; mxprobe status lists "
	    "what is recorded",
	    option, shown);
	free(shown);
	return MX_ERR_USAGE;
}
