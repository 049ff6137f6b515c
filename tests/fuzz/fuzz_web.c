/*
 * fuzz_web.c - properties of what the daemon's web side answers to any bytes: an answer is a head of headers
 * that it knows, with the strict ones in it, whatever the request said; and who does not say a password is
 * told nothing of a pair.
 * The first byte chooses between a site that anybody may read and one with a token; the rest is what a client
 * sends before it leaves.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/event.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/record.h"
#include "probe/web/web.h"
#include "tests/fuzz/fuzz.h"

#define SECRET "192.0.2.77"
#define ANSWER_MAX ((size_t)1 << 20)
/* Of the loop, without a byte: no answer needs more, streams never end. */
#define IDLE_ROUNDS 4

static struct site {
	char place[32];
	char *store_path, *token_path;
	struct mx_loop *loop;
	struct mx_store *store;
	struct mx_catalogue *catalogue;
	struct mx_web *open, *closed;
} site;

/* ---- a site ---- */

static void
close_site(void)
{
	static const char *const others[] = { "-wal", "-shm", "" };

	mx_web_free(site.open);
	mx_web_free(site.closed);
	mx_store_detach(site.store);
	mx_store_close(site.store);
	mx_catalogue_free(site.catalogue);
	mx_loop_free(site.loop);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		char *path = mx_asprintf("%s%s", site.store_path, others[i]);

		(void)unlink(path);
		free(path);
	}
	(void)unlink(site.token_path);
	(void)rmdir(site.place);
	free(site.store_path);
	free(site.token_path);
}

static void
record_a_pair(void)
{
	struct mx_error err = { 0 };
	const struct mx_store_result row = {
		.id = "01J00000000000000000000001",
		.time_us = mx_clock_wall_us(),
		.source = SECRET,
		.group = "google",
		.provider = "google",
		.destination = "gmail.com",
		.verdict = "blocked",
		.code = 550,
		.text = "5.7.1 listed <b>",
	};

	mx_store_record(site.store, &(struct mx_store_record){ .row = &row,
					.json = "{\"verdict\":\"blocked\"}" });
	FUZZ_REQUIRE(mx_store_wait(site.store, &err) == MX_OK);
}

static struct mx_web *
new_web(const char *token_path, struct mx_error *err)
{
	return mx_web_new(&(struct mx_web_params){ .loop = site.loop,
			      .store = site.store,
			      .catalogue = site.catalogue,
			      .state_rules = &mx_state_rules_default,
			      .listen = "127.0.0.1:0",
			      .token_file = token_path },
	    err);
}

static void
write_token(void)
{
	FILE *file = fopen(site.token_path, "w");

	FUZZ_REQUIRE(file != NULL && fchmod(fileno(file), 0600) == 0);
	FUZZ_REQUIRE(fputs("0123456789abcdef\n", file) >= 0 && fclose(file) == 0);
}

/* Once per process. */
static void
open_site(void)
{
	struct mx_error err = { 0 };

	if (site.loop != NULL)
		return;
	(void)snprintf(site.place, sizeof site.place, "/tmp/mx-fuzz-XXXXXX");
	FUZZ_REQUIRE(mkdtemp(site.place) != NULL);
	site.store_path = mx_asprintf("%s/db", site.place);
	site.token_path = mx_asprintf("%s/token", site.place);
	write_token();
	site.loop = mx_loop_new(&err);
	site.store = mx_store_open(site.store_path, MX_STORE_WRITE, &err);
	FUZZ_REQUIRE(mx_store_attach(site.store, site.loop, &err) == MX_OK);
	site.catalogue = mx_catalogue_load(NULL, &err);
	record_a_pair();
	site.open = new_web(NULL, &err);
	site.closed = new_web(site.token_path, &err);
	if (site.open == NULL || site.closed == NULL) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	atexit(close_site);
}

/* ---- a client ---- */

static int
dial(const struct mx_web *web)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(mx_web_addr(web)->port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	const struct linger at_once = { .l_onoff = 1 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* Nobody waits behind (TIME-WAIT): in a long run the ports would not do. */
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	FUZZ_REQUIRE(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	FUZZ_REQUIRE(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	return fd;
}

static void
turn(void)
{
	(void)event_base_loop(mx_loop_base(site.loop), EVLOOP_NONBLOCK);
}

/* What it answers until it closes or has no more to say. */
static void
converse(const struct mx_web *web, const char *bytes, size_t len, struct mx_buf *answer)
{
	int fd = dial(web);
	char block[16384];
	ssize_t got = -1;

	(void)send(fd, bytes, len, MSG_NOSIGNAL);
	for (int idle = 0; idle < IDLE_ROUNDS && got != 0; idle++) {
		turn();
		while ((got = recv(fd, block, sizeof block, 0)) > 0) {
			idle = 0;
			if (!mx_buf_add(answer, block, (size_t)got))
				break;
		}
	}
	(void)close(fd);
	turn();
	turn();
}

/* ---- what holds ---- */

static bool
is_known(const char *line, size_t len)
{
	static const char *const names[] = { "Content-Type", "Content-Length", "Date",
		"Connection", "Transfer-Encoding", "Cache-Control", "ETag", "Location",
		"Retry-After", "WWW-Authenticate", "Allow", "Content-Security-Policy",
		"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
		"Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "Vary" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t name = strlen(names[i]);

		if (len > name && strncasecmp(line, names[i], name) == 0 &&
		    line[name] == ':')
			return true;
	}
	return false;
}

/* Of the first answer; what evhttp itself refuses has few headers. */
static void
check_head(const char *answer)
{
	const char *line = strstr(answer, "\r\n"), *end = strstr(answer, "\r\n\r\n");
	const char *status = strchr(answer, ' ');
	bool is_strict = false;

	/* The version is the client's. */
	FUZZ_REQUIRE(strncmp(answer, "HTTP/", 5) == 0 && end != NULL);
	FUZZ_REQUIRE(status != NULL && status < line);
	if (status[1] == '1') /* "100 Continue": the answer is still to come */
		return;
	while (line < end) {
		size_t len = strcspn(line += 2, "\r\n");

		FUZZ_REQUIRE(line[len] == '\r' && line[len + 1] == '\n');
		FUZZ_REQUIRE(is_known(line, len));
		is_strict |= strncmp(line, "X-Content-Type-Options: nosniff", len) == 0;
		line += len;
	}
	FUZZ_REQUIRE(is_strict || status[1] == '4' || status[1] == '5');
}

static bool
says_who(const char *bytes, size_t len)
{
	static const char name[] = "Authorization";

	for (size_t i = 0; i + sizeof name <= len; i++)
		if (strncasecmp(bytes + i, name, sizeof name - 1) == 0)
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data + 1;
	struct mx_buf answer;
	bool is_closed;

	if (size < 2)
		return 0;
	open_site();
	is_closed = data[0] % 2 == 1;
	mx_buf_init(&answer, ANSWER_MAX);
	converse(is_closed ? site.closed : site.open, bytes, size - 1, &answer);
	if (answer.len > 0)
		check_head(answer.data);
	if (is_closed && !says_who(bytes, size - 1))
		FUZZ_REQUIRE(answer.len == 0 || strstr(answer.data, SECRET) == NULL);
	mx_buf_clear(&answer);
	return 0;
}
