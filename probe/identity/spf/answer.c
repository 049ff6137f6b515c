/* answer.c - what every reader of an SPF answer needs, whoever made it. */
#include <stdlib.h>

#include "probe/identity/spf/spf.h"

static const char *const names[MX_SPF_RESULT_COUNT] = {
	[MX_SPF_NONE] = "none",
	[MX_SPF_NEUTRAL] = "neutral",
	[MX_SPF_PASS] = "pass",
	[MX_SPF_FAIL] = "fail",
	[MX_SPF_SOFTFAIL] = "softfail",
	[MX_SPF_TEMPERROR] = "temperror",
	[MX_SPF_PERMERROR] = "permerror",
};

const char *
mx_spf_result_name(enum mx_spf_result result)
{
	return names[result];
}

void
mx_spf_answer_clear(struct mx_spf_answer *answer)
{
	free(answer->domain);
	free(answer->record);
	free(answer->explanation);
	free(answer->why);
	*answer = (struct mx_spf_answer){ 0 };
}
