/* sieve_weave.c - of all words that the patterns demand, those worth looking for. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/demand.h"
#include "probe/verdict/sieve_parts.h"

/* A word is as common as its rarest four bytes are in the patterns themselves, for they are made of
 * what servers say. One of a byte or two is common whatever they say. */
#define GRAM_MOST 4
#define GRAM_BITS 16
#define COMMON_ONE_BYTE 100000
#define COMMON_TWO_BYTES 300
/* A set more common than this says too little for the time it takes to find it; more is worth
 * knowing where a hit begins. */
#define COMMON_MOST 400
#define START_MOST 2000
#define NEEDS_MOST 6
#define REACH_MOST UINT16_MAX /* no text is so long */

/* One distinct pattern. */
struct strand {
	const char *text;
	uint64_t hash;
	struct mx_demand demand;
};

/* A set that a way wants. */
struct wanted {
	char *key; /* own: the words, sorted */
	struct mx_words *words;
	uint32_t need;
};

/* A word that a set wants, without its borders, in a row of zeros. */
struct spelled {
	char text[MX_WORD_MOST + 1];
	struct mx_sieve_word word;
	uint32_t set;
};

struct loom {
	struct strand *strands;
	uint32_t strand_count;
	uint32_t *grams[GRAM_MOST]; /* how many of each (by hash) all patterns hold */
	struct wanted *wanted;
	size_t wanted_count;
	struct spelled *spelled;
	size_t spelled_count;
	char **stems; /* own */
	struct mx_sieve_tables tables;
};

/* ---- the patterns ---- */

static int
by_hash(const void *a, const void *b)
{
	const struct strand *left = a, *right = b;

	return (left->hash > right->hash) - (left->hash < right->hash);
}

static void
sort_strands(struct loom *loom, const char *const *texts, size_t count)
{
	struct strand *strands = mx_calloc(count + 1, sizeof *strands);
	uint32_t distinct = 0;

	for (size_t i = 0; i < count; i++)
		strands[i] =
		    (struct strand){ .text = texts[i], .hash = mx_sieve_hash(texts[i]) };
	qsort(strands, count, sizeof *strands, by_hash);
	for (size_t i = 0; i < count; i++)
		if (distinct == 0 || strands[distinct - 1].hash != strands[i].hash)
			strands[distinct++] = strands[i];
	loom->strands = strands;
	loom->strand_count = distinct;
}

static uint32_t *
gram(uint32_t *const grams[GRAM_MOST], const char *text, size_t len)
{
	uint32_t bytes = 0;

	for (size_t i = 0; i < len; i++)
		bytes = bytes << 8 | (unsigned char)text[i];
	return &grams[len - 1][bytes * UINT32_C(2654435761) >> (32 - GRAM_BITS)];
}

static void
count_grams(struct loom *loom, const char *pattern)
{
	char *lower = mx_strdup(pattern);
	size_t left = strlen(lower);

	for (char *at = lower; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at | 0x20);
	for (const char *at = lower; *at != '\0'; at++, left--)
		for (size_t len = 1; len <= GRAM_MOST && len <= left; len++)
			++*gram(loom->grams, at, len);
	free(lower);
}

static void
read_strands(struct loom *loom)
{
	for (size_t i = 0; i < GRAM_MOST; i++)
		loom->grams[i] = mx_calloc(1U << GRAM_BITS, sizeof **loom->grams);
	for (uint32_t i = 0; i < loom->strand_count; i++) {
		(void)mx_demand_read(loom->strands[i].text, &loom->strands[i].demand);
		count_grams(loom, loom->strands[i].text);
	}
}

/* ---- choosing among the sets of a way ---- */

static struct spelled
spell(const char *text, uint32_t set)
{
	struct spelled out = { .set = set };
	size_t len = strlen(text);

	out.word.border_before = text[0] == MX_WORD_BORDER;
	out.word.border_behind = len > 0 && text[len - 1] == MX_WORD_BORDER;
	text += out.word.border_before;
	len -= (size_t)(out.word.border_before + out.word.border_behind);
	if (len > MX_WORD_MOST) {
		len = MX_WORD_MOST;
		out.word.border_behind = false;
	}
	memcpy(out.text, text, len);
	out.word.len = (uint16_t)len;
	memcpy(out.word.tail, out.text + MX_STEM, sizeof out.word.tail);
	return out;
}

static size_t
commonness_of_word(const struct loom *loom, const char *text)
{
	const struct spelled word = spell(text, 0);
	size_t len = word.word.len < GRAM_MOST ? word.word.len : GRAM_MOST;
	size_t common = SIZE_MAX;

	for (size_t i = 0; i + len <= word.word.len; i++) {
		size_t here = *gram(loom->grams, word.text + i, len);

		common = here < common ? here : common;
	}
	if (len <= 2)
		common += len == 1 ? COMMON_ONE_BYTE : COMMON_TWO_BYTES;
	return common;
}

static size_t
commonness(const struct loom *loom, const struct mx_words *words)
{
	size_t common = 0;

	for (size_t i = 0; i < words->count; i++)
		common += commonness_of_word(loom, words->items[i]);
	return common;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
want(struct loom *loom, struct mx_words *words, const struct mx_words *before)
{
	struct mx_sieve_tables *tables = &loom->tables;
	size_t reach = words->to - (before != NULL ? before->from : 0);
	struct mx_buf key;

	qsort(words->items, words->count, sizeof *words->items, by_text);
	mx_buf_init(&key, SIZE_MAX);
	for (size_t i = 0; i < words->count; i++)
		(void)mx_buf_addf(&key, "%s\n", words->items[i]);
	loom->wanted = mx_grow(loom->wanted, loom->wanted_count, sizeof *loom->wanted);
	loom->wanted[loom->wanted_count++] =
	    (struct wanted){ mx_buf_take(&key), words, tables->need_count };
	tables->needs = mx_grow(tables->needs, tables->need_count, sizeof *tables->needs);
	tables->needs[tables->need_count++].reach =
	    reach < REACH_MOST ? (uint32_t)reach : REACH_MOST;
}

/* All sets but common ones, and the first where it tells the place. Until sets have numbers, wakes
 * is the need of the rarest. */
static void
choose(struct loom *loom, const struct mx_way *way, struct mx_sieve_way *out)
{
	const struct mx_words *before = NULL;
	size_t common[NEEDS_MOST], rarest = 0;
	size_t count = way->count < NEEDS_MOST ? way->count : NEEDS_MOST;

	out->needs = loom->tables.need_count;
	for (size_t i = 0; i < count; i++) {
		common[i] = commonness(loom, &way->sets[i]);
		rarest = common[i] < common[rarest] ? i : rarest;
	}
	for (size_t i = 0; i < count; i++) {
		bool is_start = i == 0 && way->starts;

		if (i != rarest && common[i] > (is_start ? START_MOST : COMMON_MOST))
			continue;
		if (i == rarest)
			out->wakes = loom->tables.need_count;
		if (is_start)
			out->start = MX_START_WORD;
		want(loom, &way->sets[i], before);
		before = &way->sets[i];
	}
	if (way->begins)
		out->start = MX_START_TEXT;
}

/* ---- numbers for everything ---- */

static void
add_way(struct mx_sieve_tables *tables, const struct mx_sieve_way *way)
{
	tables->ways = mx_grow(tables->ways, tables->way_count, sizeof *tables->ways);
	tables->ways[tables->way_count++] = *way;
}

static void
number_ways(struct loom *loom)
{
	struct mx_sieve_tables *tables = &loom->tables;

	tables->mesh_count = loom->strand_count;
	tables->hashes =
	    mx_calloc((size_t)loom->strand_count + 1, sizeof *tables->hashes);
	tables->mesh_ways =
	    mx_calloc((size_t)loom->strand_count + 1, sizeof *tables->mesh_ways);
	for (uint32_t mesh = 0; mesh < loom->strand_count; mesh++) {
		struct mx_demand *demand = &loom->strands[mesh].demand;

		tables->hashes[mesh] = loom->strands[mesh].hash;
		tables->mesh_ways[mesh] = tables->way_count;
		for (size_t i = 0; i < demand->count; i++) {
			struct mx_sieve_way way = { .mesh = mesh };

			choose(loom, &demand->ways[i], &way);
			add_way(tables, &way);
		}
	}
	tables->mesh_ways[loom->strand_count] = tables->way_count;
	/* the end of the last one's needs */
	add_way(tables, &(struct mx_sieve_way){ .needs = tables->need_count });
	tables->way_count--;
}

static int
by_key(const void *a, const void *b)
{
	const struct wanted *left = a, *right = b;

	return strcmp(left->key, right->key);
}

static void
spell_all(struct loom *loom, const struct mx_words *words, uint32_t set)
{
	for (size_t i = 0; i < words->count; i++) {
		loom->spelled =
		    mx_grow(loom->spelled, loom->spelled_count, sizeof *loom->spelled);
		loom->spelled[loom->spelled_count++] = spell(words->items[i], set);
	}
}

static void
number_sets(struct loom *loom)
{
	struct mx_sieve_tables *tables = &loom->tables;

	if (loom->wanted_count > 0)
		qsort(loom->wanted, loom->wanted_count, sizeof *loom->wanted, by_key);
	for (size_t i = 0; i < loom->wanted_count; i++) {
		const struct wanted *wanted = &loom->wanted[i];

		if (i == 0 || by_key(&wanted[-1], wanted) != 0)
			spell_all(loom, wanted->words, tables->set_count++);
		tables->needs[wanted->need].set = tables->set_count - 1;
	}
	for (uint32_t way = 0; way < tables->way_count; way++)
		tables->ways[way].wakes = tables->needs[tables->ways[way].wakes].set;
}

/* Which ways each set wakes. */
static void
index_woken(struct mx_sieve_tables *tables)
{
	uint32_t next = 0, *first;

	tables->woken = mx_calloc((size_t)tables->way_count + 1, sizeof *tables->woken);
	first = mx_calloc((size_t)tables->set_count + 1, sizeof *first);
	tables->set_woken = first;
	for (uint32_t way = 0; way < tables->way_count; way++)
		first[tables->ways[way].wakes]++;
	for (uint32_t set = 0; set <= tables->set_count; set++) {
		next += first[set];
		first[set] = next;
	}
	for (uint32_t way = tables->way_count; way-- > 0;)
		tables->woken[--first[tables->ways[way].wakes]] = way;
}

/* Words with one stem come together, then the same words, then their sets. */
static int
by_spelling(const void *a, const void *b)
{
	const struct spelled *left = a, *right = b;
	int order = memcmp(left->text, right->text, sizeof left->text);

	if (order == 0)
		order = left->word.border_before - right->word.border_before;
	if (order == 0)
		order = left->word.border_behind - right->word.border_behind;
	return order != 0 ? order : (left->set > right->set) - (left->set < right->set);
}

static bool
same_stem(const struct spelled *a, const struct spelled *b)
{
	return strncmp(a->text, b->text, MX_STEM) == 0;
}

static bool
same_word(const struct spelled *a, const struct spelled *b)
{
	return strcmp(a->text, b->text) == 0 &&
	       a->word.border_before == b->word.border_before &&
	       a->word.border_behind == b->word.border_behind;
}

static void
make_room_for_words(struct mx_sieve_tables *tables, size_t count)
{
	tables->stem_words = mx_calloc(count + 1, sizeof *tables->stem_words);
	tables->words = mx_calloc(count + 1, sizeof *tables->words);
	tables->uses = mx_calloc(count + 1, sizeof *tables->uses);
}

static void
add_stem(struct loom *loom, const char *word)
{
	uint32_t *count = &loom->tables.stem_count;

	loom->stems = mx_grow(loom->stems, *count, sizeof *loom->stems);
	loom->stems[(*count)++] = mx_strndup(word, MX_STEM);
}

/* Stems, their words, and the words' sets, all in order of spelling. */
static void
number_words(struct loom *loom)
{
	struct mx_sieve_tables *tables = &loom->tables;

	make_room_for_words(tables, loom->spelled_count);
	if (loom->spelled_count > 0)
		qsort(loom->spelled, loom->spelled_count, sizeof *loom->spelled,
		    by_spelling);
	for (size_t i = 0; i < loom->spelled_count; i++) {
		const struct spelled *spelled = &loom->spelled[i];
		bool wakes =
		    tables->set_woken[spelled->set] < tables->set_woken[spelled->set + 1];

		if (i == 0 || !same_stem(&spelled[-1], spelled)) {
			tables->stem_words[tables->stem_count] = tables->word_count;
			add_stem(loom, spelled->text);
		}
		if (i == 0 || !same_word(&spelled[-1], spelled)) {
			tables->words[tables->word_count] = spelled->word;
			tables->words[tables->word_count++].uses = tables->use_count;
		}
		tables->uses[tables->use_count++] =
		    spelled->set | (wakes ? MX_USE_WAKES : 0);
	}
	tables->stem_words[tables->stem_count] = tables->word_count;
	tables->words[tables->word_count].uses = tables->use_count;
}

/* ---- all of it ---- */

static void
clear(struct loom *loom, uint32_t stem_count)
{
	for (uint32_t i = 0; i < stem_count; i++)
		free(loom->stems[i]);
	for (uint32_t i = 0; i < loom->strand_count; i++)
		mx_demand_clear(&loom->strands[i].demand);
	for (size_t i = 0; i < loom->wanted_count; i++)
		free(loom->wanted[i].key);
	free(loom->strands);
	for (size_t i = 0; i < GRAM_MOST; i++)
		free(loom->grams[i]);
	free(loom->wanted);
	free(loom->spelled);
	free(loom->stems);
}

struct mx_sieve *
mx_sieve_weave(const char *const *texts, size_t count)
{
	struct loom loom = { 0 };
	struct mx_sieve *sieve;
	uint32_t stem_count;

	if (!mx_sieve_possible())
		return NULL;
	sort_strands(&loom, texts, count);
	read_strands(&loom);
	number_ways(&loom);
	number_sets(&loom);
	index_woken(&loom.tables);
	number_words(&loom);
	stem_count = loom.tables.stem_count;
	sieve = mx_sieve_assemble(
	    &loom.tables, mx_literals_new((const char *const *)loom.stems, stem_count));
	clear(&loom, stem_count);
	return sieve;
}
