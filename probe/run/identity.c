/* identity.c - parameters put side by side; nothing is decided here. */
#include "probe/run/identity.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

static bool
is_own(const struct mx_probe_params *params, const char *destination)
{
	for (size_t i = 0; i < params->own_count; i++)
		if (mx_name_equal(params->own[i], destination))
			return true;
	return false;
}

static void
list_sources(struct mx_run_identities *to, const struct mx_probe_params *params)
{
	to->faces = mx_calloc(params->source_count + 1, sizeof *to->faces);
	to->helos = mx_calloc(params->source_count + 1, sizeof *to->helos);
	for (size_t i = 0; i < params->source_count; i++) {
		const struct mx_probe_source *source = &params->sources[i];

		to->faces[i] = source->seen_as.family != AF_UNSPEC ? &source->seen_as
								   : &source->addr;
		to->helos[i] = source->helo;
	}
}

/* A HELO name may be that of a destination of our own. */
static size_t
list_foreign(struct mx_run_identities *to, const struct mx_probe_params *params)
{
	size_t count = 0;

	to->foreign = mx_calloc(params->destination_count + 1, sizeof *to->foreign);
	for (size_t i = 0; i < params->destination_count; i++)
		if (!is_own(params, params->destinations[i]))
			to->foreign[count++] = params->destinations[i];
	return count;
}

/* Every list of the catalogue would be hundreds of questions before a session: only those that the
 * user names. */
static struct mx_dnsbl *
open_dnsbl(const struct mx_probe_params *params, const struct mx_catalogue *catalogue,
    struct mx_loop *loop, struct mx_resolver *resolver)
{
	struct mx_dnsbl_params dnsbl = {
		.loop = loop,
		.resolver = resolver,
		.catalogue = catalogue,
		.zones = params->dnsbl_zones,
		.zone_count = params->dnsbl_zone_count,
		.keys = params->dnsbl_keys,
		.key_count = params->dnsbl_key_count,
	};

	return params->dnsbl_zone_count > 0 ? mx_dnsbl_new(&dnsbl) : NULL;
}

struct mx_run_identities *
mx_run_identities_new(const struct mx_probe_params *params,
    const struct mx_catalogue *catalogue, struct mx_loop *loop,
    struct mx_resolver *resolver)
{
	struct mx_run_identities *to = mx_calloc(1, sizeof *to);

	list_sources(to, params);
	to->dnsbl = open_dnsbl(params, catalogue, loop, resolver);
	to->common = (struct mx_preflight_params){
		.loop = loop,
		.resolver = resolver,
		.mail_from = params->mail_from,
		.destination_count = list_foreign(to, params),
		.selectors = params->selectors,
		.selector_count = params->selector_count,
		.dnsbl = to->dnsbl,
		.catalogue = catalogue,
	};
	to->common.destinations = to->foreign;
	return to;
}

void
mx_run_identities_free(struct mx_run_identities *identities)
{
	if (identities == NULL)
		return;
	mx_dnsbl_free(identities->dnsbl);
	free(identities->faces);
	free(identities->helos);
	free(identities->foreign);
	free(identities);
}
