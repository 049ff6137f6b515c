/*
 * explain_show.h - a topic as a person reads it, and as a program does.
 * In:   a topic, the language.   Out: a paragraph of labelled lines, or one JSON object a line.
 * Not:  nothing is looked up here.
 */
#ifndef MX_CMD_EXPLAIN_SHOW_H
#define MX_CMD_EXPLAIN_SHOW_H

#include <stdio.h>

#include "probe/cmd/explain_topic.h"

/** Wrapped to the terminal: what it is, then what to do, step by step, and the form's fields. */
void mx_topic_print(FILE *out, enum mx_lang lang, const struct mx_topic *topic);
/** word: what was asked for. */
void mx_topic_json(
    FILE *out, enum mx_lang lang, const char *word, const struct mx_topic *topic);

#endif
