/* world.c - the client side is a plain non-blocking socket, so that tests decide every byte. */
#include <criterion/criterion.h>
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/fakemx/world.h"

#define HEARD_MAX ((size_t)16 << 20)

void
world_open(struct world *world, const char *yaml)
{
	struct mx_error err = { 0 };
	struct mx_fakemx_params params = { .count = 1 };

	world->scenario = mx_scenario_parse("world", yaml, strlen(yaml), &err);
	cr_assert_not_null(world->scenario, "%s", err.text);
	world->base = event_base_new();
	params.scenarios = (const struct mx_scenario *const *)&world->scenario;
	world->fakemx = mx_fakemx_start(world->base, &params, &err);
	cr_assert_not_null(world->fakemx, "%s", err.text);
}

void
world_close(struct world *world)
{
	mx_fakemx_stop(world->fakemx);
	mx_scenario_free(world->scenario);
	event_base_free(world->base);
}

void
client_open(struct client *client, struct world *world)
{
	struct mx_addr from, to = mx_fakemx_server(world->fakemx, 0)->addr;
	struct sockaddr_storage sa;
	socklen_t len;

	to.port = mx_fakemx_port(world->fakemx);
	*client = (struct client){ .world = world };
	mx_buf_init(&client->heard, HEARD_MAX);
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	cr_assert(mx_addr_parse("127.0.0.2", &from));
	len = mx_addr_to_sockaddr(&from, &sa);
	cr_assert_eq(bind(client->fd, (struct sockaddr *)&sa, len), 0);
	len = mx_addr_to_sockaddr(&to, &sa);
	cr_assert(connect(client->fd, (struct sockaddr *)&sa, len) == 0 ||
		  errno == EINPROGRESS);
}

void
client_say(struct client *client, const char *bytes)
{
	cr_assert_eq(
	    send(client->fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
}

/* The suite's own timeout ends a wait that nothing ends. */
static void
turn(struct client *client)
{
	char block[65536];
	ssize_t got;

	event_base_loop(client->world->base, EVLOOP_NONBLOCK);
	got = recv(client->fd, block, sizeof block, 0);
	if (got > 0)
		cr_assert(mx_buf_add(&client->heard, block, (size_t)got));
	else if (got == 0)
		client->ended = ENDED_FIN;
	else if (errno == ECONNRESET)
		client->ended = ENDED_RESET;
	else
		cr_assert(errno == EAGAIN || errno == ENOTCONN, "%s", strerror(errno));
}

static bool
has_heard(const struct client *client, const char *text)
{
	return client->heard.len > 0 &&
	       memmem(client->heard.data, client->heard.len, text, strlen(text)) != NULL;
}

void
client_await(struct client *client, const char *text)
{
	while (!has_heard(client, text)) {
		cr_assert_eq(client->ended, ENDED_NOT, "ended before \"%s\"", text);
		turn(client);
	}
}

enum ended
client_await_end(struct client *client)
{
	while (client->ended == ENDED_NOT)
		turn(client);
	return client->ended;
}

void
client_close(struct client *client)
{
	close(client->fd);
	mx_buf_clear(&client->heard);
	mx_fakemx_settle(client->world->fakemx);
}

static const struct mx_seen_session *
only_session(const struct world *world)
{
	size_t count;
	const struct mx_seen_session *s =
	    mx_oracle_sessions(mx_fakemx_oracle(world->fakemx), &count);

	cr_assert_eq(count, 1);
	cr_assert_not(s->open);
	return s;
}

unsigned
world_broken(const struct world *world)
{
	return only_session(world)->broken;
}

const char *
world_dialogue(const struct world *world)
{
	const struct mx_seen_session *s = only_session(world);

	return s->dialogue.len > 0 ? s->dialogue.data : "";
}
