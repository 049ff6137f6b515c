/* spans.c - every span and count of the file, and how far it may go. */
#include <stdio.h>
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/duration.h"
#include "probe/base/mem.h"
#include "probe/base/yaml_line.h"
#include "probe/config/check.h"
#include "probe/store/ledger.h"

/* The ledger forgets what is older: a longer floor would not hold. */
#define FLOOR_MOST (48 * MX_HOUR_US)
#define YEARS_US (3660 * MX_DAY_US)

#define AT(member) offsetof(struct mx_config_values, member)

static const int64_t nothing = 0, hour = MX_HOUR_US, quarter = 6 * MX_HOUR_US,
		     day = MX_DAY_US;

/* clang-format off */
static const struct span_row {
	const char *field;
	size_t at;
	const int64_t *least;
	int64_t most;
	const char *floor; /* between or after what it is a floor; NULL: it is none */
} span_rows[] = {
	{ "politeness.interval", AT(politeness.interval), &mx_ledger_floors_default.pair_us,
	    FLOOR_MOST, "between two sessions of a source to a provider" },
	{ "politeness.blocked", AT(politeness.blocked), &mx_ledger_floors_default.blocked_us,
	    FLOOR_MOST, "after a block" },
	{ "politeness.throttled", AT(politeness.throttled), &mx_ledger_floors_default.throttled_us,
	    FLOOR_MOST, "after a throttle" },
	{ "politeness.throttled_most", AT(politeness.throttled_most),
	    &mx_ledger_floors_default.throttled_most_us, FLOOR_MOST, "after many throttles" },
	{ "politeness.all_addresses", AT(politeness.all_addresses),
	    &mx_ledger_floors_default.every_us, FLOOR_MOST,
	    "between two visits of every address of a provider" },
	{ "politeness.network", AT(politeness.network), &mx_ledger_floors_default.network_us,
	    FLOOR_MOST, "between sessions of one network to a provider" },
	{ "schedule.interval", AT(schedule.interval), &mx_ledger_floors_default.pair_us,
	    YEARS_US, "between two sessions of a source to a provider" },
	{ "schedule.blocked", AT(schedule.blocked), &mx_ledger_floors_default.blocked_us,
	    YEARS_US, "after a block" },
	{ "schedule.checks", AT(schedule.checks), &hour, YEARS_US, NULL },
	{ "deliver.interval", AT(deliver.interval), &quarter, YEARS_US,
	    "between two test messages to a mailbox" },
	{ "state.clear_span", AT(state.clear_span), &nothing, YEARS_US, NULL },
	{ "state.suspect_gap", AT(state.suspect_gap), &nothing, YEARS_US, NULL },
	{ "state.regress", AT(state.regress), &nothing, YEARS_US, NULL },
	{ "state.expected", AT(state.expected), &hour, YEARS_US, NULL },
	{ "state.overdue", AT(state.overdue), &nothing, YEARS_US, NULL },
	{ "retention.results", AT(retention.results), &day, YEARS_US, NULL },
	{ "retention.transcripts", AT(retention.transcripts), &hour, YEARS_US, NULL },
};

static const struct count_row {
	const char *field;
	size_t at;
	unsigned most;
	const char *why; /* behind "N is not from 1 to MOST" */
} count_rows[] = {
	{ "politeness.at_once", AT(politeness.at_once), 2,
	    ": at most two sessions at once are polite" },
	{ "politeness.per_minute", AT(politeness.per_minute), 6,
	    ": at most six sessions a minute are polite" },
	{ "state.clear_accepts", AT(state.clear_accepts), 20, "" },
	{ "state.clear_addresses", AT(state.clear_addresses), 8, "" },
};
/* clang-format on */

static enum mx_err
refuse_range(const struct mx_config *config, const struct span_row *row, const char *text,
    struct mx_error *err)
{
	char least[MX_DURATION_TEXT], most[MX_DURATION_TEXT];
	char *why = mx_asprintf("not from %s to %s", mx_duration_text(*row->least, least),
	    mx_duration_text(row->most, most));

	mx_config_refuse(config, row->field, text, why, err);
	free(why);
	return MX_ERR_CONFIG;
}

static enum mx_err
refuse_floor(const struct mx_config *config, const struct span_row *row, const char *text,
    struct mx_error *err)
{
	char least[MX_DURATION_TEXT];
	char *why = mx_asprintf("below the floor: %s %s; floors can only be raised",
	    mx_duration_text(*row->least, least), row->floor);

	mx_config_refuse(config, row->field, text, why, err);
	free(why);
	return MX_ERR_CONFIG;
}

static enum mx_err
read_span(
    const struct mx_config *config, const struct span_row *row, struct mx_error *err)
{
	struct mx_config_span *span =
	    (struct mx_config_span *)((char *)config->values + row->at);

	if (span->text == NULL)
		return MX_OK;
	if (!mx_duration_parse(span->text, &span->us))
		return mx_config_refuse(config, row->field, span->text,
		    "no span of time, such as 20s, 30m, 4h or 90d", err);
	if (span->us < *row->least && row->floor != NULL)
		return refuse_floor(config, row, span->text, err);
	if (span->us < *row->least || span->us > row->most)
		return refuse_range(config, row, span->text, err);
	return MX_OK;
}

/* 0 is what stands in the struct when nothing stands in the file. */
static enum mx_err
check_count(
    const struct mx_config *config, const struct count_row *row, struct mx_error *err)
{
	const unsigned *count =
	    (const unsigned *)((const char *)config->values + row->at);
	char why[160];

	if (*count == 0 && mx_yaml_line(config->text, config->len, row->field) == 0)
		return MX_OK;
	if (*count > 0 && *count <= row->most)
		return MX_OK;
	snprintf(
	    why, sizeof why, "%u is not from 1 to %u%s", *count, row->most, row->why);
	return mx_config_fault(config, row->field, why, err);
}

enum mx_err
mx_config_read_spans(struct mx_config *config, struct mx_error *err)
{
	enum mx_err code = MX_OK;

	for (size_t i = 0; code == MX_OK && i < sizeof span_rows / sizeof *span_rows; i++)
		code = read_span(config, &span_rows[i], err);
	for (size_t i = 0; code == MX_OK && i < sizeof count_rows / sizeof *count_rows;
	     i++)
		code = check_count(config, &count_rows[i], err);
	return code;
}
