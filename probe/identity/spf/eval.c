/* eval.c - check_host() in the order of RFC 7208 4 and 5. A lookup whose answer isn't known, and
 * an error, end the run: `stopped` says so, and everybody returns. */
#include "probe/identity/spf/eval.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "probe/identity/spf/macro.h"
#include "probe/identity/spf/record.h"
#include "probe/identity/spf/target.h"

#define EXPANDED_MAX 65536 /* bytes of a macro-string, expanded; a name has 253 of them */

/* One call of mx_spf_eval(). */
struct run {
	const struct mx_spf_query *query;
	const struct mx_spf_memo *memo;
	struct mx_spf_needs *needs;
	unsigned terms, voids;
	bool stopped;             /* needs are there, or error is */
	enum mx_spf_result error; /* why it stopped, where needs are empty */
	bool explaining;          /* nothing found or broken counts any more */
	char *why;                /* of the last result; own */
	char *record;             /* the first one; own */
	char *exp,
	    *exp_domain; /* exp= of the record that counts, and where it stands; own */
};

/* The record being read. */
struct scope {
	const char *domain;
	bool included; /* its exp= does not count */
};

enum match {
	NO_MATCH,
	MATCH,
	STOPPED
};

static enum mx_spf_result check_domain(
    struct run *run, const char *domain, bool included);

/* ---- ends ----------------------------------------------------------------------------------- */

static void say(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void
say(struct run *run, const char *format, ...)
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

static enum match
stop(struct run *run, enum mx_spf_result error)
{
	run->stopped = true;
	run->error = error;
	return STOPPED;
}

static void
need(struct run *run, const char *name, enum mx_dns_type type)
{
	struct mx_spf_need *item = &run->needs->items[run->needs->count++];

	*item = (struct mx_spf_need){ .name = mx_strdup(name), .type = type };
	run->stopped = true;
}

/* ---- lookups -------------------------------------------------------------------------------- */

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

static enum mx_dns_type
address_type(const struct run *run)
{
	return run->query->client.family == AF_INET ? MX_DNS_A : MX_DNS_AAAA;
}

/* NULL: it is needed first. */
static const struct mx_dns_answer *
recall(struct run *run, const char *name, enum mx_dns_type type)
{
	const struct mx_dns_answer *answer = mx_spf_memo_find(run->memo, name, type);

	if (answer == NULL)
		need(run, name, type);
	return answer;
}

static bool
is_void(const struct mx_dns_answer *answer)
{
	return answer->status == MX_DNS_NODATA || answer->status == MX_DNS_NXDOMAIN;
}

/* False, and stopped, at one lookup too many that found nothing (RFC 7208 4.6.4). */
static bool
count_void(struct run *run, const char *name, enum mx_dns_type type)
{
	if (run->explaining || ++run->voids <= MX_SPF_VOIDS_MAX)
		return true;
	say(run,
	    "more than %d lookups found nothing, the last one %s of %s (RFC 7208 4.6.4)",
	    MX_SPF_VOIDS_MAX, type_name(type), name);
	stop(run, MX_SPF_PERMERROR);
	return false;
}

/* For a, mx and exists: NULL, and stopped, without an answer. */
static const struct mx_dns_answer *
look_up(struct run *run, const char *name, enum mx_dns_type type)
{
	const struct mx_dns_answer *answer = recall(run, name, type);

	if (answer == NULL || answer->status == MX_DNS_OK)
		return answer;
	if (is_void(answer))
		return count_void(run, name, type) ? answer : NULL;
	say(run, "%s of %s: %s", type_name(type), name,
	    mx_dns_status_text(answer->status));
	stop(run, MX_SPF_TEMPERROR);
	return NULL;
}

/* ---- addresses and names -------------------------------------------------------------------- */

static bool
same_network(const struct mx_addr *a, const struct mx_addr *b, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;
	unsigned mask = rest > 0 ? 0xff00u >> rest & 0xff : 0;

	return a->family == b->family && memcmp(a->bytes, b->bytes, bytes) == 0 &&
	       (rest == 0 || ((unsigned)(a->bytes[bytes] ^ b->bytes[bytes]) & mask) == 0);
}

static bool
any_address(const struct run *run, const struct mx_dns_answer *answer,
    const struct mx_spf_directive *directive)
{
	const struct mx_addr *client = &run->query->client;
	unsigned bits = client->family == AF_INET ? directive->bits4 : directive->bits6;

	for (size_t i = 0; i < answer->count; i++)
		if (same_network(&answer->records[i].addr, client, bits))
			return true;
	return false;
}

static int
by_name(const void *a, const void *b)
{
	const struct mx_dns_record *x = a, *y = b;

	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return strcasecmp(x->name, y->name);
}

/* The names of an MX or PTR answer in an order that isn't the server's of the day. Caller frees
 * the array; the names stay the memo's. */
static struct mx_dns_record *
sorted_names(const struct mx_dns_answer *answer)
{
	struct mx_dns_record *sorted = mx_calloc(answer->count + 1, sizeof *sorted);

	if (answer->count > 0)
		memcpy(sorted, answer->records, answer->count * sizeof *sorted);
	qsort(sorted, answer->count, sizeof *sorted, by_name);
	return sorted;
}

/* Ask for all the addresses that a term is going to look at, side by side. True when each is
 * known already. */
static bool
know_addresses(struct run *run, const struct mx_dns_record *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].name[0] != '\0' &&
		    mx_spf_memo_find(run->memo, names[i].name, address_type(run)) == NULL)
			need(run, names[i].name, address_type(run));
	return !run->stopped;
}

static bool
leads_back(const struct run *run, const struct mx_dns_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		if (mx_addr_equal(&answer->records[i].addr, &run->query->client))
			return true;
	return false;
}

/* The client's validated names (RFC 7208 5.5), at most MX_SPF_HOSTS_MAX, borrowed from the memo.
 * What cannot be looked up is no name. False: stopped. */
static bool
validate_names(struct run *run, const char *names[MX_SPF_HOSTS_MAX], size_t *count)
{
	char reverse[MX_ADDR_TEXT];
	const struct mx_dns_answer *ptr, *back;
	struct mx_dns_record *sorted;
	size_t most;

	*count = 0;
	ptr = recall(run, mx_addr_reverse_name(&run->query->client, reverse), MX_DNS_PTR);
	if (ptr == NULL || (is_void(ptr) && !count_void(run, reverse, MX_DNS_PTR)))
		return false;
	sorted = sorted_names(ptr);
	most = ptr->count < MX_SPF_HOSTS_MAX ? ptr->count : MX_SPF_HOSTS_MAX;
	(void)know_addresses(run, sorted, most);
	for (size_t i = 0; i < most && !run->stopped; i++) {
		back = sorted[i].name[0] != '\0'
			   ? recall(run, sorted[i].name, address_type(run))
			   : NULL;
		if (back == NULL)
			continue;
		if (is_void(back) && !count_void(run, sorted[i].name, address_type(run)))
			break;
		if (leads_back(run, back))
			names[(*count)++] = sorted[i].name;
	}
	free(sorted);
	return !run->stopped;
}

/* %{p}: the domain itself, else a name below it, else any (RFC 7208 7.3). NULL: stopped. */
static const char *
validated_name(struct run *run, const char *domain)
{
	const char *names[MX_SPF_HOSTS_MAX], *best;
	size_t count;

	if (!validate_names(run, names, &count))
		return NULL;
	best = count > 0 ? names[0] : "unknown";
	for (size_t i = count; i-- > 0;)
		if (mx_name_under(names[i], domain))
			best = names[i];
	for (size_t i = 0; i < count; i++)
		if (mx_name_equal(names[i], domain))
			best = names[i];
	return best;
}

/* False: stopped, or too long. */
static bool
expand(
    struct run *run, const char *domain, const char *text, size_t len, struct mx_buf *out)
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
		values.validated = validated_name(run, domain);
		if (values.validated == NULL)
			return false;
	}
	return mx_spf_macro_expand(text, len, &values, out);
}

/* The target-name of a term (RFC 7208 4.8). False: stopped, or DNS cannot have such a name. */
static bool
find_target(struct run *run, const struct scope *scope, const char *spec,
    char out[MX_SPF_TARGET_MAX])
{
	struct mx_buf expanded;
	bool good;

	if (spec == NULL)
		return mx_spf_target(scope->domain, strlen(scope->domain), out);
	mx_buf_init(&expanded, EXPANDED_MAX);
	good = expand(run, scope->domain, spec, strlen(spec), &expanded) &&
	       expanded.len > 0 && mx_spf_target(expanded.data, expanded.len, out);
	mx_buf_clear(&expanded);
	return good;
}

/* The same as the resolver wants it. */
static bool
find_name(struct run *run, const struct scope *scope, const char *spec,
    char out[MX_SPF_NAME_MAX])
{
	char target[MX_SPF_TARGET_MAX];

	if (!find_target(run, scope, spec, target))
		return false;
	mx_spf_target_name(target, out);
	return true;
}

/* ---- mechanisms (RFC 7208 5) ---------------------------------------------------------------- */

typedef enum match matcher(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive);

static enum match
match_all(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	(void)run;
	(void)scope;
	(void)directive;
	return MATCH;
}

static enum match
match_network(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	unsigned bits =
	    directive->mechanism == MX_SPF_IP4 ? directive->bits4 : directive->bits6;

	(void)scope;
	return same_network(&directive->network, &run->query->client, bits) ? MATCH
									    : NO_MATCH;
}

/* Without a name in DNS nothing is asked and nothing matches. */
static enum match
without_target(const struct run *run)
{
	return run->stopped ? STOPPED : NO_MATCH;
}

static enum match
match_a(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;
	char name[MX_SPF_NAME_MAX];

	if (!find_name(run, scope, directive->domain, name))
		return without_target(run);
	answer = look_up(run, name, address_type(run));
	if (answer == NULL)
		return STOPPED;
	return any_address(run, answer, directive) ? MATCH : NO_MATCH;
}

/* One that is there is enough, of whichever address; so always A (RFC 7208 5.7). */
static enum match
match_exists(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;
	char name[MX_SPF_NAME_MAX];

	if (!find_name(run, scope, directive->domain, name))
		return without_target(run);
	answer = look_up(run, name, MX_DNS_A);
	if (answer == NULL)
		return STOPPED;
	return answer->status == MX_DNS_OK ? MATCH : NO_MATCH;
}

static enum match
match_hosts(struct run *run, const struct mx_dns_record *hosts, size_t count,
    const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;

	if (!know_addresses(run, hosts, count))
		return STOPPED;
	for (size_t i = 0; i < count; i++) {
		if (hosts[i].name[0] == '\0')
			continue; /* null MX (RFC 7505) */
		answer = look_up(run, hosts[i].name, address_type(run));
		if (answer == NULL)
			return STOPPED;
		if (any_address(run, answer, directive))
			return MATCH;
	}
	return NO_MATCH;
}

static enum match
match_mx(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	const struct mx_dns_answer *answer;
	struct mx_dns_record *hosts;
	char name[MX_SPF_NAME_MAX];
	enum match match;

	if (!find_name(run, scope, directive->domain, name))
		return without_target(run);
	answer = look_up(run, name, MX_DNS_MX);
	if (answer == NULL)
		return STOPPED;
	if (answer->count > MX_SPF_HOSTS_MAX) {
		say(run,
		    "%s in the record of %s: %s has %zu MX, more than %d (RFC 7208 4.6.4)",
		    directive->text, scope->domain, name, answer->count,
		    MX_SPF_HOSTS_MAX);
		return stop(run, MX_SPF_PERMERROR);
	}
	hosts = sorted_names(answer);
	match = match_hosts(run, hosts, answer->count, directive);
	free(hosts);
	return match;
}

static enum match
match_ptr(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	const char *names[MX_SPF_HOSTS_MAX];
	char target[MX_SPF_NAME_MAX];
	size_t count;

	if (!find_name(run, scope, directive->domain, target))
		return without_target(run);
	if (!validate_names(run, names, &count))
		return STOPPED;
	for (size_t i = 0; i < count; i++)
		if (mx_name_under(names[i], target))
			return MATCH;
	return NO_MATCH;
}

/* The table of RFC 7208 5.2. A "fail" there is none here: it only doesn't match. */
static enum match
match_include(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	char name[MX_SPF_TARGET_MAX];
	enum mx_spf_result result = MX_SPF_NONE;

	if (find_target(run, scope, directive->domain, name))
		result = check_domain(run, name, true);
	if (run->stopped)
		return STOPPED;
	if (result != MX_SPF_NONE)
		return result == MX_SPF_PASS ? MATCH : NO_MATCH;
	say(run, "%s in the record of %s: no SPF record there (RFC 7208 5.2)",
	    directive->text, scope->domain);
	return stop(run, MX_SPF_PERMERROR);
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

/* ---- records (RFC 7208 4) ------------------------------------------------------------------- */

static bool
count_term(struct run *run, const struct scope *scope, const char *term)
{
	if (++run->terms <= MX_SPF_TERMS_MAX)
		return true;
	say(run,
	    "more than %d terms that need DNS, the last one %s in the record of %s "
	    "(RFC 7208 4.6.4)",
	    MX_SPF_TERMS_MAX, term, scope->domain);
	stop(run, MX_SPF_PERMERROR);
	return false;
}

static enum match
match_directive(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	if (mechanisms[directive->mechanism].looks_up &&
	    !count_term(run, scope, directive->text))
		return STOPPED;
	return mechanisms[directive->mechanism].match(run, scope, directive);
}

/* An include that matched has said already what matched in there. */
static void
say_matched(
    struct run *run, const struct scope *scope, const struct mx_spf_directive *directive)
{
	char *inner;

	if (directive->mechanism != MX_SPF_INCLUDE) {
		say(run, "matched %s in the record of %s", directive->text,
		    scope->domain);
		return;
	}
	inner = run->why;
	run->why = NULL;
	say(run, "%s, by %s in the record of %s", inner, directive->text, scope->domain);
	free(inner);
}

static void
keep_explanation(
    struct run *run, const struct scope *scope, const struct mx_spf_record *record)
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
redirect(struct run *run, const struct scope *scope, const char *spec)
{
	char name[MX_SPF_TARGET_MAX], *term = mx_asprintf("redirect=%s", spec);
	enum mx_spf_result result = MX_SPF_NONE;

	if (count_term(run, scope, term) && find_target(run, scope, spec, name))
		result = check_domain(run, name, scope->included);
	if (!run->stopped && result == MX_SPF_NONE) {
		say(run, "%s in the record of %s: no SPF record there (RFC 7208 6.1)",
		    term, scope->domain);
		result = MX_SPF_PERMERROR;
		stop(run, result);
	}
	free(term);
	return result;
}

static enum mx_spf_result
evaluate(struct run *run, const struct scope *scope, const struct mx_spf_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct mx_spf_directive *directive = &record->directives[i];
		enum match match = match_directive(run, scope, directive);

		if (match == STOPPED)
			return run->error;
		if (match == NO_MATCH)
			continue;
		say_matched(run, scope, directive);
		return directive->qualifier;
	}
	if (record->redirect != NULL)
		return redirect(run, scope, record->redirect);
	say(run, "nothing in the record of %s matches", scope->domain);
	return MX_SPF_NEUTRAL;
}

/* RFC 7208 4.5. NULL: none, or more than one and stopped. */
static const struct mx_dns_record *
select_record(struct run *run, const char *domain, const struct mx_dns_answer *answer)
{
	const struct mx_dns_record *found = NULL;

	for (size_t i = 0; i < answer->count; i++) {
		const struct mx_dns_record *record = &answer->records[i];

		if (!mx_spf_record_is(record->data, record->len))
			continue;
		if (found != NULL) {
			say(run, "%s has more than one SPF record (RFC 7208 4.5)",
			    domain);
			stop(run, MX_SPF_PERMERROR);
			return NULL;
		}
		found = record;
	}
	if (found == NULL)
		say(run, "%s has no SPF record", domain);
	return found;
}

/* RFC 7208 4.4. NULL: none, or stopped. */
static const struct mx_dns_record *
find_record(struct run *run, const char *domain)
{
	char name[MX_SPF_NAME_MAX];
	const struct mx_dns_answer *answer =
	    recall(run, mx_spf_target_name(domain, name), MX_DNS_TXT);

	if (answer == NULL)
		return NULL;
	if (answer->status == MX_DNS_OK)
		return select_record(run, domain, answer);
	if (is_void(answer)) {
		say(run, "%s has no SPF record: %s", domain,
		    mx_dns_status_text(answer->status));
		return NULL;
	}
	say(run, "TXT of %s: %s", domain, mx_dns_status_text(answer->status));
	stop(run, MX_SPF_TEMPERROR);
	return NULL;
}

static enum mx_spf_result
read_and_evaluate(
    struct run *run, const struct scope *scope, const struct mx_dns_record *text)
{
	struct mx_spf_record record;
	enum mx_spf_result result;
	char *fault;

	if (!mx_spf_record_parse(text->data, text->len, &record, &fault)) {
		say(run, "syntax error in the record of %s: %s", scope->domain, fault);
		free(fault);
		stop(run, MX_SPF_PERMERROR);
		return MX_SPF_PERMERROR;
	}
	keep_explanation(run, scope, &record);
	result = evaluate(run, scope, &record);
	mx_spf_record_clear(&record);
	return result;
}

/* check_host(). Its result counts only when the run has not stopped. */
static enum mx_spf_result
check_domain(struct run *run, const char *domain, bool included)
{
	struct scope scope = { .domain = domain, .included = included };
	const struct mx_dns_record *text;

	if (strchr(domain, '.') == NULL) {
		say(run, "%s is no domain of its own (RFC 7208 4.3)", domain);
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
expand_explanation(struct run *run, const char *text, size_t len)
{
	struct mx_buf out;
	char *explanation = NULL;

	if (mx_spf_macro_fault(text, len, MX_SPF_MACRO_EXPLANATION) != NULL)
		return NULL;
	mx_buf_init(&out, EXPANDED_MAX);
	if (expand(run, run->exp_domain, text, len, &out) && out.len > 0 &&
	    is_ascii(out.data, out.len))
		explanation = mx_buf_take(&out);
	mx_buf_clear(&out);
	return explanation;
}

/* Whatever is wrong with it, there is just no explanation. NULL also while it is needed. */
static char *
explain(struct run *run)
{
	struct scope scope = { .domain = run->exp_domain };
	const struct mx_dns_answer *answer;
	char name[MX_SPF_NAME_MAX];

	run->explaining = true;
	if (run->exp == NULL || !find_name(run, &scope, run->exp, name))
		return NULL;
	answer = recall(run, name, MX_DNS_TXT);
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
check_query(struct run *run)
{
	const char *domain = run->query->domain;
	char name[MX_SPF_TARGET_MAX];
	enum mx_spf_result result;

	if (*domain == '[' || !mx_spf_target(domain, strlen(domain), name)) {
		say(run,
		    *domain == '\0' ? "there is no domain to ask about%s"
				    : "%s is no domain name (RFC 7208 4.3)",
		    domain);
		return MX_SPF_NONE;
	}
	result = check_domain(run, name, false);
	return run->stopped ? run->error : result;
}

bool
mx_spf_eval(const struct mx_spf_query *query, const struct mx_spf_memo *memo,
    struct mx_spf_answer *answer, struct mx_spf_needs *needs)
{
	struct run run = { .query = query, .memo = memo, .needs = needs };

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
