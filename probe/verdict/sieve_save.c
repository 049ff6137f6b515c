/* sieve_save.c - a sieve as bytes: a head, the tables one after the other, the literals. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/verdict/sieve_parts.h"

/* Raise it when the meaning of what is saved changes. */
#define SAVED_FORMAT 7
#define SAVED_MOST (1U << 24)

struct head {
	uint32_t format;
	uint32_t mesh_count, way_count, need_count, set_count, word_count, cue_count,
	    woken_count;
	uint64_t hash; /* of all that follows */
};

/* A table of the sieve and how long it is. */
struct table {
	void **rows;
	size_t row_size, count;
};

#define TABLES 9

static void
list_tables(struct mx_sieve_tables *t, struct table tables[TABLES])
{
	const struct table all[TABLES] = {
		{ (void **)&t->hashes, sizeof *t->hashes, t->mesh_count },
		{ (void **)&t->mesh_ways, sizeof *t->mesh_ways, t->mesh_count + 1UL },
		{ (void **)&t->ways, sizeof *t->ways, t->way_count + 1UL },
		{ (void **)&t->needs, sizeof *t->needs, t->need_count },
		{ (void **)&t->set_words, sizeof *t->set_words, t->set_count + 1UL },
		{ (void **)&t->words, sizeof *t->words, t->word_count },
		{ (void **)&t->word_grams, sizeof *t->word_grams, t->word_count },
		{ (void **)&t->cue_woken, sizeof *t->cue_woken, t->cue_count + 2UL },
		{ (void **)&t->woken, sizeof *t->woken, t->woken_count },
	};

	memcpy(tables, all, sizeof all);
}

bool
mx_sieve_save(const struct mx_sieve *sieve, struct mx_buf *out)
{
	struct mx_sieve_tables t = sieve->tables;
	struct head head = { SAVED_FORMAT, t.mesh_count, t.way_count, t.need_count,
		t.set_count, t.word_count, t.cue_count, t.woken_count, 0 };
	struct table tables[TABLES];
	size_t start = out->len;
	bool saved = mx_buf_add(out, &head, sizeof head);

	list_tables(&t, tables);
	for (size_t i = 0; saved && i < TABLES; i++)
		saved = mx_buf_add(
		    out, *tables[i].rows, tables[i].count * tables[i].row_size);
	if (!saved || !mx_literals_save(sieve->literals, out))
		return false;
	head.hash =
	    mx_hash(out->data + start + sizeof head, out->len - start - sizeof head, 0);
	memcpy(out->data + start, &head, sizeof head);
	return true;
}

/* ---- reading back ---- */

/* False when there are fewer bytes than tables. */
static bool
copy_tables(struct mx_sieve_tables *t, const char **bytes, size_t *len)
{
	struct table tables[TABLES];

	list_tables(t, tables);
	for (size_t i = 0; i < TABLES; i++) {
		size_t size = tables[i].count * tables[i].row_size;

		if (size > *len)
			return false;
		*tables[i].rows = mx_calloc(tables[i].count + 1, tables[i].row_size);
		memcpy(*tables[i].rows, *bytes, size);
		*bytes += size;
		*len -= size;
	}
	return true;
}

/* Each row's first, and the end of the last: never backwards, never beyond. */
static bool
is_index(const uint32_t *first, size_t count, size_t most)
{
	for (size_t i = 0; i < count; i++)
		if (first[i] > first[i + 1])
			return false;
	return first[0] == 0 && first[count] == most;
}

static bool
are_ways(const struct mx_sieve_tables *t)
{
	const struct mx_sieve_way *way = t->ways;

	if (way[0].needs != 0 || way[t->way_count].needs != t->need_count)
		return false;
	for (size_t i = 0; i < t->way_count; i++)
		if (way[i].mesh >= t->mesh_count || way[i].needs > way[i + 1].needs ||
		    (way[i].rarest != MX_SET_NONE && way[i].rarest >= t->set_count) ||
		    way[i].start > MX_START_TEXT ||
		    (way[i].start == MX_START_WORD && way[i].needs == way[i + 1].needs))
			return false;
	for (size_t i = 0; i < t->need_count; i++)
		if (t->needs[i].set >= t->set_count)
			return false;
	for (size_t i = 0; i < t->woken_count; i++)
		if (t->woken[i] >= t->way_count)
			return false;
	return true;
}

static bool
are_words(const struct mx_sieve_tables *t)
{
	for (size_t i = 0; i < t->word_count; i++)
		if (t->words[i].len == 0 || t->words[i].len > MX_WORD_MOST ||
		    t->words[i].gram_at > t->words[i].len ||
		    t->word_grams[i] >= 1U << MX_GRAM_BITS)
			return false;
	return true;
}

/* Whatever the bytes were, sifting stays within the tables. */
static bool
are_sound(const struct mx_sieve_tables *t)
{
	for (size_t i = 1; i < t->mesh_count; i++)
		if (t->hashes[i - 1] >= t->hashes[i])
			return false;
	return is_index(t->mesh_ways, t->mesh_count, t->way_count) &&
	       is_index(t->set_words, t->set_count, t->word_count) &&
	       is_index(t->cue_woken, t->cue_count + 1UL, t->woken_count) &&
	       are_ways(t) && are_words(t);
}

static bool
read_head(const char *bytes, size_t len, struct mx_sieve_tables *out)
{
	struct head head;

	if (len < sizeof head)
		return false;
	memcpy(&head, bytes, sizeof head);
	*out = (struct mx_sieve_tables){ .mesh_count = head.mesh_count,
		.way_count = head.way_count,
		.need_count = head.need_count,
		.set_count = head.set_count,
		.word_count = head.word_count,
		.cue_count = head.cue_count,
		.woken_count = head.woken_count };
	return head.format == SAVED_FORMAT && head.mesh_count < SAVED_MOST &&
	       head.way_count < SAVED_MOST && head.need_count < SAVED_MOST &&
	       head.set_count < SAVED_MOST && head.word_count < SAVED_MOST &&
	       head.cue_count < SAVED_MOST && head.woken_count < SAVED_MOST &&
	       head.hash == mx_hash(bytes + sizeof head, len - sizeof head, 0);
}

struct mx_sieve *
mx_sieve_load(const char *bytes, size_t len)
{
	struct mx_sieve_tables tables;
	struct mx_literals *literals = NULL;

	if (!mx_sieve_possible() || !read_head(bytes, len, &tables))
		return NULL;
	bytes += sizeof(struct head);
	len -= sizeof(struct head);
	if (copy_tables(&tables, &bytes, &len) && are_sound(&tables))
		literals = mx_literals_load(bytes, len);
	return mx_sieve_assemble(&tables, literals);
}
