/* memo.c - a list is enough: ten terms of ten lookups each are the most there can be. */
#include "probe/identity/spf/memo.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"

const struct mx_dns_answer *
mx_spf_memo_find(const struct mx_spf_memo *memo, const char *name, enum mx_dns_type type)
{
	for (size_t i = 0; i < memo->count; i++)
		if (memo->entries[i].type == type &&
		    strcasecmp(memo->entries[i].name, name) == 0)
			return &memo->entries[i].answer;
	return NULL;
}

static void
copy_record(const struct mx_dns_record *from, struct mx_dns_record *to)
{
	*to = *from;
	to->name = mx_strdup(from->name);
	if (from->data == NULL)
		return;
	to->data = mx_calloc(from->len + 1, 1);
	memcpy(to->data, from->data, from->len);
}

void
mx_spf_memo_add(struct mx_spf_memo *memo, const char *name, enum mx_dns_type type,
    const struct mx_dns_answer *answer)
{
	struct mx_spf_memo_entry *entry;

	memo->entries = mx_grow(memo->entries, memo->count, sizeof *entry);
	entry = &memo->entries[memo->count++];
	entry->name = mx_strdup(name);
	entry->type = type;
	entry->answer.status = answer->status;
	entry->answer.count = answer->count;
	entry->answer.records = mx_calloc(answer->count, sizeof *answer->records);
	for (size_t i = 0; i < answer->count; i++)
		copy_record(&answer->records[i], &entry->answer.records[i]);
}

void
mx_spf_memo_clear(struct mx_spf_memo *memo)
{
	for (size_t i = 0; i < memo->count; i++) {
		free(memo->entries[i].name);
		mx_dns_answer_clear(&memo->entries[i].answer);
	}
	free(memo->entries);
	*memo = (struct mx_spf_memo){ 0 };
}
