/* scenario.c - loading, and small questions about what was loaded. */
#include "scenarios/fakemx/scenario.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/base/yaml.h"
#include "scenarios/fakemx/check.h"
#include "scenarios/fakemx/schema.h"

static struct mx_scenario *
checked(const char *path, void *loaded, struct mx_error *err)
{
	struct mx_scenario *scenario = loaded;

	scenario->path = mx_strdup(path);
	if (mx_scenario_check(scenario, err) == MX_OK)
		return scenario;
	mx_scenario_free(scenario);
	return NULL;
}

struct mx_scenario *
mx_scenario_load(const char *path, struct mx_error *err)
{
	void *loaded = NULL;

	if (mx_yaml_load_file(path, &mx_scenario_schema, &loaded, NULL, err) != MX_OK)
		return NULL;
	return checked(path, loaded, err);
}

struct mx_scenario *
mx_scenario_parse(const char *name, const char *text, size_t len, struct mx_error *err)
{
	void *loaded = NULL;

	if (mx_yaml_load_text(name, text, len, &mx_scenario_schema, &loaded, NULL, err) !=
	    MX_OK)
		return NULL;
	return checked(name, loaded, err);
}

void
mx_scenario_free(struct mx_scenario *scenario)
{
	if (scenario == NULL)
		return;
	free(scenario->path);
	mx_yaml_free(&mx_scenario_schema, scenario, 0);
}

bool
mx_scenario_wants_tls(const struct mx_scenario *scenario)
{
	for (unsigned i = 0; i < scenario->server_count; i++)
		if (scenario->servers[i].tls != NULL)
			return true;
	return false;
}

bool
mx_scenario_wants_ipv6(const struct mx_scenario *scenario)
{
	for (unsigned i = 0; i < scenario->server_count; i++)
		if (scenario->servers[i].addr.family == AF_INET6)
			return true;
	return false;
}

enum mx_word
mx_word_of_command(const char *line)
{
	size_t len = strcspn(line, " \t");

	for (enum mx_word w = MX_WORD_EHLO; w < MX_WORD_OTHER; w++) {
		const char *name = mx_word_name(w);

		if (w != MX_WORD_TLS && strlen(name) == len &&
		    strncasecmp(line, name, len) == 0)
			return w;
	}
	return MX_WORD_OTHER;
}
