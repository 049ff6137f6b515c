/*
 * preflight.c - a name server that knows a fleet of hosts in good order, and `mxprobe preflight`
 * asking it about them: questions per second, CPU time and memory of the real program.
 *
 * usage: preflight MXPROBE SOURCES [OPTION...]
 * The sources are 10.20.0.0 and on, SOURCES of them. Further words go to mxprobe.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"
#include "probe/base/mem.h"

#define SOURCES_MOST 65536
#define PACKET_MAX 512
#define HEADER 12
#define BUFFER (4 * 1024 * 1024) /* of the socket: a burst must not be lost */
#define OPTIONS_MAX 16
#define DOMAIN "fleet.test"

enum type {
	TYPE_A = 1,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16
};

struct packet {
	uint8_t bytes[PACKET_MAX];
	size_t len;
};

/* ---- what the fleet publishes --------------------------------------------------------------- */

/* The host behind 10.20.x.y is mxN, N = 256 x + y. */
static bool
host_of_reverse(const char *name, unsigned *host)
{
	unsigned low, high;
	int len = 0;

	if (sscanf(name, "%u.%u.20.10.in-addr.arpa%n", &low, &high, &len) != 2 ||
	    len == 0)
		return false;
	*host = high << 8 | low;
	return true;
}

static bool
host_of_name(const char *name, unsigned *host)
{
	int len = 0;

	return sscanf(name, "mx%u." DOMAIN "%n", host, &len) == 1 && len > 0 &&
	       (size_t)len == strlen(name);
}

static const char *
text_of(const char *name)
{
	unsigned host;

	if (strcmp(name, DOMAIN) == 0)
		return "v=spf1 ip4:10.20.0.0/16 -all";
	if (host_of_name(name, &host))
		return "v=spf1 a -all";
	if (strcmp(name, "_dmarc." DOMAIN) == 0)
		return "v=DMARC1; p=reject; rua=mailto:dmarc@" DOMAIN;
	if (strcmp(name, "s1._domainkey." DOMAIN) == 0)
		return "v=DKIM1; k=ed25519; "
		       "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
	return NULL;
}

/* ---- packets -------------------------------------------------------------------------------- */

static void
put(struct packet *p, const void *bytes, size_t len)
{
	if (p->len + len > sizeof p->bytes)
		errx(4, "an answer is too long");
	memcpy(p->bytes + p->len, bytes, len);
	p->len += len;
}

static void
put_16(struct packet *p, unsigned value)
{
	uint8_t bytes[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	put(p, bytes, 2);
}

static void
put_name(struct packet *p, const char *name)
{
	while (*name != '\0') {
		uint8_t len = (uint8_t)strcspn(name, ".");

		put(p, &len, 1);
		put(p, name, len);
		name += len + (name[len] == '.');
	}
	put(p, "", 1);
}

/* False: there is no such record. */
static bool
put_data(struct packet *p, const char *name, unsigned type)
{
	const char *text = text_of(name);
	char target[64];
	unsigned host;
	uint8_t len;

	if (type == TYPE_PTR && host_of_reverse(name, &host)) {
		snprintf(target, sizeof target, "mx%u." DOMAIN, host);
		put_name(p, target);
	} else if (type == TYPE_A && host_of_name(name, &host)) {
		uint8_t addr[4] = { 10, 20, (uint8_t)(host >> 8), (uint8_t)host };

		put(p, addr, sizeof addr);
	} else if (type == TYPE_MX && strcmp(name, DOMAIN) == 0) {
		put_16(p, 10);
		put_name(p, "mx0." DOMAIN);
	} else if (type == TYPE_TXT && text != NULL) {
		len = (uint8_t)strlen(text);
		put(p, &len, 1);
		put(p, text, len);
	} else {
		return false;
	}
	return true;
}

/* One record at most, for the name of the question (a pointer to it). */
static void
put_answer(struct packet *p, const char *name, unsigned type)
{
	size_t before = p->len, data;
	unsigned host;

	put_16(p, 0xc000 | HEADER);
	put_16(p, type);
	put_16(p, 1);
	put_16(p, 0);
	put_16(p, 300);
	put_16(p, 0);
	data = p->len;
	if (put_data(p, name, type)) {
		p->bytes[data - 2] = (uint8_t)((p->len - data) >> 8);
		p->bytes[data - 1] = (uint8_t)(p->len - data);
		p->bytes[7] = 1;
		return;
	}
	p->len = before;
	/* no such domain, but where the name has other records */
	if (text_of(name) == NULL && !host_of_name(name, &host) &&
	    !host_of_reverse(name, &host))
		p->bytes[3] |= 3;
}

/* The question's name in lower case; its end, or 0 when it is none of ours. */
static size_t
read_name(const uint8_t *bytes, size_t len, char name[256])
{
	size_t at = HEADER, out = 0;

	while (at < len && bytes[at] != 0) {
		size_t label = bytes[at++];

		if (label > 63 || at + label >= len || out + label + 1 >= 255)
			return 0;
		if (out > 0)
			name[out++] = '.';
		for (size_t i = 0; i < label; i++) {
			char c = (char)bytes[at++];

			name[out++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		}
	}
	name[out] = '\0';
	return at + 5 <= len ? at + 1 : 0;
}

static void
answer_one(int fd, const uint8_t *question, size_t len, const struct sockaddr_in *from)
{
	struct packet p = { .len = 0 };
	char name[256];
	size_t at = len > HEADER ? read_name(question, len, name) : 0;

	if (at == 0)
		return;
	put(&p, question, at + 4); /* without the asker's OPT record */
	p.bytes[2] = 0x84;         /* answer, authoritative */
	p.bytes[3] = 0x80;
	memset(p.bytes + 4, 0, HEADER - 4);
	p.bytes[5] = 1;
	put_answer(&p, name, (unsigned)question[at] << 8 | question[at + 1]);
	(void)sendto(fd, p.bytes, p.len, 0, (const struct sockaddr *)from, sizeof *from);
}

/* Everything that waits; returns how many questions it was. */
static size_t
answer_all(int fd)
{
	struct sockaddr_in from;
	uint8_t question[PACKET_MAX];
	size_t count = 0;

	for (;;) {
		socklen_t from_len = sizeof from;
		ssize_t len = recvfrom(fd, question, sizeof question, MSG_DONTWAIT,
		    (struct sockaddr *)&from, &from_len);

		if (len < 0)
			return count;
		answer_one(fd, question, (size_t)len, &from);
		count++;
	}
}

/* ---- the run -------------------------------------------------------------------------------- */

static int
open_server(uint16_t *port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), size = BUFFER;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&addr, sizeof addr) != 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) != 0)
		err(4, "a name server cannot be opened");
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	*port = ntohs(addr.sin_port);
	return fd;
}

static int
watch_child(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		err(4, "sigprocmask");
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void
write_sources(const char *path, size_t count)
{
	FILE *file = fopen(path, "we");

	if (file == NULL)
		err(4, "%s", path);
	for (size_t i = 0; i < count; i++)
		fprintf(file, "10.20.%zu.%zu\n", i >> 8, i & 255);
	if (fclose(file) != 0)
		err(4, "%s", path);
}

static pid_t
start_mxprobe(char **options, int option_count, const char *program, const char *sources,
    const char *server, FILE *out)
{
	const char *argv[OPTIONS_MAX + 16] = { program, "preflight", "--source", sources,
		"--mail-from", "probe@" DOMAIN, "--dkim-selector", "s1", "--dnsbl",
		"none", "--format", "json", "--dns-server", server };
	int argc = 14;
	pid_t pid;

	for (int i = 0; i < option_count && i < OPTIONS_MAX; i++)
		argv[argc++] = options[i];
	pid = fork();
	if (pid < 0)
		err(4, "fork");
	if (pid > 0)
		return pid;
	if (dup2(fileno(out), STDOUT_FILENO) < 0)
		err(4, "dup2");
	/* execv's argv is not const by history only */
	execv(program, (char *const *)(uintptr_t)argv);
	err(4, "%s", program);
}

/* Every source's line, and how many of them have a row that does not pass. */
static void
count_lines(FILE *out, size_t *lines, size_t *faulty)
{
	char *line = NULL;
	size_t room = 0;

	*lines = *faulty = 0;
	rewind(out);
	while (getline(&line, &room, out) > 0) {
		++*lines;
		*faulty += strstr(line, "\"result\":\"fail\"") != NULL ||
			   strstr(line, "\"result\":\"warn\"") != NULL ||
			   strstr(line, "\"result\":\"unknown\"") != NULL;
	}
	free(line);
}

static size_t
serve_until_over(int server, int signals, pid_t child, struct rusage *usage)
{
	struct pollfd polled[2] = { { .fd = server, .events = POLLIN },
		{ .fd = signals, .events = POLLIN } };
	size_t questions = 0;
	int status;

	while (poll(polled, 2, -1) >= 0 && (polled[1].revents & POLLIN) == 0)
		questions += answer_all(server);
	if (wait4(child, &status, 0, usage) != child || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > 3)
		errx(4, "mxprobe failed");
	return questions;
}

int
main(int argc, char **argv)
{
	char path[] = "/tmp/mx-bench-sources.XXXXXX", sources[64], server[32];
	struct measure start;
	struct rusage usage;
	size_t count, questions, lines, faulty;
	uint16_t port;
	int fd, signals, name_fd = mkstemp(path);
	FILE *out = tmpfile();
	double seconds, cpu;
	pid_t child;

	if (argc < 3)
		errx(64, "usage: preflight MXPROBE SOURCES [OPTION...]");
	count = measure_number(argv[2], SOURCES_MOST);
	if (name_fd < 0 || out == NULL)
		err(4, "no temporary file");
	(void)close(name_fd);
	write_sources(path, count);
	fd = open_server(&port);
	signals = watch_child();
	snprintf(sources, sizeof sources, "@%s", path);
	snprintf(server, sizeof server, "127.0.0.1@%u", port);
	start = measure_now();
	child = start_mxprobe(argv + 3, argc - 3, argv[1], sources, server, out);
	questions = serve_until_over(fd, signals, child, &usage);
	seconds = (double)(measure_now().wall_us - start.wall_us) / 1e6;
	cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	      (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	(void)unlink(path);
	count_lines(out, &lines, &faulty);
	printf("sources=%zu not_in_order=%zu seconds=%.2f sources_per_s=%.0f queries=%zu "
	       "queries_per_s=%.0f cpu_ms_per_source=%.2f memory_mib=%.1f\n",
	    lines, faulty, seconds, (double)lines / seconds, questions,
	    (double)questions / seconds, cpu * 1e3 / (double)lines,
	    (double)usage.ru_maxrss / 1024);
	return lines == count && faulty == 0 ? 0 : 1;
}
