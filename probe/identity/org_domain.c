/* org_domain.c - libpsl knows; this is where identity/ asks it. */
#include "probe/identity/org_domain.h"

#include <libpsl.h>

const char *
mx_org_domain(const char *name)
{
	return psl_registrable_domain(psl_builtin(), name);
}
