/*
 * pace.c - three kinds of counters, one record each, found by a text key in one tree:
 *   "group"          sessions running, and when the last six began
 *   "group source"   sessions running: one at a time, always
 *   "group network"  when the last session from that /24 (v6: /64) began
 */
#include "probe/plan/pace.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define NEVER INT64_MIN

struct record {
	unsigned running;
	unsigned next; /* slot of the oldest start */
	int64_t starts[MX_PACE_GROUP_A_MINUTE];
	char key[];
};

struct mx_pace {
	void *tree; /* tsearch(3) */
	struct mx_pace_floors floors;
};

struct mx_pace *
mx_pace_new_raised(const struct mx_pace_floors *floors)
{
	struct mx_pace *pace = mx_calloc(1, sizeof *pace);

	pace->floors = *floors;
	if (floors->group_at_once > MX_PACE_GROUP_AT_ONCE)
		pace->floors.group_at_once = MX_PACE_GROUP_AT_ONCE;
	if (floors->group_a_minute > MX_PACE_GROUP_A_MINUTE)
		pace->floors.group_a_minute = MX_PACE_GROUP_A_MINUTE;
	if (floors->network_us < MX_PACE_NETWORK_GAP_US)
		pace->floors.network_us = MX_PACE_NETWORK_GAP_US;
	return pace;
}

struct mx_pace *
mx_pace_new(void)
{
	static const struct mx_pace_floors least = {
		.group_at_once = MX_PACE_GROUP_AT_ONCE,
		.group_a_minute = MX_PACE_GROUP_A_MINUTE,
		.network_us = MX_PACE_NETWORK_GAP_US,
	};

	return mx_pace_new_raised(&least);
}

void
mx_pace_free(struct mx_pace *pace)
{
	if (pace == NULL)
		return;
	tdestroy(pace->tree, free);
	free(pace);
}

static int
by_key(const void *a, const void *b)
{
	const struct record *left = a, *right = b;

	return strcmp(left->key, right->key);
}

static struct record *
find(struct mx_pace *pace, const char *group, const char *detail)
{
	size_t size = strlen(group) + strlen(detail) + 2;
	struct record *fresh = mx_calloc(1, sizeof *fresh + size);

	snprintf(fresh->key, size, "%s %s", group, detail);
	for (size_t i = 0; i < MX_PACE_GROUP_A_MINUTE; i++)
		fresh->starts[i] = NEVER;

	struct record **kept = tsearch(fresh, &pace->tree, by_key);

	if (kept == NULL)
		mx_out_of_memory();
	if (*kept != fresh)
		free(fresh);
	return *kept;
}

static struct record *
source_record(struct mx_pace *pace, const struct mx_pace_key *key)
{
	char text[MX_ADDR_TEXT];

	return find(pace, key->group, mx_addr_text(key->source, text));
}

/* A provider sees a /24 (v6: a /64) as one neighbour, however many addresses we use of it. */
static struct record *
network_record(struct mx_pace *pace, const struct mx_pace_key *key)
{
	struct mx_addr network = mx_addr_network(key->source);
	char text[MX_ADDR_TEXT], name[MX_ADDR_TEXT + 8];

	snprintf(name, sizeof name, "net %s", mx_addr_text(&network, text));
	return find(pace, key->group, name);
}

static int64_t
latest_start(const struct record *record)
{
	return record->starts[(record->next + MX_PACE_GROUP_A_MINUTE - 1) %
			      MX_PACE_GROUP_A_MINUTE];
}

/* The one that must be a minute old before there is another. */
static int64_t
oldest_start(const struct record *record, unsigned a_minute)
{
	return record->starts[(record->next + MX_PACE_GROUP_A_MINUTE - a_minute) %
			      MX_PACE_GROUP_A_MINUTE];
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
mx_pace_when(struct mx_pace *pace, const struct mx_pace_key *key, int64_t now_us)
{
	int64_t when = now_us;

	if (source_record(pace, key)->running > 0)
		return MX_PACE_WAIT_FOR_END;
	if (key->exempt)
		return now_us;

	const struct record *group = find(pace, key->group, "");
	const struct record *network = network_record(pace, key);

	if (group->running >= pace->floors.group_at_once)
		return MX_PACE_WAIT_FOR_END;
	if (oldest_start(group, pace->floors.group_a_minute) != NEVER)
		when = later(when,
		    oldest_start(group, pace->floors.group_a_minute) + MX_MINUTE_US);
	if (latest_start(network) != NEVER)
		when = later(when, latest_start(network) + pace->floors.network_us);
	return when;
}

static void
note_start(struct record *record, int64_t now_us)
{
	record->running++;
	record->starts[record->next] = now_us;
	record->next = (record->next + 1) % MX_PACE_GROUP_A_MINUTE;
}

void
mx_pace_begin(struct mx_pace *pace, const struct mx_pace_key *key, int64_t now_us)
{
	note_start(source_record(pace, key), now_us);
	if (key->exempt)
		return;
	note_start(find(pace, key->group, ""), now_us);
	note_start(network_record(pace, key), now_us);
}

void
mx_pace_end(struct mx_pace *pace, const struct mx_pace_key *key)
{
	source_record(pace, key)->running--;
	if (key->exempt)
		return;
	find(pace, key->group, "")->running--;
	network_record(pace, key)->running--;
}
