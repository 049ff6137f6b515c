#include "probe/unwrap/heard.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* A bounce about more recipients than this tells their stages by the report alone. */
#define MOST 64

struct quotation {
	char *rcpt, *words, *mx_host;
	struct mx_addr mx_addr;
	enum mx_stage stage;
	int code;
};

struct mx_heard {
	struct quotation items[MOST];
	size_t count;
};

struct mx_heard *
mx_heard_new(void)
{
	return mx_calloc(1, sizeof(struct mx_heard));
}

void
mx_heard_free(struct mx_heard *heard)
{
	for (size_t i = 0; i < heard->count; i++) {
		free(heard->items[i].rcpt);
		free(heard->items[i].words);
		free(heard->items[i].mx_host);
	}
	free(heard);
}

static char *
copy_of(const char *text)
{
	return text == NULL ? NULL : mx_strdup(text);
}

void
mx_heard_note(void *arg, const struct mx_said *said)
{
	struct mx_heard *heard = arg;

	if (heard->count == MOST || said->code == 0)
		return;
	heard->items[heard->count++] = (struct quotation){
		.rcpt = copy_of(said->rcpt),
		.words = copy_of(said->words),
		.mx_host = copy_of(said->mx_host),
		.mx_addr = said->mx_addr,
		.stage = said->stage,
		.code = said->code,
	};
}

/* The recipient says that it is the same reply; where one of the two does not name any, the words
 * do. */
static bool
is_same(const struct quotation *quotation, const struct mx_said *said)
{
	if (quotation->code != said->code)
		return false;
	if (quotation->rcpt != NULL && said->rcpt != NULL)
		return strcasecmp(quotation->rcpt, said->rcpt) == 0;
	return strcmp(quotation->words, said->words) == 0;
}

void
mx_heard_fill(const struct mx_heard *heard, struct mx_said *said)
{
	for (size_t i = 0; i < heard->count; i++) {
		const struct quotation *quotation = &heard->items[i];

		if (!is_same(quotation, said))
			continue;
		if (said->stage == MX_STAGE_COUNT)
			said->stage = quotation->stage;
		if (said->mx_host == NULL)
			said->mx_host = quotation->mx_host;
		if (said->mx_addr.family == AF_UNSPEC)
			said->mx_addr = quotation->mx_addr;
		return;
	}
}
