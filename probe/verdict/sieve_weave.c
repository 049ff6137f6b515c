/* sieve_weave.c - of all words that the patterns demand, those worth looking for. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/demand.h"
#include "probe/verdict/sieve_parts.h"

/* Bytes are as common as their rarest four are in the texts that are known: what servers said, and
 * the patterns themselves, which are made of what servers say. */
#define GRAM_MOST 4
#define GRAM_BITS 16
#define SAID_COUNTS 16 /* as much as so many patterns */
#define COMMON_ONE_BYTE 1000000
#define COMMON_TWO_BYTES 100000
/* Cues shorter than this slow vectorscan down more than their ways cost that are always awake. */
#define CUE_LEAST 3
/* Looking for so many words takes longer than to ask PCRE2; where a hit begins is worth more. */
#define WORDS_MOST 48
#define START_WORDS_MOST 96
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

/* Bytes that wake a way. */
struct cue {
	char text[MX_CUE_MOST + 1];
	uint32_t way;
};

struct loom {
	struct strand *strands;
	uint32_t strand_count;
	uint32_t *grams[GRAM_MOST]; /* how many of each (by hash) the known texts hold */
	struct wanted *wanted;
	size_t wanted_count;
	struct cue *cues;
	size_t cue_count;
	uint32_t *always; /* ways */
	uint32_t always_count;
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
count_grams(struct loom *loom, const char *text, uint32_t times)
{
	char *lower = mx_strdup(text);
	size_t left = strlen(lower);

	for (char *at = lower; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at | 0x20);
	for (const char *at = lower; *at != '\0'; at++, left--)
		for (size_t len = 1; len <= GRAM_MOST && len <= left; len++)
			*gram(loom->grams, at, len) += times;
	free(lower);
}

static void
learn_grams(struct loom *loom, const char *const *said, size_t count)
{
	for (size_t i = 0; i < GRAM_MOST; i++)
		loom->grams[i] = mx_calloc(1U << GRAM_BITS, sizeof **loom->grams);
	for (uint32_t i = 0; i < loom->strand_count; i++)
		count_grams(loom, loom->strands[i].text, 1);
	for (size_t i = 0; i < count; i++)
		count_grams(loom, said[i], SAID_COUNTS);
}

static void
read_strands(struct loom *loom)
{
	for (uint32_t i = 0; i < loom->strand_count; i++)
		(void)mx_demand_read(loom->strands[i].text, &loom->strands[i].demand);
}

/* ---- how common ---- */

/* The bytes of a word, without its borders. */
struct bytes {
	const char *at;
	size_t len;
	bool border_before, border_behind;
};

static struct bytes
bytes_of(const char *word)
{
	struct bytes out = { word, strlen(word), false, false };

	out.border_before = word[0] == MX_WORD_BORDER;
	out.border_behind = out.len > 0 && word[out.len - 1] == MX_WORD_BORDER;
	out.at += out.border_before;
	out.len -= (size_t)(out.border_before + out.border_behind);
	return out;
}

/* What stands on a border's other side is known where the word's own byte is one of a word: then it
 * counts as one more byte. */
static bool
is_framed_before(const struct bytes *word)
{
	return word->border_before && mx_gram_is_word(word->at[0]);
}

static bool
is_framed_behind(const struct bytes *word)
{
	return word->border_behind && mx_gram_is_word(word->at[word->len - 1]);
}

static bool
has_grams(const char *text)
{
	struct bytes word = bytes_of(text);

	return word.len + is_framed_before(&word) + is_framed_behind(&word) >= MX_GRAM;
}

static bool
can_be_looked_up(const struct mx_words *words)
{
	size_t i = 0;

	while (i < words->count && has_grams(words->items[i]))
		i++;
	return i == words->count;
}

static size_t
commonness_of_bytes(const struct loom *loom, const char *bytes, size_t len)
{
	size_t gram_len = len < GRAM_MOST ? len : GRAM_MOST;
	size_t common = SIZE_MAX;

	for (size_t i = 0; i + gram_len <= len; i++) {
		size_t here = *gram(loom->grams, bytes + i, gram_len);

		common = here < common ? here : common;
	}
	if (len <= 2)
		common += len == 1 ? COMMON_ONE_BYTE : COMMON_TWO_BYTES;
	return common;
}

/* Of a word so many bytes in a row, the rarest. */
static size_t
rarest_at(const struct loom *loom, const struct bytes *word, size_t len, size_t *common)
{
	size_t at = 0;

	*common = SIZE_MAX;
	for (size_t i = 0; i + len <= word->len; i++) {
		size_t here = commonness_of_bytes(loom, word->at + i, len);

		if (here < *common) {
			*common = here;
			at = i;
		}
	}
	return at;
}

static size_t
cue_length(const struct bytes *word)
{
	return word->len < MX_CUE_MOST ? word->len : MX_CUE_MOST;
}

/* Of a set, when it is asked for by its words' cues. */
static size_t
commonness(const struct loom *loom, const struct mx_words *words)
{
	size_t common = 0, here;

	for (size_t i = 0; i < words->count; i++) {
		const struct bytes word = bytes_of(words->items[i]);

		(void)rarest_at(loom, &word, cue_length(&word), &here);
		common += here;
	}
	return common;
}

/* ---- choosing among the sets of a way ---- */

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

static void
wake_by(struct loom *loom, const struct mx_words *words, uint32_t way)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct bytes word = bytes_of(words->items[i]);
		size_t common, len = cue_length(&word);
		struct cue cue = { .way = way };

		memcpy(cue.text, word.at + rarest_at(loom, &word, len, &common), len);
		loom->cues = mx_grow(loom->cues, loom->cue_count, sizeof *loom->cues);
		loom->cues[loom->cue_count++] = cue;
	}
}

static void
wake_always(struct loom *loom, uint32_t way)
{
	loom->always = mx_grow(loom->always, loom->always_count, sizeof *loom->always);
	loom->always[loom->always_count++] = way;
}

/* The set whose words wake the way; NULL: none can. */
static const struct mx_words *
choose_cues(struct loom *loom, const struct mx_way *way, uint32_t number)
{
	size_t rarest = 0, least = SIZE_MAX;

	for (size_t i = 0; i < way->count; i++) {
		size_t common = commonness(loom, &way->sets[i]);

		if (common < least) {
			least = common;
			rarest = i;
		}
	}
	if (mx_words_shortest(&way->sets[rarest]) >= CUE_LEAST) {
		wake_by(loom, &way->sets[rarest], number);
		return &way->sets[rarest];
	}
	wake_always(loom, number);
	return NULL;
}

/* All sets that can be looked up quickly. Until sets have numbers, rarest is a need. Where the way is
 * awake a cue of its own set is there, so that another one is rarest then. */
static void
choose_needs(struct loom *loom, const struct mx_way *way, const struct mx_words *cues,
    struct mx_sieve_way *out)
{
	const struct mx_words *before = NULL;
	size_t least = SIZE_MAX;

	out->needs = loom->tables.need_count;
	for (size_t i = 0, count = 0; i < way->count && count < NEEDS_MOST; i++) {
		bool is_start = i == 0 && way->starts;
		bool is_cue = cues != NULL && &way->sets[i] == cues;
		size_t common = is_cue ? SIZE_MAX - 1 : commonness(loom, &way->sets[i]);

		if (!can_be_looked_up(&way->sets[i]) ||
		    way->sets[i].count > (is_start ? START_WORDS_MOST : WORDS_MOST))
			continue;
		if (is_start)
			out->start = MX_START_WORD;
		if (common < least) {
			least = common;
			out->rarest = loom->tables.need_count;
		}
		want(loom, &way->sets[i], before);
		before = &way->sets[i];
		count++;
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
			struct mx_sieve_way way = { mesh, .rarest = MX_SET_NONE };
			const struct mx_words *cues =
			    choose_cues(loom, &demand->ways[i], tables->way_count);

			choose_needs(loom, &demand->ways[i], cues, &way);
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

/* How common a word's gram is; a border is as good as a byte. */
static size_t
commonness_of_gram(const struct loom *loom, const struct bytes *word, size_t at)
{
	size_t from = at > 0 ? at - 1 : 0;
	size_t behind = at + MX_GRAM - 1 < word->len ? at + MX_GRAM - 1 : word->len;

	return commonness_of_bytes(loom, word->at + from, behind - from);
}

/* The word between its borders, as its grams see it; its first byte is the second. */
static uint16_t
choose_gram(const struct loom *loom, const struct bytes *word, struct mx_sieve_word *out)
{
	uint16_t gram = 0;
	char framed[MX_WORD_MOST + 2] = { 0 };
	size_t common = SIZE_MAX, from = is_framed_before(word) ? 0 : 1;
	size_t behind = 1 + word->len + is_framed_behind(word);

	memcpy(framed + 1, word->at, word->len);
	for (size_t at = from; at + MX_GRAM <= behind; at++) {
		size_t here = commonness_of_gram(loom, word, at);

		if (here < common) {
			common = here;
			out->gram_at = (uint8_t)at;
			gram = mx_gram_bucket(framed + at);
		}
	}
	return gram;
}

static void
add_word(struct loom *loom, const char *text)
{
	struct mx_sieve_tables *tables = &loom->tables;
	struct mx_sieve_word *word;
	struct bytes bytes = bytes_of(text);

	if (bytes.len > MX_WORD_MOST) {
		bytes.len = MX_WORD_MOST;
		bytes.border_behind = false;
	}
	tables->words = mx_grow(tables->words, tables->word_count, sizeof *tables->words);
	tables->word_grams =
	    mx_grow(tables->word_grams, tables->word_count, sizeof *tables->word_grams);
	word = &tables->words[tables->word_count];
	*word = (struct mx_sieve_word){ .len = (uint8_t)bytes.len,
		.border_before = bytes.border_before,
		.border_behind = bytes.border_behind };
	memcpy(word->text, bytes.at, bytes.len);
	tables->word_grams[tables->word_count++] = choose_gram(loom, &bytes, word);
}

static void
number_sets(struct loom *loom)
{
	struct mx_sieve_tables *tables = &loom->tables;

	tables->set_words = mx_calloc(loom->wanted_count + 1, sizeof *tables->set_words);
	if (loom->wanted_count > 0)
		qsort(loom->wanted, loom->wanted_count, sizeof *loom->wanted, by_key);
	for (size_t i = 0; i < loom->wanted_count; i++) {
		const struct wanted *wanted = &loom->wanted[i];

		if (i == 0 || by_key(&wanted[-1], wanted) != 0) {
			tables->set_words[tables->set_count++] = tables->word_count;
			for (size_t k = 0; k < wanted->words->count; k++)
				add_word(loom, wanted->words->items[k]);
		}
		tables->needs[wanted->need].set = tables->set_count - 1;
	}
	tables->set_words[tables->set_count] = tables->word_count;
	for (uint32_t way = 0; way < tables->way_count; way++)
		if (tables->ways[way].rarest != MX_SET_NONE)
			tables->ways[way].rarest =
			    tables->needs[tables->ways[way].rarest].set;
}

/* ---- cues ---- */

static int
by_cue(const void *a, const void *b)
{
	const struct cue *left = a, *right = b;
	int order = strcmp(left->text, right->text);

	return order != 0 ? order : (left->way > right->way) - (left->way < right->way);
}

static void
add_woken(struct mx_sieve_tables *tables, uint32_t way)
{
	tables->woken =
	    mx_grow(tables->woken, tables->woken_count, sizeof *tables->woken);
	tables->woken[tables->woken_count++] = way;
}

/* Each cue once, with all the ways that it wakes; one row more for those that nothing has to wake.
 * texts gets the cues' bytes, borrowed. */
static void
number_cues(struct loom *loom, const char **texts)
{
	struct mx_sieve_tables *tables = &loom->tables;

	tables->cue_woken = mx_calloc(loom->cue_count + 2, sizeof *tables->cue_woken);
	if (loom->cue_count > 0)
		qsort(loom->cues, loom->cue_count, sizeof *loom->cues, by_cue);
	for (size_t i = 0; i < loom->cue_count; i++) {
		const struct cue *cue = &loom->cues[i];
		bool is_new = i == 0 || strcmp(cue[-1].text, cue->text) != 0;

		if (is_new) {
			texts[tables->cue_count] = cue->text;
			tables->cue_woken[tables->cue_count++] = tables->woken_count;
		}
		if (is_new || cue[-1].way != cue->way)
			add_woken(tables, cue->way);
	}
	tables->cue_woken[tables->cue_count] = tables->woken_count;
	for (uint32_t i = 0; i < loom->always_count; i++)
		add_woken(tables, loom->always[i]);
	tables->cue_woken[tables->cue_count + 1] = tables->woken_count;
}

/* ---- all of it ---- */

static void
clear(struct loom *loom)
{
	for (uint32_t i = 0; i < loom->strand_count; i++)
		mx_demand_clear(&loom->strands[i].demand);
	for (size_t i = 0; i < loom->wanted_count; i++)
		free(loom->wanted[i].key);
	for (size_t i = 0; i < GRAM_MOST; i++)
		free(loom->grams[i]);
	free(loom->strands);
	free(loom->wanted);
	free(loom->cues);
	free(loom->always);
}

struct mx_sieve *
mx_sieve_weave(
    const char *const *texts, size_t count, const char *const *said, size_t said_count)
{
	struct loom loom = { 0 };
	struct mx_sieve *sieve;
	const char **cues;

	if (!mx_sieve_possible())
		return NULL;
	sort_strands(&loom, texts, count);
	learn_grams(&loom, said, said_count);
	read_strands(&loom);
	number_ways(&loom);
	number_sets(&loom);
	cues = mx_calloc(loom.cue_count + 1, sizeof *cues);
	number_cues(&loom, cues);
	sieve =
	    mx_sieve_assemble(&loom.tables, mx_literals_new(cues, loom.tables.cue_count));
	free(cues);
	clear(&loom);
	return sieve;
}
