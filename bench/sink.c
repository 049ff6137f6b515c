/*
 * sink.c - an SMTP server that costs as little as possible: every answer is a constant, no mail
 * is taken. It must be faster than its clients, or the benchmark would measure the sink.
 *
 * usage: sink [--hold] [CHAIN.pem KEY.pem]
 * Listens on 127.0.0.1, prints the port, serves until its standard input closes or two minutes
 * have passed. --hold never answers MAIL, so that sessions stay open and idle. With a certificate
 * it offers STARTTLS.
 */
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "probe/base/mem.h"

#define LIFETIME_S 120
#define EVENTS 256

struct visitor {
	int fd;
	SSL *ssl;
	bool handshaking;
	char verb; /* first letter of the command under way, 0 between commands */
};

struct sink {
	int epoll, listener;
	bool hold;
	SSL_CTX *tls;
};

/* clang-format off */
static const char banner[]    = "220 sink.example.test ESMTP\r\n";
static const char ehlo[]      = "250-sink.example.test\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n"
				"250 ENHANCEDSTATUSCODES\r\n";
static const char ehlo_tls[]  = "250-sink.example.test\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n"
				"250 ENHANCEDSTATUSCODES\r\n";
static const char ready[]     = "220 2.0.0 ready\r\n";
static const char ok[]        = "250 2.1.0 ok\r\n";
static const char bye[]       = "221 2.0.0 bye\r\n";
/* clang-format on */

static void
leave(struct visitor *v)
{
	SSL_free(v->ssl);
	(void)close(v->fd); /* which takes it out of the epoll set, too */
	free(v);
}

static void
say(struct visitor *v, const char *text)
{
	size_t len = strlen(text);

	if (v->ssl != NULL && !v->handshaking)
		(void)SSL_write(v->ssl, text, (int)len);
	else
		(void)send(v->fd, text, len, MSG_NOSIGNAL);
}

static void
start_tls(const struct sink *sink, struct visitor *v)
{
	say(v, ready);
	v->ssl = SSL_new(sink->tls);
	if (v->ssl == NULL || SSL_set_fd(v->ssl, v->fd) != 1)
		errx(4, "no memory for TLS");
	SSL_set_accept_state(v->ssl);
	v->handshaking = true;
}

/* False when the visitor is gone. */
static bool
answer(const struct sink *sink, struct visitor *v)
{
	switch (v->verb) {
	case 'E':
	case 'H':
		say(v, sink->tls != NULL && v->ssl == NULL ? ehlo_tls : ehlo);
		break;
	case 'M':
		if (!sink->hold)
			say(v, ok);
		break;
	case 'S':
		start_tls(sink, v);
		break;
	case 'Q':
		say(v, bye);
		leave(v);
		return false;
	default:
		say(v, ok);
	}
	v->verb = '\0';
	return true;
}

/* One command at a time, as clients do that wait for each reply. */
static bool
hear(const struct sink *sink, struct visitor *v, const char *bytes, size_t len)
{
	if (v->verb == '\0')
		v->verb = bytes[0];
	return bytes[len - 1] != '\n' || answer(sink, v);
}

static bool
shake_hands(struct visitor *v)
{
	int result;

	ERR_clear_error();
	result = SSL_do_handshake(v->ssl);
	if (result == 1)
		v->handshaking = false;
	else if (SSL_get_error(v->ssl, result) != SSL_ERROR_WANT_READ)
		leave(v);
	else
		return false;
	return result == 1;
}

static void
serve_secure(const struct sink *sink, struct visitor *v)
{
	char bytes[1024];
	int got;

	if (v->handshaking && !shake_hands(v))
		return;
	for (;;) {
		ERR_clear_error();
		got = SSL_read(v->ssl, bytes, sizeof bytes);
		if (got <= 0)
			break;
		if (!hear(sink, v, bytes, (size_t)got))
			return;
	}
	if (SSL_get_error(v->ssl, got) != SSL_ERROR_WANT_READ)
		leave(v);
}

static void
serve(const struct sink *sink, struct visitor *v)
{
	char bytes[1024];
	ssize_t got;

	if (v->ssl != NULL) {
		serve_secure(sink, v);
		return;
	}
	got = recv(v->fd, bytes, sizeof bytes, 0);
	if (got > 0)
		(void)hear(sink, v, bytes, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		leave(v);
}

static void
add(const struct sink *sink, int fd, void *what)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = what };

	if (epoll_ctl(sink->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		err(4, "epoll_ctl");
}

static void
welcome_all(const struct sink *sink)
{
	int fd;

	while ((fd = accept4(sink->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >=
	       0) {
		struct visitor *v = mx_calloc(1, sizeof *v);
		v->fd = fd;
		say(v, banner);
		add(sink, fd, v);
	}
}

static int
listen_somewhere(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof addr) != 0 ||
	    listen(fd, 4096) != 0 || getsockname(fd, (struct sockaddr *)&addr, &len) != 0)
		err(4, "listening on 127.0.0.1");
	printf("%u\n", ntohs(addr.sin_port));
	(void)fflush(stdout);
	return fd;
}

static SSL_CTX *
server_tls(const char *chain, const char *key)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (tls == NULL || SSL_CTX_use_certificate_chain_file(tls, chain) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
		errx(78, "%s and %s: no certificate to serve", chain, key);
	(void)SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
	return tls;
}

static void
run(const struct sink *sink)
{
	struct epoll_event events[EVENTS];

	add(sink, STDIN_FILENO, NULL);
	add(sink, sink->listener, &events);
	for (;;) {
		int count = epoll_wait(sink->epoll, events, EVENTS, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == NULL)
				return; /* whoever started us is done */
			if (events[i].data.ptr == &events)
				welcome_all(sink);
			else
				serve(sink, events[i].data.ptr);
		}
	}
}

int
main(int argc, char **argv)
{
	struct sink sink = { .epoll = epoll_create1(EPOLL_CLOEXEC) };
	struct rlimit limit;
	int at = 1;

	if (at < argc && strcmp(argv[at], "--hold") == 0) {
		sink.hold = true;
		at++;
	}
	if (at + 2 == argc)
		sink.tls = server_tls(argv[at], argv[at + 1]);
	else if (at != argc)
		errx(64, "usage: sink [--hold] [CHAIN.pem KEY.pem]");
	(void)alarm(LIFETIME_S);
	(void)signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	sink.listener = listen_somewhere();
	run(&sink);
	SSL_CTX_free(sink.tls);
	return 0;
}
