/* store.c - opening and closing: the directory, the file, its two connections. */
#include "probe/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/store/schema.h"
#include "probe/store/state.h"

/* Each directory on the way, as mkdir -p does; 0700, for replies and mailboxes are in there. */
static enum mx_err
make_directories(const char *path, struct mx_error *err)
{
	char *copy = mx_strdup(path);
	enum mx_err code = MX_OK;

	for (char *slash = strchr(copy + 1, '/'); slash != NULL && code == MX_OK;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			code = mx_error_sys(err, errno,
			    "%s: the store's directory can't be made; name another file "
			    "with --store",
			    copy);
		*slash = '/';
	}
	free(copy);
	return code;
}

/* Nobody else may read it, in whatever directory it is; SQLite gives its other files the same rights.
 * Only a new file is opened: closing another would drop the locks that this process has on it. What
 * goes wrong here SQLite will tell. */
static void
make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static enum mx_err
open_for_writing(struct mx_store *store, const char *path, struct mx_error *err)
{
	struct mx_db *db = &store->writing;

	if (make_directories(path, err) != MX_OK)
		return err->code;
	make_private(path);
	if (mx_db_open(db, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) !=
		MX_OK ||
	    mx_db_check_writable(db, err) != MX_OK || mx_db_use_wal(db, err) != MX_OK)
		return err->code;
	return mx_schema_migrate(db, err);
}

static enum mx_err
open_for_reading(struct mx_store *store, const char *path, struct mx_error *err)
{
	struct stat facts;

	if (stat(path, &facts) != 0 && errno == ENOENT)
		return mx_error_set(err, MX_ERR_SYSTEM,
		    "%s: nothing has been recorded yet; \"mxprobe check\" begins it, or name "
		    "another file with --store",
		    path);
	if (mx_db_open(&store->reading, path, SQLITE_OPEN_READONLY, err) != MX_OK)
		return err->code;
	return mx_schema_check(&store->reading, err);
}

static void
close_all(struct mx_store *store)
{
	mx_db_close(&store->reading);
	mx_db_close(&store->writing);
	free(store->path);
	free(store);
}

struct mx_store *
mx_store_open(const char *path, enum mx_store_mode mode, struct mx_error *err)
{
	struct mx_error ignored = { 0 };
	struct mx_store *store = mx_calloc(1, sizeof *store);

	err = err != NULL ? err : &ignored;
	store->path = mx_strdup(path);
	if ((mode == MX_STORE_WRITE && open_for_writing(store, path, err) != MX_OK) ||
	    open_for_reading(store, path, err) != MX_OK ||
	    (mode == MX_STORE_WRITE && mx_writer_start(store, err) != MX_OK)) {
		close_all(store);
		return NULL;
	}
	return store;
}

void
mx_store_close(struct mx_store *store)
{
	struct mx_error ignored = { 0 };

	if (store == NULL)
		return;
	if (store->is_writing) {
		if (mx_store_wait(store, &ignored) != MX_OK)
			mx_log(MX_LOG_ERROR, "%s", ignored.text);
		mx_writer_stop(store);
	}
	close_all(store);
}

const char *
mx_store_file(const struct mx_store *store)
{
	return store->path;
}

struct mx_db *
mx_store_reader(struct mx_store *store)
{
	return &store->reading;
}
