/*
 * schema.h - the tables, and how a file of an older version becomes one of this.
 * In:   an open connection.   Out: tables of this version, or a refusal.
 * Not:  no rows. Only store/ may include this.
 */
#ifndef MX_STORE_SCHEMA_H
#define MX_STORE_SCHEMA_H

#include "probe/store/db.h"

/** The version this program writes; kept in the file as PRAGMA user_version. */
#define MX_STORE_VERSION 3

/** Bring the file up to MX_STORE_VERSION in one transaction; several processes may do so at once.
 *  Refuses a file that a newer mxprobe wrote, and one that is not ours. */
enum mx_err mx_schema_migrate(struct mx_db *db, struct mx_error *err)
    __attribute__((warn_unused_result));
/** As above, but nothing is changed: an older file is refused, too. */
enum mx_err mx_schema_check(struct mx_db *db, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
