/*
 * sieve_parts.h - what a sieve is made of; private to sieve.c, sieve_weave.c and sieve_save.c.
 * In:   -
 * Out:  the tables that lead from a word found to the patterns that may hit.
 * Not:  nothing for who merely asks a sieve (sieve.h).
 *
 * A pattern has a mesh. It may hit in several ways; a way needs a word of each of some sets, in
 * order and not too far apart. The rarest of these sets wakes the way: only then the others are
 * looked at. A word may be of many sets. What is searched for is the stem of words, so that words which begin alike are found once.
 * Everything is an index, so that the tables can be saved as they are.
 */
#ifndef MX_VERDICT_SIEVE_PARTS_H
#define MX_VERDICT_SIEVE_PARTS_H

#include "probe/verdict/literals.h"
#include "probe/verdict/sieve.h"

/** Where a hit begins: anywhere, where a word of the first set does, where the text does. */
enum mx_sieve_start {
	MX_START_ANYWHERE,
	MX_START_WORD,
	MX_START_TEXT
};

struct mx_sieve_way {
	uint32_t mesh;
	uint32_t needs; /* first of needs */
	uint32_t wakes; /* a set */
	uint32_t start; /* enum mx_sieve_start */
};

/** A word of this set, at most reach bytes behind that of the need before it (the first need of
 *  MX_START_TEXT: behind the text's begin). */
struct mx_sieve_need {
	uint32_t set, reach;
};

/** So many bytes of a word are searched for, and so many compared; of a longer one that has to do. */
#define MX_STEM 8
#define MX_WORD_MOST (MX_STEM + 8)

struct mx_sieve_word {
	char tail[MX_WORD_MOST - MX_STEM]; /* behind the stem */
	uint32_t uses;                     /* first of uses */
	uint16_t len;
	uint8_t border_before, border_behind;
};

/** A use is a set that the word is of; this bit says that the set wakes some way. */
#define MX_USE_WAKES (UINT32_C(1) << 31)

/** Where a table holds the first of other rows, those of i end where those of i + 1 begin. */
struct mx_sieve_tables {
	uint64_t *hashes; /* of the patterns' texts, ascending; the index is the mesh */
	uint32_t *mesh_ways;       /* first of ways; none: the mesh can't be sifted */
	struct mx_sieve_way *ways; /* and one more */
	struct mx_sieve_need *needs;
	uint32_t *set_woken;         /* first of woken */
	uint32_t *woken;             /* ways */
	uint32_t *stem_words;        /* first of words */
	struct mx_sieve_word *words; /* and one more */
	uint32_t *uses;
	uint32_t mesh_count, way_count, need_count, set_count, stem_count, word_count,
	    use_count;
};

/** A word begins here in the text that was sifted last. */
struct mx_sieve_spot {
	uint32_t word, at;
};

/** Where the first and the last word of a set begin. */
struct mx_sieve_span {
	uint32_t first, last;
};

struct mx_sieve {
	struct mx_sieve_tables tables;
	struct mx_literals *literals;
	/* the text that was sifted last */
	uint64_t *seen;             /* sets */
	struct mx_sieve_span *span; /* of those sets that were seen */
	struct mx_sieve_spot *spots;
	size_t spot_count, spot_room;
};

/** Takes the tables and the literals over; NULL, and both freed, when literals is. */
struct mx_sieve *mx_sieve_assemble(
    struct mx_sieve_tables *tables, struct mx_literals *literals);
void mx_sieve_tables_free(struct mx_sieve_tables *tables);

uint64_t mx_sieve_hash(const char *text);

#endif
