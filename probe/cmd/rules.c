/* rules.c - `mxprobe rules`: what it knows, and whether that holds together. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/actions.h"
#include "probe/cmd/options.h"
#include "probe/report/tally.h"
#include "probe/verdict/rule_facts.h"

#define TALLY_MAX 4096
#define EXIT_FAULTY 1

struct rules_options {
	const char *action;
	const char *category, *provider, *list;
};

struct rules_run {
	struct mx_cli *cli;
	struct rules_options options;
	const struct mx_catalogue *catalogue;
	const struct mx_rules *rules;
};

/* clang-format off */
#define TAKE_WORD(name) \
	static enum mx_err take_##name(void *into, const char *value, struct mx_error *err) \
	{ \
		(void)err; \
		((struct rules_options *)into)->name = value; \
		return MX_OK; \
	}
TAKE_WORD(category)
TAKE_WORD(provider)
TAKE_WORD(list)

static const struct mx_option option_rows[] = {
	{ "list", 'c', "category", "ID", "Only rules of this category.", take_category },
	{ NULL, 'p', "provider", "ID", "Only rules of this provider; none: only those of no provider.",
	    take_provider },
	{ NULL, 'l', "list", "ID", "Only rules that name this blocklist.", take_list },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/* ---- list ---- */

static bool
is_wanted(const char *filter, const char *value)
{
	if (filter == NULL)
		return true;
	return strcmp(filter, value != NULL ? value : "none") == 0;
}

static int
list_rules(struct rules_run *run)
{
	size_t shown = 0;

	for (size_t i = 0; i < mx_rules_count(run->rules); i++) {
		struct mx_rule_facts rule;

		mx_rules_facts(run->rules, i, &rule);
		if (!is_wanted(run->options.category, rule.category) ||
		    !is_wanted(run->options.provider, rule.provider) ||
		    !is_wanted(run->options.list, rule.list))
			continue;
		fprintf(run->cli->out, "%-36s %-20s %-20s %s\n", rule.id, rule.category,
		    rule.provider != NULL ? rule.provider : "-", rule.source);
		shown++;
	}
	if (!run->cli->quiet)
		fprintf(run->cli->out, "%zu rule%s\n", shown, shown == 1 ? "" : "s");
	return 0;
}

/* ---- test ---- */

static void
on_fault(void *arg, enum mx_rule_fault fault, const char *id, const char *what)
{
	struct rules_run *run = arg;
	char *safe;

	if (fault == MX_RULE_SECONDED && run->cli->verbose == 0)
		return;
	safe = mx_escape_terminal(what, strlen(what));
	fprintf(run->cli->out, "%-10s %s: %s\n", mx_rule_fault_name(fault), id, safe);
	free(safe);
}

static int
test_rules(struct rules_run *run)
{
	size_t ran, faults;
	char *report = NULL;
	size_t failed = mx_rules_test(run->rules, &ran, &report);
	char *safe;

	for (char *line = report, *end; line != NULL && *line != '\0'; line = end) {
		end = line + strcspn(line, "\n");
		safe = mx_escape_terminal(line, (size_t)(end - line));
		fprintf(run->cli->out, "failed     %s\n", safe);
		free(safe);
		end += *end == '\n';
	}
	free(report);
	faults = mx_rules_inspect(run->rules, on_fault, run);
	fprintf(run->cli->out, "%zu rules, %zu samples: %zu failed; %zu other fault%s\n",
	    mx_rules_count(run->rules), ran, failed, faults, faults == 1 ? "" : "s");
	return failed + faults > 0 ? EXIT_FAULTY : 0;
}

/* ---- stats ---- */

static void
print_tally(FILE *out, const char *title, struct mx_tally *tally)
{
	mx_tally_sort(tally);
	fprintf(out, "\n%9s  %s\n", "RULES", title);
	for (size_t i = 0; i < tally->row_count; i++)
		fprintf(out, "%9zu  %s\n", tally->rows[i]->count, tally->rows[i]->word);
}

static int
count_rules(struct rules_run *run)
{
	struct mx_tally categories = { .limit = TALLY_MAX },
			providers = { .limit = TALLY_MAX };
	size_t samples = 0, category_count, provider_count, list_count;

	for (size_t i = 0; i < mx_rules_count(run->rules); i++) {
		struct mx_rule_facts rule;

		mx_rules_facts(run->rules, i, &rule);
		mx_tally_add(&categories, rule.category);
		mx_tally_add(
		    &providers, rule.provider != NULL ? rule.provider : "(any provider)");
		samples += rule.positive_count + rule.negative_count;
	}
	(void)mx_catalogue_categories(run->catalogue, &category_count);
	(void)mx_catalogue_providers(run->catalogue, &provider_count);
	(void)mx_catalogue_lists(run->catalogue, &list_count);
	fprintf(run->cli->out,
	    "%zu rules with %zu samples; %zu categories, %zu providers, %zu lists\n",
	    mx_rules_count(run->rules), samples, category_count, provider_count,
	    list_count);
	print_tally(run->cli->out, "CATEGORY", &categories);
	print_tally(run->cli->out, "PROVIDER", &providers);
	mx_tally_clear(&categories);
	mx_tally_clear(&providers);
	return 0;
}

/* ---- the command ---- */

static const struct action {
	const char *name;
	int (*run)(struct rules_run *run);
} action_rows[] = {
	{ "list", list_rules },
	{ "test", test_rules },
	{ "stats", count_rules },
};
static const struct mx_actions actions = MX_ACTIONS("rules", "the rules", action_rows);

static enum mx_err
take_action(void *into, const char *word, struct mx_error *err)
{
	struct rules_options *o = into;

	return mx_action_take(&actions, &o->action, word, err);
}

static int
run_action(struct rules_run *run, const struct action *action, struct mx_error *err)
{
	struct mx_catalogue *catalogue = mx_catalogue_load(NULL, err);
	struct mx_rules *rules = catalogue != NULL ? mx_rules_load(catalogue, err) : NULL;
	int status;

	run->catalogue = catalogue;
	run->rules = rules;
	status = rules != NULL ? action->run(run) : mx_cli_fail(run->cli, err);
	mx_rules_free(rules);
	mx_catalogue_free(catalogue);
	return status;
}

static int
rules_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct rules_run run = { .cli = cli };
	struct mx_error err = { 0 };
	const struct action *action;

	if (mx_options_parse(cli, self, argc, argv, &run.options, take_action, &err) !=
	    MX_OK)
		return mx_cli_fail(cli, &err);
	if (cli->answered)
		return 0;
	action = mx_action_find(&actions, run.options.action, &err);
	return action != NULL ? run_action(&run, action, &err) : mx_cli_fail(cli, &err);
}

const struct mx_command mx_cmd_rules = {
	.name = "rules",
	.summary =
	    "List the rules that classify replies, test them on their samples, count "
	    "them.",
	.synopsis = "list|test|stats [OPTION...]",
	.notes =
	    "test runs every rule's samples and looks for rules that are dead, overlapped "
	    "or shadowed by others, and for blocklists that no reply leads to. Exit "
	    "status: 0 all is well, 1 a test failed, 4 a failure on our side, 64 wrong "
	    "usage, 78 a faulty taxonomy.",
	.manual = "mxprobe-rules(1)",
	.options = option_rows,
	.run = rules_run,
};
