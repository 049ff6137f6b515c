/*
 * taxonomy.h - a copy of the data directory that a test may break.
 * In:   the data directory in use (MXPROBE_TAXONOMY, as `make check` sets it).
 * Out:  a temporary directory with the same files.
 * Not:  no YAML is understood here.
 */
#ifndef MX_TESTS_SUPPORT_TAXONOMY_H
#define MX_TESTS_SUPPORT_TAXONOMY_H

#include <stddef.h>

/** Caller passes it to taxonomy_remove, which frees it. */
char *taxonomy_copy(void);
void taxonomy_remove(char *dir);

/** Text of a file such as "rules/yahoo.yaml". Caller frees. */
char *taxonomy_read(const char *dir, const char *file);
void taxonomy_write(const char *dir, const char *file, const char *text);
/** Replace the first occurrence of a text that must be there. */
void taxonomy_edit(const char *dir, const char *file, const char *from, const char *to);
/** 1 for the first line; the text must be in the file. */
unsigned taxonomy_line_of(const char *dir, const char *file, const char *text);

#endif
