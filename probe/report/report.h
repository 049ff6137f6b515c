/*
 * report.h - who is told: a table of writers behind one interface.
 * In:   results as they come, and the totals at the end.   Out: bytes on a stream.
 * Not:  no network; remote bytes are escaped here, in each writer.
 */
#ifndef MX_REPORT_REPORT_H
#define MX_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "probe/base/err.h"
#include "probe/catalogue/catalogue.h"
#include "probe/result.h"

struct mx_report_options {
	bool color;
	unsigned width; /* columns */
	bool quiet;     /* -q: verdict rows only, no evidence lines, no closing remarks */
	bool show_mailbox; /* -vv: else the RCPT mailbox is redacted in dialogue */
	/** For names, meanings and remedies; NULL: their ids only. Borrowed. */
	const struct mx_catalogue *catalogue;
};

struct mx_report;

/** "table", "json" or "nagios"; NULL and MX_ERR_USAGE naming the formats there are for any other.
 *  stream is borrowed. */
struct mx_report *mx_report_new(const char *format, FILE *stream,
    const struct mx_report_options *options, struct mx_error *err);
/** One result; borrowed. JSON prints at once, table and nagios when the whole is known. */
void mx_report_result(struct mx_report *report, const struct mx_result *result);
/** Print what is due at the end. Returns MX_ERR_SYSTEM when stdout could not be written. */
enum mx_err mx_report_finish(struct mx_report *report, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_report_free(struct mx_report *report);

/** Exit status of check (mxprobe-check(1)) folded over results; start with zeroes. No result at
 *  all counts as nothing learned. */
struct mx_exit_tally {
	size_t verdicts[MX_V_COUNT]; /* how many results of each */
	size_t results;
};
void mx_exit_tally_add(struct mx_exit_tally *tally, const struct mx_result *result);
/** 4 failed, 1 blocked, 2 refused or deferred otherwise, 3 not learned, 0 accepted. */
int mx_exit_tally_status(const struct mx_exit_tally *tally);
/** The same for --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
int mx_exit_tally_nagios(const struct mx_exit_tally *tally);

/** The status line of --format nagios when there is no result to show. */
void mx_report_nagios_failure(FILE *stream, const char *text);

/** -v: one transcript line, escaped, mailbox redacted unless options say otherwise. tag names the
 *  session ("127.0.0.2 > mx1.example.test"). */
void mx_report_dialogue(FILE *stream, const struct mx_report_options *options,
    const char *tag, const struct mx_line *line);

/** Progress on a terminal: "12 of 40 done, 3 running" on one line that is wiped before
 *  anything else is printed. Does nothing when stream is no terminal. */
struct mx_progress;
struct mx_progress *mx_progress_new(FILE *stream);
void mx_progress_show(
    struct mx_progress *progress, size_t done, size_t running, size_t total);
/** The same where no total is known: "4096 replies". NULL is taken. */
void mx_progress_count(struct mx_progress *progress, size_t done, const char *things);
/** Wipe the line; the next mx_progress_show draws it again. NULL is taken. */
void mx_progress_wipe(struct mx_progress *progress);
void mx_progress_free(struct mx_progress *progress);

/** One result as `--format json` prints it, a line with its newline. */
void mx_result_json(FILE *stream, const struct mx_result *result);

#endif
