/* pki.c - runs the script that the build installs. */
#include "probe/cmd/pki.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/base/mem.h"

#define SCRIPT MX_DATADIR "/certs/make-certs.sh"

static void
set_dir(struct mx_pki *pki, const char *dir)
{
	pki->dir = mx_strdup(dir);
	pki->ca_file = mx_asprintf("%s/ca.pem", dir);
}

/* The script's own complaint (no openssl tool) goes to stderr, where ours follows it. */
static bool
run_script(const char *script, const char *dir)
{
	char *argv[] = { mx_strdup("/bin/sh"), mx_strdup(script), mx_strdup(dir), NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawn(&pid, argv[0], NULL, NULL, argv, environ) == 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	for (size_t i = 0; argv[i] != NULL; i++)
		free(argv[i]);
	return status == 0;
}

static enum mx_err
make_temporary(struct mx_pki *pki, struct mx_error *err)
{
	const char *tmp = getenv("TMPDIR"), *script = getenv("MXPROBE_MAKE_CERTS");
	char *base = mx_asprintf("%s/mxprobe-pki-XXXXXX", tmp != NULL ? tmp : "/tmp");
	char *dir = NULL;
	enum mx_err result = MX_OK;

	if (script == NULL)
		script = SCRIPT;
	if (mkdtemp(base) == NULL) {
		result = mx_error_sys(err, errno, "can't make a directory %s", base);
		free(base);
		return result;
	}
	dir = mx_asprintf("%s/pki", base);
	pki->made = base;
	set_dir(pki, dir);
	if (access(script, R_OK) != 0)
		result = mx_error_sys(err, errno,
		    "no certificates for the scripted servers: give their directory with "
		    "--certs or MXPROBE_CERTS; %s",
		    script);
	else if (!run_script(script, dir))
		result = mx_error_set(err, MX_ERR_SYSTEM,
		    "%s could not make certificates for the scripted servers", script);
	free(dir);
	return result;
}

enum mx_err
mx_pki_open(struct mx_pki *pki, const char *given, struct mx_error *err)
{
	*pki = (struct mx_pki){ 0 };
	if (given == NULL)
		given = getenv("MXPROBE_CERTS");
	if (given == NULL)
		return make_temporary(pki, err);
	set_dir(pki, given);
	if (access(pki->ca_file, R_OK) == 0)
		return MX_OK;
	return mx_error_set(err, MX_ERR_CONFIG,
	    "no certificates in %s (certs/make-certs.sh %s makes them)", given, given);
}

static int
remove_entry(const char *path, const struct stat *facts, int type, struct FTW *at)
{
	(void)facts, (void)type, (void)at;
	return remove(path);
}

void
mx_pki_clear(struct mx_pki *pki)
{
	if (pki->made != NULL)
		nftw(pki->made, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(pki->made);
	free(pki->dir);
	free(pki->ca_file);
	*pki = (struct mx_pki){ 0 };
}
