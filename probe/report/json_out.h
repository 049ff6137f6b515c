/*
 * json_out.h - JSON written as it is said, without a tree in between.
 * In:   keys of our own, values of any origin.   Out: compact ASCII on a stream.
 * Not:  no reading; nothing is checked that a tree would check: who opens closes.
 *
 * A tree costs more than the rest of classifying a reply (some ten allocations and hash
 * insertions a line); a million lines a run are ordinary for a mail log.
 */
#ifndef MX_REPORT_JSON_OUT_H
#define MX_REPORT_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MX_JSON_HELD 2048
#define MX_JSON_REAL_BITS 7

/** A real and how it is written: the same few come over and over. */
struct mx_json_spelled {
	uint64_t bits; /* of the number */
	char text[32]; /* "" while the row is free */
};

/** Zero but for the stream, which is borrowed and keeps its own error. What is written inside an
 *  object or array may be held back until its end. One thread only. */
struct mx_json_out {
	FILE *stream;
	bool comma;     /* a value stands before the next one */
	unsigned depth; /* of open brackets */
	size_t held_len;
	char held[MX_JSON_HELD];
	struct mx_json_spelled reals[1 << MX_JSON_REAL_BITS];
};

/* key is NULL inside an array and at the top; it is ours, so it needs no escaping. */
void mx_json_open(struct mx_json_out *out, const char *key, char bracket);
void mx_json_close(struct mx_json_out *out, char bracket);
/** Any bytes: what is no UTF-8 becomes U+FFFD, NUL U+2400, and all that is not printable ASCII is
 *  escaped, so that no control JSON would let through reaches a terminal. */
void mx_json_bytes(
    struct mx_json_out *out, const char *key, const char *text, size_t len);
/** NULL is null. */
void mx_json_string(struct mx_json_out *out, const char *key, const char *text);
void mx_json_null(struct mx_json_out *out, const char *key);
void mx_json_integer(struct mx_json_out *out, const char *key, long long value);
/** 12 digits: microseconds of a day, no 12.1000000001. */
void mx_json_real(struct mx_json_out *out, const char *key, double value);
void mx_json_boolean(struct mx_json_out *out, const char *key, bool value);
/** RFC 3339, wall clock; 0 is null. */
void mx_json_time(struct mx_json_out *out, const char *key, int64_t wall_us);
/** text is JSON already. */
void mx_json_raw(struct mx_json_out *out, const char *key, const char *text);
/** One object is one line. */
void mx_json_end_line(struct mx_json_out *out);

#endif
