/* dkim.c - a question a selector, a row a selector, in the order given. */
#include "probe/identity/dkim.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/identity/dkim_key.h"

#define CHECK "dkim"

struct key {
	struct mx_dkim_search *search;
	char *name; /* "s1._domainkey.example.jp" */
	struct mx_query *query;
	struct mx_checks row;
};

struct mx_dkim_search {
	struct key *keys;
	size_t count, open;
	void (*done)(void *arg, struct mx_checks *rows);
	void *arg;
};

static void
free_search(struct mx_dkim_search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		mx_query_cancel(search->keys[i].query);
		free(search->keys[i].name);
		mx_checks_clear(&search->keys[i].row);
	}
	free(search->keys);
	free(search);
}

static void
tell(struct key *key, enum mx_check_result result, char *found, char *advice)
{
	mx_checks_add(&key->row, result, mx_strdup(CHECK), found, advice);
}

static void
tell_absent(struct key *key, const char *status)
{
	tell(key, MX_CHECK_FAIL, mx_asprintf("no key at %s: %s", key->name, status),
	    mx_asprintf("publish %s TXT \"v=DKIM1; k=rsa; p=...\" with the public key of "
			"your signer, or name the selector it uses",
		key->name));
}

/* done last, and nothing of the search left by then. */
static void
finish(struct mx_dkim_search *search)
{
	void (*done)(void *arg, struct mx_checks *rows) = search->done;
	void *arg = search->arg;
	struct mx_checks rows = { .count = 0 };

	for (size_t i = 0; i < search->count; i++)
		mx_checks_move(&rows, &search->keys[i].row);
	free_search(search);
	done(arg, &rows);
	mx_checks_clear(&rows);
}

static void
judge_records(struct key *key, const struct mx_dns_answer *answer)
{
	const struct mx_dns_record *record = &answer->records[0];
	enum mx_check_result result;
	char *text, *advice;

	if (answer->count > 1) {
		tell(key, MX_CHECK_FAIL,
		    mx_asprintf("%zu TXT records at %s", answer->count, key->name),
		    mx_strdup("with several records a receiver takes whichever comes "
			      "first (RFC 6376 3.6.2.2): keep one"));
		return;
	}
	result = mx_dkim_key_judge(
	    key->name, (const char *)record->data, record->len, &advice);
	text = mx_strndup((const char *)record->data, record->len);
	tell(key, result, mx_asprintf("%s TXT \"%s\"", key->name, text), advice);
	free(text);
}

static void
on_answer(void *arg, const struct mx_dns_answer *answer)
{
	struct key *key = arg;
	struct mx_dkim_search *search = key->search;

	key->query = NULL;
	if (answer->status == MX_DNS_OK && answer->count > 0)
		judge_records(key, answer);
	else if (answer->status == MX_DNS_NODATA || answer->status == MX_DNS_NXDOMAIN)
		tell_absent(key, mx_dns_status_text(answer->status));
	else
		tell(key, MX_CHECK_UNKNOWN,
		    mx_asprintf("%s: %s", key->name, mx_dns_status_text(answer->status)),
		    NULL);
	if (--search->open == 0)
		finish(search);
}

struct mx_dkim_search *
mx_dkim_find(struct mx_resolver *resolver, const char *domain,
    const char *const *selectors, size_t count, int64_t timeout_us,
    void (*done)(void *arg, struct mx_checks *rows), void *arg)
{
	struct mx_dkim_search *search = mx_calloc(1, sizeof *search);

	search->keys = mx_calloc(count, sizeof *search->keys);
	search->count = search->open = count;
	search->done = done;
	search->arg = arg;
	for (size_t i = 0; i < count; i++) {
		struct key *key = &search->keys[i];

		key->search = search;
		key->name = mx_asprintf("%s._domainkey.%s", selectors[i], domain);
		key->query = mx_resolver_ask(
		    resolver, key->name, MX_DNS_TXT, timeout_us, on_answer, key);
	}
	return search;
}

void
mx_dkim_cancel(struct mx_dkim_search *search)
{
	if (search != NULL)
		free_search(search);
}
