/* secret.c - no copy is left in a freed buffer, and the terminal gets its echo back. */
#include "probe/base/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "probe/base/mem.h"

/* XOAUTH2 tokens are long; a password is not. */
#define SECRET_MAX 8192

static enum mx_err
check_file(FILE *file, const char *path, struct mx_error *err)
{
	struct stat facts;

	if (fstat(fileno(file), &facts) != 0)
		return mx_error_set(err, MX_ERR_CONFIG, "%s: %s", path, strerror(errno));
	if (!S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode))
		return mx_error_set(err, MX_ERR_CONFIG, "%s: is no file", path);
	if ((facts.st_mode & (S_IROTH | S_IWOTH)) != 0)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "%s: holds a secret, and everybody may read it; chmod 600 it", path);
	return MX_OK;
}

static char *
first_line(FILE *file, const char *path, struct mx_error *err)
{
	char line[SECRET_MAX], *secret = NULL;
	size_t len = 0;

	(void)setvbuf(file, NULL, _IONBF, 0);
	if (fgets(line, sizeof line, file) != NULL)
		len = strcspn(line, "\r\n");
	if (len == 0)
		mx_error_set(err, MX_ERR_CONFIG, "%s: its first line is empty", path);
	else if (line[len] == '\0' && !feof(file))
		mx_error_set(err, MX_ERR_CONFIG, "%s: its first line is too long", path);
	else
		secret = mx_strndup(line, len);
	explicit_bzero(line, sizeof line);
	return secret;
}

char *
mx_secret_read(const char *path, struct mx_error *err)
{
	FILE *file = fopen(path, "re");
	char *secret = NULL;

	if (file == NULL) {
		mx_error_set(
		    err, MX_ERR_CONFIG, "%s: can't be read: %s", path, strerror(errno));
		return NULL;
	}
	if (check_file(file, path, err) == MX_OK)
		secret = first_line(file, path, err);
	(void)fclose(file);
	return secret;
}

char *
mx_secret_credential(const char *name, struct mx_error *err)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	char *path, *secret = NULL;

	if (directory == NULL)
		return NULL;
	path = mx_asprintf("%s/%s", directory, name);
	if (access(path, F_OK) == 0)
		secret = mx_secret_read(path, err);
	free(path);
	return secret;
}

char *
mx_secret_ask(const char *question, struct mx_error *err)
{
	FILE *terminal = fopen("/dev/tty", "r+e");
	struct termios before, silent;
	char *secret = NULL;

	if (terminal == NULL || tcgetattr(fileno(terminal), &before) != 0) {
		mx_error_set(err, MX_ERR_USAGE,
		    "a password is needed, and there is no terminal to ask for it: name a "
		    "file that holds it");
	} else {
		fputs(question, terminal);
		(void)fflush(terminal);
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(fileno(terminal), TCSAFLUSH, &silent);
		secret = first_line(terminal, "the password", err);
		(void)tcsetattr(fileno(terminal), TCSAFLUSH, &before);
		fputc('\n', terminal);
	}
	if (terminal != NULL)
		(void)fclose(terminal);
	return secret;
}

void
mx_secret_wipe(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
