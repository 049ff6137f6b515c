/* state_text.c - a table of the numbers; the addresses are two lists beside them. */
#include "probe/watch/state_text.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

#include "probe/base/mem.h"

#define NUMBER(member, size)                                          \
	{                                                             \
#member, offsetof(struct mx_pair_state, member), size \
	}

/* clang-format off */
static const struct number {
	const char *name;
	size_t offset;
	size_t size;
} numbers[] = {
	NUMBER(since_us, 8),        NUMBER(blocked_us, 8),  NUMBER(cleared_us, 8),
	NUMBER(expected_us, 8),     NUMBER(accepts, 4),     NUMBER(first_accept_us, 8),
	NUMBER(relapses, 4),        NUMBER(refusals, 4),    NUMBER(reprieves, 4),
	NUMBER(refused_us, 8),      NUMBER(changes, 4),
};
/* clang-format on */

#define NUMBERS (sizeof numbers / sizeof *numbers)

static json_int_t
get_number(const struct mx_pair_state *pair, const struct number *number)
{
	const void *at = (const char *)pair + number->offset;
	int64_t large;
	uint32_t small;

	if (number->size == sizeof large) {
		memcpy(&large, at, sizeof large);
		return large;
	}
	memcpy(&small, at, sizeof small);
	return small;
}

static bool
set_number(struct mx_pair_state *pair, const struct number *number, json_t *from)
{
	void *at = (char *)pair + number->offset;
	int64_t large = json_integer_value(from);
	uint32_t small = (uint32_t)large;

	if (!json_is_integer(from) ||
	    (number->size == sizeof small && (large < 0 || large > UINT32_MAX)))
		return false;
	if (number->size == sizeof large)
		memcpy(at, &large, sizeof large);
	else
		memcpy(at, &small, sizeof small);
	return true;
}

char *
mx_state_to_text(const struct mx_pair_state *pair)
{
	json_t *root = json_object(), *hosts = json_array(), *holdouts = json_array();
	char *text;

	for (unsigned i = 0; i < pair->hosts; i++)
		json_array_append_new(hosts, json_string(pair->host[i]));
	for (unsigned i = 0; i < pair->holdouts; i++)
		json_array_append_new(
		    holdouts, json_pack("[sI]", pair->holdout[i].host,
				  (json_int_t)pair->holdout[i].time_us));
	json_object_set_new(root, "state", json_string(mx_state_name(pair->state)));
	json_object_set_new(root, "is_flapping", json_boolean(pair->is_flapping));
	for (size_t i = 0; i < NUMBERS; i++)
		json_object_set_new(
		    root, numbers[i].name, json_integer(get_number(pair, &numbers[i])));
	json_object_set_new(root, "hosts", hosts);
	json_object_set_new(root, "holdouts", holdouts);
	json_object_set_new(root, "refused_host", json_string(pair->refused_host));
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	if (text == NULL)
		mx_out_of_memory();
	return text;
}

static bool
set_host(char out[MX_ADDR_TEXT], json_t *from)
{
	const char *text = json_string_value(from);

	if (text == NULL || strlen(text) >= MX_ADDR_TEXT)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

static bool
set_lists(struct mx_pair_state *pair, json_t *root)
{
	json_t *hosts = json_object_get(root, "hosts"), *item;
	json_t *holdouts = json_object_get(root, "holdouts");
	size_t i;

	if (!json_is_array(hosts) || json_array_size(hosts) > MX_STATE_HOSTS ||
	    !json_is_array(holdouts) || json_array_size(holdouts) > MX_STATE_HOSTS ||
	    !set_host(pair->refused_host, json_object_get(root, "refused_host")))
		return false;
	json_array_foreach (hosts, i, item)
		if (!set_host(pair->host[pair->hosts++], item))
			return false;
	json_array_foreach (holdouts, i, item) {
		if (!set_host(pair->holdout[i].host, json_array_get(item, 0)) ||
		    !json_is_integer(json_array_get(item, 1)))
			return false;
		pair->holdout[i].time_us = json_integer_value(json_array_get(item, 1));
		pair->holdouts++;
	}
	return true;
}

static bool
set_all(struct mx_pair_state *pair, json_t *root)
{
	const char *state = json_string_value(json_object_get(root, "state"));

	if (state == NULL)
		return false;
	pair->state = mx_state_from_name(state);
	pair->is_flapping = json_is_true(json_object_get(root, "is_flapping"));
	for (size_t i = 0; i < NUMBERS; i++)
		if (!set_number(
			pair, &numbers[i], json_object_get(root, numbers[i].name)))
			return false;
	return set_lists(pair, root);
}

bool
mx_state_from_text(const char *text, struct mx_pair_state *pair)
{
	json_t *root = text != NULL ? json_loads(text, 0, NULL) : NULL;
	bool is_state;

	*pair = (struct mx_pair_state){ 0 };
	is_state = root != NULL && set_all(pair, root);
	json_decref(root);
	if (!is_state)
		*pair = (struct mx_pair_state){ 0 };
	return is_state;
}
