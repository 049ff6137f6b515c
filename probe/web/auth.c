/*
 * auth.c - Authorization: Bearer TOKEN, or Basic NAME:PASSWORD. A browser knows only the latter, so that the
 * token is taken as a password, too, whatever the name.
 */
#include "probe/web/auth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/base/secret.h"
#include "probe/net/hmac.h"
#include "probe/web/hasher.h"

#define TOKEN_LEAST 16
#define CREDENTIALS_MAX 512
#define PROVEN_MAX 64

struct user {
	char *name, *hash;
};

/** A name and password that were right: not the password, but what only it makes. */
struct proof {
	char text[MX_HMAC_TEXT];
	size_t user;
};

struct mx_auth {
	char *token; /* NULL: there is none */
	struct user *users;
	size_t user_count;
	struct mx_hasher *hasher; /* NULL without users */
	char secret[32];          /* of the proofs */
	struct proof proven[PROVEN_MAX];
	size_t proven_count, proven_next;
	struct waiting *waiting;
};

/** A request whose password is being checked. */
struct waiting {
	struct waiting *next;
	struct mx_auth *auth;
	struct mx_web_request *request; /* NULL: the client has gone */
	size_t user;
	char proof[MX_HMAC_TEXT];
	void (*again)(struct mx_web_request *request);
};

/* ---- files ------------------------------------------------------------------------------------ */

static FILE *
open_file(const char *path, struct mx_error *err)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		mx_error_set(
		    err, MX_ERR_CONFIG, "%s: cannot be read: %s", path, strerror(errno));
	return file;
}

static enum mx_err
read_token(struct mx_auth *auth, const char *path, struct mx_error *err)
{
	auth->token = mx_secret_read(path, err);
	if (auth->token == NULL)
		return err->code;
	if (strlen(auth->token) < TOKEN_LEAST)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "%s: its first line is the token, and needs %d characters or more; "
		    "make one with: (umask 077; openssl rand -hex 24 >%s)",
		    path, TOKEN_LEAST, path);
	return MX_OK;
}

static enum mx_err
take_user(struct mx_auth *auth, const char *path, unsigned number, char *line,
    struct mx_error *err)
{
	char *colon = strchr(line, ':');

	if (*line == '\0' || *line == '#')
		return MX_OK;
	if (colon == NULL || colon == line || !mx_hasher_knows(colon + 1))
		return mx_error_set(err, MX_ERR_CONFIG,
		    "%s:%u: no NAME:HASH with a hash that crypt(3) knows; write it with: "
		    "htpasswd -B %s NAME",
		    path, number, path);
	*colon = '\0';
	auth->users = mx_grow(auth->users, auth->user_count, sizeof *auth->users);
	auth->users[auth->user_count++] =
	    (struct user){ mx_strdup(line), mx_strdup(colon + 1) };
	return MX_OK;
}

static enum mx_err
read_users(struct mx_auth *auth, const char *path, struct mx_error *err)
{
	FILE *file = open_file(path, err);
	unsigned number = 0;
	char *line = NULL;
	size_t room = 0;

	if (file == NULL)
		return err->code;
	while (err->code == MX_OK && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		(void)take_user(auth, path, ++number, line, err);
	}
	free(line);
	(void)fclose(file);
	if (err->code == MX_OK && auth->user_count == 0)
		mx_error_set(err, MX_ERR_CONFIG,
		    "%s: it names nobody; write a user with: htpasswd -B %s NAME", path,
		    path);
	return err->code;
}

/* ---- life ------------------------------------------------------------------------------------- */

struct mx_auth *
mx_auth_new(struct mx_loop *loop, const char *token_file, const char *users_file,
    struct mx_error *err)
{
	struct mx_auth *auth = mx_calloc(1, sizeof *auth);

	arc4random_buf(auth->secret, sizeof auth->secret);
	if ((token_file == NULL || read_token(auth, token_file, err) == MX_OK) &&
	    (users_file == NULL || read_users(auth, users_file, err) == MX_OK)) {
		if (auth->user_count == 0)
			return auth;
		auth->hasher = mx_hasher_new(loop, err);
		if (auth->hasher != NULL)
			return auth;
	}
	mx_auth_free(auth);
	return NULL;
}

void
mx_auth_free(struct mx_auth *auth)
{
	struct waiting *waiting;

	if (auth == NULL)
		return;
	mx_hasher_free(auth->hasher);
	while ((waiting = auth->waiting) != NULL) {
		auth->waiting = waiting->next;
		/* The files have been read anew meanwhile: it may ask again. */
		if (waiting->request != NULL)
			mx_web_refuse(waiting->request, 503, "try again");
		free(waiting);
	}
	for (size_t i = 0; i < auth->user_count; i++) {
		free(auth->users[i].name);
		free(auth->users[i].hash);
	}
	free(auth->users);
	mx_secret_wipe(auth->token);
	free(auth);
}

/* ---- a password ------------------------------------------------------------------------------- */

static void
remember(struct mx_auth *auth, const struct waiting *waiting)
{
	struct proof *proof = &auth->proven[auth->proven_next];

	memcpy(proof->text, waiting->proof, sizeof proof->text);
	proof->user = waiting->user;
	auth->proven_next = (auth->proven_next + 1) % PROVEN_MAX;
	if (auth->proven_count < PROVEN_MAX)
		auth->proven_count++;
}

static void
refuse(struct mx_web_request *request)
{
	mx_web_set_header(
	    request, "WWW-Authenticate", "Basic realm=\"mxprobe\", charset=\"UTF-8\"");
	mx_web_refuse(request, 401,
	    "say who you are: with the token (Authorization: Bearer) or with name and "
	    "password");
}

static void
drop_waiting(struct waiting *waiting)
{
	struct waiting **at = &waiting->auth->waiting;

	while (*at != waiting)
		at = &(*at)->next;
	*at = waiting->next;
	free(waiting);
}

static void
on_checked(void *arg, bool is_right)
{
	struct waiting *waiting = arg;
	struct mx_web_request *request = waiting->request;
	void (*again)(struct mx_web_request *) = waiting->again;

	if (is_right)
		remember(waiting->auth, waiting);
	drop_waiting(waiting);
	if (request != NULL && is_right) {
		mx_web_hold(request, NULL, NULL);
		again(request);
	} else if (request != NULL) {
		refuse(request);
	}
}

static void
on_gone(void *arg)
{
	struct waiting *waiting = arg;

	waiting->request = NULL;
}

/* An unknown name costs as much time as a known one. */
static size_t
user_of(const struct mx_auth *auth, const char *name)
{
	for (size_t i = 0; i < auth->user_count; i++)
		if (strcmp(auth->users[i].name, name) == 0)
			return i;
	return auth->user_count;
}

static const struct proof *
proof_of(const struct mx_auth *auth, const char *text)
{
	for (size_t i = 0; i < auth->proven_count; i++)
		if (mx_hasher_equal(auth->proven[i].text, text))
			return &auth->proven[i];
	return NULL;
}

static enum mx_auth_answer
check_password(struct mx_auth *auth, struct mx_web_request *request, const char *name,
    const char *password, const char *proof,
    void (*again)(struct mx_web_request *request))
{
	size_t user = user_of(auth, name);
	bool is_known = user < auth->user_count;
	struct waiting *waiting = mx_calloc(1, sizeof *waiting);

	*waiting = (struct waiting){ .next = auth->waiting,
		.auth = auth,
		.request = request,
		.user = user,
		.again = again };
	memcpy(waiting->proof, proof, sizeof waiting->proof);
	auth->waiting = waiting;
	if (mx_hasher_ask(auth->hasher, is_known ? password : "",
		auth->users[is_known ? user : 0].hash, on_checked, waiting)) {
		mx_web_hold(request, on_gone, waiting);
		return MX_AUTH_LATER;
	}
	drop_waiting(waiting);
	mx_web_set_header(request, "Retry-After", "5");
	mx_web_refuse(request, 429, "too many passwords are being checked");
	return MX_AUTH_NO;
}

/* ---- what the client sent --------------------------------------------------------------------- */

static int
digit_of(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* RFC 4648. False when it is not that, does not fit, or holds a NUL. */
static bool
decode(const char *text, char out[CREDENTIALS_MAX])
{
	unsigned bits = 0, held = 0;
	size_t len = 0;

	for (; *text != '\0' && *text != '='; text++) {
		int digit = digit_of(*text);

		if (digit < 0 || len + 1 == CREDENTIALS_MAX)
			return false;
		bits = bits << 6 | (unsigned)digit;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[len] = (char)(bits >> held & 0xff);
		if (out[len++] == '\0')
			return false;
	}
	out[len] = '\0';
	return true;
}

static const char *
behind(const char *text, const char *scheme)
{
	size_t len = strlen(scheme);

	return strncasecmp(text, scheme, len) == 0 ? text + len + strspn(text + len, " ")
						   : NULL;
}

static void
set_who(struct mx_web_request *request, const char *who)
{
	free(request->who);
	request->who = mx_strdup(who);
}

static bool
is_token(const struct mx_auth *auth, const char *text)
{
	return auth->token != NULL && mx_hasher_equal(auth->token, text);
}

static enum mx_auth_answer
ask_basic(struct mx_auth *auth, struct mx_web_request *request, char *credentials,
    void (*again)(struct mx_web_request *request))
{
	char *colon = strchr(credentials, ':'), proof[MX_HMAC_TEXT];
	const struct proof *proven;

	if (colon == NULL) {
		refuse(request);
		return MX_AUTH_NO;
	}
	(void)mx_hmac_sha256(
	    auth->secret, sizeof auth->secret, credentials, strlen(credentials), proof);
	*colon = '\0';
	if (is_token(auth, colon + 1)) {
		set_who(request, "token");
		return MX_AUTH_YES;
	}
	proven = proof_of(auth, proof);
	if (proven != NULL) {
		set_who(request, auth->users[proven->user].name);
		return MX_AUTH_YES;
	}
	if (auth->user_count > 0)
		return check_password(
		    auth, request, credentials, colon + 1, proof, again);
	refuse(request);
	return MX_AUTH_NO;
}

enum mx_auth_answer
mx_auth_ask(struct mx_auth *auth, struct mx_web_request *request,
    void (*again)(struct mx_web_request *request))
{
	const char *header = mx_web_header(request, "Authorization");
	const char *bearer = header != NULL ? behind(header, "Bearer ") : NULL;
	const char *basic = header != NULL ? behind(header, "Basic ") : NULL;
	char credentials[CREDENTIALS_MAX];
	enum mx_auth_answer answer;

	if (auth->token == NULL && auth->user_count == 0)
		return MX_AUTH_YES;
	if (bearer != NULL && is_token(auth, bearer)) {
		set_who(request, "token");
		request->is_bearer = true;
		return MX_AUTH_YES;
	}
	if (basic == NULL || !decode(basic, credentials)) {
		refuse(request);
		return MX_AUTH_NO;
	}
	answer = ask_basic(auth, request, credentials, again);
	explicit_bzero(credentials, sizeof credentials);
	return answer;
}
