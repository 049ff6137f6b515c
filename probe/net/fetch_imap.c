/*
 * fetch_imap.c - libcurl's blocking interface in a thread: one connection, LIST, then a search in one
 * folder after another, and one fetch. Rarely used and slow by nature, so a thread costs less than a
 * state machine would.
 */
#include "probe/net/fetch_imap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "probe/base/addr.h"
#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/base/secret.h"
#include "probe/base/thread.h"
#include "probe/net/imap_list.h"
#include "probe/net/wake.h"

struct mx_imap {
	struct mx_imap_search search;
	char *field, *value;
	struct mx_wake *wake;
	void (*done)(void *arg, const struct mx_imap_found *found);
	void *arg;
	pthread_t thread;
	atomic_bool is_cancelled;
	/* the thread's own until it has ended: */
	CURL *easy;
	struct mx_buf answer;
	char error[CURL_ERROR_SIZE];
	struct mx_imap_folders folders;
	const struct mx_imap_folder *folder; /* where it is; NULL: nowhere */
	unsigned long uid;
	char *text;
	size_t len;
	bool removed;
	char *why;
};

/* ---- accounts ---- */

static enum mx_err
refuse_url(struct mx_error *err)
{
	return mx_error_set(err, MX_ERR_USAGE,
	    "the mailbox must be imaps://[USER@]HOST[:PORT] or imap://[USER@]HOST[:PORT]");
}

static bool
is_plain(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("/?#\"\\<>", *c) != NULL)
			return false;
	return *text != '\0';
}

/* %41 is A; what would end a line or a C string is refused, and so is nobody. */
static char *
decode_user(const char *text, size_t len)
{
	int decoded = 0;
	/* To libcurl a length of 0 is all of the text. */
	char *user = len > 0 ? curl_easy_unescape(NULL, text, (int)len, &decoded) : NULL;
	bool is_fit = user != NULL && strlen(user) == (size_t)decoded;

	for (int i = 0; is_fit && i < decoded; i++)
		is_fit = (unsigned char)user[i] >= ' ' && user[i] != 0x7f;
	if (is_fit)
		return user;
	curl_free(user);
	return NULL;
}

enum mx_err
mx_imap_account_parse(
    struct mx_imap_account *account, const char *url, struct mx_error *err)
{
	bool is_tls = strncasecmp(url, "imaps://", 8) == 0;
	const char *rest, *at;
	char *host;

	*account = (struct mx_imap_account){ 0 };
	if (!is_tls && strncasecmp(url, "imap://", 7) != 0)
		return refuse_url(err);
	rest = url + (is_tls ? 8 : 7);
	at = strrchr(rest, '@');
	if (at != NULL && memchr(rest, ':', (size_t)(at - rest)) != NULL)
		return mx_error_set(err, MX_ERR_USAGE,
		    "the mailbox's URL holds a password: it belongs in a file, or is asked "
		    "for");
	if (at != NULL) {
		account->user = decode_user(rest, (size_t)(at - rest));
		if (account->user == NULL)
			return refuse_url(err);
		rest = at + 1;
	}
	host = mx_strndup(
	    rest, strlen(rest) - (*rest != '\0' && rest[strlen(rest) - 1] == '/'));
	if (is_plain(host))
		account->url = mx_asprintf("%s://%s", is_tls ? "imaps" : "imap", host);
	free(host);
	return account->url != NULL ? MX_OK : refuse_url(err);
}

void
mx_imap_account_clear(struct mx_imap_account *account)
{
	mx_secret_wipe(account->password);
	mx_secret_wipe(account->token);
	free(account->url);
	free(account->user);
	free(account->ca_file);
	*account = (struct mx_imap_account){ 0 };
}

/* ---- one command ---- */

static size_t
take_answer(char *bytes, size_t size, size_t count, void *arg)
{
	struct mx_imap *imap = arg;
	size_t room = MX_IMAP_MESSAGE - imap->answer.len;
	size_t len = size * count;

	/* What is longer is cut: the header stands in front. */
	(void)mx_buf_add(&imap->answer, bytes, len < room ? len : room);
	return len;
}

static int
has_to_stop(
    void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	const struct mx_imap *imap = arg;

	(void)total, (void)now, (void)up_total, (void)up;
	return atomic_load(&imap->is_cancelled) ? 1 : 0;
}

/* Plaintext to this very host crosses no wire. */
static bool
is_loopback(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	char *text = mx_strndup(host, strlen(host));
	struct mx_addr addr;
	bool is;

	is = mx_addr_parse_port(text, 1, &addr) && mx_addr_is_loopback(&addr);
	free(text);
	return is;
}

static void
log_in(struct mx_imap *imap)
{
	const struct mx_imap_account *account = imap->search.account;

	(void)curl_easy_setopt(imap->easy, CURLOPT_USERNAME, account->user);
	if (account->token != NULL) {
		(void)curl_easy_setopt(
		    imap->easy, CURLOPT_XOAUTH2_BEARER, account->token);
		(void)curl_easy_setopt(imap->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
	} else {
		(void)curl_easy_setopt(imap->easy, CURLOPT_PASSWORD, account->password);
	}
}

static void
set_up(struct mx_imap *imap)
{
	const struct mx_imap_account *account = imap->search.account;
	CURL *easy = imap->easy;

	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(easy, CURLOPT_USE_SSL,
	    is_loopback(account->url) ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
	if (account->ca_file != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, account->ca_file);
		(void)curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, imap);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, imap->error);
	(void)curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, has_to_stop);
	(void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, imap);
	(void)curl_easy_setopt(
	    easy, CURLOPT_TIMEOUT_MS, (long)(imap->search.timeout_us / 1000));
	log_in(imap);
}

/* command NULL: fetch what path names. path: behind the host, already escaped. False: why is set. */
static bool
ask(struct mx_imap *imap, const char *path, const char *command)
{
	char *url = mx_asprintf("%s/%s", imap->search.account->url, path);
	CURLcode code;

	mx_buf_reset(&imap->answer);
	*imap->error = '\0';
	(void)curl_easy_setopt(imap->easy, CURLOPT_URL, url);
	(void)curl_easy_setopt(imap->easy, CURLOPT_CUSTOMREQUEST, command);
	code = curl_easy_perform(imap->easy);
	free(url);
	if (code == CURLE_OK)
		return true;
	free(imap->why);
	imap->why = mx_asprintf("%s: %s", imap->search.account->url,
	    code == CURLE_LOGIN_DENIED ? "the login was refused"
	    : *imap->error != '\0'     ? imap->error
				       : curl_easy_strerror(code));
	return false;
}

static char *
escaped(struct mx_imap *imap, const char *folder)
{
	char *text = curl_easy_escape(imap->easy, folder, 0);

	if (text == NULL)
		mx_out_of_memory();
	return text;
}

/* ---- the search ---- */

static bool
look_in(struct mx_imap *imap, const struct mx_imap_folder *folder)
{
	char *path = escaped(imap, folder->name);
	char *command =
	    imap->field != NULL
		? mx_asprintf("UID SEARCH HEADER %s %s", imap->field, imap->value)
		: mx_asprintf("UID SEARCH TEXT %s", imap->value);
	/* A folder that can't be opened is none to find anything in. */
	bool answered = ask(imap, path, command);

	if (answered && imap->answer.data != NULL)
		imap->uid = mx_imap_search_read(imap->answer.data);
	if (imap->uid > 0)
		imap->folder = folder;
	curl_free(path);
	free(command);
	return answered || folder->place != MX_IMAP_INBOX;
}

static bool
fetch_it(struct mx_imap *imap)
{
	char *folder = escaped(imap, imap->folder->name);
	char *path = mx_asprintf("%s/;UID=%lu%s", folder, imap->uid,
	    imap->search.whole ? "" : "/;SECTION=HEADER");
	bool answered = ask(imap, path, NULL);

	if (answered) {
		imap->len = imap->answer.len;
		imap->text = mx_buf_take(&imap->answer);
	}
	free(path);
	curl_free(folder);
	return answered;
}

/* UID EXPUNGE (RFC 4315) takes away this one only; where it is not known the message stays, marked
 * as deleted, and others that are marked so are not touched. */
static void
remove_it(struct mx_imap *imap)
{
	char *path = escaped(imap, imap->folder->name);
	char *mark = mx_asprintf("UID STORE %lu +FLAGS.SILENT (\\Deleted)", imap->uid);
	char *expunge = mx_asprintf("UID EXPUNGE %lu", imap->uid);

	imap->removed = ask(imap, path, mark);
	if (imap->removed)
		(void)ask(imap, path, expunge);
	free(mark);
	free(expunge);
	curl_free(path);
	free(imap->why); /* it was found, whatever became of the rest */
	imap->why = NULL;
}

static void
search(struct mx_imap *imap)
{
	if (!ask(imap, "", "LIST \"\" \"*\""))
		return;
	mx_imap_list_read(
	    imap->answer.data != NULL ? imap->answer.data : "", &imap->folders);
	for (size_t i = 0; i < imap->folders.count && imap->folder == NULL; i++) {
		const struct mx_imap_folder *folder = &imap->folders.rows[i];

		if (folder->place == MX_IMAP_ELSEWHERE && !imap->search.everywhere)
			break;
		if (!look_in(imap, folder) || atomic_load(&imap->is_cancelled))
			return;
	}
	free(imap->why); /* of a folder that would not open */
	imap->why = NULL;
	if (imap->folder != NULL && fetch_it(imap) && imap->search.remove)
		remove_it(imap);
}

static void *
work(void *arg)
{
	struct mx_imap *imap = arg;

	imap->easy = curl_easy_init();
	if (imap->easy == NULL)
		mx_out_of_memory();
	set_up(imap);
	search(imap);
	curl_easy_cleanup(imap->easy);
	mx_wake_ring(imap->wake);
	return NULL;
}

/* ---- on the loop ---- */

static void
free_imap(struct mx_imap *imap)
{
	mx_wake_free(imap->wake);
	mx_buf_clear(&imap->answer);
	mx_imap_folders_clear(&imap->folders);
	free(imap->field);
	free(imap->value);
	free(imap->text);
	free(imap->why);
	free(imap);
	curl_global_cleanup();
}

static void
on_ring(void *arg)
{
	struct mx_imap *imap = arg;
	struct mx_imap_found found = { 0 };

	(void)pthread_join(imap->thread, NULL);
	found.why = imap->why;
	if (imap->folder != NULL && imap->text != NULL) {
		found.place = imap->folder->place;
		found.folder = imap->folder->name;
		found.text = imap->text;
		found.len = imap->len;
		found.removed = imap->removed;
	}
	mx_wake_free(imap->wake);
	imap->wake = NULL;
	imap->done(imap->arg, &found);
	free_imap(imap);
}

struct mx_imap *
mx_imap_start(struct mx_loop *loop, const struct mx_imap_search *search,
    void (*done)(void *arg, const struct mx_imap_found *found), void *arg,
    struct mx_error *err)
{
	struct mx_imap *imap = mx_calloc(1, sizeof *imap);
	int code;

	/* Not safe in threads, so it is done before there is one. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		mx_out_of_memory();
	imap->search = *search;
	imap->field = mx_strdup(search->field);
	imap->value = mx_strdup(search->value);
	imap->done = done;
	imap->arg = arg;
	atomic_init(&imap->is_cancelled, false);
	mx_buf_init(&imap->answer, MX_IMAP_MESSAGE);
	imap->wake = mx_wake_new(loop, on_ring, imap, err);
	code = imap->wake != NULL ? mx_thread_start(&imap->thread, work, imap) : 0;
	if (code != 0)
		mx_error_sys(err, code, "no thread can be started to read mail");
	if (imap->wake == NULL || code != 0) {
		free_imap(imap);
		return NULL;
	}
	return imap;
}

void
mx_imap_cancel(struct mx_imap *imap)
{
	if (imap == NULL)
		return;
	atomic_store(&imap->is_cancelled, true);
	(void)pthread_join(imap->thread, NULL);
	free_imap(imap);
}
