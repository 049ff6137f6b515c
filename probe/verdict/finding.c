/* finding.c - what a finding owns. */
#include "probe/verdict/finding.h"

#include <stdlib.h>

void
mx_finding_clear(struct mx_finding *finding)
{
	free(finding->text);
	free(finding->list);
	free(finding->provider_code);
	free(finding->listed_value);
	free(finding->delist_url);
	*finding = (struct mx_finding){ .retry_after_s = -1 };
}
