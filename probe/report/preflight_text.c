/* preflight_text.c - result, name of the check, what was found; below it what to change. */
#include "probe/report/preflight_text.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/wrap.h"

#define INDENT 2
#define RESULT_WIDTH 9 /* "unknown  " */
#define NAME_WIDTH 15  /* "spf_mail_from  " */
#define TEXT_AT (INDENT + RESULT_WIDTH + NAME_WIDTH)
#define FOUND_LINES 4 /* JSON shows the whole */
#define ADVICE_LINES 8
#define SUMMARY_MAX 2048

static const char dnsbl[] = "dnsbl:";

/* SGR parameters. */
static const char *const colors[MX_CHECK_RESULT_COUNT] = {
	[MX_CHECK_PASS] = "32",
	[MX_CHECK_WARN] = "33",
	[MX_CHECK_FAIL] = "31",
	[MX_CHECK_UNKNOWN] = "35",
};

struct print {
	FILE *out;
	const struct mx_report_options *options;
};

static bool
is_dnsbl(const struct mx_check *check)
{
	return strncmp(check->check, dnsbl, sizeof dnsbl - 1) == 0;
}

static bool
is_trouble(enum mx_check_result result)
{
	return result == MX_CHECK_WARN || result == MX_CHECK_FAIL;
}

static char *
escaped(const char *text)
{
	return mx_escape_terminal(text, strlen(text));
}

static void
print_text(const struct print *p, unsigned from, const char *text, unsigned most)
{
	char *safe = escaped(text);

	mx_wrap_print(p->out, safe, from, TEXT_AT, p->options->width, most);
	free(safe);
}

/* The name goes over its column where it must (a blocklist's zone), and the text below it. */
static void
print_row(const struct print *p, enum mx_check_result result, const char *check,
    const char *found, const char *advice)
{
	const char *word = mx_check_result_name(result);
	char *name = escaped(check);
	unsigned columns = (unsigned)mx_text_columns(name);

	fprintf(p->out, "%*s", INDENT, "");
	if (p->options->color)
		fprintf(p->out, "\033[%sm%s\033[0m%*s", colors[result], word,
		    (int)(RESULT_WIDTH - strlen(word)), "");
	else
		fprintf(p->out, "%-*s", RESULT_WIDTH, word);
	fputs(name, p->out);
	free(name);
	if (found == NULL && advice == NULL) {
		fputc('\n', p->out);
		return;
	}
	if (columns + 1 < NAME_WIDTH)
		fprintf(p->out, "%*s", (int)(NAME_WIDTH - columns), "");
	else
		fprintf(p->out, "\n%*s", TEXT_AT, "");
	if (found != NULL)
		print_text(p, TEXT_AT, found, FOUND_LINES);
	if (found != NULL && advice != NULL)
		fprintf(p->out, "%*s", TEXT_AT, "");
	if (advice != NULL)
		print_text(p, TEXT_AT, advice, ADVICE_LINES);
}

/* "12 lists without an entry: zen.spamhaus.org, ..."; who is one of many hundred interests few. */
static void
print_clean_lists(const struct print *p, const struct mx_checks *checks)
{
	struct mx_buf zones;
	size_t count = 0;
	char *names, *text;

	mx_buf_init(&zones, (size_t)64 * 1024);
	for (size_t i = 0; i < checks->count; i++) {
		const struct mx_check *check = &checks->items[i];

		if (!is_dnsbl(check) || check->result != MX_CHECK_PASS)
			continue;
		(void)mx_buf_addf(&zones, "%s%s", count > 0 ? ", " : "",
		    check->check + sizeof dnsbl - 1);
		count++;
	}
	names = mx_buf_take(&zones);
	text = mx_asprintf(
	    "%zu list%s without an entry: %s", count, count == 1 ? "" : "s", names);
	if (count > 0)
		print_row(p, MX_CHECK_PASS, "dnsbl", text, NULL);
	free(names);
	free(text);
}

static bool
is_unknown_list(const struct mx_check *check)
{
	return is_dnsbl(check) && check->result == MX_CHECK_UNKNOWN &&
	       check->found != NULL;
}

/* The same reason and advice for this and all later lists, which are told in one row. */
static void
print_alike(const struct print *p, const struct mx_checks *checks, size_t first)
{
	const struct mx_check *check = &checks->items[first];
	struct mx_buf zones;
	size_t count = 0;
	char *names, *text;

	mx_buf_init(&zones, (size_t)64 * 1024);
	for (size_t i = first; i < checks->count; i++) {
		if (!is_unknown_list(&checks->items[i]) ||
		    strcmp(checks->items[i].found, check->found) != 0)
			continue;
		(void)mx_buf_addf(&zones, "%s%s", count > 0 ? ", " : "",
		    checks->items[i].check + sizeof dnsbl - 1);
		count++;
	}
	names = mx_buf_take(&zones);
	text = mx_asprintf("%zu lists, %s: %s", count, check->found, names);
	if (count == 1)
		print_row(p, check->result, check->check, check->found, check->advice);
	else
		print_row(p, check->result, "dnsbl", text, check->advice);
	free(names);
	free(text);
}

/* Why a list tells nothing matters: each reason has a remedy of its own. */
static void
print_unknown_lists(const struct print *p, const struct mx_checks *checks)
{
	for (size_t i = 0; i < checks->count; i++) {
		size_t k = 0;

		if (!is_unknown_list(&checks->items[i]))
			continue;
		while (k < i &&
		       !(is_unknown_list(&checks->items[k]) &&
			   strcmp(checks->items[k].found, checks->items[i].found) == 0))
			k++;
		if (k == i)
			print_alike(p, checks, i);
	}
}

static void
print_headline(const struct print *p, const struct mx_preflight *preflight)
{
	char source[MX_ADDR_TEXT], *helo, *from, *text;

	helo = escaped(preflight->helo != NULL ? preflight->helo : "");
	from = preflight->mail_from != NULL ? escaped(preflight->mail_from) : NULL;
	text = mx_asprintf("%s, HELO %s, %s%s%s",
	    mx_addr_text(&preflight->source, source), *helo != '\0' ? helo : "\"\"",
	    from != NULL ? "sender <" : "no sender given", from != NULL ? from : "",
	    from != NULL ? ">" : "");
	mx_wrap_print(p->out, text, 0, INDENT, p->options->width, 0);
	free(helo);
	free(from);
	free(text);
}

void
mx_preflight_print(FILE *out, const struct mx_preflight *preflight,
    const struct mx_report_options *options, enum mx_preflight_part part)
{
	struct print p = { out, options };
	const struct mx_checks *checks = &preflight->checks;

	print_headline(&p, preflight);
	for (size_t i = 0; i < checks->count; i++) {
		const struct mx_check *check = &checks->items[i];

		if (is_trouble(check->result) ||
		    (part == MX_PREFLIGHT_ALL && !is_dnsbl(check)))
			print_row(&p, check->result, check->check, check->found,
			    part == MX_PREFLIGHT_BRIEF ? NULL : check->advice);
	}
	if (part != MX_PREFLIGHT_ALL)
		return;
	print_clean_lists(&p, checks);
	print_unknown_lists(&p, checks);
}

static void
add_names(
    struct mx_buf *text, const struct mx_checks *checks, enum mx_check_result result)
{
	const char *comma = "";

	if (mx_checks_count(checks, result) == 0)
		return;
	(void)mx_buf_addf(
	    text, "%s%s: ", text->len > 0 ? "; " : "", mx_check_result_name(result));
	for (size_t i = 0; i < checks->count; i++)
		if (checks->items[i].result == result) {
			(void)mx_buf_addf(text, "%s%s", comma, checks->items[i].check);
			comma = ", ";
		}
}

char *
mx_preflight_summary(const struct mx_preflight *preflight)
{
	struct mx_buf text;

	mx_buf_init(&text, SUMMARY_MAX);
	add_names(&text, &preflight->checks, MX_CHECK_FAIL);
	add_names(&text, &preflight->checks, MX_CHECK_WARN);
	if (text.len > 0)
		return mx_buf_take(&text);
	mx_buf_clear(&text);
	return NULL;
}
