/*
 * fetch.h - one small document by HTTPS, fetched or posted (libcurl on our loop).
 * In:   host, path and the host's addresses; where trusted CAs are; from which address.
 * Out:  status, content type and body, or why there is none.
 * Not:  no lookup of its own, no redirect, no proxy, no cookie, no decompression; plaintext only for
 *       who says so.
 */
#ifndef MX_NET_FETCH_H
#define MX_NET_FETCH_H

#include "probe/base/addr.h"
#include "probe/net/loop.h"

#define MX_FETCH_BODY 65536U /* bytes; a larger document is refused */
#define MX_FETCH_HEAD 65536U /* bytes of all header lines */
#define MX_FETCH_ADDRS 8U    /* tried at most */

/** All fetches of a run. */
struct mx_fetcher;
/** Nothing is set up before the first fetch. ca_file (borrowed) NULL: libcurl's own default, which
 *  is the system's. */
struct mx_fetcher *mx_fetcher_new(struct mx_loop *loop, const char *ca_file);
/** Fetches under way are forgotten (cancel them first if their handles are still used). Before
 *  the loop is freed. NULL is taken. */
void mx_fetcher_free(struct mx_fetcher *fetcher);

/** What is sent. */
struct mx_fetch_body {
	const char *type; /* "application/json" */
	const char *data;
	size_t len;
	/* "Name: value", one line each, NULL at the end; may be NULL. A value is printable ASCII. */
	const char *const *headers;
};

/** Copied. */
struct mx_fetch_request {
	const char
	    *host; /* A-labels, or an address: SNI, Host: and the certificate's name */
	uint16_t port;                    /* 0: the scheme's own */
	bool is_plain;                    /* http:// */
	const char *path;                 /* "/..." */
	const char *ca_file;              /* NULL: the fetcher's */
	const struct mx_fetch_body *post; /* NULL: GET */
	const struct mx_addr *addrs;
	size_t addr_count;
	/* leave from here where one of addrs has that family; AF_UNSPEC or NULL: anywhere */
	const struct mx_addr *source;
	int64_t timeout_us; /* for everything */
};

struct mx_fetch_answer {
	int status;               /* HTTP's, 0 when there was no answer */
	const char *content_type; /* as sent, or NULL */
	const char *body;         /* len bytes, then NUL; may hold anything */
	size_t len;
	int64_t retry_after_us; /* Retry-After; 0: not said */
	const char *why;        /* a sentence where status is 0, else NULL */
};

struct mx_fetch;
/** done is called once, from the loop; the answer is borrowed until it returns, the handle dies
 *  before. */
struct mx_fetch *mx_fetch_start(struct mx_fetcher *fetcher,
    const struct mx_fetch_request *request,
    void (*done)(void *arg, const struct mx_fetch_answer *answer), void *arg);
/** done never comes then. NULL is taken. */
void mx_fetch_cancel(struct mx_fetch *fetch);

#endif
