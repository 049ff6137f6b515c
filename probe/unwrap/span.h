/*
 * span.h - a piece of the input, looked at and not copied; private to unwrap/.
 * In:   bytes that somebody else keeps.
 * Out:  where a phrase, a host, an address or a mailbox stands in them.
 * Not:  no memory of its own, no meaning.
 */
#ifndef MX_UNWRAP_SPAN_H
#define MX_UNWRAP_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/transcript.h"

/** at is NULL when there is nothing. */
struct mx_span {
	const char *at;
	size_t len;
};

struct mx_span mx_span_of(const char *text);
/** From index from to the end, and the len bytes there; both clipped to what is there. */
struct mx_span mx_span_from(struct mx_span span, size_t from);
struct mx_span mx_span_cut(struct mx_span span, size_t from, size_t len);
/** Without white space (CR, LF, TAB, NUL included) at both ends. */
struct mx_span mx_span_trim(struct mx_span span);

bool mx_span_starts(struct mx_span span, const char *phrase); /* ASCII case ignored */
/** Bytes that the phrase takes at the span's start, 0 when it isn't there. A space in it stands for
 *  any white space, as mail is wrapped anywhere. */
size_t mx_span_phrase(struct mx_span span, const char *phrase);
bool mx_span_is(struct mx_span span, const char *phrase);
/** Index of the phrase, ASCII case ignored, or span.len when it isn't there. */
size_t mx_span_find(struct mx_span span, const char *phrase);
bool mx_span_has(struct mx_span span, const char *phrase);
/** Index of the byte, or span.len. */
size_t mx_span_chr(struct mx_span span, char c);
/** What stands between the first open behind from and the next close; at is NULL when not both are
 *  there. */
struct mx_span mx_span_between(struct mx_span span, const char *open, const char *close);
/** The word (no white space) that ends the span. */
struct mx_span mx_span_last_word(struct mx_span span);

/** "550 ", "550-", "550" at the end: a reply code (2xx to 5xx), else 0. */
int mx_span_code(struct mx_span span);

/** "host[192.0.2.1]:25", "host. [192.0.2.1]", "[192.0.2.1]", "192.0.2.1 (host)": the name without
 *  its last dot, and the address. Either may be missing. */
void mx_span_host(struct mx_span span, struct mx_span *host, struct mx_addr *addr);
bool mx_span_addr(struct mx_span span, struct mx_addr *addr);
/** The last (first) mailbox in the span, with or without angle brackets. */
struct mx_span mx_span_last_mailbox(struct mx_span span);
struct mx_span mx_span_first_mailbox(struct mx_span span);
/** The stage in which that command is said: "RCPT TO", "end of data", "initial connection". */
enum mx_stage mx_span_stage(struct mx_span command);

#endif
