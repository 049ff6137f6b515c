/* sieve.c - from the words in a text to the patterns that may hit it. */
#include "probe/verdict/sieve.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/verdict/sieve_parts.h"

#define WORD_BITS 64

/* ---- life ---- */

bool
mx_sieve_possible(void)
{
	return mx_literals_possible();
}

const char *
mx_sieve_version(void)
{
	return mx_literals_version();
}

void
mx_sieve_tables_free(struct mx_sieve_tables *tables)
{
	free(tables->hashes);
	free(tables->mesh_ways);
	free(tables->ways);
	free(tables->needs);
	free(tables->set_words);
	free(tables->words);
	free(tables->word_grams);
	free(tables->cue_woken);
	free(tables->woken);
	*tables = (struct mx_sieve_tables){ 0 };
}

struct mx_sieve *
mx_sieve_assemble(struct mx_sieve_tables *tables, struct mx_literals *literals)
{
	struct mx_sieve *sieve = mx_calloc(1, sizeof *sieve);

	sieve->tables = *tables;
	sieve->literals = literals;
	sieve->awake = mx_calloc(tables->way_count / WORD_BITS + 1, sizeof *sieve->awake);
	sieve->spans = mx_calloc(tables->set_count + 1UL, sizeof *sieve->spans);
	*tables = (struct mx_sieve_tables){ 0 };
	if (literals != NULL)
		return sieve;
	mx_sieve_free(sieve);
	return NULL;
}

void
mx_sieve_free(struct mx_sieve *sieve)
{
	if (sieve == NULL)
		return;
	mx_literals_free(sieve->literals);
	mx_sieve_tables_free(&sieve->tables);
	mx_grams_clear(&sieve->grams);
	free(sieve->awake);
	free(sieve->spans);
	free(sieve);
}

/* ---- which pattern is which mesh ---- */

/* A pattern is known by the hash of its text: a sieve does not care in which order or in which
 * files the rules stand, nor whether it holds more patterns than are asked for. */
uint64_t
mx_sieve_hash(const char *text)
{
	return mx_hash(text, strlen(text), 0);
}

uint32_t
mx_sieve_count(const struct mx_sieve *sieve)
{
	return sieve->tables.mesh_count;
}

static uint32_t
find(const struct mx_sieve *sieve, const char *text)
{
	uint64_t hash = mx_sieve_hash(text);
	uint32_t low = 0, high = sieve != NULL ? sieve->tables.mesh_count : 0;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (sieve->tables.hashes[middle] == hash)
			return middle;
		if (sieve->tables.hashes[middle] < hash)
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

	return mesh != MX_SIEVE_NONE &&
		       sieve->tables.mesh_ways[mesh] < sieve->tables.mesh_ways[mesh + 1]
		   ? mesh
		   : MX_SIEVE_NONE;
}

bool
mx_sieve_knows(const struct mx_sieve *sieve, const char *text)
{
	return find(sieve, text) != MX_SIEVE_NONE;
}

/* ---- which ways are awake ---- */

struct sifting {
	struct mx_sieve *sieve;
	void (*told)(void *arg, uint32_t mesh);
	void *arg;
};

static bool
is_awake(const struct mx_sieve *sieve, uint32_t way)
{
	return (sieve->awake[way / WORD_BITS] >> way % WORD_BITS & 1) != 0;
}

/* A cue was found; its number is also that of the row with the ways it wakes. */
static void
wake(void *arg, uint32_t cue, size_t end)
{
	const struct sifting *sifting = arg;
	struct mx_sieve *sieve = sifting->sieve;
	const struct mx_sieve_tables *tables = &sieve->tables;

	(void)end;
	for (uint32_t i = tables->cue_woken[cue]; i < tables->cue_woken[cue + 1]; i++) {
		uint32_t way = tables->woken[i];

		if (is_awake(sieve, way))
			continue;
		sieve->awake[way / WORD_BITS] |= UINT64_C(1) << way % WORD_BITS;
		sifting->told(sifting->arg, tables->ways[way].mesh);
	}
}

bool
mx_sieve_sift(struct mx_sieve *sieve, const char *text, size_t len,
    void (*told)(void *arg, uint32_t mesh), void *arg)
{
	const struct mx_sieve_tables *tables = &sieve->tables;
	struct sifting sifting = { sieve, told, arg };

	if (len == 0 || !mx_grams_read(&sieve->grams, text, len))
		return false;
	memset(
	    sieve->awake, 0, (tables->way_count / WORD_BITS + 1) * sizeof *sieve->awake);
	sieve->text = text;
	if (++sieve->text_number == 0) { /* as after 2^32 texts */
		memset(sieve->spans, 0, tables->set_count * sizeof *sieve->spans);
		sieve->text_number = 1;
	}
	wake(&sifting, tables->cue_count, 0);
	return mx_literals_find(sieve->literals, text, len, wake, &sifting);
}

/* ---- words looked up ---- */

/* The zeros behind the text are no bytes of a word. */
static bool
is_border(const char *text, size_t at)
{
	bool before = at > 0 && mx_gram_is_word(text[at - 1]);

	return before != mx_gram_is_word(text[at]);
}

static uint64_t
eight_bytes(const char *bytes)
{
	uint64_t eight;

	memcpy(&eight, bytes, sizeof eight);
	return le64toh(eight);
}

/* Do the first len of eight bytes differ? */
static bool
differ(const char *a, const char *b, size_t len)
{
	uint64_t difference = eight_bytes(a) ^ eight_bytes(b);

	return len < 8 ? difference << (64 - 8 * len) != 0 : difference != 0;
}

/* Not memcmp(): a call for each word that is not there takes longer than all the rest. */
static bool
stands_at(const char *text, const struct mx_sieve_word *word, size_t at)
{
	return !differ(text + at, word->text, word->len) &&
	       (word->len <= 8 ||
		   !differ(text + at + 8, word->text + 8, word->len - 8U)) &&
	       (!word->border_before || is_border(text, at)) &&
	       (!word->border_behind || is_border(text, at + word->len));
}

/* The word's next place, from this link on, which then leads on from there. False: none. */
static bool
find_word(const struct mx_sieve *sieve, const struct mx_sieve_word *word, uint16_t *link,
    uint32_t *at)
{
	while (*link != 0) {
		uint32_t here = *link, before = 2U + word->gram_at - 1U;

		*link = sieve->grams.next[here];
		if (here >= before && stands_at(sieve->text, word, here - before)) {
			*at = here - before;
			return true;
		}
	}
	return false;
}

static void
widen(struct mx_sieve_span *span, uint32_t at)
{
	if (!span->is_there || at < span->first)
		span->first = at;
	if (!span->is_there || at > span->last)
		span->last = at;
	span->is_there = true;
}

static const struct mx_sieve_span *
look_up(struct mx_sieve *sieve, uint32_t set)
{
	const struct mx_sieve_tables *tables = &sieve->tables;
	struct mx_sieve_span *span = &sieve->spans[set];
	uint32_t at;

	if (span->text == sieve->text_number)
		return span;
	*span = (struct mx_sieve_span){ .text = sieve->text_number };
	for (uint32_t i = tables->set_words[set]; i < tables->set_words[set + 1]; i++) {
		uint16_t link = sieve->grams.first[tables->word_grams[i]];

		while (find_word(sieve, &tables->words[i], &link, &at))
			widen(span, at);
	}
	return span;
}

/* May a word that begins within span follow one that begins within before? It may be the same one,
 * where it is of both sets. */
static bool
may_follow(
    const struct mx_sieve_span *before, const struct mx_sieve_span *span, uint32_t reach)
{
	return span->last >= before->first && span->first <= before->last + reach;
}

/* Is a word of each set there? Mostly one is missing, and mostly it is the rarest. */
static bool
is_complete(struct mx_sieve *sieve, const struct mx_sieve_way *way)
{
	const struct mx_sieve_need *needs = sieve->tables.needs;

	if (way->rarest != MX_SET_NONE && !look_up(sieve, way->rarest)->is_there)
		return false;
	for (uint32_t i = way[1].needs; i-- > way->needs;)
		if (!look_up(sieve, needs[i].set)->is_there)
			return false;
	return true;
}

static bool
is_open(struct mx_sieve *sieve, const struct mx_sieve_way *way)
{
	const struct mx_sieve_need *needs = sieve->tables.needs;
	const struct mx_sieve_span *before = NULL;

	if (!is_complete(sieve, way))
		return false;
	for (uint32_t i = way->needs; i < way[1].needs; i++) {
		const struct mx_sieve_span *span = &sieve->spans[needs[i].set];

		if (before != NULL
			? !may_follow(before, span, needs[i].reach)
			: (way->start == MX_START_TEXT && span->first > needs[i].reach))
			return false;
		before = span;
	}
	return true;
}

/* ---- where ---- */

struct starts {
	size_t *at, count;
};

/* False when there is no more room. */
static bool
insert(struct starts *starts, size_t at)
{
	size_t i = starts->count;

	while (i > 0 && starts->at[i - 1] > at)
		i--;
	if (i > 0 && starts->at[i - 1] == at)
		return true;
	if (starts->count == MX_SIEVE_STARTS)
		return false;
	memmove(
	    &starts->at[i + 1], &starts->at[i], (starts->count - i) * sizeof *starts->at);
	starts->at[i] = at;
	starts->count++;
	return true;
}

/* Can the way's second word follow a first one that begins here? */
static bool
goes_on(struct mx_sieve *sieve, const struct mx_sieve_way *way, uint32_t at)
{
	const struct mx_sieve_need *next = &sieve->tables.needs[way->needs + 1];
	const struct mx_sieve_span here = { .first = at, .last = at };

	return way->needs + 1 == way[1].needs ||
	       may_follow(&here, look_up(sieve, next->set), next->reach);
}

/* Wherever a word of the way's first set stands. False when there is no more room. */
static bool
add_places(struct mx_sieve *sieve, const struct mx_sieve_way *way, struct starts *starts)
{
	const struct mx_sieve_tables *tables = &sieve->tables;
	uint32_t set = tables->needs[way->needs].set, at;

	for (uint32_t i = tables->set_words[set]; i < tables->set_words[set + 1]; i++) {
		uint16_t link = sieve->grams.first[tables->word_grams[i]];

		while (find_word(sieve, &tables->words[i], &link, &at))
			if (goes_on(sieve, way, at) && !insert(starts, at))
				return false;
	}
	return true;
}

/* False when a hit may begin anywhere. */
static bool
add_starts(struct mx_sieve *sieve, const struct mx_sieve_way *way, struct starts *starts)
{
	const struct mx_sieve_span *span;

	if (way->start == MX_START_ANYWHERE)
		return false;
	if (way->start == MX_START_TEXT)
		return insert(starts, 0);
	span = look_up(sieve, sieve->tables.needs[way->needs].set);
	if (span->first == span->last)
		return insert(starts, span->first);
	return add_places(sieve, way, starts);
}

size_t
mx_sieve_starts(struct mx_sieve *sieve, uint32_t mesh, size_t at[MX_SIEVE_STARTS])
{
	const struct mx_sieve_tables *tables = &sieve->tables;
	struct starts starts = { at, 0 };

	for (uint32_t w = tables->mesh_ways[mesh]; w < tables->mesh_ways[mesh + 1]; w++)
		if (is_awake(sieve, w) && is_open(sieve, &tables->ways[w]) &&
		    !add_starts(sieve, &tables->ways[w], &starts))
			return MX_SIEVE_ANYWHERE;
	return starts.count;
}
