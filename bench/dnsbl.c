/* dnsbl.c - blocklist questions a second, many zones for many sources, beside the bare resolver with
 * the same questions; README.md says how to read it.
 * usage: dnsbl ZONES SOURCES ROUNDS */
#include "probe/identity/dnsbl.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"
#include "probe/base/mem.h"

#define PACKET 512
#define HEADER 12
#define AT_ONCE 200
#define TIMEOUT_US INT64_C(60000000)

static size_t zone_count, source_count;
static struct mx_addr server_addr;

/* ---- the name server: a process of its own, one datagram after another ---- */

/* The first label of the question's name as a number; 0 when it is none. */
static unsigned long
first_label(const unsigned char *packet)
{
	char label[64];
	size_t len = packet[HEADER];

	if (len >= sizeof label)
		return 0;
	memcpy(label, packet + HEADER + 1, len);
	label[len] = '\0';
	return strtoul(label, NULL, 10);
}

/* Behind the question, 0 when the packet ends before it does. */
static size_t
end_of_question(const unsigned char *packet, size_t len)
{
	size_t at = HEADER;

	while (at < len && packet[at] != 0)
		at += packet[at] + 1u;
	return at + 5 <= len ? at + 5 : 0;
}

/* 127.0.0.2 and every tenth address are listed. Returns the answer's length. */
static size_t
answer(unsigned char *packet, size_t len)
{
	static const unsigned char record[] = { 0xc0, HEADER, 0, 1, 0, 1, 0, 0, 1, 44, 0,
		4, 127, 0, 0, 2 };
	static const unsigned char text[] = { 0xc0, HEADER, 0, 16, 0, 1, 0, 0, 1, 44, 0,
		7, 6, 'l', 'i', 's', 't', 'e', 'd' };
	size_t end = end_of_question(packet, len);
	unsigned long label;
	bool is_text, listed;

	if (end == 0 || end + sizeof text > PACKET)
		return 0;
	label = first_label(packet);
	is_text = packet[end - 3] == 16;
	listed = label == 2 || (label >= 10 && label % 10 == 0);
	packet[2] = 0x84; /* an answer, authoritative */
	packet[3] = listed ? 0x80 : 0x83;
	memset(packet + 6, 0, 6);
	packet[7] = listed;
	if (!listed)
		return end;
	memcpy(
	    packet + end, is_text ? text : record, is_text ? sizeof text : sizeof record);
	return end + (is_text ? sizeof text : sizeof record);
}

static void
serve(int fd)
{
	unsigned char packet[PACKET];
	struct sockaddr_in peer;

	for (;;) {
		socklen_t size = sizeof peer;
		ssize_t got = recvfrom(
		    fd, packet, sizeof packet, 0, (struct sockaddr *)&peer, &size);
		size_t len = got > HEADER ? answer(packet, (size_t)got) : 0;

		if (len > 0)
			(void)sendto(fd, packet, len, 0, (struct sockaddr *)&peer, size);
	}
}

static pid_t
start_server(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof sin;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), room = 4 << 20;
	pid_t pid;

	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof sin) != 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &size) != 0)
		err(70, "no name server");
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	mx_addr_from_sockaddr((struct sockaddr *)&sin, &server_addr);
	pid = fork();
	if (pid < 0)
		err(70, "fork");
	if (pid == 0)
		serve(fd);
	close(fd);
	return pid;
}

/* ---- the asking ---- */

struct run {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	size_t open, next, listed, failed, answers;
};

/* What a round tells its parent. */
struct figures {
	int64_t wall_us, cpu_us;
	size_t questions, listed, failed;
	long peak; /* KiB in memory */
};

static struct mx_addr
source_at(size_t index)
{
	struct mx_addr addr = { .family = AF_INET };

	addr.bytes[0] = 10;
	addr.bytes[1] = (uint8_t)(index >> 14);
	addr.bytes[2] = (uint8_t)(index >> 7);
	addr.bytes[3] = (uint8_t)(10 + (index & 127));
	return addr;
}

static void
on_answers(void *arg, const struct mx_dnsbl_answer *answers, size_t count)
{
	struct run *run = arg;

	run->answers += count;
	for (size_t i = 0; i < count; i++) {
		run->listed += answers[i].state == MX_DNSBL_LISTED;
		run->failed += answers[i].state != MX_DNSBL_LISTED &&
			       answers[i].state != MX_DNSBL_NOT_LISTED;
	}
	if (--run->open == 0)
		mx_loop_stop(run->loop);
}

static void
run_dnsbl(struct run *run)
{
	struct mx_catalogue *catalogue = mx_catalogue_load(NULL, NULL);
	char **zones = mx_calloc(zone_count, sizeof *zones);
	struct mx_dnsbl *dnsbl;

	if (catalogue == NULL)
		errx(70, "no taxonomy; is MXPROBE_TAXONOMY set?");
	for (size_t i = 0; i < zone_count; i++)
		zones[i] = mx_asprintf("list%zu.bench.test", i);
	dnsbl = mx_dnsbl_new(&(struct mx_dnsbl_params){ .loop = run->loop,
	    .resolver = run->resolver,
	    .catalogue = catalogue,
	    .zones = (const char *const *)zones,
	    .zone_count = zone_count,
	    .at_once = AT_ONCE,
	    .timeout_us = TIMEOUT_US });
	run->open = source_count;
	for (size_t i = 0; i < source_count; i++) {
		struct mx_addr source = source_at(i);

		mx_dnsbl_ask(dnsbl, &source, NULL, NULL, on_answers, run);
	}
	mx_loop_run(run->loop);
	mx_dnsbl_free(dnsbl);
	for (size_t i = 0; i < zone_count; i++)
		free(zones[i]);
	free(zones);
	mx_catalogue_free(catalogue);
}

static void on_answer(void *arg, const struct mx_dns_answer *answer);

/* The same names, source by source, AT_ONCE under way. */
static void
ask_next(struct run *run)
{
	while (run->open < AT_ONCE && run->next < zone_count * source_count) {
		struct mx_addr source = source_at(run->next / zone_count);
		char *name = mx_asprintf("%u.%u.%u.%u.list%zu.bench.test",
		    source.bytes[3], source.bytes[2], source.bytes[1], source.bytes[0],
		    run->next % zone_count);

		run->next++;
		run->open++;
		(void)mx_resolver_ask(
		    run->resolver, name, MX_DNS_A, TIMEOUT_US, on_answer, run);
		free(name);
	}
	if (run->open == 0)
		mx_loop_stop(run->loop);
}

static void
on_answer(void *arg, const struct mx_dns_answer *answer)
{
	struct run *run = arg;

	run->open--;
	run->answers++;
	run->listed += answer->status == MX_DNS_OK;
	run->failed += answer->status != MX_DNS_OK && answer->status != MX_DNS_NXDOMAIN;
	ask_next(run);
}

static void
run_bare(struct run *run)
{
	ask_next(run);
	mx_loop_run(run->loop);
}

static void
measure_run(void (*work)(struct run *run), struct figures *out)
{
	struct mx_resolver_params params = { .servers = &server_addr, .server_count = 1 };
	struct run run = { .loop = mx_loop_new(NULL) };
	struct measure start, end;
	struct rusage usage;

	run.resolver = mx_resolver_new(run.loop, &params, NULL);
	if (run.resolver == NULL)
		errx(70, "no resolver");
	start = measure_now();
	work(&run);
	end = measure_now();
	getrusage(RUSAGE_SELF, &usage);
	*out = (struct figures){ .wall_us = end.wall_us - start.wall_us,
		.cpu_us = end.cpu_us - start.cpu_us,
		.questions = run.answers,
		.listed = run.listed,
		.failed = run.failed,
		.peak = usage.ru_maxrss };
	mx_resolver_free(run.resolver);
	mx_loop_free(run.loop);
}

/* In a process of its own, for its caches and its peak of memory. */
static struct figures
measure_apart(void (*work)(struct run *run))
{
	struct figures *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct figures figures;
	int status = 0;
	pid_t pid;

	if (shared == MAP_FAILED)
		err(70, "mmap");
	pid = fork();
	if (pid < 0)
		err(70, "fork");
	if (pid == 0) {
		measure_run(work, shared);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		errx(70, "a round failed");
	figures = *shared;
	munmap(shared, sizeof *shared);
	return figures;
}

static double
rate(const struct figures *figures)
{
	return (double)figures->questions * 1e6 / (double)figures->wall_us;
}

static void
check(const struct figures *figures)
{
	if (figures->failed > 0 || figures->questions != zone_count * source_count ||
	    figures->listed == 0)
		errx(70, "%zu answers, %zu listed, %zu failed: nothing is measured",
		    figures->questions, figures->listed, figures->failed);
}

int
main(int argc, char **argv)
{
	size_t rounds;
	pid_t server;

	if (argc != 4)
		errx(64, "usage: dnsbl ZONES SOURCES ROUNDS");
	zone_count = measure_number(argv[1], 10000);
	source_count = measure_number(argv[2], 100000);
	rounds = measure_number(argv[3], 100);
	server = start_server();
	printf("%zu zones, %zu sources, %d under way; every list with its two test "
	       "entries\n",
	    zone_count, source_count, AT_ONCE);
	printf("round  resolver/s  peak MiB  answers/s  peak MiB  CPU us  ratio\n");
	for (size_t i = 0; i < rounds; i++) {
		struct figures bare = measure_apart(run_bare),
			       dnsbl = measure_apart(run_dnsbl);

		check(&bare);
		check(&dnsbl);
		printf("%5zu  %10.0f  %8.1f  %9.0f  %8.1f  %6.1f  %5.2f\n", i + 1,
		    rate(&bare), (double)bare.peak / 1024, rate(&dnsbl),
		    (double)dnsbl.peak / 1024,
		    (double)dnsbl.cpu_us / (double)dnsbl.questions,
		    rate(&dnsbl) / rate(&bare));
		fflush(stdout);
	}
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	return 0;
}
