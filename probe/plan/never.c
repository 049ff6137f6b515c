/* never.c - a walk through a short list; whoever is in doubt is left alone. */
#include "probe/plan/never.h"

#include <string.h>

#include "probe/dns/name.h"

/* A leading dot is how the catalogue writes "below"; here it makes no difference. */
static bool
covers_name(const char *entry, const char *name)
{
	return name != NULL && mx_name_under(name, entry + (*entry == '.'));
}

static bool
covers_host(const char *entry, const struct mx_route_host *host)
{
	return covers_name(entry, host->name) || covers_name(entry, host->canonical);
}

static bool
covers(const char *entry, const char *destination, const struct mx_provider *provider,
    const struct mx_route *route)
{
	if (provider != NULL && strcmp(entry, provider->id) == 0)
		return true;
	if (covers_name(entry, destination))
		return true;
	for (size_t i = 0; route != NULL && i < route->host_count; i++)
		if (covers_host(entry, &route->hosts[i]))
			return true;
	return false;
}

const char *
mx_never_entry(const struct mx_never *never, const char *destination,
    const struct mx_provider *provider, const struct mx_route *route)
{
	for (size_t i = 0; i < never->count; i++)
		if (covers(never->entries[i], destination, provider, route))
			return never->entries[i];
	return NULL;
}
