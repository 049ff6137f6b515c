/*
 * lang.h - the language of texts for people.
 * In:   --lang, the environment.   Out: one of those that the taxonomy has.
 * Not:  no texts.
 */
#ifndef MX_CMD_LANG_H
#define MX_CMD_LANG_H

#include "probe/base/err.h"
#include "probe/catalogue/catalogue.h"

/** What LC_ALL, LC_MESSAGES or LANG say, the first that is set. */
enum mx_lang mx_lang_of_environment(void);
/** Of --lang. */
enum mx_err mx_value_lang(const char *value, enum mx_lang *lang, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
