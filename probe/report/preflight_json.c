/* preflight_json.c - every key always there, null for what was not asked. */
#include "probe/report/preflight_json.h"

#define SCHEMA "mxprobe.preflight/1"

static void
put_spf(struct mx_json_out *out, const struct mx_preflight *p)
{
	mx_json_open(out, "spf", '{');
	mx_json_string(out, "mail_from",
	    p->has_mail_from_spf ? mx_spf_result_name(p->mail_from_spf) : NULL);
	mx_json_string(
	    out, "helo", p->has_helo_spf ? mx_spf_result_name(p->helo_spf) : NULL);
	mx_json_string(out, "explanation", p->explanation);
	mx_json_close(out, '}');
}

static void
put_check(struct mx_json_out *out, const struct mx_check *check)
{
	mx_json_open(out, NULL, '{');
	mx_json_string(out, "check", check->check);
	mx_json_string(out, "result", mx_check_result_name(check->result));
	mx_json_string(out, "found", check->found);
	mx_json_string(out, "advice", check->advice);
	mx_json_close(out, '}');
}

void
mx_preflight_json(struct mx_json_out *out, const char *key, const struct mx_preflight *p)
{
	char source[MX_ADDR_TEXT];

	if (p == NULL) {
		mx_json_null(out, key);
		return;
	}
	mx_json_open(out, key, '{');
	mx_json_string(out, "schema", SCHEMA);
	mx_json_string(out, "source", mx_addr_text(&p->source, source));
	mx_json_string(out, "helo", p->helo);
	mx_json_string(out, "mail_from", p->mail_from);
	put_spf(out, p);
	mx_json_open(out, "checks", '[');
	for (size_t i = 0; i < p->checks.count; i++)
		put_check(out, &p->checks.items[i]);
	mx_json_close(out, ']');
	mx_json_close(out, '}');
}
