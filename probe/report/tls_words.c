/* tls_words.c - silence where all is well, so that what is said is read. */
#include "probe/report/tls_words.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"

#define DAY_S 86400
/* Renewal is automatic nearly everywhere and due a month before: two weeks left mean it failed. */
#define SOON_DAYS 14
#define REMARK_MAX 2048

static const struct mx_tls_facts *
facts_of(const struct mx_result *result)
{
	return result->transcript != NULL ? &result->transcript->tls : NULL;
}

static bool
has_tlsa(const struct mx_tls_facts *facts)
{
	return facts != NULL && facts->dane > MX_DANE_NONE;
}

bool
mx_tls_words_has_policy(const struct mx_result *result)
{
	return has_tlsa(facts_of(result)) || result->has_mta_sts_policy ||
	       result->mta_sts == MX_MTA_STS_RESULT_FAILED;
}

int64_t
mx_tls_words_days_left(const struct mx_result *result)
{
	int64_t left_s = result->transcript->tls.not_after_s - result->time_us / 1000000;

	return left_s >= 0 ? left_s / DAY_S : -((-left_s + DAY_S - 1) / DAY_S);
}

static void
add_expiry(struct mx_buf *text, const struct mx_result *result)
{
	int64_t days;

	if (result->transcript->tls.not_after_s == 0)
		return;
	days = mx_tls_words_days_left(result);
	if (days >= SOON_DAYS)
		return;
	if (days < 0)
		(void)mx_buf_addf(text, ", expired %lld day%s ago", (long long)-days,
		    days == -1 ? "" : "s");
	else if (days == 0)
		(void)mx_buf_addstr(text, ", the certificate expires within a day");
	else
		(void)mx_buf_addf(text, ", the certificate expires in %lld day%s",
		    (long long)days, days == 1 ? "" : "s");
}

char *
mx_tls_words_certificate(const struct mx_result *result)
{
	const struct mx_tls_facts *facts = facts_of(result);
	struct mx_buf text;
	size_t head;

	if (facts == NULL || facts->seen != MX_TLS_DONE)
		return NULL;
	mx_buf_init(&text, REMARK_MAX);
	(void)mx_buf_addstr(&text, facts->version != NULL ? facts->version : "TLS");
	head = text.len;
	if (facts->obsolete)
		(void)mx_buf_addstr(&text, ", obsolete");
	if (!facts->verified)
		(void)mx_buf_addf(&text, ", certificate does not hold%s%s",
		    facts->reason != NULL ? ": " : "",
		    facts->reason != NULL ? facts->reason : "");
	add_expiry(&text, result);
	if (text.len > head)
		return mx_buf_take(&text);
	mx_buf_clear(&text);
	return NULL;
}

char *
mx_tls_words_dane(const struct mx_result *result)
{
	const struct mx_tls_facts *facts = facts_of(result);

	if (!has_tlsa(facts))
		return NULL;
	return mx_asprintf("%s%s%s",
	    facts->dane == MX_DANE_LOOKUP_FAILED ? "lookup failed"
						 : mx_dane_name(facts->dane),
	    facts->dane_detail != NULL ? ": " : "",
	    facts->dane_detail != NULL ? facts->dane_detail : "");
}

const char *
mx_tls_words_mta_sts(const struct mx_result *result)
{
	static const char label[] = "MTA-STS ";
	const char *text = result->mta_sts_text;

	if (text != NULL && strncmp(text, label, strlen(label)) == 0)
		text += strlen(label); /* the table has a label of its own */
	return text;
}
