/* about.c - a prober knows its own address, HELO, sender and recipient: when a reply
 * quotes one of them, that decides what the words leave open. */
#include "probe/verdict/about.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"

#define VALUE_MAX 255

/* ---- what kind of thing a quoted value is ---- */

bool
mx_about_is_ours(const struct mx_identity *identity, const struct mx_addr *addr)
{
	return mx_addr_equal(addr, &identity->source) ||
	       (identity->seen_as.family != AF_UNSPEC &&
		   mx_addr_equal(addr, &identity->seen_as));
}

static const char *
domain_of(const char *mailbox)
{
	const char *at = mailbox != NULL ? strrchr(mailbox, '@') : NULL;

	return at != NULL ? at + 1 : NULL;
}

static bool
same_name(const char *value, const char *name)
{
	return name != NULL && name[0] != '\0' && strcasecmp(value, name) == 0;
}

/* NULL: a stranger. HELO before sender: where both are one name, a host was refused. */
static const char *
owner_of(const struct mx_identity *identity, const char *value)
{
	if (same_name(value, identity->helo))
		return "helo";
	if (same_name(value, identity->mail_from) ||
	    same_name(value, domain_of(identity->mail_from)))
		return "sender_domain";
	if (same_name(value, identity->rcpt) ||
	    same_name(value, domain_of(identity->rcpt)))
		return "recipient";
	return NULL;
}

/* ---- values ---- */

static char *
copy_captured(const struct mx_normal *normal, const struct mx_span *captured)
{
	struct mx_span span = mx_wording_said(&normal->wording, captured);

	return mx_strndup(
	    normal->text + span.at, span.len < VALUE_MAX ? span.len : VALUE_MAX);
}

static char *
address_text(const struct mx_addr *addr)
{
	char text[MX_ADDR_TEXT];

	return mx_strdup(mx_addr_text(addr, text));
}

static bool
is_client_family(const char *family)
{
	return strcmp(family, "blocklist") == 0 || strcmp(family, "reputation") == 0 ||
	       strcmp(family, "rate") == 0 || strcmp(family, "policy") == 0;
}

/* The address the reply speaks of: ours if it is there; else, as no better is known, the first
 * that stands outside a web address, 127.x being a DNSBL's answer and no client. */
static const struct mx_quoted_address *
quoted_address(const struct mx_identity *identity, const struct mx_normal *normal)
{
	const struct mx_quoted_address *stranger = NULL;

	for (size_t i = 0; i < normal->address_count; i++) {
		const struct mx_quoted_address *quoted = &normal->addresses[i];

		if (mx_about_is_ours(identity, &quoted->addr))
			return quoted;
		if (stranger == NULL && !quoted->in_url &&
		    !mx_addr_is_loopback(&quoted->addr))
			stranger = quoted;
	}
	return stranger;
}

/* ---- deciding ---- */

/* The blocklist leaves differ in whom they are about, so knowing that settles the leaf. */
static const struct mx_category *
settle_leaf(
    const struct mx_rules *rules, const struct mx_category *category, const char *about)
{
	static const struct {
		const char *about, *leaf;
	} leaves[] = {
		{ "helo", "blocklist_helo" },
		{ "sender_domain", "blocklist_domain" },
		{ "recipient", "policy_other" },
	};

	if (strcmp(category->family, "blocklist") != 0 ||
	    strcmp(category->id, "blocklist_url") == 0 ||
	    strcmp(category->id, "blocklist_recipient") == 0)
		return category;
	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
		if (strcmp(about, leaves[i].about) == 0)
			return mx_catalogue_category(rules->catalogue, leaves[i].leaf);
	return category;
}

/* A rule captured the very thing that is listed. */
static void
decide_by_value(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_normal *normal, const struct mx_evidence *winner,
    struct mx_subject *out)
{
	const char *owner;
	struct mx_addr addr;

	out->listed_value = copy_captured(normal, &winner->captures[MX_CAPTURE_VALUE]);
	if (mx_addr_parse(out->listed_value, &addr)) {
		free(out->listed_value);
		out->listed_value = address_text(&addr);
		owner = mx_about_is_ours(identity, &addr) ? "sender_ip" : NULL;
	} else {
		owner = owner_of(identity, out->listed_value);
	}
	if (owner == NULL)
		return;
	out->about = owner;
	out->category = settle_leaf(rules, out->category, owner);
}

/* No capture: an address somewhere in the words. It names the client only where the
 * refusal is of a kind that clients are refused for. */
static void
decide_by_address(const struct mx_identity *identity, const struct mx_normal *normal,
    struct mx_subject *out)
{
	const struct mx_quoted_address *quoted = quoted_address(identity, normal);
	bool about_client = strcmp(out->category->about, "sender_ip") == 0;

	if (quoted == NULL)
		return;
	if (about_client || strcmp(out->category->family, "blocklist") == 0)
		out->listed_value = address_text(&quoted->addr);
	if (mx_about_is_ours(identity, &quoted->addr) &&
	    is_client_family(out->category->family) &&
	    (out->about == NULL || about_client)) {
		out->about = "sender_ip";
		if (out->listed_value == NULL)
			out->listed_value = address_text(&quoted->addr);
	}
}

void
mx_about_decide(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_normal *normal, const struct mx_evidence *winner,
    struct mx_subject *out)
{
	const char *said = NULL;

	*out = (struct mx_subject){ .category = winner != NULL
						    ? winner->category
						    : mx_catalogue_category(
							  rules->catalogue, "unknown") };
	if (winner != NULL && winner->rule != NULL)
		said = winner->rule->row->about;
	out->about = said != NULL ? said : out->category->about;
	if (strcmp(out->about, "unknown") == 0)
		out->about = NULL;
	if (winner != NULL && winner->captures[MX_CAPTURE_VALUE].len > 0)
		decide_by_value(rules, identity, normal, winner, out);
	else
		decide_by_address(identity, normal, out);
}
