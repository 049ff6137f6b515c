/* match.c - the eight mechanisms (RFC 7208 5). */
#include <stdlib.h>
#include <string.h>

#include "probe/dns/name.h"
#include "probe/identity/spf/run.h"

static bool
same_network(const struct mx_addr *a, const struct mx_addr *b, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;
	unsigned mask = rest > 0 ? 0xff00u >> rest & 0xff : 0;

	return a->family == b->family && memcmp(a->bytes, b->bytes, bytes) == 0 &&
	       (rest == 0 || ((unsigned)(a->bytes[bytes] ^ b->bytes[bytes]) & mask) == 0);
}

static bool
any_address(const struct mx_spf_run *run, const struct mx_dns_answer *answer,
    const struct mx_spf_directive *directive)
{
	const struct mx_addr *client = &run->query->client;
	unsigned bits = client->family == AF_INET ? directive->bits4 : directive->bits6;

	for (size_t i = 0; i < answer->count; i++)
		if (same_network(&answer->records[i].addr, client, bits))
			return true;
	return false;
}

typedef enum mx_spf_match matcher(struct mx_spf_run *run,
    const struct mx_spf_scope *scope, const struct mx_spf_directive *directive);

static enum mx_spf_match
match_all(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	(void)run;
	(void)scope;
	(void)directive;
	return MX_SPF_MATCH;
}

static enum mx_spf_match
match_network(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	unsigned bits =
	    directive->mechanism == MX_SPF_IP4 ? directive->bits4 : directive->bits6;

	(void)scope;
	return same_network(&directive->network, &run->query->client, bits)
		   ? MX_SPF_MATCH
		   : MX_SPF_NO_MATCH;
}

/* Without a name in DNS nothing is asked and nothing matches. */
static enum mx_spf_match
without_target(const struct mx_spf_run *run)
{
	return run->stopped ? MX_SPF_STOPPED : MX_SPF_NO_MATCH;
}

static enum mx_spf_match
match_a(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;
	char name[MX_SPF_NAME_MAX];

	if (!mx_spf_find_name(run, scope, directive->domain, name))
		return without_target(run);
	answer = mx_spf_look_up(run, name, mx_spf_address_type(run));
	if (answer == NULL)
		return MX_SPF_STOPPED;
	return any_address(run, answer, directive) ? MX_SPF_MATCH : MX_SPF_NO_MATCH;
}

/* One that is there is enough, of whichever address; so always A (RFC 7208 5.7). */
static enum mx_spf_match
match_exists(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;
	char name[MX_SPF_NAME_MAX];

	if (!mx_spf_find_name(run, scope, directive->domain, name))
		return without_target(run);
	answer = mx_spf_look_up(run, name, MX_DNS_A);
	if (answer == NULL)
		return MX_SPF_STOPPED;
	return answer->status == MX_DNS_OK ? MX_SPF_MATCH : MX_SPF_NO_MATCH;
}

static enum mx_spf_match
match_hosts(struct mx_spf_run *run, const struct mx_dns_record *hosts, size_t count,
    const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;

	if (!mx_spf_know_addresses(run, hosts, count))
		return MX_SPF_STOPPED;
	for (size_t i = 0; i < count; i++) {
		if (hosts[i].name[0] == '\0')
			continue; /* null MX (RFC 7505) */
		answer = mx_spf_look_up(run, hosts[i].name, mx_spf_address_type(run));
		if (answer == NULL)
			return MX_SPF_STOPPED;
		if (any_address(run, answer, directive))
			return MX_SPF_MATCH;
	}
	return MX_SPF_NO_MATCH;
}

static enum mx_spf_match
match_mx(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;
	struct mx_dns_record *hosts;
	char name[MX_SPF_NAME_MAX];
	enum mx_spf_match match;

	if (!mx_spf_find_name(run, scope, directive->domain, name))
		return without_target(run);
	answer = mx_spf_look_up(run, name, MX_DNS_MX);
	if (answer == NULL)
		return MX_SPF_STOPPED;
	if (answer->count > MX_SPF_HOSTS_MAX) {
		mx_spf_say(run,
		    "%s in the record of %s: %s has %zu MX, more than %d (RFC 7208 4.6.4)",
		    directive->text, scope->domain, name, answer->count,
		    MX_SPF_HOSTS_MAX);
		return mx_spf_stop(run, MX_SPF_PERMERROR);
	}
	hosts = mx_spf_sorted_names(answer);
	match = match_hosts(run, hosts, answer->count, directive);
	free(hosts);
	return match;
}

static enum mx_spf_match
match_ptr(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	const char *names[MX_SPF_HOSTS_MAX];
	char target[MX_SPF_NAME_MAX];
	size_t count;

	if (!mx_spf_find_name(run, scope, directive->domain, target))
		return without_target(run);
	if (!mx_spf_validate_names(run, names, &count))
		return MX_SPF_STOPPED;
	for (size_t i = 0; i < count; i++)
		if (mx_name_under(names[i], target))
			return MX_SPF_MATCH;
	return MX_SPF_NO_MATCH;
}

/* The table of RFC 7208 5.2. A "fail" there is none here: it only doesn't match. */
static enum mx_spf_match
match_include(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	char name[MX_SPF_TARGET_MAX];
	enum mx_spf_result result = MX_SPF_NONE;

	if (mx_spf_find_target(run, scope, directive->domain, name))
		result = mx_spf_check_domain(run, name, true);
	if (run->stopped)
		return MX_SPF_STOPPED;
	if (result != MX_SPF_NONE)
		return result == MX_SPF_PASS ? MX_SPF_MATCH : MX_SPF_NO_MATCH;
	mx_spf_say(run, "%s in the record of %s: no SPF record there (RFC 7208 5.2)",
	    directive->text, scope->domain);
	return mx_spf_stop(run, MX_SPF_PERMERROR);
}

/* clang-format off */
static const struct {
	matcher *match;
	bool looks_up; /* counts against MX_SPF_TERMS_MAX */
} mechanisms[MX_SPF_MECHANISM_COUNT] = {
	[MX_SPF_ALL]     = { match_all,     false },
	[MX_SPF_INCLUDE] = { match_include, true },
	[MX_SPF_A]       = { match_a,       true },
	[MX_SPF_MX]      = { match_mx,      true },
	[MX_SPF_PTR]     = { match_ptr,     true },
	[MX_SPF_IP4]     = { match_network, false },
	[MX_SPF_IP6]     = { match_network, false },
	[MX_SPF_EXISTS]  = { match_exists,  true },
};
/* clang-format on */

bool
mx_spf_begin_term(
    struct mx_spf_run *run, const struct mx_spf_scope *scope, const char *term)
{
	run->term = term;
	run->whose = scope->domain;
	if (++run->terms <= MX_SPF_TERMS_MAX)
		return true;
	mx_spf_say(run,
	    "%s in the record of %s is one term more than the %d that may need DNS "
	    "(RFC 7208 4.6.4)",
	    term, scope->domain, MX_SPF_TERMS_MAX);
	mx_spf_stop(run, MX_SPF_PERMERROR);
	return false;
}

enum mx_spf_match
mx_spf_match(struct mx_spf_run *run, const struct mx_spf_scope *scope,
    const struct mx_spf_directive *directive)
{
	if (mechanisms[directive->mechanism].looks_up &&
	    !mx_spf_begin_term(run, scope, directive->text))
		return MX_SPF_STOPPED;
	return mechanisms[directive->mechanism].match(run, scope, directive);
}
