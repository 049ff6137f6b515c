/*
 * normal.h - a reply's words made comparable, and what they quote.
 * In:   a reply's joined text, raw remote bytes.
 * Out:  one line of folded text, the addresses, web addresses and enhanced code in it, and its
 *       wording, which is all that patterns read.
 * Not:  no wording is judged, nothing is thrown away but repeated white space.
 */
#ifndef MX_VERDICT_NORMAL_H
#define MX_VERDICT_NORMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/ascii.h"
#include "probe/enhanced.h"
#include "probe/verdict/wording.h"

/** A refusal says its reason in the first lines and sometimes sums it up in the last: of a longer
 *  text only these two ends are read, which bounds the work a hostile server can cause. */
#define MX_NORMAL_HEAD 12288
#define MX_NORMAL_TAIL 4096

#define MX_NORMAL_QUOTES 16

struct mx_quoted_address {
	struct mx_addr addr;
	struct mx_span span;
	bool in_url;
};

struct mx_normal {
	/* own: white space folded, curly quotes straight, entities ("&lt;") decoded, no control bytes */
	char *text;
	char *lower; /* in text's memory: the same in lower case (ASCII only) */
	size_t len;
	struct mx_enhanced enhanced; /* the reply's, else one found inside the text */
	struct mx_quoted_address addresses[MX_NORMAL_QUOTES];
	size_t address_count;
	struct mx_span urls[MX_NORMAL_QUOTES];
	size_t url_count;
	struct mx_wording wording;
};

/** code is the reply's: an enhanced code of another class is not taken from the text. */
void mx_normal_init(struct mx_normal *normal, const char *text, size_t len, int code,
    const struct mx_enhanced *enhanced);
void mx_normal_clear(struct mx_normal *normal);

/** Does a byte at this place belong to a web address? */
bool mx_normal_is_in_url(const struct mx_normal *normal, size_t at);

#define MX_NOWHERE SIZE_MAX

/** Does the wording hold this word with no letter, digit, '-' or '_' beside it? Its place there, or
 *  MX_NOWHERE. lower_word is in lower case. */
size_t mx_normal_word(const struct mx_normal *normal, const char *lower_word);

#endif
