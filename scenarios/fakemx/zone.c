/* zone.c - presentation form to wire form, and the look-up. */
#include "scenarios/fakemx/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"

#define NAME_MAX_LEN 253
#define LABEL_MAX 63

/* Lower case, without the trailing dot. Caller frees. */
static char *
canonical(const char *name)
{
	size_t len = strlen(name);
	char *out = mx_strndup(name, len > 0 && name[len - 1] == '.' ? len - 1 : len);

	for (char *c = out; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return out;
}

static bool
is_name(const char *name)
{
	size_t len = strlen(name), label = 0;
	const char *end;

	if (len > 1 && name[len - 1] == '.')
		len--;
	if (len == 0 || len > NAME_MAX_LEN)
		return false;
	for (end = name + len; name < end; name++) {
		if (*name == '.' && label == 0)
			return false;
		label = *name == '.' ? 0 : label + 1;
		if (label > LABEL_MAX || (unsigned char)*name <= ' ')
			return false;
	}
	return label > 0;
}

/* Labels with their lengths, the root at the end. "." and "" are the root. */
static void
add_wire_name(struct mx_buf *out, const char *name)
{
	char *clean = canonical(name);
	const char *label = clean;

	while (*label != '\0') {
		size_t len = strcspn(label, ".");
		unsigned char count = (unsigned char)len;

		mx_buf_add(out, &count, 1);
		mx_buf_add(out, label, len);
		label += len + (label[len] == '.');
	}
	mx_buf_add(out, "", 1);
	free(clean);
}

static bool
encode_address(const struct mx_zone_record *record, struct mx_buf *out)
{
	bool is_v6 = record->type == MX_ZONE_AAAA;
	struct mx_addr addr;

	return mx_addr_parse(record->data, &addr) &&
	       addr.family == (is_v6 ? AF_INET6 : AF_INET) &&
	       mx_buf_add(out, addr.bytes, is_v6 ? 16 : 4);
}

/* "10 mx1.example.test", "0 ." for the null MX. */
static bool
encode_mx(const struct mx_zone_record *record, struct mx_buf *out)
{
	char *host;
	unsigned long preference = strtoul(record->data, &host, 10);

	if (host == record->data || *host != ' ' || preference > UINT16_MAX)
		return false;
	host += strspn(host, " ");
	if (strcmp(host, ".") != 0 && !is_name(host))
		return false;
	mx_buf_add(out, (unsigned char[]){ (unsigned char)(preference >> 8) }, 1);
	mx_buf_add(out, (unsigned char[]){ (unsigned char)preference }, 1);
	add_wire_name(out, host);
	return true;
}

/* One string of the file becomes as many character-strings of 255 bytes as it needs. */
static bool
encode_txt(const struct mx_zone_record *record, struct mx_buf *out)
{
	const char *text = record->data;
	size_t left = strlen(text);

	do {
		unsigned char chunk = (unsigned char)(left > 255 ? 255 : left);

		if (!mx_buf_add(out, &chunk, 1) || !mx_buf_add(out, text, chunk))
			return false;
		text += chunk;
		left -= chunk;
	} while (left > 0);
	return true;
}

/* A decimal number up to 255 and the blanks behind it. */
static bool
encode_octet(const char **text, struct mx_buf *out)
{
	char *end;
	unsigned long value = strtoul(*text, &end, 10);
	unsigned char octet = (unsigned char)value;

	if (end == *text || value > 255 || *end != ' ')
		return false;
	*text = end + strspn(end, " ");
	return mx_buf_add(out, &octet, 1);
}

/* "3 1 1 HEX", RFC 6698 2.2. */
static bool
encode_tlsa(const struct mx_zone_record *record, struct mx_buf *out)
{
	const char *hex = record->data;

	for (int field = 0; field < 3; field++)
		if (!encode_octet(&hex, out))
			return false;

	const char *first = hex;

	for (; isxdigit((unsigned char)hex[0]) && isxdigit((unsigned char)hex[1]);
	     hex += 2) {
		char pair[] = { hex[0], hex[1], '\0' };
		unsigned char byte = (unsigned char)strtoul(pair, NULL, 16);

		if (!mx_buf_add(out, &byte, 1))
			return false;
	}
	return *hex == '\0' && hex > first;
}

/* clang-format off */
static const struct encoding {
	enum mx_zone_type type;
	const char *form; /* what data should look like */
	bool (*encode)(const struct mx_zone_record *record, struct mx_buf *out);
} encodings[] = {
	{ MX_ZONE_A,     "an IPv4 address",                 encode_address },
	{ MX_ZONE_AAAA,  "an IPv6 address",                 encode_address },
	{ MX_ZONE_MX,    "PREFERENCE HOST (or \"0 .\")",    encode_mx },
	{ MX_ZONE_TXT,   "text that fits in one answer",    encode_txt },
	{ MX_ZONE_TLSA,  "USAGE SELECTOR MATCHING HEX",     encode_tlsa },
	{ MX_ZONE_CNAME, "a domain name",                   NULL },
	{ MX_ZONE_PTR,   "a domain name",                   NULL },
	{ MX_ZONE_NS,    "a domain name",                   NULL },
};
/* clang-format on */

static const struct encoding *
encoding_of(enum mx_zone_type type)
{
	for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++)
		if (encodings[i].type == type)
			return &encodings[i];
	return NULL;
}

static enum mx_err
encode(const struct mx_zone_record *record, struct mx_zone_entry *entry,
    struct mx_error *err)
{
	const struct encoding *how = encoding_of(record->type);
	struct mx_buf buf;
	bool ok;

	if (how == NULL)
		return mx_error_set(
		    err, MX_ERR_CONFIG, "a record with data needs a type");
	if (record->data == NULL)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "data is missing: %s, or answer: nodata, nxdomain, servfail, refused "
		    "or drop",
		    how->form);
	mx_buf_init(&buf, MX_ZONE_RDATA_MAX);
	if (how->encode == NULL) {
		ok = is_name(record->data);
		entry->target = ok ? canonical(record->data) : NULL;
	} else {
		ok = how->encode(record, &buf);
	}
	entry->len = buf.len;
	entry->data = (uint8_t *)mx_buf_take(&buf);
	return ok ? MX_OK
		  : mx_error_set(
			err, MX_ERR_CONFIG, "\"%s\" is not %s", record->data, how->form);
}

/* The owner of a PTR record may be written as the address itself. */
static char *
owner_name(const struct mx_zone_record *record)
{
	char reverse[MX_ADDR_TEXT];
	struct mx_addr addr;

	if (record->type == MX_ZONE_PTR && mx_addr_parse(record->name, &addr))
		return mx_strdup(mx_addr_reverse_name(&addr, reverse));
	return canonical(record->name);
}

static void
clear_entry(struct mx_zone_entry *entry)
{
	free(entry->name);
	free(entry->target);
	free(entry->data);
}

enum mx_err
mx_zone_add(
    struct mx_zone *zone, const struct mx_zone_record *record, struct mx_error *err)
{
	struct mx_zone_entry entry = { .type = record->type, .outcome = record->answer };
	enum mx_err result = MX_OK;

	entry.name = owner_name(record);
	if (!is_name(entry.name))
		result = mx_error_set(
		    err, MX_ERR_CONFIG, "\"%s\" is not a domain name", record->name);
	else if (record->answer == MX_ZONE_DATA)
		result = encode(record, &entry, err);
	else if (record->data != NULL)
		result = mx_error_set(err, MX_ERR_CONFIG,
		    "data can't stand beside an answer other than \"data\"");
	if (result != MX_OK) {
		clear_entry(&entry);
		return result;
	}
	zone->entries = mx_grow(zone->entries, zone->count, sizeof *zone->entries);
	zone->entries[zone->count++] = entry;
	return MX_OK;
}

void
mx_zone_clear(struct mx_zone *zone)
{
	for (size_t i = 0; i < zone->count; i++)
		clear_entry(&zone->entries[i]);
	free(zone->entries);
	*zone = (struct mx_zone){ 0 };
}

/* name is owner or, for an empty non-terminal, lies above it. Both canonical. */
static bool
is_at_or_above(const char *name, const char *owner)
{
	size_t len = strlen(name), owner_len = strlen(owner);

	if (len == 0)
		return true;
	return owner_len >= len && strcmp(owner + owner_len - len, name) == 0 &&
	       (owner_len == len || owner[owner_len - len - 1] == '.');
}

enum mx_zone_outcome
mx_zone_ask(const struct mx_zone *zone, const char *name, enum mx_zone_type type)
{
	enum mx_zone_outcome outcome = MX_ZONE_NXDOMAIN;
	char *wanted = canonical(name);

	for (size_t i = 0; i < zone->count; i++) {
		const struct mx_zone_entry *e = &zone->entries[i];

		if (!is_at_or_above(wanted, e->name))
			continue;
		if (outcome == MX_ZONE_NXDOMAIN)
			outcome = MX_ZONE_NODATA;
		if (strcmp(wanted, e->name) != 0)
			continue;
		if (e->type == type || e->type == MX_ZONE_ANY ||
		    e->type == MX_ZONE_CNAME) {
			outcome = e->outcome;
			break;
		}
	}
	free(wanted);
	return outcome;
}

const struct mx_zone_entry *
mx_zone_next(const struct mx_zone *zone, const char *name, enum mx_zone_type type,
    const struct mx_zone_entry *after)
{
	size_t i = after == NULL ? 0 : (size_t)(after - zone->entries) + 1;
	const struct mx_zone_entry *found = NULL;
	char *wanted = canonical(name);

	for (; i < zone->count && found == NULL; i++)
		if (zone->entries[i].outcome == MX_ZONE_DATA &&
		    zone->entries[i].type == type &&
		    strcmp(zone->entries[i].name, wanted) == 0)
			found = &zone->entries[i];
	free(wanted);
	return found;
}

const char *
mx_zone_name_of(const struct mx_zone *zone, const struct mx_addr *addr)
{
	enum mx_zone_type type = addr->family == AF_INET6 ? MX_ZONE_AAAA : MX_ZONE_A;

	for (size_t i = 0; i < zone->count; i++) {
		const struct mx_zone_entry *e = &zone->entries[i];

		if (e->type == type && e->outcome == MX_ZONE_DATA &&
		    memcmp(e->data, addr->bytes, e->len) == 0)
			return e->name;
	}
	return NULL;
}
