/* headers.c - fields from the top down; each is bounded, quoted strings and comments are stepped over. */
#include "probe/deliver/headers.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/deliver/fields.h"

/* ---- addresses in text ---- */

/* Fits inside brackets, behind "client-ip=" and in sentences: what could be an address, if it is one. */
static bool
addr_at(const char *text, struct mx_addr *out)
{
	char copy[MX_ADDR_TEXT];
	size_t len = strspn(text, "0123456789abcdefABCDEF.:");

	if (len == 0 || len >= sizeof copy)
		return false;
	while (len > 0 && (text[len - 1] == '.' || text[len - 1] == ':'))
		len--;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return mx_addr_parse(copy, out);
}

/* The first word of text that is an address. */
static bool
first_addr(const char *text, struct mx_addr *out)
{
	for (const char *c = text; *c != '\0'; c++) {
		bool begins = c == text || strchr(" ([=", c[-1]) != NULL;

		if (begins && strpbrk(c, ".:") != NULL && addr_at(c, out) &&
		    strcspn(c, ".:") < strcspn(c, " )];"))
			return true;
	}
	return false;
}

/* 10/8, 172.16/12, 192.168/16, fc00::/7, fe80::/10, loopback: inside of somebody's house. */
static bool
is_private(const struct mx_addr *addr)
{
	const uint8_t *b = addr->bytes;

	if (mx_addr_is_loopback(addr))
		return true;
	if (addr->family == AF_INET6)
		return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
	return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
	       (b[0] == 192 && b[1] == 168);
}

/* ---- Authentication-Results ---- */

/* Comments out, quoted strings kept; in place. Comments nest (RFC 5322 3.2.2). */
static void
strip_comments(char *text)
{
	char *to = text;
	unsigned depth = 0;
	bool in_quotes = false;

	for (const char *c = text; *c != '\0'; c++) {
		bool is_pair = *c == '\\' && c[1] != '\0';

		if (!in_quotes && *c == '(')
			depth++;
		if (depth == 0) {
			in_quotes = *c == '"' ? !in_quotes : in_quotes;
			*to++ = *c;
			if (is_pair && in_quotes)
				*to++ = *++c;
		} else if (is_pair) {
			c++;
		} else if (*c == ')') {
			depth--;
		}
	}
	*to = '\0';
}

/* Cuts text at the next ';' outside of quotes; returns what stands behind it, or NULL. */
static char *
cut_part(char *text)
{
	bool in_quotes = false;

	for (; *text != '\0'; text++) {
		if (in_quotes && *text == '\\' && text[1] != '\0')
			text++;
		else if (*text == '"')
			in_quotes = !in_quotes;
		else if (*text == ';' && !in_quotes) {
			*text = '\0';
			return text + 1;
		}
	}
	return NULL;
}

/* "dkim=pass", "dkim/1 = pass": the word behind, in lower case; false: another method. */
static bool
read_result(const char *part, const char *method, char out[MX_AUTH_WORD])
{
	size_t len = strlen(method), to = 0;

	part += strspn(part, " ");
	if (strncasecmp(part, method, len) != 0)
		return false;
	part += len;
	if (*part == '/')
		part += 1 + strspn(part + 1, "0123456789");
	part += strspn(part, " ");
	if (*part != '=')
		return false;
	part++;
	part += strspn(part, " ");
	for (; isalpha((unsigned char)*part) && to < MX_AUTH_WORD - 1; part++)
		out[to++] = (char)tolower((unsigned char)*part);
	out[to] = '\0';
	return to > 0;
}

static void
take_result(const char *part, const char *method, char into[MX_AUTH_WORD])
{
	char word[MX_AUTH_WORD];

	/* A message may be signed twice; the signature that holds is the one that counts. */
	if (read_result(part, method, word) &&
	    (*into == '\0' || strcmp(word, "pass") == 0))
		memcpy(into, word, sizeof word);
}

/* Some (Outlook) leave the authserv-id out: then the first part is a result already. */
static bool
take_server(const char *part, char out[256])
{
	size_t len;

	out[0] = '\0';
	part += strspn(part, " ");
	len = strcspn(part, " ");
	if (memchr(part, '=', len) != NULL || len >= 256)
		return false;
	memcpy(out, part, len);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)out[i] <= ' ' || (unsigned char)out[i] >= 0x7f)
			out[i] = '?';
	out[len] = '\0';
	return true;
}

static void
take_part(const char *part, struct mx_auth_results *out)
{
	take_result(part, "spf", out->spf);
	take_result(part, "dkim", out->dkim);
	take_result(part, "dmarc", out->dmarc);
}

static void
take_parts(char *rest, struct mx_auth_results *out)
{
	while (rest != NULL) {
		char *next = cut_part(rest);

		take_part(rest, out);
		rest = next;
	}
}

/* "spf=pass (sender IP is 192.0.2.1)": in a comment, by whoever tells it at all. */
static void
find_client(const char *body, struct mx_auth_results *out)
{
	const char *spf = strcasestr(body, "spf=");
	char *part;

	if (spf == NULL)
		return;
	part = mx_strndup(spf, strcspn(spf, ";"));
	(void)first_addr(part, &out->client);
	free(part);
}

/* The first field decides whose word counts; out->server is empty until then. */
static bool
is_trusted(const char *server, const char *wanted, const char *relay)
{
	if (wanted != NULL)
		return strcasecmp(server, wanted) == 0;
	return relay == NULL || strcasecmp(server, relay) != 0;
}

/* True when this field was taken. */
static bool
read_field(const char *body, bool is_first, const char *wanted, const char *relay,
    struct mx_auth_results *out)
{
	char *text = mx_strdup(body), *rest, server[sizeof out->server];
	bool has_server, fits;

	strip_comments(text);
	rest = cut_part(text);
	has_server = take_server(text, server);
	fits = is_first ? is_trusted(server, wanted, relay)
			: strcasecmp(server, out->server) == 0;
	if (fits) {
		memcpy(out->server, server, sizeof server);
		if (!has_server)
			take_part(text, out);
		take_parts(rest, out);
		find_client(body, out);
	}
	free(text);
	return fits;
}

void
mx_auth_results_read(const char *header, size_t len, const char *wanted,
    const char *relay, struct mx_auth_results *out)
{
	struct mx_fields fields;
	bool found = false;

	*out = (struct mx_auth_results){ 0 };
	mx_fields_open(&fields, header, len);
	while (mx_fields_next(&fields)) {
		/* A hop writes its fields above its Received, one for each checker it has. */
		if (found && strcasecmp(fields.field.name, "Received") == 0)
			break;
		if (strcasecmp(fields.field.name, "Authentication-Results") == 0 &&
		    read_field(fields.field.body, !found, wanted, relay, out))
			found = true;
	}
	mx_fields_close(&fields);
}

/* ---- Received ---- */

/* Of "from NAME (rdns [ADDRESS]) by HOST ...": the address in the last brackets before "by". */
static bool
client_of(const char *body, struct mx_addr *out)
{
	const char *by = strcasestr(body, " by "), *from = strcasestr(body, "from ");
	bool found = false;

	if (from == NULL || (by != NULL && by < from))
		return false;
	for (const char *c = from; *c != '\0' && (by == NULL || c < by); c++) {
		struct mx_addr addr;
		const char *text = c + 1;

		if (*c != '[' && *c != '(')
			continue;
		if (strncasecmp(text, "IPv6:", 5) == 0)
			text += 5;
		if (addr_at(text, &addr)) {
			*out = addr;
			found = true;
		}
	}
	return found;
}

static bool
client_ip(const char *body, struct mx_addr *out)
{
	const char *at = strcasestr(body, "client-ip=");

	return at != NULL && addr_at(at + 10 + (at[10] == '"'), out);
}

struct mx_addr
mx_received_from(const char *header, size_t len)
{
	struct mx_addr top = { 0 }, lowest = { 0 }, pending = { 0 }, addr;
	struct mx_fields fields;
	bool is_told = false;

	mx_fields_open(&fields, header, len);
	while (!is_told && mx_fields_next(&fields)) {
		if (strcasecmp(fields.field.name, "Received-SPF") == 0) {
			is_told = client_ip(fields.field.body, &addr);
		} else if (strcasecmp(fields.field.name, "Received") == 0 &&
			   client_of(fields.field.body, &addr)) {
			/* One row late: the last is our own submission. */
			if (pending.family != AF_UNSPEC && !is_private(&pending))
				lowest = pending;
			pending = addr;
			if (top.family == AF_UNSPEC)
				top = addr;
		}
	}
	mx_fields_close(&fields);
	if (is_told)
		return addr;
	return lowest.family != AF_UNSPEC ? lowest : top;
}
