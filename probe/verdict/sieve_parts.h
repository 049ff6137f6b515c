/*
 * sieve_parts.h - what a sieve is made of; private to sieve.c, sieve_weave.c and sieve_save.c.
 * In:   -
 * Out:  the tables that lead from what stands in a text to the patterns that may hit it.
 * Not:  nothing for who merely asks a sieve (sieve.h).
 *
 * A pattern has a mesh. It may hit in several ways; a way needs a word of each of some sets, in
 * order and not too far apart. The words of one of these sets, the rarest, are searched for by
 * vectorscan, of each the rarest bytes (a "cue"): they wake the way. The other sets are looked up
 * (grams.h) when somebody asks for a way that is awake, which most texts and most ways never come to.
 * Everything is an index, so that the tables can be saved as they are.
 */
#ifndef MX_VERDICT_SIEVE_PARTS_H
#define MX_VERDICT_SIEVE_PARTS_H

#include "probe/verdict/grams.h"
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
	uint32_t
	    rarest; /* the set that is missing most often; MX_SET_NONE without needs */
	uint32_t start; /* enum mx_sieve_start */
};

#define MX_SET_NONE UINT32_MAX

/** A word of this set, at most reach bytes behind that of the need before it (the first need of
 *  MX_START_TEXT: behind the text's begin). */
struct mx_sieve_need {
	uint32_t set, reach;
};

/** So many bytes of a word are compared; of a longer one that has to do. */
#define MX_WORD_MOST 16

struct mx_sieve_word {
	char text[MX_WORD_MOST]; /* zeros behind it */
	uint16_t gram;   /* the bucket of a rare one of the word with its borders */
	uint8_t gram_at; /* where it stands; 1 is the word's begin, 0 the border's */
	uint8_t len, border_before, border_behind;
};

/** Vectorscan is asked for so many bytes of a word at most. */
#define MX_CUE_MOST 8

/** Where a table holds the first of other rows, those of i end where those of i + 1 begin. */
struct mx_sieve_tables {
	uint64_t *hashes; /* of the patterns' texts, ascending; the index is the mesh */
	uint32_t *mesh_ways;       /* first of ways; none: the mesh can't be sifted */
	struct mx_sieve_way *ways; /* and one more */
	struct mx_sieve_need *needs;
	uint32_t *set_words; /* first of words */
	struct mx_sieve_word *words;
	/* By word: the bucket of a rare gram of the word with its borders. Beside the words, for that
	 * is all that has to be read of those that are not there. */
	uint16_t *word_grams;
	/* First of woken. Behind the cues' rows one more: of the ways that are always awake, since
	 * their words are too short to be searched for. */
	uint32_t *cue_woken;
	uint32_t *woken; /* ways */
	uint32_t mesh_count, way_count, need_count, set_count, word_count, cue_count,
	    woken_count;
};

/** Where the first and the last word of a set begin in the text that was sifted last. */
struct mx_sieve_span {
	uint32_t first, last;
	bool is_there;
	uint32_t text; /* for which text this was looked up */
};

struct mx_sieve {
	struct mx_sieve_tables tables;
	struct mx_literals *literals; /* the cues */
	/* the text that was sifted last */
	const char *text;
	uint32_t text_number;
	struct mx_grams grams;
	uint64_t *awake;             /* ways */
	struct mx_sieve_span *spans; /* of sets */
};

/** Takes the tables and the literals over; NULL, and both freed, when literals is. */
struct mx_sieve *mx_sieve_assemble(
    struct mx_sieve_tables *tables, struct mx_literals *literals);
void mx_sieve_tables_free(struct mx_sieve_tables *tables);

uint64_t mx_sieve_hash(const char *text);

#endif
