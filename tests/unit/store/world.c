/* world.c - temporary stores. */
#include "tests/unit/store/world.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/base/mem.h"

char *world_dir, *world_path;

void
world_make(void)
{
	struct mx_store *store;

	world_dir = mx_strdup("/tmp/mx-store-XXXXXX");
	cr_assert_not_null(mkdtemp(world_dir));
	world_path = mx_asprintf("%s/mxprobe.db", world_dir);
	store = world_open();
	mx_store_close(store);
}

static int
remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
	(void)facts;
	(void)kind;
	(void)where;
	return remove(path);
}

void
world_remove(void)
{
	(void)nftw(world_dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(world_path);
	free(world_dir);
}

struct mx_store *
world_open(void)
{
	struct mx_error err = { 0 };
	struct mx_store *store = mx_store_open(world_path, MX_STORE_WRITE, &err);

	cr_assert_not_null(store, "%s", err.text);
	return store;
}

void
world_wait(struct mx_store *store)
{
	struct mx_error err = { 0 };

	cr_assert_eq(mx_store_wait(store, &err), MX_OK, "%s", err.text);
}

struct mx_store_result
world_result(const char *source, const char *group, int64_t time_s, const char *address,
    const char *verdict)
{
	static char ids[1024][27];
	static unsigned next;
	char *id = ids[next % 1024];

	(void)snprintf(id, sizeof *ids, "01RESULT%018u", next++);
	return (struct mx_store_result){
		.id = id,
		.time_us = time_s * 1000000,
		.source = source,
		.group = group,
		.provider = group,
		.destination = "example.org",
		.mx_host = address != NULL ? "mx.example.org" : NULL,
		.address = address,
		.verdict = verdict,
		.depth = "mail",
		.reached = "mail",
		.stage = "mail",
		.code = 550,
		.text = "no",
		.confidence = 0.5,
	};
}
