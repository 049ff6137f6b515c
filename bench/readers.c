/*
 * readers.c - many HTTP clients at once, each asking again as soon as it has its answer.
 * usage: readers PORT CLIENTS SECONDS PATH...
 * Client i begins with PATH i and takes them in turns, on one connection. A line a path: answers, bytes,
 * milliseconds to the last byte (median, 99 %, worst), and how many were not 200.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measure.h"
#include "probe/base/mem.h"

#define HEAD_MAX 4096
#define PATHS_MAX 16

struct path {
	const char *text;
	double *ms;
	size_t count, failed, bytes;
};

struct client {
	int fd;
	size_t path;
	int64_t asked_us;
	char head[HEAD_MAX];
	size_t head_len;
	size_t left; /* of the body */
	bool in_body;
};

static struct path paths[PATHS_MAX];
static size_t path_count;
static struct sockaddr_in server;

static void
ask(struct client *client)
{
	char text[512];
	int len = snprintf(text, sizeof text,
	    "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", paths[client->path].text);

	client->asked_us = measure_now().wall_us;
	client->head_len = 0;
	client->in_body = false;
	if (write(client->fd, text, (size_t)len) != len)
		paths[client->path].failed++;
}

static void
connect_again(struct client *client)
{
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0 ||
	    connect(client->fd, (struct sockaddr *)&server, sizeof server) != 0) {
		fprintf(stderr, "readers: no connection: %s\n", strerror(errno));
		exit(1);
	}
	ask(client);
}

static void
note(struct client *client)
{
	struct path *path = &paths[client->path];

	path->ms = mx_grow(path->ms, path->count, sizeof *path->ms);
	path->ms[path->count++] =
	    (double)(measure_now().wall_us - client->asked_us) / 1000;
	if (strncmp(client->head, "HTTP/1.1 200", 12) != 0)
		path->failed++;
	client->path = (client->path + 1) % path_count;
	ask(client);
}

/* What of the bytes is head goes there; false: too much of it. */
static bool
take_head(struct client *client, const char **data, size_t *len)
{
	size_t room = HEAD_MAX - 1 - client->head_len, take = *len < room ? *len : room;
	size_t before = client->head_len;
	const char *end, *length;

	memcpy(client->head + client->head_len, *data, take);
	client->head_len += take;
	client->head[client->head_len] = '\0';
	end = strstr(client->head, "\r\n\r\n");
	if (end == NULL)
		return client->head_len < HEAD_MAX - 1;
	take = (size_t)(end - client->head) + 4 - before;
	*data += take;
	*len -= take;
	length = strcasestr(client->head, "\r\nContent-Length:");
	client->left = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
	client->in_body = true;
	return true;
}

static void
on_readable(struct client *client)
{
	static char buffer[1 << 18];
	ssize_t got = read(client->fd, buffer, sizeof buffer);
	const char *data = buffer;
	size_t len = (size_t)got;

	if (got <= 0) {
		paths[client->path].failed++;
		connect_again(client);
		return;
	}
	paths[client->path].bytes += len;
	if (!client->in_body && !take_head(client, &data, &len)) {
		paths[client->path].failed++;
		connect_again(client);
		return;
	}
	if (!client->in_body)
		return;
	client->left -= len < client->left ? len : client->left;
	if (client->left == 0)
		note(client);
}

static int
by_size(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static void
print(double seconds)
{
	for (size_t i = 0; i < path_count; i++) {
		struct path *path = &paths[i];

		if (path->count == 0)
			continue;
		qsort(path->ms, path->count, sizeof *path->ms, by_size);
		printf(
		    "%-28s %7.0f/s %8.2f MB/s  median %6.1f ms  99%% %6.1f  worst %6.1f "
		    " not 200: %zu\n",
		    path->text, (double)path->count / seconds,
		    (double)path->bytes / seconds / 1e6, path->ms[path->count / 2],
		    path->ms[path->count * 99 / 100], path->ms[path->count - 1],
		    path->failed);
		free(path->ms);
	}
}

static void
run(struct client *clients, size_t count, int64_t until_us)
{
	struct pollfd *polled = mx_calloc(count, sizeof *polled);

	while (measure_now().wall_us < until_us) {
		for (size_t i = 0; i < count; i++)
			polled[i] = (struct pollfd){ clients[i].fd, POLLIN, 0 };
		if (poll(polled, count, 100) <= 0)
			continue;
		for (size_t i = 0; i < count; i++)
			if (polled[i].revents != 0)
				on_readable(&clients[i]);
	}
	free(polled);
}

int
main(int argc, char **argv)
{
	size_t count, seconds;
	struct client *clients;

	if (argc < 5 || argc - 4 > PATHS_MAX) {
		fprintf(stderr, "usage: readers PORT CLIENTS SECONDS PATH...\n");
		return 64;
	}
	server = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)measure_number(argv[1], 65535)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	count = measure_number(argv[2], 10000);
	seconds = measure_number(argv[3], 3600);
	path_count = (size_t)(argc - 4);
	for (size_t i = 0; i < path_count; i++)
		paths[i].text = argv[4 + i];
	clients = mx_calloc(count, sizeof *clients);
	for (size_t i = 0; i < count; i++) {
		clients[i].fd = -1;
		clients[i].path = i % path_count;
		connect_again(&clients[i]);
	}
	run(clients, count, measure_now().wall_us + (int64_t)seconds * 1000000);
	print((double)seconds);
	for (size_t i = 0; i < count; i++)
		(void)close(clients[i].fd);
	free(clients);
	return 0;
}
