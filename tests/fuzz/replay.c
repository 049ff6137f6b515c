/*
 * replay.c - the driver of a fuzz target where libFuzzer is not: gives it each file of its corpus.
 *
 * usage: fuzz_NAME [--tap=FILE] [-j1] [INPUT...]
 *
 * Without INPUT the corpus is $srcdir/tests/fuzz/corpus/NAME; with it, only those files: this is
 * how a crash that libFuzzer found is looked at in an ordinary build. Writes TAP, one line an
 * input; an input that ends the program leaves the plan unfulfilled, and its name is the last
 * thing said on stderr.
 */
#include <dirent.h>
#include <stdbool.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_MOST (8u << 20)

static bool
read_file(const char *path, struct mx_buf *input)
{
	char block[16384];
	FILE *file = fopen(path, "rb");
	size_t got;
	bool good = file != NULL;

	while (good && (got = fread(block, 1, sizeof block, file)) > 0)
		good = mx_buf_add(input, block, got);
	good = good && !ferror(file);
	if (file != NULL)
		fclose(file);
	return good;
}

static bool
replay(const char *path)
{
	struct mx_buf input;
	uint8_t *exact;
	bool good;

	fprintf(stderr, "replaying %s\n", path);
	mx_buf_init(&input, INPUT_MOST);
	good = read_file(path, &input);
	if (good) {
		/* A block of just that size, so that a read past its end is seen. */
		exact = malloc(input.len > 0 ? input.len : 1);
		if (exact != NULL && input.len > 0)
			memcpy(exact, input.data, input.len);
		good = exact != NULL && LLVMFuzzerTestOneInput(exact, input.len) == 0;
		free(exact);
	}
	mx_buf_clear(&input);
	return good;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The corpus of the program "…/fuzz_NAME". Returns how many paths, in the same order each time. */
static size_t
list_corpus(const char *program, char ***paths)
{
	const char *srcdir = getenv("srcdir"),
		   *name = strstr(base_name(program), "fuzz_");
	char *folder =
	    mx_asprintf("%s/tests/fuzz/corpus/%s", srcdir != NULL ? srcdir : ".",
		name != NULL ? name + strlen("fuzz_") : program);
	struct dirent **entries = NULL;
	int i, found = scandir(folder, &entries, is_visible, alphasort);

	*paths = mx_calloc(found > 0 ? (size_t)found : 1, sizeof **paths);
	for (i = 0; i < found; i++) {
		(*paths)[i] = mx_asprintf("%s/%s", folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (found <= 0)
		fprintf(stderr, "%s: no corpus there\n", folder);
	free(folder);
	return found > 0 ? (size_t)found : 0;
}

static int
replay_all(FILE *tap, char *const *paths, size_t count)
{
	size_t i, failed = 0;

	fprintf(tap, "1..%zu\n", count);
	for (i = 0; i < count; i++) {
		bool good;

		fflush(tap);
		good = replay(paths[i]);
		fprintf(tap, "%s %zu - %s\n", good ? "ok" : "not ok", i + 1,
		    base_name(paths[i]));
		failed += !good;
	}
	return count > 0 && failed == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	FILE *tap = stdout;
	char **paths = NULL;
	size_t i, count = 0;
	int at, status;

	for (at = 1; at < argc && argv[at][0] == '-'; at++)
		if (strncmp(argv[at], "--tap=", 6) == 0)
			tap = fopen(argv[at] + 6, "w");
	if (tap == NULL) {
		perror("--tap");
		return 1;
	}
	if (at < argc) {
		status = replay_all(tap, argv + at, (size_t)(argc - at));
	} else {
		count = list_corpus(argv[0], &paths);
		status = replay_all(tap, paths, count);
	}
	for (i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
	if (tap != stdout)
		fclose(tap);
	return status;
}
