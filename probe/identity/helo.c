/* helo.c - a borrowed name gets the address listed by those who look for them, so none is
 * let out by mistake. */
#include "probe/identity/helo.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

/* Mailbox providers, with everything under their names. Access providers are missing on purpose:
 * their customers' PTR records stand under the provider's name, and rightly so. */
static const char *const provider_names[] = {
	/* clang-format off */
	"gmail.com", "google.com", "googlemail.com",
	"outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "live.com", "live.jp",
	"msn.com", "microsoft.com", "office.com", "office365.com",
	"yahoo.com", "yahoo.co.jp", "ymail.com", "aol.com",
	"icloud.com", "me.com", "mac.com", "apple.com",
	"docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "softbank.jp", "ymobile.ne.jp",
	"gmx.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "yandex.com",
	"qq.com", "163.com", "126.com", "naver.com", "hanmail.net",
	"proton.me", "protonmail.com", "fastmail.com", "zoho.com", "mail.com",
	/* clang-format on */
};

/* What every host calls itself, so that it names none. */
static const char *const everybodys_names[] = {
	"localhost",
	"localdomain",
};

static bool
is_under_one_of(const char *name, const char *const *domains, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (mx_name_under(name, domains[i]))
			return true;
	return false;
}

/* "[203.0.113.5]" or "[IPv6:2001:db8::1]". A zone (%eth0) means nothing to others. */
bool
mx_helo_literal(const char *text, struct mx_addr *out)
{
	static const char tag[] = "IPv6:";
	char inside[MX_ADDR_TEXT];
	const char *address = inside;
	size_t len = strlen(text);
	bool tagged;

	if (len < 3 || len >= sizeof inside || text[0] != '[' || text[len - 1] != ']' ||
	    strchr(text, '%') != NULL)
		return false;
	memcpy(inside, text + 1, len - 2);
	inside[len - 2] = '\0';
	tagged = strncasecmp(inside, tag, sizeof tag - 1) == 0;
	if (tagged)
		address += sizeof tag - 1;
	return mx_addr_parse(address, out) && tagged == (strchr(address, ':') != NULL);
}

bool
mx_helo_is_everybodys(const char *helo)
{
	return is_under_one_of(
	    helo, everybodys_names, sizeof everybodys_names / sizeof everybodys_names[0]);
}

bool
mx_helo_is_providers(const char *helo)
{
	return is_under_one_of(
	    helo, provider_names, sizeof provider_names / sizeof provider_names[0]);
}

/* Bytes that would end the argument, or the command, or be no text at all. */
static bool
has_forbidden_byte(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ' || (unsigned char)*text > 0x7e ||
		    *text == '<' || *text == '>')
			return true;
	return false;
}

/* What is wrong with it, or NULL. */
static const char *
fault_of(const char *helo)
{
	struct mx_addr addr;

	if (helo[0] == '\0')
		return "it is empty";
	if (has_forbidden_byte(helo))
		return "only printable ASCII without spaces, < and > may stand in it";
	if (strlen(helo) >= MX_HELO_MAX)
		return "it is too long";
	if (helo[0] == '[')
		return mx_helo_literal(helo, &addr)
			   ? NULL
			   : "an address literal is written "
			     "[203.0.113.5] or [IPv6:2001:db8::1]";
	if (mx_addr_parse(helo, &addr))
		return "an address stands in brackets: [203.0.113.5], [IPv6:2001:db8::1]";
	if (mx_helo_is_everybodys(helo))
		return "every host calls itself that; use the name that the PTR record "
		       "has";
	if (!mx_name_is_fqdn(helo))
		return "a full host name is needed, such as mail.example.jp";
	if (mx_helo_is_providers(helo))
		return "it is a provider's, and borrowing it gets the address listed";
	return NULL;
}

enum mx_err
mx_helo_check(const char *helo, struct mx_error *err)
{
	const char *fault = fault_of(helo);

	if (fault == NULL)
		return MX_OK;
	return mx_error_set(
	    err, MX_ERR_USAGE, "\"%.300s\" cannot be the HELO name: %s", helo, fault);
}

enum mx_err
mx_helo_check_borrowed(
    const char *helo, const char *destination, const char *mx_host, struct mx_error *err)
{
	const char *owner = NULL;

	if (mx_name_under(helo, destination))
		owner = destination;
	else if (mx_host != NULL && mx_name_under(helo, mx_host))
		owner = mx_host;
	if (owner == NULL)
		return MX_OK;
	return mx_error_set(err, MX_ERR_USAGE,
	    "HELO %s belongs to the destination (%s): greet with your own name", helo,
	    owner);
}

/* DNS says who source is; does wanted say the same? Where DNS says nothing, neither do we; and
 * nobody expects a PTR record of a loopback address. */
static char *
doubt_wanted(
    const char *wanted, const struct mx_fcrdns *fcrdns, const struct mx_addr *source)
{
	char text[MX_ADDR_TEXT];

	mx_addr_text(source, text);
	if (wanted[0] == '[')
		return mx_asprintf(
		    "HELO %s is an address literal, which many servers refuse", wanted);
	if (fcrdns == NULL)
		return NULL;
	if (fcrdns->result == MX_FCRDNS_NO_PTR && !mx_addr_is_loopback(source))
		return mx_asprintf(
		    "%s has no PTR record, so nothing confirms HELO %s", text, wanted);
	if (fcrdns->result == MX_FCRDNS_MISMATCH)
		return mx_asprintf("the PTR name of %s (%s) does not lead back to it, so "
				   "nothing confirms HELO %s",
		    text, fcrdns->name, wanted);
	if (fcrdns->result == MX_FCRDNS_PASS && fcrdns->name != NULL &&
	    !mx_name_equal(fcrdns->name, wanted))
		return mx_asprintf("HELO %s is not the name DNS confirms for %s: %s",
		    wanted, text, fcrdns->name);
	return NULL;
}

/* Why there is no better greeting than the address literal. */
static char *
explain_literal(const struct mx_fcrdns *fcrdns, const struct mx_addr *source)
{
	char text[MX_ADDR_TEXT], literal[MX_ADDR_TEXT];
	const char *reason = "DNS could not tell its name";

	if (fcrdns != NULL && fcrdns->result == MX_FCRDNS_NO_PTR)
		reason = "it has no PTR record";
	if (fcrdns != NULL && fcrdns->result == MX_FCRDNS_MISMATCH)
		reason = "its PTR name does not lead back to it";
	if (fcrdns != NULL && fcrdns->result == MX_FCRDNS_PASS && fcrdns->name != NULL)
		reason = "its PTR name cannot be a HELO";
	return mx_asprintf(
	    "%s greets with the address literal %s, because %s; many servers "
	    "refuse that, name a host with --helo",
	    mx_addr_text(source, text), mx_addr_literal(source, literal), reason);
}

void
mx_helo_choose(const char *wanted, const struct mx_fcrdns *fcrdns,
    const struct mx_addr *source, char out[MX_HELO_MAX], char **warning)
{
	char literal[MX_ADDR_TEXT];

	*warning = NULL;
	if (wanted != NULL) {
		snprintf(out, MX_HELO_MAX, "%s", wanted);
		*warning = doubt_wanted(wanted, fcrdns, source);
	} else if (fcrdns != NULL && fcrdns->result == MX_FCRDNS_PASS &&
		   fcrdns->name != NULL && mx_helo_check(fcrdns->name, NULL) == MX_OK) {
		snprintf(out, MX_HELO_MAX, "%s", fcrdns->name);
	} else {
		snprintf(out, MX_HELO_MAX, "%s", mx_addr_literal(source, literal));
		*warning = explain_literal(fcrdns, source);
	}
}
