/*
 * sieve_parts.h - what a sieve is made of; private to sieve.c, sieve_weave.c and sieve_save.c.
 * In:   -
 * Out:  the tables that lead from a word found to the patterns that may hit.
 * Not:  nothing for who merely asks a sieve (sieve.h).
 *
 * A pattern has a mesh. It may hit in several ways; a way needs a word of each of up to three sets.
 * The rarest of these sets wakes the way: only then the others are looked at. A word may be of many
 * sets. What is searched for is the stem of words, so that words which begin alike are found once.
 * Everything is an index, so that the tables can be saved as they are.
 */
#ifndef MX_VERDICT_SIEVE_PARTS_H
#define MX_VERDICT_SIEVE_PARTS_H

#include "probe/verdict/literals.h"
#include "probe/verdict/sieve.h"

#define MX_SET_NONE UINT32_MAX
#define MX_SET_BEGIN (UINT32_MAX - 1) /* no words: a hit begins where the text does */

struct mx_sieve_way {
	uint32_t mesh;
	uint32_t wakes; /* a set */
	uint32_t other; /* a set that is needed too, or MX_SET_NONE */
	uint32_t
	    start; /* the set whose words begin a hit, needed too; or one of the above */
};

/** A word's first bytes, and its next ones as a number: of a longer word that has to do. */
#define MX_STEM 8
#define MX_WORD_MOST (MX_STEM + sizeof(uint64_t))

struct mx_sieve_word {
	uint64_t tail, mask; /* as read from memory */
	uint32_t uses;       /* first of uses */
	uint16_t len;
	uint8_t border_before, border_behind;
};

/** A use is a set that the word is of; this bit says that the set wakes some way. */
#define MX_USE_WAKES (UINT32_C(1) << 31)

/** Where a table holds the first of other rows, those of i end where those of i + 1 begin. */
struct mx_sieve_tables {
	uint64_t *hashes; /* of the patterns' texts, ascending; the index is the mesh */
	uint32_t *mesh_ways; /* first of ways; none: the mesh can't be sifted */
	struct mx_sieve_way *ways;
	uint32_t *set_woken;         /* first of woken */
	uint32_t *woken;             /* ways */
	uint32_t *stem_words;        /* first of words */
	struct mx_sieve_word *words; /* and one more */
	uint32_t *uses;
	uint32_t mesh_count, way_count, set_count, stem_count, word_count, use_count;
};

/** A word begins here in the text that was sifted last. */
struct mx_sieve_spot {
	uint32_t word, at;
};

struct mx_sieve {
	struct mx_sieve_tables tables;
	struct mx_literals *literals;
	/* the text that was sifted last */
	uint64_t *seen; /* sets */
	struct mx_sieve_spot *spots;
	size_t spot_count, spot_room;
};

/** Takes the tables and the literals over; NULL, and both freed, when literals is. */
struct mx_sieve *mx_sieve_assemble(
    struct mx_sieve_tables *tables, struct mx_literals *literals);
void mx_sieve_tables_free(struct mx_sieve_tables *tables);

uint64_t mx_sieve_hash(const char *text);

#endif
