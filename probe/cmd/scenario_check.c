/* scenario_check.c - `mxprobe scenario check`: every mistake in every file, one line each. */
#include <stdio.h>

#include "probe/base/log.h"
#include "probe/catalogue/catalogue.h"
#include "probe/cmd/scenario_actions.h"

/* fakemx knows nothing of the prober's words; here, above both, they can be compared. */
struct words {
	const struct mx_scenario *scenario;
	const struct mx_catalogue *catalogue; /* NULL: categories can't be looked up */
	struct mx_error *err;
};

static bool
complain(const struct words *w, unsigned index, const char *member, const char *word,
    const char *what)
{
	char field[64];

	snprintf(field, sizeof field, "expect.results[%u].%s", index, member);
	mx_scenario_complain(
	    w->scenario, w->err, field, "there is no %s \"%s\"", what, word);
	return false;
}

static bool
check_words(const struct words *w, unsigned index)
{
	const struct mx_expect_result *r = &w->scenario->expect->results[index];
	enum mx_verdict verdict;
	enum mx_stage stage;

	if (r->verdict != NULL && !mx_verdict_from_name(r->verdict, &verdict))
		return complain(w, index, "verdict", r->verdict, "verdict");
	if (r->stage != NULL && !mx_stage_from_name(r->stage, &stage))
		return complain(w, index, "stage", r->stage, "stage");
	if (r->reached != NULL && !mx_stage_from_name(r->reached, &stage))
		return complain(w, index, "reached", r->reached, "stage");
	if (r->category != NULL && w->catalogue != NULL &&
	    mx_catalogue_category(w->catalogue, r->category) == NULL)
		return complain(w, index, "category", r->category, "category");
	return true;
}

static bool
check_file(const char *path, const struct mx_catalogue *catalogue, struct mx_error *err)
{
	struct mx_scenario *scenario = mx_scenario_load(path, err);
	struct words words = { .scenario = scenario, .catalogue = catalogue, .err = err };
	bool good = scenario != NULL;

	for (unsigned i = 0;
	     good && scenario->expect != NULL && i < scenario->expect->result_count; i++)
		good = check_words(&words, i);
	mx_scenario_free(scenario);
	return good;
}

int
mx_scenario_check_files(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files)
{
	struct mx_error why = { 0 };
	struct mx_catalogue *catalogue = mx_catalogue_load(NULL, &why);
	size_t faulty = 0;
	int status = 0;

	(void)options;
	if (catalogue == NULL)
		mx_log(MX_LOG_WARNING, "categories can't be looked up: %s", why.text);
	for (size_t i = 0; i < files->count; i++) {
		struct mx_error err = { 0 };

		if (check_file(files->paths[i], catalogue, &err))
			continue;
		status = mx_cli_fail(cli, &err);
		faulty++;
	}
	mx_catalogue_free(catalogue);
	if (!cli->quiet)
		fprintf(cli->out, "%zu scenario%s, %zu faulty\n", files->count,
		    files->count == 1 ? "" : "s", faulty);
	return status;
}
