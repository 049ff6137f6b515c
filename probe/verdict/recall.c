/* recall.c - a table of rows with a few slots each; in a full row the slot asked for longest ago makes
 * room. */
#include "probe/verdict/recall.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"

#define SLOTS 4
#define ROWS (MX_RECALL_WORDINGS / SLOTS)

struct slot {
	char *wording; /* own; NULL: an empty slot */
	size_t len;
	struct mx_enhanced enhanced;
	const struct mx_provider *provider;
	enum mx_stage stage;
	int code;
	uint64_t asked; /* when, in questions */
	struct mx_reading reading;
};

struct row {
	uint64_t hashes[SLOTS];
	struct slot slots[SLOTS];
};

struct mx_recall {
	uint64_t questions;
	struct row rows[ROWS];
};

struct mx_recall *
mx_recall_new(void)
{
	return mx_calloc(1, sizeof(struct mx_recall));
}

void
mx_recall_free(struct mx_recall *recall)
{
	if (recall == NULL)
		return;
	for (size_t row = 0; row < ROWS; row++)
		for (size_t i = 0; i < SLOTS; i++)
			free(recall->rows[row].slots[i].wording);
	free(recall);
}

/* The codes stand in few wordings' way, so they need not be hashed well, only compared. */
static uint64_t
hash_of(const struct mx_circumstances *circumstances)
{
	const struct mx_wording *wording = &circumstances->normal->wording;

	return mx_hash(wording->text, wording->len, (uint64_t)circumstances->code);
}

static bool
is_it(const struct slot *slot, const struct mx_circumstances *circumstances)
{
	const struct mx_wording *wording = &circumstances->normal->wording;

	return slot->wording != NULL && slot->len == wording->len &&
	       slot->code == circumstances->code && slot->stage == circumstances->stage &&
	       slot->provider == circumstances->provider &&
	       mx_enhanced_equal(&slot->enhanced, &circumstances->normal->enhanced) &&
	       memcmp(slot->wording, wording->text, wording->len) == 0;
}

const struct mx_reading *
mx_recall_find(struct mx_recall *recall, const struct mx_circumstances *circumstances)
{
	uint64_t hash = hash_of(circumstances);
	struct row *row = &recall->rows[hash % ROWS];

	recall->questions++;
	for (size_t i = 0; i < SLOTS; i++)
		if (row->hashes[i] == hash && is_it(&row->slots[i], circumstances)) {
			row->slots[i].asked = recall->questions;
			return &row->slots[i].reading;
		}
	return NULL;
}

static size_t
longest_ago(const struct row *row)
{
	size_t oldest = 0;

	for (size_t i = 1; i < SLOTS; i++)
		if (row->slots[i].asked < row->slots[oldest].asked)
			oldest = i;
	return oldest;
}

void
mx_recall_keep(struct mx_recall *recall, const struct mx_circumstances *circumstances,
    const struct mx_reading *reading)
{
	const struct mx_wording *wording = &circumstances->normal->wording;
	uint64_t hash = hash_of(circumstances);
	struct row *row = &recall->rows[hash % ROWS];
	size_t i = longest_ago(row);

	if (wording->len > MX_RECALL_LONGEST)
		return;
	row->hashes[i] = hash;
	row->slots[i] = (struct slot){
		.wording = mx_reallocarray(row->slots[i].wording, wording->len + 1, 1),
		.len = wording->len,
		.enhanced = circumstances->normal->enhanced,
		.provider = circumstances->provider,
		.stage = circumstances->stage,
		.code = circumstances->code,
		.asked = recall->questions,
		.reading = *reading,
	};
	memcpy(row->slots[i].wording, wording->text, wording->len);
}
