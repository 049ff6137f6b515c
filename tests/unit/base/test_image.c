#include "probe/base/image.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"

TestSuite(image, .timeout = 60);

static char path[64];

static void
write_three(void)
{
	struct mx_image_piece pieces[3] = { { .key = 7 }, { .key = 8 }, { .key = 9 } };

	snprintf(path, sizeof path, "/tmp/mx-image-%ld", (long)getpid());
	for (int i = 0; i < 3; i++)
		mx_buf_init(&pieces[i].bytes, 1000);
	cr_assert(mx_buf_addstr(&pieces[0].bytes, "seven"));
	cr_assert(mx_buf_addstr(&pieces[2].bytes, "nine, which is longer"));
	cr_assert_eq(mx_image_write(path, pieces, 3, NULL), MX_OK);
	for (int i = 0; i < 3; i++)
		mx_buf_clear(&pieces[i].bytes);
}

Test(image, gives_each_piece_back_by_its_key)
{
	struct mx_image *image;
	const char *piece;
	size_t len;

	write_three();
	image = mx_image_open(path);
	cr_assert_not_null(image);
	piece = mx_image_find(image, 9, &len);
	cr_assert_eq(len, strlen("nine, which is longer"));
	cr_assert_eq(memcmp(piece, "nine, which is longer", len), 0);
	cr_assert_eq((uintptr_t)piece % sizeof(uint64_t), 0);
	cr_assert_not_null(mx_image_find(image, 8, &len));
	cr_assert_eq(len, 0);
	cr_assert_null(mx_image_find(image, 10, &len));
	cr_assert_null(mx_image_find(NULL, 7, &len));
	mx_image_close(image);
	(void)unlink(path);
}

static void
overwrite(const char *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(bytes, 1, len, file), len);
	cr_assert_eq(fclose(file), 0);
}

Test(image, counts_as_not_there_when_cut_or_with_any_bit_turned)
{
	char bytes[512];
	FILE *file;
	size_t len;

	write_three();
	file = fopen(path, "r");
	cr_assert_not_null(file);
	len = fread(bytes, 1, sizeof bytes, file);
	cr_assert_eq(fclose(file), 0);
	cr_assert_gt(len, 100);
	cr_assert_lt(len, sizeof bytes);
	for (size_t cut = 0; cut < len; cut++) {
		overwrite(bytes, cut);
		cr_assert_null(mx_image_open(path), "cut to %zu of %zu bytes", cut, len);
	}
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		overwrite(bytes, len);
		cr_assert_null(
		    mx_image_open(path), "bit %zu of byte %zu turned", bit % 8, bit / 8);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
	}
	bytes[len] = 0;
	overwrite(bytes, len + 1);
	cr_assert_null(mx_image_open(path), "a byte too many");
	overwrite(bytes, len);
	mx_image_close(mx_image_open(path));
	(void)unlink(path);
	cr_assert_null(mx_image_open(path));
	cr_assert_null(mx_image_open("/"));
}

Test(image, hashes_tell_texts_apart_by_length_byte_and_seed)
{
	static const char zeros[32];

	for (size_t i = 1; i < sizeof zeros; i++)
		cr_assert_neq(mx_hash(zeros, i, 0), mx_hash(zeros, i - 1, 0));
	cr_assert_neq(mx_hash("12345678a", 9, 0), mx_hash("12345678b", 9, 0));
	cr_assert_neq(mx_hash("a", 1, 0), mx_hash("a", 1, 1));
}
