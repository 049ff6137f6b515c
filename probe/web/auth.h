/*
 * auth.h - who may ask: a token for programs, names and passwords for people.
 * In:   the token's and the users' file; a request's Authorization.
 * Out:  the request goes on with a name, waits, or is refused.
 * Not:  nobody may do less than another: who may read may ask for a session, too.
 */
#ifndef MX_WEB_AUTH_H
#define MX_WEB_AUTH_H

#include "probe/web/request.h"

struct mx_auth;

/** Files may be NULL: then everybody may ask. NULL and MX_ERR_CONFIG when a file can't be read, holds too
 *  short a token, or a hash that crypt(3) does not know. */
struct mx_auth *mx_auth_new(struct mx_loop *loop, const char *token_file,
    const char *users_file, struct mx_error *err);
/** Passwords that are being checked are not answered any more. NULL is taken. */
void mx_auth_free(struct mx_auth *auth);

enum mx_auth_answer {
	MX_AUTH_YES,  /* request->who and is_bearer are set */
	MX_AUTH_NO,   /* it has been answered */
	MX_AUTH_LATER /* again is called when it is known; then ask anew */
};
enum mx_auth_answer mx_auth_ask(struct mx_auth *auth, struct mx_web_request *request,
    void (*again)(struct mx_web_request *request));

#endif
