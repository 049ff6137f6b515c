/*
 * sieve.h - all patterns at once: which of them may hit a text?
 * In:   pattern texts; later, texts to sift.
 * Out:  the number ("mesh") of each pattern that may hit. One that is not told does not hit.
 * Not:  no captures, no decision: who is told of a mesh asks PCRE2 (pattern.h).
 *
 * vectorscan does the work, in one pass over a text however many patterns there are. Without it
 * (configure --without-vectorscan, or a processor it does not know) there is no sieve, and every
 * pattern is tried: slower, the same answers. Scanning uses memory of the sieve's own: one thread
 * at a time.
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
struct mx_sieve_text {
	const char *text;
	bool sift; /* else the sieve knows it, and gives it no mesh */
};

/** Takes about a millisecond a pattern. Texts are not kept; one may be there twice. What
 *  vectorscan can't express is approximated, or left out (it has no mesh then). NULL when there
 *  can be no sieve. */
struct mx_sieve *mx_sieve_weave(const struct mx_sieve_text *texts, size_t count);
void mx_sieve_free(struct mx_sieve *sieve);

/** Meshes are below this. */
uint32_t mx_sieve_count(const struct mx_sieve *sieve);
/** MX_SIEVE_NONE when the sieve does not sift this pattern. sieve may be NULL. */
uint32_t mx_sieve_mesh(const struct mx_sieve *sieve, const char *text);
/** Was the sieve woven of this text too, sifted or not? sieve may be NULL. */
bool mx_sieve_knows(const struct mx_sieve *sieve, const char *text);

/** Calls told once for each mesh that may hit. False: nothing is known, all may. */
bool mx_sieve_sift(const struct mx_sieve *sieve, const char *text, size_t len,
    void (*told)(void *arg, uint32_t mesh), void *arg);

/** Append what mx_sieve_load reads back; the same bytes for the same texts, on any processor. */
bool mx_sieve_save(const struct mx_sieve *sieve, struct mx_buf *out);
/** NULL when the bytes are damaged, or of another version of vectorscan or of ours. bytes is
 *  aligned for uint64_t and is not kept. */
struct mx_sieve *mx_sieve_load(const char *bytes, size_t len);

#endif
