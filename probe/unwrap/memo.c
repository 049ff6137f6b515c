#include "probe/unwrap/memo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define SLOTS 1024

struct slot {
	char kind; /* 0: free */
	unsigned char key_len, value_len;
	char key[40];
	char value[214];
};

struct mx_memo {
	struct slot slots[SLOTS];
};

struct mx_memo *
mx_memo_new(void)
{
	return mx_calloc(1, sizeof(struct mx_memo));
}

void
mx_memo_free(struct mx_memo *memo)
{
	free(memo);
}

/* FNV-1a: a hostile log can at worst make entries push each other out. */
static size_t
slot_of(char kind, struct mx_span key)
{
	uint32_t hash = 2166136261U ^ (unsigned char)kind;

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.at[i]) * 16777619U;
	return hash % SLOTS;
}

void
mx_memo_note(struct mx_memo *memo, char kind, struct mx_span key, struct mx_span value)
{
	struct slot *slot = &memo->slots[slot_of(kind, key)];

	if (key.len == 0 || key.len > sizeof slot->key || value.len > sizeof slot->value)
		return;
	slot->kind = kind;
	slot->key_len = (unsigned char)key.len;
	slot->value_len = (unsigned char)value.len;
	memcpy(slot->key, key.at, key.len);
	if (value.len > 0)
		memcpy(slot->value, value.at, value.len);
}

struct mx_span
mx_memo_find(const struct mx_memo *memo, char kind, struct mx_span key)
{
	const struct slot *slot = &memo->slots[slot_of(kind, key)];

	if (key.len == 0 || slot->kind != kind || slot->key_len != key.len ||
	    memcmp(slot->key, key.at, key.len) != 0)
		return (struct mx_span){ NULL, 0 };
	return (struct mx_span){ slot->value, slot->value_len };
}
