/* generic.c - receivers refuse by such names: the address written into the name, or a word for
 * how a customer is connected. */
#include "probe/identity/generic.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/org_domain.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FORM_MAX 48
#define OCTETS 4
#define NIBBLES 32
#define GROUPS 8
#define GROUPS_TELLING 4 /* half an IPv6 address: its interface identifier */

enum octet_style {
	OCTET_DECIMAL,
	OCTET_PADDED,
	OCTET_HEX,
	OCTET_STYLES
};

static const char *const separators[] = { "-", ".", "_", "x", "" };

/* Whole words between dots, hyphens and digits, left of the organisational domain. */
static const char *const words[] = {
	/* clang-format off */
	"adsl", "broadband", "cable", "catv", "client", "clients", "cpe", "cust", "customer",
	"customers", "dhcp", "dial", "dialup", "dip", "dsl", "dyn", "dynamic", "dynip", "fiber",
	"fibre", "ftth", "gprs", "hsd", "ip", "lte", "mobile", "nat", "pool", "pools", "ppp",
	"pppoe", "res", "residential", "rev", "reverse", "sdsl", "static", "staticip", "unassigned",
	"unknown", "unused", "user", "vdsl", "wifi", "wimax", "wireless", "xdsl",
	/* clang-format on */
};

/* Does form stand in name, not as the inside of a longer number? */
static bool
stands_in(const char *name, const char *form)
{
	size_t len = strlen(form);

	for (const char *hit = strstr(name, form); hit != NULL;
	     hit = strstr(hit + 1, form)) {
		bool cut_before = hit > name && isdigit((unsigned char)hit[-1]);
		bool cut_behind = isdigit((unsigned char)hit[len]);

		if (!cut_before && !cut_behind)
			return true;
	}
	return false;
}

static size_t
write_octet(char *out, size_t room, enum octet_style style, unsigned octet)
{
	int len = style == OCTET_DECIMAL  ? snprintf(out, room, "%u", octet)
		  : style == OCTET_PADDED ? snprintf(out, room, "%03u", octet)
					  : snprintf(out, room, "%02x", octet);

	return (size_t)len;
}

static void
write_octets(char out[FORM_MAX], enum octet_style style, const char *separator,
    const uint8_t *octets, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			len +=
			    (size_t)snprintf(out + len, FORM_MAX - len, "%s", separator);
		len += write_octet(out + len, FORM_MAX - len, style, octets[i]);
	}
}

/* Without marks between them, decimals of any width could be any number: "1113" is no address. */
static bool
is_telling(enum octet_style style, const char *separator, size_t count)
{
	if (*separator != '\0')
		return style != OCTET_HEX || count == OCTETS;
	return count == OCTETS && style != OCTET_DECIMAL;
}

/* Three octets in a row tell as much as four: ip-203-0-113.example.net. */
static bool
find_octets(const char *name, const uint8_t octets[OCTETS], char form[FORM_MAX])
{
	for (size_t count = OCTETS; count >= OCTETS - 1; count--)
		for (size_t first = 0; first + count <= OCTETS; first++)
			for (int style = 0; style < OCTET_STYLES; style++)
				for (size_t s = 0; s < COUNT(separators); s++) {
					if (!is_telling((enum octet_style)style,
						separators[s], count))
						continue;
					write_octets(form, (enum octet_style)style,
					    separators[s], octets + first, count);
					if (stands_in(name, form))
						return true;
				}
	return false;
}

static bool
find_v4(const char *name, const uint8_t octets[OCTETS], char form[FORM_MAX])
{
	uint8_t reversed[OCTETS];

	for (size_t i = 0; i < OCTETS; i++)
		reversed[i] = octets[OCTETS - 1 - i];
	return find_octets(name, octets, form) || find_octets(name, reversed, form);
}

/* All 32 nibbles, or their last half, whatever stands between them. */
static bool
find_nibbles(const char *name, const char *nibbles)
{
	char packed[256];
	size_t len = 0;

	for (; *name != '\0' && len < sizeof packed - 1; name++)
		if (*name != '.' && *name != '-' && *name != '_')
			packed[len++] = *name;
	packed[len] = '\0';
	return strstr(packed, nibbles) != NULL;
}

static bool
find_v6_nibbles(const char *name, const uint8_t bytes[16])
{
	static const char digits[] = "0123456789abcdef";
	char forward[NIBBLES + 1], backward[NIBBLES + 1];

	for (size_t i = 0; i < NIBBLES; i++) {
		char digit = digits[(bytes[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xf];

		forward[i] = digit;
		backward[NIBBLES - 1 - i] = digit;
	}
	forward[NIBBLES] = backward[NIBBLES] = '\0';
	if (find_nibbles(name, forward) || find_nibbles(name, backward))
		return true;
	/* the interface identifier alone, unless it is ::1 and the like */
	return strspn(forward + NIBBLES / 2, "0") < 8 &&
	       find_nibbles(name, forward + NIBBLES / 2);
}

/* "2001-db8--1", or the last four groups without leading zeroes: "1-2-3-4". */
static bool
find_v6_groups(const char *name, const struct mx_addr *addr, char form[FORM_MAX])
{
	char text[MX_ADDR_TEXT];
	size_t len = 0;

	mx_addr_text(addr, text);
	for (char *c = text; *c != '\0'; c++)
		if (*c == ':')
			*c = '-';
	snprintf(form, FORM_MAX, "%.*s", FORM_MAX - 1, text);
	if (stands_in(name, form))
		return true;
	for (size_t i = GROUPS - GROUPS_TELLING; i < GROUPS; i++) {
		unsigned group =
		    (unsigned)(addr->bytes[2 * i] << 8) | addr->bytes[2 * i + 1];

		len += (size_t)snprintf(
		    form + len, FORM_MAX - len, "%s%x", len > 0 ? "-" : "", group);
	}
	return stands_in(name, form);
}

static bool
is_word_byte(char c)
{
	return isalpha((unsigned char)c);
}

/* The words of what stands left of the organisational domain: "pool" in mail.pool.example is its owner's name,
 * and a provider may call itself dsl.example. */
static const char *
find_word(const char *name, const char *end)
{
	while (name < end) {
		size_t len = 0;

		while (name + len < end && is_word_byte(name[len]))
			len++;
		for (size_t i = 0; len > 0 && i < COUNT(words); i++)
			if (strlen(words[i]) == len && memcmp(words[i], name, len) == 0)
				return words[i];
		name += len > 0 ? len : 1;
	}
	return NULL;
}

char *
mx_generic_sign(const char *name, const struct mx_addr *addr)
{
	const char *org = mx_org_domain(name);
	const char *word = find_word(name, org != NULL ? org : name + strlen(name));
	char form[FORM_MAX];

	if (addr->family == AF_INET ? find_v4(name, addr->bytes, form)
				    : find_v6_groups(name, addr, form))
		return mx_asprintf("holds the address (%s)", form);
	if (addr->family == AF_INET6 && find_v6_nibbles(name, addr->bytes))
		return mx_strdup("holds the address in hexadecimal digits");
	if (word != NULL)
		return mx_asprintf("says \"%s\"", word);
	return NULL;
}
