/*
 * tags.h - "name=value; name=value", the form of DKIM keys and DMARC records (RFC 6376 3.2).
 * In:   a TXT record's bytes.   Out: names and values in their order, or what breaks the form.
 * Not:  no meaning of any tag (dkim_key.h, dmarc.h).
 */
#ifndef MX_IDENTITY_TAGS_H
#define MX_IDENTITY_TAGS_H

#include <stddef.h>

/** Tags kept; no honest record has a quarter of them. */
#define MX_TAGS_MAX 64

struct mx_tag {
	char *name;  /* case counts; own, as value */
	char *value; /* blanks at its ends removed, those inside kept */
};

struct mx_tags {
	struct mx_tag items[MX_TAGS_MAX];
	size_t count;
};

/** Reads the whole of text. NULL, or what is wrong in words that fit behind "malformed: " (caller
 *  frees; may quote remote bytes). The tags before the fault are there in any case: clear with
 *  mx_tags_clear. */
char *mx_tags_parse(struct mx_tags *tags, const char *text, size_t len);
void mx_tags_clear(struct mx_tags *tags);
/** Its value, or NULL. */
const char *mx_tags_get(const struct mx_tags *tags, const char *name);

#endif
