/* classify_options.c - one row and one take function per option. */
#include "probe/cmd/classify_options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

static enum mx_err
take_input(void *into, const char *value, struct mx_error *err)
{
	static const char *const inputs[] = {
		[MX_INPUT_AUTO] = "auto",
		[MX_INPUT_BARE] = "bare",
		[MX_INPUT_NDJSON] = "ndjson",
		[MX_INPUT_LOG] = "log",
		[MX_INPUT_BOUNCE] = "bounce",
	};
	struct mx_classify_options *o = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice(
	    "--input", value, inputs, sizeof inputs / sizeof *inputs, &index, err);

	o->input = (enum mx_classify_input)index;
	return code;
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const formats[] = { "table", "json" };
	struct mx_classify_options *o = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 2, &index, err);

	o->format = formats[index];
	return code;
}

bool
mx_classify_stage(const char *word, enum mx_stage *out)
{
	static const struct {
		const char *word;
		enum mx_stage stage;
	} others[] = {
		{ "helo", MX_STAGE_EHLO },
		{ "greeting", MX_STAGE_BANNER },
		{ "mail from", MX_STAGE_MAIL },
		{ "mail_from", MX_STAGE_MAIL },
		{ "rcpt to", MX_STAGE_RCPT },
		{ "rcpt_to", MX_STAGE_RCPT },
		{ "post-data", MX_STAGE_EOD },
		{ "end of data", MX_STAGE_EOD },
		{ "end-of-data", MX_STAGE_EOD },
	};

	for (int i = 0; i < MX_STAGE_COUNT; i++)
		if (strcasecmp(word, mx_stage_name((enum mx_stage)i)) == 0) {
			*out = (enum mx_stage)i;
			return true;
		}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcasecmp(word, others[i].word) == 0) {
			*out = others[i].stage;
			return true;
		}
	return false;
}

static enum mx_err
take_stage(void *into, const char *value, struct mx_error *err)
{
	static const char *const names[] = { "connect", "banner", "ehlo", "starttls",
		"tls", "mail", "rcpt", "data", "eod", "quit" };
	struct mx_classify_options *o = into;
	size_t index;

	if (mx_classify_stage(value, &o->stage))
		return MX_OK;
	return mx_value_choice(
	    "--stage", value, names, sizeof names / sizeof *names, &index, err);
}

static enum mx_err
take_source(void *into, const char *value, struct mx_error *err)
{
	struct mx_classify_options *o = into;
	char *shown;

	if (mx_addr_parse(value, &o->source))
		return MX_OK;
	shown = mx_escape_terminal(value, strlen(value));
	mx_error_set(
	    err, MX_ERR_USAGE, "--source: \"%.60s\" is not an IP address", shown);
	free(shown);
	return MX_ERR_USAGE;
}

#define TAKE_WORD(name)                                             \
	static enum mx_err take_##name(                             \
	    void *into, const char *value, struct mx_error *err)    \
	{                                                           \
		(void)err;                                          \
		((struct mx_classify_options *)into)->name = value; \
		return MX_OK;                                       \
	}
/* clang-format off */
TAKE_WORD(mx_host)
TAKE_WORD(helo)
TAKE_WORD(mail_from)
TAKE_WORD(rcpt)
TAKE_WORD(provider)
TAKE_WORD(unknown_out)

const struct mx_option mx_classify_option_rows[] = {
	{ "Input and output", 'i', "input", "auto|bare|ndjson|log|bounce",
	    "What the input is. Default auto: its first bytes tell.", take_input },
	{ NULL, 'f', "format", "table|json",
	    "json prints one object a line, in the input's order. Default table.", take_format },
	{ NULL, 0, "unknown-out", "FILE",
	    "Write the replies that no rule knows here, without addresses, names and ids, counted.",
	    take_unknown_out },
	{ "What the input does not say itself", 0, "stage", "STAGE",
	    "Where in the session it was said: connect, banner, ehlo, starttls, tls, mail, rcpt, data, "
	    "eod or quit.", take_stage },
	{ NULL, 0, "mx-host", "HOST", "Who said it.", take_mx_host },
	{ NULL, 0, "provider", "ID", "Who said it, as a provider of the taxonomy.", take_provider },
	{ NULL, 0, "source", "IP", "The address it was said to.", take_source },
	{ NULL, 0, "helo", "NAME", "The HELO name of the session.", take_helo },
	{ NULL, 0, "mail-from", "ADDRESS", "Its sender.", take_mail_from },
	{ NULL, 0, "rcpt", "ADDRESS", "Its recipient.", take_rcpt },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

void
mx_classify_options_init(struct mx_classify_options *options)
{
	*options =
	    (struct mx_classify_options){ .format = "table", .stage = MX_STAGE_COUNT };
}

void
mx_classify_options_clear(struct mx_classify_options *options)
{
	free(options->files);
	options->files = NULL;
}

enum mx_err
mx_classify_operand(void *into, const char *word, struct mx_error *err)
{
	struct mx_classify_options *o = into;

	(void)err;
	o->files = mx_grow(o->files, o->file_count, sizeof *o->files);
	o->files[o->file_count++] = word;
	return MX_OK;
}
