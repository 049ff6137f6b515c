/*
 * yaml_line.h - the line where a field of a YAML text stands.
 * In:   the text, a path such as "sources[1].seen_as".   Out: a line number, from 1.
 * Not:  no check of the text: mx_yaml_load_text has taken it already. For values that
 * only their user can judge (an address, a mailbox), so that those errors name a line as
 * well.
 */
#ifndef MX_BASE_YAML_LINE_H
#define MX_BASE_YAML_LINE_H

#include <stddef.h>

/** 0 when there is no such field. */
size_t mx_yaml_line(const char *text, size_t len, const char *path);

#endif
