/*
 * assets.h - style, script and icon of the page, inside the binary.
 * In:   probe/web/assets/, by probe/web/assets/embed.sh when mxprobe is built.
 * Out:  bytes with their type, at an address that changes with them.
 * Not:  no file is read when the program runs.
 */
#ifndef MX_WEB_ASSETS_H
#define MX_WEB_ASSETS_H

#include <stddef.h>

/** All static. The address holds a hash of the bytes, so whoever has it may keep it for good. */
struct mx_asset {
	const char *name; /* "page.css" */
	const char *path; /* "/assets/page.0123456789ab.css" */
	const char *type; /* "text/css; charset=utf-8" */
	const char *etag; /* the hash, without quotes */
	const unsigned char *bytes;
	size_t len;
};

extern const struct mx_asset mx_assets[];
extern const size_t mx_asset_count;

/** The one at that address; NULL: none. */
const struct mx_asset *mx_asset_find(const char *path);
/** The address of the one with that name, which there is. */
const char *mx_asset_path(const char *name);

#endif
