/* finding_json.c - the members of a finding, in the order of the contract. */
#include "probe/report/finding_json.h"

void
mx_code_json(struct mx_json_out *out, const char *key, int code)
{
	if (code != 0)
		mx_json_integer(out, key, code);
	else
		mx_json_null(out, key);
}

void
mx_enhanced_json(struct mx_json_out *out, const char *key, const struct mx_enhanced *code)
{
	char text[MX_ENHANCED_TEXT];

	mx_json_string(out, key, code->klass != 0 ? mx_enhanced_text(code, text) : NULL);
}

static void
candidates(struct mx_json_out *out, const struct mx_finding *finding)
{
	mx_json_open(out, "candidates", '[');
	for (size_t i = 0; i < finding->candidate_count; i++) {
		const struct mx_candidate *candidate = &finding->candidates[i];

		mx_json_open(out, NULL, '{');
		mx_json_string(out, "category", candidate->category);
		mx_json_string(out, "rule", candidate->rule);
		mx_json_real(out, "confidence", candidate->confidence);
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

void
mx_finding_json_head(struct mx_json_out *out, const struct mx_finding *finding)
{
	mx_json_string(out, "stage",
	    finding->stage < MX_STAGE_COUNT ? mx_stage_name(finding->stage) : NULL);
	mx_code_json(out, "code", finding->code);
	mx_enhanced_json(out, "enhanced", &finding->enhanced);
}

void
mx_finding_json_tail(struct mx_json_out *out, const struct mx_finding *finding)
{
	mx_json_string(out, "category", finding->category);
	mx_json_string(out, "about", finding->about);
	mx_json_string(out, "permanence", finding->permanence);
	mx_json_string(out, "authority", finding->authority);
	mx_json_string(out, "list", finding->list);
	mx_json_string(out, "provider_code", finding->provider_code);
	mx_json_string(out, "listed_value", finding->listed_value);
	mx_json_string(out, "delist_url", finding->delist_url);
	if (finding->retry_after_s >= 0)
		mx_json_integer(out, "retry_after_s", finding->retry_after_s);
	else
		mx_json_null(out, "retry_after_s");
	mx_json_boolean(out, "query_error", finding->query_error);
	mx_json_string(out, "rule", finding->rule);
	mx_json_real(out, "confidence", finding->confidence);
	candidates(out, finding);
	mx_json_string(out, "remedy", finding->remedy);
}
