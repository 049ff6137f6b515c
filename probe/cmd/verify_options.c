/* verify_options.c - the rows of check that make sense for one pair, and those of the request. */
#include "probe/cmd/verify_options.h"

#include <string.h>

#include "probe/cmd/options.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static enum mx_err
take_ticket(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	o->ticket = value;
	if (mx_value_given("--ticket", value, err) != MX_OK)
		return MX_ERR_USAGE;
	for (const char *c = value; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			return mx_error_set(
			    err, MX_ERR_USAGE, "--ticket: holds a control character");
	return MX_OK;
}

static enum mx_err
take_outcome(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "mitigated", "conditional", "not_qualified",
		"nothing_detected" };
	struct mx_verify_options *o = into;
	size_t index;

	o->outcome = value;
	return mx_value_choice("--outcome", value, words, COUNT(words), &index, err);
}

static enum mx_err
take_once(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	(void)value;
	(void)err;
	o->is_once = true;
	return MX_OK;
}

static enum mx_err
take_for(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	return mx_ladder_parse_span("--for", value, &o->ladder.end_us, err);
}

static enum mx_err
take_ladder(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	return mx_ladder_parse("--ladder", value, &o->ladder, err);
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "table", "json" };
	struct mx_verify_options *o = into;
	size_t index;

	o->session.format = value;
	return mx_value_choice("--format", value, words, COUNT(words), &index, err);
}

enum mx_err
mx_verify_operand(void *into, const char *word, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	return mx_check_operand(&o->session, word, err);
}

/* clang-format off */
const struct mx_option mx_verify_option_rows[] = {
	{ "What was asked for", 's', "source", "ADDRESS",
	    "The address of this host that was on the list.", mx_take_source },
	{ NULL, 't', "to", "WHAT",
	    "The provider that was asked, or a domain whose mail goes there.", mx_verify_operand },
	{ NULL, 0, "ticket", "TEXT",
	    "The provider's number for the request. Another one than before is a new request.",
	    take_ticket },
	{ NULL, 0, "outcome", "ANSWER",
	    "What the provider answered: mitigated, conditional, nothing_detected, or "
	    "not_qualified, which ends the sessions.", take_outcome },

	{ "When", 0, "once", NULL,
	    "Take the step that is due now, if one is, and do not wait for the next: for cron.",
	    take_once },
	{ NULL, 0, "for", "SPAN",
	    "Give up so long after the request. Default: 7d, or with the last step if no address "
	    "has accepted by then.", take_for },
	{ NULL, 0, "ladder", "SPAN,...",
	    "The steps, from the request on. Default: 1h,4h,12h,24h,36h,48h,72h.", take_ladder },
	MX_ROW_STORE(NULL, "results and sessions", mx_take_store),

	{ "Where to", 0, "mx", "one|all",
	    "One address of the provider a step, in turn (the default), or every one.", mx_take_mx },
	MX_ROW_SERVER,
	MX_ROWS_CONNECT,

	MX_ROWS_SAY,

	{ "How", 0, "format", "table|json", "How to show what happens. Default: table.",
	    take_format },
	MX_ROWS_PATIENCE,
	MX_ROWS_DNS,
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

void
mx_verify_options_init(struct mx_verify_options *options)
{
	*options = (struct mx_verify_options){ .ladder = mx_ladder_default };
	mx_check_options_init(&options->session);
}

void
mx_verify_options_clear(struct mx_verify_options *options)
{
	mx_check_options_clear(&options->session);
}
