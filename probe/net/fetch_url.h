/*
 * fetch_url.h - the address of a web service, taken apart (libcurl's own parser).
 * In:   "https://host:port/path?query".   Out: what a fetch asks for.
 * Not:  no user, no password, no fragment; nothing is looked up.
 */
#ifndef MX_NET_FETCH_URL_H
#define MX_NET_FETCH_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/err.h"

/** Own. */
struct mx_fetch_url {
	bool is_plain; /* http:// */
	char *host;    /* A-labels, or an address without brackets */
	uint16_t port;
	char *path; /* "/...", with its query */
};

/** MX_ERR_CONFIG with a sentence that does not repeat the URL, which may hold a secret. Clear with
 *  mx_fetch_url_clear in any case. */
enum mx_err mx_fetch_url_parse(struct mx_fetch_url *url, const char *text,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_fetch_url_clear(struct mx_fetch_url *url);

#endif
