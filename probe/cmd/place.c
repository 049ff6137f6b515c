/* place.c - an address if it can be one, else a name with or without a port. */
#include "probe/cmd/place.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/options.h"

bool
mx_place_is_given(const struct mx_place *place)
{
	return place->name[0] != '\0' || place->addr.family != AF_UNSPEC;
}

/* "1.2.3" and "192.0.2.256" are addresses that somebody mistyped; no host has such a name. */
static bool
looks_like_address(const char *name)
{
	return name[strspn(name, "0123456789.")] == '\0';
}

static enum mx_err
parse_name(const char *text, size_t len, char out[MX_NAME_MAX])
{
	struct mx_error why = { 0 };
	char *name = mx_strndup(text, len);
	enum mx_err code = mx_name_to_ascii(name, out, &why);

	free(name);
	return code == MX_OK && looks_like_address(out) ? MX_ERR_USAGE : code;
}

static enum mx_err
refuse(const char *what, const char *text, struct mx_error *err)
{
	char *shown = mx_escape_terminal(text, strlen(text));

	mx_error_set(err, MX_ERR_USAGE,
	    "%s: \"%s\" is not HOST, ADDRESS, HOST:PORT, ADDRESS:PORT or [IPV6]:PORT",
	    what, shown);
	free(shown);
	return MX_ERR_USAGE;
}

enum mx_err
mx_place_parse(
    const char *what, const char *text, struct mx_place *out, struct mx_error *err)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);

	*out = (struct mx_place){ .addr = { .family = AF_UNSPEC } };
	if (mx_addr_parse_port(text, 0, &out->addr)) {
		out->port = out->addr.port;
		out->addr.port = 0;
		return MX_OK;
	}
	if (parse_name(text, len, out->name) != MX_OK)
		return refuse(what, text, err);
	return colon != NULL ? mx_value_port(what, colon + 1, 1, &out->port, err) : MX_OK;
}
