/* spf_facts.c - seven results, four answers, and what to publish. */
#include "probe/identity/spf_facts.h"

#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "probe/identity/helo.h"

#define SHOWN_MAX 450 /* bytes; a longer record is better edited where it is kept */

static const char version[] = "v=spf1";

static const enum mx_check_result results[MX_SPF_RESULT_COUNT] = {
	/* clang-format off */
	[MX_SPF_NONE]      = MX_CHECK_WARN,
	[MX_SPF_NEUTRAL]   = MX_CHECK_WARN,
	[MX_SPF_PASS]      = MX_CHECK_PASS,
	[MX_SPF_FAIL]      = MX_CHECK_FAIL,
	[MX_SPF_SOFTFAIL]  = MX_CHECK_WARN,
	[MX_SPF_TEMPERROR] = MX_CHECK_UNKNOWN,
	[MX_SPF_PERMERROR] = MX_CHECK_FAIL,
	/* clang-format on */
};

/* 'fail: example.jp TXT "v=spf1 -all" (-all of example.jp)'. */
static char *
tell_found(const struct mx_spf_answer *answer)
{
	const char *name = mx_spf_result_name(answer->result);
	const char *why = answer->why != NULL ? answer->why : "";

	if (answer->record == NULL)
		return mx_asprintf("%s%s%s", name, *why != '\0' ? ": " : "", why);
	return mx_asprintf("%s: %s TXT \"%s\"%s%s%s", name, answer->domain,
	    answer->record, *why != '\0' ? " (" : "", why, *why != '\0' ? ")" : "");
}

/* The record there is, with the address allowed in front of all that now decides otherwise. */
static char *
advise_record(const struct mx_addr *source, const struct mx_spf_answer *answer)
{
	const char *mechanism = source->family == AF_INET ? "ip4" : "ip6";
	const char *rest = answer->record != NULL ? answer->record : "v=spf1 -all";
	char text[MX_ADDR_TEXT];

	mx_addr_text(source, text);
	if (strlen(rest) > SHOWN_MAX ||
	    strncasecmp(rest, version, sizeof version - 1) != 0)
		return mx_asprintf("put %s:%s into the SPF record of %s, before its "
				   "first mechanism",
		    mechanism, text, answer->domain);
	rest += sizeof version - 1;
	return mx_asprintf("publish %s TXT \"%s %s:%s%s\"", answer->domain, version,
	    mechanism, text, rest);
}

static char *
advise(const struct mx_addr *source, const struct mx_spf_answer *answer)
{
	switch (answer->result) {
	case MX_SPF_NONE:
	case MX_SPF_NEUTRAL:
	case MX_SPF_FAIL:
	case MX_SPF_SOFTFAIL:
		if (answer->domain == NULL || !mx_name_is_fqdn(answer->domain) ||
		    mx_helo_is_everybodys(answer->domain) ||
		    mx_helo_is_providers(answer->domain))
			return mx_strdup("use a name in a domain of your own, where you "
					 "can publish an SPF record");
		return advise_record(source, answer);
	case MX_SPF_PERMERROR:
		return mx_asprintf("correct the SPF record of %s: receivers refuse what "
				   "they cannot evaluate",
		    answer->domain != NULL ? answer->domain : "the domain");
	case MX_SPF_PASS:
	case MX_SPF_TEMPERROR:
	case MX_SPF_RESULT_COUNT:
		break;
	}
	return NULL;
}

void
mx_spf_judge(const char *check, const struct mx_addr *source,
    const struct mx_spf_answer *answer, struct mx_checks *checks)
{
	mx_checks_add(checks, results[answer->result], mx_strdup(check),
	    tell_found(answer), advise(source, answer));
}
