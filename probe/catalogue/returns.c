/* returns.c - what the answers of a blocklist stand for. */
#include "probe/catalogue/returns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/catalogue/rows.h"

#define FIRST_OCTET 127
#define LAST_OCTET_MAX 255

/* "-24" behind the last octet. */
static bool
parse_run(const char *text, uint8_t first, uint8_t *last)
{
	char *end;
	long value;

	if (!isdigit((unsigned char)text[1]))
		return false;
	value = strtol(text + 1, &end, 10);
	if (*end != '\0' || value > LAST_OCTET_MAX || value <= first)
		return false;
	*last = (uint8_t)value;
	return true;
}

bool
mx_return_code_parse(const char *text, struct mx_return_code *out)
{
	const char *run = strchr(text, '-');
	size_t len = run != NULL ? (size_t)(run - text) : strlen(text);
	char plain[MX_ADDR_TEXT];
	struct mx_addr addr;

	if (len >= sizeof plain)
		return false;
	memcpy(plain, text, len);
	plain[len] = '\0';
	if (!mx_addr_parse(plain, &addr) || addr.family != AF_INET ||
	    addr.bytes[0] != FIRST_OCTET)
		return false;
	memcpy(out->bytes, addr.bytes, sizeof out->bytes);
	out->first = out->last = addr.bytes[3];
	return run == NULL || parse_run(run, out->first, &out->last);
}

static bool
stands_for(const struct mx_list_return *row, const struct mx_addr *answer, bool bits)
{
	struct mx_return_code code;

	if (!mx_return_code_parse(row->code, &code) ||
	    memcmp(code.bytes, answer->bytes, sizeof code.bytes) != 0)
		return false;
	if (bits && !row->error)
		return (answer->bytes[3] & code.first) != 0;
	return answer->bytes[3] >= code.first && answer->bytes[3] <= code.last;
}

/* Of a sum every known bit, else one row; an error beats any bit. */
static size_t
own_returns(const struct mx_list *list, const struct mx_addr *answer,
    const struct mx_list_return **out, size_t room)
{
	size_t hits = 0;

	for (size_t i = 0; i < list->return_count; i++) {
		const struct mx_list_return *row = &list->returns[i];

		if (!stands_for(row, answer, list->bits))
			continue;
		if (row->error || !list->bits) {
			out[0] = row;
			return 1;
		}
		if (hits < room)
			out[hits++] = row;
	}
	return hits;
}

bool
mx_catalogue_list_contains(const struct mx_catalogue *c, const struct mx_list *outer,
    const struct mx_list *inner)
{
	if (outer == NULL)
		return false;
	while (inner != NULL && inner != outer)
		inner =
		    inner->part_of == NULL ? NULL : mx_catalogue_list(c, inner->part_of);
	return inner == outer;
}

size_t
mx_catalogue_list_returns(const struct mx_catalogue *c, const struct mx_list *list,
    const struct mx_addr *answer, const struct mx_list_return **out, size_t room)
{
	size_t count;

	if (list == NULL || answer->family != AF_INET || room == 0)
		return 0;
	count = own_returns(list, answer, out, room);
	for (size_t i = 0; count == 0 && i < c->list_count; i++)
		if (mx_catalogue_list_contains(c, list, &c->lists[i]))
			count = own_returns(&c->lists[i], answer, out, room);
	return count;
}

const struct mx_list_return *
mx_catalogue_list_return(const struct mx_catalogue *c, const struct mx_list *list,
    const struct mx_addr *answer)
{
	const struct mx_list_return *rows[2];

	return mx_catalogue_list_returns(c, list, answer, rows, 2) == 1 ? rows[0] : NULL;
}

const char *
mx_list_name_beside(const struct mx_list *list, const struct mx_list *before)
{
	size_t len = strlen(list->operator);

	if (before != NULL && strcmp(before->operator, list->operator) == 0 &&
	    strncmp(list->name, list->operator, len) == 0 && list->name[len] == ' ')
		return list->name + len + 1;
	return list->name;
}
