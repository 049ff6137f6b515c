/* path.c - where the store is when nobody says. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "probe/store/store.h"

#define FILE_NAME "mxprobe.db"
#define SYSTEM_PARENT "/var/lib"
#define SYSTEM_DIRECTORY SYSTEM_PARENT "/mxprobe"

static bool
may_write(const char *directory)
{
	return access(directory, W_OK | X_OK) == 0;
}

/* The package makes it for the service's user; root may make it himself. */
static bool
has_system_directory(void)
{
	return may_write(SYSTEM_DIRECTORY) ||
	       (access(SYSTEM_DIRECTORY, F_OK) != 0 && errno == ENOENT &&
		   may_write(SYSTEM_PARENT));
}

char *
mx_store_path(const char *given, struct mx_error *err)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (given != NULL)
		return mx_strdup(given);
	/* The XDG specification: what is not absolute is to be ignored. */
	if (xdg != NULL && *xdg == '/')
		return mx_asprintf("%s/mxprobe/" FILE_NAME, xdg);
	if (has_system_directory())
		return mx_strdup(SYSTEM_DIRECTORY "/" FILE_NAME);
	if (home != NULL && *home == '/')
		return mx_asprintf("%s/.local/state/mxprobe/" FILE_NAME, home);
	mx_error_set(err, MX_ERR_SYSTEM,
	    "no place for what mxprobe remembers: %s can't be written and HOME is not set; "
	    "name a file with --store",
	    SYSTEM_DIRECTORY);
	return NULL;
}
