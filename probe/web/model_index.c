/* model_index.c - the rows and columns of the matrix. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/web/model.h"
#include "probe/web/site.h"

/* ---- rows ------------------------------------------------------------------------------------- */

static const char *
tag_of(const struct mx_web_params *params, const char *source)
{
	for (size_t i = 0; i < params->source_count; i++)
		if (strcmp(params->sources[i].address, source) == 0)
			return params->sources[i].tag;
	return NULL;
}

static char *
cluster_of(const struct mx_web_params *params, const struct mx_model_pair *pair)
{
	const char *tag = tag_of(params, pair->source);
	struct mx_addr network = mx_addr_network(&pair->addr);
	char text[MX_ADDR_TEXT];

	if (tag != NULL)
		return mx_strdup(tag);
	if (network.family == AF_UNSPEC)
		return mx_strdup("");
	return mx_asprintf(
	    "%s/%d", mx_addr_text(&network, text), network.family == AF_INET6 ? 64 : 24);
}

static int
by_cluster(const void *a, const void *b)
{
	const struct mx_model_source *one = a, *other = b;
	int order = strverscmp(one->cluster, other->cluster);

	return order != 0 ? order : mx_addr_compare(&one->addr, &other->addr);
}

static void
index_rows(struct mx_model *model)
{
	struct mx_model_source *row = NULL;

	for (size_t i = 0; i < model->count; i++) {
		struct mx_model_pair *pair = model->pairs[i];

		if (row == NULL || strcmp(row->source, pair->source) != 0) {
			model->sources = mx_grow(
			    model->sources, model->source_count, sizeof *model->sources);
			row = &model->sources[model->source_count++];
			*row = (struct mx_model_source){
				.source = pair->source,
				.addr = pair->addr,
				.cluster = cluster_of(&model->web->params, pair),
				.first = i,
			};
		}
		row->count++;
	}
	if (model->source_count > 0)
		qsort(model->sources, model->source_count, sizeof *model->sources,
		    by_cluster);
}

/* ---- columns ---------------------------------------------------------------------------------- */

static struct mx_model_column *
column_of(struct mx_model *model, const char *group)
{
	const struct mx_catalogue *catalogue = model->web->params.catalogue;
	struct mx_model_column *column;

	for (size_t i = 0; i < model->column_count; i++)
		if (strcmp(model->columns[i].group, group) == 0)
			return &model->columns[i];
	model->columns =
	    mx_grow(model->columns, model->column_count, sizeof *model->columns);
	column = &model->columns[model->column_count++];
	column->group = group;
	column->provider =
	    catalogue != NULL ? mx_catalogue_provider(catalogue, group) : NULL;
	column->name = column->provider != NULL ? column->provider->name : group;
	return column;
}

static int
by_name(const void *a, const void *b)
{
	const struct mx_model_column *one = a, *other = b;
	int order = strcasecmp(one->name, other->name);

	return order != 0 ? order : strcmp(one->group, other->group);
}

void
mx_model_index(struct mx_model *model)
{
	mx_model_index_clear(model);
	index_rows(model);
	for (size_t i = 0; i < model->count; i++)
		column_of(model, model->pairs[i]->group)->pairs++;
	if (model->column_count > 0)
		qsort(
		    model->columns, model->column_count, sizeof *model->columns, by_name);
}

void
mx_model_index_clear(struct mx_model *model)
{
	for (size_t i = 0; i < model->source_count; i++)
		free(model->sources[i].cluster);
	free(model->sources);
	free(model->columns);
	model->sources = NULL;
	model->columns = NULL;
	model->source_count = model->column_count = 0;
}
