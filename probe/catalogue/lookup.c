/* lookup.c - finding rows. Some hundred rows in all, asked a few times per session: a walk
 * through an array is the honest data structure. */
#include <string.h>

#include "probe/catalogue/rows.h"
#include "probe/dns/name.h"

const struct mx_category *
mx_catalogue_category(const struct mx_catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->category_count; i++)
		if (strcmp(c->categories[i].id, id) == 0)
			return &c->categories[i];
	return NULL;
}

const struct mx_provider *
mx_catalogue_provider(const struct mx_catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->provider_count; i++)
		if (strcmp(c->providers[i].id, id) == 0)
			return &c->providers[i];
	return NULL;
}

/* ".example.net" matches below example.net, "mx.example.net" only itself. */
static bool
host_matches(const char *host, const char *suffix)
{
	if (suffix[0] != '.')
		return mx_name_equal(host, suffix);
	return mx_name_under(host, suffix + 1) && !mx_name_equal(host, suffix + 1);
}

const struct mx_provider *
mx_catalogue_provider_by_mx(const struct mx_catalogue *c, const char *mx_host)
{
	const struct mx_provider *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < c->provider_count; i++)
		for (size_t k = 0; k < c->providers[i].mx_suffix_count; k++) {
			const char *suffix = c->providers[i].mx_suffixes[k];

			if (strlen(suffix) > best_len && host_matches(mx_host, suffix)) {
				best = &c->providers[i];
				best_len = strlen(suffix);
			}
		}
	return best;
}

const struct mx_provider *
mx_catalogue_provider_by_domain(const struct mx_catalogue *c, const char *domain)
{
	for (size_t i = 0; i < c->provider_count; i++)
		for (size_t k = 0; k < c->providers[i].domain_count; k++)
			if (mx_name_equal(c->providers[i].domains[k], domain))
				return &c->providers[i];
	return NULL;
}

const struct mx_list *
mx_catalogue_list(const struct mx_catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->list_count; i++)
		if (strcmp(c->lists[i].id, id) == 0)
			return &c->lists[i];
	return NULL;
}

const struct mx_list *
mx_catalogue_list_by_zone(const struct mx_catalogue *c, const char *zone)
{
	const struct mx_list *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < c->list_count; i++)
		for (size_t k = 0; k < c->lists[i].zone_count; k++) {
			const char *known = c->lists[i].zones[k];

			if (strlen(known) > best_len && mx_name_under(zone, known)) {
				best = &c->lists[i];
				best_len = strlen(known);
			}
		}
	return best;
}

const struct mx_remedy *
mx_catalogue_remedy(const struct mx_catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->remedy_count; i++)
		if (strcmp(c->remedies[i].id, id) == 0)
			return &c->remedies[i];
	return NULL;
}

const struct mx_category *
mx_catalogue_categories(const struct mx_catalogue *c, size_t *count)
{
	*count = c->category_count;
	return c->categories;
}

const struct mx_provider *
mx_catalogue_providers(const struct mx_catalogue *c, size_t *count)
{
	*count = c->provider_count;
	return c->providers;
}

const struct mx_list *
mx_catalogue_lists(const struct mx_catalogue *c, size_t *count)
{
	*count = c->list_count;
	return c->lists;
}

const struct mx_remedy *
mx_catalogue_remedies(const struct mx_catalogue *c, size_t *count)
{
	*count = c->remedy_count;
	return c->remedies;
}

const char *
mx_catalogue_dir(const struct mx_catalogue *catalogue)
{
	return catalogue->dir;
}

const struct mx_image *
mx_catalogue_image(const struct mx_catalogue *catalogue)
{
	return catalogue->image;
}
