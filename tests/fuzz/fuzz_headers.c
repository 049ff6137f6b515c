/*
 * fuzz_headers.c - any header of a delivered message: results are words and nothing else, and what
 * stands behind the header, or below a Received, changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/deliver/headers.h"
#include "probe/deliver/token.h"
#include "probe/net/imap_list.h"
#include "tests/fuzz/fuzz.h"

static void
require_word(const char *word)
{
	FUZZ_REQUIRE(strspn(word, "abcdefghijklmnopqrstuvwxyz") == strlen(word));
	FUZZ_REQUIRE(strlen(word) < MX_AUTH_WORD);
}

static bool
is_same(const struct mx_auth_results *a, const struct mx_auth_results *b)
{
	return strcmp(a->server, b->server) == 0 && strcmp(a->spf, b->spf) == 0 &&
	       strcmp(a->dkim, b->dkim) == 0 && strcmp(a->dmarc, b->dmarc) == 0;
}

/* A forged field that the sender put into the message's body says nothing. */
static void
read_with_body(const char *text, size_t len, const struct mx_auth_results *before)
{
	static const char body[] =
	    "\n\nAuthentication-Results: x; spf=pass; dkim=pass; dmarc=pass\n";
	char *all = mx_calloc(len + sizeof body, 1);
	struct mx_auth_results after;

	memcpy(all, text, len);
	memcpy(all + len, body, sizeof body);
	mx_auth_results_read(all, len + sizeof body - 1, NULL, NULL, &after);
	FUZZ_REQUIRE(is_same(before, &after));
	free(all);
}

static void
read_folders(const char *text, size_t len)
{
	char *copy = mx_strndup(text, len);
	struct mx_imap_folders folders;

	mx_imap_list_read(copy, &folders);
	FUZZ_REQUIRE(folders.count >= 1 && folders.count <= MX_IMAP_FOLDERS);
	FUZZ_REQUIRE(folders.rows[0].place == MX_IMAP_INBOX);
	for (size_t i = 1; i < folders.count; i++)
		FUZZ_REQUIRE(folders.rows[i].place >= folders.rows[i - 1].place);
	mx_imap_folders_clear(&folders);
	(void)mx_imap_search_read(copy);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct mx_auth_results out;
	char id[MX_ULID_TEXT];

	mx_auth_results_read(text, size, NULL, NULL, &out);
	require_word(out.spf);
	require_word(out.dkim);
	require_word(out.dmarc);
	for (const char *c = out.server; *c != '\0'; c++)
		FUZZ_REQUIRE(*c > ' ' && *c < 0x7f);
	read_with_body(text, size, &out);
	(void)mx_received_from(text, size);
	if (mx_token_find(text, size, id))
		FUZZ_REQUIRE(strlen(id) == MX_ULID_TEXT - 1);
	read_folders(text, size);
	return 0;
}
