/* world.c - see world.h. */
#include "tests/unit/identity/spf/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"

#define ROUNDS_MAX 200 /* RFC 7208 4.6.4 allows fewer lookups */

static void
add_record(struct mx_dns_answer *answer, const struct world_row *row)
{
	struct mx_dns_record *record;
	char *end;

	answer->records = mx_grow(answer->records, answer->count, sizeof *record);
	record = &answer->records[answer->count++];
	record->type = row->type;
	if (row->type == MX_DNS_TXT) {
		record->data = (uint8_t *)mx_strdup(row->value);
		record->len = strlen(row->value);
	} else if (row->type == MX_DNS_MX) {
		record->preference = (uint16_t)strtoul(row->value, &end, 10);
		record->name = mx_strdup(*end == ' ' ? end + 1 : end);
	} else if (row->type == MX_DNS_PTR) {
		record->name = mx_strdup(row->value);
	} else {
		cr_assert(mx_addr_parse(row->value, &record->addr), "%s", row->value);
	}
}

static struct mx_dns_answer
look_up(const struct world_row *rows, const char *name, enum mx_dns_type type)
{
	struct mx_dns_answer answer = { .status = MX_DNS_NXDOMAIN };

	for (; rows->name != NULL; rows++) {
		if (strcasecmp(rows->name, name) != 0)
			continue;
		if (answer.status == MX_DNS_NXDOMAIN)
			answer.status = MX_DNS_NODATA;
		if (rows->type != type)
			continue;
		answer.status = rows->value != NULL ? MX_DNS_OK : rows->status;
		if (rows->value != NULL)
			add_record(&answer, rows);
	}
	return answer;
}

static void
add_needs(
    const struct world_row *rows, struct mx_spf_memo *memo, struct mx_spf_needs *needs)
{
	cr_assert_gt(needs->count, 0);
	for (size_t i = 0; i < needs->count; i++) {
		struct mx_dns_answer answer =
		    look_up(rows, needs->items[i].name, needs->items[i].type);

		mx_spf_memo_add(
		    memo, needs->items[i].name, needs->items[i].type, &answer);
		mx_dns_answer_clear(&answer);
	}
	mx_spf_needs_clear(needs);
}

void
world_check(const struct world_row *rows, const struct mx_spf_params *params,
    struct mx_spf_answer *answer, size_t *lookups)
{
	struct mx_spf_query query;
	struct mx_spf_memo memo = { 0 };
	struct mx_spf_needs needs;
	size_t rounds = 0;

	mx_spf_query_init(&query, params, 1234567890);
	while (!mx_spf_eval(&query, &memo, answer, &needs)) {
		cr_assert_lt(rounds++, ROUNDS_MAX);
		add_needs(rows, &memo, &needs);
	}
	if (lookups != NULL)
		*lookups = memo.count;
	mx_spf_memo_clear(&memo);
	mx_spf_query_clear(&query);
}
