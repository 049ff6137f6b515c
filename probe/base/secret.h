/*
 * secret.h - passwords and tokens: from a file, or from whoever sits at the terminal.
 * In:   a path or a question.   Out: the secret, which whoever got it wipes.
 * Not:  never from the command line, where every user of the host reads it.
 */
#ifndef MX_BASE_SECRET_H
#define MX_BASE_SECRET_H

#include "probe/base/err.h"

/** The first line of a file that others can't read. NULL and MX_ERR_CONFIG: the sentence names the
 *  file and what is wrong with it. */
char *mx_secret_read(const char *path, struct mx_error *err);
/** The same from $CREDENTIALS_DIRECTORY/name (systemd.exec(5)); NULL with err untouched when the
 *  service manager gave no such file. */
char *mx_secret_credential(const char *name, struct mx_error *err);
/** Asks at the terminal, without echo; question ends with ": ". NULL and MX_ERR_USAGE when there is no
 *  terminal or no answer. */
char *mx_secret_ask(const char *question, struct mx_error *err);
/** Overwrites and frees. NULL is taken. */
void mx_secret_wipe(char *secret);

#endif
