/*
 * lines.h - a list that a person keeps in a text file: one entry a line, # comments.
 * In:   a path.   Out: the entries one by one, and errors that name file and line.
 * Not:  no meaning of an entry; its reader judges it.
 */
#ifndef MX_BASE_LINES_H
#define MX_BASE_LINES_H

#include "probe/base/err.h"

/** Calls take for each line that holds an entry, blanks and comment cut off; entry is borrowed.
 *  Ends at the first that take refuses: *err is then take's error behind "PATH:LINE: ". A file
 *  that can't be read, a NUL byte, an entry of more than 1,024 bytes and one that names another
 *  list (@FILE) are MX_ERR_USAGE. */
enum mx_err mx_lines_each(const char *path,
    enum mx_err (*take)(void *arg, const char *entry, struct mx_error *err), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
