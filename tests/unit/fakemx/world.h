/*
 * world.h - a scripted world and a client that can be rude, in one process and on one loop.
 */
#ifndef TESTS_FAKEMX_WORLD_H
#define TESTS_FAKEMX_WORLD_H

#include "scenarios/fakemx/fakemx.h"

struct event_base;

struct world {
	struct event_base *base;
	struct mx_scenario *scenario;
	struct mx_fakemx *fakemx;
};

/** From the YAML of servers (and zone). */
void world_open(struct world *world, const char *yaml);
void world_close(struct world *world);

/** How the server ended a connection. */
enum ended {
	ENDED_NOT,
	ENDED_FIN,
	ENDED_RESET
};

/** A connection to the first server, from 127.0.0.2. */
struct client {
	struct world *world;
	int fd;
	struct mx_buf heard;
	enum ended ended;
};

void client_open(struct client *client, struct world *world);
/** Sends as it is, in one piece. */
void client_say(struct client *client, const char *bytes);
/** Runs the loop until text was heard. Fails the test when the server ends first. */
void client_await(struct client *client, const char *text);
/** Runs the loop until the server ends the connection. */
enum ended client_await_end(struct client *client);
/** Closes (FIN), and lets the server notice. */
void client_close(struct client *client);

/** Bits of what the only session broke. */
unsigned world_broken(const struct world *world);
/** Its commands. */
const char *world_dialogue(const struct world *world);

#endif
