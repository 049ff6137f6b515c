/* verify_text.c - a line a step, a line an event, and at the end the proof. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/verify_view.h"

#define TIME_TEXT 32
#define LINE_MAX_BYTES 4096

size_t
mx_verify_addresses(const struct mx_vigil_facts *facts)
{
	return facts->addresses > facts->standing.hop_count ? facts->addresses
							    : facts->standing.hop_count;
}

/* ---- words ---- */

static const char *
moment(int64_t wall_us, char out[TIME_TEXT])
{
	time_t seconds = (time_t)(wall_us / MX_SECOND_US);
	struct tm local;

	if (localtime_r(&seconds, &local) == NULL ||
	    strftime(out, TIME_TEXT, "%Y-%m-%d %H:%M", &local) == 0)
		out[0] = '\0';
	return out;
}

/* "3 h 20 min", "5 min", "40 s". */
static const char *
span(int64_t us, char out[TIME_TEXT])
{
	long long minutes = (us + MX_MINUTE_US / 2) / MX_MINUTE_US;

	if (minutes == 0)
		snprintf(out, TIME_TEXT, "%lld s",
		    us > 0 ? (long long)((us + MX_SECOND_US - 1) / MX_SECOND_US) : 0LL);
	else if (minutes < 60)
		snprintf(out, TIME_TEXT, "%lld min", minutes);
	else if (minutes % 60 == 0)
		snprintf(out, TIME_TEXT, "%lld h", minutes / 60);
	else
		snprintf(out, TIME_TEXT, "%lld h %lld min", minutes / 60, minutes % 60);
	return out;
}

static const char *
state_word(const struct mx_vigil_facts *facts)
{
	return mx_state_name(mx_pair_state_shown(&facts->standing.pair));
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void
put_propagation(FILE *out, const struct mx_vigil_facts *facts)
{
	size_t addresses = mx_verify_addresses(facts);

	fprintf(out, "%zu of %zu address%s accept%s", facts->standing.accepting,
	    addresses, addresses == 1 ? "" : "es",
	    facts->standing.accepting == 1 ? "s" : "");
}

/* "2 accepts, 1 address more, 1 address that refused, 12 h"; false: nothing is missing. */
static bool
put_missing(FILE *out, const struct mx_vigil_facts *facts)
{
	struct mx_state_missing missing = mx_state_missing(facts->state_rules,
	    &facts->standing.pair, (unsigned)mx_verify_addresses(facts), facts->now_us);
	const char *comma = "";
	char text[TIME_TEXT];

	if (missing.accepts > 0) {
		fprintf(out, "%u accept%s", missing.accepts, plural(missing.accepts));
		comma = ", ";
	}
	if (missing.hosts > 0) {
		fprintf(out, "%s%u address%s", comma, missing.hosts,
		    missing.hosts == 1 ? "" : "es");
		comma = ", ";
	}
	if (missing.holdouts > 0) {
		fprintf(out, "%s%u that refused", comma, missing.holdouts);
		comma = ", ";
	}
	if (missing.span_us > 0) {
		fprintf(out, "%s%s", comma, span(missing.span_us, text));
		comma = ", ";
	}
	return *comma != '\0';
}

static void
put_next(FILE *out, const struct mx_vigil_facts *facts)
{
	char when[TIME_TEXT], in[TIME_TEXT];

	fprintf(out, "next step %s (in %s)", moment(facts->next.due_us, when),
	    span(facts->next.due_us - facts->now_us, in));
}

/* Remote bytes, safe and no longer than the terminal is wide. */
static void
put_line(const struct mx_verify_look *look, const char *text)
{
	char *safe = mx_escape_terminal(text, strlen(text));
	size_t len = strlen(safe), most = look->width > 0 ? look->width : LINE_MAX_BYTES;

	if (len > most) {
		len = most - 3;
		while (len > 0 && ((unsigned char)safe[len] & 0xC0) == 0x80)
			len--; /* not in the midst of a character */
		fprintf(look->out, "%.*s...\n", (int)len, safe);
	} else {
		fprintf(look->out, "%s\n", safe);
	}
	free(safe);
}

static const char *
text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* ---- on the way ---- */

void
mx_verify_text_opened(const struct mx_verify_look *look,
    const struct mx_vigil_facts *facts, bool is_resumed)
{
	const struct mx_standing_case *one = &facts->standing.one;
	char opened[TIME_TEXT];
	char *line;

	if (look->is_quiet)
		return;
	line = mx_asprintf("%s at %s%s%s%s%s%s: request of %s%s", facts->source,
	    facts->destination, facts->provider != NULL ? " (" : "",
	    facts->provider != NULL ? facts->provider->name : "",
	    facts->provider != NULL ? ")" : "", one->ticket != NULL ? ", ticket " : "",
	    one->ticket != NULL ? one->ticket : "", moment(one->opened_us, opened),
	    is_resumed ? "; going on" : "");
	put_line(look, line);
	free(line);
	fflush(look->out);
}

/* What was said, or why nothing was. */
static void
put_result(
    const struct mx_verify_look *look, const char *when, unsigned index, json_t *result)
{
	json_t *finding = json_object_get(result, "finding");
	json_t *mx = json_object_get(result, "mx");
	json_int_t code = json_integer_value(json_object_get(finding, "code"));
	bool has_mx = *text_of(mx, "address") != '\0';
	char number[16] = "";
	char *line;

	if (code > 0)
		snprintf(number, sizeof number, "%d ", (int)code);
	line = mx_asprintf("%s  step %-2u  %-11s  %s%s%s%s%s%s", when, index + 1,
	    text_of(result, "verdict"), text_of(mx, "host"), has_mx ? " " : "",
	    text_of(mx, "address"), json_is_object(finding) ? ": " : "", number,
	    json_is_object(finding) ? text_of(finding, "text") : "");
	put_line(look, line);
	free(line);
}

static void
put_event(const struct mx_verify_look *look, const struct mx_vigil_facts *facts,
    const struct mx_verify_event *event)
{
	char when[TIME_TEXT];
	char *line = mx_asprintf("%s  %s -> %s (%zu of %zu)%s%s",
	    moment(event->time_us, when), event->before, event->after,
	    facts->standing.accepting, mx_verify_addresses(facts),
	    event->why != NULL ? ": " : "", event->why != NULL ? event->why : "");

	put_line(look, line);
	free(line);
}

static void
put_outlook(const struct mx_verify_look *look, const struct mx_vigil_facts *facts)
{
	fprintf(look->out, "%18s", "");
	put_propagation(look->out, facts);
	if (facts->standing.pair.state == MX_STATE_CLEARING) {
		fputs("; missing: ", look->out);
		if (!put_missing(look->out, facts))
			fputs("nothing", look->out);
	}
	fputs("; ", look->out);
	put_next(look->out, facts);
	fputc('\n', look->out);
}

void
mx_verify_text_step(const struct mx_verify_look *look, const struct mx_vigil_facts *facts,
    const struct mx_verify_step *step)
{
	char when[TIME_TEXT];

	if (look->is_quiet)
		return;
	moment(facts->standing.last_us > 0 && step->has_session ? facts->standing.last_us
								: facts->now_us,
	    when);
	for (size_t i = 0; i < json_array_size(step->results); i++)
		put_result(look, when, step->index, json_array_get(step->results, i));
	for (size_t i = 0; i < step->event_count; i++)
		put_event(look, facts, &step->events[i]);
	if (!facts->next.is_over && facts->standing.pair.state != MX_STATE_CLEAR)
		put_outlook(look, facts);
	fflush(look->out);
}

unsigned
mx_verify_text_live(const struct mx_verify_look *look, const struct mx_vigil_facts *facts)
{
	unsigned lines = 2;
	char when[TIME_TEXT];

	fprintf(look->out, "\n%s; ", state_word(facts));
	put_propagation(look->out, facts);
	fputc('\n', look->out);
	for (size_t i = 0; i < facts->standing.hop_count; i++, lines++) {
		const struct mx_standing_hop *hop = &facts->standing.hops[i];
		char *line = mx_asprintf("  %-11s  %s  %s %s", hop->verdict,
		    moment(hop->time_us, when), hop->mx_host, hop->address);

		put_line(look, line);
		free(line);
	}
	fputs("missing for clear: ", look->out);
	(void)put_missing(look->out, facts);
	fputc('\n', look->out);
	put_next(look->out, facts);
	fputc('\n', look->out);
	fflush(look->out);
	return lines + 2;
}

/* ---- the end ---- */

/* Own mailboxes are nobody's business, wherever the proof is shown. */
static char *
redact(const char *line)
{
	const char *open = strncasecmp(line, "RCPT TO:<", 9) == 0 ? line + 9 : NULL;
	const char *at = open != NULL ? strrchr(open, '@') : NULL;

	return at != NULL ? mx_asprintf("%.*s***%s", (int)(open - line), line, at)
			  : mx_strdup(line);
}

static void
put_transcript(const struct mx_verify_look *look, json_t *result)
{
	json_t *lines = json_object_get(result, "transcript"), *one;
	size_t i;

	json_array_foreach (lines, i, one) {
		const char *from = text_of(one, "from");
		char *said = redact(text_of(one, "line"));
		char *line = mx_asprintf("  %s %s",
		    strcmp(from, "server") == 0   ? "S:"
		    : strcmp(from, "client") == 0 ? "C:"
						  : "--",
		    said);

		put_line(look, line);
		free(line);
		free(said);
	}
}

static void
put_evidence(const struct mx_verify_look *look, const char *title, const char *json)
{
	json_t *result = json != NULL ? json_loads(json, 0, NULL) : NULL;
	json_t *mx = json_object_get(result, "mx");
	char *line;

	if (result == NULL)
		return;
	line = mx_asprintf("%s: %s at %s %s, %s", title, text_of(result, "verdict"),
	    text_of(mx, "host"), text_of(mx, "address"), text_of(result, "time"));
	fputc('\n', look->out);
	put_line(look, line);
	free(line);
	put_transcript(look, result);
	json_decref(result);
}

static void
put_cleared(const struct mx_verify_look *look, const struct mx_vigil_facts *facts,
    const struct mx_proof *proof)
{
	const struct mx_standing_case *one = &facts->standing.one;
	char text[TIME_TEXT];

	fprintf(look->out, "clear since %s", moment(one->cleared_us, text));
	fprintf(look->out, ", %s after the request",
	    span(one->cleared_us - one->opened_us, text));
	if (proof->first_block_us > 0)
		fprintf(look->out, ", %s after the first block",
		    span(one->cleared_us - proof->first_block_us, text));
	fputs("; ", look->out);
	put_propagation(look->out, facts);
	fputc('\n', look->out);
}

static void
put_state(const struct mx_verify_look *look, const struct mx_vigil_facts *facts)
{
	fprintf(look->out, "%s; ", state_word(facts));
	put_propagation(look->out, facts);
}

static void
put_end(const struct mx_verify_look *look, const struct mx_vigil_end *end,
    const struct mx_proof *proof)
{
	const struct mx_vigil_facts *facts = &end->facts;
	FILE *out = look->out;

	switch (end->why) {
	case MX_VIGIL_CLEARED:
		put_cleared(look, facts, proof);
		return;
	case MX_VIGIL_OUT_OF_TIME:
		fputs("out of time: ", out);
		put_state(look, facts);
		fputs(
		    ".\nAsk the provider again, and give the new ticket with --ticket.\n",
		    out);
		return;
	case MX_VIGIL_NOT_QUALIFIED:
		fputs("the provider has refused the request, no more sessions: ", out);
		put_state(look, facts);
		fputs(".\nAsk it why (mxprobe explain says what to write), and give the "
		      "new ticket with --ticket.\n",
		    out);
		return;
	case MX_VIGIL_INTERRUPTED:
	case MX_VIGIL_NOT_DUE:
		put_state(look, facts);
		fputs("; ", out);
		put_next(out, facts);
		fputs(end->why == MX_VIGIL_INTERRUPTED
			  ? ".\nStopped; the same command goes on from here.\n"
			  : ".\n",
		    out);
		return;
	case MX_VIGIL_NO_WAY:
		fprintf(out, "nothing was learned: ");
		put_line(look, end->text != NULL ? end->text : "no way to the provider");
		return;
	}
}

void
mx_verify_text_end(const struct mx_verify_look *look, const struct mx_vigil_end *end,
    const struct mx_proof *proof)
{
	if (end->why == MX_VIGIL_INTERRUPTED && end->facts.standing.one.id == 0) {
		fputs("stopped before anything was asked\n", look->out);
		return;
	}
	put_end(look, end, proof);
	if (look->is_quiet || end->why == MX_VIGIL_NOT_DUE ||
	    end->why == MX_VIGIL_INTERRUPTED)
		return;
	put_evidence(look, "Before", proof->before);
	if (end->why == MX_VIGIL_CLEARED)
		put_evidence(look, "After", proof->after);
}
