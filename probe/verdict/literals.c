/* literals.c - a vectorscan database of nothing but literals. */
#include "probe/verdict/literals.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#ifdef HAVE_VECTORSCAN

#include <hs.h>

struct mx_literals {
	hs_database_t *database;
	hs_scratch_t *scratch;
};

bool
mx_literals_possible(void)
{
	return hs_valid_platform() == HS_SUCCESS;
}

const char *
mx_literals_version(void)
{
	return hs_version();
}

void
mx_literals_free(struct mx_literals *literals)
{
	if (literals == NULL)
		return;
	(void)hs_free_scratch(literals->scratch);
	(void)hs_free_database(literals->database);
	free(literals);
}

/* Takes the database over. */
static struct mx_literals *
with_scratch(hs_database_t *database)
{
	struct mx_literals *literals = mx_calloc(1, sizeof *literals);

	literals->database = database;
	if (hs_alloc_scratch(database, &literals->scratch) == HS_SUCCESS)
		return literals;
	mx_literals_free(literals);
	return NULL;
}

struct mx_literals *
mx_literals_new(const char *const *words, size_t count)
{
	/* No feature of this processor is used, so that the database runs on all. */
	const hs_platform_info_t any = { .tune = HS_TUNE_FAMILY_GENERIC };
	unsigned *flags = mx_calloc(count + 1, sizeof *flags);
	unsigned *ids = mx_calloc(count + 1, sizeof *ids);
	size_t *lens = mx_calloc(count + 1, sizeof *lens);
	hs_compile_error_t *error = NULL;
	hs_database_t *database = NULL;
	hs_error_t status;

	for (size_t i = 0; i < count; i++) {
		ids[i] = (unsigned)i;
		lens[i] = strlen(words[i]);
	}
	status = hs_compile_lit_multi(words, flags, ids, lens, (unsigned)count,
	    HS_MODE_BLOCK, &any, &database, &error);
	(void)hs_free_compile_error(error);
	free(flags);
	free(ids);
	free(lens);
	return status == HS_SUCCESS ? with_scratch(database) : NULL;
}

struct listener {
	void (*found)(void *arg, uint32_t word, size_t end);
	void *arg;
};

static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
    void *context)
{
	const struct listener *listener = context;

	(void)from, (void)flags;
	listener->found(listener->arg, id, (size_t)to);
	return 0;
}

bool
mx_literals_find(const struct mx_literals *literals, const char *text, size_t len,
    void (*found)(void *arg, uint32_t word, size_t end), void *arg)
{
	struct listener listener = { found, arg };

	return len <= UINT32_MAX &&
	       hs_scan(literals->database, text, (unsigned)len, 0, literals->scratch,
		   on_match, &listener) == HS_SUCCESS;
}

bool
mx_literals_save(const struct mx_literals *literals, struct mx_buf *out)
{
	char *bytes = NULL;
	size_t len = 0;
	bool saved;

	if (hs_serialize_database(literals->database, &bytes, &len) != HS_SUCCESS)
		return false;
	saved = mx_buf_add(out, bytes, len);
	free(bytes);
	return saved;
}

struct mx_literals *
mx_literals_load(const char *bytes, size_t len)
{
	hs_database_t *database = NULL;

	/* vectorscan checks its own version, platform and checksum. */
	if (!mx_literals_possible() ||
	    hs_deserialize_database(bytes, len, &database) != HS_SUCCESS)
		return NULL;
	return with_scratch(database);
}

#else /* no vectorscan */

bool
mx_literals_possible(void)
{
	return false;
}

const char *
mx_literals_version(void)
{
	return "";
}

struct mx_literals *
mx_literals_new(const char *const *words, size_t count)
{
	(void)words, (void)count;
	return NULL;
}

void
mx_literals_free(struct mx_literals *literals)
{
	(void)literals;
}

bool
mx_literals_find(const struct mx_literals *literals, const char *text, size_t len,
    void (*found)(void *arg, uint32_t word, size_t end), void *arg)
{
	(void)literals, (void)text, (void)len, (void)found, (void)arg;
	return false;
}

bool
mx_literals_save(const struct mx_literals *literals, struct mx_buf *out)
{
	(void)literals, (void)out;
	return false;
}

struct mx_literals *
mx_literals_load(const char *bytes, size_t len)
{
	(void)bytes, (void)len;
	return NULL;
}

#endif
