/*
 * place.h - where to connect, as people write it: HOST, ADDRESS, HOST:PORT, ADDRESS:PORT, [IPV6]:PORT.
 * In:   one word of the command line or the configuration file.
 * Out:  a name in ASCII or an address, and the port where one was written.
 * Not:  no lookup.
 */
#ifndef MX_CMD_PLACE_H
#define MX_CMD_PLACE_H

#include <stdbool.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/dns/name.h"

/** Zeroes stand for: not given. */
struct mx_place {
	char name[MX_NAME_MAX]; /* "" when it is an address */
	struct mx_addr addr;    /* AF_UNSPEC when it is a name; its port is 0 */
	uint16_t port;          /* 0: none was written */
};

bool mx_place_is_given(const struct mx_place *place);
/** MX_ERR_USAGE "WHAT: "TEXT" is not HOST, ADDRESS, ..." for anything else, such as an address that
 *  was mistyped. */
enum mx_err mx_place_parse(const char *what, const char *text, struct mx_place *out,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
