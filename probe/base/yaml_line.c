/* yaml_line.c - walks libyaml's document tree; its nodes know where they began. */
#include "probe/base/yaml_line.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* One step of a path: a key, or an index in brackets. Returns the bytes it takes. */
static size_t
step_length(const char *path)
{
	return *path == '[' ? strcspn(path, "]") + 1 : strcspn(path, ".[");
}

static yaml_node_t *
value_of_key(yaml_document_t *document, yaml_node_t *map, const char *key, size_t len)
{
	yaml_node_pair_t *pair = map->data.mapping.pairs.start;

	for (; pair < map->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(document, pair->key);

		if (name->type == YAML_SCALAR_NODE && name->data.scalar.length == len &&
		    memcmp(name->data.scalar.value, key, len) == 0)
			return yaml_document_get_node(document, pair->value);
	}
	return NULL;
}

static yaml_node_t *
value_at_index(yaml_document_t *document, yaml_node_t *sequence, const char *index)
{
	unsigned long i = strtoul(index, NULL, 10);
	yaml_node_item_t *first = sequence->data.sequence.items.start;

	if (i >= (size_t)(sequence->data.sequence.items.top - first))
		return NULL;
	return yaml_document_get_node(document, first[i]);
}

static yaml_node_t *
step(yaml_document_t *document, yaml_node_t *node, const char *path)
{
	if (*path == '[')
		return node->type == YAML_SEQUENCE_NODE
			   ? value_at_index(document, node, path + 1)
			   : NULL;
	if (node->type != YAML_MAPPING_NODE)
		return NULL;
	return value_of_key(document, node, path, step_length(path));
}

static size_t
find_line(yaml_document_t *document, const char *path)
{
	yaml_node_t *node = yaml_document_get_root_node(document);

	while (node != NULL && *path != '\0') {
		node = step(document, node, path);
		path += strnlen(path, step_length(path));
		path += *path == '.';
	}
	return node != NULL ? node->start_mark.line + 1 : 0;
}

size_t
mx_yaml_line(const char *text, size_t len, const char *path)
{
	yaml_parser_t parser;
	yaml_document_t document;
	size_t line = 0;

	if (!yaml_parser_initialize(&parser))
		return 0;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (yaml_parser_load(&parser, &document)) {
		line = find_line(&document, path);
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
	return line;
}
