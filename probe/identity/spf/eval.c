/* eval.c - records, and what they come to (RFC 7208 4 and 6). */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/spf/macro.h"
#include "probe/identity/spf/run.h"

/* An include that matched has said already what matched in there. */
static void
say_matched(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	char *inner;

	if (directive->mechanism != MX_SPF_INCLUDE) {
		mx_spf_say(run, "matched %s in the record of %s", directive->text,
		    scope->domain);
		return;
	}
	inner = run->why;
	run->why = NULL;
	mx_spf_say(
	    run, "%s, by %s in the record of %s", inner, directive->text, scope->domain);
	free(inner);
}

static void
keep_explanation(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_record *record)
{
	if (scope->included)
		return;
	free(run->exp);
	free(run->exp_domain);
	run->exp = mx_strdup(record->exp);
	run->exp_domain = mx_strdup(scope->domain);
}

/* RFC 7208 6.1. */
static enum mx_spf_result
redirect(struct mx_spf_run *run, const struct mx_spf_scope *scope, const char *spec)
{
	char name[MX_SPF_TARGET_MAX], *term = mx_asprintf("redirect=%s", spec);
	enum mx_spf_result result = MX_SPF_NONE;

	if (mx_spf_begin_term(run, scope, term) &&
	    mx_spf_find_target(run, scope, spec, name))
		result = mx_spf_check_domain(run, name, scope->included);
	if (!run->stopped && result == MX_SPF_NONE) {
		mx_spf_say(run,
		    "%s in the record of %s: no SPF record there (RFC 7208 6.1)", term,
		    scope->domain);
		result = MX_SPF_PERMERROR;
		mx_spf_stop(run, result);
	}
	free(term);
	return result;
}

static enum mx_spf_result
evaluate(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct mx_spf_directive *directive = &record->directives[i];
		enum mx_spf_match match = mx_spf_match(run, scope, directive);

		if (match == MX_SPF_STOPPED)
			return run->error;
		if (match == MX_SPF_NO_MATCH)
			continue;
		say_matched(run, scope, directive);
		return directive->qualifier;
	}
	if (record->redirect != NULL)
		return redirect(run, scope, record->redirect);
	mx_spf_say(run, "nothing in the record of %s matches", scope->domain);
	return MX_SPF_NEUTRAL;
}

/* RFC 7208 4.5. NULL: none, or more than one and stopped. */
static const struct mx_dns_record *
select_record(
    struct mx_spf_run *run, const char *domain, const struct mx_dns_answer *answer)
{
	const struct mx_dns_record *found = NULL;

	for (size_t i = 0; i < answer->count; i++) {
		const struct mx_dns_record *record = &answer->records[i];

		if (!mx_spf_record_is(record->data, record->len))
			continue;
		if (found != NULL) {
			mx_spf_say(run, "%s has more than one SPF record (RFC 7208 4.5)",
			    domain);
			mx_spf_stop(run, MX_SPF_PERMERROR);
			return NULL;
		}
		found = record;
	}
	if (found == NULL)
		mx_spf_say(run, "%s has no SPF record", domain);
	return found;
}

/* RFC 7208 4.4. NULL: none, or stopped. */
static const struct mx_dns_record *
find_record(struct mx_spf_run *run, const char *domain)
{
	char name[MX_SPF_NAME_MAX];
	const struct mx_dns_answer *answer =
	    mx_spf_recall(run, mx_spf_target_name(domain, name), MX_DNS_TXT);

	if (answer == NULL)
		return NULL;
	if (answer->status == MX_DNS_OK)
		return select_record(run, domain, answer);
	if (mx_spf_is_void(answer)) {
		mx_spf_say(run, "%s has no SPF record: %s", domain,
		    mx_dns_status_text(answer->status));
		return NULL;
	}
	mx_spf_say(run, "TXT of %s: %s", domain, mx_dns_status_text(answer->status));
	mx_spf_stop(run, MX_SPF_TEMPERROR);
	return NULL;
}

static enum mx_spf_result
read_and_evaluate(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_dns_record *text)
{
	struct mx_spf_record record;
	enum mx_spf_result result;
	char *fault;

	if (!mx_spf_record_parse(text->data, text->len, &record, &fault)) {
		mx_spf_say(
		    run, "syntax error in the record of %s: %s", scope->domain, fault);
		free(fault);
		mx_spf_stop(run, MX_SPF_PERMERROR);
		return MX_SPF_PERMERROR;
	}
	keep_explanation(run, scope, &record);
	result = evaluate(run, scope, &record);
	mx_spf_record_clear(&record);
	return result;
}

/* check_host(). Its result counts only when the run has not stopped. */
enum mx_spf_result
mx_spf_check_domain(struct mx_spf_run *run, const char *domain, bool included)
{
	struct mx_spf_scope scope = { .domain = domain, .included = included };
	const struct mx_dns_record *text;

	if (strchr(domain, '.') == NULL) {
		mx_spf_say(run, "%s is only one label (RFC 7208 4.3)", domain);
		return MX_SPF_NONE;
	}
	text = find_record(run, domain);
	if (text == NULL)
		return run->stopped ? run->error : MX_SPF_NONE;
	if (run->record == NULL)
		run->record = mx_strndup((const char *)text->data, text->len);
	return read_and_evaluate(run, &scope, text);
}

/* ---- explanations (RFC 7208 6.2) ------------------------------------------------------------ */

static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] > 0x7f || text[i] == '\0')
			return false;
	return true;
}

static char *
expand_explanation(struct mx_spf_run *run, const char *text, size_t len)
{
	struct mx_buf out;
	char *explanation = NULL;

	if (mx_spf_macro_fault(text, len, MX_SPF_MACRO_EXPLANATION) != NULL)
		return NULL;
	mx_buf_init(&out, MX_SPF_EXPANDED_MAX);
	if (mx_spf_expand(run, run->exp_domain, text, len, &out) && out.len > 0 &&
	    is_ascii(out.data, out.len))
		explanation = mx_buf_take(&out);
	mx_buf_clear(&out);
	return explanation;
}

/* Whatever is wrong with it, there is just no explanation. NULL also while it is needed. */
static char *
explain(struct mx_spf_run *run)
{
	struct mx_spf_scope scope = { .domain = run->exp_domain };
	const struct mx_dns_answer *answer;
	char name[MX_SPF_NAME_MAX];

	run->explaining = true;
	if (run->exp == NULL || !mx_spf_find_name(run, &scope, run->exp, name))
		return NULL;
	answer = mx_spf_recall(run, name, MX_DNS_TXT);
	if (answer == NULL || answer->count != 1)
		return NULL;
	return expand_explanation(
	    run, (const char *)answer->records[0].data, answer->records[0].len);
}

/* ---- the whole ------------------------------------------------------------------------------ */

void
mx_spf_needs_clear(struct mx_spf_needs *needs)
{
	for (size_t i = 0; i < needs->count; i++)
		free(needs->items[i].name);
	needs->count = 0;
}

static enum mx_spf_result
check_query(struct mx_spf_run *run)
{
	const char *domain = run->query->domain;
	char name[MX_SPF_TARGET_MAX];
	enum mx_spf_result result;

	if (*domain == '[' || !mx_spf_target(domain, strlen(domain), name)) {
		mx_spf_say(run,
		    *domain == '\0' ? "there is no domain to ask about%s"
				    : "%s is no domain name (RFC 7208 4.3)",
		    domain);
		return MX_SPF_NONE;
	}
	result = mx_spf_check_domain(run, name, false);
	return run->stopped ? run->error : result;
}

bool
mx_spf_eval(const struct mx_spf_query *query, const struct mx_spf_memo *memo,
    struct mx_spf_answer *answer, struct mx_spf_needs *needs)
{
	struct mx_spf_run run = { .query = query, .memo = memo, .needs = needs };

	needs->count = 0;
	*answer = (struct mx_spf_answer){ 0 };
	answer->result = check_query(&run);
	if (needs->count == 0 && answer->result == MX_SPF_FAIL)
		answer->explanation = explain(&run);
	answer->domain = mx_strdup(query->domain);
	answer->record = run.record;
	answer->why = run.why;
	free(run.exp);
	free(run.exp_domain);
	if (needs->count > 0)
		mx_spf_answer_clear(answer);
	return needs->count == 0;
}
