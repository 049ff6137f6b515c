/*
 * sieve.h - all patterns at once: which of them may hit a text, and where?
 * In:   pattern texts; later, texts to sift.
 * Out:  the number ("mesh") of each pattern that may hit. One that is not told does not hit.
 * Not:  no captures, no decision: who is told of a mesh asks PCRE2 (pattern.h).
 *
 * A pattern demands words (demand.h); the rarest of them are found in one pass over the text,
 * however many patterns there are (literals.h). Without vectorscan there is no sieve, and every
 * pattern is tried: slower, the same answers. Sifting uses memory of the sieve's own: one thread at
 * a time.
 */
#ifndef MX_VERDICT_SIEVE_H
#define MX_VERDICT_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"

/** The mesh of a pattern that no sieve holds: it may always hit. */
#define MX_SIEVE_NONE UINT32_MAX

struct mx_sieve;

/** Built in, and this processor can run it. */
bool mx_sieve_possible(void);
/** The library's, in words; "" without one. */
const char *mx_sieve_version(void);
/** Takes a fraction of a second for a thousand patterns. Texts are not kept; one may be there twice.
 *  A pattern that demands no words is left out (it has no mesh then). said: some texts like those
 *  that will be sifted, to learn which words are common; there may be none. NULL when there can be
 *  no sieve. */
struct mx_sieve *mx_sieve_weave(
    const char *const *texts, size_t count, const char *const *said, size_t said_count);
void mx_sieve_free(struct mx_sieve *sieve);

/** Meshes are below this. */
uint32_t mx_sieve_count(const struct mx_sieve *sieve);
/** MX_SIEVE_NONE when the sieve does not sift this pattern. sieve may be NULL. */
uint32_t mx_sieve_mesh(const struct mx_sieve *sieve, const char *text);
/** Was the sieve woven of this text too, with a mesh or without? sieve may be NULL. */
bool mx_sieve_knows(const struct mx_sieve *sieve, const char *text);

/** The text is in lower case, MX_WORDING_PADDING zeros follow it, and it is kept until the next is
 *  sifted. Calls told for each mesh that may hit, perhaps twice. False: nothing is known, all may. */
bool mx_sieve_sift(struct mx_sieve *sieve, const char *text, size_t len,
    void (*told)(void *arg, uint32_t mesh), void *arg);

#define MX_SIEVE_STARTS 12
#define MX_SIEVE_ANYWHERE SIZE_MAX
/** Of a mesh that was told for the text sifted last: the places, ascending, where alone a hit can
 *  begin. Their number, 0 when a closer look says that there is no hit, or MX_SIEVE_ANYWHERE. */
size_t mx_sieve_starts(struct mx_sieve *sieve, uint32_t mesh, size_t at[MX_SIEVE_STARTS]);

/** Append what mx_sieve_load reads back; the same bytes for the same texts, on any processor. */
bool mx_sieve_save(const struct mx_sieve *sieve, struct mx_buf *out);
/** NULL when the bytes are damaged, or of another version of vectorscan or of ours. bytes is
 *  aligned for uint64_t and is not kept. */
struct mx_sieve *mx_sieve_load(const char *bytes, size_t len);

#endif
