/* tree.c - see tree.h. */
#include "probe/watch/alert/tree.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"

static json_t *
checked(json_t *json)
{
	if (json == NULL)
		mx_out_of_memory();
	return json;
}

json_t *
mx_tree_object(void)
{
	return checked(json_object());
}

json_t *
mx_tree_array(void)
{
	return checked(json_array());
}

void
mx_tree_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value != NULL ? value : json_null()) != 0)
		mx_out_of_memory();
}

void
mx_tree_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, checked(value)) != 0)
		mx_out_of_memory();
}

void
mx_tree_text(json_t *object, const char *key, const char *text, size_t most)
{
	char *safe;

	if (text == NULL) {
		mx_tree_put(object, key, NULL);
		return;
	}
	safe = mx_escape_utf8(text, strnlen(text, most));
	mx_tree_put(object, key, checked(json_string(safe)));
	free(safe);
}

void
mx_tree_number(json_t *object, const char *key, int64_t number)
{
	mx_tree_put(object, key, checked(json_integer(number)));
}

void
mx_tree_time(json_t *object, const char *key, int64_t wall_us)
{
	char text[MX_CLOCK_TEXT];

	mx_tree_text(object, key, wall_us > 0 ? mx_clock_format(wall_us, text) : NULL,
	    sizeof text);
}

char *
mx_tree_dump(const json_t *tree)
{
	char *text = json_dumps(tree, JSON_COMPACT);

	if (text == NULL)
		mx_out_of_memory();
	return text;
}

const char *
mx_tree_get(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}
