/* run.c - what every mechanism needs. */
#include "probe/identity/spf/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/spf/macro.h"

/* ---- ends ----------------------------------------------------------------------------------- */

void
mx_spf_say(struct mx_spf_run *run, const char *format, ...)
{
	va_list args;
	char *why = NULL;

	va_start(args, format);
	if (vasprintf(&why, format, args) < 0)
		mx_out_of_memory();
	va_end(args);
	free(run->why);
	run->why = why;
}

enum mx_spf_match
mx_spf_stop(struct mx_spf_run *run, enum mx_spf_result error)
{
	run->stopped = true;
	run->error = error;
	return MX_SPF_STOPPED;
}

void
mx_spf_need(struct mx_spf_run *run, const char *name, enum mx_dns_type type)
{
	struct mx_spf_need *item = &run->needs->items[run->needs->count++];

	*item = (struct mx_spf_need){ .name = mx_strdup(name), .type = type };
	run->stopped = true;
}

/* ---- lookups ----------------------------------------------------------------------------------- */

static const char *
type_name(enum mx_dns_type type)
{
	static const struct {
		enum mx_dns_type type;
		const char *name;
	} types[] = { { MX_DNS_A, "A" }, { MX_DNS_AAAA, "AAAA" }, { MX_DNS_MX, "MX" },
		{ MX_DNS_PTR, "PTR" } };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (types[i].type == type)
			return types[i].name;
	return "TXT";
}

enum mx_dns_type
mx_spf_address_type(const struct mx_spf_run *run)
{
	return run->query->client.family == AF_INET ? MX_DNS_A : MX_DNS_AAAA;
}

const struct mx_dns_answer *
mx_spf_recall(struct mx_spf_run *run, const char *name, enum mx_dns_type type)
{
	const struct mx_dns_answer *answer = mx_spf_memo_find(run->memo, name, type);

	if (answer == NULL)
		mx_spf_need(run, name, type);
	return answer;
}

bool
mx_spf_is_void(const struct mx_dns_answer *answer)
{
	return answer->status == MX_DNS_NODATA || answer->status == MX_DNS_NXDOMAIN;
}

bool
mx_spf_count_void(struct mx_spf_run *run, const char *name, enum mx_dns_type type)
{
	if (run->explaining || ++run->voids <= MX_SPF_VOIDS_MAX)
		return true;
	mx_spf_say(run,
	    "%s in the record of %s: %s of %s is one lookup more than the %d that may "
	    "find nothing (RFC 7208 4.6.4)",
	    run->term, run->whose, type_name(type), name, MX_SPF_VOIDS_MAX);
	mx_spf_stop(run, MX_SPF_PERMERROR);
	return false;
}

const struct mx_dns_answer *
mx_spf_look_up(struct mx_spf_run *run, const char *name, enum mx_dns_type type)
{
	const struct mx_dns_answer *answer = mx_spf_recall(run, name, type);

	if (answer == NULL || answer->status == MX_DNS_OK)
		return answer;
	if (mx_spf_is_void(answer))
		return mx_spf_count_void(run, name, type) ? answer : NULL;
	mx_spf_say(run, "%s in the record of %s: %s of %s: %s", run->term, run->whose,
	    type_name(type), name, mx_dns_status_text(answer->status));
	mx_spf_stop(run, MX_SPF_TEMPERROR);
	return NULL;
}

/* ---- targets ----------------------------------------------------------------------------------- */

bool
mx_spf_expand(struct mx_spf_run *run, const char *domain, const char *text, size_t len,
    struct mx_buf *out)
{
	const struct mx_spf_query *query = run->query;
	struct mx_spf_values values = { .local = query->local,
		.sender_domain = query->sender_domain,
		.domain = domain,
		.client = &query->client,
		.validated = "unknown",
		.helo = query->helo,
		.receiver = query->receiver,
		.now_s = query->now_s };

	if (mx_spf_macro_uses(text, len, 'p')) {
		values.validated = mx_spf_validated_name(run, domain);
		if (values.validated == NULL)
			return false;
	}
	return mx_spf_macro_expand(text, len, &values, out);
}

bool
mx_spf_find_target(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const char *spec, char out[MX_SPF_TARGET_MAX])
{
	struct mx_buf expanded;
	bool good;

	if (spec == NULL)
		return mx_spf_target(scope->domain, strlen(scope->domain), out);
	mx_buf_init(&expanded, MX_SPF_EXPANDED_MAX);
	good = mx_spf_expand(run, scope->domain, spec, strlen(spec), &expanded) &&
	       expanded.len > 0 && mx_spf_target(expanded.data, expanded.len, out);
	mx_buf_clear(&expanded);
	return good;
}

bool
mx_spf_find_name(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const char *spec, char out[MX_SPF_NAME_MAX])
{
	char target[MX_SPF_TARGET_MAX];

	if (!mx_spf_find_target(run, scope, spec, target))
		return false;
	mx_spf_target_name(target, out);
	return true;
}
