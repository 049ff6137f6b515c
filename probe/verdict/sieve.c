/* sieve.c - from the words in a text to the patterns that may hit it. */
#include "probe/verdict/sieve.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/verdict/sieve_parts.h"

#define WORD_BITS 64

/* More words of a stem than this are searched, not tried one by one. */
#define MANY_WORDS 8

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
	free(tables->set_woken);
	free(tables->woken);
	free(tables->stem_words);
	free(tables->words);
	free(tables->uses);
	*tables = (struct mx_sieve_tables){ 0 };
}

struct mx_sieve *
mx_sieve_assemble(struct mx_sieve_tables *tables, struct mx_literals *literals)
{
	struct mx_sieve *sieve = mx_calloc(1, sizeof *sieve);

	sieve->tables = *tables;
	sieve->literals = literals;
	sieve->seen = mx_calloc(tables->set_count / WORD_BITS + 1, sizeof *sieve->seen);
	sieve->span = mx_calloc(tables->set_count + 1UL, sizeof *sieve->span);
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
	free(sieve->seen);
	free(sieve->span);
	free(sieve->spots);
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

/* ---- sifting ---- */

struct sifting {
	struct mx_sieve *sieve;
	const char *text;
	size_t len;
};

static bool
was_seen(const struct mx_sieve *sieve, uint32_t set)
{
	return (sieve->seen[set / WORD_BITS] >> set % WORD_BITS & 1) != 0;
}

/* PCRE2's \w, without a locale. */
static const bool word_bytes[256] = {
	['0' ... '9'] = true,
	['A' ... 'Z'] = true,
	['_'] = true,
	['a' ... 'z'] = true,
};

static bool
is_word_byte(char byte)
{
	return word_bytes[(unsigned char)byte];
}

/* The zeros behind the text are no bytes of a word. */
static bool
is_border(const struct sifting *sifting, size_t at)
{
	bool before = at > 0 && is_word_byte(sifting->text[at - 1]);

	return before != is_word_byte(sifting->text[at]);
}

static void
note_spot(struct mx_sieve *sieve, uint32_t word, size_t at)
{
	if (sieve->spot_count == sieve->spot_room) {
		sieve->spot_room = 2 * sieve->spot_room + 64;
		sieve->spots =
		    mx_reallocarray(sieve->spots, sieve->spot_room, sizeof *sieve->spots);
	}
	sieve->spots[sieve->spot_count++] = (struct mx_sieve_spot){ word, (uint32_t)at };
}

static void
widen(struct mx_sieve_span *span, uint32_t at)
{
	if (at < span->first)
		span->first = at;
	if (at > span->last)
		span->last = at;
}

static void
see(struct mx_sieve *sieve, uint32_t word, size_t at)
{
	const struct mx_sieve_tables *tables = &sieve->tables;

	for (uint32_t i = tables->words[word].uses; i < tables->words[word + 1].uses;
	     i++) {
		uint32_t set = tables->uses[i] & ~MX_USE_WAKES;

		if (was_seen(sieve, set)) {
			widen(&sieve->span[set], (uint32_t)at);
			continue;
		}
		sieve->seen[set / WORD_BITS] |= UINT64_C(1) << set % WORD_BITS;
		sieve->span[set] = (struct mx_sieve_span){ (uint32_t)at, (uint32_t)at };
	}
	note_spot(sieve, word, at);
}

/* Eight bytes as a number that sorts as they do. */
static uint64_t
tail_number(const char *bytes)
{
	uint64_t number;

	memcpy(&number, bytes, sizeof number);
	return be64toh(number);
}

/* Does text begin with the word's tail? Zeros behind the text end a tail, too. */
static bool
has_tail(const struct mx_sieve_word *word, uint64_t text)
{
	size_t len = word->len;

	return len <= MX_STEM ||
	       (tail_number(word->tail) ^ text) >> 8 * (MX_WORD_MOST - len) == 0;
}

/* Words with a stem are sorted by their tails, those without one first: the first whose tail begins
 * with this byte or a greater one, behind those without. */
static uint32_t
first_with_tail(
    const struct mx_sieve_word *words, uint32_t from, uint32_t behind, unsigned char byte)
{
	while (from < behind) {
		uint32_t middle = from + (behind - from) / 2;

		if ((unsigned char)words[middle].tail[0] < byte)
			from = middle + 1;
		else
			behind = middle;
	}
	return from;
}

/* The stem was found: which of its words stand there? */
static void
on_stem(void *arg, uint32_t stem, size_t end)
{
	struct sifting *sifting = arg;
	const struct mx_sieve_tables *tables = &sifting->sieve->tables;
	uint32_t word = tables->stem_words[stem], behind = tables->stem_words[stem + 1];
	size_t stem_len =
	    tables->words[word].len < MX_STEM ? tables->words[word].len : MX_STEM;
	size_t at = end - stem_len;
	bool border = is_border(sifting, at);
	uint64_t text = tail_number(sifting->text + end);
	unsigned char first = (unsigned char)sifting->text[end];

	for (; word < behind; word++) {
		const struct mx_sieve_word *row = &tables->words[word];

		if (row->len > MX_STEM && behind - word > MANY_WORDS &&
		    (unsigned char)row->tail[0] < first) {
			word = first_with_tail(tables->words, word, behind, first);
			if (word == behind)
				return;
			row = &tables->words[word];
		}
		if (row->len > MX_STEM && tail_number(row->tail) > text)
			return;
		if (row->border_before <= border && has_tail(row, text) &&
		    (!row->border_behind || is_border(sifting, at + row->len)))
			see(sifting->sieve, word, at);
	}
}

/* May a word that begins within span follow one that begins within before? */
static bool
may_follow(
    const struct mx_sieve_span *before, const struct mx_sieve_span *span, uint32_t reach)
{
	return span->last > before->first && span->first <= before->last + reach;
}

static bool
is_open(const struct mx_sieve *sieve, const struct mx_sieve_way *way)
{
	const struct mx_sieve_need *needs = sieve->tables.needs;
	const struct mx_sieve_span *before = NULL;

	for (uint32_t i = way->needs; i < way[1].needs; i++) {
		const struct mx_sieve_span *span = &sieve->span[needs[i].set];

		if (!was_seen(sieve, needs[i].set))
			return false;
		if (before != NULL
			? !may_follow(before, span, needs[i].reach)
			: (way->start == MX_START_TEXT && span->first > needs[i].reach))
			return false;
		before = span;
	}
	return true;
}

static void
wake(const struct mx_sieve *sieve, uint32_t set, void (*told)(void *arg, uint32_t mesh),
    void *arg)
{
	const struct mx_sieve_tables *tables = &sieve->tables;

	for (uint32_t i = tables->set_woken[set]; i < tables->set_woken[set + 1]; i++) {
		const struct mx_sieve_way *way = &tables->ways[tables->woken[i]];

		if (is_open(sieve, way))
			told(arg, way->mesh);
	}
}

bool
mx_sieve_sift(struct mx_sieve *sieve, const char *text, size_t len,
    void (*told)(void *arg, uint32_t mesh), void *arg)
{
	const struct mx_sieve_tables *tables = &sieve->tables;
	struct sifting sifting = { sieve, text, len };

	memset(sieve->seen, 0, (tables->set_count / WORD_BITS + 1) * sizeof *sieve->seen);
	sieve->spot_count = 0;
	if (len == 0 || !mx_literals_find(sieve->literals, text, len, on_stem, &sifting))
		return false;
	for (size_t i = 0; i < sieve->spot_count; i++) {
		const struct mx_sieve_word *word = &tables->words[sieve->spots[i].word];

		for (uint32_t k = word->uses; k < word[1].uses; k++)
			if ((tables->uses[k] & MX_USE_WAKES) != 0)
				wake(sieve, tables->uses[k] & ~MX_USE_WAKES, told, arg);
	}
	return true;
}

/* ---- where ---- */

/* False when there is no more room. */
static bool
insert(size_t starts[MX_SIEVE_STARTS], size_t *count, size_t at)
{
	size_t i = *count;

	while (i > 0 && starts[i - 1] > at)
		i--;
	if (i > 0 && starts[i - 1] == at)
		return true;
	if (*count == MX_SIEVE_STARTS)
		return false;
	memmove(&starts[i + 1], &starts[i], (*count - i) * sizeof *starts);
	starts[i] = at;
	++*count;
	return true;
}

static bool
is_of_set(const struct mx_sieve_tables *tables, uint32_t word, uint32_t set)
{
	for (uint32_t i = tables->words[word].uses; i < tables->words[word + 1].uses; i++)
		if ((tables->uses[i] & ~MX_USE_WAKES) == set)
			return true;
	return false;
}

/* Can the way's second word follow a first one that begins here? */
static bool
goes_on(const struct mx_sieve *sieve, const struct mx_sieve_way *way, uint32_t at)
{
	const struct mx_sieve_need *next = &sieve->tables.needs[way->needs + 1];
	const struct mx_sieve_span here = { at, at };

	return way->needs + 1 == way[1].needs ||
	       may_follow(&here, &sieve->span[next->set], next->reach);
}

/* False when a hit may begin anywhere. */
static bool
add_starts(const struct mx_sieve *sieve, const struct mx_sieve_way *way,
    size_t starts[MX_SIEVE_STARTS], size_t *count)
{
	uint32_t set = sieve->tables.needs[way->needs].set;
	const struct mx_sieve_span *span = &sieve->span[set];

	if (way->start == MX_START_ANYWHERE)
		return false;
	if (way->start == MX_START_TEXT)
		return insert(starts, count, 0);
	if (span->first == span->last)
		return insert(starts, count, span->first);
	for (size_t i = 0; i < sieve->spot_count; i++)
		if (goes_on(sieve, way, sieve->spots[i].at) &&
		    is_of_set(&sieve->tables, sieve->spots[i].word, set) &&
		    !insert(starts, count, sieve->spots[i].at))
			return false;
	return true;
}

size_t
mx_sieve_starts(
    const struct mx_sieve *sieve, uint32_t mesh, size_t starts[MX_SIEVE_STARTS])
{
	const struct mx_sieve_tables *tables = &sieve->tables;
	size_t count = 0;

	for (uint32_t w = tables->mesh_ways[mesh]; w < tables->mesh_ways[mesh + 1]; w++)
		if (is_open(sieve, &tables->ways[w]) &&
		    !add_starts(sieve, &tables->ways[w], starts, &count))
			return MX_SIEVE_ANYWHERE;
	return count;
}
