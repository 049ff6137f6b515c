/*
 * check.h - what a schema cannot see: doubles, and ids that lead nowhere; private to catalogue/.
 * In:   a catalogue with all files read.   Out: the first fault, with file, line and field.
 * Not:  no repair.
 */
#ifndef MX_CATALOGUE_CHECK_H
#define MX_CATALOGUE_CHECK_H

#include "probe/catalogue/rows.h"

enum mx_err mx_catalogue_check(const struct mx_catalogue *c, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
