/* lookup.c - finding rows. Some hundred rows in all, asked a few times per session: a walk
 * through an array is the honest data structure. Hosts are asked for with every line of a log, so
 * their suffixes stand in an array of their own, and the first that fits is the one. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/catalogue/rows.h"
#include "probe/dns/name.h"

/* Most are told apart without a call. */
static bool
is_same(const char *a, const char *b)
{
	return *a == *b && strcmp(a, b) == 0;
}

const struct mx_category *
mx_catalogue_category(const struct mx_catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->category_count; i++)
		if (is_same(c->categories[i].id, id))
			return &c->categories[i];
	return NULL;
}

const struct mx_provider *
mx_catalogue_provider(const struct mx_catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->provider_count; i++)
		if (is_same(c->providers[i].id, id))
			return &c->providers[i];
	return NULL;
}

static int
longest_first(const void *a, const void *b)
{
	const struct mx_suffix *left = a, *right = b;

	return (left->len < right->len) - (left->len > right->len);
}

void
mx_catalogue_sort_suffixes(struct mx_catalogue *c)
{
	for (size_t i = 0; i < c->provider_count; i++)
		for (size_t k = 0; k < c->providers[i].mx_suffix_count; k++) {
			const char *text = c->providers[i].mx_suffixes[k];

			c->suffixes =
			    mx_grow(c->suffixes, c->suffix_count, sizeof *c->suffixes);
			c->suffixes[c->suffix_count++] = (struct mx_suffix){ text,
				mx_name_length(text), &c->providers[i] };
		}
	if (c->suffix_count > 0)
		qsort(c->suffixes, c->suffix_count, sizeof *c->suffixes, longest_first);
}

/* ".example.net" matches below example.net, "mx.example.net" only itself. */
static bool
host_matches(const char *host, size_t len, const struct mx_suffix *suffix)
{
	const char *tail;

	if (len < suffix->len)
		return false;
	tail = host + (len - suffix->len);
	return (*suffix->text == '.' ? *tail == '.' : tail == host) &&
	       strncasecmp(tail, suffix->text, suffix->len) == 0;
}

const struct mx_provider *
mx_catalogue_provider_by_mx(const struct mx_catalogue *c, const char *mx_host)
{
	size_t len = mx_name_length(mx_host);

	for (size_t i = 0; i < c->suffix_count; i++)
		if (host_matches(mx_host, len, &c->suffixes[i]))
			return c->suffixes[i].provider;
	return NULL;
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
		if (is_same(c->lists[i].id, id))
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
		if (is_same(c->remedies[i].id, id))
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
