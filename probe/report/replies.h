/*
 * replies.h - classified replies shown: one JSON object a line, or blocks and a summary.
 * In:   a finding after the other, as replies are read.   Out: bytes on a stream.
 * Not:  no session (report.h); a million replies take no more memory than a thousand.
 */
#ifndef MX_REPORT_REPLIES_H
#define MX_REPORT_REPLIES_H

#include "probe/report/report.h"
#include "probe/verdict/finding.h"

/** One reply and what became of it; all borrowed. */
struct mx_classified {
	const char *id; /* JSON, as the input had it; NULL: none */
	const char *text;
	size_t len;
	const struct mx_finding *finding;
	enum mx_verdict verdict;
	const struct mx_provider *provider; /* NULL: not known */
	const char *mx_host;                /* may be NULL */
};

struct mx_replies;

/** "table" or "json", known to be one of them. stream is borrowed. */
struct mx_replies *mx_replies_new(
    const char *format, FILE *stream, const struct mx_report_options *options);
void mx_replies_add(struct mx_replies *replies, const struct mx_classified *reply);
/** MX_ERR_SYSTEM when the stream took no more. */
enum mx_err mx_replies_finish(struct mx_replies *replies, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_replies_free(struct mx_replies *replies);

#endif
