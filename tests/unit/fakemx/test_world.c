#include <criterion/criterion.h>
#include <event2/event.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scenarios/fakemx/dnsd.h"
#include "tests/unit/fakemx/world.h"

TestSuite(world, .timeout = 20);

static int
dial(const struct world *world, size_t server)
{
	struct mx_addr to = mx_fakemx_server(world->fakemx, server)->addr;
	int fd = socket(to.family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_storage sa;
	socklen_t len;

	to.port = mx_fakemx_port(world->fakemx);
	len = mx_addr_to_sockaddr(&to, &sa);
	(void)connect(fd, (struct sockaddr *)&sa, len);
	return fd;
}

Test(world, servers_share_one_port_and_listen_as_told)
{
	struct pollfd waiting = { .events = POLLOUT };
	struct world world;

	world_open(&world, "about: x\nservers:\n"
			   "  - address: 127.0.1.1\n"
			   "  - {address: 127.0.1.2, listen: refuse}\n"
			   "  - {address: 127.0.1.3, listen: drop}\n");
	waiting.fd = dial(&world, 0);
	cr_expect_eq(poll(&waiting, 1, 5000), 1);
	cr_expect_eq(waiting.revents, POLLOUT);
	close(waiting.fd);
	waiting.fd = dial(&world, 1);
	cr_expect_eq(poll(&waiting, 1, 5000), 1);
	cr_expect(waiting.revents & POLLERR);
	close(waiting.fd);
	waiting.fd = dial(&world, 2);
	cr_expect_eq(poll(&waiting, 1, 100), 0, "a full backlog answered");
	close(waiting.fd);
	world_close(&world);
}

Test(world, a_port_in_use_is_one_clear_line)
{
	struct mx_error err = { 0 };
	struct mx_fakemx_params params = { .count = 1 };
	struct world world;

	world_open(&world, "about: x\nservers:\n  - address: 127.0.1.1\n");
	params.scenarios = (const struct mx_scenario *const *)&world.scenario;
	params.smtp_port = mx_fakemx_port(world.fakemx);
	cr_expect_null(mx_fakemx_start(world.base, &params, &err));
	cr_expect_eq(err.code, MX_ERR_SYSTEM);
	cr_expect_not_null(strstr(err.text, "127.0.1.1:"), "%s", err.text);
	cr_expect_not_null(strstr(err.text, "in use"), "%s", err.text);

	err = (struct mx_error){ 0 };
	params.smtp_port = 0;
	params.dns_port = mx_fakemx_dns(world.fakemx).port;
	cr_expect_null(mx_fakemx_start(world.base, &params, &err));
	cr_expect_not_null(strstr(err.text, "in use"), "%s", err.text);
	world_close(&world);
}

Test(world, two_scenarios_cannot_claim_one_address)
{
	struct mx_error err = { 0 };
	struct world world;

	world_open(&world, "about: x\nservers:\n  - address: 127.0.1.1\n");
	const struct mx_scenario *const both[] = { world.scenario, world.scenario };
	struct mx_fakemx_params params = { .scenarios = both, .count = 2 };
	cr_expect_null(mx_fakemx_start(world.base, &params, &err));
	cr_expect_eq(err.code, MX_ERR_CONFIG);
	cr_expect_not_null(strstr(err.text, "127.0.1.1"), "%s", err.text);
	world_close(&world);
}

Test(world, tls_without_certificates_is_refused_before_anything_listens)
{
	const char *yaml = "about: x\nservers:\n  - {address: 127.0.1.1, tls: good}\n";
	struct mx_error err = { 0 };
	struct mx_scenario *scenario = mx_scenario_parse("x", yaml, strlen(yaml), &err);
	const struct mx_scenario *const one[] = { scenario };
	struct mx_fakemx_params params = { .scenarios = one, .count = 1 };
	struct event_base *base = event_base_new();

	cr_assert(mx_scenario_wants_tls(scenario));
	cr_expect_null(mx_fakemx_start(base, &params, &err));
	cr_expect_not_null(strstr(err.text, "certificates"), "%s", err.text);
	params.certs_dir = "/nonexistent";
	err = (struct mx_error){ 0 };
	cr_expect_null(mx_fakemx_start(base, &params, &err));
	cr_expect_not_null(strstr(err.text, "/nonexistent/good.pem"), "%s", err.text);
	event_base_free(base);
	mx_scenario_free(scenario);
}

/* ---- the name server ---- */

/* One question; the answer's code and count of answer records, -1 for silence. */
static int
ask(const struct world *world, const char *wire_name, size_t len, uint8_t type,
    unsigned *answers)
{
	struct mx_addr to = mx_fakemx_dns(world->fakemx);
	uint8_t query[300] = { 0, 1, 1, 0, 0, 1 }, reply[600];
	struct sockaddr_storage sa;
	socklen_t sa_len = mx_addr_to_sockaddr(&to, &sa);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	ssize_t got = -1;

	memcpy(query + 12, wire_name, len);
	query[12 + len + 1] = type;
	query[12 + len + 3] = 1;
	cr_assert(sendto(fd, query, 16 + len, 0, (struct sockaddr *)&sa, sa_len) ==
		  (ssize_t)(16 + len));
	for (unsigned turns = 0; turns < 1000 && got < 0; turns++) {
		event_base_loop(world->base, EVLOOP_NONBLOCK);
		got = recv(fd, reply, sizeof reply, 0);
	}
	close(fd);
	if (got < 12)
		return -1;
	*answers = reply[7];
	return reply[3] & 15;
}

Test(world, the_name_server_answers_as_the_zone_says)
{
	/* clang-format off */
	static const struct {
		const char *name;
		size_t len;
		uint8_t type;
		int rcode;
		unsigned answers;
	} questions[] = {
		{ "\1a\4test\0",     8, MX_ZONE_MX,    0, 2 },
		{ "\1A\4TEST\0",     8, MX_ZONE_MX,    0, 2 },
		{ "\1a\4test\0",     8, MX_ZONE_AAAA,  0, 0 },
		{ "\1b\4test\0",     8, MX_ZONE_A,     0, 2 }, /* CNAME and what it leads to */
		{ "\4loop\4test\0", 11, MX_ZONE_A,     2, 8 },
		{ "\4gone\4test\0", 11, MX_ZONE_A,     3, 0 },
		{ "\4sick\4test\0", 11, MX_ZONE_TXT,   2, 0 },
		{ "\3bad\4test\0",  10, MX_ZONE_A,     5, 0 },
		{ "\4test\0",        6, MX_ZONE_NS,    0, 0 },
		{ "\3com\0",         5, MX_ZONE_A,     3, 0 },
		{ "\0",              1, 48,            0, 0 }, /* no DNSKEY of the root: no DNSSEC */
	};
	/* clang-format on */
	struct world world;
	unsigned answers = 0;

	world_open(&world, "about: x\nzone:\n"
			   "  - {name: a.test, type: MX, data: 10 mx.test}\n"
			   "  - {name: a.test, type: MX, data: 20 my.test}\n"
			   "  - {name: b.test, type: CNAME, data: mx.test}\n"
			   "  - {name: loop.test, type: CNAME, data: loop.test}\n"
			   "  - {name: mx.test, type: A, data: 127.0.1.1}\n"
			   "  - {name: sick.test, answer: servfail}\n"
			   "  - {name: bad.test, answer: refused}\n"
			   "  - {name: mute.test, type: A, answer: drop}\n");
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
		cr_expect_eq(ask(&world, questions[i].name, questions[i].len,
				 questions[i].type, &answers),
		    questions[i].rcode, "question %zu", i);
		cr_expect_eq(answers, questions[i].answers, "question %zu: %u answers", i,
		    answers);
	}
	cr_expect_eq(ask(&world, "\4mute\4test\0", 11, MX_ZONE_A, &answers), -1);
	cr_expect_eq(mx_fakemx_questions(world.fakemx),
	    sizeof questions / sizeof questions[0] + 1);
	world_close(&world);
}
