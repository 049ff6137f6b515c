/* absent.c - one row for each reason not to have asked. */
#include "probe/verdict/absent.h"

#include "probe/base/mem.h"

struct row {
	enum mx_verdict verdict;
	const char *category; /* a leaf of taxonomy/categories.yaml; NULL: no finding */
	const char *about;
	const char *permanence;
};

/* clang-format off */
static const struct row rows[] = {
	[MX_ABSENT_DNS]        = { MX_V_UNREACHABLE, "routing_error", "recipient_domain", "temporary" },
	[MX_ABSENT_NULL_MX]    = { MX_V_UNREACHABLE, "routing_error", "recipient_domain", "permanent" },
	[MX_ABSENT_FAMILY]     = { MX_V_UNREACHABLE, "routing_error", "recipient_domain", "permanent" },
	[MX_ABSENT_SUPPRESSED] = { MX_V_SUPPRESSED,  NULL,            NULL,               NULL },
	[MX_ABSENT_OURS]       = { MX_V_FAILED,      NULL,            NULL,               NULL },
};
/* clang-format on */

void
mx_judge_absent(enum mx_absence why, const char *text, struct mx_judgement *out)
{
	const struct row *row = &rows[why];

	*out = (struct mx_judgement){
		.verdict = row->verdict,
		.has_finding = true,
		.reached = MX_STAGE_CONNECT,
		.finding = {
			.stage = MX_STAGE_CONNECT,
			.text = mx_strdup(text),
			.category = row->category,
			.about = row->about,
			.permanence = row->permanence,
			.retry_after_s = -1,
			.confidence = 1,
		},
	};
}
