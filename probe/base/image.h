/*
 * image.h - pieces of bytes in one file, found by a number: what would take long to work out anew.
 * In:   pieces under keys.   Out: a file; later, each piece by its key.
 * Not:  no meaning of a piece. Nothing depends on an image being there: a piece that is not found
 *       is made again.
 *
 * A key is a hash of all that the piece was made from (hash.h), so a stale piece is never found.
 * A file that is cut, altered, of another version or another byte order counts as not there.
 */
#ifndef MX_BASE_IMAGE_H
#define MX_BASE_IMAGE_H

#include <stdint.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

struct mx_image;

/** NULL when there is no such file or it is damaged. Close with mx_image_close. */
struct mx_image *mx_image_open(const char *path);
void mx_image_close(struct mx_image *image);
/** The piece, aligned for uint64_t, the image's memory; NULL when there is none. image may be
 *  NULL. */
const char *mx_image_find(const struct mx_image *image, uint64_t key, size_t *len);

struct mx_image_piece {
	uint64_t key;
	struct mx_buf bytes;
};

/** The file appears whole or not at all. */
enum mx_err mx_image_write(const char *path, const struct mx_image_piece *pieces,
    size_t count, struct mx_error *err) __attribute__((warn_unused_result));

#endif
