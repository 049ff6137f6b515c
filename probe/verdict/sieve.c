/* sieve.c - a vectorscan database, and which of our patterns became what in it. */
#include "probe/verdict/sieve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#ifdef HAVE_VECTORSCAN

#include <hs.h>

#include "probe/base/hash.h"

/* Raise it when the meaning of what is saved changes. */
#define SAVED_FORMAT 1
#define SAVED_MOST (1U << 20)

/* In a saved sieve: this, the hashes, the ways, the database. */
struct head {
	uint32_t format, count;
	uint64_t database_len;
};

/* How vectorscan takes a pattern. PREFILTER gives it leave to report too much where it can't
 * express look-around, back-references or atomic groups. */
enum way {
	WAY_OUT, /* not at all */
	WAY_APPROXIMATE,
	WAY_EXACT
};

static const unsigned flags_of[] = {
	[WAY_APPROXIMATE] = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH | HS_FLAG_PREFILTER |
			    HS_FLAG_ALLOWEMPTY,
	[WAY_EXACT] = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH,
};

/* A pattern is known by the hash of its text: a sieve does not care in which order or in which
 * files the rules stand, nor whether it holds more patterns than are asked for. */
struct mx_sieve {
	uint64_t *hashes; /* ascending; the index is the mesh */
	unsigned char *ways;
	uint32_t count;
	hs_database_t *database;
	hs_scratch_t *scratch;
};

bool
mx_sieve_possible(void)
{
	return hs_valid_platform() == HS_SUCCESS;
}

const char *
mx_sieve_version(void)
{
	return hs_version();
}

void
mx_sieve_free(struct mx_sieve *sieve)
{
	if (sieve == NULL)
		return;
	(void)hs_free_scratch(sieve->scratch);
	(void)hs_free_database(sieve->database);
	free(sieve->hashes);
	free(sieve->ways);
	free(sieve);
}

/* ---- widening ---- */

/*
 * "\bblocked\b.{0,200}code" as it stands costs an automaton of two hundred states that runs
 * beside every "blocked"; "blocked.{0,}code" is two words and a bit. Whoever is told asks PCRE2
 * anyhow, so it does no harm to take more repetitions than the pattern allows and to forget the
 * borders of words: that only makes it hit more.
 */
#define REPEAT_MOST 3

/* The end of a character class that begins at text; "[]x]" and "[^]x]" hold a bracket. */
static const char *
skip_class(const char *text)
{
	text += text[1] == '^' ? 2 : 1;
	if (*text == ']')
		text++;
	while (*text != '\0' && *text != ']') {
		if (text[0] == '[' && text[1] == ':' && strstr(text, ":]") != NULL)
			text = strstr(text, ":]") + 1;
		else if (text[0] == '\\' && text[1] != '\0')
			text++;
		text++;
	}
	return *text == ']' ? text + 1 : text;
}

/* "\\{", "\\x{41}", "\\d": no brace in it is a repetition. */
static const char *
skip_escape(const char *text)
{
	const char *end;

	if (text[1] == '\0')
		return text + 1;
	if (text[2] != '{' || strchr("xpPgkoN", text[1]) == NULL)
		return text + 2;
	end = strchr(text, '}');
	return end != NULL ? end + 1 : text + 2;
}

/* The length of "{m,n}" at text when it may become "{m,}", else 0. Not a possessive one: that
 * would swallow what follows. */
static size_t
wide_repeat(const char *text, int *least)
{
	int most = 0, len = 0;

	if (sscanf(text, "{%4d,%4d}%n", least, &most, &len) != 2 || len == 0)
		return 0;
	return *least <= most && most > REPEAT_MOST && text[len] != '+' ? (size_t)len : 0;
}

static char *
widen(const char *text)
{
	struct mx_buf wide;

	mx_buf_init(&wide, 2 * strlen(text) + 1);
	while (*text != '\0') {
		const char *next = text + 1;
		int least = 0;
		size_t repeat = 0;

		if (strncmp(text, "\\b", 2) == 0) {
			text += 2;
			continue;
		}
		if (*text == '\\')
			next = skip_escape(text);
		else if (*text == '[')
			next = skip_class(text);
		else if (*text == '{')
			repeat = wide_repeat(text, &least);
		if (repeat > 0)
			(void)mx_buf_addf(&wide, "{%d,}", least);
		else
			(void)mx_buf_add(&wide, text, (size_t)(next - text));
		text = repeat > 0 ? text + repeat : next;
	}
	return mx_buf_take(&wide);
}

/* ---- weaving ---- */

/* One distinct pattern on its way into the database. */
struct strand {
	char *text;    /* own, widened */
	uint64_t hash; /* of the text as it stands in the rule */
	bool sift;
	enum way way;
};

static uint64_t
hash_of(const char *text)
{
	return mx_hash(text, strlen(text), 0);
}

static int
by_hash(const void *a, const void *b)
{
	const struct strand *left = a, *right = b;

	return (left->hash > right->hash) - (left->hash < right->hash);
}

/* The best way in which vectorscan takes the pattern by itself. */
static enum way
way_of(const char *text)
{
	for (enum way way = WAY_EXACT; way > WAY_OUT; way--) {
		hs_expr_info_t *info = NULL;
		hs_compile_error_t *error = NULL;
		hs_error_t status =
		    hs_expression_info(text, flags_of[way], &info, &error);

		free(info);
		(void)hs_free_compile_error(error);
		if (status == HS_SUCCESS)
			return way;
	}
	return WAY_OUT;
}

static struct strand *
sort_strands(const struct mx_sieve_text *texts, size_t count, uint32_t *distinct)
{
	struct strand *strands = mx_calloc(count + 1, sizeof *strands);

	for (size_t i = 0; i < count; i++)
		strands[i] = (struct strand){ .text = widen(texts[i].text),
			.hash = hash_of(texts[i].text),
			.sift = texts[i].sift };
	qsort(strands, count, sizeof *strands, by_hash);
	*distinct = 0;
	for (size_t i = 0; i < count; i++)
		if (*distinct == 0 || strands[*distinct - 1].hash != strands[i].hash)
			strands[(*distinct)++] = strands[i];
		else {
			strands[*distinct - 1].sift |= strands[i].sift;
			free(strands[i].text);
		}
	for (uint32_t i = 0; i < *distinct; i++)
		strands[i].way = strands[i].sift ? way_of(strands[i].text) : WAY_OUT;
	return strands;
}

/* *refused is the strand that vectorscan does not take after all, or -1. */
static hs_database_t *
compile(const struct strand *strands, uint32_t count, long *refused)
{
	/* No feature of this processor is used, so that the database runs on all. */
	const hs_platform_info_t any = { .tune = HS_TUNE_FAMILY_GENERIC };
	const char **texts = mx_calloc(count + 1, sizeof *texts);
	unsigned *flags = mx_calloc(count + 1, sizeof *flags);
	unsigned *meshes = mx_calloc(count + 1, sizeof *meshes);
	hs_compile_error_t *error = NULL;
	hs_database_t *database = NULL;
	unsigned used = 0;

	*refused = -1;
	for (uint32_t i = 0; i < count; i++) {
		if (strands[i].way == WAY_OUT)
			continue;
		texts[used] = strands[i].text;
		flags[used] = flags_of[strands[i].way];
		meshes[used++] = i;
	}
	if (used > 0 && hs_compile_multi(texts, flags, meshes, used, HS_MODE_BLOCK, &any,
			    &database, &error) != HS_SUCCESS) {
		if (error->expression >= 0)
			*refused = (long)meshes[error->expression];
		(void)hs_free_compile_error(error);
	}
	free(texts);
	free(flags);
	free(meshes);
	return database;
}

static hs_database_t *
compile_what_goes(struct strand *strands, uint32_t count)
{
	for (;;) {
		long refused;
		hs_database_t *database = compile(strands, count, &refused);

		if (database != NULL || refused < 0)
			return database;
		strands[refused].way--;
	}
}

struct mx_sieve *
mx_sieve_weave(const struct mx_sieve_text *texts, size_t count)
{
	struct mx_sieve *sieve;
	struct strand *strands;

	if (!mx_sieve_possible())
		return NULL;
	sieve = mx_calloc(1, sizeof *sieve);
	strands = sort_strands(texts, count, &sieve->count);
	sieve->database = compile_what_goes(strands, sieve->count);
	sieve->hashes = mx_calloc(sieve->count + 1, sizeof *sieve->hashes);
	sieve->ways = mx_calloc(sieve->count + 1, sizeof *sieve->ways);
	for (uint32_t i = 0; i < sieve->count; i++) {
		sieve->hashes[i] = strands[i].hash;
		sieve->ways[i] = (unsigned char)strands[i].way;
		free(strands[i].text);
	}
	free(strands);
	if (sieve->database == NULL ||
	    hs_alloc_scratch(sieve->database, &sieve->scratch) != HS_SUCCESS) {
		mx_sieve_free(sieve);
		return NULL;
	}
	return sieve;
}

/* ---- asking ---- */

uint32_t
mx_sieve_count(const struct mx_sieve *sieve)
{
	return sieve->count;
}

static uint32_t
find(const struct mx_sieve *sieve, const char *text)
{
	uint64_t hash = hash_of(text);
	uint32_t low = 0, high = sieve != NULL ? sieve->count : 0;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (sieve->hashes[middle] == hash)
			return middle;
		if (sieve->hashes[middle] < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return MX_SIEVE_NONE;
}

uint32_t
mx_sieve_mesh(const struct mx_sieve *sieve, const char *text)
{
	uint32_t mesh = find(sieve, text);

	return mesh != MX_SIEVE_NONE && sieve->ways[mesh] != WAY_OUT ? mesh
								     : MX_SIEVE_NONE;
}

bool
mx_sieve_knows(const struct mx_sieve *sieve, const char *text)
{
	return find(sieve, text) != MX_SIEVE_NONE;
}

struct listener {
	void (*told)(void *arg, uint32_t mesh);
	void *arg;
};

static int
on_match(unsigned mesh, unsigned long long from, unsigned long long to, unsigned flags,
    void *context)
{
	const struct listener *listener = context;

	(void)from, (void)to, (void)flags;
	listener->told(listener->arg, mesh);
	return 0;
}

bool
mx_sieve_sift(const struct mx_sieve *sieve, const char *text, size_t len,
    void (*told)(void *arg, uint32_t mesh), void *arg)
{
	struct listener listener = { told, arg };

	return len > 0 && len <= UINT32_MAX &&
	       hs_scan(sieve->database, text, (unsigned)len, 0, sieve->scratch, on_match,
		   &listener) == HS_SUCCESS;
}

/* ---- saving and loading ---- */

bool
mx_sieve_save(const struct mx_sieve *sieve, struct mx_buf *out)
{
	struct head head = { .format = SAVED_FORMAT, .count = sieve->count };
	char *database = NULL;
	size_t len = 0;
	bool saved;

	if (hs_serialize_database(sieve->database, &database, &len) != HS_SUCCESS)
		return false;
	head.database_len = len;
	saved = mx_buf_add(out, &head, sizeof head) &&
		mx_buf_add(out, sieve->hashes, sieve->count * sizeof *sieve->hashes) &&
		mx_buf_add(out, database, len) &&
		mx_buf_add(out, sieve->ways, sieve->count);
	free(database);
	return saved;
}

/* The lengths add up and the tables say what they may. */
static bool
is_whole(const struct head *head, const char *bytes, size_t len)
{
	const uint64_t *hashes = (const void *)(bytes + sizeof *head);
	size_t tables;

	if (head->format != SAVED_FORMAT || head->count > SAVED_MOST)
		return false;
	tables = head->count * (sizeof *hashes + 1);
	if (len - sizeof *head < tables ||
	    head->database_len != len - sizeof *head - tables)
		return false;
	for (uint32_t i = 1; i < head->count; i++)
		if (hashes[i - 1] >= hashes[i])
			return false;
	for (uint32_t i = 0; i < head->count; i++)
		if ((unsigned char)bytes[len - head->count + i] > WAY_EXACT)
			return false;
	return true;
}

struct mx_sieve *
mx_sieve_load(const char *bytes, size_t len)
{
	struct head head;
	struct mx_sieve *sieve;
	size_t hashes;

	if (!mx_sieve_possible() || len < sizeof head)
		return NULL;
	memcpy(&head, bytes, sizeof head);
	if (!is_whole(&head, bytes, len))
		return NULL;
	hashes = head.count * sizeof *sieve->hashes;
	sieve = mx_calloc(1, sizeof *sieve);
	sieve->count = head.count;
	sieve->hashes = mx_calloc(head.count + 1, sizeof *sieve->hashes);
	sieve->ways = mx_calloc(head.count + 1, sizeof *sieve->ways);
	memcpy(sieve->hashes, bytes + sizeof head, hashes);
	memcpy(sieve->ways, bytes + len - head.count, head.count);
	/* vectorscan checks its own version, platform and checksum. */
	if (hs_deserialize_database(bytes + sizeof head + hashes, head.database_len,
		&sieve->database) != HS_SUCCESS ||
	    hs_alloc_scratch(sieve->database, &sieve->scratch) != HS_SUCCESS) {
		mx_sieve_free(sieve);
		return NULL;
	}
	return sieve;
}

#else /* no vectorscan: no sieve, everything may hit */

bool
mx_sieve_possible(void)
{
	return false;
}

const char *
mx_sieve_version(void)
{
	return "";
}

struct mx_sieve *
mx_sieve_weave(const struct mx_sieve_text *texts, size_t count)
{
	(void)texts, (void)count;
	return NULL;
}

void
mx_sieve_free(struct mx_sieve *sieve)
{
	(void)sieve;
}

uint32_t
mx_sieve_count(const struct mx_sieve *sieve)
{
	(void)sieve;
	return 0;
}

uint32_t
mx_sieve_mesh(const struct mx_sieve *sieve, const char *text)
{
	(void)sieve, (void)text;
	return MX_SIEVE_NONE;
}

bool
mx_sieve_knows(const struct mx_sieve *sieve, const char *text)
{
	(void)sieve, (void)text;
	return false;
}

bool
mx_sieve_sift(const struct mx_sieve *sieve, const char *text, size_t len,
    void (*told)(void *arg, uint32_t mesh), void *arg)
{
	(void)sieve, (void)text, (void)len, (void)told, (void)arg;
	return false;
}

bool
mx_sieve_save(const struct mx_sieve *sieve, struct mx_buf *out)
{
	(void)sieve, (void)out;
	return false;
}

struct mx_sieve *
mx_sieve_load(const char *bytes, size_t len)
{
	(void)bytes, (void)len;
	return NULL;
}

#endif
