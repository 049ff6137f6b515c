/* name.c - what a user types is judged once, here, so that no later stage meets a name that
 * DNS could not carry. */
#include "probe/dns/name.h"

#include <ctype.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LABEL_MAX 63

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text > 0x7e)
			return false;
	return true;
}

/* Underscores belong to service labels (_dmarc, _25._tcp) and, against the rules, to some host
 * names in use. */
static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* What is wrong with an ASCII name, or NULL. One trailing dot is no fault. */
static const char *
fault_of(const char *name)
{
	size_t label = 0, len = strlen(name);

	if (len > 0 && name[len - 1] == '.')
		len--;
	if (len == 0)
		return "it is empty";
	if (len >= MX_NAME_MAX)
		return "it is longer than 253 characters";
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '.' && label == 0)
			return "it has an empty label";
		if (name[i] != '.' && !is_name_byte(name[i]))
			return "only letters, digits, hyphens and dots may stand in it";
		label = name[i] == '.' ? 0 : label + 1;
		if (label > LABEL_MAX)
			return "a label is longer than 63 characters";
	}
	return label == 0 ? "it has an empty label" : NULL;
}

static void
copy_lower(char *out, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		out[i] = (char)tolower((unsigned char)name[i]);
	if (i > 0 && out[i - 1] == '.')
		i--;
	out[i] = '\0';
}

static enum mx_err
refuse(struct mx_error *err, const char *text, const char *fault)
{
	return mx_error_set(
	    err, MX_ERR_USAGE, "\"%.300s\" is no domain name: %s", text, fault);
}

/* ASCII names bypass libidn2: it would refuse labels such as "ab--cd", which exist. Its
 * STD3 flag must stay off: it turns "_dmarc.x" into "dmarc.x" without a word. */
enum mx_err
mx_name_to_ascii(const char *text, char out[MX_NAME_MAX], struct mx_error *err)
{
	char *converted = NULL;
	const char *fault;
	int rc;

	out[0] = '\0';
	if (!is_ascii(text)) {
		rc = idn2_to_ascii_8z(
		    text, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
		if (rc != IDN2_OK)
			return refuse(err, text, idn2_strerror(rc));
	}
	fault = fault_of(converted != NULL ? converted : text);
	if (fault == NULL)
		copy_lower(out, converted != NULL ? converted : text);
	idn2_free(converted);
	return fault == NULL ? MX_OK : refuse(err, text, fault);
}

/* One label of a host name: length of it, or 0 when it is no such thing. */
static size_t
host_label(const char *label, bool *all_digits)
{
	size_t len = 0;

	*all_digits = true;
	while (label[len] != '\0' && label[len] != '.') {
		if (label[len] == '_' || !is_name_byte(label[len]))
			return 0;
		*all_digits = *all_digits && isdigit((unsigned char)label[len]);
		len++;
	}
	if (len == 0 || len > LABEL_MAX || label[0] == '-' || label[len - 1] == '-')
		return 0;
	return len;
}

bool
mx_name_is_fqdn(const char *name)
{
	size_t labels = 0, len;
	bool all_digits = false;

	if (strlen(name) >= MX_NAME_MAX)
		return false;
	do {
		len = host_label(name, &all_digits);
		if (len == 0)
			return false;
		labels++;
		name += len;
	} while (*name++ == '.');
	/* No top-level domain is a number: "203.0.113.5" is an address. */
	return labels >= 2 && !all_digits;
}

size_t
mx_name_length(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[len - 1] == '.' ? len - 1 : len;
}

bool
mx_name_equal(const char *a, const char *b)
{
	size_t len = mx_name_length(a);

	return len == mx_name_length(b) && strncasecmp(a, b, len) == 0;
}

bool
mx_name_under(const char *name, const char *domain)
{
	size_t name_len = mx_name_length(name);
	size_t domain_len = mx_name_length(domain);
	const char *tail;

	if (domain_len == 0 || name_len < domain_len)
		return false;
	tail = name + name_len - domain_len;
	if (strncasecmp(tail, domain, domain_len) != 0)
		return false;
	return tail == name || tail[-1] == '.';
}
