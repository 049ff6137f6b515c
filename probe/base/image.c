/* image.c - a head, a table of pieces, the pieces; one hash over all that follows the head. */
#include "probe/base/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"

#define MAGIC \
	UINT64_C(0x316567616d69786d) /* "mximage1", read as a little-endian number */
#define IMAGE_MOST (64UL << 20)
#define ALIGN 8UL

struct head {
	uint64_t magic, len, hash; /* of all behind the head, and of count */
	uint64_t count;
};

struct entry {
	uint64_t key, at, len; /* at: from the file's beginning */
};

struct mx_image {
	uint64_t *words; /* the file; words for their alignment */
	size_t len;
	const struct entry *entries;
	size_t count;
};

/* ---- reading ---- */

static bool
read_whole(int fd, char *to, size_t len)
{
	while (len > 0) {
		ssize_t got = read(fd, to, len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		len -= (size_t)got;
	}
	return true;
}

static bool
read_file(const char *path, struct mx_image *image)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat facts;
	bool done = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
	    facts.st_size >= (off_t)sizeof(struct head) &&
	    facts.st_size <= (off_t)IMAGE_MOST) {
		image->len = (size_t)facts.st_size;
		image->words =
		    mx_reallocarray(NULL, image->len / ALIGN + 1, sizeof *image->words);
		done = read_whole(fd, (char *)image->words, image->len);
	}
	(void)close(fd);
	return done;
}

/* Everything the file says about itself is held against what is there. */
static bool
is_sound(struct mx_image *image)
{
	const char *bytes = (const char *)image->words;
	struct head head;

	memcpy(&head, bytes, sizeof head);
	if (head.magic != MAGIC || head.len != image->len - sizeof head ||
	    head.count > head.len / sizeof(struct entry) ||
	    mx_hash(bytes + sizeof head, head.len, head.count) != head.hash)
		return false;
	image->count = head.count;
	image->entries = (const void *)(bytes + sizeof head);
	for (size_t i = 0; i < image->count; i++) {
		const struct entry *entry = &image->entries[i];

		if (entry->at % ALIGN != 0 || entry->at > image->len ||
		    entry->len > image->len - entry->at)
			return false;
	}
	return true;
}

struct mx_image *
mx_image_open(const char *path)
{
	struct mx_image *image = mx_calloc(1, sizeof *image);

	if (read_file(path, image) && is_sound(image))
		return image;
	mx_image_close(image);
	return NULL;
}

void
mx_image_close(struct mx_image *image)
{
	if (image == NULL)
		return;
	free(image->words);
	free(image);
}

const char *
mx_image_find(const struct mx_image *image, uint64_t key, size_t *len)
{
	for (size_t i = 0; image != NULL && i < image->count; i++)
		if (image->entries[i].key == key) {
			*len = image->entries[i].len;
			return (const char *)image->words + image->entries[i].at;
		}
	return NULL;
}

/* ---- writing ---- */

static void
pad(struct mx_buf *file)
{
	static const char zeros[ALIGN];

	(void)mx_buf_add(file, zeros, (ALIGN - file->len % ALIGN) % ALIGN);
}

/* All behind the head. */
static void
lay_out(struct mx_buf *body, const struct mx_image_piece *pieces, size_t count)
{
	size_t at = sizeof(struct head) + count * sizeof(struct entry);

	for (size_t i = 0; i < count; i++) {
		const struct entry entry = { pieces[i].key, at, pieces[i].bytes.len };

		(void)mx_buf_add(body, &entry, sizeof entry);
		at += (entry.len + ALIGN - 1) / ALIGN * ALIGN;
	}
	for (size_t i = 0; i < count; i++) {
		if (pieces[i].bytes.len > 0)
			(void)mx_buf_add(body, pieces[i].bytes.data, pieces[i].bytes.len);
		pad(body);
	}
}

static bool
write_file(const char *path, const struct head *head, const struct mx_buf *body)
{
	FILE *file = fopen(path, "we");
	bool done;

	if (file == NULL)
		return false;
	done = fwrite(head, sizeof *head, 1, file) == 1 &&
	       (body->len == 0 || fwrite(body->data, body->len, 1, file) == 1);
	return fclose(file) == 0 && done;
}

enum mx_err
mx_image_write(const char *path, const struct mx_image_piece *pieces, size_t count,
    struct mx_error *err)
{
	char *fresh = mx_asprintf("%s.tmp", path);
	struct head head = { .magic = MAGIC, .count = count };
	struct mx_buf body;
	enum mx_err code = MX_OK;

	mx_buf_init(&body, IMAGE_MOST);
	lay_out(&body, pieces, count);
	head.len = body.len;
	head.hash = mx_hash(body.data != NULL ? body.data : "", body.len, count);
	if (!write_file(fresh, &head, &body) || rename(fresh, path) != 0)
		code = mx_error_sys(err, errno, "cannot write %s", path);
	mx_buf_clear(&body);
	free(fresh);
	return code;
}
