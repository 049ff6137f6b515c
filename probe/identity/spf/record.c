/* record.c - the grammar of RFC 7208 12 as a table of mechanisms and what may follow each. */
#include "probe/identity/spf/record.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/identity/spf/macro.h"

#define RECORD_VERSION "v=spf1"

struct piece {
	const char *text;
	size_t len;
};

/* Each reads what follows the mechanism's name, and says what is wrong with it, or NULL. */
typedef const char *argument_reader(
    struct piece argument, struct mx_spf_directive *directive);
static argument_reader read_nothing, read_domain, read_optional_domain, read_host,
    read_ip4, read_ip6;

/* clang-format off */
static const struct {
	const char *name;
	argument_reader *read;
} mechanisms[MX_SPF_MECHANISM_COUNT] = {
	[MX_SPF_ALL]     = { "all",     read_nothing },
	[MX_SPF_INCLUDE] = { "include", read_domain },
	[MX_SPF_A]       = { "a",       read_host },
	[MX_SPF_MX]      = { "mx",      read_host },
	[MX_SPF_PTR]     = { "ptr",     read_optional_domain },
	[MX_SPF_IP4]     = { "ip4",     read_ip4 },
	[MX_SPF_IP6]     = { "ip6",     read_ip6 },
	[MX_SPF_EXISTS]  = { "exists",  read_domain },
};

static const struct {
	char letter;
	enum mx_spf_result result;
} qualifiers[] = {
	{ '+', MX_SPF_PASS }, { '-', MX_SPF_FAIL }, { '~', MX_SPF_SOFTFAIL },
	{ '?', MX_SPF_NEUTRAL },
};
/* clang-format on */

static bool
is_word(struct piece piece, const char *word)
{
	return piece.len == strlen(word) && strncasecmp(piece.text, word, piece.len) == 0;
}

static struct piece
behind(struct piece piece, size_t len)
{
	return (struct piece){ piece.text + len, piece.len - len };
}

/* ---- arguments ------------------------------------------------------------------------------ */

static const char *
read_nothing(struct piece argument, struct mx_spf_directive *directive)
{
	(void)directive;
	return argument.len > 0 ? "it takes no argument" : NULL;
}

static const char *
keep_domain(struct piece domain, char **kept)
{
	const char *fault =
	    mx_spf_macro_fault(domain.text, domain.len, MX_SPF_MACRO_DOMAIN);

	if (fault == NULL)
		*kept = mx_strndup(domain.text, domain.len);
	return fault;
}

static const char *
read_domain(struct piece argument, struct mx_spf_directive *directive)
{
	if (argument.len < 2 || argument.text[0] != ':')
		return "it needs a \":\" and a domain";
	return keep_domain(behind(argument, 1), &directive->domain);
}

static const char *
read_optional_domain(struct piece argument, struct mx_spf_directive *directive)
{
	return argument.len == 0 ? NULL : read_domain(argument, directive);
}

/* Takes a length such as "/24" off the end of the argument, where there is one with just so many
 * slashes. A leading zero is an error. */
static const char *
take_length(struct piece *argument, size_t slashes, unsigned most, unsigned *bits)
{
	size_t digits = 0, before;
	unsigned value = 0;
	const char *at;

	while (digits < argument->len &&
	       isdigit((unsigned char)argument->text[argument->len - digits - 1]))
		digits++;
	before = argument->len - digits;
	if (digits == 0 || before < slashes || argument->text[before - 1] != '/' ||
	    (slashes == 2 && argument->text[before - 2] != '/'))
		return NULL;
	at = argument->text + before;
	if (digits > 3 || (digits > 1 && *at == '0'))
		return "its prefix length is no number";
	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (unsigned)(at[i] - '0');
	if (value > most)
		return "its prefix length is too large";
	*bits = value;
	argument->len = before - slashes;
	return NULL;
}

/* a and mx: a domain, a length for IPv4, a length for IPv6, each of them optional. */
static const char *
read_host(struct piece argument, struct mx_spf_directive *directive)
{
	const char *fault = take_length(&argument, 2, 128, &directive->bits6);

	if (fault == NULL)
		fault = take_length(&argument, 1, 32, &directive->bits4);
	return fault != NULL ? fault : read_optional_domain(argument, directive);
}

static const char *
read_network(struct piece argument, int family, struct mx_addr *network)
{
	char text[INET6_ADDRSTRLEN];

	if (argument.len < 2 || argument.text[0] != ':')
		return "it needs a \":\" and an address";
	argument = behind(argument, 1);
	if (argument.len >= sizeof text ||
	    memchr(argument.text, '\0', argument.len) != NULL)
		return "that is no address";
	memcpy(text, argument.text, argument.len);
	text[argument.len] = '\0';
	network->family = (sa_family_t)family;
	return inet_pton(family, text, network->bytes) == 1 ? NULL : "that is no address";
}

static const char *
read_ip4(struct piece argument, struct mx_spf_directive *directive)
{
	const char *fault = take_length(&argument, 1, 32, &directive->bits4);

	return fault != NULL ? fault
			     : read_network(argument, AF_INET, &directive->network);
}

static const char *
read_ip6(struct piece argument, struct mx_spf_directive *directive)
{
	const char *fault = take_length(&argument, 1, 128, &directive->bits6);

	return fault != NULL ? fault
			     : read_network(argument, AF_INET6, &directive->network);
}

/* ---- terms ---------------------------------------------------------------------------------- */

static void
clear_directive(struct mx_spf_directive *directive)
{
	free(directive->text);
	free(directive->domain);
}

static size_t
read_qualifier(struct piece term, enum mx_spf_result *result)
{
	*result = MX_SPF_PASS;
	for (size_t i = 0; i < sizeof qualifiers / sizeof qualifiers[0]; i++) {
		if (term.len > 0 && term.text[0] == qualifiers[i].letter) {
			*result = qualifiers[i].result;
			return 1;
		}
	}
	return 0;
}

static const char *
read_mechanism(struct piece rest, struct mx_spf_directive *directive)
{
	struct piece name = rest;

	for (name.len = 0; name.len < rest.len && rest.text[name.len] != ':' &&
			   rest.text[name.len] != '/';)
		name.len++;
	for (int i = 0; i < MX_SPF_MECHANISM_COUNT; i++) {
		if (!is_word(name, mechanisms[i].name))
			continue;
		directive->mechanism = (enum mx_spf_mechanism)i;
		return mechanisms[i].read(behind(rest, name.len), directive);
	}
	return "there is no such mechanism";
}

static const char *
read_directive(struct piece term, struct mx_spf_record *record)
{
	struct mx_spf_directive directive = { .bits4 = 32, .bits6 = 128 };
	const char *fault = read_mechanism(
	    behind(term, read_qualifier(term, &directive.qualifier)), &directive);

	if (fault != NULL) {
		clear_directive(&directive);
		return fault;
	}
	directive.text = mx_strndup(term.text, term.len);
	record->directives =
	    mx_grow(record->directives, record->count, sizeof *record->directives);
	record->directives[record->count++] = directive;
	return NULL;
}

/* The length of a modifier's name, or 0 where the term is no modifier. */
static size_t
modifier_name(struct piece term)
{
	size_t len = 0;

	if (term.len == 0 || !isalpha((unsigned char)term.text[0]))
		return 0;
	while (len < term.len &&
	       (isalnum((unsigned char)term.text[len]) || term.text[len] == '-' ||
		   term.text[len] == '_' || term.text[len] == '.'))
		len++;
	return len < term.len && term.text[len] == '=' ? len : 0;
}

static const char *
read_modifier(struct piece term, size_t name_len, struct mx_spf_record *record)
{
	struct piece name = { term.text, name_len }, value = behind(term, name_len + 1);
	char **kept = is_word(name, "redirect") ? &record->redirect
		      : is_word(name, "exp")    ? &record->exp
						: NULL;

	if (kept == NULL)
		return mx_spf_macro_fault(value.text, value.len, MX_SPF_MACRO_MODIFIER);
	return *kept != NULL ? "it stands there twice" : keep_domain(value, kept);
}

static const char *
read_term(struct piece term, struct mx_spf_record *record)
{
	size_t name_len = modifier_name(term);

	return name_len > 0 ? read_modifier(term, name_len, record)
			    : read_directive(term, record);
}

/* ---- records -------------------------------------------------------------------------------- */

bool
mx_spf_record_is(const void *text, size_t len)
{
	const char *bytes = text;
	size_t version = strlen(RECORD_VERSION);

	return len >= version && strncasecmp(bytes, RECORD_VERSION, version) == 0 &&
	       (len == version || bytes[version] == ' ');
}

bool
mx_spf_record_parse(
    const void *text, size_t len, struct mx_spf_record *record, char **fault)
{
	struct piece rest =
	    behind((struct piece){ (const char *)text, len }, strlen(RECORD_VERSION));
	struct piece term;
	const char *wrong;

	*record = (struct mx_spf_record){ 0 };
	while (rest.len > 0) {
		const char *space = memchr(rest.text, ' ', rest.len);

		term = rest;
		if (space != NULL)
			term.len = (size_t)(space - rest.text);
		rest = behind(rest, space != NULL ? term.len + 1 : term.len);
		wrong = term.len > 0 ? read_term(term, record) : NULL;
		if (wrong == NULL)
			continue;
		*fault = mx_asprintf("\"%.*s\": %s",
		    (int)(term.len < 256 ? term.len : 256), term.text, wrong);
		mx_spf_record_clear(record);
		return false;
	}
	return true;
}

void
mx_spf_record_clear(struct mx_spf_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		clear_directive(&record->directives[i]);
	free(record->directives);
	free(record->redirect);
	free(record->exp);
	*record = (struct mx_spf_record){ 0 };
}
