/* helo_facts.c - one function a row. */
#include "probe/identity/helo_facts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/dns/host.h"
#include "probe/dns/name.h"
#include "probe/identity/helo.h"

#define FOUND_MAX 2048
#define LABEL_MAX 63

static void
add(struct mx_checks *checks, const char *check, enum mx_check_result result, char *found,
    char *advice)
{
	mx_checks_add(checks, result, mx_strdup(check), found, advice);
}

static bool
is_confirmed(const struct mx_fcrdns *fcrdns, const char *name)
{
	for (size_t i = 0; i < fcrdns->name_count; i++)
		if (fcrdns->names[i].forward == MX_FORWARD_BACK &&
		    mx_name_equal(fcrdns->names[i].name, name))
			return true;
	return false;
}

/* Nothing can be published for such a name. */
static bool
is_out_of_reach(const char *helo)
{
	return strchr(helo, '.') == NULL || mx_helo_is_everybodys(helo) ||
	       mx_helo_is_providers(helo);
}

/* "greet with mail.example.jp", where DNS confirms a name. */
static char *
advise_name(const struct mx_fcrdns *fcrdns)
{
	if (fcrdns->result == MX_FCRDNS_PASS)
		return mx_asprintf(
		    "greet with %s, which DNS confirms for this address", fcrdns->name);
	return mx_strdup("greet with the full name of your mail server, the one that its "
			 "PTR record gives");
}

/* ---- helo_syntax ---------------------------------------------------------------------------- */

/* A sub-domain of RFC 5321 4.1.2; what is wrong with it, or NULL. */
static const char *
find_label_fault(const char *label, size_t len)
{
	if (len == 0)
		return "it has an empty label (two dots, or one at an end)";
	if (len > LABEL_MAX)
		return "a label has more than 63 characters";
	if (label[0] == '-' || label[len - 1] == '-')
		return "a label begins or ends with a hyphen";
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)label[i]) && label[i] != '-')
			return label[i] == '_' ? "there is an underscore in it"
					       : "only letters, digits and hyphens may "
						 "stand between its dots";
	return NULL;
}

static const char *
find_syntax_fault(const char *helo)
{
	const char *fault = NULL;
	struct mx_addr addr;

	if (*helo == '\0')
		return "it is empty";
	if (*helo == '[')
		return mx_helo_literal(helo, &addr)
			   ? NULL
			   : "an address literal is written "
			     "[203.0.113.5] or [IPv6:2001:db8::1]";
	if (mx_addr_parse(helo, &addr))
		return "an address stands in brackets, [203.0.113.5] or "
		       "[IPv6:2001:db8::1]";
	if (strlen(helo) >= MX_NAME_MAX)
		return "it has more than 253 characters";
	for (;;) {
		size_t len = strcspn(helo, ".");

		fault = find_label_fault(helo, len);
		if (fault != NULL || helo[len] == '\0')
			return fault;
		helo += len + 1;
	}
}

static void
judge_syntax(const struct mx_helo_facts *facts, struct mx_checks *checks)
{
	const char *fault = find_syntax_fault(facts->helo);
	char *name;

	if (fault == NULL) {
		add(checks, "helo_syntax", MX_CHECK_PASS, mx_strdup(facts->helo), NULL);
		return;
	}
	name = advise_name(facts->fcrdns);
	add(checks, "helo_syntax", MX_CHECK_FAIL, mx_strdup(facts->helo),
	    mx_asprintf("no HELO by RFC 5321 4.1.1.1 (%s), and servers refuse it: %s",
		fault, name));
	free(name);
}

/* ---- helo_resolves -------------------------------------------------------------------------- */

bool
mx_helo_resolvable(const char *helo)
{
	char ascii[MX_NAME_MAX];
	struct mx_error ignored = { 0 };
	struct mx_addr addr;

	if (*helo == '[' || mx_addr_parse(helo, &addr))
		return false;
	for (const char *c = helo; *c != '\0'; c++)
		if ((unsigned char)*c > '~')
			return false;
	return mx_name_to_ascii(helo, ascii, &ignored) == MX_OK;
}

static char *
list_addresses(const struct mx_route_host *host)
{
	struct mx_buf text;
	char addr[MX_ADDR_TEXT];

	mx_buf_init(&text, FOUND_MAX);
	(void)mx_buf_addf(&text, "%s has", host->name);
	for (size_t i = 0; i < host->addr_count; i++)
		(void)mx_buf_addf(&text, "%s %s", i > 0 ? "," : "",
		    mx_addr_text(&host->addrs[i], addr));
	return mx_buf_take(&text);
}

static bool
has_address(const struct mx_route_host *host, const struct mx_addr *addr)
{
	for (size_t i = 0; i < host->addr_count; i++)
		if (mx_addr_equal(&host->addrs[i], addr))
			return true;
	return false;
}

static bool
says_no(enum mx_dns_status status)
{
	return status == MX_DNS_NXDOMAIN || status == MX_DNS_NODATA;
}

static void
judge_addresses(const struct mx_helo_facts *facts, const struct mx_route_host *host,
    struct mx_checks *checks)
{
	bool is_v4 = facts->source->family == AF_INET;
	enum mx_dns_status status = is_v4 ? host->status_a : host->status_aaaa;
	char text[MX_ADDR_TEXT];

	mx_addr_text(facts->source, text);
	if (has_address(host, facts->source))
		add(checks, "helo_resolves", MX_CHECK_PASS, list_addresses(host), NULL);
	else if (status != MX_DNS_OK && !says_no(status))
		add(checks, "helo_resolves", MX_CHECK_UNKNOWN,
		    mx_asprintf("%s %s: %s", host->name, is_v4 ? "A" : "AAAA",
			mx_dns_status_text(status)),
		    NULL);
	else if (host->addr_count > 0)
		add(checks, "helo_resolves", MX_CHECK_WARN, list_addresses(host),
		    is_out_of_reach(facts->helo)
			? advise_name(facts->fcrdns)
			: mx_asprintf("the name leads to another host: publish %s %s %s, "
				      "or greet with the name that leads here",
			      host->name, is_v4 ? "A" : "AAAA", text));
	else
		add(checks, "helo_resolves", MX_CHECK_FAIL,
		    mx_asprintf("%s: %s", host->name,
			mx_dns_status_text(mx_route_host_status(host))),
		    mx_asprintf(
			"publish %s %s %s", host->name, is_v4 ? "A" : "AAAA", text));
}

static void
judge_resolves(const struct mx_helo_facts *facts, struct mx_checks *checks)
{
	struct mx_addr literal;

	if (facts->route != NULL && facts->route->host_count > 0)
		judge_addresses(facts, &facts->route->hosts[0], checks);
	else if (!mx_helo_literal(facts->helo, &literal))
		add(checks, "helo_resolves", MX_CHECK_FAIL,
		    mx_strdup("no name that DNS could know"), advise_name(facts->fcrdns));
	else if (mx_addr_equal(&literal, facts->source))
		add(checks, "helo_resolves", MX_CHECK_PASS,
		    mx_strdup("an address literal, the source's own"), NULL);
	else
		add(checks, "helo_resolves", MX_CHECK_FAIL,
		    mx_strdup("an address literal of another address"),
		    advise_name(facts->fcrdns));
}

/* ---- helo_ptr ------------------------------------------------------------------------------- */

static void
judge_ptr(const struct mx_helo_facts *facts, struct mx_checks *checks)
{
	const struct mx_fcrdns *fcrdns = facts->fcrdns;
	struct mx_addr literal;

	if (mx_helo_literal(facts->helo, &literal)) {
		add(checks, "helo_ptr", MX_CHECK_WARN,
		    mx_asprintf("%s is an address literal", facts->helo),
		    mx_strdup("many servers refuse a greeting without a name: give the "
			      "address a PTR name that leads back, and greet with it"));
		return;
	}
	for (size_t i = 0; i < fcrdns->name_count; i++)
		if (mx_name_equal(fcrdns->names[i].name, facts->helo)) {
			add(checks, "helo_ptr", MX_CHECK_PASS,
			    mx_asprintf("the PTR name is %s", fcrdns->names[i].name),
			    NULL);
			return;
		}
	if (fcrdns->name_count > 0)
		add(checks, "helo_ptr", MX_CHECK_WARN,
		    mx_asprintf("the PTR name is %s", fcrdns->name), advise_name(fcrdns));
	else if (fcrdns->result == MX_FCRDNS_UNKNOWN)
		add(checks, "helo_ptr", MX_CHECK_UNKNOWN,
		    mx_strdup("the PTR record is not known"), NULL);
	else
		add(checks, "helo_ptr", MX_CHECK_WARN,
		    mx_strdup("there is no PTR name to compare with"),
		    mx_strdup("have the PTR record of the address give the HELO name"));
}

/* ---- helo_borrowed -------------------------------------------------------------------------- */

/* The provider whose name it is, or that it stands under. */
static const struct mx_provider *
find_provider(const struct mx_catalogue *catalogue, const char *name, bool *is_whole)
{
	const struct mx_provider *provider = NULL;

	*is_whole = true;
	while (catalogue != NULL && provider == NULL && *name != '\0') {
		provider = mx_catalogue_provider_by_domain(catalogue, name);
		if (provider != NULL)
			return provider;
		name += strcspn(name, ".");
		name += *name == '.';
		*is_whole = false;
	}
	return NULL;
}

static const char *
find_destination(const struct mx_helo_facts *facts)
{
	for (size_t i = 0; i < facts->destination_count; i++)
		if (mx_name_under(facts->helo, facts->destinations[i]))
			return facts->destinations[i];
	return NULL;
}

static void
add_borrowed(struct mx_checks *checks, enum mx_check_result result,
    const struct mx_helo_facts *facts, char *why)
{
	char *name = advise_name(facts->fcrdns);

	add(checks, "helo_borrowed", result, mx_asprintf("%s: %s", facts->helo, why),
	    mx_asprintf("a borrowed name gets the address listed: %s", name));
	free(name);
	free(why);
}

static void
judge_provider(const struct mx_helo_facts *facts, struct mx_checks *checks)
{
	bool is_whole;
	const struct mx_provider *provider =
	    find_provider(facts->catalogue, facts->helo, &is_whole);

	if (mx_helo_is_providers(facts->helo))
		add_borrowed(checks, MX_CHECK_FAIL, facts,
		    mx_strdup("the name of a large mailbox provider"));
	else if (provider != NULL)
		/* Under an access provider's name its customers' hosts stand rightly. */
		add_borrowed(checks, is_whole ? MX_CHECK_FAIL : MX_CHECK_WARN, facts,
		    mx_asprintf("%s of %s", is_whole ? "the name" : "under a name",
			provider->name));
	else if (facts->catalogue != NULL && (provider = mx_catalogue_provider_by_mx(
						  facts->catalogue, facts->helo)) != NULL)
		add_borrowed(checks, MX_CHECK_FAIL, facts,
		    mx_asprintf("a mail exchanger of %s", provider->name));
	else
		add(checks, "helo_borrowed", MX_CHECK_PASS, mx_strdup(facts->helo), NULL);
}

static void
judge_borrowed(const struct mx_helo_facts *facts, struct mx_checks *checks)
{
	const char *destination = find_destination(facts);
	struct mx_addr literal;

	/* A name that DNS confirms for this very address is nobody else's. */
	if (is_confirmed(facts->fcrdns, facts->helo) ||
	    mx_helo_literal(facts->helo, &literal))
		add(checks, "helo_borrowed", MX_CHECK_PASS, mx_strdup(facts->helo), NULL);
	else if (mx_helo_is_everybodys(facts->helo))
		add_borrowed(checks, MX_CHECK_FAIL, facts,
		    mx_strdup("every host calls itself that"));
	else if (strchr(facts->helo, '.') == NULL)
		add_borrowed(checks, MX_CHECK_FAIL, facts,
		    mx_strdup("a bare name, which any network may have"));
	else if (destination != NULL)
		add_borrowed(checks, MX_CHECK_FAIL, facts,
		    mx_asprintf("the name of the destination %s", destination));
	else
		judge_provider(facts, checks);
}

void
mx_helo_judge(const struct mx_helo_facts *facts, struct mx_checks *checks)
{
	judge_syntax(facts, checks);
	judge_resolves(facts, checks);
	judge_ptr(facts, checks);
	judge_borrowed(facts, checks);
}
