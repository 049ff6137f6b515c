/* plan.c - dry runs, for people and for programs. */
#include "probe/report/plan.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/report/json_out.h"

#define SCHEMA "mxprobe.plan/1"

void
mx_plan_line(FILE *out, const struct mx_result *visit, const char *why_not)
{
	char source[MX_ADDR_TEXT], address[MX_ADDR_TEXT];
	char *host = mx_escape_terminal(visit->mx_host, strlen(visit->mx_host));

	fprintf(out, "%s > %s: %s [%s] up to %s: %s\n",
	    mx_addr_text(&visit->source, source), visit->destination, host,
	    mx_addr_text_port(&visit->address, address), mx_stage_name(visit->depth),
	    why_not != NULL ? why_not : "now");
	free(host);
}

void
mx_plan_json(FILE *stream, const struct mx_result *visit, const char *why_not)
{
	struct mx_json_out out = { .stream = stream };
	char text[MX_ADDR_TEXT];

	mx_json_open(&out, NULL, '{');
	mx_json_string(&out, "schema", SCHEMA);
	mx_json_string(&out, "source", mx_addr_text(&visit->source, text));
	mx_json_string(&out, "destination", visit->destination);
	mx_json_string(
	    &out, "provider", visit->provider != NULL ? visit->provider->id : NULL);
	mx_json_string(&out, "group", visit->group);
	mx_json_string(&out, "mx_host", visit->mx_host);
	mx_json_string(&out, "address", mx_addr_text(&visit->address, text));
	mx_json_integer(&out, "port", visit->address.port);
	mx_json_string(&out, "depth", mx_stage_name(visit->depth));
	mx_json_string(&out, "helo", visit->helo);
	mx_json_string(&out, "mail_from", visit->mail_from);
	mx_json_string(&out, "rcpt", visit->rcpt);
	mx_json_boolean(&out, "now", why_not == NULL);
	mx_json_string(&out, "why_not", why_not);
	mx_json_close(&out, '}');
	mx_json_end_line(&out);
}
