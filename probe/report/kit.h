/*
 * kit.h - everything a delisting request asks for, of one block.
 * In:   the newest blocked result of a pair, its evidence, the catalogue.
 * Out:  the kit as data, and as text, Markdown or JSON in English or Japanese.
 * Not:  nothing is sent to anybody, no store is read.
 */
#ifndef MX_REPORT_KIT_H
#define MX_REPORT_KIT_H

#include <stdbool.h>
#include <stdio.h>

#include "probe/catalogue/catalogue.h"
#include "probe/store/cases.h"
#include "probe/store/result_row.h"

/** What is known of the block. All borrowed. */
struct mx_kit_facts {
	const struct mx_catalogue *catalogue;
	const struct mx_store_result *row; /* the newest one that was blocked */
	const char *evidence; /* the same as JSON, with its dialogue; may be NULL */
	const char *state;
	int64_t first_us, last_us; /* this block was first and last seen; 0: not known */
	const struct mx_store_case
	    *request; /* the newest case of the pair; may be NULL */
};

struct mx_kit;

struct mx_kit *mx_kit_new(const struct mx_kit_facts *facts, enum mx_lang lang);
void mx_kit_free(struct mx_kit *kit);

/** width: columns. */
void mx_kit_text(const struct mx_kit *kit, FILE *stream, unsigned width);
void mx_kit_markdown(const struct mx_kit *kit, FILE *stream);
/** Only what that outcome means (--outcome), what to do and what to write back; false when nothing is
 *  known of it. */
bool mx_kit_outcome_text(
    const struct mx_kit *kit, const char *outcome, FILE *stream, unsigned width);
/** One object, "mxprobe.delist/1". */
void mx_kit_json(const struct mx_kit *kit, FILE *stream);

#endif
