/* evidence.c - a list of remarks, each printed only where there is something to say. */
#include "probe/report/evidence.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/enhanced.h"
#include "probe/report/preflight_text.h"
#include "probe/report/tls_words.h"
#include "probe/report/words.h"
#include "probe/report/wrap.h"

#define LABEL 9       /* columns of "delist   " */
#define TEXT_LINES 12 /* of a reply; JSON shows the whole */

struct evidence {
	FILE *out;
	const struct mx_report_options *options;
	const struct mx_result *result;
};

/* text is safe to show. */
static void
print(const struct evidence *e, const char *text, unsigned more_indent, unsigned most)
{
	fprintf(e->out, "%*s", MX_EVIDENCE_INDENT, "");
	mx_wrap_print(e->out, text, MX_EVIDENCE_INDENT, MX_EVIDENCE_INDENT + more_indent,
	    e->options->width, most);
}

/* "label    TEXT"; values of any origin are escaped here. */
static void
print_labelled(const struct evidence *e, const char *label, const char *value)
{
	char *safe, *text;

	if (value == NULL || *value == '\0')
		return;
	safe = mx_escape_terminal(value, strlen(value));
	text = mx_asprintf("%-*s", LABEL, label);
	fprintf(e->out, "%*s%s", MX_EVIDENCE_INDENT, "", text);
	mx_wrap_print(e->out, safe, MX_EVIDENCE_INDENT + LABEL,
	    MX_EVIDENCE_INDENT + LABEL, e->options->width, 0);
	free(text);
	free(safe);
}

/* A link that is broken over two lines is no link any more. */
static void
print_link(const struct evidence *e, const char *label, const char *url)
{
	char *safe;

	if (url == NULL)
		return;
	safe = mx_escape_terminal(url, strlen(url));
	fprintf(e->out, "%*s%-*s%s\n", MX_EVIDENCE_INDENT, "", LABEL, label, safe);
	free(safe);
}

/* "550 5.7.1 in reply to MAIL FROM (S3140)", "no reply after MAIL FROM"; nothing where the way
 * ended before a session. */
static void
print_where(const struct evidence *e, const struct mx_finding *f)
{
	char enhanced[MX_ENHANCED_TEXT] = "", *code, *head;
	bool is_placed = f->stage < MX_STAGE_COUNT; /* a bare reply from a file is not */

	if (f->code == 0 && e->result->transcript == NULL)
		return;
	if (f->code == 0) {
		head = mx_asprintf("no reply %s", mx_words_unanswered(f->stage));
		print(e, head, 2, 0);
		free(head);
		return;
	}
	mx_enhanced_text(&f->enhanced, enhanced);
	code = f->provider_code != NULL
		   ? mx_escape_terminal(f->provider_code, strlen(f->provider_code))
		   : mx_strdup("");
	head = mx_asprintf("%03d%s%s%s%s%s%s%s", f->code, *enhanced != '\0' ? " " : "",
	    enhanced, is_placed ? " " : "", is_placed ? mx_words_replied(f->stage) : "",
	    *code != '\0' ? " (" : "", code, *code != '\0' ? ")" : "");
	print(e, head, 2, 0);
	free(head);
	free(code);
}

/* Remote bytes stand in quotes, our own words for a lost connection do not. */
static void
print_said(const struct evidence *e, const struct mx_finding *f)
{
	char *safe, *text;

	if (f->text == NULL || *f->text == '\0')
		return;
	safe = mx_escape_terminal(f->text, strlen(f->text));
	text = f->code != 0 ? mx_asprintf("\"%s\"", safe) : mx_strdup(safe);
	print(e, text, f->code != 0 ? 1 : 0, TEXT_LINES);
	free(text);
	free(safe);
}

static void
print_meaning(const struct evidence *e, const struct mx_finding *f)
{
	const struct mx_category *category = NULL;
	char *text;

	/* Where no reply was judged, "unknown" would only puzzle. */
	if (f->category == NULL || (f->code == 0 && strcmp(f->category, "unknown") == 0))
		return;
	if (e->options->catalogue != NULL)
		category = mx_catalogue_category(e->options->catalogue, f->category);
	text = mx_asprintf("%s%s%s", f->category,
	    category != NULL && category->en != NULL ? ": " : "",
	    category != NULL && category->en != NULL ? category->en : "");
	print_labelled(e, "means", text);
	free(text);
}

/* "Outlook.com block list, kept by Microsoft, names 203.0.113.5". */
static void
print_list(const struct evidence *e, const struct mx_finding *f)
{
	bool is_kept =
	    f->list != NULL && f->authority != NULL && strcmp(f->list, f->authority) != 0;
	const char *name = f->list != NULL ? f->list : f->authority;
	char *text;

	if (name == NULL) {
		print_labelled(e, "about", f->listed_value);
		return;
	}
	text = mx_asprintf("%s%s%s%s%s", name, is_kept ? ", kept by " : "",
	    is_kept ? f->authority : "", f->listed_value != NULL ? ", names " : "",
	    f->listed_value != NULL ? f->listed_value : "");
	print_labelled(e, f->list != NULL ? "list" : "by", text);
	free(text);
}

static void
print_rule(const struct evidence *e, const struct mx_finding *f)
{
	char *text;

	if (f->rule == NULL)
		return;
	text = mx_asprintf("%s (%.0f %% sure)", f->rule, f->confidence * 100);
	print_labelled(e, "rule", text);
	free(text);
}

static void
print_retry(const struct evidence *e, const struct mx_finding *f)
{
	char *text;

	if (f->retry_after_s < 0)
		return;
	text = mx_asprintf("in %ld s, the server says", f->retry_after_s);
	print_labelled(e, "retry", text);
	free(text);
}

static void
print_finding(const struct evidence *e)
{
	const struct mx_finding *f = &e->result->judgement.finding;

	print_where(e, f);
	print_said(e, f);
	print_meaning(e, f);
	print_list(e, f);
	print_rule(e, f);
	print_retry(e, f);
	print_link(e, "delist", f->delist_url);
}

/* Whole sentences stand as sentences, other remarks as parts of one. */
static const char *
joint(const char *before, const char *behind)
{
	if (before[strlen(before) - 1] == '.')
		return " ";
	return isupper((unsigned char)*behind) ? ". " : "; ";
}

/* An accepted row says how little that may prove. */
static void
print_accepted(const struct evidence *e)
{
	const struct mx_provider *provider = e->result->provider;
	size_t count;
	const char *const *spots = mx_words_blind_spots(provider, &count);
	char *text = mx_asprintf("up to %s", mx_words_depth(e->result->depth));

	if (!mx_words_observable(provider)) {
		free(text);
		text = mx_asprintf(
		    "up to %s, which says little here", mx_words_depth(e->result->depth));
	}
	for (size_t i = 0; i < count; i++) {
		char *longer =
		    mx_asprintf("%s%s%s", text, joint(text, spots[i]), spots[i]);

		free(text);
		text = longer;
	}
	print(e, text, 0, 0);
	free(text);
}

static void
print_tls(const struct evidence *e)
{
	char *certificate = mx_tls_words_certificate(e->result);
	char *dane = mx_tls_words_dane(e->result);

	print_labelled(e, "TLS", certificate);
	print_labelled(e, "DANE", dane);
	print_labelled(e, "MTA-STS", mx_tls_words_mta_sts(e->result));
	free(certificate);
	free(dane);
}

/* "the server saw 198.51.100.77, not 192.0.2.2"; nothing where it saw what was bound. */
static char *
seen_words(const struct mx_result *r)
{
	const struct mx_addr *named = &r->judgement.seen_source;
	bool is_void = r->judgement.verdict == MX_V_VOID;
	char seen[MX_ADDR_TEXT], bound[MX_ADDR_TEXT], declared[MX_ADDR_TEXT];

	if (named->family == AF_UNSPEC || mx_addr_equal(named, &r->source))
		return NULL;
	mx_addr_text(named, seen);
	mx_addr_text(&r->source, bound);
	if (r->seen_as.family == AF_UNSPEC)
		return is_void ? mx_asprintf("the server saw %s, not %s", seen, bound)
			       : NULL;
	mx_addr_text(&r->seen_as, declared);
	if (mx_addr_equal(named, &r->seen_as))
		return mx_asprintf("the server saw %s, as declared for %s", seen, bound);
	return is_void ? mx_asprintf(
			     "the server saw %s, neither %s nor %s, which is declared "
			     "for it",
			     seen, bound, declared)
		       : NULL;
}

static void
print_seen_source(const struct evidence *e)
{
	char *text = seen_words(e->result);

	print_labelled(e, "source", text);
	free(text);
}

/* Where identity is what the verdict is about, or what it could not see, the row says how it stands;
 * the section below the table says more. */
static void
print_identity(const struct evidence *e)
{
	const struct mx_result *r = e->result;
	bool unseen =
	    r->judgement.verdict == MX_V_ACCEPTED && !mx_words_observable(r->provider);
	char *summary;

	if (r->identity == NULL || !(unseen || r->judgement.verdict == MX_V_IDENTITY))
		return;
	summary = mx_preflight_summary(r->identity);
	print_labelled(e, "identity", summary);
	free(summary);
}

char *
mx_evidence_text(const struct mx_result *result, const struct mx_report_options *options)
{
	char *text = NULL;
	size_t len;
	struct evidence e = { NULL, options, result };

	if (options->quiet)
		return mx_strdup("");
	e.out = open_memstream(&text, &len);
	if (e.out == NULL)
		mx_out_of_memory(); /* its only failure */
	if (result->judgement.verdict == MX_V_ACCEPTED)
		print_accepted(&e);
	else if (result->judgement.has_finding)
		print_finding(&e);
	print_identity(&e);
	print_seen_source(&e);
	print_tls(&e);
	print_labelled(&e, "note", result->note);
	fclose(e.out);
	return text;
}
