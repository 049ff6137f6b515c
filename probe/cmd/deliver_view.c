/* deliver_view.c - a line that tells the whole, and what it rests on below. */
#include "probe/cmd/deliver_view.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/wrap.h"

#define INDENT 2
#define WIDEST 1000000U

void
mx_deliver_view_progress(const struct mx_deliver_look *look,
    const struct mx_delivery *delivery, const char *what)
{
	if (look->is_quiet || !look->is_talkative)
		return;
	fprintf(look->err, "%s: %s\n", delivery->mailbox, what);
	(void)fflush(look->err);
}

/* text may hold anything; taken. */
static void
print(const struct mx_deliver_look *look, char *text)
{
	char *shown = mx_escape_terminal(text, strlen(text));

	fprintf(look->out, "%*s", INDENT, "");
	mx_wrap_print(
	    look->out, shown, INDENT, INDENT, look->width > 0 ? look->width : WIDEST, 0);
	free(shown);
	free(text);
}

static void
print_finding(const struct mx_deliver_look *look, const struct mx_finding *finding)
{
	char enhanced[MX_ENHANCED_TEXT];

	if (finding->text != NULL)
		print(look, mx_asprintf("said: %d %s%s%s", finding->code,
				mx_enhanced_text(&finding->enhanced, enhanced),
				finding->enhanced.klass != 0 ? " " : "", finding->text));
	if (finding->delist_url != NULL)
		print(look, mx_asprintf("see %s", finding->delist_url));
	if (finding->rule != NULL && finding->category != NULL)
		print(look,
		    mx_asprintf("what to do: mxprobe explain %s", finding->category));
}

static void
print_landing(const struct mx_deliver_look *look, const struct mx_delivery *delivery)
{
	char addr[MX_ADDR_TEXT];

	if (delivery->folder != NULL)
		print(look, mx_asprintf("in folder %s, %.1f s after it was sent%s",
				delivery->folder, (double)delivery->landed_us / 1e6,
				delivery->is_removed ? "; removed" : ""));
	if (delivery->seen_source.family != AF_UNSPEC)
		print(look, mx_asprintf("the receiver had it from %s",
				mx_addr_text(&delivery->seen_source, addr)));
	if (delivery->has_auth && *delivery->auth.server != '\0')
		print(look, mx_asprintf("judged by %s", delivery->auth.server));
}

void
mx_deliver_view_result(
    const struct mx_deliver_look *look, const struct mx_delivery *delivery)
{
	char *text =
	    look->is_json ? mx_delivery_json(delivery) : mx_delivery_summary(delivery);

	if (look->is_json)
		fprintf(look->out, "%s\n", text);
	else
		fprintf(look->out, "%s: %s\n", delivery->mailbox, text);
	free(text);
	if (!look->is_json && !look->is_quiet) {
		if (delivery->is_accepted)
			print(look, mx_asprintf("relay %s took it%s", delivery->relay,
					delivery->used_tls ? " over TLS" : ""));
		print_landing(look, delivery);
		if (delivery->has_finding)
			print_finding(look, &delivery->finding);
		if (delivery->note != NULL)
			print(look, mx_strdup(delivery->note));
	}
	(void)fflush(look->out);
}

void
mx_deliver_view_rejoined(
    const struct mx_deliver_look *look, const struct mx_rejoined *joined)
{
	if (look->is_json)
		fprintf(look->out, "%s\n", joined->json);
	else
		fprintf(look->out, "%s: %s\n", joined->mailbox, joined->summary);
}
