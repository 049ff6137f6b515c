/*
 * fetch_imap.h - a message in a mailbox of the operator's, by IMAP (libcurl in a thread).
 * In:   an account, a header field and its value.
 * Out:  the folder where it lies, its header or the whole of it.
 * Not:  no folder is changed but where it is asked to remove exactly the message found; nothing is
 *       read of any other message; never without TLS, but on loopback.
 */
#ifndef MX_NET_FETCH_IMAP_H
#define MX_NET_FETCH_IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/err.h"
#include "probe/net/loop.h"

#define MX_IMAP_MESSAGE 262144U /* bytes of a header, or of a bounce, at most */

struct mx_imap_account {
	char *url; /* imap[s]://HOST[:PORT], without user */
	char *user;
	char *password; /* or */
	char *token;    /* for XOAUTH2; NULL: password */
	char *ca_file;  /* NULL: libcurl's default, the system's */
};
/** imap[s]://[USER@]HOST[:PORT]; MX_ERR_USAGE, never repeating a password. Clear in any case. */
enum mx_err mx_imap_account_parse(struct mx_imap_account *account, const char *url,
    struct mx_error *err) __attribute__((warn_unused_result));
/** Secrets are overwritten. */
void mx_imap_account_clear(struct mx_imap_account *account);

enum mx_imap_place {
	MX_IMAP_NOWHERE,
	MX_IMAP_INBOX,
	MX_IMAP_JUNK, /* marked \Junk (RFC 6154), or called so */
	MX_IMAP_ELSEWHERE
};

/** Copied, but for account, which must live until done. */
struct mx_imap_search {
	const struct mx_imap_account *account;
	const char *field; /* header field, or NULL: value anywhere in the message */
	const char *value; /* letters, digits, "-" */
	bool everywhere;   /* also outside of the inbox and junk folders */
	bool whole;        /* fetch all of the message, not its header alone */
	bool remove;       /* and remove it */
	int64_t timeout_us;
};

struct mx_imap_found {
	enum mx_imap_place place;
	const char *folder; /* as the server calls it, remote bytes; NULL: nowhere */
	const char *text;   /* header or message, then NUL; NULL: nowhere */
	size_t len;
	bool removed;
	const char
	    *why; /* a sentence where the mailbox could not be searched, else NULL */
};

struct mx_imap;
/** done is called once, from the loop; what was found is borrowed until it returns, and the handle
 *  dies with that. NULL and MX_ERR_SYSTEM: no thread. */
struct mx_imap *mx_imap_start(struct mx_loop *loop, const struct mx_imap_search *search,
    void (*done)(void *arg, const struct mx_imap_found *found), void *arg,
    struct mx_error *err);
/** done never comes then; waits for the thread, which gives up at once. NULL is taken. */
void mx_imap_cancel(struct mx_imap *imap);

#endif
