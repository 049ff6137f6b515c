/* history_rows.c - one table of columns for CSV; JSON has the shape of a result. */
#include "probe/report/history_rows.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/report/json_out.h"

/* ---- CSV ---- */

#define TEXT(name)                                            \
	{                                                     \
#name, offsetof(struct mx_store_result, name) \
	}

/* Behind "time"; "code" and "confidence", which are numbers, stand in front of the texts. */
/* clang-format off */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	TEXT(id), TEXT(source), TEXT(group), TEXT(provider), TEXT(destination), TEXT(mx_host), TEXT(address),
	TEXT(helo), TEXT(mail_from), TEXT(rcpt), TEXT(depth), TEXT(reached), TEXT(verdict), TEXT(stage),
	TEXT(enhanced), TEXT(category), TEXT(about), TEXT(permanence), TEXT(authority), TEXT(list),
	TEXT(provider_code), TEXT(listed_value), TEXT(delist_url), TEXT(rule), TEXT(remedy),
	TEXT(seen_source), TEXT(text), TEXT(note),
};
/* clang-format on */
#define TEXTS (sizeof texts / sizeof *texts)

static const char *
text_of(const struct mx_store_result *row, size_t column)
{
	const char *text;

	memcpy(&text, (const char *)row + texts[column].offset, sizeof text);
	return text;
}

/* What a spreadsheet runs instead of showing it begins so. */
static bool
is_formula(const char *text)
{
	return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

/* Remote text may hold anything: it becomes UTF-8, and quoted where it must be. */
static void
put_csv(FILE *stream, const char *text)
{
	char *clean;

	fputc(',', stream);
	if (text == NULL)
		return;
	clean = mx_escape_utf8(text, strlen(text));
	if (!is_formula(clean) && strpbrk(clean, ",\"\r\n'") == NULL) {
		fputs(clean, stream);
		free(clean);
		return;
	}
	fputc('"', stream);
	if (is_formula(clean))
		fputc('\'', stream);
	for (const char *at = clean; *at != '\0'; at++) {
		if (*at == '"')
			fputc('"', stream);
		fputc(*at, stream);
	}
	fputc('"', stream);
	free(clean);
}

void
mx_history_csv_head(FILE *stream)
{
	fputs("time,code,confidence", stream);
	for (size_t i = 0; i < TEXTS; i++)
		fprintf(stream, ",%s", texts[i].name);
	fputs("\r\n", stream);
}

void
mx_history_csv(FILE *stream, const struct mx_store_result *row)
{
	char when[MX_CLOCK_TEXT];

	fprintf(stream, "%s,", mx_clock_format(row->time_us, when));
	if (row->code != 0)
		fprintf(stream, "%lld", (long long)row->code);
	fputc(',', stream);
	if (row->category != NULL)
		fprintf(stream, "%g", row->confidence);
	for (size_t i = 0; i < TEXTS; i++)
		put_csv(stream, text_of(row, i));
	fputs("\r\n", stream);
}

/* ---- JSON ---- */

static void
put_finding(struct mx_json_out *out, const struct mx_store_result *row)
{
	if (row->category == NULL) {
		mx_json_null(out, "finding");
		return;
	}
	mx_json_open(out, "finding", '{');
	mx_json_string(out, "stage", row->stage);
	if (row->code != 0)
		mx_json_integer(out, "code", row->code);
	else
		mx_json_null(out, "code");
	mx_json_string(out, "enhanced", row->enhanced);
	mx_json_string(out, "text", row->text);
	mx_json_string(out, "category", row->category);
	mx_json_string(out, "about", row->about);
	mx_json_string(out, "permanence", row->permanence);
	mx_json_string(out, "authority", row->authority);
	mx_json_string(out, "list", row->list);
	mx_json_string(out, "provider_code", row->provider_code);
	mx_json_string(out, "listed_value", row->listed_value);
	mx_json_string(out, "delist_url", row->delist_url);
	mx_json_string(out, "rule", row->rule);
	mx_json_real(out, "confidence", row->confidence);
	mx_json_string(out, "remedy", row->remedy);
	mx_json_close(out, '}');
}

void
mx_history_json(FILE *stream, const struct mx_store_result *row)
{
	struct mx_json_out out = { .stream = stream };

	mx_json_open(&out, NULL, '{');
	mx_json_string(&out, "schema", "mxprobe.history/1");
	mx_json_string(&out, "id", row->id);
	mx_json_time(&out, "time", row->time_us);
	mx_json_string(&out, "source", row->source);
	mx_json_string(&out, "helo", row->helo);
	mx_json_string(&out, "mail_from", row->mail_from);
	mx_json_string(&out, "rcpt", row->rcpt);
	mx_json_string(&out, "destination", row->destination);
	mx_json_string(&out, "provider", row->provider);
	mx_json_string(&out, "group", row->group);
	mx_json_open(&out, "mx", '{');
	mx_json_string(&out, "host", row->mx_host);
	mx_json_string(&out, "address", row->address);
	mx_json_close(&out, '}');
	mx_json_string(&out, "depth", row->depth);
	mx_json_string(&out, "reached", row->reached);
	mx_json_string(&out, "seen_source", row->seen_source);
	mx_json_string(&out, "verdict", row->verdict);
	put_finding(&out, row);
	mx_json_string(&out, "note", row->note);
	mx_json_close(&out, '}');
	mx_json_end_line(&out);
}

void
mx_history_event_json(FILE *stream, const struct mx_store_event *event)
{
	struct mx_json_out out = { .stream = stream };

	mx_json_open(&out, NULL, '{');
	mx_json_string(&out, "schema", "mxprobe.event/1");
	mx_json_time(&out, "time", event->time_us);
	mx_json_string(&out, "source", event->source);
	mx_json_string(&out, "group", event->group);
	mx_json_string(&out, "provider", event->provider);
	mx_json_string(&out, "old_state", event->old_state);
	mx_json_string(&out, "new_state", event->new_state);
	mx_json_string(&out, "why", event->why);
	mx_json_string(&out, "result", event->result);
	mx_json_close(&out, '}');
	mx_json_end_line(&out);
}
