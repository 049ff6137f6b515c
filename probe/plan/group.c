/* group.c - who answers for a host: a known provider, else its registrable domain. */
#include "probe/plan/group.h"

#include <libpsl.h>
#include <stdio.h>

#include "probe/base/addr.h"

const char *
mx_group_name(
    const struct mx_provider *provider, const char *mx_host, char out[MX_NAME_MAX])
{
	struct mx_addr addr;
	const char *name = mx_host;

	if (provider != NULL) {
		name = provider->id;
	} else if (!mx_addr_parse(mx_host, &addr)) {
		const char *domain = psl_registrable_domain(psl_builtin(), mx_host);

		name = domain != NULL ? domain : mx_host;
	}
	snprintf(out, MX_NAME_MAX, "%s", name);
	return out;
}
