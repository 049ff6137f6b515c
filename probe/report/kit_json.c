/* kit_json.c - the kit as one object. */
#include "probe/report/finding_json.h"
#include "probe/report/kit_parts.h"

#define SCHEMA "mxprobe.delist/1"

static void
put_finding(struct mx_json_out *out, const struct mx_store_result *row)
{
	mx_json_open(out, "finding", '{');
	mx_json_string(out, "stage", row->stage);
	mx_code_json(out, "code", (int)row->code);
	mx_json_string(out, "enhanced", row->enhanced);
	mx_json_string(out, "category", row->category);
	mx_json_string(out, "list", row->list);
	mx_json_string(out, "provider_code", row->provider_code);
	mx_json_string(out, "listed_value", row->listed_value);
	mx_json_close(out, '}');
}

static void
put_identity(struct mx_json_out *out, const struct mx_kit *kit)
{
	mx_json_open(out, "identity", '[');
	for (size_t i = 0; i < kit->identity.count; i++) {
		mx_json_open(out, NULL, '{');
		mx_json_string(out, "check", kit->identity.items[i].label);
		mx_json_string(out, "found", kit->identity.items[i].value);
		mx_json_string(out, "advice", kit->identity.items[i].hint);
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

static void
put_form(struct mx_json_out *out, const struct mx_kit *kit)
{
	mx_json_open(out, "form", '[');
	for (size_t i = 0; i < kit->form.count; i++) {
		mx_json_open(out, NULL, '{');
		mx_json_string(out, "field", kit->form.items[i].label);
		mx_json_string(out, "enter", kit->form.items[i].hint);
		mx_json_string(out, "value", kit->form.items[i].value);
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

static void
put_answers(struct mx_json_out *out, const struct mx_kit *kit)
{
	mx_json_open(out, "answers", '[');
	for (size_t i = 0; i < kit->answer_count; i++) {
		const struct mx_kit_answer *answer = &kit->answers[i];

		mx_json_open(out, NULL, '{');
		mx_json_string(out, "outcome", answer->row->outcome);
		mx_json_string(out, "says", answer->says);
		mx_json_string(out, "means", answer->means);
		mx_json_string(out, "do", answer->next);
		mx_json_string(out, "reply", answer->reply);
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

static void
put_case(struct mx_json_out *out, const struct mx_store_case *one)
{
	if (one == NULL) {
		mx_json_null(out, "case");
		return;
	}
	mx_json_open(out, "case", '{');
	mx_json_string(out, "ticket", one->ticket);
	mx_json_string(out, "outcome", one->outcome);
	mx_json_time(out, "opened", one->opened_us);
	mx_json_time(out, "expected", one->expected_us);
	mx_json_time(out, "cleared", one->cleared_us);
	mx_json_close(out, '}');
}

static void
put_head(struct mx_json_out *out, const struct mx_kit *kit)
{
	const struct mx_store_result *row = kit->facts.row;

	mx_json_string(out, "schema", SCHEMA);
	mx_json_string(out, "source", row->source);
	mx_json_string(out, "listed", kit->source);
	mx_json_string(out, "destination", row->destination);
	mx_json_string(out, "provider", row->provider);
	mx_json_string(out, "mx", row->mx_host);
	mx_json_string(out, "address", row->address);
	mx_json_string(out, "helo", row->helo);
	mx_json_string(out, "mail_from", row->mail_from);
	mx_json_string(out, "state", kit->facts.state);
	mx_json_time(out, "first_seen", kit->facts.first_us);
	mx_json_time(out, "last_seen", kit->facts.last_us);
	mx_json_string(out, "result", row->id);
	put_finding(out, row);
	mx_json_string(out, "error", kit->error);
}

void
mx_kit_json(const struct mx_kit *kit, FILE *stream)
{
	struct mx_json_out out = { .stream = stream };

	mx_json_open(&out, NULL, '{');
	put_head(&out, kit);
	put_identity(&out, kit);
	mx_json_string(&out, "remedy", kit->remedy->id);
	mx_json_open(&out, "steps", '[');
	for (size_t i = 0; i < kit->steps.count; i++)
		mx_json_string(&out, NULL, kit->steps.items[i].value);
	mx_json_close(&out, ']');
	mx_json_string(&out, "url", kit->remedy->url);
	mx_json_string(&out, "delist_url", kit->facts.row->delist_url);
	put_form(&out, kit);
	mx_json_string(&out, "duration", mx_kit_in(kit, &kit->remedy->duration));
	put_answers(&out, kit);
	put_case(&out, kit->facts.request);
	mx_json_close(&out, '}');
	mx_json_end_line(&out);
}
