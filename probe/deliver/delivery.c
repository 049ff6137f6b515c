/* delivery.c - the words for a delivery, for people and for programs. */
#include "probe/deliver/delivery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/report/finding_json.h"
#include "probe/report/json_text.h"
#include "probe/report/report.h"

#define SCHEMA "mxprobe.delivery/1"
#define SUMMARY_MAX 512U

/* clang-format off */
static const struct {
	const char *name, *words;
} places[MX_LANDED_COUNT] = {
	[MX_LANDED_UNKNOWN]   = { NULL,        "accepted by the relay" },
	[MX_LANDED_INBOX]     = { "inbox",     "delivered to the inbox" },
	[MX_LANDED_JUNK]      = { "junk",      "delivered to junk" },
	[MX_LANDED_ELSEWHERE] = { "elsewhere", "delivered, but not to the inbox" },
	[MX_LANDED_NOT_FOUND] = { "not_found", "accepted by the relay, and not found" },
};
/* clang-format on */

const char *
mx_landed_name(enum mx_landed landed)
{
	return places[landed].name;
}

void
mx_delivery_clear(struct mx_delivery *delivery)
{
	if (delivery->has_finding)
		mx_finding_clear(&delivery->finding);
	free(delivery->group);
	free(delivery->note);
	free(delivery->folder);
	*delivery = (struct mx_delivery){ 0 };
}

/* ---- one line ---- */

static void
add_refusal(const struct mx_delivery *delivery, struct mx_buf *out)
{
	const struct mx_finding *finding = &delivery->finding;
	char enhanced[MX_ENHANCED_TEXT];

	(void)mx_buf_addf(out, "%s%s", delivery->bounced_us != 0 ? "bounced: " : "",
	    mx_verdict_name(delivery->verdict));
	if (!delivery->has_finding)
		return;
	if (finding->stage < MX_STAGE_COUNT && delivery->bounced_us == 0)
		(void)mx_buf_addf(out, " at %s", mx_stage_name(finding->stage));
	if (finding->code != 0)
		(void)mx_buf_addf(out, ", %d", finding->code);
	if (finding->enhanced.klass != 0)
		(void)mx_buf_addf(
		    out, " %s", mx_enhanced_text(&finding->enhanced, enhanced));
	if (finding->category != NULL)
		(void)mx_buf_addf(out, " (%s)", finding->category);
}

static void
add_result(struct mx_buf *out, const char *method, const char *result, const char *before)
{
	if (*result != '\0')
		(void)mx_buf_addf(out, "%s%s=%s", before, method, result);
}

char *
mx_delivery_summary(const struct mx_delivery *delivery)
{
	const struct mx_auth_results *auth = &delivery->auth;
	struct mx_buf out;

	mx_buf_init(&out, SUMMARY_MAX);
	if (delivery->verdict == MX_V_ACCEPTED)
		(void)mx_buf_addstr(&out, places[delivery->landed].words);
	else
		add_refusal(delivery, &out);
	if (delivery->has_auth) {
		add_result(&out, "spf", auth->spf, "; ");
		add_result(&out, "dkim", auth->dkim, *auth->spf != '\0' ? " " : "; ");
		add_result(&out, "dmarc", auth->dmarc,
		    *auth->spf != '\0' || *auth->dkim != '\0' ? " " : "; ");
	}
	return mx_buf_take(&out);
}

/* ---- JSON ---- */

static const char *
filled(const char *text)
{
	return *text != '\0' ? text : NULL;
}

static void
put_finding(struct mx_json_out *out, const struct mx_delivery *delivery)
{
	const struct mx_finding *finding = &delivery->finding;

	if (!delivery->has_finding) {
		mx_json_null(out, "finding");
		return;
	}
	mx_json_open(out, "finding", '{');
	mx_finding_json_head(out, finding);
	mx_json_string(out, "text", finding->text);
	mx_finding_json_tail(out, finding);
	mx_json_close(out, '}');
}

static void
put_auth(struct mx_json_out *out, const struct mx_delivery *delivery)
{
	const struct mx_auth_results *auth = &delivery->auth;

	if (!delivery->has_auth) {
		mx_json_null(out, "authentication");
		return;
	}
	mx_json_open(out, "authentication", '{');
	mx_json_string(out, "server", filled(auth->server));
	mx_json_string(out, "spf", filled(auth->spf));
	mx_json_string(out, "dkim", filled(auth->dkim));
	mx_json_string(out, "dmarc", filled(auth->dmarc));
	mx_json_close(out, '}');
}

static void
put_landing(struct mx_json_out *out, const struct mx_delivery *delivery)
{
	char addr[MX_ADDR_TEXT];
	bool is_found = delivery->folder != NULL;

	mx_json_string(out, "landed", mx_landed_name(delivery->landed));
	mx_json_string(out, "folder", delivery->folder);
	if (is_found)
		mx_json_real(out, "landed_after_s", (double)delivery->landed_us / 1e6);
	else
		mx_json_null(out, "landed_after_s");
	put_auth(out, delivery);
	mx_json_string(out, "seen_source",
	    delivery->seen_source.family != AF_UNSPEC
		? mx_addr_text(&delivery->seen_source, addr)
		: NULL);
	mx_json_boolean(out, "removed", delivery->is_removed);
}

static void
put_members(struct mx_json_out *out, const struct mx_delivery *delivery)
{
	char *summary = mx_delivery_summary(delivery);

	mx_json_string(out, "schema", SCHEMA);
	mx_json_string(out, "id", delivery->id);
	mx_json_time(out, "time", delivery->time_us);
	mx_json_string(out, "mailbox", delivery->mailbox);
	mx_json_string(
	    out, "provider", delivery->provider != NULL ? delivery->provider->id : NULL);
	mx_json_string(out, "group", delivery->group);
	mx_json_string(out, "mail_from", delivery->mail_from);
	mx_json_string(out, "relay", delivery->relay);
	mx_json_boolean(out, "tls", delivery->used_tls);
	mx_json_boolean(out, "accepted", delivery->is_accepted);
	mx_json_boolean(out, "in_doubt", delivery->in_doubt);
	mx_json_string(out, "verdict", mx_verdict_name(delivery->verdict));
	put_finding(out, delivery);
	put_landing(out, delivery);
	mx_json_time(out, "bounced", delivery->bounced_us);
	mx_json_string(out, "summary", summary);
	mx_json_string(out, "note", delivery->note);
	free(summary);
}

char *
mx_delivery_json(const struct mx_delivery *delivery)
{
	struct mx_json_text json;

	mx_json_text_begin(&json);
	put_members(&json.out, delivery);
	return mx_json_text_take(&json);
}

/* ---- what it weighs ---- */

/* In junk nobody reads it: that is no yes. Lost is not known. */
int
mx_delivery_status(const struct mx_delivery *delivery)
{
	struct mx_exit_tally tally = { 0 };
	int status;

	tally.verdicts[delivery->verdict] = tally.results = 1;
	status = mx_exit_tally_status(&tally);
	if (status != 0)
		return status;
	if (delivery->landed == MX_LANDED_JUNK)
		return 2;
	if (delivery->landed == MX_LANDED_NOT_FOUND)
		return 3;
	return delivery->landed == MX_LANDED_UNKNOWN && delivery->note != NULL ? 3 : 0;
}

int
mx_delivery_worse(int status, int other)
{
	static const int worst_first[] = { 4, 1, 2, 3 };

	for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++)
		if (status == worst_first[i] || other == worst_first[i])
			return worst_first[i];
	return 0;
}
