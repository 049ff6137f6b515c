/*
 * files.h - data files of a directory, and where in a file a row stands.
 * In:   paths.   Out: sorted names; "FILE:LINE: FIELD: ..." errors for what a schema can't see.
 * Not:  no YAML is parsed here: a row is found again by its id, in plain text, and only to
 *       tell a person where to look.
 */
#ifndef MX_CATALOGUE_FILES_H
#define MX_CATALOGUE_FILES_H

#include <stddef.h>

#include "probe/base/err.h"

struct mx_paths {
	char **items; /* "DIR/SUB/NAME.yaml", in byte order of NAME */
	size_t count;
};

/** Every file of DIR/SUB whose name ends in ".yaml". Byte order, so that no locale changes which
 *  row comes first. A directory that can't be read or holds none is MX_ERR_CONFIG. */
enum mx_err mx_paths_list(const char *dir, const char *sub, struct mx_paths *out,
    struct mx_error *err) __attribute__((warn_unused_result));
/** The same for a directory that need not be there, nor hold anything. */
enum mx_err mx_paths_list_any(const char *dir, const char *sub, struct mx_paths *out,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_paths_clear(struct mx_paths *paths);

/** Where users keep rows of their own, added to ours or in place of them (mxprobe-taxonomy(5)):
 *  MXPROBE_TAXONOMY_D if set, else $(sysconfdir)/mxprobe/taxonomy.d. NULL: nowhere. */
const char *mx_taxonomy_own_dir(void);

/** Line (from 1) where the row with this id says FIELD; with a value, where that value stands.
 *  The row's first line when the field is not found, 0 when the row is not. value may be NULL. */
unsigned mx_row_line(
    const char *path, const char *id, const char *field, const char *value);

/** MX_ERR_CONFIG "PATH:LINE: FIELD: MESSAGE (in ID)". value as above. */
enum mx_err mx_row_error(struct mx_error *err, const char *path, const char *id,
    const char *field, const char *value, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
