/* dnsbl_fact.c - any answer looks like a listing to who does not read it: refusals, parked
 * domains and good reputations come as address records too. */
#include "probe/identity/dnsbl_fact.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"

#define LOOPBACK 127
#define REASON_MAX 512
#define MEANINGS_OF_ONE 8

void
mx_dnsbl_fact_clear(struct mx_dnsbl_fact *fact)
{
	free(fact->codes);
	free(fact->reason);
	*fact = (struct mx_dnsbl_fact){ .state = MX_DNSBL_UNKNOWN };
}

/* ---- one answer ---- */

/* Spamhaus began with 127.255.255.0/24 for "you are refused", and others follow. */
static bool
is_refusal(const struct mx_catalogue *catalogue, const struct mx_list *list,
    const struct mx_addr *code)
{
	const struct mx_list_return *row =
	    mx_catalogue_list_return(catalogue, list, code);

	return (code->bytes[1] == 255 && code->bytes[2] == 255) ||
	       (row != NULL && row->error);
}

static bool
is_harmless(const struct mx_catalogue *catalogue, const struct mx_list *list,
    const struct mx_addr *code)
{
	const struct mx_list_return *rows[MEANINGS_OF_ONE];
	size_t count =
	    mx_catalogue_list_returns(catalogue, list, code, rows, MEANINGS_OF_ONE);

	for (size_t i = 0; i < count; i++)
		if (!rows[i]->harmless)
			return false;
	return count > 0;
}

static int
by_address(const void *a, const void *b)
{
	return mx_addr_compare(a, b);
}

static void
keep_codes(const struct mx_dns_answer *answer, struct mx_dnsbl_fact *out)
{
	out->code_count = answer->count < MX_DNSBL_CODES ? answer->count : MX_DNSBL_CODES;
	out->codes = mx_calloc(out->code_count, sizeof *out->codes);
	for (size_t i = 0; i < out->code_count; i++)
		out->codes[i] = answer->records[i].addr;
	qsort(out->codes, out->code_count, sizeof *out->codes, by_address);
}

/* What is worst to overlook comes first: an answer that is none, then a refusal. */
static void
judge_codes(const struct mx_catalogue *catalogue, const struct mx_list *list,
    struct mx_dnsbl_fact *out)
{
	bool foreign = false, refused = false, harmful = false;

	for (size_t i = 0; i < out->code_count; i++) {
		const struct mx_addr *code = &out->codes[i];

		foreign |= code->bytes[0] != LOOPBACK;
		refused |= is_refusal(catalogue, list, code);
		harmful |= !is_harmless(catalogue, list, code);
	}
	if (foreign) {
		out->state = MX_DNSBL_UNUSABLE;
		out->why = MX_DNSBL_FOREIGN;
	} else if (refused) {
		out->state = MX_DNSBL_REFUSED;
	} else {
		out->state = harmful ? MX_DNSBL_LISTED : MX_DNSBL_NOT_LISTED;
	}
}

void
mx_dnsbl_fact_read(const struct mx_catalogue *catalogue, const struct mx_dnsbl_zone *zone,
    const struct mx_dns_answer *answer, struct mx_dnsbl_fact *out)
{
	*out =
	    (struct mx_dnsbl_fact){ .why = MX_DNSBL_BY_ANSWER, .status = answer->status };
	if (answer->status == MX_DNS_NXDOMAIN || answer->status == MX_DNS_NODATA) {
		out->state = MX_DNSBL_NOT_LISTED;
	} else if (answer->status == MX_DNS_OK && answer->count > 0) {
		keep_codes(answer, out);
		judge_codes(catalogue, zone->list, out);
	} else {
		out->state = MX_DNSBL_UNKNOWN;
		out->why = MX_DNSBL_BY_STATUS;
	}
}

/* Lists like to repeat the question in the reason, and the question holds the key. */
static void
hide_key(char *text, const char *key)
{
	if (key == NULL || *key == '\0')
		return;
	for (char *at = text; (at = strcasestr(at, key)) != NULL; at += strlen(key))
		memset(at, '*', strlen(key));
}

char *
mx_dnsbl_reason_read(const struct mx_dnsbl_zone *zone, const struct mx_dns_answer *answer)
{
	struct mx_buf text;
	char *reason;

	mx_buf_init(&text, REASON_MAX);
	for (size_t i = 0; i < answer->count; i++) {
		const struct mx_dns_record *record = &answer->records[i];
		size_t room = REASON_MAX - text.len;

		if (record->len == 0 || room < 3)
			continue;
		if (text.len > 0)
			room -= mx_buf_addstr(&text, "; ") ? 2 : 0;
		mx_buf_add(&text, record->data, record->len < room ? record->len : room);
	}
	if (text.len == 0) {
		mx_buf_clear(&text);
		return NULL;
	}
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0')
			text.data[i] = ' ';
	reason = mx_buf_take(&text);
	hide_key(reason, zone->key);
	return reason;
}

/* ---- both test entries ---- */

static bool
dismiss(struct mx_dnsbl_fact *verdict, struct mx_dnsbl_fact *from,
    enum mx_dnsbl_state state, enum mx_dnsbl_why why)
{
	*verdict = *from;
	verdict->state = state;
	verdict->why = why;
	*from = (struct mx_dnsbl_fact){ .state = MX_DNSBL_UNKNOWN };
	return false;
}

bool
mx_dnsbl_fact_conclude(struct mx_dnsbl_fact *listed, struct mx_dnsbl_fact *clean,
    struct mx_dnsbl_fact *verdict)
{
	struct mx_dnsbl_fact *both[] = { listed, clean };

	for (size_t i = 0; i < 2; i++)
		if (both[i]->state == MX_DNSBL_REFUSED ||
		    both[i]->state == MX_DNSBL_UNUSABLE)
			return dismiss(verdict, both[i], both[i]->state, both[i]->why);
	if (clean->state == MX_DNSBL_LISTED)
		return dismiss(verdict, clean, MX_DNSBL_UNUSABLE, MX_DNSBL_LISTS_ALL);
	for (size_t i = 0; i < 2; i++)
		if (both[i]->state == MX_DNSBL_UNKNOWN)
			return dismiss(
			    verdict, both[i], MX_DNSBL_UNUSABLE, MX_DNSBL_ENTRY_SILENT);
	/* A reputation may be harmless; without any code the entry is not there. */
	if (listed->code_count == 0)
		return dismiss(
		    verdict, listed, MX_DNSBL_UNUSABLE, MX_DNSBL_ENTRY_MISSING);
	return true;
}

/* ---- what codes stand for ---- */

static bool
is_among(const struct mx_list_return *const *rows, size_t count,
    const struct mx_list_return *row)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i] == row)
			return true;
	return false;
}

size_t
mx_dnsbl_meanings(const struct mx_catalogue *catalogue, const struct mx_list *list,
    const struct mx_dnsbl_fact *fact, const struct mx_list_return **out, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < fact->code_count; i++) {
		const struct mx_list_return *rows[MEANINGS_OF_ONE];
		size_t found = mx_catalogue_list_returns(
		    catalogue, list, &fact->codes[i], rows, MEANINGS_OF_ONE);

		for (size_t k = 0; k < found && count < room; k++)
			if (!is_among(out, count, rows[k]))
				out[count++] = rows[k];
	}
	return count;
}
