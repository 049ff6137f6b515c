/*
 * ptr.h - what the reverse zone says of a source, as rows.
 * In:   the outcome of mx_fcrdns_find().   Out: rows "ptr", "fcrdns" and "ptr_generic".
 * Not:  no lookup.
 */
#ifndef MX_IDENTITY_PTR_H
#define MX_IDENTITY_PTR_H

#include "probe/identity/check.h"
#include "probe/identity/fcrdns.h"

void mx_ptr_judge(const struct mx_addr *source, const struct mx_fcrdns *fcrdns,
    struct mx_checks *checks);

#endif
