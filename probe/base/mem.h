/*
 * mem.h - memory that never fails to its caller.
 * In:   sizes that are ours or already bounded.   Out: memory, zeroed where stated.
 * Not:  no unbounded size a peer chose: that goes through buf.h.
 * Out of memory ends the program with one line on stderr and exit status 4.
 */
#ifndef MX_BASE_MEM_H
#define MX_BASE_MEM_H

#include <stddef.h>

/** The end of the program when memory is out; for libraries that report it by NULL. */
void mx_out_of_memory(void) __attribute__((noreturn));
/** Zeroed memory; caller frees with free(). */
void *mx_calloc(size_t count, size_t size) __attribute__((returns_nonnull, malloc));
/** realloc that checks count * size for overflow; new memory is not zeroed. */
void *mx_reallocarray(void *old, size_t count, size_t size)
    __attribute__((returns_nonnull));
/** Copies; NULL gives NULL. Caller frees. */
char *mx_strdup(const char *text);
/** First len bytes as a string (stops at NUL as strndup does). Caller frees. */
char *mx_strndup(const char *text, size_t len) __attribute__((returns_nonnull));
/** printf into fresh memory. Caller frees. */
char *mx_asprintf(const char *format, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull, malloc));

/** Room for one more in a growing array: `items = mx_grow(items, count, sizeof *items)`.
 *  Capacity is implied (powers of two from 4), so no third field is kept; new slot zeroed. */
void *mx_grow(void *items, size_t count, size_t size) __attribute__((returns_nonnull));

#endif
