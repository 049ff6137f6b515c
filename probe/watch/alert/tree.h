/*
 * tree.h - jansson without its failures: out of memory ends the program, as everywhere.
 * In:   keys of ours, texts of anybody.   Out: JSON.
 * Not:  no shape is known here.
 */
#ifndef MX_WATCH_ALERT_TREE_H
#define MX_WATCH_ALERT_TREE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

json_t *mx_tree_object(void);
json_t *mx_tree_array(void);
/** Takes value over; a NULL is null. */
void mx_tree_put(json_t *object, const char *key, json_t *value);
void mx_tree_append(json_t *array, json_t *value);
/** NULL is null. What is not UTF-8 is replaced, and what is longer than most bytes cut. */
void mx_tree_text(json_t *object, const char *key, const char *text, size_t most);
void mx_tree_number(json_t *object, const char *key, int64_t number);
/** As "2026-11-21T21:00:00.123Z"; 0 is null. */
void mx_tree_time(json_t *object, const char *key, int64_t wall_us);
/** In one line. Caller frees. */
char *mx_tree_dump(const json_t *tree);
/** A text of the object, or "" where there is none. Borrowed from it. */
const char *mx_tree_get(const json_t *object, const char *key);

#endif
